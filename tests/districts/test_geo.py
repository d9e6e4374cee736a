"""Point in polygon: borders, holes, several parts, and things that are no area."""

from types import SimpleNamespace

import pytest

from districts.geo import area_at, contains, features

SQUARE = [[6.0, 50.0], [6.4, 50.0], [6.4, 50.4], [6.0, 50.4], [6.0, 50.0]]
HOLE = [[6.1, 50.1], [6.3, 50.1], [6.3, 50.3], [6.1, 50.3], [6.1, 50.1]]
ISLAND = [[7.0, 50.0], [7.2, 50.0], [7.1, 50.2], [7.0, 50.0]]
PLAIN = {"type": "Polygon", "coordinates": [SQUARE]}
WITH_HOLE = {"type": "Polygon", "coordinates": [SQUARE, HOLE]}
PARTS = {"type": "MultiPolygon", "coordinates": [[SQUARE, HOLE], [ISLAND]]}


@pytest.mark.parametrize(
    ("lat", "lon", "expected"),
    [
        (50.2, 6.2, True),
        (50.39, 6.01, True),
        (50.5, 6.2, False),
        (50.2, 6.5, False),
        (50.0, 6.2, True),  # on a side
        (50.2, 6.4, True),
        (50.4, 6.4, True),  # in a corner
        (50.0, 6.5, False),  # on the line of a side, but beyond it
        (6.2, 50.2, False),  # latitude and longitude exchanged
    ],
)
def test_polygon(lat, lon, expected):
    assert contains(PLAIN, lat, lon) is expected


@pytest.mark.parametrize(("lat", "lon", "expected"), [(50.2, 6.2, False), (50.05, 6.2, True), (50.1, 6.2, True)])
def test_a_hole_is_outside_but_its_border_belongs(lat, lon, expected):
    assert contains(WITH_HOLE, lat, lon) is expected


@pytest.mark.parametrize(("lat", "lon", "expected"), [(50.05, 7.1, True), (50.05, 6.2, True), (50.2, 6.2, False)])
def test_several_parts(lat, lon, expected):
    assert contains(PARTS, lat, lon) is expected


def test_a_ring_need_not_repeat_its_first_corner():
    assert contains({"type": "Polygon", "coordinates": [SQUARE[:-1]]}, 50.2, 6.01) is True


def test_a_third_coordinate_is_ignored():
    assert contains({"type": "Polygon", "coordinates": [[[*corner, 12.5] for corner in SQUARE]]}, 50.2, 6.2) is True


@pytest.mark.parametrize(
    "geometry",
    [None, {}, {"type": "Point", "coordinates": [6.2, 50.2]}, {"type": "Polygon", "coordinates": []}, {"type": "X"}],
)
def test_what_is_no_area_contains_nothing(geometry):
    assert contains(geometry, 50.2, 6.2) is False


def test_the_first_area_wins_on_a_common_border():
    west = SimpleNamespace(boundary=PLAIN)
    east = SimpleNamespace(
        boundary={"type": "Polygon", "coordinates": [[[6.4, 50.0], [6.8, 50.0], [6.8, 50.4], [6.4, 50.4]]]}
    )
    nowhere = SimpleNamespace(boundary=None)
    assert area_at([nowhere, west, east], 50.2, 6.4) is west
    assert area_at([east, west], 50.2, 6.4) is east
    assert area_at([nowhere, west, east], 51.0, 6.4) is None


def test_features_are_rounded_and_leave_out_areas_without_border():
    corners = [[6.0000001, 50.0], [6.0000002, 50.0], [6.4, 50.0], [6.4, 50.4]]
    areas = [
        SimpleNamespace(pk=1, name="Ost", boundary={"type": "Polygon", "coordinates": [corners]}),
        SimpleNamespace(pk=2, name="Ohne Grenze", boundary=None),
    ]
    assert features(areas) == {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"id": 1, "name": "Ost"},
                "geometry": {"type": "MultiPolygon", "coordinates": [[[[6.0, 50.0], [6.4, 50.0], [6.4, 50.4]]]]},
            }
        ],
    }
