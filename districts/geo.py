"""Where a point lies: pure Python point in polygon over GeoJSON geometries, no geometry library at run time."""

from collections.abc import Iterable, Mapping

Ring = list[list[float]]
DIGITS = 5  # of a degree shown on a map: about one metre


def contains(geometry: Mapping | None, lat: float, lon: float) -> bool:
    """Whether a GeoJSON Polygon or MultiPolygon contains a point; borders belong to it, holes do not."""
    return any(_in_polygon(polygon, lon, lat) for polygon in polygons(geometry))


def polygons(geometry: Mapping | None) -> list[list[Ring]]:
    """The polygons of a geometry, each as rings: outline first, then holes; empty for anything that is no area."""
    if not geometry:
        return []
    if geometry.get("type") == "Polygon":
        return [geometry["coordinates"]]
    return list(geometry["coordinates"]) if geometry.get("type") == "MultiPolygon" else []


def area_at(areas: Iterable, lat: float, lon: float):
    """The first of `areas` (things with a `boundary`) that contains a point; None outside all of them."""
    return next((area for area in areas if contains(area.boundary, lat, lon)), None)


def features(areas: Iterable) -> dict:
    """Areas as a GeoJSON FeatureCollection for the map, coordinates rounded to about a metre."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"id": area.pk, "name": area.name},
                "geometry": {"type": "MultiPolygon", "coordinates": _rounded(area.boundary)},
            }
            for area in areas
            if polygons(area.boundary)
        ],
    }


def _in_polygon(rings: list[Ring], x: float, y: float) -> bool:
    if not rings:
        return False
    outline, *holes = rings
    if _on_border(outline, x, y):
        return True
    if not _inside(outline, x, y):
        return False
    return all(_on_border(hole, x, y) or not _inside(hole, x, y) for hole in holes)


def _edges(ring: Ring):
    """Sides of a ring, whether or not it repeats its first corner at the end."""
    return zip(ring, [*ring[1:], ring[0]], strict=True)


def _inside(ring: Ring, x: float, y: float) -> bool:
    """Even-odd rule: a ray to the right crosses the ring an odd number of times."""
    inside = False
    for (x1, y1, *_), (x2, y2, *_) in _edges(ring):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def _on_border(ring: Ring, x: float, y: float) -> bool:
    for (x1, y1, *_), (x2, y2, *_) in _edges(ring):
        cross = (x - x1) * (y2 - y1) - (y - y1) * (x2 - x1)
        if abs(cross) < 1e-12 and min(x1, x2) <= x <= max(x1, x2) and min(y1, y2) <= y <= max(y1, y2):
            return True
    return False


def _rounded(geometry: Mapping) -> list:
    return [[_corners(ring) for ring in polygon] for polygon in polygons(geometry)]


def _corners(ring: Ring) -> Ring:
    """Rounded corners without those that fall together, as they do where a border was surveyed finely."""
    found: Ring = []
    for x, y, *_ in ring:
        corner = [round(x, DIGITS), round(y, DIGITS)]
        if not found or corner != found[-1]:
            found.append(corner)
    return found
