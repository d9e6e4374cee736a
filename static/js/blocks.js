// Puts the chosen text block where the cursor stands. Without scripts the button sends the form and the server does it.

// Before somebody has been in a field its cursor stands at the very beginning, where nobody wants the block.
const visited = new WeakSet();
document.addEventListener("focusin", (event) => visited.add(event.target));

// The place where the server puts it: the end, or above the closing formula of a letter.
function lastPlace(field, closing) {
  const text = field.value.trimEnd();
  return closing && text.endsWith(closing) ? text.length - closing.length : field.value.length;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert-from]");
  if (!button) return;
  event.preventDefault();
  const block = document.getElementById(button.dataset.insertFrom).selectedOptions[0];
  if (!block?.dataset.text) return;
  const field = document.getElementById(button.dataset.insertInto);
  if (!visited.has(field)) {
    const place = lastPlace(field, button.dataset.insertAbove);
    field.setSelectionRange(place, place);
  }
  const before = field.value.slice(0, field.selectionStart);
  const after = field.value.slice(field.selectionEnd);
  const gap = !before || /\s$/.test(before) ? "" : "\n\n";
  const rest = after && after.trimEnd() === button.dataset.insertAbove ? "\n\n" : "";
  field.setRangeText(gap + block.dataset.text + rest, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  const language = document.getElementById(button.dataset.languageInto);
  if (language) {
    language.value = block.dataset.language;
    language.dispatchEvent(new Event("change", { bubbles: true }));
  }
  field.focus();
});
