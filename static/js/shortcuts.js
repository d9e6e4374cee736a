// Keys: one letter for a way, Ctrl+Enter to send. Single keys can be switched off in the list of keys (WCAG 2.1.4).
const OFF = "quartier-keys-off";
const SINGLE_LINE = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]";

function isOff() {
  try {
    return localStorage.getItem(OFF) === "1";
  } catch {
    return false;
  }
}

const toggle = document.querySelector("[data-keys-off]");
if (toggle) {
  toggle.checked = isOff();
  toggle.addEventListener("change", () => {
    try {
      localStorage.setItem(OFF, toggle.checked ? "1" : "0");
    } catch {
      toggle.checked = false;
    }
  });
}

function follow(key) {
  const candidates = document.querySelectorAll(`[data-shortcut="${CSS.escape(key)}"]`);
  const element = [...candidates].find((one) => one.checkVisibility()) ?? candidates[0];
  if (!element) return false;
  if (element.matches("input, textarea, select")) {
    element.focus();
    element.select?.();
  } else {
    element.click();
  }
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = document.activeElement?.closest("form");
    if (form) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[type=submit]:not([formnovalidate])"));
    }
    return;
  }
  const typing = event.target.closest?.(SINGLE_LINE);
  if (typing || event.ctrlKey || event.metaKey || isOff() || document.querySelector("dialog[open]")) return;
  if (event.key === "?") {
    document.getElementById("shortcuts")?.showModal();
    event.preventDefault();
  } else if (event.key.length === 1 && event.key !== " " && follow(event.key)) {
    event.preventDefault();
  }
});
