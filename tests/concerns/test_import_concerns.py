"""`manage.py import_concerns`: every fault named, all or nothing, the same file twice changes nothing."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from concerns.importing import Reader
from concerns.models import Concern, ConcernEvent, OutgoingMail, Reporter, Routing
from districts.models import Department
from tests import make

pytestmark = pytest.mark.django_db

MAPPING = """
source = "altstadt"
[columns]
key = "Nr."
text = "Meldung"
received_on = "Datum"
place = "Ort"
lat = "Breite"
lon = "Länge"
department = "Amt"
status = "Stand"
answer = "Antwort"
[topic]
columns = ["Gruppe", "Art"]
default = "sonstiges"
[topic.values]
"Müll" = "reinigung"
"Müll | wild" = "wilder-muell"
[department.values]
"Bauhof" = "E 18"
[status]
closed = ["erledigt"]
"""
HEAD = "Nr.;Meldung;Datum;Ort;Breite;Länge;Amt;Stand;Antwort;Gruppe;Art\n"
GOOD = HEAD + (
    "1;Matratze am Weg;03.02.2025;Parkweg 3;50,77;6,10;Bauhof;offen;;Müll;wild\n"
    '2;"Zwei Zeilen\nund ; ein Strichpunkt";2025-02-04;;;;;;;Müll;voll\n'
    "3;=HYPERLINK(1);05.02.2025;;;;Bauhof;erledigt;Ist abgeholt.;Lärm;\n"
)


@pytest.fixture
def catalogue(stadtbetrieb, mara):
    for code in ("reinigung", "wilder-muell", "sonstiges"):
        make.topic(code=code, name=code)
    square = [[[6.0, 50.7], [6.2, 50.7], [6.2, 50.9], [6.0, 50.9], [6.0, 50.7]]]
    mara.memberships.get().district.__class__.objects.update(boundary={"type": "Polygon", "coordinates": square})


@pytest.fixture
def run(tmp_path, catalogue):
    """Run the command on a text; returns (standard output, standard error)."""

    def run(text: str, mapping: str = MAPPING, encoding: str = "utf-8-sig", **options):
        (tmp_path / "list.csv").write_bytes(text.encode(encoding))
        (tmp_path / "mapping.toml").write_text(mapping, encoding="utf-8")
        out, err = StringIO(), StringIO()
        try:
            call_command(
                "import_concerns", tmp_path / "list.csv", mapping=tmp_path / "mapping.toml", by="MARA@quartier.example",
                stdout=out, stderr=err, **options,
            )  # fmt: skip
        except CommandError as error:
            err.write(f"\n{error}")
        return out.getvalue(), err.getvalue()

    return run


def test_rows_go_through_the_loop(run, mara, ost, stadtbetrieb):
    assert run(GOOD)[0] == "3 Anliegen übernommen, 0 waren schon da.\n"
    first, second, third = Concern.objects.order_by("import_key")
    assert (first.topic.code, first.district, first.status, first.place) == (
        "wilder-muell",
        ost,
        "forwarded",
        "Parkweg 3",
    )
    assert (first.number, str(first.received_on)) == ("2025-00001", "2025-02-03")
    assert first.routings.get().department == stadtbetrieb
    assert (second.topic.code, second.status, second.district) == ("reinigung", "new", None)
    assert second.text == "Zwei Zeilen\nund ; ein Strichpunkt"
    assert (third.status, third.answer_text, third.title) == ("closed", "Ist abgeholt.", "=HYPERLINK(1)")
    assert set(Reporter.objects.values_list("kind", "name")) == {("anonymous", "")}
    assert ConcernEvent.objects.filter(kind="imported", at__date="2025-02-03").count() == 1


def test_twice_changes_nothing(run):
    run(GOOD)
    before = list(Concern.objects.values()), list(Routing.objects.values()), ConcernEvent.objects.count()
    assert run(GOOD)[0] == "0 Anliegen übernommen, 3 waren schon da.\n"
    assert (list(Concern.objects.values()), list(Routing.objects.values()), ConcernEvent.objects.count()) == before


def test_every_bad_row_is_named_and_nothing_is_kept(run):
    out, err = run(
        GOOD
        + "3;Noch einmal;05.02.2025;;;;;;;Müll;\n"
        + "4;;05.02.2025;;;;;;;Müll;\n"
        + "5;Text;31.02.2025;;;;;;;Müll;\n"
        + "6;Text;05.02.2999;;;;;;;Müll;\n"
        + "7;Text;05.02.2025;;95;6;;;;Müll;\n"
        + "8;Text;05.02.2025;;x;6;;;;Müll;\n"
        + ";Text;05.02.2025;;;;;;;Müll;\n"
        + "9;Text\n"
        + f"10;{'x' * 20_001};05.02.2025;;;;;;;Müll;\n"
    )
    assert out == ""
    assert err.strip().splitlines() == [
        "Zeile 6: Die Nummer 3 steht schon in Zeile 5.",
        "Zeile 7: Der Text fehlt.",
        "Zeile 8: Kein Datum: „31.02.2025“.",
        "Zeile 9: Das Datum 05.02.2999 liegt in der Zukunft oder vor 1990.",
        "Zeile 10: Koordinaten außerhalb der Erde: 95, 6.",
        "Zeile 11: Keine Koordinaten: „x“, „6“.",
        "Zeile 12: Die Nummer fehlt.",
        "Zeile 13: Die Zeile hat mehr oder weniger Felder als die Kopfzeile.",
        "Zeile 14: Der Text ist zu lang (20001 Zeichen, höchstens 20000).",
        "",
        "9 Zeilen sind fehlerhaft; es wurde nichts übernommen.",
    ]
    assert not Concern.objects.exists()


def test_a_department_that_did_not_exist_then_is_named_row_by_row(run, stadtbetrieb):
    stadtbetrieb.valid_to = "2025-02-04"
    stadtbetrieb.save()
    assert run(GOOD)[1].splitlines()[0] == (
        "Zeile 5: E 18 Aachener Stadtbetrieb gab es am 05.02.2025 noch nicht oder nicht mehr."
    )
    assert not Concern.objects.exists()


def test_a_rule_of_the_loop_refuses_the_whole_file(run, stadtbetrieb, monkeypatch):
    """The catalogue changes between checking and storing."""
    check = Reader.read

    def check_then_end(*args):
        check(*args)
        Department.objects.update(valid_to="2024-12-31")

    monkeypatch.setattr(Reader, "read", check_then_end)
    assert run(GOOD)[1].strip() == (
        "E 18 Aachener Stadtbetrieb gibt es nicht mehr. Bitte die Nachfolge wählen. Es wurde nichts übernommen."
    )
    assert not Concern.objects.exists()


def test_nobody_is_asked_for_what_is_closed(run, stadtbetrieb):
    stadtbetrieb.answers_by_link = True
    stadtbetrieb.save()
    run(GOOD)
    assert list(OutgoingMail.objects.values_list("routing__concern__status", flat=True)) == ["forwarded"]


def test_checking_stores_nothing(run):
    assert run(GOOD, check=True)[0] == "3 Zeilen sind in Ordnung; es wurde nichts gespeichert.\n"
    assert not Concern.objects.exists()


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ("source = ", "lässt sich nicht lesen"),
        ("source = 'x'", "In [columns] fehlt: key, received_on, text."),
        (MAPPING.replace('place = "Ort"', 'strasse = "Ort"'), "In [columns] unbekannt: strasse."),
        (MAPPING.replace('"Ort"', '"Adresse"'), "Diese Spalten fehlen in der Datei: Adresse."),
        (MAPPING.replace('"E 18"', '"FB 99"'), "gibt es nicht: FB 99."),
        (MAPPING + '[defaults]\nkind = "quatsch"', "gibt es „channel“ oder „kind“ nicht."),
        (MAPPING.replace('source = "altstadt"', ""), "Es fehlt „source“"),
    ],
)
def test_a_mapping_that_does_not_fit_says_why(run, mapping, message):
    assert message in run(GOOD, mapping)[1]
    assert not Concern.objects.exists()


def test_a_file_in_another_encoding_says_so(run):
    assert "Die Datei lässt sich nicht lesen" in run(GOOD, encoding="cp1252")[1]
    windows = MAPPING + '[csv]\nencoding = "cp1252"\n'
    assert run(GOOD, windows, encoding="cp1252")[0].startswith("3 Anliegen übernommen")


def test_control_characters_do_not_come_in(run):
    run(HEAD + "1;Text\x00 mit \x07Klingel \u202eund Umkehr;03.02.2025;;;;;;;Müll;\n")
    assert Concern.objects.get().text == "Text mit Klingel und Umkehr"


def test_somebody_has_to_own_them(run, mara):
    mara.is_active = False
    mara.save()
    assert "Niemand meldet sich mit MARA@quartier.example an." in run(GOOD)[1]


def test_somebody_has_to_be_able_to_work_on_them(run, mara):
    """What lies outside all districts belongs to whoever takes it over: an administrator could never open it (I10)."""
    mara.memberships.update(role="admin", district=None)
    assert "Mara Lindt gehört zu keinem Quartiersmanagement." in run(GOOD)[1]
    assert not Concern.objects.exists()
