// What htmx could not do, in words. The page itself stays as it is.
import { clearNotice, showExpired, showNotice } from "./session.js";

const WORDS = {
  400: "Die Angaben kamen beschädigt an. Es wurde nichts geändert.",
  403: "Dafür fehlt die Berechtigung, oder das Formular ist zu alt. Laden Sie die Seite neu, sobald Ihre Eingaben gesichert sind.",
  404: "Das gibt es nicht mehr. Laden Sie die Seite neu.",
  413: "Das ist zu groß. Senden Sie weniger Text oder kleinere Dateien.",
  429: "Zu viele Anfragen in kurzer Zeit. Warten Sie einen Augenblick.",
};

document.addEventListener("htmx:responseError", ({ detail: { xhr } }) => {
  if (xhr.status === 401) showExpired(xhr.getResponseHeader("Q-Session-Expired"));
  else showNotice(WORDS[xhr.status] ?? "Der Server hat einen Fehler gemeldet. Ihre Eingaben stehen noch im Formular. Versuchen Sie es noch einmal.");
});
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, () =>
    showNotice("Keine Verbindung zum Server. Ihre Eingaben stehen noch im Formular. Versuchen Sie es gleich noch einmal."));
}
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.successful) clearNotice("network");
});
