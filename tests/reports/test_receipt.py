"""The receipt (P01): what somebody takes home, on one A5 page that everybody can read, and nothing personal."""

from io import BytesIO

import pikepdf
import pytest
import segno
from django.urls import reverse

from concerns.actions import bundling, closing, feedback, privacy
from concerns.actions.status_codes import find, show
from concerns.models import Concern, Reporter, StatusCode
from concerns.resident import LANGUAGES
from reports.papers import receipt as papers
from tests import make
from tests import pdf as paper
from tests.concerns import loop
from tests.concerns.leaks import SECRETS, leaked, leaky_concern

pytestmark = pytest.mark.django_db


def url(reporter: Reporter) -> str:
    return reverse("reports:receipt", args=[reporter.pk])


def printed(client, reporter: Reporter) -> bytes:
    response = client.get(url(reporter))
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/pdf")
    return response.content


def words(content: bytes) -> str:
    return " ".join(paper.text(content).split())


@pytest.fixture
def office(mara):
    mara.office.street, mara.office.postcode, mara.office.city = "Reichsweg 30", "52068", "Aachen"
    mara.office.phone, mara.office.email = "0241 432-0", "ost@stadt.example"
    mara.office.hours_note, mara.office.directions = "Mo 10–12 Uhr\nDi 15–18 Uhr", "Erdgeschoss, stufenlos."
    mara.office.save()
    return mara.office


def test_it_says_what_was_told_who_helps_what_comes_next_and_how_to_look_it_up(
    office, mara, stadtbetrieb, client_of, settings
):
    settings.PUBLIC_URL = "https://quartier.stadt.example"
    concern = loop.log(mara, title="Laterne dunkel", district=mara.memberships.get().district)
    reporter = concern.reporters.get()
    content = printed(client_of(mara), reporter)
    text, code = words(content), show(reporter=reporter)
    for expected in (
        "Danke! Wir haben Sie gehört.", concern.number, "Laterne dunkel", concern.topic.name, "Aachen-Ost",
        "Stadtteilbüro Ost", "Das Quartiersmanagement sieht sich Ihr Anliegen an.", "rufen wir Sie an", code,
        "quartier.stadt.example/status", "Telefon 0241 432-0", "Mo 10–12 Uhr", "Erdgeschoss, stufenlos.",
    ):  # fmt: skip
        assert expected in text
    assert find(typed=code).reporter == reporter
    assert StatusCode.objects.get().made_by == mara


def test_it_is_one_accessible_page_with_a_described_qr_code(office, mara, client_of):
    content = printed(client_of(mara), loop.log(mara).reporters.get())
    assert (paper.structure(content), paper.pages(content)) == ([], 1)
    with pikepdf.open(BytesIO(content)) as pdf:
        box = [round(float(value)) for value in pdf.pages[0].mediabox]
    assert box == [0, 0, 420, 595]


def test_the_qr_code_opens_the_page_of_this_reporter(mara, client_of, settings):
    settings.PUBLIC_URL = "https://quartier.stadt.example"
    reporter = loop.log(mara).reporters.get()
    content = printed(client_of(mara), reporter)
    path = f"/status/{show(reporter=reporter)}/"
    expected = segno.make(f"https://quartier.stadt.example{path}", error="m", micro=False)
    assert qr_code(content, modules=len(expected.matrix)) == [list(map(bool, row)) for row in expected.matrix]
    assert make.client_of(None).get(path).headers["Location"] == reverse("concerns:status_standing")


def qr_code(content: bytes, *, modules: int, border: int = 4, scale: int = 4) -> list[list[bool]]:
    """The dark modules of the only figure of the first page, read from the picture of the page."""
    with pikepdf.open(BytesIO(content)) as pdf:
        figure = next(one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure")
        box = figure.A.BBox if isinstance(figure.A, pikepdf.Dictionary) else figure.A[0].BBox
        left, _, right, top = (float(value) * scale for value in box)
    page = paper.images(content, scale)[0].convert("L")
    step = (right - left) / (modules + 2 * border)
    at = [(place + border + 0.5) * step for place in range(modules)]
    return [[page.getpixel((int(left + x), int(page.height - top + y))) < 128 for x in at] for y in at]


def test_nothing_on_it_tells_who_somebody_is_or_what_the_team_thinks(mara, enno, stadtbetrieb, umwelt, client_of):
    concern = leaky_concern(district=mara.memberships.get().district, owner=mara, other_department=umwelt, consent=True)
    make.routing(concern=concern, department=stadtbetrieb, text="Nur für das Amt")
    make.reporter(concern=concern, name="Zweite Person", phone="0241 222333")
    for reporter in concern.reporters.all():
        text = words(printed(client_of(mara), reporter))
        assert leaked(text) == []
        hidden = ("Zweite Person", "222333", "Nur für das Amt", mara.name, enno.name, "E 18", "Kummer")
        assert [secret for secret in hidden if secret in text] == []
        assert "Wir warten auf eine Antwort von:" in text
        assert text.count(show(reporter=reporter)) == 1
    assert SECRETS["name"] == concern.reporters.first().name


def test_a_title_with_somebodys_name_gives_way_to_the_topic(mara, client_of):
    concern = loop.log(mara, title="Streit mit Familie Zorn im Haus", topic=make.topic(name="Lärm"))
    text = words(printed(client_of(mara), concern.reporters.get()))
    assert "Darum geht es Lärm" in text
    assert "Zorn" not in text


def test_a_sensitive_concern_has_neither_code_nor_subject(mara, ost, client_of):
    topic = make.topic(name="Häusliche Gewalt", is_sensitive=True)
    concern = make.concern(district=ost, owner=mara, title="Angst vor dem Mann", topic=topic, is_sensitive=True)
    text = words(printed(client_of(mara), concern.reporters.get()))
    assert concern.number in text
    assert "Bitte fragen Sie uns persönlich." in text
    hidden = ("Angst", "Gewalt", "Code", "status", ost.name)
    assert [secret for secret in hidden if secret in text.replace(mara.office.name, "")] == []
    assert StatusCode.objects.count() == 0


def test_anonymous_people_get_one_and_their_code_works(mara, client_of):
    nobody = loop.intake.ReporterData(kind="anonymous", channel="notice")
    reporter = loop.log(mara, reporters=[nobody]).reporters.get()
    text = words(printed(client_of(mara), reporter))
    assert "hängen wir sie im Stadtteilbüro aus" in text
    assert show(reporter=reporter) in text


def test_only_who_may_see_the_person_prints_it(mara, asli, paul, enno, silke, adam, client_of):
    reporter = loop.log(mara).reporters.get()
    own = loop.log(asli).reporters.get()
    statuses = {user.name: client_of(user).get(url(reporter)).status_code for user in (asli, paul, enno, silke, adam)}
    assert set(statuses.values()) == {404}
    assert make.client_of(None).get(url(reporter)).status_code == 302
    assert client_of(asli).get(url(own)).status_code == 200
    assert reporter.concern.reporter_accesses.count() == 0


def test_making_one_is_noted(mara, client_of):
    reporter = loop.log(mara).reporters.get()
    printed(client_of(mara), reporter)
    assert reporter.concern.reporter_accesses.get().user == mara


def test_nobody_gets_one_who_is_not_there(mara, ost, client_of):
    observed = loop.log(mara, reporters=[]).reporters.get()
    erased = loop.log(mara).reporters.get()
    privacy.erase_reporter(reporter=erased, reason="request", by=mara)
    assert [client_of(mara).get(url(one)).status_code for one in (observed, erased)] == [404, 404]
    page = client_of(mara).get(observed.concern.get_absolute_url()).content.decode()
    assert "Quittung" not in page


def test_it_says_how_things_stand_when_it_is_printed_late(mara, stadtbetrieb, client_of):
    planned = {
        "outcome": "planned",
        "promised_on": make.today().replace(year=2031, month=5, day=3),
        "answer_text": "Ja.",
    }
    concern = loop.closed(mara, stadtbetrieb, outcome=planned)
    text = words(printed(client_of(mara), concern.reporters.get()))
    assert "Am 3. Mai 2031 fragen wir nach, ob es gemacht wurde." in text
    assert "rufen wir Sie an" not in text


def test_somebody_who_wants_no_feedback_reads_so(mara, client_of):
    person = loop.intake.ReporterData(kind="resident", channel="none")
    text = words(printed(client_of(mara), loop.log(mara, reporters=[person]).reporters.get()))
    assert "dass Sie keine Rückmeldung von uns möchten" in text


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "de"])
def test_a_short_line_is_in_the_persons_language(language, office, mara, client_of):
    person = loop.intake.ReporterData(kind="resident", language=language, channel="in_person")
    content = printed(client_of(mara), loop.log(mara, reporters=[person]).reporters.get())
    line = {"en": "This is your receipt.", "tr": "Bu sizin makbuzunuzdur.", "uk": "Це ваша квитанція.",
            "ru": "Это ваша квитанция.", "fr": "Voici votre reçu."}.get(language, "")  # fmt: skip
    assert (paper.structure(content), paper.pages(content)) == ([], 1)
    assert line in words(content)
    assert "Danke! Wir haben Sie gehört." in words(content)


def test_bundled_people_get_their_own_number(mara, stadtbetrieb, client_of):
    lead, other = loop.log(mara, title="Führendes"), loop.log(mara, title="Eigenes")
    bundling.bundle(concern=other, lead=lead, by=mara)
    text = words(printed(client_of(mara), other.reporters.get()))
    assert (other.number in text, lead.number in text, "Führendes" in text) == (True, False, False)


def test_long_words_stay_on_the_paper(office, mara, client_of):
    district = make.district(name="Quartier " + "Langname" * 6 + " an der Inde", short_name="Lang", slug="lang")
    concern = make.concern(
        district=district, owner=mara, office=office, title="Donaudampfschifffahrtsgesellschaft " * 3
    )
    content = papers.receipt(
        reporter=Reporter.objects.select_related("concern__district").get(concern=concern), code=show(
            reporter=concern.reporters.get()), today=make.today()
    )  # fmt: skip
    assert (paper.structure(content), paper.ink_outside(content, margin=8)) == ([], [])
    assert paper.pages(content) <= 2


def test_waiving_and_closing_leave_it_printable(mara, stadtbetrieb, client_of):
    nobody = loop.intake.ReporterData(kind="anonymous", channel="notice")
    concern = loop.answered(mara, stadtbetrieb, reporters=[nobody])
    feedback.waive(reporter=concern.reporters.get(), reason="anonymous", note="Kein Weg.", by=mara)
    closing.close(concern=concern, by=mara, **loop.ANSWER)
    assert "Die Sache ist abgeschlossen." in words(printed(client_of(mara), concern.reporters.get()))
    assert Concern.objects.get().status == "closed"
