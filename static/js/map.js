// Maps: an extra beside the fields. Needs Leaflet (global L) and a div.q-map with data-map (see docs/interface.md).
import { showNotice } from "./session.js";

const CITY = [50.776, 6.084];

function card(properties) {
  const box = document.createElement("div");
  const name = document.createElement(properties.url ? "a" : "strong");
  name.textContent = properties.label ?? properties.name ?? "";
  if (properties.url) name.href = properties.url;
  box.append(name);
  if (properties.text) box.append(document.createElement("br"), properties.text);
  return box;
}

function pin(tone, chosen = false) {
  return L.divIcon({ className: `q-pin q-pin--${tone || "neutral"}${chosen ? " q-pin--chosen" : ""}`, iconSize: [20, 20], iconAnchor: [10, 24], popupAnchor: [0, -22] });
}

function build(place) {
  const data = JSON.parse(document.getElementById(place.dataset.map)?.textContent || "{}");
  const field = (name) => document.getElementById(place.dataset[name] || "");
  const [lat, lon, area] = [field("lat"), field("lon"), field("areaField")];
  place.setAttribute("role", "region");
  if (!place.hasAttribute("aria-label")) place.setAttribute("aria-label", "Karte");
  const map = L.map(place, { zoomControl: false, scrollWheelZoom: false, zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches });
  map.attributionControl.setPrefix(false);
  map.on("popupopen", ({ popup }) => popup.getElement().querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", "Schließen"));
  L.control.zoom({ zoomInTitle: "Vergrößern", zoomOutTitle: "Verkleinern" }).addTo(map);
  if (place.dataset.tilesUrl) L.tileLayer(place.dataset.tilesUrl, { maxZoom: 19, attribution: place.dataset.tilesAttribution }).addTo(map);

  const areas = L.geoJSON(data.polygons, {
    style: (feature) => ({ className: `q-area${feature.properties.chosen ? " q-area--chosen" : ""}` }),
    onEachFeature: (feature, layer) => {
      layer.bindTooltip(feature.properties.name ?? "", { sticky: true });
      if (!lat && feature.properties.url) layer.bindPopup(card(feature.properties));
      layer.on("click", () => lat && area && (area.value = feature.properties.id));
    },
  }).addTo(map);
  const points = L.geoJSON(data.points, {
    pointToLayer: (feature, where) => L.marker(where, { icon: pin(feature.properties.tone), title: feature.properties.label }),
    onEachFeature: (feature, layer) => layer.bindPopup(card(feature.properties)),
  }).addTo(map);

  let marker = null;
  function mark(where) {
    marker?.remove();
    marker = L.marker(where, { icon: pin("", true), title: "Gewählter Ort" }).addTo(map);
  }
  function choose(where) {
    mark(where);
    lat.value = where.lat.toFixed(6);
    lon.value = where.lng.toFixed(6);
    for (const name of ["input", "change"]) lat.dispatchEvent(new Event(name, { bubbles: true }));
  }
  function fromFields() {
    const where = [parseFloat(lat.value.replace(",", ".")), parseFloat(lon.value.replace(",", "."))];
    if (where.every(Number.isFinite)) {
      mark(where);
      return where;
    }
    return null;
  }

  const bounds = (areas.getLayers().length ? areas : points).getBounds();
  const start = lat && lon ? fromFields() : null;
  // Without streets around it a near view would show nothing but one colour.
  if (start) map.setView(start, place.dataset.tilesUrl ? 16 : 13);
  else if (bounds.isValid()) map.fitBounds(bounds, { padding: [12, 12], maxZoom: 16 });
  else map.setView(CITY, 12);
  if (!lat || !lon) return;

  map.on("click", ({ latlng }) => choose(latlng));
  [lat, lon].forEach((input) => input.addEventListener("change", ({ isTrusted }) => isTrusted && fromFields()));
  field("locate")?.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const where = L.latLng(coords.latitude, coords.longitude);
        map.setView(where, 17);
        choose(where);
      },
      () => showNotice("Ihr Standort ist nicht verfügbar. Klicken Sie auf die Karte oder beschreiben Sie den Ort in Worten.", { about: "place" }),
      { enableHighAccuracy: true, timeout: 10000 },
    );
  });
}

// A map inside closed <details> has no size yet: it is built when it is seen for the first time.
const unseen = new ResizeObserver((entries) => entries.forEach(({ target }) => {
  if (!target.offsetWidth) return;
  unseen.unobserve(target);
  build(target);
}));

function buildAll(root) {
  root.querySelectorAll(".q-map[data-map]:not(.leaflet-container)").forEach((place) => (place.offsetWidth ? build(place) : unseen.observe(place)));
}
document.addEventListener("htmx:load", ({ detail }) => buildAll(detail.elt.parentElement ?? document));
buildAll(document);
