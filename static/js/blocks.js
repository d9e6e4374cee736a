// Puts the chosen text block where the cursor stands. Without scripts the button sends the form and the server does it.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert-from]");
  if (!button) return;
  event.preventDefault();
  const text = document.getElementById(button.dataset.insertFrom).selectedOptions[0]?.dataset.text;
  if (!text) return;
  const field = document.getElementById(button.dataset.insertInto);
  const before = field.value.slice(0, field.selectionStart);
  const gap = !before || /\s$/.test(before) ? "" : "\n\n";
  field.setRangeText(gap + text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});
