// Drafts on the server while typing: 2 s after the last change, and every 20 s until it has worked.
// Nothing is put into the browser's storage: the texts are about residents.
import { showExpired } from "./session.js";

const PAUSE = 2000;
const RETRY = 20000;
const known = new WeakSet();

function watch(form) {
  if (known.has(form)) return;
  known.add(form);
  const status = form.querySelector("[data-autosave-status]");
  status?.setAttribute("role", "status");
  let dirty = false;
  let running = false;
  let pause = 0;

  const say = (text) => {
    if (status && status.textContent !== text) status.textContent = text;
  };

  async function save(keepalive = false) {
    if (!dirty || running || form.dataset.sent || !form.isConnected) return;
    running = true;
    dirty = false;
    const data = new FormData(form);
    [...data].forEach(([name, value]) => value instanceof File && data.delete(name));
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST", body: data, keepalive, headers: { "X-Requested-With": "fetch" },
      });
      if (answer.ok) await saved(answer);
      else failed(answer);
    } catch {
      dirty = true;
      say("Keine Verbindung – wir versuchen es weiter");
    }
    running = false;
  }

  async function saved(answer) {
    if (answer.headers.get("Content-Type")?.includes("json")) {
      for (const [name, value] of Object.entries(await answer.json())) {
        if (form.elements[name]) form.elements[name].value = value;
      }
    }
    say(`Entwurf gespeichert ${new Date().toLocaleTimeString("de-DE", { hour: "2-digit", minute: "2-digit" })}`);
    if (!dirty) form.dispatchEvent(new CustomEvent("quartier:saved"));
  }

  function failed(answer) {
    dirty = true;
    if (answer.status === 401) showExpired(answer.headers.get("Q-Session-Expired"));
    say(answer.status === 401 ? "Sitzung abgelaufen – Entwurf noch nicht gespeichert" : "Entwurf noch nicht gespeichert – wir versuchen es weiter");
  }

  form.addEventListener("input", () => {
    dirty = true;
    clearTimeout(pause);
    pause = setTimeout(save, PAUSE);
  });
  setInterval(save, RETRY);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && save(true));
}

const watchAll = (root) => root.querySelectorAll("form[data-autosave]").forEach(watch);
document.addEventListener("htmx:load", ({ detail }) => watchAll(detail.elt.parentElement ?? document));
watchAll(document);
