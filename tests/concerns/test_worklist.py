"""The feedback worklist: who waits, telling one person, notices, waivers (K09)."""

import pytest

from concerns.actions import bundling, closing, triage
from concerns.actions.intake import ANONYMOUS, ReporterData
from concerns.models import Feedback, LoopSettings, OutgoingMail, Reporter, ReporterAccess, TextBlock
from tests import make
from tests.concerns import loop
from tests.concerns.loop import fresh
from tests.jobs import run_jobs

pytestmark = pytest.mark.django_db

INA = ReporterData(name="Ina Klee", email="ina@post.example", channel="email", language="tr", consent_store=True)
CALL = {
    "text": "Der Müll ist weg.",
    "channel": "phone",
    "result": "reached",
    "reaction": "satisfied",
    "note": "",
    "language": "de",
}
MAIL = {"text": "Guten Tag Ina Klee, der Müll ist weg.", "channel": "email", "language": "de"}


def page(reporter):
    return f"/rueckmeldung/{reporter.pk}/"


@pytest.fixture
def waiting(mara, stadtbetrieb):
    """Somebody who waits for a call."""
    return loop.answered(mara, stadtbetrieb).reporters.get()


class TestList:
    def test_people_stand_under_the_way_they_chose(self, mara, stadtbetrieb, client_of):
        loop.answered(mara, stadtbetrieb, reporters=[loop.PERSON, INA, ANONYMOUS])
        client = client_of(mara)
        calls = client.get("/rueckmeldung/?weg=phone").content.decode()
        assert "Gerda Zorn" in calls
        assert "0241 555019" in calls
        assert "Ina Klee" not in calls
        mails = client.get("/rueckmeldung/?weg=email").content.decode()
        assert "Ina Klee" in mails
        assert "Türkisch" in mails
        assert [tab.count for tab in client.get("/rueckmeldung/").context["tabs"]] == [1, 1, 0, 0, 0, 1]

    def test_nobody_waits_before_there_is_an_answer(self, mara, stadtbetrieb, client_of):
        loop.forward(loop.log(mara), stadtbetrieb, by=mara)
        assert "Hier wartet niemand." in client_of(mara).get("/rueckmeldung/").content.decode()

    def test_other_teams_see_nobody(self, waiting, paul, client_of):
        client = client_of(paul)
        assert "Gerda Zorn" not in client.get("/rueckmeldung/?fuer=quartier").content.decode()
        assert client.get(page(waiting)).status_code == 404
        assert client.post(page(waiting), CALL).status_code == 404
        for step in ("entfaellt", "wieder-offen"):
            assert client.post(f"{page(waiting)}{step}/", {"reason": "no_contact", "note": "x"}).status_code == 404
        assert fresh(waiting).feedback_state == "open"

    def test_an_assistant_sees_the_own_intake_or_the_team_as_set(self, asli, mara, stadtbetrieb, client_of):
        hers, others = loop.answered(mara, stadtbetrieb), loop.answered(mara, stadtbetrieb, reporters=[INA])
        hers.reporters.update(taken_by=asli)
        client = client_of(asli)
        assert client.get(page(hers.reporters.get())).status_code == 200
        assert client.get(page(others.reporters.get())).status_code == 404
        LoopSettings.objects.update_or_create(pk=1, defaults={"assistants_see_team_reporters": True})
        assert client.get(page(others.reporters.get())).status_code == 200

    def test_looking_is_noted_once_a_day(self, mara, waiting, client_of):
        client = client_of(mara)
        client.get("/rueckmeldung/")
        client.get(page(waiting))
        assert list(ReporterAccess.objects.values_list("user", "concern")) == [(mara.pk, waiting.concern_id)]

    @pytest.mark.parametrize("rows", [1, 60])
    def test_queries_do_not_grow(self, mara, stadtbetrieb, client_of, django_assert_num_queries, rows):
        for _ in range(rows):
            concern = make.concern(district=mara.memberships.get().district, owner=mara, status="feedback_due")
            concern.reporters.update(due="final", due_since=concern.created_at, due_on=make.today())
        client = client_of(mara)
        client.get("/rueckmeldung/")
        with django_assert_num_queries(10):
            assert client.get("/rueckmeldung/").status_code == 200


class TestTelling:
    def test_the_departments_words_stand_beside_ours(self, mara, stadtbetrieb, client_of):
        concern = loop.log(mara)
        loop.reply(
            loop.forward(concern, stadtbetrieb, by=mara)[0], result="declined", reason_category="third_party",
            text="Die Fläche ist privat.", remark="Eigentümer ist bekannt",
        )  # fmt: skip
        reporter = concern.reporters.get()
        html = client_of(mara).get(page(reporter)).content.decode()
        assert "Die Fläche ist privat." in html
        assert "Nur für Sie: Eigentümer ist bekannt" in html
        draft = client_of(mara).get(page(reporter)).context["form"].initial["text"]
        assert draft.startswith("Guten Tag Gerda Zorn,")
        assert "Der Grund: Der Ort gehört nicht der Stadt." in draft
        assert "Eigentümer ist bekannt" not in draft

    def test_a_call_ends_the_duty_and_leads_to_closing(self, mara, waiting, client_of):
        response = client_of(mara).post(page(waiting), CALL)
        assert response.headers["Location"] == f"/anliegen/{waiting.concern.number}/abschliessen/"
        told = Feedback.objects.get()
        assert (told.kind, told.result, told.reaction, told.attempt) == ("final", "reached", "satisfied", 1)
        assert (fresh(waiting).feedback_state, fresh(waiting).due) == ("done", "")

    def test_nobody_reached_stays_on_the_list(self, mara, waiting, client_of):
        response = client_of(mara).post(page(waiting), {**CALL, "result": "not_reached"})
        assert response.headers["Location"] == "/rueckmeldung/?weg=phone"
        assert (fresh(waiting).due, fresh(waiting).attempts) == ("final", 1)

    @pytest.mark.parametrize(
        ("wrong", "message"),
        [
            ({"text": ""}, "Bitte füllen Sie dieses Feld aus."),
            ({"result": ""}, "Bitte angeben, was daraus geworden ist."),
            ({"result": "displayed"}, "Zu diesem Weg passt nur „Erreicht“ oder „Nicht erreicht“."),
            ({"result": "queued"}, "queued"),
            ({"channel": "email"}, "Zu dieser Person ist keine E-Mail-Adresse gespeichert."),
            ({"channel": "none"}, "none"),
            ({"reaction": "wütend"}, "wütend"),
            ({"language": "xx"}, "xx"),
            ({"text": "x" * 8001}, "8000"),
        ],
    )
    def test_wrong_input_says_why_and_keeps_the_text(self, mara, waiting, client_of, wrong, message):
        response = client_of(mara).post(page(waiting), {**CALL, **wrong})
        assert response.status_code == 422
        assert message in response.content.decode()
        assert {**CALL, **wrong}["text"][:50] in response.content.decode()
        assert not Feedback.objects.exists()

    def test_somebody_else_was_faster(self, mara, waiting, client_of):
        client = client_of(mara)
        client.post(page(waiting), CALL)
        response = client.post(page(waiting), {**CALL, "text": "Mein langer Text"})
        assert response.status_code == 409
        assert "Diese Person hat die Rückmeldung inzwischen schon bekommen." in response.content.decode()
        assert "Mein langer Text" in response.content.decode()
        assert Feedback.objects.count() == 1

    def test_a_text_block_is_added_and_nothing_is_lost(self, mara, waiting, client_of):
        block = TextBlock.objects.create(name="Dank", purpose="feedback", text="Vielen Dank für den Hinweis.")
        response = client_of(mara).post(
            page(waiting), {**CALL, "note": "rief zurück", "insert": "1", "block": block.pk}
        )
        form = response.context["form"]
        assert form.initial["text"] == "Der Müll ist weg.\n\nVielen Dank für den Hinweis."
        assert "rief zurück" in response.content.decode()
        assert not Feedback.objects.exists()

    def test_an_interim_message_names_the_new_date(self, mara, stadtbetrieb, client_of):
        concern = loop.log(mara)
        routing = loop.forward(concern, stadtbetrieb, by=mara)[0]
        later = make.today().replace(year=make.today().year + 1)
        loop.department.give_interim_notice(routing=routing, text="Teile fehlen.", new_due_on=later, by=None)
        reporter = concern.reporters.get()
        client = client_of(mara)
        assert f"{later:%d.%m.%Y}" in client.get(page(reporter)).context["form"].initial["text"]
        client.post(page(reporter), CALL)
        assert Feedback.objects.get().kind == "interim"
        assert fresh(reporter).feedback_state == "interim"

    def test_the_checklist_answers_while_typing(self, mara, client_of):
        response = client_of(mara).post("/rueckmeldung/textpruefung/", {"text": "Gem. § 3 StVO obliegt das FB 61."})
        html = response.content.decode()
        assert "Keine Paragrafen: bitte prüfen" in html
        assert "Ämter mit Namen statt Kürzel: bitte prüfen" in html


class TestMail:
    @pytest.fixture
    def ina(self, mara, stadtbetrieb):
        return loop.answered(mara, stadtbetrieb, reporters=[INA]).reporters.get()

    def test_what_is_previewed_is_what_is_sent(self, mara, ina, client_of, mailoutbox):
        client = client_of(mara)
        shown = client.post(page(ina), MAIL)
        assert shown.status_code == 200
        assert not Feedback.objects.exists()
        preview = shown.context["mail"]
        client.post(page(ina), {**MAIL, "send": "1"})
        assert (Feedback.objects.get().result, fresh(ina).feedback_state) == ("queued", "open")
        run_jobs()
        (mail,) = mailoutbox
        assert (mail.to, mail.subject, mail.body) == (["ina@post.example"], preview["subject"], preview["body"])
        assert (fresh(ina).feedback_state, OutgoingMail.objects.get().state) == ("done", "sent")

    def test_back_keeps_what_was_typed(self, mara, ina, client_of):
        response = client_of(mara).post(page(ina), {**MAIL, "back": "1"})
        assert response.status_code == 200
        assert MAIL["text"] in response.content.decode()
        assert not Feedback.objects.exists()

    def test_while_it_is_under_way_the_list_says_so(self, mara, ina, client_of):
        client = client_of(mara)
        client.post(page(ina), {**MAIL, "send": "1"})
        assert "E-Mail wird versandt" in client.get("/rueckmeldung/?weg=email").content.decode()
        assert client.post(page(ina), {**MAIL, "send": "1"}).status_code == 409
        assert OutgoingMail.objects.count() == 1

    def test_a_returned_mail_can_be_noted_by_hand(self, mara, ina, client_of):
        client = client_of(mara)
        client.post(page(ina), {**MAIL, "send": "1"})
        run_jobs()
        closing.close(concern=ina.concern, by=mara, **loop.ANSWER)
        client.post(f"/rueckmeldung/zurueckgekommen/{Feedback.objects.get().pk}/")
        assert (fresh(ina).due, fresh(ina.concern).status) == ("final", "feedback_due")
        assert "E-Mail unzustellbar" in client.get("/rueckmeldung/?weg=email").content.decode()


class TestWaivers:
    def test_a_waiver_can_be_taken_back(self, mara, waiting, client_of):
        client = client_of(mara)
        client.post(f"{page(waiting)}entfaellt/", {"reason": "not_wanted", "note": "Hat abgewinkt"})
        assert (fresh(waiting).feedback_state, fresh(waiting).waiver_note) == ("not_wanted", "Hat abgewinkt")
        client.post(f"{page(waiting)}wieder-offen/")
        assert (fresh(waiting).feedback_state, fresh(waiting).due) == ("open", "final")

    @pytest.mark.parametrize(
        ("data", "message"),
        [
            ({"reason": "not_wanted", "note": ""}, "Bitte kurz begründen"),
            ({"reason": "not_reached", "note": ""}, "erst nach 3 Versuchen; bisher sind es 0"),
            ({"reason": "erased", "note": "x"}, "erased"),
            ({"reason": "", "note": "x"}, "Bitte wählen Sie etwas aus."),
        ],
    )
    def test_a_waiver_needs_a_reason_that_holds(self, mara, waiting, client_of, data, message):
        response = client_of(mara).post(f"{page(waiting)}entfaellt/", data)
        assert response.status_code == 422
        assert message in response.content.decode()
        assert fresh(waiting).feedback_state == "open"

    def test_a_reaction_can_come_later(self, mara, waiting, client_of):
        told = loop.tell(waiting, by=mara)
        client_of(mara).post(f"/rueckmeldung/reaktion/{told.pk}/", {"reaction": "unsatisfied", "note": "Kam wieder"})
        assert (fresh(told).reaction, fresh(told).note) == ("unsatisfied", "Kam wieder")


class TestCollective:
    def test_one_notice_one_record_per_person(self, mara, stadtbetrieb, client_of):
        lead, other = loop.log(mara, reporters=[ANONYMOUS]), loop.log(mara, reporters=[ANONYMOUS])
        bundling.bundle(concern=other, lead=lead, by=mara)
        loop.reply(loop.forward(fresh(lead), stadtbetrieb, by=mara)[0])
        people = list(Reporter.objects.values_list("pk", flat=True))
        address = "/rueckmeldung/aushang/?" + "&".join(f"person={pk}" for pk in people)
        client = client_of(mara)
        assert client.get(address).context["form"].initial["text"] == "Wir haben den Müll abgeholt."
        client.post(address, {"text": "Der Müll ist weg.", "note": "Schaukasten bis Mai"})
        assert list(Feedback.objects.values_list("kind", "result")) == [("collective", "displayed")] * 2
        closing.close(concern=lead, by=mara, **loop.ANSWER)

    def test_several_topics_are_told_with_their_own_answers(self, mara, stadtbetrieb, client_of):
        rubbish, lamp, own = (
            loop.log(mara, reporters=[ANONYMOUS], title=title) for title in ("Wilder Müll", "Lampe", "Aushilfe")
        )
        loop.reply(loop.forward(rubbish, stadtbetrieb, by=mara)[0])
        loop.reply(loop.forward(lamp, stadtbetrieb, by=mara)[0], text="Die Lampe brennt wieder.")
        triage.take_on(concern=own, by=mara)
        triage.record_answer(concern=fresh(own), by=mara, outcome="informed", answer_text="Fragen Sie im Büro.")
        people = "&".join(f"person={one.reporters.get().pk}" for one in (rubbish, lamp, own))
        words = client_of(mara).get(f"/rueckmeldung/aushang/?{people}").context["form"].initial["text"]
        assert sorted(words.split("\n\n")) == [
            "Aushilfe:\nFragen Sie im Büro.",
            "Lampe:\nDie Lampe brennt wieder.",
            "Wilder Müll:\nWir haben den Müll abgeholt.",
        ]

    def test_strangers_and_nonsense_in_the_address(self, waiting, paul, mara, client_of):
        address = f"/rueckmeldung/aushang/?person={waiting.pk}&person=abc&person=-1&person={'9' * 30}"
        assert client_of(paul).get(address).context["reporters"] == []
        client_of(paul).post(address, {"text": "x", "note": "y"})
        assert not Feedback.objects.exists()
        assert client_of(mara).get(address).context["reporters"] == [waiting]
