"""Handing over by two: a proposal, a second person's yes, everything at once (D11; acceptance scenario 9)."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from concerns.actions import proposals
from concerns.actions.base import Conflict, LoopError
from concerns.actions.closing import close
from concerns.actions.digest import send_digests
from concerns.duties import CONCERN, CONTACT, NOTE
from concerns.models import Concern, ConcernEvent, Handover, HandoverItem, OutgoingMail, Routing
from districts.models import ContactNote, ContactPerson, Network, User
from districts.roles import Role
from tests import database, make
from tests.make_handover import proposal, result_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def lea(ost):
    """A second manager in Ost."""
    return make.user(name="Lea Kranz", role=Role.MANAGER, district=ost)


@pytest.fixture
def rows(mara, ost):
    """A row of every kind that hangs on mara, two concerns among them."""
    actor = make.actor(name="Boxring", districts=[ost])
    return {
        "concern": [make.concern(district=ost, owner=mara, title=f"Anliegen {n}") for n in "ab"],
        "note": [make.contact_note(actor=actor, district=ost, by=mara, follow_up_on=make.today())],
        "contact": [make.contact_person(actor=actor, name="Gerda Palm", keeper=mara)],
        "network": [make.network(name="Runde Ost", districts=[ost], keeper=mara)],
    }


def holders():
    owners = Concern.objects.order_by("pk").values_list("owner__name", flat=True)
    kept = [model.objects.get().keeper.name for model in (ContactNote, ContactPerson, Network)]
    return [*owners, *kept]


# --- the rules --------------------------------------------------------------------------------------------------------


def test_nothing_moves_before_a_second_person_agrees_then_everything(mara, lea, rows):
    made = proposal(person=mara, to=lea, **rows)
    assert holders() == ["Mara Lindt"] * 5
    assert proposals.agree(handover=made, by=lea) == proposals.Taken(moved=5, gone=0)
    assert holders() == ["Lea Kranz"] * 5
    made.refresh_from_db()
    assert (made.state, made.decided_by) == ("confirmed", lea)
    events = ConcernEvent.objects.filter(kind="owner").order_by("concern_id")
    assert [(one.by, one.old, one.new, one.data) for one in events] == [
        (lea, str(mara.pk), str(lea.pk), {"handover": made.pk})
    ] * 2
    assert [model.objects.get().version for model in (ContactNote, ContactPerson, Network)] == [2, 2, 2]


def test_nobody_agrees_to_their_own_proposal(mara, lea, silke, rows):
    own = proposal(person=mara, to=lea, concern=rows["concern"])
    planned = proposal(person=mara, to=lea, by=silke, note=rows["note"])
    for made, by in ((own, mara), (planned, silke), (planned, mara)):
        with pytest.raises(LoopError, match="zweite Person"):
            proposals.agree(handover=made, by=by)
    assert holders() == ["Mara Lindt"] * 5
    for by in (mara, silke):
        with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
            Handover.objects.filter(pk=planned.pk).update(
                state="confirmed", decided_by=by, decided_at=make.timezone.now()
            )


def test_coordination_agrees_for_somebody_absent(mara, lea, silke, rows):
    proposals.agree(handover=proposal(person=mara, to=lea, **rows), by=silke)
    assert holders() == ["Lea Kranz"] * 5


def test_a_no_needs_a_reason_and_leaves_everything(mara, lea, rows):
    made = proposal(person=mara, to=lea, **rows)
    with pytest.raises(LoopError, match="warum"):
        proposals.decline(handover=made, reason=" ", by=lea)
    proposals.decline(handover=made, reason="Bis Januar nicht da.", by=lea)
    assert holders() == ["Mara Lindt"] * 5
    assert result_of(rows["concern"][0]) == [""]
    with pytest.raises(Conflict, match="schon entschieden: abgelehnt"):
        proposals.agree(handover=made, by=lea)
    again = proposal(person=mara, to=lea, **rows)
    assert proposals.agree(handover=again, by=lea).moved == 5


def test_what_is_proposed_is_not_proposed_twice(mara, lea, asli, rows):
    proposal(person=mara, to=lea, concern=rows["concern"][:1])
    with pytest.raises(Conflict, match="schon vorgeschlagen"):
        proposal(person=mara, to=asli, concern=rows["concern"])
    assert Handover.objects.count() == 1
    with pytest.raises(IntegrityError, match="concern_proposed_once"), transaction.atomic():
        HandoverItem.objects.create(handover=Handover.objects.get(), concern=rows["concern"][0])


def test_several_successors_in_one_go_or_none(mara, lea, asli, paul, rows):
    first, second = ([(CONCERN, [one])] for one in rows["concern"])
    made = proposals.propose(person=mara, shares=[(lea, first), (asli, second)], by=mara)
    assert [one.to for one in made] == [lea, asli]
    with pytest.raises(LoopError, match="Paul Esser gehört nicht zum Team"):
        proposals.propose(
            person=mara, shares=[(lea, [(NOTE, rows["note"])]), (paul, [(CONTACT, rows["contact"])])], by=mara
        )
    assert Handover.objects.count() == 2


def test_only_who_may_read_it_takes_something_confidential(mara, lea, asli, ost, rows):
    ContactNote.objects.update(is_confidential=True)
    with pytest.raises(LoopError, match="Aslı Demir gehört nicht zum Team"):
        proposal(person=mara, to=asli, note=rows["note"])
    assert proposal(person=mara, to=lea, note=rows["note"]).to == lea


def test_a_concern_outside_all_districts_goes_to_any_manager(mara, paul, asli):
    concern = make.concern(district=None, owner=mara)
    with pytest.raises(LoopError):
        proposal(person=mara, to=asli, concern=[concern])
    proposals.agree(handover=proposal(person=mara, to=paul, concern=[concern]), by=paul)
    assert Concern.objects.get().owner == paul


def test_tickets_go_to_a_colleague_of_the_department(enno, lena, uwe, stadtbetrieb):
    routing = make.routing(department=stadtbetrieb, assignee=enno)
    with pytest.raises(LoopError, match="Uwe Behr gehört nicht zu E 18"):
        proposal(person=enno, to=uwe, routing=[routing])
    proposals.agree(handover=proposal(person=enno, to=lena, routing=[routing]), by=lena)
    assert Routing.objects.get().assignee == lena
    assert ConcernEvent.objects.filter(kind="routing_assigned", new=str(lena.pk)).exists()


@pytest.mark.parametrize("who", ["closed", "self", "nothing"])
def test_proposals_without_sense_are_refused(who, mara, lea, rows):
    to = mara if who == "self" else lea
    if who == "closed":
        User.objects.filter(pk=lea.pk).update(is_active=False)
    with pytest.raises(LoopError):
        proposal(person=mara, to=to, **({"concern": []} if who == "nothing" else rows))
    assert Handover.objects.count() == 0


def test_a_successor_who_left_the_team_meanwhile_takes_nothing(mara, lea, silke, rows):
    made = proposal(person=mara, to=lea, **rows)
    lea.memberships.update(valid_to=make.today() - timedelta(days=1))
    with pytest.raises(LoopError, match="Lea Kranz gehört nicht"):
        proposals.agree(handover=made, by=silke)
    assert holders() == ["Mara Lindt"] * 5


def test_what_was_settled_or_taken_meanwhile_stays_and_is_noted(mara, lea, asli, rows):
    made = proposal(person=mara, to=lea, **rows)
    gone, stays = rows["concern"]
    Concern.objects.filter(pk=gone.pk).update(owner=asli)
    ContactNote.objects.update(settled_at=make.timezone.now())
    Network.objects.update(status="ended")
    assert proposals.agree(handover=made, by=lea) == proposals.Taken(moved=2, gone=3)
    assert set(Concern.objects.values_list("pk", "owner")) == {(gone.pk, asli.pk), (stays.pk, lea.pk)}
    assert [result_of(one) for one in (gone, stays, rows["note"][0])] == [["gone"], ["moved"], ["gone"]]


def test_who_asks_to_be_erased_leaves_a_proposal(mara, lea, rows):
    made = proposal(person=mara, to=lea, **rows)
    rows["contact"][0].delete()
    assert proposals.agree(handover=made, by=lea) == proposals.Taken(moved=4, gone=0)


def test_when_the_second_write_fails_nothing_has_happened(mara, lea, rows):
    """The network is the last of five writes, and here the database refuses it."""
    made = proposal(person=mara, to=lea, **rows)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE districts_network ADD CONSTRAINT no_more CHECK (version < 2)")
    with pytest.raises(IntegrityError, match="no_more"), transaction.atomic():
        proposals.agree(handover=made, by=lea)
    assert holders() == ["Mara Lindt"] * 5
    assert not ConcernEvent.objects.filter(kind="owner").exists()
    made.refresh_from_db()
    assert (made.state, made.items.filter(is_waiting=True).count()) == ("waiting", 5)


# --- two at once ------------------------------------------------------------------------------------------------------


def at_once(hold, then):
    """`then` runs in a second connection while `hold` has not ended its transaction; what it came to."""
    outcome = []

    def run():
        try:
            outcome.append(then())
        except LoopError as refused:
            outcome.append(str(refused))
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        hold()
        thread.start()
        database.wait_for_a_lock()
        assert outcome == []
    thread.join(60)
    return outcome[0]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_is_told(mara, lea, silke, rows):
    made = proposal(person=mara, to=lea, **rows)
    said = at_once(
        lambda: proposals.agree(handover=made, by=lea),
        lambda: proposals.decline(handover=made, reason="Zu viel.", by=silke),
    )
    assert said == "Über diese Übergabe ist schon entschieden: übernommen."
    assert holders() == ["Lea Kranz"] * 5


@pytest.mark.django_db(transaction=True)
def test_a_concern_closed_at_the_same_moment_is_not_taken_over(mara, lea, ost):
    concern = make.concern(
        district=ost, owner=mara, status="feedback_due", answer_text="Erledigt.", outcome="fulfilled",
        needs_triage=False,
    )  # fmt: skip
    make.feedback(reporter=concern.reporters.get())
    concern.reporters.update(feedback_state="done")
    made = proposal(person=mara, to=lea, concern=[concern])
    taken = at_once(
        lambda: close(concern=concern, outcome="fulfilled", answer_text="Erledigt.", by=mara),
        lambda: proposals.agree(handover=made, by=lea),
    )
    assert taken == proposals.Taken(moved=0, gone=1)
    assert Concern.objects.get().owner == mara


@pytest.mark.django_db(transaction=True)
def test_two_who_propose_the_same_at_once(mara, lea, asli, silke, rows):
    said = at_once(
        lambda: proposal(person=mara, to=lea, by=silke, **rows), lambda: proposal(person=mara, to=asli, **rows)
    )
    assert said == proposals.CHANGED
    assert Handover.objects.get().to == lea


# --- the pages --------------------------------------------------------------------------------------------------------


def page_of(name, pk):
    return reverse(f"concerns:{name}", args=[pk])


def test_from_the_refusal_to_the_closed_access(mara, lea, asli, silke, ost):
    """Acceptance scenario 9: three open concerns, one of them with feedback due."""
    concerns = [make.concern(district=ost, owner=mara, title=f"Anliegen {n}") for n in range(2)]
    concerns.append(
        make.concern(district=ost, owner=mara, status="feedback_due", answer_text="Erledigt.", needs_triage=False)
    )
    client, page = make.client_of(silke), page_of("handover", mara.pk)
    refused = client.post(page_of("deactivate", mara.pk))
    assert refused.headers["Location"] == page
    shown = client.get(page)
    assert all(concern.number in shown.text for concern in concerns)
    assert "Geheimname" not in shown.text
    form = shown.context["shares"].forms[0]
    assert set(form.people.values()) == {lea, asli}
    data = {f"{form.prefix}-items": [c.pk for c in concerns], f"{form.prefix}-to": lea.pk}
    assert client.post(page, data).status_code == 303
    assert client.post(page_of("deactivate", mara.pk)).headers["Location"] == page
    assert client.post(page_of("proposal_agree", Handover.objects.get().pk)).status_code == 404
    make.client_of(lea).post(page_of("proposal_agree", Handover.objects.get().pk))
    assert client.post(page_of("deactivate", mara.pk)).headers["Location"] == reverse(
        "districts:person", args=[mara.pk]
    )
    assert User.objects.get(pk=mara.pk).is_active is False
    assert list(Concern.objects.mine(lea)) == list(Concern.objects.order_by("-received_on", "-pk"))


def test_each_group_can_go_to_another_person(mara, lea, asli, rows):
    client, page = make.client_of(mara), page_of("handover", mara.pk)
    forms = {form.thing.key: form for form in client.get(page).context["shares"].forms}
    data = {}
    for key, to in (("concern", lea), ("note", asli), ("contact", asli)):
        data |= {f"{forms[key].prefix}-items": list(forms[key].rows), f"{forms[key].prefix}-to": to.pk}
    assert client.post(page, data).status_code == 303
    found = {one.to: {item.target for item in one.items.all()} for one in Handover.objects.all()}
    assert found == {lea: {"concern"}, asli: {"note", "contact"}}
    shown = client.get(page)
    assert [form.thing.key for form in shown.context["shares"].forms] == ["network"]
    assert "wartet auf Zustimmung" in shown.text


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"to": ""}, "to"),
        ({"items": []}, "items"),
        ({"to": "paul"}, "to"),
        ({"to": "0"}, "to"),
        ({"items": ["0"]}, "items"),
        ({"items": ["x"]}, "items"),
    ],
)
def test_a_wrong_choice_is_named_and_nothing_is_proposed(change, field, mara, lea, paul, ost):
    make.concern(district=ost, owner=mara)
    client, page = make.client_of(mara), page_of("handover", mara.pk)
    form = client.get(page).context["shares"].forms[0]
    typed = {"items": list(form.rows), "to": lea.pk} | change
    typed["to"] = paul.pk if typed["to"] == "paul" else typed["to"]
    answer = client.post(page, {f"{form.prefix}-{name}": value for name, value in typed.items()})
    assert (answer.status_code, list(answer.context["shares"].forms[0].errors)) == (422, [field])
    assert Handover.objects.count() == 0


def test_the_successor_agrees_or_says_why_not(mara, lea, rows):
    made = proposal(person=mara, to=lea, **rows)
    client, page = make.client_of(lea), page_of("proposal", made.pk)
    text = client.get(page).text
    assert all(words in text for words in ("Anliegen a", "Boxring", "Gerda Palm", "Runde Ost", "Zustimmen"))
    answer = client.post(page, {"reason": ""})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["reason"])
    assert client.post(page, {"reason": "Ich gehe selbst."}).status_code == 303
    assert "Ich gehe selbst." in make.client_of(mara).get(page).text
    answer = make.client_of(lea).post(page_of("proposal_agree", made.pk), follow=True)
    assert "schon entschieden: abgelehnt" in answer.text
    answer = make.client_of(lea).post(page, {"reason": "Doch nicht."}, follow=True)
    assert (answer.status_code, "schon entschieden: abgelehnt" in answer.text) == (200, True)
    assert make.client_of(mara).post(page, {"reason": "Ich?"}, follow=True).status_code == 200
    assert Handover.objects.get().reason == "Ich gehe selbst."
    assert holders() == ["Mara Lindt"] * 5


def test_the_page_says_before_what_has_changed_meanwhile(mara, lea, asli, rows):
    made = proposal(person=mara, to=lea, **rows)
    Concern.objects.filter(pk=rows["concern"][0].pk).update(owner=asli)
    lines = make.client_of(lea).get(page_of("proposal", made.pk)).context["lines"]
    assert [line.is_gone for line in lines] == [True, False, False, False, False]
    answer = make.client_of(lea).post(page_of("proposal_agree", made.pk), follow=True)
    assert "4 an Lea Kranz übergeben. 1 war inzwischen erledigt oder bei jemand anderem." in answer.text


def test_coordination_sees_no_log_no_private_words_and_nothing_sensitive(mara, lea, silke, adam, ost, rows):
    secret = make.concern(district=ost, owner=mara, topic=make.topic(is_sensitive=True), title="Geheime Sache")
    made = proposal(person=mara, to=lea, **rows)
    for person in (silke, adam):
        for page in (page_of("handover", mara.pk), page_of("proposal", made.pk)):
            text = make.client_of(person).get(page).text
            assert "Geheim" not in text.replace(secret.number, "")
            assert ("Gerda Palm" in text) == (person is silke and "uebergaben" in page)
    assert secret.number in make.client_of(silke).get(page_of("handover", mara.pk)).text


def test_whoever_has_nothing_to_do_with_it_gets_nothing(mara, lea, paul, asli, silke, rows):
    made = proposal(person=mara, to=lea, **rows)
    for person in (paul, asli):
        for method, name in (("get", "proposal"), ("post", "proposal"), ("post", "proposal_agree")):
            answer = getattr(make.client_of(person), method)(
                page_of(name, made.pk), {"reason": "x"} if method == "post" else {}
            )
            assert answer.status_code == 404
    assert make.client_of(mara).post(page_of("proposal_agree", made.pk)).status_code == 404
    assert make.client_of(mara).post(page_of("proposal", made.pk), {"reason": "x"}).status_code == 404
    assert make.client_of(lea).post(page_of("proposal_withdraw", made.pk)).status_code == 404
    assert make.client_of(paul).get(page_of("handover", mara.pk)).status_code == 404
    assert Handover.objects.get().state == "waiting"
    make.client_of(mara).post(page_of("proposal_withdraw", made.pk))
    assert Handover.objects.get().state == "withdrawn"


def test_it_lies_on_both_desks_and_in_the_daily_mail(mara, lea, silke, enno, lena, stadtbetrieb, rows):
    made = proposal(person=mara, to=lea, **rows)
    for person, count in ((mara, 1), (lea, 1)):
        assert make.client_of(person).get(reverse("concerns:basket")).context["handovers"] == count
    listed = make.client_of(lea).get(reverse("concerns:handovers")).context
    assert [list(listed[key]) for key in ("mine", "own", "others")] == [[made], [], []]
    listed = make.client_of(silke).get(reverse("concerns:handovers")).context
    assert [list(listed[key]) for key in ("mine", "own", "others")] == [[], [], [made]]
    routed = proposal(person=enno, to=lena, routing=[make.routing(department=stadtbetrieb, assignee=enno)])
    assert "Eine Übergabe wartet" in make.client_of(lena).get(reverse("concerns:inbox")).text
    Handover.objects.filter(pk=routed.pk).update(proposed_at=make.timezone.now() - timedelta(days=30))
    send_digests(at=datetime(2026, 11, 26, 8, tzinfo=make.timezone.get_default_timezone()))
    told = dict(OutgoingMail.objects.values_list("user__name", "body"))
    assert "Übergaben warten auf Ihre Zustimmung: 1" in told["Lea Kranz"]
    assert "Übergaben warten seit Langem auf eine Antwort: 1" in told["Silke Faber"]
    assert "Übergaben" not in told.get("Mara Lindt", "")


def test_somebody_alone_in_the_district_is_told_so(mara, silke, ost):
    make.concern(district=ost, owner=mara)
    assert "Hier gibt es sonst niemanden" in make.client_of(silke).get(page_of("handover", mara.pk)).text


def test_the_last_day_can_be_set_once_all_is_handed_over(mara, lea, silke, rows):
    proposals.agree(handover=proposal(person=mara, to=lea, **rows), by=lea)
    text = make.client_of(silke).get(page_of("handover", mara.pk)).text
    assert ("Es ist nichts mehr offen" in text, "Letzten Tag eintragen" in text) == (True, True)


@pytest.mark.parametrize("many", [1, 6])
def test_pages_cost_the_same_for_few_and_many(many, mara, lea, silke, ost, django_assert_num_queries):
    for _ in range(many):
        actor = make.actor(districts=[ost])
        concern, other = (make.concern(district=ost, owner=mara) for _ in range(2))
        note = make.contact_note(actor=actor, district=ost, by=mara, follow_up_on=make.today())
        contact, network = make.contact_person(actor=actor, keeper=mara), make.network(districts=[ost], keeper=mara)
        proposal(person=mara, to=lea, concern=[concern], note=[note], contact=[contact], network=[network])
        make.contact_note(actor=actor, district=ost, by=mara, follow_up_on=make.today())
        make.contact_person(actor=actor, keeper=mara)
        make.network(districts=[ost], keeper=mara)
        assert other.owner == mara
    client = make.client_of(silke)
    with django_assert_num_queries(34):
        client.get(page_of("handover", mara.pk))
    with django_assert_num_queries(6):
        client.get(reverse("concerns:handovers"))
    with django_assert_num_queries(16):
        client.get(page_of("proposal", Handover.objects.first().pk))
