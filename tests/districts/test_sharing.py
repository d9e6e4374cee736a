"""Shared offices: states, members, assessments, who sees and changes them (Z04)."""

from datetime import timedelta
from itertools import product

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from districts.actions import sharing as actions
from districts.actions.base import Conflict
from districts.actions.merging import merge_actors, undo_merge
from districts.models import OfficeShare, ShareEvent, ShareMember, User
from districts.roles import Role
from districts.sharing import MOVES, Status, may_follow
from tests import make, make_rooms

pytestmark = pytest.mark.django_db

LIST = reverse("districts:shares")


def url(name, *args):
    return reverse(f"districts:{name}", args=args)


@pytest.fixture
def own(tara):
    return tara.memberships.get().actor


@pytest.fixture
def share(mara, own):
    """The shared office in Ost, to which tara's carrier belongs."""
    return make_rooms.share(office=mara.office, name="Gemeinsam in Ost", members=[own])


def move(share, status, by, on=None):
    return actions.move_share(share=share, status=status, on=on or make.today(), version=share.version, by=by)


# --- states -----------------------------------------------------------------------------------------------------------


def test_from_an_idea_every_state_can_be_reached_and_only_the_end_is_final():
    reached, before = {Status.IDEA}, set()
    while reached != before:
        before = set(reached)
        reached |= {then for now in before for then in MOVES[now]}
    assert reached == set(Status)
    assert [now for now in Status if not MOVES[now]] == [Status.ENDED]
    assert all(may_follow(now, Status.ENDED) for now in Status if now != Status.ENDED)


@pytest.mark.parametrize(("now", "then"), list(product(Status, Status)))
def test_only_what_may_follow_follows(now, then, ost, silke):
    found = make_rooms.share(
        district=ost, office=make.office(districts=[ost]), status=now.value, members=[make.actor()]
    )
    if then in MOVES[now]:
        assert move(found, then.value, silke).status == then
        assert found.events.values_list("kind", "status", "on", "by").get() == ("moved", then, make.today(), silke.pk)
    else:
        with pytest.raises(actions.ValidationError):
            move(found, then.value, silke)
        found.refresh_from_db()
        assert (found.status, found.events.count()) == (now, 0)


def test_the_whole_way_from_the_idea_to_the_end(mara, ost, own):
    mara.office.districts.set([ost])
    share = actions.save_share(
        by=mara, name="Gemeinsam in Ost", district=ost, office=None, form="projects", resources="", projects="",
        agreed_on=None, agreement="",
    )  # fmt: skip
    for status in ("explored", "sought"):
        share = move(share, status, mara)
    with pytest.raises(actions.ValidationError, match="das Stadtteilbüro eintragen"):
        move(share, "decided", mara)
    OfficeShare.objects.filter(pk=share.pk).update(office=mara.office)
    share = move(share, "decided", mara)
    with pytest.raises(actions.ValidationError, match="welcher Träger ab diesem Tag dabei ist"):
        move(share, "active", mara)
    make_rooms.member(share=share, actor=own, valid_from=make.today() - timedelta(days=9))
    share = move(share, "active", mara, on=make.today() - timedelta(days=9))
    with pytest.raises(actions.ValidationError, match="begann erst am"):
        move(share, "ended", mara, on=make.today() - timedelta(days=10))
    share = move(share, "ended", mara)
    assert (share.started_on, share.ended_on) == (make.today() - timedelta(days=9), make.today())
    kinds = list(share.events.order_by("pk").values_list("kind", "status"))
    assert kinds == [("entered", ""), *(("moved", one) for one in ("explored", "sought", "decided", "active", "ended"))]


def test_the_database_holds_what_belongs_to_a_state(ost, mara, share):
    rows = OfficeShare.objects.filter(pk=share.pk)
    for change, name in [
        ({"status": "kaputt"}, "office_share_dates_fit_status"),
        ({"office": None}, "office_share_has_place"),
        ({"started_on": None}, "office_share_dates_fit_status"),
        ({"status": "ended"}, "office_share_dates_fit_status"),
        ({"status": "ended", "ended_on": share.started_on - timedelta(days=1)}, "office_share_in_order"),
    ]:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            rows.update(**change)
    with pytest.raises(IntegrityError, match="office_share_once_per_office"), transaction.atomic():
        make_rooms.share(office=mara.office)
    make_rooms.share(office=mara.office, status="ended")


def test_history_cannot_be_changed(share, silke):
    move(share, "ended", silke)
    for change in (lambda: ShareEvent.objects.update(kind="entered"), lambda: ShareEvent.objects.all().delete()):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change()


def test_who_is_slower_changes_nothing(share, silke, mara):
    stale = OfficeShare.objects.get(pk=share.pk)
    move(share, "ended", silke)
    with pytest.raises(Conflict):
        move(stale, "ended", mara)
    assert ShareEvent.objects.count() == 1


def test_a_state_without_its_event_is_not_kept(share, silke, monkeypatch):
    monkeypatch.setattr(actions, "_record", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        move(share, "ended", silke)
    share.refresh_from_db()
    assert share.status == "active"


# --- who sees and changes what ----------------------------------------------------------------------------------------


def test_who_reads_and_who_changes(share, mara, paul, asli, silke, adam, tara, enno):
    other = make_rooms.share(status="idea")
    seen = {
        one.name: (
            {found.pk for found in OfficeShare.objects.visible_to(one)},
            {found.pk for found in OfficeShare.objects.editable_by(one)},
        )
        for one in (mara, paul, asli, silke, adam, tara, enno)
    }
    both, ost = {share.pk, other.pk}, {share.pk}
    assert seen == {
        "Mara Lindt": (both, ost), "Paul Esser": (both, set()), "Aslı Demir": (both, set()),
        "Silke Faber": (both, both), "Adam Nowak": (set(), set()),
        "Tara Brandis": (ost, set()), "Enno Kraus": (set(), set()),
    }  # fmt: skip
    for one in (mara, paul, silke, tara):
        changes = {row.pk for row in OfficeShare.objects.all() if row.may_edit(one)}
        assert changes == seen[one.name][1]


@pytest.mark.parametrize("days", [(None, -1), (1, None)])
def test_a_carrier_that_has_left_or_not_yet_come_sees_nothing(days, share, tara):
    first, last = (day if day is None else make.today() + timedelta(days=day) for day in days)
    share.members.update(valid_from=first, valid_to=last)
    assert list(OfficeShare.objects.visible_to(tara)) == []
    assert make.client_of(tara).get(share.get_absolute_url()).status_code == 404


def test_carrier_staff_read_neither_assessments_nor_history(share, tara, mara):
    actions.assess_share(
        share=share,
        on=make.today(),
        pros="Kurze Wege",
        cons="Träger zahlt unpünktlich",
        conclusion="Lohnt sich",
        by=mara,
    )
    inside, outside = (make.client_of(one).get(share.get_absolute_url()).text for one in (mara, tara))
    words = ("Träger zahlt unpünktlich", "Lohnt sich", "Einschätzung festgehalten", "Mara Lindt")
    assert [one in inside for one in words] == [True] * 4
    assert [one for one in words if one in outside] == []


def test_the_overview_shows_all_quarters_to_the_city_and_one_to_the_carrier(share, tara, silke, preuswald):
    make_rooms.share(district=preuswald, status="sought", name="Preuswald gemeinsam")
    empty = make.district(name="Richterich")
    everything, own = (make.client_of(one).get(LIST).text for one in (silke, tara))
    assert all(words in everything for words in ("Gemeinsam in Ost", "Preuswald gemeinsam", "angestrebt", empty.name))
    assert "Gemeinsam in Ost" in own
    assert [words for words in ("Preuswald gemeinsam", empty.name, "Setzen") if words in own] == []


def test_the_overview_by_state(share, silke, ost):
    sought = make_rooms.share(status="sought")
    ended = make_rooms.share(status="ended")
    client = make.client_of(silke)

    def rows(**query):
        return [row for row, _ in client.get(LIST, query).context["rows"]]

    assert set(rows()) == {share, sought}
    assert (rows(status="ended"), rows(status="sought")) == ([ended], [sought])
    assert client.get(LIST, {"status": "quatsch"}).status_code == 200


@pytest.mark.parametrize("extra", [0, 4])
def test_the_pages_cost_the_same_for_few_and_many(extra, django_assert_num_queries, share, silke, mara):
    for _ in range(extra):
        make_rooms.share(members=[make.actor(), make.actor()])
        make_rooms.member(share=share)
        day = {"on": make.today(), "pros": "", "cons": "", "conclusion": "So"}
        actions.assess_share(share=share, by=mara, **day)
    client = make.client_of(silke)
    with django_assert_num_queries(7):
        client.get(LIST)
    with django_assert_num_queries(9):
        client.get(share.get_absolute_url())


def test_the_office_says_with_whom_it_is_shared_and_outside_only_who_may_be_named(share, mara, own):
    quiet = make_rooms.member(share=share, actor=make.actor(name="Stille Beratung")).actor
    gone = make_rooms.member(share=share, valid_to=make.today() - timedelta(days=1)).actor
    own.is_public = True
    own.save()
    inside = make.client_of(mara).get(url("office_page", share.office_id)).text
    outside = make.client_of(None).get(url("office_public", share.office_id)).text
    names = (own.name, quiet.name, gone.name)
    assert [name in inside for name in names] == [True, True, False]
    assert [name in outside for name in names] == [True, False, False]


# --- forms ------------------------------------------------------------------------------------------------------------


def entry(district, **change):
    return {"name": "Unter einem Dach", "district": district.pk, "office": "", "form": "rooms", **change}


def test_an_idea_is_entered_for_the_own_quarter_only(mara, ost, preuswald):
    client = make.client_of(mara)
    refused = client.post(url("share_new"), entry(preuswald))
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["district"])
    answer = client.post(url("share_new"), entry(ost, resources="Teeküche"))
    made = OfficeShare.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, made.get_absolute_url())
    assert (made.status, made.resources, made.district) == ("idea", "Teeküche", ost)


def test_the_office_must_serve_the_quarter_and_have_no_other(silke, ost, preuswald, mara):
    client = make.client_of(silke)
    wrong = client.post(url("share_new"), entry(preuswald, office=mara.office_id))
    assert list(wrong.context["form"].errors) == ["office"]
    make_rooms.share(office=mara.office, status="sought")
    second = client.post(url("share_new"), entry(ost, office=mara.office_id))
    assert second.context["form"].errors == {
        "office": ["Für dieses Stadtteilbüro gibt es schon eine Bürogemeinschaft."]
    }


def test_a_decided_one_keeps_its_place(share, mara, ost):
    data = entry(ost, version=share.version)
    answer = make.client_of(mara).post(url("share_edit", share.pk), data)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["office"])


def test_the_slower_one_compares_first(share, mara, ost):
    data = entry(ost, office=share.office_id, version=share.version)
    OfficeShare.objects.filter(pk=share.pk).update(resources="Teeküche", version=share.version + 1)
    answer = make.client_of(mara).post(url("share_edit", share.pk), data)
    assert answer.status_code == 409
    assert ("Was gemeinsam genutzt wird", "Teeküche", "–") in answer.context["differences"]


def test_the_state_is_set_in_the_line_with_and_without_scripts(share, silke):
    other = make_rooms.share(status="idea", name="Idee im Süden")
    client = make.client_of(silke)
    plain = client.post(LIST, {"share": other.pk, "status": "explored", "version": other.version})
    assert (plain.status_code, plain.headers["Location"]) == (303, LIST)
    headers = {"HX-Request": "true", "HX-Target": "list"}
    again = client.post(LIST, {"share": other.pk, "status": "sought", "version": other.version}, headers=headers)
    assert "Jemand anderes hat diesen Eintrag inzwischen geändert" in again.text
    swapped = client.post(LIST, {"share": other.pk, "status": "sought", "version": 2}, headers=headers)
    assert ("<html" in swapped.text, "Idee im Süden: angestrebt." in swapped.text) == (False, True)
    wrong = client.post(LIST, {"share": other.pk, "status": "active", "version": 3}, headers=headers)
    other.refresh_from_db()
    assert (wrong.status_code, other.status, other.events.count()) == (200, "sought", 2)


@pytest.mark.parametrize("pk", ["", "x", "9" * 30, "²"])
def test_a_line_that_does_not_exist_is_not_found(pk, silke):
    assert make.client_of(silke).post(LIST, {"share": pk, "status": "sought", "version": 1}).status_code == 404


def test_others_do_not_set_the_state(share, paul, tara, asli):
    for one in (paul, tara, asli):
        data = {"share": share.pk, "status": "ended", "version": share.version}
        assert make.client_of(one).post(LIST, data).status_code == 404
    share.refresh_from_db()
    assert share.status == "active"


def test_a_day_in_the_future_is_refused(share, mara):
    data = {"status": "ended", "on": make.today() + timedelta(days=1), "version": share.version}
    answer = make.client_of(mara).post(url("share_move", share.pk), data)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["on"])


def test_a_member_is_entered_changed_and_never_twice_at_a_time(share, mara, own):
    client, new = make.client_of(mara), make.actor(name="Jugendwerk Ost")
    data = {"actor": "Jugendwerk Ost", "room_share": "ein Schreibtisch", "valid_from": "2026-01-01"}
    assert client.post(url("share_member_new", share.pk), data).status_code == 303
    made = share.members.get(actor=new)
    change = {**data, "valid_to": "2026-06-30", "version": 1}
    assert client.post(url("share_member", made.pk), change).status_code == 303
    slower = client.post(url("share_member", made.pk), {**change, "room_share": "zwei Schreibtische"})
    assert (slower.status_code, slower.context["differences"]) == (
        409, [("Anteil an den Räumen", "ein Schreibtisch", "zwei Schreibtische")],
    )  # fmt: skip
    made.refresh_from_db()
    assert (made.room_share, str(made.valid_to)) == ("ein Schreibtisch", "2026-06-30")
    double = client.post(url("share_member_new", share.pk), {"actor": "Jugendwerk Ost", "valid_from": "2026-06-30"})
    assert double.context["form"].errors == {"actor": ["Jugendwerk Ost ist in diesem Zeitraum schon dabei."]}
    assert client.post(url("share_member_new", share.pk), {**data, "valid_from": "2026-07-01"}).status_code == 303
    with pytest.raises(IntegrityError, match="share_member_once_at_a_time"), transaction.atomic():
        ShareMember.objects.create(share=share, actor=new, valid_to="2026-02-01")
    with pytest.raises(IntegrityError, match="share_member_in_order"), transaction.atomic():
        ShareMember.objects.filter(pk=made.pk).update(valid_to="2025-01-01")


def test_an_assessment_stays_beside_the_next_one(share, mara):
    client = make.client_of(mara)
    for words in ("Passt", "Passt nicht mehr"):
        data = {"on": make.today(), "pros": "Kurze Wege", "cons": "", "conclusion": words}
        assert client.post(url("assessment_new", share.pk), data).status_code == 303
    assert [one.conclusion for one in share.assessments.all()] == ["Passt nicht mehr", "Passt"]
    late = client.post(url("assessment_new", share.pk), {"on": make.today() + timedelta(days=1), "conclusion": "Bald"})
    assert list(late.context["form"].errors) == ["on"]


def test_places_in_shared_offices_and_bookings_follow_a_merge(share, own, silke, tara):
    kept, room = make.actor(), make_rooms.room(office=share.office)
    booking = make_rooms.booking(room=room, actor=own)
    slot = make.slot(office=share.office, kind="third_party", provider=own.name, provider_actor=own)
    merge = merge_actors(kept=kept, merged=own, by=silke)

    def owners():
        return [
            share.members.get().actor, type(booking).objects.get(pk=booking.pk).actor,
            type(slot).objects.get(pk=slot.pk).provider_actor,
        ]  # fmt: skip

    assert owners() == [kept] * 3
    undo_merge(merge=merge, by=silke)
    assert owners() == [own] * 3
    assert list(OfficeShare.objects.visible_to(User.objects.get(pk=tara.pk))) == [share]


def test_only_one_of_two_memberships_at_a_time_follows_a_merge(share, own, silke):
    kept = make.actor()
    make_rooms.member(share=share, actor=kept)
    merge_actors(kept=kept, merged=own, by=silke)
    assert sorted(one.actor_id for one in share.members.all()) == sorted([kept.pk, own.pk])


def test_a_carrier_with_several_people_and_roles(share, own):
    both = make.user(role=Role.CARRIER, actor=own)
    make.membership(user=both, role=Role.CARRIER)
    assert list(OfficeShare.objects.visible_to(both)) == [share]
