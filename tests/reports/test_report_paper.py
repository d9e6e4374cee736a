"""The report on paper: readable by everybody, its figures those of screen, CSV and workbook, nothing small in it."""

import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pikepdf
import pypdfium2
import pytest

from concerns.models import Concern
from quartier.jobs import GiveUp
from reports import frozen, making
from reports.actions import reports as actions
from reports.actions import runs
from reports.chapters import ASSESSMENTS, CHAPTERS, CONTEXT
from reports.chapters.working import WORKING
from reports.choice import Choice
from reports.papers.evaluation import content_of, draft_pdf, freeze, pages_of
from reports.tables import Cell, Chapter, Column, Row, Table
from tests import make, pdf
from tests.concerns import loop
from tests.reports.test_reports import own_text

pytestmark = pytest.mark.django_db

LONG = "Siedlung am früheren Güterbahnhof Aachen-Nordwest (Teil {:03d})"  # 60 signs
HOSTILE = (
    "<script>alert(1)</script> {{ 7|add:1 }} {% now 'Y' %} &amp; <b>fett</b>\n\n"
    '=HYPERLINK("http://boese.example") 🦄 漢字 مرحبا\n'
    + "Donaudampfschifffahrtsgesellschaft" * 20
    + "\n\u202egespiegelt\u202c <a href='http://boese.example'>hier</a>"
)

# Nothing happens in these tests beside the loop: chapters about it would be empty, and are left out.
FILLED = {code: name for code, name in CHAPTERS.items() if code not in WORKING}


@pytest.fixture
def small(silke, ost):
    """A draft about a district in which nothing happened, quick to render."""
    return make.report(districts=[ost], by=silke, title="Kleiner Bericht", chapters=["overview", ASSESSMENTS])


# --- Everybody can read it --------------------------------------------------------------------------------------------


def links(content: bytes) -> list[tuple[str, int]]:
    """What the links say and the page they lead to."""
    with pikepdf.open(BytesIO(content)) as file:
        numbers = {page.obj.objgen: number for number, page in enumerate(file.pages, 1)}
        names = file.Root.get("/Names", pikepdf.Dictionary()).get("/Dests")
        places = {str(n): d for n, d in _pairs(names)} if names is not None else {}
        found = []
        for page in file.pages:
            for link in page.get("/Annots", []):
                target = link.get("/Dest", link.get("/A", {}).get("/D"))
                target = places[str(target)] if isinstance(target, pikepdf.String) else target
                found.append((str(link.Contents), numbers[target[0].objgen]))
        return found


def _pairs(node):
    for kid in node.get("/Kids", []):
        yield from _pairs(kid)
    names = list(node.get("/Names", []))
    yield from zip(names[::2], names[1::2], strict=True)


def bookmarks(content: bytes) -> list[tuple[int, str, int]]:
    """Level, words and page of the bookmarks."""
    with pypdfium2.PdfDocument(content) as file:
        return [(one.level, one.get_title(), one.get_dest().get_index() + 1) for one in file.get_toc()]


def test_the_report_is_accessible_and_its_contents_are_right(year_pdf):
    content = year_pdf
    assert pdf.structure(content) == []
    assert pdf.ink_outside(content, margin=5) == []
    with pikepdf.open(BytesIO(content)) as file:
        assert (str(file.Root.Lang), str(file.docinfo.Title)) == ("de", "Evaluationsbericht")
    marks = bookmarks(content)
    assert [words for level, words, _ in marks if level == 0] == ["Evaluationsbericht"]
    chapters = [words for level, words, _ in marks if level == 1]
    assert chapters == ["Inhalt", "Zusammenfassung", *FILLED.values(), "Wie gezählt wurde"]
    # Every entry of the contents: its link, the number beside it and the bookmark say the same page.
    pages = {words: number for _, words, number in marks}
    entries = links(content)
    printed = "\n".join(pdf.page_texts(content)[1 : pages["Zusammenfassung"] - 1])
    beside = [int(n) for n in re.findall(r"^(\d+)$", printed, re.MULTILINE)] or [
        int(n) for n in re.findall(r"(?<=\s)(\d+)$", printed, re.MULTILINE)
    ]
    assert len(entries) > 20
    assert beside[: len(entries)] == [number for _, number in entries]
    assert [words for words, _ in entries if words in CHAPTERS.values()] == list(FILLED.values())
    for words, number in entries:
        assert (words, number) in {(title, page) for _, title, page in marks}


def test_every_chart_has_words_and_every_heading_its_place(year_pdf):
    figures = pdf.elements(year_pdf, "Figure")
    assert len(figures) >= 6
    assert all(re.match(r"(Balken|Linien)diagramm|Gestapeltes Balkendiagramm", one["/Alt"]) for one in figures)
    assert len(pdf.elements(year_pdf, "H1")) == 1


def test_no_page_ends_with_a_heading(year_pdf):
    """The last words above the foot are never those of a heading."""
    headings = {words for _, words, _ in bookmarks(year_pdf)}
    for text in pdf.page_texts(year_pdf)[2:]:
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        body = [line for line in lines if not re.match(r"(Evaluationsbericht · Version|Seite \d|Entwurf)", line)]
        assert body[-1] not in headings


def test_a_draft_says_so_on_every_page_and_a_release_nowhere(small, silke):
    drafted, released = draft_pdf(content_of(small)), freeze(small, by=silke).files[0][2]
    assert all("Entwurf – nicht freigegeben" in text for text in pdf.page_texts(drafted))
    assert not any("Entwurf" in text for text in pdf.page_texts(released))
    assert all("Prüfsumme" in text for text in pdf.page_texts(released))


@pytest.mark.parametrize("chosen", [["overview"], ["intake", "feedback"], [CONTEXT], [ASSESSMENTS], list(CHAPTERS)])
def test_chapters_are_on_or_off(mara, ost, chosen):
    loop.log(mara)
    make.indicator_value(district=ost)
    report = make.report(districts=[ost], chapters=chosen)
    found = [words for level, words, _ in bookmarks(draft_pdf(content_of(report))) if level == 1]
    assert found == ["Inhalt", "Zusammenfassung", *(FILLED[one] for one in FILLED if one in chosen),
                     "Wie gezählt wurde"]  # fmt: skip


def test_the_method_page_says_what_was_asked_and_what_words_mean(year_pdf):
    text = pdf.text(year_pdf)
    year = make.today().year
    periods = (f"01.01.{year - 1} bis {make.today():%d.%m.%Y}", f"01.01.{year - 3} bis 31.12.{year - 2}")
    terms = ("Zahlen unter 5 sind durch • ersetzt", "Keine Rangfolge", "Median und 90 %", "Stand der Daten")
    assert [words for words in (*periods, *terms) if words not in text] == []


# --- Awkward ones -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("compared", [True, False])
def test_a_district_without_a_single_concern(played, compared):
    empty = make.district(name=LONG.format(0))
    choice = Choice(make.today(), make.today(), districts=(empty.pk,))
    if compared:
        choice = replace(choice, compare_since=date(2020, 1, 1), compare_until=date(2020, 12, 31))
    report = make.report(by=played.planner, choice=choice, chapters=list(CHAPTERS))
    made = freeze(report, by=played.planner)
    content = made.files[0][2]
    assert (pdf.structure(content), pdf.pages(content)) == ([], 5)
    text = pdf.text(content)
    assert ("ging kein Anliegen ein" in text, LONG.format(0) in text) == (True, True)
    assert ZipFile(BytesIO(made.files[2][2])).namelist() == ["hinweise.csv"]


def test_nothing_now_but_something_before_is_told(silke, mara, ost):
    topic = make.topic()
    for _ in range(6):
        loop.log(mara, topic=topic)
    Concern.objects.update(received_on=date(2020, 5, 5))
    choice = Choice(date(2021, 1, 1), date(2021, 12, 31), date(2020, 1, 1), date(2020, 12, 31))
    report = make.report(by=silke, choice=choice, chapters=list(CHAPTERS))
    content = draft_pdf(content_of(report))
    assert "Im Jahr 2020, dem Vergleichszeitraum, waren es 6: jetzt also 6 weniger." in pdf.text(content)
    assert ["eingegangen", "0", "6", "−6"] in pdf.tables(content)[1]


def test_names_of_sixty_signs_and_four_hundred_lines(small):
    """Heads are repeated, no line is lost or doubled, the total stands once, nothing leaves the page."""
    content = content_of(small)
    columns = (Column("now", "Anliegen"), Column("before", "Vergleich"))
    rows = tuple(Row(LONG.format(n), (Cell(n), Cell(1000 + n)), str(n)) for n in range(400))
    long = Table("districts", "Quartiere", "Quartier", columns, rows, Row("Insgesamt", (Cell(79800), Cell(5)), "total"))
    eight = tuple(Column(f"c{n}", f"Spalte {n}") for n in range(8))
    broad = tuple(replace(row, cells=tuple(Cell(n) for n in range(8))) for row in rows[:50])
    wide = replace(long, code="wide", columns=eight, rows=broad, total=None)
    figures = replace(
        frozen.from_json(content["figures"]), chapters=(Chapter("districts", "Quartiere im Vergleich", (long, wide)),)
    )
    made = draft_pdf({**content, "figures": frozen.to_json(figures)})
    assert (pdf.structure(made), pdf.ink_outside(made, margin=5)) == ([], [])
    # On each page the table begins anew, with its heading.
    pieces = pdf.tables(made)
    lines = [line for piece in pieces if piece[0] == ["Quartier", "Anliegen", "Vergleich"] for line in piece[1:]]
    assert [line[0] for line in lines] == [*(LONG.format(n) for n in range(400)), "Insgesamt"]
    assert lines[-1] == ["Insgesamt", "79.800", "5"]
    others = [line for piece in pieces if piece[0][1:2] == ["Spalte 0"] for line in piece[1:]]
    assert others == [[LONG.format(n), *"01234567"] for n in range(50)]
    with_lines = [text for text in pdf.page_texts(made) if "Güterbahnhof" in text]
    assert all("Quartier" in text.split("Siedlung")[0] for text in with_lines)


def test_a_small_table_does_not_stand_alone_behind_a_wide_one(small):
    """Chapters follow each other on one page; what lies on its side comes last in its chapter."""
    content = content_of(small)
    one = Table("one", "Kleine Tabelle", "Ort", (Column("n", "Anliegen"),), (Row("Elsassplatz", (Cell(7),), "a"),))
    eight = tuple(Column(f"c{n}", f"Spalte {n}") for n in range(8))
    rows = tuple(Row(f"Ort {n}", tuple(Cell(n) for n in range(8)), str(n)) for n in range(1, 4))
    wide = Table("wide", "Breite Tabelle", "Ort", eight, rows)
    chapters = (
        Chapter("districts", "Erstes Kapitel", (replace(one, code="other", title="Davor"),)),
        Chapter("places", "Zweites Kapitel", (wide, one)),
    )
    figures = replace(frozen.from_json(content["figures"]), chapters=chapters)
    texts = pdf.page_texts(draft_pdf({**content, "figures": frozen.to_json(figures)}))
    (together,) = [text for text in texts if "Elsassplatz" in text]
    assert [name in together for name in ("Davor", "Erstes Kapitel", "Zweites Kapitel", "Kleine Tabelle")] == [True] * 4
    (across,) = [text for text in texts if "Spalte 7" in text]
    assert texts.index(across) == texts.index(together) + 1


def test_one_district_needs_no_wide_page(mara, ost, stadtbetrieb):
    topic = make.topic()
    for _ in range(6):
        loop.closed(mara, stadtbetrieb, topic=topic)
    made = draft_pdf(content_of(make.report(districts=[ost], chapters=["departments", "districts"])))
    with pikepdf.open(BytesIO(made)) as file:
        assert {tuple(int(one) for one in page.MediaBox[2:]) for page in file.pages} == {(595, 841)}
    lines = [line for table in pdf.tables(made) for line in table]
    assert ["Kennzahl", "Aachen-Ost"] in lines
    assert ["Rückmeldequote", "100,0 %"] in lines
    assert (pdf.structure(made), pdf.elements(made, "Figure")) == ([], [])


def test_what_people_typed_is_printed_as_they_typed_it(small, mara, ost):
    ost.name = "Ost <b>&amp; {{ x }}"
    ost.save()
    actions.write_text(text=own_text(small, ost), content=HOSTILE, version=0, by=mara)
    small.title = "Titel <i>&"
    small.save()
    made = draft_pdf(content_of(loop.fresh(small)))
    assert (pdf.structure(made), pdf.ink_outside(made, margin=5)) == ([], [])
    text = pdf.text(made)
    for words in ("<script>alert(1)</script> {{ 7|add:1 }} {% now 'Y' %} &amp; <b>fett</b>", "=HYPERLINK(",
                  "Ost <b>&amp; {{ x }}", "Titel <i>&", "▯ ▯▯"):  # fmt: skip
        assert words in text, words
    with pikepdf.open(BytesIO(made)) as file:
        assert not [a for page in file.pages for a in page.get("/Annots", []) if "/URI" in a.get("/A", {})]


def test_very_long_texts_go_on_on_the_next_page(small, mara, ost):
    """A thousand paragraphs, as many as fit the field: all of them are there, none is cut."""
    words = "\n".join(f"Absatz Nummer {n}." for n in range(1000))
    actions.write_text(text=own_text(small, ost), content=words, version=0, by=mara)
    text = pdf.text(draft_pdf(content_of(loop.fresh(small))))
    assert [f"Absatz Nummer {n}." in text for n in (0, 499, 999)] == [True] * 3


def test_how_many_pages_are_told_beforehand(year_report, small):
    """About: within a third, so that progress does not jump and a long report is not made while somebody waits."""
    for one in (year_report, small):
        content = content_of(one)
        made = pdf.pages(draft_pdf(content))
        assert abs(pages_of(content) - made) <= max(2, made / 3), (pages_of(content), made)


def test_a_fault_in_a_paper_is_told_and_nothing_is_kept(small, silke, monkeypatch):
    monkeypatch.setattr("reports.papers.evaluation.render", lambda *_, **__: 1 / 0)
    run = runs.request_run(report=small, purpose="draft", by=silke)
    with pytest.raises(GiveUp):
        making.make_files(run_id=run.pk)
    run.refresh_from_db()
    assert (run.state, run.content) == ("failed", None)
