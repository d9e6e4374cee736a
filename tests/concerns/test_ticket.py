"""The ticket of a department (K06, K07, I7, scenario 6): what stands there, and what never does."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import DataError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from concerns.actions import department as actions
from concerns.actions.drafts import save_draft
from concerns.actions.forwarding import Target, forward, withdraw
from concerns.models import Reply, ReporterAccess, Routing, RoutingMessage
from concerns.workflow import ConcernStatus, RoutingStatus
from districts.roles import Role
from tests import make
from tests.concerns.leaks import PERSONAL, SECRETS, leaked, leaky_concern, message
from tests.jobs import run_jobs

pytestmark = pytest.mark.django_db
QUERIES = 15


def url(routing, step=""):
    return reverse("concerns:ticket_step", args=[routing.pk, step]) if step else f"/vorgang/{routing.pk}/"


@pytest.fixture
def routing(stadtbetrieb, umwelt, ost, mara):
    """Bulky waste in Ost, with E 18 taking part and FB 36 leading."""
    concern = leaky_concern(
        other_department=umwelt, district=ost, owner=mara, title="Sperrmüll", place="Ecke Adalbertsteinweg",
        lat=50.7766, lon=6.1083,
    )  # fmt: skip
    return make.routing(
        concern=concern, department=stadtbetrieb, text="Seit Tagen liegt Sperrmüll.", question="Wann räumen Sie?"
    )


@pytest.fixture
def page(client_of, enno):
    def open_(routing, user=enno):
        response = client_of(user).get(url(routing))
        assert response.status_code == 200
        return response.text

    return open_


def current(routing):
    return Routing.objects.get(pk=routing.pk)


# --- What stands there ------------------------------------------------------------------------------------------------


def test_everything_needed_for_an_answer(page, routing, enno):
    make.deputyship(person=enno, deputy=make.user())
    text = page(routing)
    for words in (
        "Sperrmüll", "Ecke Adalbertsteinweg", "50.77660,6.10830", "Seit Tagen liegt Sperrmüll.", "Wann räumen Sie?",
        f"{routing.due_on:%d.%m.%Y}", "beteiligt", "FB 36 (federführend)", "Mara Lindt", "Aachen-Ost",
    ):  # fmt: skip
        assert words in text


def test_never_the_reporter_notes_or_other_departments(page, routing):
    assert leaked(page(routing)) == []


def test_the_other_department_gets_404(client_of, uwe, routing, umwelt):
    own = routing.concern.routings.get(department=umwelt)
    client = client_of(uwe)
    for step in ("", "annehmen", "rueckfrage", "zurueckgeben", "antworten"):
        assert client.get(url(routing, step)).status_code == 404
        assert client.post(url(routing, step or "annehmen"), {"file_number": "1"}).status_code == 404
    assert client.get(url(own)).status_code == 200
    assert current(routing).status == RoutingStatus.SENT


def test_people_of_the_successor_open_the_old_departments_ticket(page, stadtbetrieb):
    old = make.department("E 17", successor=stadtbetrieb)
    assert "Worum es geht" in page(make.routing(department=old, text="Alter Vorgang"))


def test_released_contact_needs_consent_and_is_noted(page, routing, enno):
    routing.released_contact = True
    routing.save()
    assert leaked(page(routing)) == []
    assert ReporterAccess.objects.count() == 0
    routing.concern.reporters.update(consent_pass_on=True)
    text = page(routing)
    assert leaked(text) == list(PERSONAL)
    assert "freigegeben für diesen Vorgang" in text
    assert list(ReporterAccess.objects.values_list("user", "concern", "on")) == [
        (enno.pk, routing.concern_id, make.today())
    ]


def test_consent_alone_shows_nothing(page, routing):
    routing.concern.reporters.update(consent_pass_on=True)
    assert leaked(page(routing)) == []


def test_only_consenting_reporters_of_a_released_routing(page, routing):
    make.reporter(concern=routing.concern, name="Ja Sager", consent_pass_on=True)
    routing.released_contact = True
    routing.save()
    text = page(routing)
    assert "Ja Sager" in text
    assert leaked(text) == []


def test_contact_is_gone_when_the_routing_is_finished(page, routing, enno):
    routing.concern.reporters.update(consent_pass_on=True)
    Routing.objects.filter(pk=routing.pk).update(released_contact=True)
    actions.reply(routing=routing, result="fulfilled", text="Geräumt.", by=enno)
    assert leaked(page(routing)) == []


def test_of_a_sensitive_concern_only_what_was_sent(page, stadtbetrieb, ost):
    topic = make.topic(name="Häusliche Gewalt", is_sensitive=True)
    concern = leaky_concern(
        topic=topic, district=ost, title="Kind in Not", place="Geheimgasse 5", lat=50.7712, lon=6.0999
    )
    make.routing(concern=make.concern(topic=topic, district=ost, title="Anderer Fall"), department=stadtbetrieb)
    text = page(make.routing(concern=concern, department=stadtbetrieb, text="Bitte um Beratungstermin."))
    assert "Bitte um Beratungstermin." in text
    for secret in ("Kind in Not", "Geheimgasse", "50.77", "Häusliche Gewalt", "Anderer Fall", "data-map"):
        assert secret not in text
    assert leaked(text) == []


def test_a_recalled_ticket_shows_no_more_than_its_number(page, routing, mara):
    routing.concern.reporters.update(consent_pass_on=True)
    Routing.objects.filter(pk=routing.pk).update(released_contact=True)
    message(routing, "Vertraulich besprochen", by=mara)
    withdraw(routing=routing, by=mara)
    text = page(routing)
    assert "zurückgerufen" in text
    for gone in ("Seit Tagen liegt", "Ecke Adalbertsteinweg", "Vertraulich besprochen", "Antwort senden"):
        assert gone not in text
    assert leaked(text) == []


def test_the_thread_names_sides(page, routing, mara, enno):
    message(routing, "Bitte vor dem Fest", by=mara)
    message(routing, "Machen wir", by=enno)
    text = page(routing)
    assert "Mara Lindt, Quartiersmanagement" in text
    assert text.count("q-thread__item--own") == 1


def test_earlier_tickets_of_the_own_department_only(page, routing, stadtbetrieb, umwelt, ost, preuswald):
    topic = routing.concern.topic
    near = make.routing(
        concern=make.concern(title="Gleich nebenan", lat=50.7770, lon=6.1090, district=ost), department=stadtbetrieb
    )
    make.routing(concern=make.concern(title="Weit weg", lat=50.70, lon=6.01, district=ost), department=stadtbetrieb)
    make.routing(concern=make.concern(title="Gleiches Thema", topic=topic, district=ost), department=stadtbetrieb)
    make.routing(concern=make.concern(title="Anderswo", topic=topic, district=preuswald), department=stadtbetrieb)
    make.routing(concern=make.concern(title="Fremd", topic=topic, district=ost), department=umwelt)
    text = page(routing)
    assert [title in text for title in ("Gleich nebenan", "Gleiches Thema")] == [True, True]
    assert [title in text for title in ("Weit weg", "Anderswo", "Fremd")] == [False, False, False]
    assert text.index("Gleich nebenan") < text.index("Gleiches Thema")
    assert url(near) in text


def test_at_most_five_earlier_tickets(client_of, enno, routing, stadtbetrieb, ost):
    for _ in range(7):
        make.routing(concern=make.concern(topic=routing.concern.topic, district=ost), department=stadtbetrieb)
    assert len(client_of(enno).get(url(routing)).context["ticket"].earlier) == 5


def test_scripts_in_texts_are_only_text(page, stadtbetrieb):
    evil = "<script>alert(1)</script>"
    routing = make.routing(
        concern=make.concern(title=evil, place=evil, lat=50.7, lon=6.1), department=stadtbetrieb, text=evil,
        question=evil,
    )  # fmt: skip
    assert evil not in page(routing)


def test_as_many_queries_for_a_short_as_for_a_long_ticket(client_of, enno, routing, stadtbetrieb, mara, ost):
    def queries():
        client = client_of(enno)
        with CaptureQueriesContext(connection) as captured:
            client.get(url(routing))
        return len(captured)

    message(routing, "Hallo", by=mara)
    few = queries()
    for n in range(12):
        message(routing, f"Nachricht {n}", by=enno)
        make.routing(concern=make.concern(topic=routing.concern.topic, district=ost), department=stadtbetrieb)
        make.routing(concern=routing.concern)
        make.text_block()
    assert (few, queries()) == (QUERIES, QUERIES)


# --- What can be done -------------------------------------------------------------------------------------------------


def post(client, routing, step, **data):
    return client.post(url(routing, step), data)


def test_accept_with_own_file_number(client_of, enno, routing):
    response = post(client_of(enno), routing, "annehmen", file_number="E18/22")
    assert (response.status_code, response.headers["Location"]) == (303, url(routing))
    now = current(routing)
    assert (now.status, now.file_number, now.assignee, now.accepted_by) == ("accepted", "E18/22", enno, enno)


def test_a_step_opened_by_its_address_holds_the_place_it_aims_at(client_of, enno, routing):
    html = client_of(enno).get(url(routing, "rueckfrage")).content.decode()
    assert (html.count('hx-target="#step"'), html.count('id="step"')) == (1, 1)


def test_accepting_twice_is_a_conflict(client_of, enno, lena, routing):
    post(client_of(lena), routing, "annehmen", file_number="")
    response = post(client_of(enno), routing, "annehmen", file_number="E18/99")
    assert response.status_code == 409
    assert "E18/99" in response.text
    assert current(routing).accepted_by == lena


def test_not_responsible_needs_a_reason_and_comes_back_to_the_desk(client_of, enno, stadtbetrieb, ost):
    routing = make.routing(department=stadtbetrieb)
    client = client_of(enno)
    response = post(client, routing, "zurueckgeben", reason="  ", suggestion="")
    assert response.status_code == 422
    assert current(routing).status == "sent"
    better = make.department("FB 61")
    response = post(client, routing, "zurueckgeben", reason="Das ist eine Landesstraße.", suggestion=better.pk)
    assert (response.status_code, response.headers["Location"]) == (303, reverse("concerns:inbox"))
    now = current(routing)
    assert (now.status, now.return_reason, now.return_suggestion) == ("returned", "Das ist eine Landesstraße.", better)
    assert (now.concern.status, now.concern.needs_triage) == (ConcernStatus.NEW, True)  # I4


def test_suggestions_are_valid_other_departments(client_of, enno, routing, stadtbetrieb):
    gone = make.department("FB 99", valid_to=make.today() - timedelta(days=1))
    client = client_of(enno)
    for wrong in (stadtbetrieb.pk, gone.pk, 999_999, "x"):
        response = post(client, routing, "zurueckgeben", reason="Nicht unseres.", suggestion=wrong)
        assert response.status_code == 422
        assert "Nicht unseres." in response.text
    assert current(routing).status == "sent"


def test_ask_back_stops_the_clock(client_of, enno, routing):
    client = client_of(enno)
    assert post(client, routing, "rueckfrage", text="").status_code == 422
    assert post(client, routing, "rueckfrage", text="Welche Hausnummer?").status_code == 303
    assert (current(routing).status, current(routing).query_since) == ("query", make.today())
    assert routing.messages.get().text == "Welche Hausnummer?"
    again = post(client, routing, "rueckfrage", text="Und welcher Eingang?")
    assert again.status_code == 409
    assert "Und welcher Eingang?" in again.text


def test_interim_notice_needs_a_later_date(client_of, enno, routing):
    client, today = client_of(enno), make.today()
    for wrong in (today, today - timedelta(days=1), "9999-12-31", "morgen", ""):
        response = post(client, routing, "zwischennachricht", text="Dauert länger.", new_due_on=wrong)
        assert response.status_code == 422
        assert "Dauert länger." in response.text
    assert (routing.messages.count(), current(routing).status) == (0, "sent")
    later = today + timedelta(days=30)
    assert post(client, routing, "zwischennachricht", text="Dauert länger.", new_due_on=later).status_code == 303
    assert (current(routing).due_on, current(routing).status) == (later, "accepted")


def test_message_without_touching_the_clock(client_of, enno, routing):
    assert post(client_of(enno), routing, "mitteilung", text="Wir sehen es uns an.").status_code == 303
    assert (current(routing).status, routing.messages.get().kind) == ("sent", RoutingMessage.Kind.REMARK)


def test_assign_to_a_colleague(client_of, enno, lena, routing):
    assert post(client_of(enno), routing, "zuweisen", assignee=lena.pk).status_code == 303
    assert current(routing).assignee == lena


def test_nobody_else_can_be_given_a_ticket(client_of, enno, uwe, mara, routing):
    gone = make.user(role=Role.DEPT_STAFF, department=routing.department, is_active=False)
    client = client_of(enno)
    for wrong in (uwe.pk, mara.pk, gone.pk, 999_999, "x", ""):
        assert post(client, routing, "zuweisen", assignee=wrong).status_code == 422
    assert current(routing).assignee is None


def test_a_colleagues_ticket_is_taken_away_by_the_head_only(client_of, enno, lena, routing):
    Routing.objects.filter(pk=routing.pk).update(assignee=lena)
    assert post(client_of(enno), routing, "zuweisen", assignee=enno.pk).status_code == 404
    assert post(client_of(lena), routing, "zuweisen", assignee=enno.pk).status_code == 303
    assert current(routing).assignee == enno


def test_unknown_steps_do_not_exist(client_of, enno, routing):
    assert client_of(enno).get(url(routing, "loeschen")).status_code == 404


def test_a_step_that_is_over_leads_back_to_the_ticket(client_of, enno, routing):
    post(client_of(enno), routing, "annehmen", file_number="")
    response = client_of(enno).get(url(routing, "annehmen"))
    assert (response.status_code, response.headers["Location"]) == (303, url(routing))


def test_steps_in_place_are_fragments(client_of, enno, routing):
    headers = {"HX-Request": "true", "HX-Target": "step"}
    client = client_of(enno)
    shown = client.get(url(routing, "rueckfrage"), headers=headers)
    assert "<html" not in shown.text
    wrong = client.post(url(routing, "rueckfrage"), {"text": ""}, headers=headers)
    assert (wrong.status_code, "<html" in wrong.text) == (422, False)
    done = client.post(url(routing, "rueckfrage"), {"text": "Wo genau?"}, headers=headers)
    assert (done.status_code, done.headers["HX-Redirect"]) == (204, url(routing))


def test_a_failure_on_the_way_changes_nothing(enno, stadtbetrieb):
    routing = make.routing(department=stadtbetrieb)
    before = routing.concern.events.count()
    with pytest.raises(DataError):  # longer than the column of the second write
        actions.reply(routing=routing, result="gibt es nicht", text="Erledigt.", by=enno)
    now = current(routing)
    assert (now.status, now.finished_at, now.concern.status) == ("sent", None, ConcernStatus.FORWARDED)
    assert (Reply.objects.count(), routing.concern.events.count()) == (0, before)


def test_an_unsent_text_stays_when_the_ticket_is_over(page, client_of, enno, lena, routing):
    save_draft(user=enno, form=f"reply:{routing.pk}", data={"text": ["Mein halber Satz"]}, at=timezone.now())
    actions.reply(routing=routing, result="fulfilled", text="Geräumt.", by=lena)
    text = page(routing)
    assert "Mein halber Satz" in text
    assert "Geräumt." in text
    assert SECRETS["name"] not in text


def test_the_mail_about_an_urgent_ticket_names_nobody(routing, mara):
    with_mail = make.department(mailbox="fb@stadt.example")
    target = Target(
        department=with_mail, text=SECRETS["other_text"], due_on=make.today() + timedelta(days=5), urgent=True
    )
    forward(concern=routing.concern, targets=[target], by=mara)
    run_jobs()
    assert [one.to for one in mail.outbox] == [["fb@stadt.example"]]
    assert leaked(mail.outbox[0].body + mail.outbox[0].subject) == []
    assert routing.concern.title not in mail.outbox[0].body


def test_photos_of_the_ticket_but_not_of_a_sensitive_or_recalled_one(client_of, enno, uwe, mara, ost, stadtbetrieb):
    def status(concern, user=enno):
        return client_of(user).get(reverse("concerns:photo", args=[concern.photos.get().pk])).status_code

    concern, sensitive = make.concern(district=ost, owner=mara), make.concern(is_sensitive=True)
    for one in (concern, sensitive):
        make.photo(concern=one)
    routing = make.routing(concern=concern, department=stadtbetrieb)
    make.routing(concern=sensitive, department=stadtbetrieb)
    assert (status(concern), status(concern, uwe), status(sensitive)) == (200, 404, 404)
    withdraw(routing=routing, by=mara)
    assert status(concern) == 404
