// A filter sends on change and on submit: the same address twice must not cost two steps back.
document.addEventListener("htmx:beforeHistoryUpdate", ({ detail: { history: update } }) => {
  if (update.type === "push" && update.path === location.pathname + location.search) update.type = "replace";
});
