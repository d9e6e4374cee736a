// On a phone a strip of tabs is one row wider than the screen: begin where the present tab can be seen.
for (const current of document.querySelectorAll(".q-tabs [aria-current]")) {
  const strip = current.closest(".q-tabs");
  strip.scrollLeft = current.offsetLeft - strip.offsetLeft - (strip.clientWidth - current.offsetWidth) / 2;
}
