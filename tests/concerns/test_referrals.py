"""Referring somebody to an offer or an actor, and asking whether they have arrived (K17)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from concerns.actions import closing, handover, privacy, triage
from concerns.actions import referrals as actions
from concerns.actions.base import Conflict, LoopError
from concerns.models import Referral, Reporter, ReporterAccess
from concerns.referring import words_of
from districts.actions.contacts import erase_contact
from districts.actions.merging import merge_actors, undo_merge
from districts.models import Offer
from reports.papers.referral_slip import make_slip
from tests import make, make_offers, pdf
from tests.concerns import loop

pytestmark = pytest.mark.django_db

BASKET = reverse("concerns:basket")


@pytest.fixture
def concern(mara, ost):
    return make.concern(district=ost, owner=mara, reporters=[{"name": "Hanna Zander", "language": "tr"}])


def close(concern, by):
    """Answer, tell everybody, close."""
    triage.record_answer(concern=concern, by=by, **loop.ANSWER)
    for reporter in concern.reporters.unsettled():
        loop.tell(reporter, by=by)
    closing.close(concern=concern, by=by, **loop.ANSWER)


def search(client, concern, **query):
    answer = client.get(reverse("concerns:refer", args=[concern.number]), query)
    return [one.title for one, _ in answer.context["rows"]], [one.name for one, _ in answer.context["actors"]]


def send(client, concern, target, **data):
    kind = "offer" if isinstance(target, Offer) else "actor"
    return client.post(reverse(f"concerns:refer_to_{kind}", args=[concern.number, target.pk]), data)


def test_finds_what_fits_district_and_topic_first_and_then_what_is_asked(client_of, mara, ost, preuswald):
    field, other = make.action_field(), make.action_field()
    theme = make.theme(action_field=field)
    concern = make.concern(district=ost, owner=mara, topic=make.topic(parent=theme))
    make_offers.offer(title="passt", districts=[ost], action_fields=[field], provider=make.actor(name="a"))
    make_offers.offer(title="stadtweit", action_fields=[field], languages=["tr"], provider=make.actor(name="b"))
    make_offers.offer(title="anderes Feld", districts=[ost], action_fields=[other], provider=make.actor(name="c"))
    make_offers.offer(title="anderswo", districts=[preuswald], action_fields=[field], provider=make.actor(name="d"))
    make_offers.offer(title="Pause", districts=[ost], action_fields=[field], status="paused")
    make.actor(name="Werkhof", districts=[ost], action_fields=[field])
    make.actor(name="Fern", districts=[preuswald], action_fields=[field])
    client = client_of(mara)
    assert search(client, concern) == (["passt", "stadtweit"], ["Werkhof"])
    assert search(client, concern, district=ost.pk)[0] == ["anderes Feld", "passt", "stadtweit"]
    assert search(client, concern, language="tr") == (["stadtweit"], [])
    assert search(client, concern, q="anderswo")[0] == ["anderswo"]


def test_a_concern_of_a_district_of_the_past_is_searched_for_in_the_whole_city(client_of, mara, ost):
    concern = make.concern(district=ost, owner=mara)
    make_offers.offer(title="stadtweit")
    type(ost).objects.filter(pk=ost.pk).update(valid_to=make.today() - timedelta(days=1))
    answer = client_of(mara).get(reverse("concerns:refer", args=[concern.number]))
    assert (answer.status_code, [one.title for one, _ in answer.context["rows"]]) == (200, ["stadtweit"])


def test_the_topic_itself_may_say_another_field_than_its_theme(client_of, mara, ost):
    field = make.action_field()
    topic = make.topic(parent=make.theme(action_field=make.action_field()), action_field=field)
    make_offers.offer(title="passt", action_fields=[field])
    assert search(client_of(mara), make.concern(district=ost, owner=mara, topic=topic))[0] == ["passt"]


def test_recording_one_shows_it_to_the_team_and_offers_a_slip(client_of, mara, asli, silke, enno, concern, ost):
    offer = make_offers.offer(title="Schuldnerberatung", districts=[ost])
    reporter = concern.reporters.get()
    answer = send(client_of(mara), concern, offer, reporter=reporter.pk, accompanied="on", ask_on=make.today())
    made = Referral.objects.get()
    assert (answer.status_code, made.reporter, made.accompanied, made.consent_on) == (303, reporter, True, None)
    page = client_of(mara).get(concern.get_absolute_url()).content.decode()
    assert "Schuldnerberatung" in page
    assert "Vermittelt an ein Angebot" in page
    assert "für Hanna Zander" in page
    assert "Hanna" not in client_of(asli).get(concern.get_absolute_url()).content.decode()
    seen_by_planning = client_of(silke).get(concern.get_absolute_url()).content.decode()
    assert "Schuldnerberatung" not in seen_by_planning
    assert "Vermittelt" not in seen_by_planning
    event = concern.events.get(kind="referred")
    assert (event.visibility, event.new, event.data) == ("team", "offer", {"referral": made.pk, "offer": offer.pk})


def test_handing_over_data_needs_the_person_and_the_day_of_consent(client_of, mara, concern):
    offer, reporter = make_offers.offer(), concern.reporters.get()
    client, tomorrow = client_of(mara), make.today() + timedelta(days=1)
    for data, field in (
        ({"reporter": reporter.pk}, "consent_on"),
        ({"consent_on": make.today()}, "reporter"),
        ({"reporter": reporter.pk, "consent_on": tomorrow}, "consent_on"),
    ):
        answer = send(client, concern, offer, hands_over_data="on", **data)
        assert answer.status_code == 422
        assert field in answer.context["form"].errors
    assert not Referral.objects.exists()
    send(client, concern, offer, hands_over_data="on", reporter=reporter.pk, consent_on=make.today())
    assert Referral.objects.get().hands_over_data
    send(client, concern, offer.provider, reporter=reporter.pk, consent_on=make.today())
    assert not Referral.objects.first().hands_over_data


def test_the_outcome_follows_and_the_feedback_stays_due(client_of, mara, concern, ost):
    offer = make_offers.offer(title="Sprachcafé", times="mittwochs 18 Uhr", place="Rehmplatz 9", districts=[ost])
    client = client_of(mara)
    answer = send(client, concern, offer, finish="on")
    step = client.get(answer.url)
    assert step.context["form"].initial["outcome"] == "referred"
    words = step.context["form"].initial["answer_text"]
    assert words == words_of(concern)
    assert "Sprachcafé" in words
    assert "Rehmplatz 9; mittwochs 18 Uhr" in words
    client.post(answer.url, {"outcome": "referred", "answer_text": words})
    concern = loop.fresh(concern)
    assert (concern.status, concern.outcome, concern.reporters.get().due) == ("feedback_due", "referred", "final")


def test_words_for_one_are_not_offered_for_another(client_of, mara, concern):
    first = concern.reporters.get()
    made = make_offers.referral(concern=concern, by=mara, reporter=first)
    assert str(made.target) in words_of(concern)
    make.reporter(concern=concern, kind="observation")
    assert str(made.target) in words_of(concern)
    second = make.reporter(concern=concern)
    url = f"{reverse('concerns:answer', args=[concern.number])}?ergebnis=referred"
    assert words_of(concern) == ""
    answer = client_of(mara).get(url)
    assert (answer.status_code, answer.context["form"].initial["answer_text"]) == (200, "")
    Reporter.objects.filter(pk=first.pk).update(erased_at=make.timezone.now(), name="", phone="", consent_store=False)
    assert words_of(concern) == ""
    Referral.objects.update(reporter=second)
    second.concern = make.concern(district=concern.district)
    second.save()
    assert words_of(concern) == ""


def test_words_for_somebody_of_a_bundle_stay_away_from_the_others(mara, concern, ost):
    other = make.concern(district=ost, lead=concern, owner=None)
    make.reporter(concern=other)
    make_offers.referral(concern=concern, by=mara, reporter=concern.reporters.get())
    assert words_of(concern) == ""


def test_a_referral_goes_with_a_merged_actor_and_back(mara, concern):
    double, kept = make.actor(name="Doppelt"), make.actor(name="Bleibt")
    made = actions.refer(concern=concern, actor=double, by=mara)
    later = actions.refer(concern=make.concern(district=concern.district, owner=mara), actor=kept, by=mara)
    merge = merge_actors(kept=kept, merged=double, by=mara)
    assert Referral.objects.get(pk=made.pk).target == kept
    undo_merge(merge=merge, by=mara)
    assert [Referral.objects.get(pk=one.pk).target for one in (made, later)] == [double, kept]


def test_assistants_refer_but_do_not_finish(client_of, asli, concern):
    offer = make_offers.offer()
    url = reverse("concerns:refer_to_offer", args=[concern.number, offer.pk])
    assert "finish" not in client_of(asli).get(url).context["form"].fields
    assert send(client_of(asli), concern, offer).status_code == 303


def test_only_people_of_the_concern_and_only_running_offers_can_be_chosen(client_of, mara, ost, concern):
    other = make.concern(district=ost, owner=mara).reporters.get()
    assert send(client_of(mara), concern, make_offers.offer(), reporter=other.pk).status_code == 422
    assert send(client_of(mara), concern, make_offers.over()).status_code == 404
    closed = make_offers.offer(title="Verwaist", provider=make.actor(status="ended", ended_on=make.today()))
    assert send(client_of(mara), concern, closed).status_code == 404
    assert "Verwaist" not in search(client_of(mara), concern)[0]
    with pytest.raises(LoopError):
        actions.refer(concern=concern, by=mara, offer=make_offers.offer(), reporter=other)
    bundled = make.concern(district=ost, owner=mara, lead=concern)
    made = actions.refer(concern=concern, by=mara, actor=make.actor(), reporter=bundled.reporters.get())
    assert made.target == made.actor


def test_looking_at_the_people_is_noted(client_of, mara, concern):
    client_of(mara).get(reverse("concerns:refer_to_offer", args=[concern.number, make_offers.offer().pk]))
    assert ReporterAccess.objects.filter(concern=concern, user=mara).exists()


def test_a_closed_concern_is_refused_and_nothing_is_kept(client_of, mara, concern):
    close(concern, mara)
    answer = send(client_of(mara), concern, make_offers.offer(), accompanied="on")
    assert answer.status_code == 409
    assert answer.context["form"]["accompanied"].value()
    assert not Referral.objects.exists()


@pytest.mark.parametrize("named", [True, False])
def test_the_same_is_noted_once_a_day(client_of, mara, concern, named):
    offer, data = make_offers.offer(), {"reporter": concern.reporters.get().pk} if named else {}
    answers = [send(client_of(mara), concern, offer, **data) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 409]
    assert answers[1].context["form"].non_field_errors() == ["Diese Vermittlung ist heute schon eingetragen."]
    assert concern.events.filter(kind="referred").count() == Referral.objects.count() == 1
    elsewhere = send(client_of(mara), concern, offer.provider, **data)
    somebody_else = send(client_of(mara), concern, offer, **({} if named else {"reporter": concern.reporters.get().pk}))
    assert (elsewhere.status_code, somebody_else.status_code) == (303, 303)
    actions.withdraw_referral(referral=Referral.objects.earliest("pk"), by=mara)
    assert send(client_of(mara), concern, offer, **data).status_code == 303  # now it is meant


@pytest.mark.django_db(transaction=True)
def test_sent_twice_at_the_same_moment_it_is_noted_once(mara, concern):
    offer, start = make_offers.offer(), Barrier(2)

    def press() -> str:
        try:
            start.wait(timeout=60)
            return type(actions.refer(concern=concern, by=mara, offer=offer)).__name__
        except Conflict as error:
            return type(error).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        done = [one.result() for one in [pool.submit(press) for _ in range(2)]]
    assert (sorted(done), Referral.objects.count()) == (["Conflict", "Referral"], 1)


def basket(client, **query):
    answer = client.get(BASKET, {"liste": "vermittlungen", **query})
    tiles = {tile["basket"].key: str(tile["count"]) for tile in answer.context["tiles"]}
    return tiles.get("vermittlungen"), [line["referral"] for line in answer.context["lines"]]


def test_asking_lies_in_the_basket_until_it_is_answered_also_of_a_closed_concern(client_of, mara, paul, concern):
    later = make_offers.referral(concern=concern, by=mara)
    due = make_offers.referral(concern=concern, by=mara, ask_on=make.today())
    make_offers.referral(concern=concern, by=mara, ask_on=None)
    client = client_of(mara)
    assert basket(client) == ("1", [due])
    assert basket(client_of(paul))[0] is None
    close(concern, mara)
    assert basket(client) == ("1", [due])
    url = f"{reverse('concerns:referral_asked', args=[due.pk])}?zurueck=vermittlungen"
    assert client.post(url, {"result": "again"}).status_code == 422
    client.post(url, {"result": "again", "ask_on": make.today() + timedelta(days=5)})
    assert basket(client)[0] is None
    client.post(url, {"result": "not_reached"})
    due.refresh_from_db()
    assert (due.result, due.answered_by, due.answered_on) == ("not_reached", mara, make.today())
    assert client.post(url, {"result": "arrived"}).status_code == 409
    later.refresh_from_db()
    assert later.is_asked


def test_taking_one_back_leaves_a_trace(client_of, mara, concern):
    made = make_offers.referral(concern=concern, by=mara)
    client_of(mara).post(reverse("concerns:referral_withdraw", args=[made.pk]))
    made.refresh_from_db()
    assert made.result == "withdrawn"
    assert words_of(concern) == ""
    with pytest.raises(Conflict):
        actions.withdraw_referral(referral=made, by=mara)
    assert set(concern.events.filter(kind__startswith="refer").values_list("kind", flat=True)) == {
        "referred",
        "referral_withdrawn",
    }


def test_a_question_of_a_closed_concern_keeps_its_owner(mara, silke, concern):
    make_offers.referral(concern=concern, by=mara)
    close(concern, mara)
    with pytest.raises(handover.HandoverNeeded) as refused:
        handover.deactivate_person(person=mara, by=silke)
    assert "Vermittlung" in str(refused.value)


def test_erased_people_are_no_longer_asked_and_hear_before_what_was_stored(mara, concern):
    reporter = concern.reporters.select_related("concern").get()
    made = make_offers.referral(concern=concern, by=mara, reporter=reporter)
    told = privacy.export_reporter(reporters=[reporter], by=mara)
    assert told[0]["Vermittlungen"][0]["An"] == made.offer.title
    privacy.erase_reporter(reporter=reporter, reason="request", by=mara)
    assert not Referral.objects.to_ask().exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"offer": None},
        {"hands_over_data": True},
        {"consent_on": make.today()},
        {"result": "arrived"},
        {"ask_on": make.today() - timedelta(days=1)},
    ],
)
def test_the_database_refuses(mara, concern, wrong):
    made = make_offers.referral(concern=concern, by=mara)
    with pytest.raises(IntegrityError), transaction.atomic():
        Referral.objects.filter(pk=made.pk).update(**wrong)


def test_nothing_is_kept_when_the_event_cannot_be_written(mara, concern, monkeypatch):
    def fails(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(actions, "record", fails)
    with pytest.raises(RuntimeError):
        make_offers.referral(concern=concern, by=mara)
    assert not Referral.objects.exists()


@pytest.mark.parametrize(("language", "format"), [("de", "a5"), ("tr", "a5"), ("ar", "a5"), ("uk", "a4")])
def test_the_slip_says_where_and_nothing_about_the_person(mara, concern, ost, language, format):
    provider = make.actor(name="Schuldnerhilfe e. V.", phone="0221 4710-1", districts=[ost])
    offer = make_offers.offer(
        title="Schuldnerberatung", provider=provider, place="Forster Linde 2", times="montags 9–12 Uhr", is_free=True
    )
    reporter = concern.reporters.get()
    made = make_offers.referral(concern=concern, by=mara, offer=offer, reporter=reporter, accompanied=True)
    content = make_slip(referral=made, language=language, format=format, today=make.today())
    assert pdf.structure(content) == []
    text = pdf.text(content)
    for words in ("Schuldnerberatung", "Forster Linde 2", "montags 9–12 Uhr", "0221 4710-1", "kostenlos", "Wo", "Wann"):
        assert words in text
    for secret in ("Hanna", "Zander", concern.number, concern.title):
        assert secret not in text
    assert ("Nerede" in text) is (language == "tr")


def test_the_slip_speaks_the_language_of_the_person(client_of, mara, paul, concern):
    offer = make_offers.offer(place="Rehmplatz 9")
    made = make_offers.referral(concern=concern, by=mara, offer=offer, reporter=concern.reporters.get())
    url = reverse("reports:referral_slip", args=[made.pk, "a5"])
    assert "Nerede" in pdf.text(client_of(mara).get(url).content)
    assert client_of(paul).get(url).status_code == 404
    assert client_of(mara).get(reverse("reports:referral_slip", args=[made.pk, "a3"])).status_code == 404


@pytest.mark.parametrize("count", [1, 12])
def test_searching_costs_the_same_for_one_and_many(client_of, mara, ost, concern, count, django_assert_num_queries):
    client, url = client_of(mara), reverse("concerns:refer", args=[concern.number])
    for _ in range(count):
        make_offers.offer(districts=[ost])
    client.get(url)
    with django_assert_num_queries(17):
        client.get(url)


# --- to a person ------------------------------------------------------------------------------------------------------


@pytest.fixture
def advised():
    """An actor with somebody who agreed to be named, somebody who did not, and somebody who has left."""
    actor = make.actor(name="Beratung Ost", phone="0241 4711")
    named = make.contact_person(
        actor=actor, name="Rosa Kern", function="Beratung", phone="0241 4712", consent_on=make.today(),
        private_phone="0170 99", private_note="nur abends", languages=["tr"],
    )  # fmt: skip
    make.contact_person(actor=actor, name="Ohne Einwilligung", consent_on=None, private_phone="")
    left = {"valid_to": make.today() - timedelta(days=1), "private_phone": ""}
    make.contact_person(actor=actor, name="Vorbei", consent_on=make.today(), **left)
    return named


def test_only_people_who_agreed_are_offered(client_of, mara, concern, advised):
    url = reverse("concerns:refer_to_actor", args=[concern.number, advised.actor_id])
    field = client_of(mara).get(url).context["form"].fields["contact"]
    assert [label for _, label in field.choices] == ["niemand Bestimmtes", "Rosa Kern, Beratung (Türkisch)"]
    other = make.actor()
    make.contact_person(actor=other, consent_on=None, private_phone="")
    without = client_of(mara).get(reverse("concerns:refer_to_actor", args=[concern.number, other.pk]))
    assert "contact" not in without.context["form"].fields
    offer = make_offers.offer(provider=advised.actor)
    at_offer = client_of(mara).get(reverse("concerns:refer_to_offer", args=[concern.number, offer.pk]))
    assert "contact" in at_offer.context["form"].fields


def test_a_referral_to_a_person_names_them_as_long_as_they_agree(client_of, mara, concern, advised):
    answer = send(client_of(mara), concern, advised.actor, contact=advised.pk)
    assert answer.status_code == 303
    made = Referral.objects.get()
    page = client_of(mara).get(reverse("concerns:detail", args=[concern.number])).text
    assert ("Rosa Kern" in page, "Vermittelt an eine Ansprechperson" in page) == (True, True)
    assert words_of(concern) == "Wir haben Sie vermittelt an: Beratung Ost (Ansprechperson Rosa Kern, 0241 4712)."

    def slip():
        made.refresh_from_db()
        return pdf.text(make_slip(referral=made, language="tr", format="a5", today=make.today()))

    text = slip()
    assert [one in text for one in ("Rosa Kern", "0241 4712", "0170 99", "nur abends")] == [True, True, False, False]
    assert pdf.structure(make_slip(referral=made, language="ar", format="a5", today=make.today())) == []
    type(advised).objects.filter(pk=advised.pk).update(consent_on=None, private_phone="", private_note="")
    text = slip()
    assert [one in text for one in ("Rosa Kern", "0241 4712", "0241 4711")] == [False, False, True]
    erase_contact(person=advised, by=mara)
    made.refresh_from_db()
    assert (made.contact, made.actor) == (None, advised.actor)


@pytest.mark.parametrize("wrong", ["foreign", "without_consent", "left"])
def test_nobody_is_sent_to_a_person_who_may_not_be_named(mara, concern, advised, wrong):
    actor = make.actor() if wrong == "foreign" else advised.actor
    if wrong == "without_consent":
        type(advised).objects.update(consent_on=None, private_phone="", private_note="")
    if wrong == "left":
        last = make.today() - timedelta(days=1)
        type(advised).objects.update(valid_to=last, private_phone="", private_note="")
    with pytest.raises(LoopError, match="nicht genannt werden"):
        actions.refer(concern=concern, actor=actor, contact=advised, by=mara)
    assert not Referral.objects.exists()
