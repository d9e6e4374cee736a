"""Working on several concerns at once: own team only, one event each, with a way back."""

from datetime import timedelta

import pytest
from django.urls import reverse

from concerns.actions import desk
from concerns.actions.base import LoopError
from concerns.models import Concern, ConcernEvent
from tests import make

pytestmark = pytest.mark.django_db
URL, LIST = reverse("concerns:bulk"), reverse("concerns:list")


@pytest.fixture
def own(ost, mara):
    return [make.concern(district=ost, owner=mara) for _ in range(3)]


def pks(concerns) -> list[int]:
    return [concern.pk for concern in concerns]


def send(client, concerns, **data):
    return client.post(URL, {"c": pks(concerns), "query": "status=new", **data}, follow=True)


def message(response) -> str:
    return " ".join(str(one) for one in response.context["messages"])


def test_assigns_to_a_colleague_and_takes_it_back(own, mara, asli, client_of):
    client = client_of(mara)
    response = send(client, own, do="assign", owner=asli.pk)
    assert response.redirect_chain == [(f"{LIST}?status=new", 303)]
    assert message(response) == "3 Anliegen an Aslı Demir übertragen."
    assert set(Concern.objects.values_list("owner", flat=True)) == {asli.pk}
    events = ConcernEvent.objects.filter(kind="owner", by=mara)
    assert list(events.values_list("old", "new")) == [(str(mara.pk), str(asli.pk))] * 3
    batch = events.first().data["batch"]
    undone = client.post(reverse("concerns:bulk_undo", args=[batch]), follow=True)
    assert message(undone) == "3 Anliegen zurückgesetzt."
    assert set(Concern.objects.values_list("owner", flat=True)) == {mara.pk}


def test_sets_the_follow_up_date_and_takes_it_back(own, mara, client_of):
    day = make.today() + timedelta(days=7)
    parked = own[0]
    Concern.objects.filter(pk=parked.pk).update(
        status="parked", needs_triage=False, follow_up_on=make.today(), due_on=make.today()
    )
    client = client_of(mara)
    response = send(client, own, do="follow_up", on=day.isoformat())
    assert message(response) == f"3 Anliegen mit Wiedervorlage am {day:%d.%m.%Y} versehen."
    assert set(Concern.objects.values_list("follow_up_on", flat=True)) == {day}
    parked.refresh_from_db()
    assert parked.due_on == day
    batch = ConcernEvent.objects.filter(kind="follow_up").first().data["batch"]
    client.post(reverse("concerns:bulk_undo", args=[batch]))
    parked.refresh_from_db()
    assert (parked.follow_up_on, parked.due_on) == (make.today(), make.today())
    assert Concern.objects.filter(follow_up_on=None).count() == 2


def test_other_teams_concerns_stay_as_they_are(own, paul, preuswald, mara, asli, client_of):
    foreign = make.concern(district=preuswald, owner=paul)
    response = send(client_of(mara), [own[0], foreign], do="assign", owner=asli.pk)
    assert message(response) == "1 Anliegen an Aslı Demir übertragen. Unverändert: 1 nicht in Ihrem Quartier."
    foreign.refresh_from_db()
    assert foreign.owner == paul
    only_foreign = send(client_of(mara), [foreign], do="follow_up", on=make.today().isoformat())
    assert message(only_foreign) == "Es wurde nichts geändert. Unverändert: 1 nicht in Ihrem Quartier."


def test_the_owner_must_belong_to_the_team(own, mara, paul, ost, client_of):
    response = send(client_of(mara), own, do="assign", owner=paul.pk)
    assert response.status_code == 422
    assert set(Concern.objects.values_list("owner", flat=True)) == {mara.pk}
    result = desk.assign_all(pks=pks(own), owner=paul, by=mara)
    assert (result.changed, result.refused) == (0, {desk.OTHER_TEAM: 3})


def test_closed_concerns_are_left_alone(own, mara, asli):
    own[0].reporters.update(feedback_state="not_wanted", waiver_reason="not_wanted")
    Concern.objects.filter(pk=own[0].pk).update(
        status="closed", outcome="informed", closed_at="2026-01-01T12:00Z", needs_triage=False
    )
    result = desk.assign_all(pks=pks(own), owner=asli, by=mara)
    assert (result.changed, result.refused) == (2, {desk.CLOSED: 1})


def test_undo_spares_what_was_changed_since_and_is_for_the_same_person(own, mara, asli, ost):
    result = desk.assign_all(pks=pks(own), owner=asli, by=mara)
    Concern.objects.filter(pk=own[0].pk).update(owner=mara)
    assert desk.undo_all(batch=result.batch, by=asli).changed == 0
    undone = desk.undo_all(batch=result.batch, by=mara)
    assert (undone.changed, undone.refused) == (2, {"inzwischen geändert": 1})


@pytest.mark.parametrize(
    "data",
    [
        {"do": "assign"},
        {"do": "follow_up"},
        {"do": "follow_up", "on": "gestern"},
        {"do": "delete_everything"},
        {"do": "assign", "owner": "1 OR 1=1"},
        {"do": "follow_up", "on": "2020-01-01"},
    ],
)
def test_what_is_missing_is_said_next_to_the_list_and_keeps_the_choice(own, mara, client_of, data):
    response = send(client_of(mara), own[:2], **data)
    assert response.status_code == 422
    assert [row.concern.pk for row in response.context["rows"] if row.chosen] == sorted(pks(own[:2]), reverse=True)
    assert Concern.objects.filter(follow_up_on=None, owner=mara).count() == 3


@pytest.mark.parametrize("chosen", [[], ["abc"], ["1" * 30], ["-1"], [str(n) for n in range(1, 300)]])
def test_a_choice_that_makes_no_sense_is_refused(own, mara, asli, client_of, chosen):
    response = client_of(mara).post(URL, {"c": chosen, "do": "assign", "owner": asli.pk, "query": "%00&x"})
    assert response.status_code == 422
    assert set(Concern.objects.values_list("owner", flat=True)) == {mara.pk}


def test_the_action_itself_refuses_the_past(own, mara):
    with pytest.raises(LoopError):
        desk.follow_up_all(pks=pks(own), on=make.today() - timedelta(days=1), by=mara)


def test_assistants_and_planning_have_no_bulk_actions(own, asli, silke, client_of):
    for person in (asli, silke):
        assert send(client_of(person), own, do="assign", owner=asli.pk).status_code == 404
        assert "q-bulk" not in client_of(person).get(LIST).content.decode()


def test_the_number_of_queries_per_concern_is_two(own, mara, asli, django_assert_num_queries):
    asli.rights, mara.rights  # noqa: B018 – asked once per request
    with django_assert_num_queries(9):  # savepoint, rows, two each, release
        desk.assign_all(pks=pks(own), owner=asli, by=mara)
