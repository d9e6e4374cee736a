"""The concern's file (P05) and routing sheets (P02): who may print what, and what must never be on paper."""

import pytest
from django.urls import reverse
from django.utils import timezone

from concerns.actions import voices
from concerns.actions.feedback import record_receipt
from concerns.models import LoopSettings, ReporterAccess, Routing
from concerns.standing import answer_of
from tests import make
from tests.concerns.leaks import PERSONAL, SECRETS, leaked, leaky_concern
from tests.concerns.loop import answered, closed, forward, fresh, log, reply, tell
from tests.pdf import ink_outside, outline, pages, structure, text

pytestmark = pytest.mark.django_db


def file_of(concern, person) -> bytes:
    response = make.client_of(person).get(reverse("reports:concern_file", args=[concern.number]))
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    return response.content


def sheet_of(routing, person) -> bytes:
    args = [routing.concern.number, routing.pk]
    response = make.client_of(person).get(reverse("reports:routing_sheet", args=args))
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    return response.content


# --- The concern's file ----------------------------------------------------------------------------------------------


def test_the_file_tells_everything_but_team_notes(mara, stadtbetrieb):
    concern = log(mara, title="Wilder Müll am Kirberichshof", place="Kirberichshofer Weg")
    routing = forward(concern, stadtbetrieb, by=mara, question="Wann wird abgeholt?")[0]
    reply(routing, text="Am Montag wird abgeholt.", remark="Der Hof gehört uns nicht ganz.")
    reporter = concern.reporters.get()
    tell(reporter, by=mara)
    concern.notes.create(text=SECRETS["note"], by=mara)
    paper = file_of(concern, mara)
    assert structure(paper) == []
    words = text(paper)
    told = (
        "Nur für das Team des Quartiersmanagements", "Teamnotizen werden nie gedruckt", "Kirberichshofer Weg",
        "Wann wird abgeholt?", "Am Montag wird abgeholt.", "Der Hof gehört uns nicht ganz.", "Gerda Zorn",
        "0241 555019", "Erledigt.", "Erreicht", "Anliegen erfasst",
    )  # fmt: skip
    assert [one for one in told if one not in words] == []
    assert SECRETS["note"] not in words
    assert [title for level, title in outline(paper) if level == 1] == [
        "Anliegen", "Weiterleitungen", "Anliegengeber/innen und Rückmeldungen", "Verlauf",
    ]  # fmt: skip


def test_what_people_say_about_the_answer_is_in_the_file(mara, asli, stadtbetrieb):
    concern = closed(mara, stadtbetrieb)
    record_receipt(reporter=concern.reporters.get(), by=mara)
    said = {"answer_at": answer_of(fresh(concern)), "helped": False, "comment": "Nach zwei Wochen lag alles wieder da."}
    voice = voices.say(reporter=concern.reporters.get(), **said)
    words = text(file_of(concern, mara))
    assert f"auf der Statusseite; ansehen bis {voice.due_on:%d.%m.%Y}" in words
    assert "Nach zwei Wochen lag alles wieder da." in words
    assert f"Erreicht ({mara.name})" in words  # handing over a receipt is no attempt
    assert "0. Versuch" not in words
    assert "zwei Wochen" not in text(file_of(concern, asli))
    voices.settle(voice=voice, by=mara)
    assert f"auf der Statusseite; Erledigt ({mara.name})" in text(file_of(concern, mara))


def test_looking_at_reporters_on_paper_is_noted(mara):
    concern = log(mara)
    file_of(concern, mara)
    assert list(ReporterAccess.objects.values_list("user", "concern")) == [(mara.pk, concern.pk)]


def test_an_assistant_sees_on_paper_only_whom_they_see_on_screen(mara, asli):
    concern = leaky_concern(district=asli.memberships.get().district, owner=mara, taken_by=mara)
    assert leaked(text(file_of(concern, asli)), allowed=("own_text", "answer", "other_text", "other_message")) == []
    assert "1 weitere Person, deren Angaben Aslı Demir nicht sehen darf" in text(file_of(concern, asli))
    assert ReporterAccess.objects.count() == 0
    LoopSettings.objects.update_or_create(pk=1, defaults={"assistants_see_team_reporters": True})
    assert SECRETS["name"] in text(file_of(concern, asli))


def test_a_concern_without_anything_and_with_long_names_fits(mara, ost):
    ost.name = "Siedlung am ehemaligen Güterbahnhof Aachen-Nordwest (Ostteil)"
    ost.save()
    concern = make.concern(district=ost, owner=mara, text="", title="ü" * 120)
    paper = file_of(concern, mara)
    assert structure(paper) == []
    assert ink_outside(paper) == []
    assert "An keinen Fachbereich" not in text(paper)
    assert "Das Anliegen wurde an keinen Fachbereich weitergeleitet." in text(paper)


def test_long_texts_break_over_pages_and_markup_is_only_text(mara, ost):
    hostile = "<h1>Groß</h1> <img src=http://127.0.0.1:1/x.png> {{ concern.number }} &amp; <script>alert(1)</script> "
    long = (hostile + "Donaudampfschifffahrtsgesellschaft" * 9 + " \u202e😀 Привет, مرحبا. ") * 45
    concern = make.concern(district=ost, owner=mara, text=long[:20_000])
    make.routing(concern=concern, text=long[:20_000], question="W" * 300)
    paper = file_of(concern, mara)
    assert structure(paper) == []
    assert ink_outside(paper) == []
    assert pages(paper) > 10
    assert "<h1>Groß</h1> <img src=http://127.0.0.1:1/x.png> {{ concern.number }} &amp; <script>" in text(paper)
    routing = concern.routings.get()
    assert ink_outside(sheet_of(routing, mara)) == []


def test_a_confidential_file_says_so_on_every_page(mara, ost):
    concern = make.concern(district=ost, owner=mara, topic=make.topic(is_sensitive=True), is_sensitive=True)
    paper = file_of(concern, mara)
    assert text(paper).count("Vertraulich. Nur für das Team") == pages(paper)


def test_photos_are_described(mara, ost):
    concern = make.concern(district=ost, owner=mara)
    make.photo(concern=concern)
    paper = file_of(concern, mara)
    assert structure(paper) == []
    assert f"Foto 1 zu {concern.number}" in text(paper)


def test_the_number_of_queries_does_not_grow_with_the_file(mara, ost, django_assert_num_queries):
    def queries(concern):
        client = make.client_of(mara)
        with django_assert_num_queries(1000, exact=False) as captured:
            client.get(reverse("reports:concern_file", args=[concern.number]))
        return len(captured)

    small, large = (make.concern(district=ost, owner=mara, reporters=[{}] * n) for n in (1, 3))
    for concern, n in ((small, 1), (large, 3)):
        for _ in range(n):
            make.routing(concern=concern)
        for one in concern.reporters.all():
            make.feedback(reporter=one)
    assert queries(small) == queries(large)


# --- Routing sheets --------------------------------------------------------------------------------------------------


def test_a_routing_sheet_says_what_the_department_needs(mara, stadtbetrieb):
    concern = log(mara, place="Kirberichshofer Weg", title="Wilder Müll")
    routing = forward(concern, stadtbetrieb, by=mara, question="Wann wird abgeholt?")[0]
    paper = sheet_of(routing, mara)
    assert structure(paper) == []
    words = text(paper)
    told = (
        "Aachener Stadtbetrieb", concern.number, "Kirberichshofer Weg", "Bitte abholen.", "Wann wird abgeholt?",
        f"{routing.due_on:%d.%m.%Y}", "Ihre Antwort", "Antwort bitte an", "Stadtteilbüro Ost", "nicht auf diesem Blatt",
    )  # fmt: skip
    assert [one for one in told if one not in words] == []
    assert "Gerda Zorn" not in words


def test_nobody_is_named_on_a_routing_sheet(mara, ost, stadtbetrieb, umwelt):
    concern = leaky_concern(district=ost, owner=mara, other_department=umwelt, consent=True)
    routing = make.routing(concern=concern, department=stadtbetrieb, text="Bitte ansehen.")
    assert leaked(text(sheet_of(routing, mara))) == []


@pytest.mark.parametrize(
    ("consent", "released", "shown"), [(True, True, True), (True, False, False), (False, True, False)]
)
def test_contact_is_printed_only_when_released_with_consent(mara, ost, stadtbetrieb, consent, released, shown):
    concern = leaky_concern(district=ost, owner=mara, consent=consent)
    routing = make.routing(concern=concern, department=stadtbetrieb, text="Ansehen.", released_contact=released)
    words = text(sheet_of(routing, mara))
    assert [SECRETS[name] in words for name in PERSONAL if name != "address"] == [shown] * 3
    assert leaked(words, allowed=PERSONAL) == []
    assert ReporterAccess.objects.exists() is shown


def test_contact_is_gone_when_the_routing_is_finished(mara, ost, stadtbetrieb):
    concern = leaky_concern(district=ost, owner=mara, consent=True)
    routing = make.routing(concern=concern, department=stadtbetrieb, text="Ansehen.", released_contact=True)
    reply(routing)
    assert leaked(text(sheet_of(routing, mara))) == []


def test_an_assistant_cannot_print_a_contact_they_may_not_see(mara, asli, ost, stadtbetrieb):
    concern = leaky_concern(district=ost, owner=mara, taken_by=mara, consent=True)
    routing = make.routing(concern=concern, department=stadtbetrieb, text="Ansehen.", released_contact=True)
    assert leaked(text(sheet_of(routing, asli))) == []


def test_a_confidential_routing_sheet_holds_the_sent_text_alone(mara, ost, stadtbetrieb):
    concern = leaky_concern(
        district=ost, owner=mara, title="Gewalt in der Familie", place="Kummergasse", is_sensitive=True,
        topic=make.topic(is_sensitive=True, name="Häusliche Gewalt"),
    )  # fmt: skip
    routing = make.routing(concern=concern, department=stadtbetrieb, text="Bitte rufen Sie uns an.")
    words = text(sheet_of(routing, mara))
    assert [one for one in ("Gewalt", "Kummergasse") if one in words] == []
    assert "Vertrauliches Anliegen" in words
    assert leaked(words) == []


def test_a_recalled_routing_and_one_of_another_concern_are_not_printed(mara, ost, stadtbetrieb):
    routing = make.routing(concern=make.concern(district=ost, owner=mara), department=stadtbetrieb)
    other = make.concern(district=ost, owner=mara)
    client = make.client_of(mara)
    assert client.get(reverse("reports:routing_sheet", args=[other.number, routing.pk])).status_code == 404
    Routing.objects.filter(pk=routing.pk).update(status="withdrawn", finished_at=timezone.now())
    assert client.get(reverse("reports:routing_sheet", args=[routing.concern.number, routing.pk])).status_code == 404


def test_the_page_offers_the_papers_to_the_team_alone(mara, silke, stadtbetrieb):
    concern = answered(mara, stadtbetrieb)
    urls = [
        reverse("reports:concern_file", args=[concern.number]),
        reverse("reports:routing_sheet", args=[concern.number, concern.routings.get().pk]),
        f"{reverse('reports:sheet_new')}?art=notice&amp;anliegen={concern.number}",
    ]
    for person, offered in ((mara, [True] * 3), (silke, [False] * 3)):
        page = make.client_of(person).get(concern.get_absolute_url()).content.decode()
        assert [url in page for url in urls] == offered
