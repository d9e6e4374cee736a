"""Letters on paper: exact places of the window envelope, the words, languages, sides, and nobody else's data (P03)."""

import re
from datetime import date
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from concerns import letters as found
from concerns.actions import letters as actions
from concerns.actions import status_codes
from concerns.actions.intake import ReporterData
from concerns.actions.letters import Words
from concerns.actions.triage import add_note
from concerns.models import Concern, Letter, LetterBatch, Reply, StatusCode
from districts.models import Office
from reports.papers.letter_samples import letter_samples
from reports.papers.letters import address_lines, letters_pdf
from tests import make, pdf
from tests.concerns import loop

MM = 72 / 25.4
HEDI = ReporterData(name="Hedi Brandt", address="Gasse 4\n52066 Aachen", channel="letter", consent_store=True)
AMIRA = ReporterData(
    name="Amira Saleh", address="Hof 2, 52068 Aachen", channel="letter", language="ar", consent_store=True
)
ARABIC = "السلام عليكم"


@pytest.fixture(scope="module")
def samples():
    return dict(letter_samples())


@pytest.fixture
def batch(mara, stadtbetrieb):
    """Two letters that lie ready."""
    Office.objects.filter(pk=mara.office_id).update(
        street="Reichsweg 30", postcode="52068", city="Aachen", phone="0241 555111", hours_note="Mo 10–12 Uhr",
        letterhead="Stadt Aachen", funding_note="Gefördert aus Mitteln des Landes.", directions="Eingang vom Hof.",
    )  # fmt: skip
    mara.refresh_from_db()
    people = [loop.answered(mara, stadtbetrieb, reporters=[one]).reporters.get() for one in (HEDI, AMIRA)]
    return actions.make_batch(drafts=found.drafts_for(people), by=mara)


def paper(batch: LetterBatch, user, **query) -> bytes:
    response = make.client_of(user).get(reverse("reports:letters", args=[batch.pk]), query)
    assert response.status_code == 200
    return response.content


def lines(content: bytes, page: int = 0) -> list[tuple[str, float, float, float]]:
    """The lines of a page: words, left and right edge and top of their ink, in millimetres from left and top."""
    with pypdfium2.PdfDocument(content) as document:
        sheet = document[page]
        text, height, found = sheet.get_textpage(), sheet.get_height(), []
        for index in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(index)
            words = text.get_text_bounded(left, bottom, right, top).strip()
            found.append((words, round(left / MM, 1), round(right / MM, 1), round((height - top) / MM, 1)))
        return found


def starts(content: bytes, words: str, page: int = 0) -> tuple[float, float]:
    """Where the line that begins with `words` begins: to the half millimetre from the left, and from the top."""
    return next(
        (round(left * 2 - 0.2) / 2, top) for line, left, _, top in lines(content, page) if line.startswith(words)
    )


def pages_of(content: bytes) -> list[str]:
    with pypdfium2.PdfDocument(content) as document:
        return [re.sub(r"\s+", " ", page.get_textpage().get_text_bounded()) for page in document]


def marks(content: bytes) -> list[float]:
    """Heights of the rules that begin at the left edge of the first page, in millimetres from the top."""
    with pikepdf.open(BytesIO(content)) as document:
        code = document.pages[0].Contents.read_bytes().decode("latin1")
    rules = re.findall(r"^0 ([\d.]+) ([\d.]+) 0\.\d+ re$", code, re.MULTILINE)
    return sorted({round(float(top) * 25.4 / 96, 1) for top, _ in rules})


class TestPlaces:
    """DIN 5008 form B: what the window and the folding machine rely on."""

    def test_address_in_the_window(self, samples):
        content = samples["brief-kurz"]
        left, top = starts(content, "Gerda Lambertz")
        assert (left, 62.7 <= top <= 65) == (25.0, True)  # the text begins 5 mm inside the field that begins at 20 mm
        left, top = starts(content, "Stadtteilbüro Ost/Rothe Erde ·")
        assert (left, 45 <= top <= 47.5) == (25.0, True)

    def test_a_long_address_grows_upwards_and_stays_in_the_window(self, samples):
        content = samples["brief-lange-anschrift"]
        top = starts(content, "Interessengemeinschaft der")[1]
        bottom = starts(content, "Deutschland")[1]
        assert 50 < top < 62.7
        assert bottom + 3 < 90  # a capital is 3 mm high

    def test_a_long_word_is_broken_inside_the_window(self, samples):
        inside = [line for line in lines(samples["brief-langes-wort"]) if 50 < line[3] < 90 and line[1] < 100]
        assert max(right for _, _, right, _ in inside) <= 105.5
        assert "".join(words for words, *_ in inside).count("x") == 150

    def test_information_and_text(self, samples):
        content = samples["brief-kurz"]
        assert starts(content, "Unser Zeichen")[0] == 125.0
        assert 50 <= starts(content, "Unser Zeichen")[1] <= 53
        left, top = starts(content, "Rückmeldung zu Ihrer Meldung")
        assert (left, 98.4 <= top <= 100.5) == (25.0, True)

    def test_fold_and_hole_marks(self, samples):
        assert marks(samples["brief-kurz"]) == [105.0, 148.5, 210.0]

    def test_no_type_below_11_points_but_the_senders_line(self, samples):
        """The line above the address is for the post, and the window has no room for more."""
        for name in ("brief-kurz", "brief-arabisch", "brief-zwei-seiten", "brief-einfache-sprache"):
            with pypdfium2.PdfDocument(samples[name]) as document:
                sizes = {
                    round(item.get_font_size() * item.get_matrix().d, 1)
                    for page in document
                    for item in page.get_objects()
                    if item.type == pypdfium2.raw.FPDF_PAGEOBJ_TEXT and item.get_bounds()[3] / MM < 297 - 51
                }
            assert sizes
            assert min(sizes) >= 11

    def test_nothing_runs_off_the_sheet(self, samples):
        for name, content in samples.items():
            for page in range(pdf.pages(content)):
                assert [line for line in lines(content, page) if line[1] < 24.9 or line[2] > 190.5] == [], name


@pytest.mark.parametrize("name", [name for name, _ in letter_samples()])
def test_every_letter_can_be_read_aloud(samples, name):
    assert pdf.structure(samples[name]) == []


def test_pages_of_the_awkward_ones(samples):
    assert {name: pdf.pages(content) for name, content in samples.items()} == {
        "brief-kurz": 1,
        "brief-nein": 1,
        "brief-zwei-seiten": 2,
        "brief-einfache-sprache": 2,
        "brief-arabisch": 2,
        "brief-ukrainisch": 2,
        "brief-zwischennachricht": 1,
        "brief-lange-anschrift": 1,
        "brief-langes-wort": 1,
        "briefe-stapel": 9,
        "briefe-stapel-beidseitig": 12,
        "briefe-stapel-lange-woerter": 3,
    }


def test_later_pages_say_whose_letter_it_is_and_count_from_its_first(samples):
    second = pages_of(samples["brief-zwei-seiten"])[1]
    assert "Hildegard Plum, Brief vom 30.09.2026 Seite 2" in second
    numbered = [re.findall(r"Seite \d+", page) for page in pages_of(samples["briefe-stapel"])]
    assert [numbers[-1] for numbers in numbered if numbers] == ["Seite 1", "Seite 2", "Seite 2", "Seite 2"]


def test_both_sides_start_every_letter_on_a_front(samples):
    pages = pages_of(samples["briefe-stapel-beidseitig"])
    fronts = [number for number, page in enumerate(pages, 1) if "Unser Zeichen" in page]
    assert fronts == [3, 5, 7, 9, 11]
    assert [page.strip() for number, page in enumerate(pages, 1) if number in (2, 4, 6)] == ["", "", ""]


def test_the_second_language_says_which_it_is(samples):
    with pikepdf.open(BytesIO(samples["brief-arabisch"])) as document:
        tagged = [one for one in document.objects if isinstance(one, pikepdf.Dictionary) and "/Lang" in one]
        languages = {str(one.Lang) for one in tagged}
    assert languages == {"de", "ar"}
    left = starts(samples["brief-ukrainisch"], "Українська", 1)[0]
    right = max(line[2] for line in lines(samples["brief-arabisch"], 1) if line[3] > 30)
    assert (left, right > 185) == (25.0, True)


@pytest.mark.parametrize(
    ("address", "lines"),
    [
        ("Gasse 4\n52066 Aachen", ["Gasse 4", "52066 Aachen"]),
        ("Gasse 4, 52066 Aachen", ["Gasse 4", "52066 Aachen"]),
        (" \n Gasse 4,\n\n52066 Aachen\n", ["Gasse 4", "52066 Aachen"]),
        ("1\n2\n3\n4\n5\n6\n7\n8", ["1", "2", "3", "4", "5, 6, 7", "8"]),
        ("", []),
    ],
)
def test_lines_of_an_address(address, lines):
    assert address_lines(address) == lines


@pytest.mark.django_db
class TestContent:
    def test_exactly_the_words_of_the_rows(self, batch, mara):
        hedi, amira = batch.letters.all()
        words = [Words(hedi, "Erste Worte\n\nZweiter Absatz"), Words(amira, "Wort", False, "ar", ARABIC)]
        batch = actions.save_letters(
            batch=batch, words=words, dated_on=date(2026, 9, 30), version=batch.version, by=mara,
        )  # fmt: skip
        first = pdf.text(paper(batch, mara, nur=hedi.pk))
        stated = (
            *("Erste Worte", "Zweiter Absatz", "30.09.2026", hedi.reporter.concern.number, "Stadtteilbüro Ost"),
            *("Mara Lindt Quartiersmanagement", "Reichsweg 30", "Telefon 0241 555111", "Öffnungszeiten Mo 10–12 Uhr"),
            *("Stadt Aachen", "Eingang vom Hof.", "Gefördert aus Mitteln des Landes."),
            "Hedi Brandt Gasse 4 52066 Aachen",
        )
        assert [words for words in stated if words not in first] == []
        for foreign in ("Amira", "Saleh", "Hof 2", "Seite"):
            assert foreign not in first
        actions.note_print(batch=batch, version=batch.version, by=mara)
        actions.mark_sent(batch=batch, letters=batch.letters.all(), version=batch.version, by=mara)
        kept = Letter.objects.get(pk=hedi.pk).feedback.text
        assert all(part in first for part in kept.split("\n\n"))

    def test_internal_words_stay_inside(self, batch, mara, stadtbetrieb):
        """Neither team notes nor what a department wrote only for the team stands on paper (I11)."""

        concern = batch.letters.first().reporter.concern
        add_note(concern=concern, text="Vorsicht, ungeduldig", by=mara)
        Reply.objects.filter(routing__concern=concern).update(remark="Nur intern")
        words = pdf.text(paper(batch, mara))
        assert "ungeduldig" not in words
        assert "Nur intern" not in words

    def test_the_list_in_front_names_everybody_in_order(self, batch, mara):
        content = paper(batch, mara)
        cover = pages_of(content)[0]
        assert re.search(r"1 Hedi Brandt, Gasse 4,? .*52066 Aachen.* 2 Amira Saleh, Hof 2, 52068", cover)
        assert "Hedi" in pages_of(content)[1]
        assert pdf.structure(content) == []

    def test_bookmarks_lead_to_every_letter(self, batch, mara):
        titles = [title for level, title in pdf.outline(paper(batch, mara)) if level == 0]
        assert titles[0] == str(batch)
        assert len(titles) == 3

    def test_only_a_print_of_all_counts_as_printed(self, batch, mara):
        paper(batch, mara, nur=batch.letters.first().pk)
        batch.refresh_from_db()
        assert not batch.is_printed
        paper(batch, mara, seiten="2")
        batch.refresh_from_db()
        assert batch.is_printed

    def test_everybody_gets_the_code_of_their_own_status_page(self, batch, mara):
        hedi, amira = batch.letters.all()
        codes = [status_codes.show(reporter=letter.reporter) for letter in (hedi, amira)]
        words = pdf.text(paper(batch, mara, nur=hedi.pk))
        assert (codes[0] in words, codes[1] in words, "/status" in words) == (True, False, True)

    def test_a_sensitive_letter_carries_none(self, batch, mara):
        hedi = batch.letters.first()
        Concern.objects.filter(pk=hedi.reporter.concern_id).update(is_sensitive=True)
        assert "Ihr Code" not in pdf.text(paper(batch, mara, nur=hedi.pk))
        assert StatusCode.objects.count() == 0

    def test_what_is_in_the_post_can_be_printed_again(self, batch, mara):
        before = pdf.text(paper(batch, mara))
        batch.refresh_from_db()
        actions.mark_sent(batch=batch, letters=batch.letters.all(), version=batch.version, by=mara)
        assert pdf.text(paper(batch, mara)) == before

    def test_taken_out_letters_are_not_printed(self, batch, mara):
        actions.take_out(letter=batch.letters.first(), by=mara)
        assert "Hedi" not in pdf.text(paper(batch, mara))

    def test_the_file_is_private_and_names_nobody(self, batch, mara):
        response = make.client_of(mara).get(reverse("reports:letters", args=[batch.pk]))
        assert response.headers["Cache-Control"] == "private, no-store"
        assert response.headers["Content-Disposition"] == f'inline; filename="briefe-{batch.dated_on.isoformat()}.pdf"'
        assert response.headers["Content-Type"] == "application/pdf"

    @pytest.mark.parametrize("only", ["abc", "0", "999999999999999999999"])
    def test_letters_that_are_not_there(self, batch, mara, only):
        client = make.client_of(mara)
        assert client.get(reverse("reports:letters", args=[batch.pk]), {"nur": only}).status_code == 404

    def test_hostile_words_stay_words(self, batch, mara):
        letter = batch.letters.first()
        hostile = "<script>x</script> <img src='http://a.example/'> {{ secret }} 🙂\x0b"
        Letter.objects.filter(pk=letter.pk).update(text=hostile)
        content = paper(batch, mara, nur=letter.pk)
        assert "<script>x</script> <img src='http://a.example/'> {{ secret }}" in pdf.text(content)
        assert pdf.structure(content) == []

    def test_without_an_office_the_citys_name_stands_for_it(self, batch, mara, settings):
        settings.OFFICE_NAME = "Quartiersmanagement der Stadt"
        for letter in found.for_page(Letter.objects.all()):
            letter.reporter.concern.office = None
            batch.made_by.office = None
            assert "Quartiersmanagement der Stadt" in pdf.text(letters_pdf(batch, [letter], codes={}))

    def test_printing_costs_the_same_for_one_and_many(self, mara, stadtbetrieb):
        costs = []
        for number in (1, 3):
            people = [loop.answered(mara, stadtbetrieb, reporters=[HEDI]).reporters.get() for _ in range(number)]
            batch = actions.make_batch(drafts=found.drafts_for(people), by=mara)
            paper(batch, mara)  # gives everybody their code
            with CaptureQueriesContext(connection) as queries:
                paper(batch, mara)
            costs.append(len(queries))
        assert costs[0] == costs[1]
