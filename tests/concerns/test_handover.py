"""I9: nobody's access or role ends while something hangs on them, and the database does not let it either."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from concerns.actions import handover as actions
from concerns.actions import proposals
from concerns.actions.base import LoopError
from concerns.actions.handover import HandoverNeeded
from concerns.actions.triage import assign_owner
from concerns.duties import duties_in_role, duties_of
from concerns.leaving import leavers
from concerns.models import Concern, Routing
from districts.actions.contacts import save_note, settle_follow_up, unsettle_follow_up
from districts.models import ContactNote, ContactPerson, DistrictStructure, Network, Staffing, User
from districts.roles import Role
from tests import database, make, make_bodies, make_posts
from tests.make_handover import proposal

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


def everything(person, district):
    """One row of every kind that hangs on somebody of a team, by the key of the table."""
    actor = make.actor(districts=[district])
    feedback = {"status": "feedback_due", "answer_text": "Erledigt.", "needs_triage": False}
    return {
        "concerns": make.concern(district=district, owner=person),
        "feedback": make.concern(district=district, owner=person, **feedback),
        "parked": make.concern(
            district=district, owner=person, status="parked", parked_from="new", needs_triage=False,
            follow_up_on=make.today() + timedelta(days=9),
        ),
        "promises": closed_with_promise(district=district, owner=person),
        "notes": make.contact_note(actor=actor, district=district, by=person, follow_up_on=make.today()),
        "contacts": make.contact_person(actor=actor, keeper=person),
        "networks": make.network(districts=[district], keeper=person),
    }  # fmt: skip


def test_nobody_is_deactivated_while_something_depends_on_them(mara, silke, ost):
    everything(mara, ost)
    with pytest.raises(HandoverNeeded) as refused:
        actions.deactivate_person(person=mara, by=silke)
    assert str(refused.value) == (
        "Bitte zuerst übergeben: 3 offene Anliegen (davon 1 mit offener Rückmeldung, 1 zurückgestellt bis zu einem "
        "Tag); 1 offene Zusage; 1 Wiedervorlage im Kontaktprotokoll; 1 Ansprechperson mit festem Kontakt; "
        "1 begleitetes Netzwerk."
    )
    mara.refresh_from_db()
    assert mara.is_active is True


def test_a_proposal_that_waits_for_somebody_is_answered_before_they_leave(mara, lea, silke, ost):
    made = proposal(person=mara, to=lea, concern=[make.concern(district=ost, owner=mara)])
    with pytest.raises(HandoverNeeded, match="1 Übergabe wartet auf eine Antwort dieser Person"):
        actions.deactivate_person(person=lea, by=silke)
    proposals.withdraw(handover=made, by=mara)
    assert actions.deactivate_person(person=lea, by=silke).is_active is False


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


def test_what_is_settled_ended_or_of_others_is_not_in_the_way(mara, lea, silke, ost):
    rows = everything(lea, ost)
    make.concern(
        district=ost, owner=mara, reporters=[], status="closed", closed_at=make.timezone.now(), outcome="fulfilled",
        needs_triage=False,
    )  # fmt: skip
    note = make.contact_note(actor=rows["notes"].actor, district=ost, by=mara, follow_up_on=make.today())
    settle_follow_up(note=note, by=lea)
    make.contact_note(district=ost, by=mara)
    make.contact_person(actor=rows["notes"].actor, keeper=mara, valid_to=make.today() - timedelta(days=1))
    make.network(districts=[ost], keeper=mara, status="ended")
    assert not duties_of(mara, on=make.today())
    assert actions.deactivate_person(person=mara, by=silke).is_active is False


def test_nobody_closes_their_own_access(silke):
    with pytest.raises(LoopError, match="andere Person"):
        actions.deactivate_person(person=silke, by=silke)


def test_posts_and_structures_that_name_somebody_hold_the_access_open(mara, silke, ost):
    staffing = make_posts.staffing(post=make_posts.post(by=silke), person=mara, by=silke)
    structure = DistrictStructure.objects.create(district=ost, coordinator=mara)
    assert [one.text for one in duties_of(mara, on=make.today()).elsewhere] == [
        f"Besetzung der Stelle „{staffing.post}“", "Städtische Koordination in Aachen-Ost",
    ]  # fmt: skip
    text = make.client_of(silke).get(reverse("concerns:handover", args=[mara.pk])).text
    assert reverse("concerns:staffing", args=[staffing.pk]) in text
    for row in (staffing, structure):
        with pytest.raises(IntegrityError, match="still keeps something"), transaction.atomic():
            User.objects.filter(pk=mara.pk).update(is_active=False)
        if row is staffing:
            Staffing.objects.update(valid_from=make.today() - timedelta(days=9), valid_to=make.today())
    structure.delete()
    assert actions.deactivate_person(person=mara, by=silke).is_active is False


# --- roles ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["concerns", "feedback", "parked", "promises", "notes", "contacts", "networks"])
def test_a_role_does_not_end_while_something_of_its_district_is_open(key, mara, silke, ost, preuswald):
    rows = everything(mara, ost)
    other = make.user(role=Role.MANAGER, district=ost)
    for row in (row for name, row in rows.items() if name != key):
        type(row).objects.filter(pk=row.pk).update(**{"owner" if isinstance(row, Concern) else "keeper": other})
    membership = mara.memberships.get()
    with pytest.raises(HandoverNeeded):
        actions.end_membership(membership=membership, last_day=make.today(), by=silke)
    make.membership(user=mara, role=Role.ASSISTANT, district=ost)
    actions.end_membership(membership=membership, last_day=make.today(), by=silke)
    membership.refresh_from_db()
    assert membership.valid_to == make.today()


def test_who_stays_as_an_assistant_hands_over_what_is_confidential(mara, silke, ost):
    actor = make.actor(districts=[ost])
    note = {"actor": actor, "district": ost, "by": mara, "follow_up_on": make.today()}
    secret = make.contact_note(**note, is_confidential=True)
    make.contact_note(**note)
    make.concern(district=ost, owner=mara)
    outside = make.concern(district=None, owner=mara)
    manager = mara.memberships.get()
    make.membership(user=mara, role=Role.ASSISTANT, district=ost)
    found = duties_in_role(manager, on=make.today())
    assert [(line.duty.key, line.count) for line in found.lines] == [("concerns", 1), ("notes", 1)]
    with pytest.raises(HandoverNeeded):
        actions.end_membership(membership=manager, last_day=make.today(), by=silke)
    later = actions.end_membership(membership=manager, last_day=make.today() + timedelta(days=3), by=silke)
    assert [(one.person, one.things) for one in leavers(make.today())] == [(mara, 1)]
    other = make.user(role=Role.MANAGER, district=ost)
    ContactNote.objects.filter(pk=secret.pk).update(keeper=other)
    Concern.objects.filter(pk=outside.pk).update(owner=other)
    assert actions.end_membership(membership=later, last_day=make.today(), by=silke).valid_to == make.today()
    later.valid_to = make.today() - timedelta(days=1)
    later.save()
    text = make.client_of(User.objects.get(pk=mara.pk)).get(actor.get_absolute_url()).text
    assert (secret.topic in text, secret.text in text) == (False, False)


def test_nobody_keeps_a_confidential_entry_they_may_not_read(asli, mara, ost):
    note = make.contact_note(actor=make.actor(districts=[ost]), district=ost, by=asli, follow_up_on=make.today())
    fields = {name: getattr(note, name) for name in ("kind", "on", "person", "topic", "text", "follow_up_on")}
    saved = save_note(actor=note.actor, note=note, version=1, by=mara, district=ost, is_confidential=True, **fields)
    assert saved.keeper == mara


def test_bodies_and_their_follow_ups_hold_the_access_open(mara, silke, ost):
    body = make_bodies.body(name="Runde Ost", districts=[ost], coordinator=mara)
    follow_up = make_bodies.follow_up(body=body, owner=mara)
    make_bodies.body(coordinator=mara, ended_on=make.today() - timedelta(days=1))
    named = [one.text for one in duties_of(mara, on=make.today()).elsewhere]
    assert named == ["Im Blick zu behalten: ein Auftrag aus Gremien", "Koordination von „Runde Ost“"]
    text = make.client_of(silke).get(reverse("concerns:handover", args=[mara.pk])).text
    assert reverse("projects:body_edit", args=[body.pk]) in text
    for row, field in ((body, "coordinator"), (follow_up, "owner")):
        with pytest.raises(IntegrityError, match="keeps a body"), transaction.atomic():
            User.objects.filter(pk=mara.pk).update(is_active=False)
        setattr(row, field, None)
        row.save()
    assert actions.deactivate_person(person=mara, by=silke).is_active is False
    for row, field in ((body, "coordinator"), (follow_up, "owner")):
        setattr(row, field, mara)
        with pytest.raises(IntegrityError, match="access is closed"), transaction.atomic():
            row.save()


def test_another_district_is_not_in_the_way(mara, ost, preuswald):
    everything(mara, preuswald)
    make.membership(user=mara, role=Role.MANAGER, district=preuswald)
    assert not duties_in_role(mara.memberships.get(district=ost), on=make.today())
    assert duties_in_role(mara.memberships.get(district=preuswald), on=make.today()).count("concerns") == 3


def test_contacts_and_networks_of_two_districts_hang_on_the_last_role(mara, ost, preuswald):
    make.network(districts=[ost, preuswald], keeper=mara)
    make.contact_person(actor=make.actor(districts=[ost, preuswald]), keeper=mara)
    make.membership(user=mara, role=Role.MANAGER, district=preuswald)
    of_ost = mara.memberships.get(district=ost)
    assert not duties_in_role(of_ost, on=make.today())
    mara.memberships.exclude(pk=of_ost.pk).delete()
    found = duties_in_role(of_ost, on=make.today())
    assert (found.count("networks"), found.count("contacts")) == (1, 1)


def test_the_last_district_role_also_carries_what_lies_outside(mara, preuswald):
    make.concern(district=None, owner=mara)
    make.network(keeper=mara)
    found = duties_in_role(mara.memberships.get(), on=make.today())
    assert (found.count("concerns"), found.count("networks")) == (1, 1)
    make.membership(user=mara, role=Role.MANAGER, district=preuswald)
    assert not duties_in_role(mara.memberships.get(district__slug="ost"), on=make.today())


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


# --- the database -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_concern_given_at_the_same_moment_is_seen(mara, lea, silke, ost):
    """While somebody gives mara a concern, closing her access waits and then refuses."""
    concern = make.concern(district=ost, owner=lea)
    outcome = []

    def close():
        try:
            outcome.append(actions.deactivate_person(person=mara, by=silke))
        except HandoverNeeded as refused:
            outcome.append(refused.duties.count("concerns"))
        finally:
            connection.close()

    thread = threading.Thread(target=close)
    with transaction.atomic():
        assign_owner(concern=concern, owner=mara, by=lea)
        thread.start()
        database.wait_for_a_lock()
        assert outcome == []
    thread.join(60)
    assert outcome == [1]


@pytest.mark.django_db(transaction=True)
def test_a_follow_up_written_at_the_same_moment_holds_even_a_bare_update(mara, silke, ost):
    """The trigger waits for whoever is just giving something, although no action locks the person."""
    actor, outcome = make.actor(districts=[ost]), []

    def close():
        try:
            User.objects.filter(pk=mara.pk).update(is_active=False)
        except IntegrityError as refused:
            outcome.append("still keeps something" in str(refused))
        finally:
            connection.close()

    thread = threading.Thread(target=close)
    with transaction.atomic():
        make.contact_note(actor=actor, district=ost, by=mara, follow_up_on=make.today())
        thread.start()
        database.wait_for_a_lock()
        assert outcome == []
    thread.join(60)
    assert outcome == [True]


@pytest.mark.parametrize("key", ["concerns", "feedback", "parked", "promises", "notes", "contacts", "networks"])
def test_the_database_closes_no_access_on_which_something_hangs(key, mara, lea, ost):
    rows = everything(lea, ost)
    row = rows[key]
    type(row).objects.filter(pk=row.pk).update(**{"owner" if isinstance(row, Concern) else "keeper": mara})
    with pytest.raises(IntegrityError, match="somebody leaves"), transaction.atomic():
        User.objects.filter(pk=mara.pk).update(is_active=False)


def test_nor_of_a_caseworker_with_tickets_or_an_owner_whose_answer_did_not_help(mara, enno, ost, stadtbetrieb):
    make.routing(department=stadtbetrieb, assignee=enno)
    concern = make.concern(district=ost, owner=mara)
    told = make.timezone.now()
    concern.reporters.get().voices.create(helped=False, answer_at=told, due_on=make.today())
    concern.reporters.update(feedback_state="impossible", waiver_reason="no_contact")
    Concern.objects.filter(pk=concern.pk).update(
        status="closed", closed_at=told, outcome="fulfilled", needs_triage=False
    )
    assert duties_of(mara, on=make.today()).sentences() == ["1 Anliegen mit Stimmen von außen"]
    for person in (enno, mara):
        with pytest.raises(IntegrityError, match="still has open work"), transaction.atomic():
            User.objects.filter(pk=person.pk).update(is_active=False)


def test_the_database_gives_nothing_open_to_a_closed_access(mara, lea, enno, ost, stadtbetrieb):
    concern, routing = make.concern(district=ost, owner=lea), make.routing(department=stadtbetrieb)
    closed = closed_with_promise(district=ost, owner=lea)
    actor = make.actor(districts=[ost])
    note = make.contact_note(actor=actor, district=ost, by=lea, follow_up_on=make.today())
    done = make.contact_note(
        actor=actor, district=ost, by=mara, follow_up_on=make.today(), settled_at=make.timezone.now()
    )
    contact, network = make.contact_person(actor=actor), make.network(districts=[ost])
    User.objects.filter(pk__in=[mara.pk, enno.pk]).update(is_active=False)
    writes = (
        lambda: Concern.objects.filter(pk=concern.pk).update(owner=mara),
        lambda: make.concern(district=ost, owner=mara),
        lambda: Routing.objects.filter(pk=routing.pk).update(assignee=enno),
        lambda: ContactNote.objects.filter(pk=note.pk).update(keeper=mara),
        lambda: ContactNote.objects.filter(pk=done.pk).update(settled_at=None),
        lambda: make.contact_note(actor=actor, district=ost, by=mara, follow_up_on=make.today()),
        lambda: ContactPerson.objects.filter(pk=contact.pk).update(keeper=mara),
        lambda: Network.objects.filter(pk=network.pk).update(keeper=mara),
        lambda: make.network(districts=[ost], keeper=mara),
    )
    for write in writes:
        with pytest.raises(IntegrityError, match="access is closed"), transaction.atomic():
            write()
    Concern.objects.filter(pk=closed.pk).update(owner=mara)
    with pytest.raises(IntegrityError, match="access is closed"), transaction.atomic():
        Concern.objects.filter(pk=closed.pk).update(status="new", closed_at=None, needs_triage=True)


def test_a_follow_up_has_somebody_who_attends_to_it(mara, lea, ost):
    actor = make.actor(districts=[ost])
    with pytest.raises(IntegrityError, match="contact_note_follow_up_has_keeper"), transaction.atomic():
        make.contact_note(actor=actor, district=ost, by=mara, follow_up_on=make.today(), keeper=None)
    note = make.contact_note(actor=actor, district=ost, by=mara, keeper=None)
    fields = {"kind": "talk", "on": note.on, "topic": "Fest", "text": "", "district": ost}
    given = {"actor": actor, "note": note, "version": 1, "person": None, "follow_up_on": make.today()}
    assert save_note(by=lea, **given, **fields).keeper == lea


def test_who_takes_a_follow_up_up_again_attends_to_it_when_its_keeper_has_left(mara, lea, ost):
    note = make.contact_note(district=ost, by=mara, follow_up_on=make.today(), settled_at=make.timezone.now())
    User.objects.filter(pk=mara.pk).update(is_active=False)
    assert unsettle_follow_up(note=note, by=lea).keeper == lea
