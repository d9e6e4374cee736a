"""I9: no assignment and no staffing ends while work of its districts would be left behind (scenario 9)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from concerns.actions import posts as actions
from concerns.actions.posts import WorkLeft
from concerns.models import Concern
from districts.models import Assignment, Staffing
from tests import make, make_posts

pytestmark = pytest.mark.django_db
YESTERDAY, TODAY = make.today() - timedelta(days=1), make.today()


@pytest.fixture
def ended(silke, mara, ost):
    """An assignment of Ost whose last day was yesterday, and that Mara filled until then."""
    made = make_posts.assignment(name="QFI Ost", districts=[ost], ends_on=YESTERDAY, by=silke)
    make_posts.staffing(post=make_posts.post(assignment=made, by=silke), person=mara, valid_to=YESTERDAY, by=silke)
    return made


@pytest.fixture
def filled(silke, mara, ost):
    """Mara fills a post of Ost without an end."""
    post = make_posts.post(assignment=make_posts.assignment(districts=[ost], by=silke), by=silke)
    return make_posts.staffing(post=post, person=mara, by=silke)


def work(mara, ost):
    """Three open concerns, one of which waits for its feedback."""
    for _ in range(2):
        make.concern(district=ost, owner=mara)
    answered = {"status": "feedback_due", "answer_text": "Erledigt.", "needs_triage": False}
    make.concern(district=ost, owner=mara, **answered)


def expire(made: Assignment, silke) -> str:
    with pytest.raises(WorkLeft) as refusal:
        actions.move_assignment(assignment=made, status="expired", by=silke)
    made.refresh_from_db()
    assert (made.status, made.events.filter(kind="moved").count()) == ("running", 0)
    return str(refusal.value)


def change(staffing: Staffing, silke, **fields) -> Staffing:
    names = ("person", "name", "role", "area", "share", "valid_from", "valid_to", "version")
    known = {name: getattr(staffing, name) for name in names} | fields
    return actions.change_staffing(post=staffing.post, staffing=staffing, by=silke, **known)


def test_scenario_9_an_assignment_does_not_run_out_before_the_hand_over(ended, silke, mara, ost, client_of):
    work(mara, ost)
    words = "Mara Lindt: 3 offene Anliegen (davon 1 mit offener Rückmeldung)."
    assert expire(ended, silke) == f"Bitte zuerst übergeben. {words}"
    url = reverse("concerns:assignment_move", args=[ended.pk])
    answer = client_of(silke).post(url, {"status": "expired"}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("concerns:handover", args=[mara.pk])
    assert "Der Einsatz kann noch nicht enden" in answer.text
    Concern.objects.filter(owner=mara).update(owner=make.user(role="manager", district=ost))
    client_of(silke).post(url, {"status": "expired"})
    ended.refresh_from_db()
    assert ended.status == "expired"


@pytest.mark.parametrize("kind", ["note", "contact", "network"])
def test_follow_ups_contacts_and_networks_are_in_the_way_too(ended, silke, mara, ost, kind):
    actor = make.actor(districts=[ost])
    if kind == "note":
        make.contact_note(actor=actor, district=ost, by=mara, follow_up_on=TODAY)
    if kind == "contact":
        make.contact_person(actor=actor, keeper=mara)
    if kind == "network":
        make.network(districts=[ost], keeper=mara)
    assert "Mara" in expire(ended, silke)


def test_another_post_there_keeps_the_work_and_work_elsewhere_is_not_asked_for(ended, silke, mara, ost, preuswald):
    make.membership(user=mara, role="manager", district=preuswald)
    make.concern(district=preuswald, owner=mara)
    make.concern(district=None, owner=mara)
    actions.move_assignment(assignment=ended, status="expired", by=silke)
    actions.move_assignment(assignment=ended, status="running", by=silke)
    make.concern(district=ost, owner=mara)
    joint = make_posts.assignment(districts=[ost, preuswald], starts_on=TODAY, by=silke)
    make_posts.staffing(post=make_posts.post(assignment=joint, by=silke), person=mara, valid_from=TODAY, by=silke)
    actions.move_assignment(assignment=ended, status="expired", by=silke)
    assert Assignment.objects.get(pk=ended.pk).status == "expired"


def test_somebody_who_left_the_post_before_is_not_asked(ended, silke, mara, ost):
    Staffing.objects.update(valid_to=YESTERDAY - timedelta(days=1))
    work(mara, ost)
    assert actions.move_assignment(assignment=ended, status="expired", by=silke).status == "expired"


def test_a_staffing_ends_today_only_after_the_hand_over(filled, silke, mara, ost, client_of):
    work(mara, ost)
    with pytest.raises(WorkLeft):
        change(filled, silke, valid_to=TODAY)
    with pytest.raises(WorkLeft):
        change(filled, silke, person=make.user())
    url = reverse("concerns:staffing", args=[filled.pk])
    typed = {"person": mara.pk, "role": "manager", "share": "1,0", "valid_to": f"{TODAY:%Y-%m-%d}", "version": 1}
    answer = client_of(silke).post(url, typed)
    assert (answer.status_code, "3 offene Anliegen" in answer.text) == (422, True)
    filled.refresh_from_db()
    assert (filled.valid_to, filled.person, filled.version) == (None, mara, 1)
    change(filled, silke, valid_to=TODAY + timedelta(days=1))
    Concern.objects.filter(owner=mara).update(owner=make.user(role="manager", district=ost))
    filled.refresh_from_db()
    assert change(filled, silke, valid_to=TODAY).valid_to == TODAY


def test_a_change_that_ends_nothing_is_not_asked(filled, silke, mara, ost):
    work(mara, ost)
    assert change(filled, silke, role="coordination").role == "coordination"


# --- posts and assignments that move ----------------------------------------------------------------------------------


@pytest.fixture
def of_ost(silke, mara, ost, preuswald):
    """Mara fills a post for Ost of an assignment for Ost and Preuswald, and keeps work there."""
    held = make_posts.assignment(districts=[ost, preuswald], by=silke)
    post = make_posts.post(assignment=held, district=ost, by=silke)
    make_posts.staffing(post=post, person=mara, by=silke)
    work(mara, ost)
    return post


def test_a_post_moves_to_another_district_only_after_the_hand_over(of_ost, silke, mara, ost, preuswald, client_of):
    url = reverse("concerns:post", args=[of_ost.pk])
    typed = {"name": "Umbenannt", "district": preuswald.pk, "version": 1}
    answer = client_of(silke).post(url, typed)
    assert (answer.status_code, "3 offene Anliegen" in answer.text, "Umbenannt" in answer.text) == (422, True, True)
    assert list(answer.context["form"].errors) == ["district"]
    of_ost.refresh_from_db()
    assert (of_ost.district, of_ost.version) == (ost, 1)
    assert client_of(silke).post(url, typed | {"district": ""}).status_code == 303
    Concern.objects.filter(owner=mara).update(owner=make.user(role="manager", district=ost))
    assert client_of(silke).post(url, typed | {"version": 2}).status_code == 303


def test_a_district_leaves_an_assignment_only_after_the_hand_over(of_ost, silke, mara, ost, preuswald, client_of):
    held = of_ost.assignment
    of_ost.district = None
    of_ost.save()
    url = reverse("concerns:assignment_edit", args=[held.pk])
    typed = {"name": "Neu", "type": "general", "districts": [preuswald.pk], "version": held.version}
    answer = client_of(silke).post(url, typed)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["districts"])
    assert "3 offene Anliegen" in answer.text
    held.refresh_from_db()
    assert (held.name != "Neu", set(held.districts.all())) == (True, {ost, preuswald})
    Concern.objects.filter(owner=mara).update(owner=make.user(role="manager", district=ost))
    assert client_of(silke).post(url, typed).status_code == 303


# --- ends that pass by their date -------------------------------------------------------------------------------------


def tile(client) -> int:
    return client.get(reverse("concerns:basket")).context["without_post"]


def test_an_end_that_passed_with_open_work_stays_on_the_desks(ended, silke, mara, ost, preuswald, client_of):
    other = make.user(role="manager", district=ost)
    foreign = make.user(role="manager", district=preuswald)
    assert [tile(client_of(one)) for one in (mara, other, foreign)] == [0, 0, 0]
    work(mara, ost)
    make.contact_note(actor=make.actor(districts=[ost]), district=ost, by=mara, follow_up_on=TODAY)
    assert [tile(client_of(one)) for one in (mara, other, foreign)] == [1, 1, 0]
    row = client_of(silke).get(reverse("concerns:coordination")).context["leavers"]
    assert [(one.person, one.things, one.since) for one in row] == [(mara, 4, YESTERDAY)]
    text = client_of(other).get(reverse("concerns:handovers")).text
    assert ("Arbeit ohne Stelle" in text, reverse("concerns:handover", args=[mara.pk]) in text) == (True, False)
    new = make_posts.post(assignment=make_posts.assignment(districts=[ost], by=silke), by=silke)
    make_posts.staffing(post=new, person=mara, valid_from=TODAY, by=silke)
    assert [tile(client_of(one)) for one in (mara, other)] == [0, 0]
    assert client_of(silke).get(reverse("concerns:coordination")).context["leavers"] == []


def test_a_running_assignment_whose_end_passed_counts_too(ended, silke, mara, ost, client_of):
    Staffing.objects.update(valid_to=None)
    work(mara, ost)
    assert tile(client_of(mara)) == 1
