// Sending forms: once, visibly, and not into an expired session.
import { sessionAlive } from "./session.js";

function setBusy(form, button) {
  form.dataset.sent = "1";
  button?.setAttribute("aria-busy", "true");
}

function setFree(form) {
  delete form.dataset.sent;
  delete form.dataset.checked;
  form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
}

function isWatched(form) {
  return form.getAttribute("method")?.toLowerCase() === "post" && !("noBusy" in form.dataset) && !form.target;
}

// htmx has already prevented the default of its own forms when the event arrives here.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (event.defaultPrevented || !isWatched(form)) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  const typed = "guard" in form.dataset || "autosave" in form.dataset;
  if (typed && !form.dataset.checked) {
    event.preventDefault();
    setBusy(form, event.submitter);
    const alive = await sessionAlive();
    setFree(form);
    if (alive) {
      form.dataset.checked = "1";
      form.requestSubmit(event.submitter);
    }
    return;
  }
  setBusy(form, event.submitter);
});

const formOf = (element) => (element.matches("form") ? element : element.closest("form"));

document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, requestConfig } = event.detail;
  const form = formOf(elt);
  if (!form || requestConfig.verb === "get" || elt !== form) return;
  if (form.dataset.sent) event.preventDefault();
  else setBusy(form, requestConfig.triggeringEvent?.submitter);
});
document.addEventListener("htmx:afterRequest", ({ detail: { elt, xhr } }) => {
  const form = formOf(elt);
  // A redirect is under way: the button stays busy until the new page is there.
  if (form && elt === form && !xhr.getResponseHeader("HX-Redirect")) setFree(form);
});
// Back from the browser's memory: what was sent then can be sent again.
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(setFree));
