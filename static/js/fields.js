// Small helps in forms: dependent parts, check all, characters left, copy.

/** The values that `name` has in this form at the moment. */
function valuesOf(form, name) {
  const values = [];
  form.querySelectorAll(`[name="${CSS.escape(name)}"]`).forEach((control) => {
    if (control.matches("[type=checkbox], [type=radio]")) {
      if (control.checked) values.push(control.value);
    } else if (control.matches("select[multiple]")) {
      values.push(...[...control.selectedOptions].map((option) => option.value));
    } else {
      values.push(control.value);
    }
  });
  return values;
}

function showDependents(root) {
  root.querySelectorAll("[data-show-if]").forEach((part) => {
    const form = part.closest("form") ?? document;
    const [name, wanted] = part.dataset.showIf.split("=");
    part.hidden = !valuesOf(form, name).some((value) => wanted.split(" ").includes(value));
  });
}

function showCount(name) {
  const ticked = document.querySelectorAll(`[name="${CSS.escape(name)}"]:checked`).length;
  document.querySelectorAll(`[data-count-of="${CSS.escape(name)}"]`).forEach((place) => (place.textContent = ticked));
}

function showRest(field) {
  let place = field.nextElementSibling;
  if (!place?.matches(".q-counter")) {
    place = document.createElement("p");
    place.className = "q-counter";
    field.after(place);
  }
  place.textContent = `Noch ${(field.maxLength - field.value.length).toLocaleString("de-DE")} Zeichen`;
}

function prepare(root) {
  showDependents(document);
  root.querySelectorAll("[data-counter][maxlength]").forEach(showRest);
}

document.addEventListener("change", (event) => {
  const control = event.target;
  if (control.dataset?.checkAll) {
    document.querySelectorAll(`[name="${CSS.escape(control.dataset.checkAll)}"]`).forEach((box) => (box.checked = control.checked));
    showCount(control.dataset.checkAll);
  } else if (control.matches("[type=checkbox][name]")) {
    showCount(control.name);
  }
  showDependents(document);
});
document.addEventListener("input", ({ target }) => {
  if (target.matches?.("[data-counter][maxlength]")) showRest(target);
});
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const label = button.querySelector(".kern-label") ?? button;
  label.textContent = "Kopiert";
});
document.addEventListener("htmx:load", ({ detail }) => prepare(detail.elt));
prepare(document);
