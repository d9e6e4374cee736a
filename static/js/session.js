// The notice bar, and whether the person is still signed in.
const bar = document.getElementById("notice");
let kind = "";

/** Show `text` above the page; `link` is {href, label} and opens in a new tab. `about` lets it be cleared again. */
export function showNotice(text, { about = "network", link = null } = {}) {
  kind = about;
  const words = document.createElement("span");
  words.textContent = text;
  bar.replaceChildren(words);
  if (link) {
    const anchor = document.createElement("a");
    Object.assign(anchor, { href: link.href, textContent: link.label, target: "_blank", rel: "noopener" });
    bar.append(anchor);
  }
}

export function clearNotice(about) {
  if (kind === about) {
    kind = "";
    bar.replaceChildren();
  }
}

export function showExpired(loginUrl) {
  showNotice("Ihre Sitzung ist abgelaufen. In neuem Tab anmelden, dann hier weiter. Ihre Eingaben bleiben stehen.", {
    about: "session",
    link: { href: loginUrl || "/", label: "Anmelden (neuer Tab)" },
  });
}

// Signing in again makes a new form token: the forms of this page have to learn it.
function adopt(token) {
  document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((input) => (input.value = token));
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
}

/** True while signed in; tells the person when not, or when the server cannot be reached. */
export async function sessionAlive() {
  try {
    const answer = await fetch(document.body.dataset.sessionUrl, { headers: { "X-Requested-With": "fetch" }, cache: "no-store" });
    if (answer.ok) {
      adopt((await answer.json()).token);
      return true;
    }
    if (answer.status === 401) showExpired(answer.headers.get("Q-Session-Expired"));
    else showNotice("Der Server antwortet nicht wie erwartet. Ihre Eingaben stehen noch im Formular.");
  } catch {
    showNotice("Keine Verbindung zum Server. Ihre Eingaben stehen noch im Formular.");
  }
  return false;
}

async function lookAgain() {
  if (kind !== "session" || document.visibilityState !== "visible") return;
  const answer = await fetch(document.body.dataset.sessionUrl, { cache: "no-store" }).catch(() => null);
  if (answer?.ok) {
    adopt((await answer.json()).token);
    showNotice("Sie sind wieder angemeldet und können hier weiterarbeiten.", { about: "back" });
    setTimeout(() => clearNotice("back"), 20000);
  }
}
document.addEventListener("visibilitychange", lookAgain);
window.addEventListener("focus", lookAgain);
