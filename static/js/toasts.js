// Messages stay until somebody closes them; at most three at once.
const LIMIT = 3;
const list = document.getElementById("toasts");

list.addEventListener("click", (event) => {
  if (event.target.closest("[data-toast-close]")) event.target.closest("li").remove();
});
new MutationObserver(() => {
  while (list.children.length > LIMIT) list.firstElementChild.remove();
}).observe(list, { childList: true });
