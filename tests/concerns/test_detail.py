"""The concern page: who sees what of it, what it offers, and that it stays lean (K12, I7, I11, Q02)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from concerns.actions import bundling, department, feedback, forwarding, intake, triage
from concerns.actions.intake import ANONYMOUS, ReporterData
from concerns.models import ConcernEvent, LoopSettings, ReporterAccess, RoutingMessage
from tests import make
from tests.concerns import loop

pytestmark = pytest.mark.django_db

NAME, PHONE, MAIL, STREET = "Gerda Zorn", "0241 555019", "gerda@example.org", "Geheimweg 3"
PERSON = ReporterData(
    name=NAME, phone=PHONE, email=MAIL, address=STREET, consent_store=True, consent_pass_on=True, language="tr"
)
FEEDBACK, WAIVED, NOTE, REMARK = "Guten Tag Frau Zorn, erledigt.", "Zieht nach Köln", "Sie ist sehr krank", "Nur intern"
SECRETS = (NAME, PHONE, MAIL, STREET, FEEDBACK, WAIVED, NOTE, REMARK, "Türkisch")


def url(concern, step="detail", *args) -> str:
    return reverse(f"concerns:{step}", args=[concern.number, *args])


def page(client, concern, **params) -> str:
    answer = client.get(url(concern), params)
    assert answer.status_code == 200
    return answer.content.decode()


def offered(client, concern) -> tuple[str, list[str]]:
    context = client.get(url(concern)).context
    return context["primary"].label if context["primary"] else "", [offer.label for offer in context["others"]]


@pytest.fixture
def rich(mara, stadtbetrieb):
    """A concern with everything that must not leak: reporters, feedback, waiver, team note, internal remark."""
    concern = loop.log(mara, reporters=[PERSON, PERSON, ANONYMOUS], note=NOTE)
    routing = loop.forward(concern, stadtbetrieb, by=mara)[0]
    loop.reply(routing, remark=REMARK)
    told, waived, _ = concern.reporters.all()
    feedback.record_feedback(
        reporter=told, kind="final", channel="phone", text=FEEDBACK, result="reached", note=NOTE, by=mara
    )
    feedback.waive(reporter=waived, reason="no_contact", note=WAIVED, by=mara)
    return loop.fresh(concern)


def found(html: str) -> list[str]:
    return [secret for secret in SECRETS if secret in html]


def test_the_manager_sees_everything(rich, mara, client_of):
    assert found(page(client_of(mara), rich)) == list(SECRETS)


def test_planning_and_the_next_quarter_see_counts_but_no_person_and_no_note(rich, silke, adam, paul, client_of):
    for user in (silke, adam, paul):
        html = page(client_of(user), rich, verlauf="alle")
        assert found(html) == []
        assert "3 Personen, 1 wartet auf Rückmeldung" in html
        assert "Teamnotiz" not in html
        assert "Wir haben den Müll abgeholt." in html


def test_assistants_see_only_people_they_took_in_unless_set_otherwise(rich, asli, client_of):
    client = client_of(asli)
    own = ReporterData(name="Selma Rott", phone="0241 777", consent_store=True)
    intake.add_reporter(concern=rich, data=own, by=asli)
    html = page(client, rich)
    assert found(html) == [NOTE, REMARK]  # notes and remarks are the team's
    assert "Selma Rott" in html
    LoopSettings.objects.update_or_create(pk=1, defaults={"assistants_see_team_reporters": True})
    assert found(page(client, rich)) == list(SECRETS)


def test_sensitive_concerns_are_the_teams_alone(mara, paul, silke, client_of):
    concern = loop.log(mara, topic=make.topic(is_sensitive=True), lat=50.77, lon=6.1)
    assert client_of(mara).get(url(concern)).context["map"] is None
    assert [client_of(user).get(url(concern)).status_code for user in (paul, silke)] == [404, 404]


def test_departments_and_signed_out_people_find_nothing(rich, enno, lena, client_of):
    assert [client_of(user).get(url(rich)).status_code for user in (enno, lena, None)] == [404, 404, 302]


def test_looking_at_people_is_noted_once_a_day(rich, mara, silke, client_of):
    for user in (mara, mara, silke):
        page(client_of(user), rich)
    assert list(ReporterAccess.objects.values_list("user", "concern", "on")) == [(mara.pk, rich.pk, make.today())]


def test_bundled_people_are_noted_and_shown_at_the_lead(rich, mara, client_of):
    other = loop.log(mara, reporters=[ReporterData(name="Ivo Blank", phone="1234567", consent_store=True)])
    bundling.bundle(concern=other, lead=rich, by=mara)
    html = page(client_of(mara), rich)
    assert "Ivo Blank" in html
    assert "Gemeldet von 4 Personen in 2 Anliegen, 2 warten auf Rückmeldung" in html
    assert set(ReporterAccess.objects.values_list("concern", flat=True)) == {rich.pk, other.pk}


@pytest.mark.parametrize("user", ["paul", "silke", "adam", "enno"])
def test_who_may_only_read_is_offered_nothing_and_can_do_nothing(user, request, rich, client_of):
    client = client_of(request.getfixturevalue(user))
    if user != "enno":
        assert offered(client, rich) == ("", [])
    pk = rich.routings.get().pk
    steps = [("take_on",), ("park",), ("wake",), ("answer",), ("acknowledge_return",), ("follow_up",), ("owner",)]
    steps += [("note",), ("forward",), ("withdraw", pk), ("answer_query", pk), ("remark", pk), ("paper_reply", pk)]
    steps += [("bundle",), ("unbundle",), ("close",), ("reopen",), ("settle_promise",), ("undo",)]
    before = ConcernEvent.objects.count()
    assert {client.post(url(rich, *step), {"text": "x"}).status_code for step in steps} == {404}
    assert ConcernEvent.objects.count() == before


def test_assistants_may_note_and_set_follow_ups_only(rich, asli, client_of):
    client = client_of(asli)
    assert offered(client, rich) == ("", ["Vermitteln", "Wiedervorlage"])
    assert client.post(url(rich, "note"), {"text": "Rückruf ab 14 Uhr"}).status_code == 303
    assert client.post(url(rich, "follow_up"), {"on": ""}).status_code == 303
    assert client.get(url(rich, "forward")).status_code == 404
    assert client.get(url(rich, "close")).status_code == 404


def test_one_primary_step_by_state(mara, stadtbetrieb, umwelt, client_of):
    client, concern = client_of(mara), loop.log(mara)
    assert offered(client, concern)[0] == "Weiterleiten"
    triage.park(concern=concern, until=make.today() + timedelta(days=3), by=mara)
    assert offered(client, concern)[0] == "Jetzt weiterarbeiten"
    triage.take_on(concern=concern, by=mara)
    assert offered(client, concern)[0] == "Ergebnis festhalten"
    first, second = loop.forward(concern, stadtbetrieb, umwelt, by=mara)
    assert offered(client, concern)[0] == "Wiedervorlage"
    type(first).objects.filter(pk=first.pk).update(due_on=make.today() - timedelta(days=1))
    assert offered(client, concern)[0] == "Bei E 18 nachfragen"
    department.give_back(routing=second, reason="Nicht unser Gebiet", by=None)
    assert offered(client, concern)[0] == "Neu weiterleiten"
    department.ask(routing=first, text="Wo?", by=None)
    assert offered(client, concern)[0] == "Rückfrage von E 18 beantworten"
    loop.reply(first)
    assert offered(client, concern)[0] == "Rückmeldung geben"
    loop.tell(concern.reporters.get(), by=mara)
    assert offered(client, concern)[0] == "Abschließen"
    client.post(url(concern, "close"), {"outcome": "planned", "promised_on": make.today(), "answer_text": "Kommt."})
    assert offered(client, concern) == ("Zusage prüfen", ["Wieder öffnen", "Zuständig ändern"])


def test_a_bundled_concern_leads_to_its_lead(mara, client_of):
    lead, concern = loop.log(mara), loop.log(mara)
    bundling.bundle(concern=concern, lead=lead, by=mara)
    steps = ["Aus dem Bündel lösen", "Vermitteln", "Zuständig ändern"]
    assert offered(client_of(mara), concern) == (f"Zum führenden Anliegen {lead.number}", steps)


def test_the_four_stations_and_whose_turn_it_is(mara, stadtbetrieb, client_of):
    client, concern = client_of(mara), loop.log(mara)

    def stations():
        context = client.get(url(concern)).context
        return context["done"], context["turn"]

    assert stations() == (1, "Quartiersmanagement (Mara Lindt)")
    routing = loop.forward(concern, stadtbetrieb, by=mara)[0]
    assert stations() == (2, "E 18")
    department.ask(routing=routing, text="Wo?", by=None)
    assert stations() == (2, "Quartiersmanagement (Rückfrage von E 18)")
    loop.reply(routing)
    assert stations() == (3, "Quartiersmanagement (Mara Lindt)")
    loop.tell(concern.reporters.get(), by=mara)
    client.post(url(concern, "close"), {"outcome": "fulfilled", "answer_text": "Erledigt."})
    assert stations() == (4, "")


def test_the_history_tells_who_when_what_from_where_to_where(rich, mara, asli, client_of):
    triage.assign_owner(concern=rich, owner=asli, by=mara)
    triage.set_follow_up(concern=rich, on=timezone.localdate().replace(year=2030, month=3, day=9), by=mara)
    entries = client_of(mara).get(url(rich)).context["entries"]
    assert [(entry.by, entry.title, entry.text) for entry in entries] == [
        ("Mara Lindt", "Wiedervorlage für den 09.03.2030 gesetzt", ""),
        ("Mara Lindt", "Zuständige Person geändert", "Mara Lindt → Aslı Demir"),
        ("Mara Lindt", "Rückmeldung begründet entfallen", f"Keine Kontaktmöglichkeit · {NAME}"),
        ("Mara Lindt", "Abschlussrückmeldung: Erreicht", f"{NAME} · Telefon · 1. Versuch"),
        (
            "über den Antwortlink",
            "E 18 hat geantwortet: Entsprochen / erledigt",
            "Weitergeleitet → Rückmeldung offen",
        ),
        ("Mara Lindt", "An E 18 weitergeleitet (federführend)", "Neu erfasst → Weitergeleitet"),
        ("Mara Lindt", "Anliegen erfasst", "Eingang: Sprechzeit im Stadtteilbüro"),
    ]


def test_the_thread_tells_the_two_sides_apart(mara, enno, stadtbetrieb, client_of):
    concern = loop.log(mara)
    routing = loop.forward(concern, stadtbetrieb, by=mara)[0]
    department.ask(routing=routing, text="Wo genau?", by=enno)
    forwarding.answer_query(routing=routing, text="Am Tor.", by=mara)
    forwarding.remark(routing=routing, text="Danke.", by=enno)
    forwarding.remark(routing=routing, text="Gern.", by=mara)
    panel = client_of(mara).get(url(concern)).context["routings"][0]
    assert [(entry["text"], entry["own"]) for entry in panel["thread"]] == [
        ("Wo genau?", False),
        ("Am Tor.", True),
        ("Danke.", False),
        ("Gern.", True),
    ]


def test_similar_concerns_of_other_quarters_are_not_shown(mara, paul, client_of):
    topic = make.topic()
    concern, near = loop.log(mara, topic=topic), loop.log(mara, topic=topic)
    loop.log(paul, topic=topic)
    assert client_of(mara).get(url(concern)).context["similar"] == [near]
    assert client_of(paul).get(url(concern)).context["similar"] == []


def test_script_in_every_text_stays_text(mara, stadtbetrieb, client_of):
    evil = "<script>alert(1)</script>"
    concern = loop.log(mara, reporters=[ReporterData(name=evil, consent_store=True)], note=evil, place=evil)
    routing = loop.forward(concern, stadtbetrieb, by=mara)[0]
    department.ask(routing=routing, text=evil, by=None)
    type(concern).objects.filter(pk=concern.pk).update(title=evil, text=evil)
    assert evil not in page(client_of(mara), concern)


@pytest.mark.parametrize("number", ["2026-99999", "abc", "2026-00001%00", "../2026-00001"])
def test_numbers_that_do_not_exist(number, mara, client_of):
    assert client_of(mara).get(f"/anliegen/{number}/").status_code == 404


def test_long_histories_are_cut_and_can_be_opened(mara, client_of):
    concern, client = loop.log(mara), client_of(mara)
    for _ in range(60):
        triage.add_note(concern=concern, text="x", by=mara)
    assert "?verlauf=alle" in page(client, concern)
    assert len(client.get(url(concern)).context["entries"]) == 40
    assert len(client.get(url(concern), {"verlauf": "alle"}).context["entries"]) == 61


def test_the_number_of_queries_does_not_grow(mara, asli, client_of, django_assert_num_queries):
    client, small, large = client_of(mara), loop.log(mara), loop.log(mara, reporters=[PERSON] * 50)
    for concern, routings, notes in ((small, 1, 1), (large, 30, 40)):
        for number in range(routings):
            routing = loop.forward(concern, make.department(), by=mara)[0]
            RoutingMessage.objects.create(routing=routing, kind="remark", text="Hallo", by=asli)
            if number:
                loop.reply(routing)
        for _ in range(notes):
            triage.add_note(concern=concern, text="Notiz", by=mara)
        triage.assign_owner(concern=concern, owner=asli, by=mara)
        bundling.bundle(concern=loop.log(mara), lead=concern, by=mara)
    assert large.events.count() > 100
    for concern in (small, large):
        page(client, concern)
        with django_assert_num_queries(23):
            page(client, concern, verlauf="alle")
