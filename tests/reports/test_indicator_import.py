"""Files of indicators: reading whatever comes, the preview, all or nothing, and back again (Q09)."""

import codecs
import zipfile
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from districts.models import Borough
from quartier.csvfile import MAX_BYTES, BadFile, read_sheet
from quartier.text import cell_text, plain, typed_text
from reports.actions import indicators as actions
from reports.importing.plan import CHANGED, NEW, SAME
from reports.importing.reader import read_file
from reports.models import Indicator, IndicatorFile, IndicatorValue
from reports.numbers import ENGLISH, GERMAN, NotANumber, german, mark_of, read
from tests import make

WIDE = "Quartier;Jahr;Einwohner;Kinderarmut\nAachen-Ost;2024;23.100;36,2 %\nPreuswald;2024;2.400;41,5\n"
LONG = (
    "Quartier;Indikator;Jahr;Wert\nAachen-Ost;Kinderarmut;2024;36,2\nPreuswald;Förderbedarf;2024;überdurchschnittlich\n"
)


@pytest.fixture
def known(ost, preuswald):
    """The indicators that the files here speak of."""
    Indicator.load_inhabitants()
    make.indicator(name="Kinderarmut", code="kinderarmut", unit="%")
    make.indicator(name="Förderbedarf", code="foerderbedarf")
    make.indicator(name="Familiensprache Türkisch", code="tuerkisch", unit="%", language="tr")


def plan_of(content, **fields):
    content = content.encode() if isinstance(content, str) else content
    return read_file(IndicatorFile(name="werte.csv", content=content, **fields))


def told(plan):
    """What the plan would store: (place, indicator, year, value)."""
    return [
        (entry.place.name, entry.indicator.name, entry.year, entry.words)
        for line in plan.lines
        for entry in line.entries
    ]


def errors(plan):
    return {line.number: line.errors for line in plan.lines if line.errors}


def import_now(content, by, **options):
    content = content.encode() if isinstance(content, str) else content
    kept = actions.keep_file(name="werte.csv", content=content, year=None, source="", by=by)
    return actions.take_over(file=kept, fingerprint=read_file(kept).fingerprint, by=by, **options)


def stored():
    rows = IndicatorValue.objects.order_by("indicator__name", "year", "district__name", "borough__name")
    return [(row.indicator.name, row.place, row.year, row.words) for row in rows]


# --- Numbers and names ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "mark", "number"),
    [
        ("1.234,5", GERMAN, "1234.5"),
        ("12,5", GERMAN, "12.5"),
        ("1.234", GERMAN, "1234"),
        ("1 234,5", GERMAN, "1234.5"),
        ("1\u202f234", GERMAN, "1234"),
        ("−3,25", GERMAN, "-3.25"),
        ("+4", GERMAN, "4"),
        ("0,00005", GERMAN, "0.0001"),
        ("1,234.5", ENGLISH, "1234.5"),
        ("1044555.0", ENGLISH, "1044555"),
        ("1,234", ENGLISH, "1234"),
        ("0.123", ENGLISH, "0.123"),
        ("0,123", GERMAN, "0.123"),
        ("007", GERMAN, "7"),
    ],
)
def test_numbers_are_read_as_they_were_meant(text, mark, number):
    assert read(text, mark) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    ["", "abc", "1e400", "1e5", "NaN", "Infinity", "=1+1", "1,2,3", "1.2.3", "12.5", "0.123", "1.23,4", "٣", "1_000",
     "0x10", "9" * 41, "1" + "0" * 12, "--3", "1,", ",5"],
)  # fmt: skip
def test_what_is_no_number_is_refused(text):
    with pytest.raises(NotANumber, match=r"keine Zahl|zu groß"):
        read(text, GERMAN)


def test_the_decimal_mark_is_german_unless_the_numbers_say_otherwise():
    assert mark_of(["1.234", "5.678"]) == GERMAN
    assert mark_of(["1.234", "5,5"]) == GERMAN
    assert mark_of(["1.234", "5.55", "31.9"]) == ENGLISH
    # Nobody writes thousands behind a zero.
    assert mark_of(["36.254", "0.500"]) == ENGLISH
    assert mark_of(["36,254", "0,500"]) == GERMAN
    assert mark_of([]) == GERMAN


@given(st.decimals(min_value=-(10**11), max_value=10**11, places=4))
def test_what_is_written_is_read_again(number):
    for grouped in (True, False):
        assert read(german(number, grouped=grouped), GERMAN) == number


@given(st.text(max_size=30))
def test_a_safe_cell_is_read_again(text):
    assert typed_text(cell_text(text)) == text
    assert not cell_text(text).startswith(("=", "+", "-", "@"))


def test_names_match_however_they_are_written():
    assert {plain(name) for name in ("Aachen-Nord", "aachen nord", "AACHEN  NORD", "Aachen/Nord")} == {"aachennord"}
    assert plain("Hörn") == plain("hoern") == plain("Ho\u0308rn") != plain("Horn")


# --- Files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize(
    ("encoding", "mark"),
    [("utf-8", b""), ("utf-8", codecs.BOM_UTF8), ("cp1252", b""), ("utf-16-le", codecs.BOM_UTF16_LE)],
)
def test_every_usual_csv_is_opened(delimiter, encoding, mark):
    text = f'Quartier{delimiter}Wert\r\n\r\n"Öcher; Straße, „Süd“"{delimiter}12\r\n'
    sheet = read_sheet(mark + text.encode(encoding))
    assert sheet.head == ("Quartier", "Wert")
    assert sheet.rows == ((3, ("Öcher; Straße, „Süd“", "12")),)


def test_a_spreadsheet_may_name_its_delimiter():
    assert read_sheet(b"sep=,\na,b;c\n1,2\n").head == ("a", "b;c")


def _zip():
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "leer"),
        (b" \r\n\r\n", "leer"),
        (codecs.BOM_UTF8, "leer"),
        (b"Quartier;Wert\n", "Unter der Kopfzeile steht nichts"),
        (b"nur eine Spalte\n1\n", "nur eine Spalte"),
        (b"a;b\n1;\0\n", "keine Textdatei"),
        (bytes(range(1, 32)) * 40, "keine Textdatei"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "keine Textdatei"),
        (b"%PDF-1.7\n", "PDF-Datei"),
        (b"\x1f\x8b\x08abc", "gepackte Datei"),
        (b"\xd0\xcf\x11\xe0abc", "Excel"),
        (_zip(), "Excel- oder ZIP-Datei"),
        (b"a;b\n\x81;\x8d\n", "Zeichensatz"),
        (codecs.BOM_UTF16_LE + b"a", "Zeichensatz"),
        (b'a;b\n"1;2\n3;4\n', "Anführungszeichen"),
        (";".join(["s"] * 10_000).encode() + b"\n1\n", "10000 Spalten"),
        (b"a;b\n" + b"1;2\n" * 20_001, "20.000 Zeilen"),
        (b"a;b\n" + b"x" * 4_002 + b";1\n", "4.000 Zeichen"),
        (b"a;b\n" + b"1" * MAX_BYTES, "2 MB"),
    ],
)
def test_what_cannot_be_opened_is_named(content, message):
    with pytest.raises(BadFile, match=message):
        read_sheet(content)


# --- Columns ----------------------------------------------------------------------------------------------------------


def test_wide_and_long_files_say_the_same(known):
    assert told(plan_of(WIDE)) == [
        ("Aachen-Ost", "Einwohnerinnen und Einwohner", 2024, "23.100"),
        ("Aachen-Ost", "Kinderarmut", 2024, "36,2"),
        ("Preuswald", "Einwohnerinnen und Einwohner", 2024, "2.400"),
        ("Preuswald", "Kinderarmut", 2024, "41,5"),
    ]
    assert told(plan_of(LONG)) == [
        ("Aachen-Ost", "Kinderarmut", 2024, "36,2"),
        ("Preuswald", "Förderbedarf", 2024, "überdurchschnittlich"),
    ]


def test_headings_are_found_by_code_name_other_names_and_unit(known):
    heads = ["kinderarmut", "KINDERARMUT", "Kinderarmut (%)"]
    assert [told(plan_of(f"Stadtteil;{head}\npreuswald;5\n", year=2020)) for head in heads] == [
        [("Preuswald", "Kinderarmut", 2020, "5")]
    ] * 3
    assert told(plan_of("Raum;Bevölkerung\nOST;7\n", year=2020)) == [
        ("Aachen-Ost", "Einwohnerinnen und Einwohner", 2020, "7")
    ]


def test_a_year_may_stand_in_the_heading(known):
    plan = plan_of("name,einwohner_2016_12_31,Einwohner 2022,Einwohner (2023)\nPreuswald,2.300,2.400,2.500\n")
    assert told(plan) == [
        ("Preuswald", "Einwohnerinnen und Einwohner", year, words)
        for year, words in ((2016, "2.300"), (2022, "2.400"), (2023, "2.500"))
    ]


@pytest.mark.parametrize("text", ["2024", "31.12.2024", "2024-12-31", "2024,0"])
def test_a_year_may_be_a_date(known, text):
    assert told(plan_of(f"Quartier;Stichtag;Kinderarmut\nPreuswald;{text};5\n"))[0][2] == 2024


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Quartier;Kinderarmut\nPreuswald;5\n", "Das Jahr fehlt"),
        ("Ding;Kinderarmut 2024\nPreuswald;5\n", "Keine Spalte nennt den Ort"),
        ("Quartier;Jahr;Schulden\nPreuswald;2024;5\n", "bekannten Indikator"),
        ("Quartier;Jahr;kinderarmut;Kinderarmut\nPreuswald;2024;5;6\n", "meinen denselben Indikator"),
        ("Quartier;Jahr;Indikator;Wert;Kinderarmut\nPreuswald;2024;Förderbedarf;5;6\n", "in den Zeilen und in den"),
    ],
)
def test_what_the_columns_lack_is_named_and_nothing_is_read(known, text, problem):
    plan = plan_of(text)
    assert [problem in found for found in plan.problems] == [True]
    assert plan.lines == []


def test_columns_can_be_read_differently(known):
    text = "Bezeichnung;Zeit;Quote der Kinder\nPreuswald;2024;5\n"
    child = Indicator.objects.get(code="kinderarmut")
    assert told(plan_of(text, reading={"roles": {"0": "place", "1": "year", "2": f"i:{child.pk}"}})) == [
        ("Preuswald", "Kinderarmut", 2024, "5")
    ]
    # An indicator that is gone by now is left out.
    assert plan_of(text, reading={"roles": {"0": "place", "1": "year", "2": "i:0"}}).columns[2].role == "skip"


# --- Lines ------------------------------------------------------------------------------------------------------------


def test_every_fault_is_told_beside_its_line(known):
    text = (
        "Quartier;Jahr;Einwohner;Kinderarmut;Familiensprache Türkisch;Förderbedarf\n"
        "Nirgendwo;2024;1;2;3;4\n"
        ";2024;1;2;3;4\n"
        "Preuswald;1949;1;2;3;4\n"
        f"Preuswald;{timezone.localdate().year + 1};1;2;3;4\n"
        "Preuswald;bald;1;2;3;4\n"
        "Preuswald;;1;2;3;4\n"
        "Preuswald;2020;-5;abc;101;12 %\n"
        "Preuswald;2021;1,5;=1+1;überdurchschnittlich;mittelgut\n"
        "Preuswald;2022;1e400;2;3;4;5\n"
        "Preuswald;2023;7;2;3;4\n"
        "preuswald;2023;8;;;\n"
        "Nirgends;3000;1;2;3;4\n"
    )
    assert errors(plan_of(text)) == {
        2: ["Kein Quartier und kein Stadtbezirk heißt „Nirgendwo“."],
        3: ["Der Ort fehlt."],
        4: ["Das Jahr 1949 liegt vor 1950 oder in der Zukunft."],
        5: [f"Das Jahr {timezone.localdate().year + 1} liegt vor 1950 oder in der Zukunft."],
        6: ["„bald“ ist kein Jahr."],
        7: ["Das Jahr fehlt."],
        8: [
            "Einwohner: Einwohnerinnen und Einwohner sind eine ganze Zahl ab 0.",
            "Kinderarmut: „abc“ ist keine Zahl.",
            "Familiensprache Türkisch: Der Anteil einer Sprache liegt zwischen 0 und 100 %.",
        ],
        9: [
            "Einwohner: Einwohnerinnen und Einwohner sind eine ganze Zahl ab 0.",
            "Kinderarmut: Hier steht eine Formel statt einer Zahl.",
            "Familiensprache Türkisch: „überdurchschnittlich“ ist keine Zahl.",
            "Förderbedarf: „mittelgut“ ist keine Zahl.",
        ],
        10: ["Die Zeile hat mehr Felder als die Kopfzeile."],
        12: ["Einwohner: Dieser Wert steht schon in Zeile 11."],
        13: [
            "Kein Quartier und kein Stadtbezirk heißt „Nirgends“.",
            "Das Jahr 3000 liegt vor 1950 oder in der Zukunft.",
        ],
    }


def test_a_percentage_of_something_that_is_none_is_a_fault(known):
    make.indicator(name="Angebotsmiete", unit="€/m²")
    plan = plan_of("Quartier;Jahr;Angebotsmiete\nPreuswald;2024;8,90 €/m²\nAachen-Ost;2024;12 %\n")
    assert told(plan) == [("Preuswald", "Angebotsmiete", 2024, "8,9")]
    assert errors(plan) == {3: ["Angebotsmiete: „12 %“: Der Indikator hat die Einheit €/m², nicht %."]}


def test_decimal_places_read_as_thousands_are_noticed(known):
    text = "Quartier,Jahr,Kinderarmut\nPreuswald,2024,36.254\nAachen-Ost,2024,41.500\n"
    assert errors(plan_of(text)) == {
        line: [f"Kinderarmut: {number} % sind zu viel. Stimmt die Schreibweise der Zahlen?"]
        for line, number in ((2, "36.254"), (3, "41.500"))
    }
    assert told(plan_of(text, reading={"mark": ENGLISH}))[0] == ("Preuswald", "Kinderarmut", 2024, "36,254")


@pytest.mark.parametrize("nothing", ["", "-", "–", ".", "…", "/", "x", "k. A."])
def test_cells_that_say_there_is_no_value_are_no_fault(known, nothing):
    plan = plan_of(f"Quartier;Jahr;Kinderarmut\nPreuswald;2024;{nothing}\n")
    assert (told(plan), errors(plan), [line.blanks for line in plan.lines]) == ([], {}, [1])


def test_places_of_every_level(known, ost):
    Borough.objects.filter(pk=ost.borough_id).update(name="Aachen-Ost")  # called like its district
    lines = ("Aachen-Ost;2024;1", "Stadtbezirk Aachen-Ost;2024;2", "Gesamtstadt;2024;3", "Stadt Aachen;2023;4")
    text = "\n".join(("Ort;Jahr;Kinderarmut", *lines))
    assert [place for place, *_ in told(plan_of(text))] == [
        "Aachen-Ost", "Stadtbezirk Aachen-Ost", "Gesamtstadt", "Gesamtstadt",
    ]  # fmt: skip
    by_level = (
        "Ebene;Ort;Jahr;Kinderarmut\nStadtbezirk;Aachen-Ost;2024;1\nQuartier;Aachen-Ost;2024;1\nLand;NRW;2024;1\n"
    )
    plan = plan_of(by_level)
    assert [place for place, *_ in told(plan)] == ["Stadtbezirk Aachen-Ost", "Aachen-Ost"]
    assert errors(plan) == {4: ["Die Ebene „Land“ gibt es nicht."]}
    # A column of boroughs means boroughs, also where a district has the same name.
    assert [place for place, *_ in told(plan_of("Stadtbezirk;Kinderarmut\nAachen-Ost;1\n", year=2024))] == [
        "Stadtbezirk Aachen-Ost"
    ]


def test_the_plan_tells_new_changed_and_unchanged_values(known, ost, preuswald, silke):
    import_now(WIDE, silke)
    plan = plan_of("Quartier;Jahr;Einwohner;Kinderarmut\nAachen-Ost;2024;23.100;36,9\nPreuswald;2023;2.350;\n")
    assert {state: len(plan.entries(state)) for state in (NEW, CHANGED, SAME)} == {NEW: 1, CHANGED: 1, SAME: 1}
    [entry] = plan.entries(CHANGED)
    assert (entry.old.words, entry.words) == ("36,2", "36,9")


def test_too_many_values_are_refused(known, monkeypatch):
    monkeypatch.setattr("reports.importing.reader.MAX_VALUES", 3)
    plan = plan_of(WIDE)
    assert plan.problems == ["Die Datei enthält mehr als 100.000 Werte. Bitte in mehrere Dateien teilen."]
    assert plan.lines == []


# --- Taking over ------------------------------------------------------------------------------------------------------


def test_the_second_import_changes_nothing(known, silke):
    first = import_now(WIDE, silke)
    assert (first.added, first.changed, first.same, first.left_out) == (4, 0, 0, 0)
    before = list(IndicatorValue.objects.order_by("pk").values())
    again = import_now(WIDE, silke)
    assert (again.added, again.changed, again.same) == (0, 0, 4)
    assert list(IndicatorValue.objects.order_by("pk").values()) == before
    assert not IndicatorFile.objects.exists()


def test_a_changed_value_is_replaced_or_kept(known, silke):
    import_now(WIDE, silke)
    other = WIDE.replace("36,2 %", "37")
    assert import_now(other, silke, keep_stored=True).changed == 0
    assert ("Kinderarmut", "Aachen-Ost", 2024, "36,2") in stored()
    assert import_now(other, silke).changed == 1
    assert ("Kinderarmut", "Aachen-Ost", 2024, "37") in stored()


def test_a_file_without_notes_leaves_notes_alone(known, ost, silke):
    child = Indicator.objects.get(code="kinderarmut")
    make.indicator_value(indicator=child, district=ost, year=2024, number=36, note="geschätzt", source="Bericht 7")
    import_now(WIDE, silke)
    value = IndicatorValue.objects.get(indicator=child, district=ost)
    assert (value.words, value.note, value.source, value.by) == ("36,2", "geschätzt", "Bericht 7", silke)


def test_faulty_lines_stop_everything_unless_they_are_left_out(known, silke):
    text = WIDE + "Nirgendwo;2024;1;2\n"
    with pytest.raises(actions.ImportRefused, match="fehlerhafte Zeilen auslassen"):
        import_now(text, silke)
    assert stored() == []
    done = import_now(text, silke, skip_faulty=True)
    assert (done.added, done.left_out) == (4, 1)


def test_a_line_with_one_fault_is_left_out_as_a_whole(known, silke):
    import_now(
        "Quartier;Jahr;Einwohner;Kinderarmut\nPreuswald;2024;2.400;abc\nAachen-Ost;2024;9;8\n", silke, skip_faulty=True
    )
    assert [place for _, place, _, _ in stored()] == ["Aachen-Ost", "Aachen-Ost"]


def test_nothing_stays_when_the_database_refuses_in_the_middle(known, silke, monkeypatch):
    kept = actions.keep_file(name="w.csv", content=WIDE.encode(), year=None, source="", by=silke)
    fingerprint = read_file(kept).fingerprint
    monkeypatch.setattr(IndicatorFile, "delete", lambda self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        actions.take_over(file=kept, fingerprint=fingerprint, by=silke)
    assert (stored(), IndicatorFile.objects.count()) == ([], 1)


def test_what_is_taken_over_is_what_was_seen(known, ost, silke):
    kept = actions.keep_file(name="w.csv", content=WIDE.encode(), year=None, source="", by=silke)
    seen = read_file(kept).fingerprint
    make.indicator_value(indicator=Indicator.objects.get(code="kinderarmut"), district=ost, year=2024, number=30)
    with pytest.raises(actions.ImportChanged, match="Seit der Vorschau"):
        actions.take_over(file=kept, fingerprint=seen, by=silke)
    assert len(stored()) == 1
    actions.take_over(file=kept, fingerprint=read_file(kept).fingerprint, by=silke)
    with pytest.raises(actions.ImportChanged, match="schon übernommen"):
        actions.take_over(file=kept, fingerprint=seen, by=silke)


def test_new_indicators_are_made_of_columns(known, silke):
    text = "raum_id;Quartier;Haushalte | mit Kindern;Haushalte;Notiz\n1;Preuswald;120;900;gut\n"
    kept = actions.keep_file(name="w.csv", content=text.encode(), year=2024, source="Stadtstatistik", by=silke)
    assert read_file(kept).numeric == {2, 3}
    actions.read_differently(file=kept, roles={"2": "new", "3": "new"}, mark="", year=2024, source="Amt", by=silke)
    kept.refresh_from_db()
    actions.take_over(file=kept, fingerprint=read_file(kept).fingerprint, by=silke)
    assert stored() == [("Haushalte", "Preuswald", 2024, "900"), ("Haushalte | mit Kindern", "Preuswald", 2024, "120")]
    assert sorted(Indicator.objects.filter(name__startswith="Haus").values_list("code", flat=True)) == [
        "haushalte", "haushalte-mit-kindern",
    ]  # fmt: skip
    assert set(IndicatorValue.objects.values_list("source", flat=True)) == {"Amt"}


def test_a_column_called_like_a_known_indicator_cannot_become_a_second_one(known):
    plan = plan_of("Quartier;Kinder-Armut\nPreuswald;5\n", year=2024, reading={"roles": {"1": "new"}})
    assert plan.problems == ["„Kinder-Armut“ gibt es schon: als Indikator „Kinderarmut“."]


def test_files_are_kept_for_a_week_and_few_of_them(known, silke):
    for n in range(7):
        actions.keep_file(name=f"{n}.csv", content=b"a;b\n1;2", year=None, source="", by=silke)
    assert sorted(IndicatorFile.objects.values_list("name", flat=True)) == ["2.csv", "3.csv", "4.csv", "5.csv", "6.csv"]
    old = IndicatorFile.objects.get(name="2.csv")
    IndicatorFile.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=8))
    assert actions.discard_old_files() == 1
    assert not IndicatorFile.objects.filter(pk=old.pk).exists()


# --- The pages --------------------------------------------------------------------------------------------------------


def upload(client, content, name="werte.csv", **fields):
    file = SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)
    return client.post(reverse("reports:indicator_import"), {"file": file, **fields})


def test_from_the_file_to_the_stored_values(known, silke, client_of):
    client = client_of(silke)
    response = upload(client, WIDE)
    assert response.status_code == 303
    kept = IndicatorFile.objects.get()
    assert response.url == reverse("reports:indicator_preview", args=[kept.pk])
    page = client.get(response.url).content.decode()
    assert "4 Werte neu, 0 geändert, 0 unverändert." in page.replace("\u00a0", " ")
    assert stored() == []
    fingerprint = read_file(kept).fingerprint
    response = client.post(reverse("reports:indicator_take_over", args=[kept.pk]), {"fingerprint": fingerprint})
    assert (response.status_code, response.url) == (303, reverse("reports:indicators"))
    assert len(stored()) == 4
    assert "Übernommen: 4 Werte neu" in client.get(response.url).content.decode().replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "Die Datei ist leer."), (_zip(), "Excel- oder ZIP-Datei"), (b"x" * (MAX_BYTES + 1), "größer als 2 MB")],
)
def test_a_file_that_cannot_be_opened_is_refused_beside_the_field(silke, client_of, content, message):
    response = upload(client_of(silke), content, year="2024", source="Amt")
    page = response.content.decode()
    assert (response.status_code, message in page, 'value="2024"' in page) == (422, True, True)
    assert not IndicatorFile.objects.exists()


def test_the_preview_shows_faults_and_changes_and_refuses_until_told(known, silke, client_of):
    import_now(WIDE, silke)
    client = client_of(silke)
    upload(client, WIDE.replace("36,2 %", "37,25") + "<b>Nirgendwo</b>;2024;1;2\n")
    kept = IndicatorFile.objects.get()
    page = client.get(reverse("reports:indicator_preview", args=[kept.pk])).content.decode()
    assert "Kinderarmut 2024: 36,2 % → 37,25 %" in page
    assert "heißt „&lt;b&gt;Nirgendwo&lt;/b&gt;“." in page
    again = f'href="{reverse("reports:indicator_import")}"><span class="kern-label">Berichtigte Datei einlesen</span>'
    assert again in page
    address = reverse("reports:indicator_take_over", args=[kept.pk])
    fingerprint = read_file(kept).fingerprint
    response = client.post(address, {"fingerprint": fingerprint})
    assert (response.status_code, "Einige Zeilen haben Fehler" in response.content.decode()) == (422, True)
    assert client.post(address, {"fingerprint": "x" * 64, "skip_faulty": "on"}).status_code == 409
    assert client.post(address, {}).status_code == 422
    assert ("Kinderarmut", "Aachen-Ost", 2024, "36,2") in stored()
    assert client.post(address, {"fingerprint": fingerprint, "skip_faulty": "on"}).status_code == 303
    assert ("Kinderarmut", "Aachen-Ost", 2024, "37,25") in stored()


def test_the_preview_tells_every_value_and_which_place_is_meant(known, ost, silke, client_of):
    Borough.objects.filter(pk=ost.borough_id).update(name="Mitte")
    import_now("Quartier;Jahr;Kinderarmut\nPreuswald;2024;41,5\n", silke)
    client = client_of(silke)
    upload(client, "Ort;Jahr;Einwohner;Kinderarmut\nOST;2024;23.100;36,2\nMitte;2024;5;\nPreuswald;2024;;41,5\n")
    page = client.get(reverse("reports:indicator_preview", args=[IndicatorFile.objects.get().pk]))
    assert [(line.place, line.meant, line.what) for line in page.context["preview"].lines] == [
        ("OST", "Aachen-Ost", ["Einwohnerinnen und Einwohner 2024: 23.100", "Kinderarmut 2024: 36,2 %"]),
        ("Mitte", "Stadtbezirk Mitte", ["Einwohnerinnen und Einwohner 2024: 5"]),
        ("Preuswald", "", ["Kinderarmut 2024: 41,5 %"]),
    ]
    text = page.content.decode()
    assert ("gelesen als Stadtbezirk Mitte" in text, "Zahlen wie 1.234,5 (deutsch)" in text) == (True, True)


def test_long_previews_have_pages_and_choices(known, silke, client_of):
    lines = "".join(f"Ort {n};2024;{n}\n" for n in range(249))
    client = client_of(silke)
    upload(client, f"Quartier;Jahr;Kinderarmut\n{lines}Preuswald;2024;5\n")
    address = reverse("reports:indicator_preview", args=[IndicatorFile.objects.get().pk])
    numbers = [client.get(f"{address}{query}").context["preview"].lines for query in ("", "?seite=3", "?seite=99")]
    assert [(lines[0].number, len(lines)) for lines in numbers] == [(2, 100), (202, 50), (202, 50)]
    shown = client.get(f"{address}?zeigen=neu").context["preview"]
    assert [(line.number, line.what) for line in shown.lines] == [(251, ["Kinderarmut 2024: 5 %"])]
    assert [(tab.label, tab.count) for tab in shown.tabs] == [
        ("Alle Zeilen", 250), ("Mit Fehlern", 249), ("Neue Werte", 1),
    ]  # fmt: skip
    for wrong in ("?seite=-1", "?seite=x", "?seite=٣", "?zeigen=quatsch", "?seite=999999999"):
        assert client.get(f"{address}{wrong}").status_code == 200
    part = client.get(address, headers={"HX-Request": "true", "HX-Target": "lines"}).content.decode()
    assert ("<html" in part, "Ort 1" in part) == (False, True)


def test_columns_are_given_another_meaning_on_the_page(known, silke, client_of):
    client = client_of(silke)
    upload(client, "nr;Quartier;Haushalte;Notiz\n1;Preuswald;900;gut\n")
    kept = IndicatorFile.objects.get()
    page = client.get(reverse("reports:indicator_preview", args=[kept.pk])).content.decode()
    assert "Keine Spalte gehört zu einem bekannten Indikator" in page
    address = reverse("reports:indicator_reading", args=[kept.pk])
    chosen = {"c0": "skip", "c1": "place", "c2": "skip", "c3": "skip", "year": "2024", "rest_new": "on"}
    assert client.post(address, chosen | {"c2": "unsinn"}).status_code == 422
    assert client.post(address, chosen | {"year": "1800"}).status_code == 422
    assert client.post(address, chosen).status_code == 303
    kept.refresh_from_db()
    assert kept.reading == {"roles": {"0": "skip", "1": "place", "2": "new", "3": "skip"}, "mark": ""}
    assert told(read_file(kept)) == [("Preuswald", "Haushalte", 2024, "900")]


def test_a_file_belongs_to_who_sent_it(silke, client_of):
    other = make.indicator_file(user=make.user(role="planning"))
    client = client_of(silke)
    assert client.get(reverse("reports:indicator_preview", args=[other.pk])).status_code == 404
    for name in ("reading", "take_over", "discard"):
        assert client.post(reverse(f"reports:indicator_{name}", args=[other.pk])).status_code == 404
    mine = make.indicator_file(user=silke)
    assert client.post(reverse("reports:indicator_discard", args=[mine.pk])).status_code == 303
    assert list(IndicatorFile.objects.all()) == [other]


def test_a_file_taken_over_in_another_window_is_no_missing_page(known, silke, client_of):
    client = client_of(silke)
    upload(client, WIDE)
    kept = IndicatorFile.objects.get()
    fingerprint = read_file(kept).fingerprint
    address = reverse("reports:indicator_take_over", args=[kept.pk])
    assert client.post(address, {"fingerprint": fingerprint}).url == reverse("reports:indicators")
    for again in (client.post(address, {"fingerprint": fingerprint}, follow=True), client.get(
        reverse("reports:indicator_preview", args=[kept.pk]), follow=True
    )):  # fmt: skip
        assert again.redirect_chain[0][0] == reverse("reports:indicator_import")
        assert "Diese Datei wurde schon übernommen oder verworfen." in again.content.decode()
    assert len(stored()) == 4


# --- Export -----------------------------------------------------------------------------------------------------------


def test_an_export_comes_back_unchanged(known, ost, preuswald, silke, client_of):
    child, need = (Indicator.objects.get(code=code) for code in ("kinderarmut", "foerderbedarf"))
    inhabitants = Indicator.load_inhabitants()
    make.indicator_value(indicator=child, district=ost, year=2024, number=Decimal("36.2"), note="=1+1", source="'=x")
    make.indicator_value(indicator=child, borough=ost.borough, year=2024, number=Decimal("-0.25"))
    make.indicator_value(indicator=inhabitants, year=2024, number=1234567)
    make.indicator_value(indicator=need, district=preuswald, year=2023, rating="above", note='Sagt „ja“; "sehr"')
    content = b"".join(client_of(silke).get(reverse("reports:indicator_export")).streaming_content)
    assert content.startswith(codecs.BOM_UTF8)
    lines = content.decode("utf-8-sig").splitlines()
    assert sorted(lines[1:]) == sorted(
        [
            "Gesamtstadt;Gesamtstadt;Einwohnerinnen und Einwohner;2024;1234567;;",
            "Quartier;Aachen-Ost;Kinderarmut;2024;36,2;'=1+1;''=x",
            f"Stadtbezirk;Stadtbezirk {ost.borough};Kinderarmut;2024;-0,25;;",
            'Quartier;Preuswald;Förderbedarf;2023;überdurchschnittlich;"Sagt „ja“; ""sehr""";',
        ]
    )
    before = list(IndicatorValue.objects.order_by("pk").values())
    done = import_now(content, silke)
    assert (done.added, done.changed, done.same, done.left_out) == (0, 0, 4, 0)
    assert list(IndicatorValue.objects.order_by("pk").values()) == before
    IndicatorValue.objects.all().delete()
    import_now(content, silke)
    kept = ("indicator_id", "level", "district_id", "borough_id", "year", "number", "rating", "note", "source")
    assert {tuple(row[name] for name in kept) for row in IndicatorValue.objects.values()} == {
        tuple(row[name] for name in kept) for row in before
    }


def test_the_values_of_one_indicator_alone(known, ost, silke, client_of):
    child = Indicator.objects.get(code="kinderarmut")
    make.indicator_value(indicator=child, district=ost)
    make.indicator_value(indicator=Indicator.load_inhabitants(), district=ost, number=5)
    address = reverse("reports:indicator_export")
    lines = b"".join(client_of(silke).get(f"{address}?indikator={child.pk}").streaming_content).decode().splitlines()
    assert [line.split(";")[2] for line in lines[1:]] == ["Kinderarmut"]
    assert client_of(silke).get(f"{address}?indikator=quatsch").status_code == 200
