"""Reading boundaries of boroughs and districts from GeoJSON (WGS84). Checks everything, writes nothing."""

import json
import math
from dataclasses import dataclass
from pathlib import Path

from quartier.text import clean_text


class BoundaryError(Exception):
    """The file cannot be used; `reasons` lists every fault in German."""

    def __init__(self, reasons: list[str]):
        self.reasons = reasons
        super().__init__("\n".join(reasons))


@dataclass(frozen=True)
class Area:
    """A named area with its GeoJSON geometry; `borough` is the name of the area it lies in, if the file says so."""

    name: str
    geometry: dict
    borough: str = ""


def read_areas(path: Path, *, name: str, borough: str = "") -> list[Area]:
    """Read the features of a file; `name` and `borough` are property names.

    Raises:
        BoundaryError: no GeoJSON FeatureCollection, or faults in single features (all of them are listed).
    """
    try:
        features = list(json.loads(path.read_text(encoding="utf-8-sig"))["features"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BoundaryError([f"Keine GeoJSON-Sammlung (FeatureCollection): {error}"]) from error
    areas: list[Area] = []
    reasons: list[str] = []
    for number, feature in enumerate(features, 1):
        try:
            area = _area(feature, name, borough)
            if any(area.name == other.name for other in areas):
                raise ValueError(f"„{area.name}“ kommt zweimal vor.")
            areas.append(area)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            reasons.append(f"Fläche {number}: {error}")
    if not areas and not reasons:
        reasons.append("Die Datei enthält keine Flächen.")
    if reasons:
        raise BoundaryError(reasons)
    return areas


def _area(feature: dict, name: str, borough: str) -> Area:
    properties = feature.get("properties") or {}
    label = clean_text(str(properties.get(name) or "")).strip()
    if not label:
        raise ValueError(f"Die Eigenschaft „{name}“ fehlt.")
    if len(label) > 120:
        raise ValueError("Der Name ist länger als 120 Zeichen.")
    geometry = feature.get("geometry") or {}
    if geometry.get("type") not in {"Polygon", "MultiPolygon"}:
        raise ValueError(f"„{label}“ ist keine Fläche, sondern {geometry.get('type')}.")
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    if not polygons:
        raise ValueError(f"„{label}“ ist leer.")
    for polygon in polygons:
        for ring in polygon:
            _check_ring(label, ring)
    return Area(
        label,
        {"type": geometry["type"], "coordinates": geometry["coordinates"]},
        clean_text(str(properties.get(borough) or "")).strip() if borough else "",
    )


def _check_ring(label: str, ring: list) -> None:
    if len(ring) < 4 or list(ring[0]) != list(ring[-1]):
        raise ValueError(f"„{label}“ hat eine Grenze, die nicht geschlossen ist.")
    for lon, lat, *_ in ring:
        if not (math.isfinite(lon) and math.isfinite(lat) and -180 <= lon <= 180 and -90 <= lat <= 90):
            raise ValueError(f"„{label}“ hat Koordinaten, die nicht in Grad (WGS 84) sind: {lon}, {lat}.")
