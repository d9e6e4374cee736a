// Arrow keys in lists marked data-list-nav: the focus walks over the first link of each row, Enter follows it.
const TEXT = "input:not([type=checkbox]), textarea, select, summary";

function links(list) {
  const rows = list.querySelectorAll(":scope > tbody > tr, :scope > li");
  return [...rows].map((row) => row.querySelector("a[href]")).filter(Boolean);
}

function listFor(target) {
  const own = target.closest?.("[data-list-nav]");
  if (own) return own;
  const resting = target === document.body || target.id === "main";
  return resting ? document.querySelector("[data-list-nav]") : null;
}

document.addEventListener("keydown", (event) => {
  if (!["ArrowDown", "ArrowUp"].includes(event.key) || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  if (event.target.matches?.(TEXT) || document.querySelector("dialog[open]")) return;
  const list = listFor(event.target);
  if (!list) return;
  const ways = links(list);
  const row = event.target.closest("tr, li");
  const here = ways.findIndex((way) => row?.contains(way));
  if (here < 0 && event.key === "ArrowUp") return;
  const next = ways[here + (event.key === "ArrowDown" ? 1 : -1)];
  if (next) {
    event.preventDefault();
    next.focus();
  }
});
