// Dialogs: opened by data-dialog="id". Without the dialog on the page the link simply leads on.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (dialog) {
      event.preventDefault();
      opener.closest("details.q-menu")?.removeAttribute("open");
      dialog.showModal();
    }
    return;
  }
  if (event.target.closest("[data-dialog-close]") || event.target.matches("dialog")) {
    event.target.closest("dialog")?.close();
  }
});

// Menus close when the attention goes elsewhere, and with Escape.
document.addEventListener("click", (event) => {
  document.querySelectorAll("details.q-menu[open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.removeAttribute("open");
  });
});
document.addEventListener("focusin", (event) => {
  document.querySelectorAll("details.q-menu[open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.removeAttribute("open");
  });
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.q-menu[open]");
  if (menu) {
    menu.removeAttribute("open");
    menu.querySelector("summary").focus();
  }
});
document.querySelectorAll("dialog[data-open]").forEach((dialog) => dialog.showModal());
