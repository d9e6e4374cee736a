"""What residents say about an answer, on the team's side: in the basket, settled, reopened, handed over, erased."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from concerns.actions import bundling, closing, digest, handover, privacy, triage, voices
from concerns.actions.base import Conflict
from concerns.actions.feedback import record_receipt
from concerns.history import SENTENCES, TEAM_ONLY
from concerns.models import Concern, ConcernEvent, Feedback, LoopSettings, OutgoingMail, Reporter, Voice
from concerns.standing import answer_of
from districts.roles import Role
from tests import make
from tests.concerns import loop

pytestmark = pytest.mark.django_db
BASKET = reverse("concerns:basket")
COMMENT = "Nach zwei Wochen lag alles <b>wieder</b> da."


def say(reporter: Reporter, *, helped: bool = False, comment: str = COMMENT, at=None) -> Voice:
    answer_at = answer_of(loop.fresh(reporter.concern.lead or reporter.concern))
    return voices.say(reporter=reporter, answer_at=answer_at, helped=helped, comment=comment, at=at)


@pytest.fixture
def voice(mara, stadtbetrieb):
    """Somebody says of a closed concern of mara's that it did not help."""
    return say(loop.closed(mara, stadtbetrieb).reporters.get())


def listed(client) -> tuple[str, list]:
    """The tile's number, and the comments of the list behind it."""
    found = client.get(BASKET, {"liste": "stimmen", "fuer": "quartier"})
    tile = next(tile for tile in found.context["tiles"] if tile["basket"].key == "stimmen")
    return str(tile["count"]), [line["voice"].comment if line["may_see"] else None for line in found.context["lines"]]


# --- Basket -----------------------------------------------------------------------------------------------------------


def test_a_no_lies_in_the_basket_with_its_date_and_comes_from_outside(voice, mara, client_of):
    client = client_of(mara)
    assert listed(client) == ("1", [COMMENT])
    page = client.get(BASKET, {"liste": "stimmen"}).content.decode()
    assert "Kommentar von außen" in page
    assert "Nach zwei Wochen lag alles &lt;b&gt;wieder&lt;/b&gt; da." in page
    assert f'datetime="{voice.due_on}"' in page
    assert f'href="{reverse("concerns:reopen", args=[voice.reporter.concern.number])}?grund=unsatisfied"' in page
    assert [secret for secret in (loop.PERSON.name, loop.PERSON.phone) if secret in page] == []


def test_a_yes_gives_nobody_work(mara, stadtbetrieb, client_of):
    say(loop.closed(mara, stadtbetrieb).reporters.get(), helped=True)
    assert listed(client_of(mara)) == ("0", [])


def test_only_the_team_sees_it_and_the_comment_only_who_may_see_the_person(
    voice, mara, asli, paul, enno, silke, client_of
):
    assert listed(client_of(asli)) == ("1", [None])
    LoopSettings.objects.update_or_create(pk=1, defaults={"assistants_see_team_reporters": True})
    assert listed(client_of(asli)) == ("1", [COMMENT])
    assert listed(client_of(paul)) == ("0", [])
    for stranger in (paul, silke, enno):
        for url in (BASKET, voice.reporter.concern.get_absolute_url()):
            response = client_of(stranger).get(url, {"liste": "stimmen", "fuer": "quartier"})
            assert COMMENT.partition("<")[0] not in response.content.decode()
            assert "Stimme von außen" not in response.content.decode()
    assert COMMENT.partition("<")[0] in client_of(mara).get(voice.reporter.concern.get_absolute_url()).content.decode()


def test_done_takes_it_off_and_can_be_taken_back(voice, mara, client_of):
    client = client_of(mara)
    response = client.post(reverse("concerns:voice_settle", args=[voice.pk]))
    assert (response.status_code, response.headers["Location"]) == (303, f"{BASKET}?liste=stimmen")
    settled = loop.fresh(voice)
    assert (settled.settled, settled.settled_by, listed(client)) == ("done", mara, ("0", []))
    client.post(reverse("concerns:voice_unsettle", args=[voice.pk]))
    again = loop.fresh(voice)
    assert (again.settled, again.settled_at, again.settled_by, again.due_on) == ("", None, None, voice.due_on)
    assert listed(client) == ("1", [COMMENT])
    told = [(event.kind, event.old, event.new) for event in ConcernEvent.objects.filter(kind__startswith="voice")]
    assert told == [("voice", "", "not_helped"), ("voice_settled", "", "done"), ("voice_settled", "done", "")]


def test_two_people_settle_it_at_once(voice, mara, client_of):
    voices.settle(voice=voice, by=mara)
    with pytest.raises(Conflict):
        voices.settle(voice=voice, by=mara)
    page = client_of(mara).post(reverse("concerns:voice_settle", args=[voice.pk]), follow=True).content.decode()
    assert "Das ist inzwischen schon erledigt." in page


def test_strangers_settle_nothing(voice, paul, asli, enno, client_of):
    for stranger in (paul, asli, enno):
        assert client_of(stranger).post(reverse("concerns:voice_settle", args=[voice.pk])).status_code == 404
    assert loop.fresh(voice).settled == ""


def test_reopening_from_the_basket_settles_it(voice, mara, client_of):
    url = reverse("concerns:reopen", args=[voice.reporter.concern.number])
    form = client_of(mara).get(url, {"grund": "unsatisfied"}).context["form"]
    assert form["reason"].value() == "unsatisfied"
    client_of(mara).post(url, {"reason": "unsatisfied"})
    settled = loop.fresh(voice)
    assert (settled.settled, settled.settled_by, settled.comment) == ("reopened", mara, COMMENT)
    assert (loop.fresh(voice.reporter.concern).status, listed(client_of(mara))) == ("new", ("0", []))
    client_of(mara).post(reverse("concerns:voice_unsettle", args=[voice.pk]))
    assert loop.fresh(voice).settled == "reopened"


def test_reopening_a_bundle_settles_what_its_people_say(mara, stadtbetrieb):
    lead, other = loop.log(mara), loop.log(mara)
    bundling.bundle(concern=other, lead=lead, by=mara)
    loop.reply(loop.forward(lead, stadtbetrieb, by=mara)[0])
    people = [one.reporters.get() for one in (lead, other)]
    for reporter in people:
        loop.tell(reporter, by=mara)
    closing.close(concern=loop.fresh(lead), by=mara, **loop.ANSWER)
    said = [say(Reporter.objects.get(pk=one.pk)) for one in people]
    closing.reopen(concern=lead, reason="unsatisfied", by=mara)
    assert [loop.fresh(one).settled for one in said] == ["reopened", "reopened"]


def test_a_new_round_can_be_judged_anew(voice, mara):
    reporter = voice.reporter
    closing.reopen(concern=reporter.concern, reason="unsatisfied", by=mara)
    triage.record_answer(concern=reporter.concern, by=mara, outcome="informed", answer_text="Jetzt aber.")
    loop.tell(loop.fresh(reporter), by=mara)
    second = say(loop.fresh(reporter), helped=True)
    assert [(one.helped, one.settled) for one in Voice.objects.order_by("pk")] == [(False, "reopened"), (True, "")]
    assert [one.reaction for one in reporter.feedbacks.all()] == ["unsatisfied", "satisfied"]
    assert second.pk != voice.pk


def test_looking_at_the_list_is_noted(voice, mara, client_of):
    voice.reporter.concern.reporter_accesses.all().delete()
    client_of(mara).get(BASKET, {"liste": "stimmen"})
    assert voice.reporter.concern.reporter_accesses.get().user == mara


# --- Nobody's leaving orphans it (I9) ---------------------------------------------------------------------------------


def test_whoever_leaves_hands_it_over(voice, mara, ost, adam):
    duties = handover.duties_of(mara, on=make.today())
    assert [duties.count(key) for key in ("concerns", "promises", "voices")] == [0, 0, 1]
    assert duties.sentences() == ["1 Anliegen mit Stimmen von außen"]
    with pytest.raises(handover.HandoverNeeded):
        handover.deactivate_person(person=mara, by=adam)
    voices.settle(voice=voice, by=mara)
    assert not handover.duties_of(mara, on=make.today())


def test_a_no_about_a_concern_whose_owner_has_left_finds_somebody(mara, ost, stadtbetrieb, adam, client_of):
    reporter = loop.closed(mara, stadtbetrieb).reporters.get()
    successor = make.user(role=Role.MANAGER, district=ost)
    handover.deactivate_person(person=mara, by=adam)
    say(reporter)
    assert loop.fresh(reporter.concern).owner == successor
    assert listed(client_of(successor)) == ("1", [COMMENT])


def test_the_digest_counts_it_without_a_word_of_it(voice, mara):
    at = timezone.now().replace(hour=10)
    while not digest.is_workday(at.date()):
        at += timedelta(days=1)
    digest.send_digests(at=at)
    body = OutgoingMail.objects.get(to=mara.email).body
    assert "- Stimmen von Bewohner/innen: hat nicht geholfen: 1" in body
    assert COMMENT.partition("<")[0] not in body


# --- Personal data ----------------------------------------------------------------------------------------------------


def test_erasing_the_person_removes_what_they_wrote_and_keeps_that_they_did(voice, mara):
    privacy.erase_reporter(reporter=voice.reporter, reason="request", by=mara)
    kept = loop.fresh(voice)
    assert (kept.comment, kept.helped, kept.due_on) == ("", False, voice.due_on)
    with pytest.raises(voices.OtherAnswer):
        say(loop.fresh(voice.reporter))


def test_export_tells_what_they_said(voice, mara):
    told = privacy.export_reporter(reporters=[voice.reporter], by=mara)[0]
    said = [{"Am": voice.at.isoformat(), "Geholfen": False, "Kommentar": COMMENT}]
    assert (told["Hat die Antwort geholfen?"], told["Statuscode ausgegeben"]) == (said, False)


def test_what_people_without_data_wrote_is_forgotten_in_time(mara, stadtbetrieb):
    nobody = loop.intake.ReporterData(kind="resident", channel="in_person")
    concern = loop.closed(mara, stadtbetrieb, reporters=[nobody])
    said = say(concern.reporters.get())
    closed_at = loop.fresh(concern).closed_at
    privacy.apply_retention(at=closed_at + timedelta(days=360))
    assert loop.fresh(said).comment == COMMENT
    privacy.apply_retention(at=closed_at + timedelta(days=370))
    assert (loop.fresh(said).comment, loop.fresh(said).helped) == ("", False)


def test_history_knows_the_kinds_and_shows_them_to_the_team_alone(voice, mara, silke, client_of):
    kinds = {"voice", "voice_settled", "status_code"}
    assert kinds <= TEAM_ONLY
    assert kinds <= set(SENTENCES)
    url = voice.reporter.concern.get_absolute_url()
    shown = {user: client_of(user).get(url).context["entries"] for user in (mara, silke)}
    assert [entry.by for entry in shown[mara] if entry.title == "Stimme von außen: hat nicht geholfen"] == [
        "über die Statusseite"
    ]
    assert [entry for entry in shown[silke] if "Stimme" in entry.title] == []


# --- Receipt handed over ----------------------------------------------------------------------------------------------


def test_a_receipt_handed_over_is_noted_once_and_ends_no_duty(mara, stadtbetrieb, client_of):
    concern = loop.answered(mara, stadtbetrieb)
    reporter = concern.reporters.get()
    url = reverse("concerns:receipt_given", args=[reporter.pk])
    response = client_of(mara).post(url)
    assert (response.status_code, response.headers["Location"]) == (303, concern.get_absolute_url())
    client_of(mara).post(url)
    given = Feedback.objects.get()
    assert (given.kind, given.result, given.attempt, given.by) == ("receipt", "reached", 0, mara)
    now = loop.fresh(reporter)
    assert (now.attempts, now.feedback_state, now.due) == (0, "open", "final")
    loop.tell(reporter, by=mara)
    assert [one.attempt for one in reporter.feedbacks.all()] == [0, 1]


def test_a_receipt_is_for_anonymous_and_told_people_too_but_not_for_erased_ones(mara, stadtbetrieb):
    told = loop.closed(mara, stadtbetrieb).reporters.get()
    assert record_receipt(reporter=told, by=mara).attempt == 0
    assert Concern.objects.get(pk=told.concern_id).status == "closed"
    erased = make.concern(owner=mara).reporters.get()
    privacy.erase_reporter(reporter=erased, reason="request", by=mara)
    with pytest.raises(Conflict):
        record_receipt(reporter=erased, by=mara)
