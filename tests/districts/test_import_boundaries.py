"""`manage.py import_boundaries`: every fault named, all or nothing, the same file twice changes nothing."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from districts.models import Borough, District
from tests import make

pytestmark = pytest.mark.django_db

SQUARE = [[[6.0, 50.7], [6.1, 50.7], [6.1, 50.8], [6.0, 50.8], [6.0, 50.7]]]


def feature(name="Haaren", geometry=None, **properties):
    geometry = geometry or {"type": "Polygon", "coordinates": SQUARE}
    return {"type": "Feature", "properties": {"name": name, **properties}, "geometry": geometry}


@pytest.fixture
def run(tmp_path):
    """Run the command on features (or a raw text); returns standard output, or raises with what it said."""

    def run(kind, *features, text=None, **options):
        path = tmp_path / "areas.geojson"
        path.write_text(text or json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
        out, err = StringIO(), StringIO()
        try:
            call_command("import_boundaries", path, kind, stdout=out, stderr=err, **options)
        except CommandError as error:
            raise CommandError(f"{err.getvalue()}{error}") from error
        return out.getvalue()

    return run


def test_boroughs_are_created_redrawn_and_left_alone(run):
    assert run("boroughs", feature(), feature("Brand")) == "2 angelegt, 0 geändert.\n"
    assert run("boroughs", feature(), feature("Brand")) == "0 angelegt, 0 geändert.\n"
    several = {"type": "MultiPolygon", "coordinates": [SQUARE]}
    assert run("boroughs", feature(geometry=several)) == "0 angelegt, 1 geändert.\n"
    assert Borough.objects.get(name="Haaren").boundary == several


def test_districts_need_their_borough(run):
    make.borough(name="Mitte")
    areas = [feature("Röthgen", stadtbezirk="Mitte"), feature("Nirgendwo", stadtbezirk="Fehlt")]
    with pytest.raises(CommandError, match="„Nirgendwo“: Den Stadtbezirk „Fehlt“ gibt es nicht"):
        run("districts", *areas, borough_property="stadtbezirk")
    assert not District.objects.exists()
    assert run("districts", areas[0], borough_property="stadtbezirk") == "1 angelegt, 0 geändert.\n"
    assert District.objects.get().slug == "roethgen"
    assert run("districts", areas[0]) == "0 angelegt, 0 geändert.\n"


@pytest.mark.parametrize(
    ("features", "message"),
    [
        ([feature(""), feature()], "Fläche 1: Die Eigenschaft „name“ fehlt."),
        ([feature(geometry={"type": "Point", "coordinates": [6, 50]})], "ist keine Fläche, sondern Point."),
        ([feature(geometry={"type": "Polygon", "coordinates": [SQUARE[0][:-1]]})], "nicht geschlossen"),
        ([feature(geometry={"type": "Polygon", "coordinates": [[[3e5, 5e6]] * 4]})], "nicht in Grad"),
        ([feature(geometry={"type": "MultiPolygon", "coordinates": []})], "ist leer."),
        ([feature(), feature()], "„Haaren“ kommt zweimal vor."),
        ([feature("x" * 121)], "länger als 120 Zeichen"),
        ([], "enthält keine Flächen"),
    ],
)
def test_faults_are_named_and_nothing_is_kept(run, features, message):
    with pytest.raises(CommandError, match=message):
        run("boroughs", *features)
    assert not Borough.objects.exists()


@pytest.mark.parametrize("text", ["kein JSON", "[]", '{"features": [1]}', '{"features": 5}'])
def test_something_else_than_geojson(run, text):
    with pytest.raises(CommandError, match="es wurde nichts übernommen"):
        run("boroughs", text=text)
