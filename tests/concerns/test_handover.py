"""I9: nobody's leaving orphans a concern, a promise or a routing."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from concerns.actions import handover as actions
from concerns.actions.base import LoopError
from concerns.actions.handover import HandoverNeeded
from concerns.actions.triage import assign_owner
from concerns.models import Concern, ConcernEvent, Routing
from districts.models import User
from districts.roles import Role
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lea(ost):
    """A second manager in Ost."""
    return make.user(name="Lea Kranz", role=Role.MANAGER, district=ost)


def closed_with_promise(**fields):
    return make.concern(
        reporters=[], status="closed", closed_at=make.timezone.now(), outcome="planned", promise="open",
        promised_on=make.today(), answer_text="Im Herbst.", needs_triage=False, **fields,
    )  # fmt: skip


def test_nobody_is_deactivated_while_something_depends_on_them(mara, silke, ost):
    make.concern(district=ost, owner=mara)
    make.concern(district=ost, owner=mara)
    closed_with_promise(district=ost, owner=mara)
    with pytest.raises(HandoverNeeded) as refused:
        actions.deactivate_person(person=mara, by=silke)
    assert str(refused.value) == "Bitte zuerst übergeben: 2 offene Anliegen; 1 offene Zusage."
    mara.refresh_from_db()
    assert mara.is_active is True


def test_a_caseworker_with_tickets_is_not_deactivated(enno, lena, silke, stadtbetrieb):
    make.routing(department=stadtbetrieb, assignee=enno)
    with pytest.raises(HandoverNeeded, match="1 zugewiesener Vorgang"):
        actions.deactivate_person(person=enno, by=silke)


def test_the_last_caseworker_of_a_department_stays(enno, silke, stadtbetrieb):
    make.routing(department=stadtbetrieb)
    with pytest.raises(HandoverNeeded, match="E 18 Aachener Stadtbetrieb: sonst niemand da"):
        actions.deactivate_person(person=enno, by=silke)
    make.user(role=Role.DEPT_STAFF, department=stadtbetrieb)
    assert actions.deactivate_person(person=enno, by=silke).is_active is False


def test_people_of_the_successor_count_as_staff(uwe, enno, silke, umwelt, stadtbetrieb):
    make.routing(department=umwelt)
    umwelt.successor = stadtbetrieb
    umwelt.save()
    assert actions.deactivate_person(person=uwe, by=silke).is_active is False


def test_closed_and_foreign_concerns_are_not_in_the_way(mara, lea, silke, ost):
    make.concern(district=ost, owner=lea)
    make.concern(
        district=ost, owner=mara, reporters=[], status="closed", closed_at=make.timezone.now(), outcome="fulfilled",
        needs_triage=False,
    )  # fmt: skip
    assert actions.deactivate_person(person=mara, by=silke).is_active is False


def test_nobody_closes_their_own_access(silke):
    with pytest.raises(LoopError, match="andere Person"):
        actions.deactivate_person(person=silke, by=silke)


def test_concerns_go_to_a_colleague_with_an_event(mara, lea, silke, ost):
    first, second = (make.concern(district=ost, owner=mara) for _ in range(2))
    count = actions.hand_over_concerns(person=mara, concerns=[second, first], to=lea, by=silke)
    assert count == 2
    assert set(Concern.objects.values_list("owner", flat=True)) == {lea.pk}
    events = ConcernEvent.objects.filter(kind="owner").order_by("concern_id")
    assert [(e.concern_id, e.by, e.old, e.new) for e in events] == [
        (first.pk, silke, str(mara.pk), str(lea.pk)),
        (second.pk, silke, str(mara.pk), str(lea.pk)),
    ]


def test_only_the_team_of_the_district_takes_over_and_nothing_happens_by_halves(mara, paul, silke, ost, preuswald):
    make.membership(user=mara, role=Role.MANAGER, district=preuswald)
    there = make.concern(district=preuswald, owner=mara)
    here = make.concern(district=ost, owner=mara)
    with pytest.raises(LoopError, match="gehört nicht zum Team"):
        actions.hand_over_concerns(person=mara, concerns=[there, here], to=paul, by=silke)
    assert set(Concern.objects.values_list("owner", flat=True)) == {mara.pk}
    assert ConcernEvent.objects.filter(kind="owner").count() == 0


def test_a_concern_outside_all_districts_goes_to_any_manager(mara, paul, asli, silke):
    concern = make.concern(district=None, owner=mara)
    with pytest.raises(LoopError):
        actions.hand_over_concerns(person=mara, concerns=[concern], to=asli, by=silke)
    assert actions.hand_over_concerns(person=mara, concerns=[concern], to=paul, by=silke) == 1


def test_what_somebody_took_over_meanwhile_stays(mara, lea, silke, ost):
    concern = make.concern(district=ost, owner=mara)
    Concern.objects.filter(pk=concern.pk).update(owner=lea)
    assert actions.hand_over_concerns(person=mara, concerns=[concern], to=lea, by=silke) == 0


def test_tickets_go_to_a_colleague_or_back_to_all(enno, lena, uwe, silke, stadtbetrieb):
    first, second = (make.routing(department=stadtbetrieb, assignee=enno) for _ in range(2))
    with pytest.raises(LoopError, match="gehört nicht zu E 18"):
        actions.hand_over_routings(person=enno, routings=[first], to=uwe, by=silke)
    actions.hand_over_routings(person=enno, routings=[first], to=lena, by=silke)
    actions.hand_over_routings(person=enno, routings=[second], to=None, by=silke)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.assignee, second.assignee) == (lena, None)


# --- roles ------------------------------------------------------------------------------------------------------------


def test_a_role_does_not_end_while_concerns_of_its_district_are_open(mara, lea, silke, ost, preuswald):
    concern = make.concern(district=ost, owner=mara)
    membership = mara.memberships.get()
    with pytest.raises(HandoverNeeded, match="1 offenes Anliegen"):
        actions.end_membership(membership=membership, last_day=make.today(), by=silke)
    actions.hand_over_concerns(person=mara, concerns=[concern], to=lea, by=silke)
    actions.end_membership(membership=membership, last_day=make.today(), by=silke)
    membership.refresh_from_db()
    assert membership.valid_to == make.today()


def test_another_district_or_another_role_there_is_not_in_the_way(mara, silke, ost, preuswald):
    make.concern(district=preuswald, owner=mara)
    assert not actions.duties_in_role(mara.memberships.get(), on=make.today())
    make.concern(district=ost, owner=mara)
    make.membership(user=mara, role=Role.ASSISTANT, district=ost)
    assert not actions.duties_in_role(mara.memberships.get(role="manager"), on=make.today())


def test_the_last_district_role_also_carries_what_lies_outside(mara, silke, preuswald):
    make.concern(district=None, owner=mara)
    assert actions.duties_in_role(mara.memberships.get(), on=make.today()).concerns == 1
    make.membership(user=mara, role=Role.MANAGER, district=preuswald)
    assert not actions.duties_in_role(mara.memberships.get(district__slug="ost"), on=make.today())


def test_the_end_of_a_role_can_be_known_before_the_hand_over(mara, silke, ost):
    make.concern(district=ost, owner=mara)
    last_day = make.today() + timedelta(days=30)
    assert actions.end_membership(membership=mara.memberships.get(), last_day=last_day, by=silke).valid_to == last_day


@pytest.mark.parametrize(
    ("who", "message"),
    [("self", "beendet eine andere Person"), ("over", "schon beendet"), ("early", "beginnt erst am")],
)
def test_ends_without_sense_are_refused(who, message, mara, silke):
    membership = (silke if who == "self" else mara).memberships.get()
    if who == "over":
        membership.valid_to = make.today() - timedelta(days=1)
    if who == "early":
        membership.valid_from = make.today()
    membership.save()
    with pytest.raises(LoopError, match=message):
        actions.end_membership(membership=membership, last_day=make.today() - timedelta(days=2), by=silke)


# --- the pages --------------------------------------------------------------------------------------------------------


def test_from_the_refusal_to_the_closed_access(mara, lea, asli, silke, ost):
    """Acceptance scenario 9: three open concerns, one of them with feedback due."""
    concerns = [make.concern(district=ost, owner=mara, title=f"Anliegen {n}") for n in range(2)]
    concerns.append(
        make.concern(district=ost, owner=mara, status="feedback_due", answer_text="Erledigt.", needs_triage=False)
    )
    client, page = make.client_of(silke), reverse("concerns:handover", args=[mara.pk])
    refused = client.post(reverse("concerns:deactivate", args=[mara.pk]))
    assert refused.headers["Location"] == page
    shown = client.get(page)
    assert all(concern.number in shown.content.decode() for concern in concerns)
    assert "Geheimname" not in shown.content.decode()
    form = shown.context["forms"][0]
    assert set(form.fields["to"].queryset) == {lea, asli}
    data = {"group": form.prefix, f"{form.prefix}-items": [c.pk for c in concerns], f"{form.prefix}-to": lea.pk}
    assert client.post(page, data).status_code == 303
    assert client.post(reverse("concerns:deactivate", args=[mara.pk])).headers["Location"] == reverse(
        "districts:person", args=[mara.pk]
    )
    assert User.objects.get(pk=mara.pk).is_active is False
    assert list(Concern.objects.mine(lea)) == list(Concern.objects.order_by("-received_on", "-pk"))


def test_the_page_hides_what_sensitive_concerns_are_about(mara, silke, ost):
    concern = make.concern(district=ost, owner=mara, topic=make.topic(is_sensitive=True), title="Geheime Sache")
    text = make.client_of(silke).get(reverse("concerns:handover", args=[mara.pk])).content.decode()
    assert (concern.number in text, "Geheime Sache" in text) == (True, False)


@pytest.mark.parametrize("field", ["to", "items"])
def test_foreign_ids_are_refused(field, mara, lea, paul, silke, ost, preuswald):
    concern, foreign = make.concern(district=ost, owner=mara), make.concern(district=preuswald, owner=paul)
    prefix = f"concerns-{ost.pk}"
    data = {"group": prefix, f"{prefix}-items": [concern.pk], f"{prefix}-to": lea.pk}
    data |= {f"{prefix}-to": paul.pk} if field == "to" else {f"{prefix}-items": [foreign.pk]}
    response = make.client_of(silke).post(reverse("concerns:handover", args=[mara.pk]), data)
    assert (response.status_code, list(response.context["forms"][0].errors)) == (422, [field])
    assert set(Concern.objects.values_list("owner", flat=True)) == {mara.pk, paul.pk}


def test_somebody_alone_in_the_district_is_told_so(mara, silke, ost):
    make.concern(district=ost, owner=mara)
    text = make.client_of(silke).get(reverse("concerns:handover", args=[mara.pk])).content.decode()
    assert "Hier gibt es sonst niemanden im Team" in text


@pytest.mark.parametrize("extra", [0, 7])
def test_the_page_costs_the_same_for_few_and_many(extra, django_assert_num_queries, mara, lea, silke, ost):
    for _ in range(1 + extra):
        make.concern(district=ost, owner=mara)
    client = make.client_of(silke)
    with django_assert_num_queries(12):
        assert client.get(reverse("concerns:handover", args=[mara.pk])).status_code == 200


def test_the_page_of_a_role_names_what_is_left_and_keeps_the_day(mara, silke, ost):
    make.concern(district=ost, owner=mara)
    page = reverse("concerns:membership_end", args=[mara.memberships.get().pk])
    client = make.client_of(silke)
    assert "1 offenes Anliegen" in client.get(page).content.decode()
    response = client.post(page, {"last_day": make.today().isoformat()})
    assert response.status_code == 422
    assert response.context["form"]["last_day"].value() == make.today().isoformat()
    assert mara.memberships.get().valid_to is None
    later = make.today() + timedelta(days=20)
    assert client.post(page, {"last_day": later.isoformat()}).status_code == 303
    assert mara.memberships.get().valid_to == later


@pytest.mark.django_db(transaction=True)
def test_a_concern_given_at_the_same_moment_is_seen(mara, lea, silke, ost):
    """While somebody gives mara a concern, closing her access waits and then refuses."""
    concern = make.concern(district=ost, owner=lea)
    outcome = []

    def close():
        try:
            outcome.append(actions.deactivate_person(person=mara, by=silke))
        except HandoverNeeded as refused:
            outcome.append(refused.duties.concerns)
        finally:
            connection.close()

    thread = threading.Thread(target=close)
    with transaction.atomic():
        assign_owner(concern=concern, owner=mara, by=lea)
        thread.start()
        thread.join(0.5)
        assert outcome == []
    thread.join(10)
    assert outcome == [1]


def test_the_database_gives_nothing_open_to_a_closed_access(mara, lea, enno, ost, stadtbetrieb):
    concern, routing = make.concern(district=ost, owner=lea), make.routing(department=stadtbetrieb)
    closed = closed_with_promise(district=ost, owner=lea)
    User.objects.filter(pk__in=[mara.pk, enno.pk]).update(is_active=False)
    writes = (
        lambda: Concern.objects.filter(pk=concern.pk).update(owner=mara),
        lambda: make.concern(district=ost, owner=mara),
        lambda: Routing.objects.filter(pk=routing.pk).update(assignee=enno),
    )
    for write in writes:
        with pytest.raises(IntegrityError, match="access is closed"), transaction.atomic():
            write()
    Concern.objects.filter(pk=closed.pk).update(owner=mara)
    with pytest.raises(IntegrityError, match="access is closed"), transaction.atomic():
        Concern.objects.filter(pk=closed.pk).update(status="new", closed_at=None, needs_triage=True)
