// Asks before a page with unsaved typing is left (form[data-guard]).
const dirty = new Set();

document.addEventListener("input", ({ target }) => {
  const form = target.closest?.("form[data-guard]");
  if (form) {
    dirty.add(form);
    form.addEventListener("quartier:saved", () => dirty.delete(form), { once: true });
  }
});
window.addEventListener("beforeunload", (event) => {
  if ([...dirty].some((form) => form.isConnected && !form.dataset.sent)) event.preventDefault();
});
