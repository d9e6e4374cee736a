"""Bodies, their members and their calendar (Z18)."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from concerns.models import OutgoingMail
from districts.actions.merging import merge_actors, undo_merge
from districts.models import ContactPerson
from districts.roles import Role
from projects.actions.bodies import forget_addresses
from projects.actions.sessions import invite
from projects.models import Body, BodyEvent, BodyMember, Session
from tests import make, make_bodies

pytestmark = pytest.mark.django_db
LIST = reverse("projects:bodies")


@pytest.fixture
def body(ost):
    return make_bodies.body(name="Stadtteilkonferenz Ost", districts=[ost])


@pytest.fixture
def typed(ost):
    return {
        "name": "Runder Tisch", "kind": "round_table", "districts": [ost.pk], "power": "advises", "part": "leads",
        "quorum": "50", "every_months": "3", "first_month": "2", "nth": "2", "weekday": "1", "starts": "17:00",
        "duration": "90", "level": "network", "term": "lasting",
    }  # fmt: skip


def url(name, row):
    return reverse(f"projects:{name}", args=[row.pk])


def test_enters_a_body(client_of, mara, typed, ost):
    answer = client_of(mara).post(reverse("projects:body_new"), typed)
    made = Body.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, made.get_absolute_url())
    assert (list(made.districts.all()), made.rhythm_words) == ([ost], "vierteljährlich am zweiten Dienstag")
    assert BodyEvent.objects.get().kind == "entered"


@pytest.mark.parametrize(("change", "field"), [
    ({"name": "Stadtteilkonferenz Ost"}, "name"),
    ({"kind": "x"}, "kind"),
    ({"weekday": ""}, "every_months"),
    ({"quorum": "101"}, "quorum"),
    ({"duration": "5"}, "duration"),
    ({"founded_on": "2026-02-01", "ended_on": "2026-01-01"}, "ended_on"),
    ({"districts": []}, "districts"),
])  # fmt: skip
def test_says_beside_the_field_what_is_wrong(client_of, mara, body, typed, change, field):
    answer = client_of(mara).post(reverse("projects:body_new"), typed | change)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert Body.objects.count() == 1


def test_a_session_that_would_last_past_midnight_is_refused(client_of, mara, typed):
    answer = client_of(mara).post(reverse("projects:body_new"), typed | {"starts": "23:00", "duration": "60"})
    assert list(answer.context["form"].errors) == ["duration"]


def test_concerns_of_a_body_are_shown_to_whoever_may_read_them(client_of, mara, paul, asli, ost, preuswald, body):
    elsewhere = make.user(role=Role.ASSISTANT, district=preuswald)
    session = make_bodies.session(body=body)
    raised = make_bodies.raised(
        item=make_bodies.item(session=session), by=mara, answered=True, title="Bank am Rehmplatz"
    )
    make_bodies.item(session=session, kind="replies", title="Antworten")
    for page in (url("body", body), url("session", session)):
        shown = ["Bank am Rehmplatz" in client_of(one).get(page).text for one in (mara, asli, paul, elsewhere)]
        assert shown == [True, True, True, False]
    assert raised.concern.number in client_of(elsewhere).get(url("session", session)).text


def test_without_a_district_it_belongs_to_whoever_coordinates_it(client_of, mara, asli, typed):
    answer = client_of(mara).post(reverse("projects:body_new"), typed | {"districts": [], "coordinator": mara.pk})
    made = Body.objects.get()
    assert answer.status_code == 303
    assert (made.may_edit(mara), made.may_edit(asli), made.may_write(asli)) == (True, False, False)


def test_whoever_is_slower_compares_first(client_of, mara, body, typed):
    client, typed = client_of(mara), typed | {"name": body.name}
    assert client.post(url("body_edit", body), typed | {"version": 1, "place": "Saal"}).status_code == 303
    late = client.post(url("body_edit", body), typed | {"version": 1, "place": "Keller"})
    assert late.status_code == 409
    assert ("Ort", "Saal", "Keller") in late.context["differences"]
    body.refresh_from_db()
    assert body.place == "Saal"


def test_what_the_query_and_the_loaded_row_say_about_rights_is_the_same(mara, paul, asli, silke, enno, adam, ost):
    rows = [
        make_bodies.body(districts=[ost]),
        make_bodies.body(),
        make_bodies.body(coordinator=paul),
        make_bodies.body(districts=[make.district()]),
    ]
    for user in (mara, paul, asli, silke, enno, adam):
        editable = set(Body.objects.editable_by(user))
        writable = set(Body.objects.writable_by(user))
        assert {row for row in rows if row.may_edit(user)} == editable, user
        assert {row for row in rows if row.may_write(user)} == writable, user
    assert set(Body.objects.editable_by(mara)) == {rows[0]}
    assert set(Body.objects.editable_by(paul)) == {rows[2]}
    assert set(Body.objects.writable_by(asli)) == {rows[0]}
    assert set(Body.objects.editable_by(silke)) == set(rows)


class TestDepartments:
    @pytest.fixture
    def invited(self, body, stadtbetrieb):
        return make_bodies.member(body=body, department=stadtbetrieb, has_vote=False, role="advisor")

    def test_see_the_bodies_they_belong_to_and_nothing_about_people(self, client_of, body, invited, enno, uwe, ost):
        member = make_bodies.member(body=body, name="Rosa Geheim", has_vote=True)
        make_bodies.follow_up(body=body, task="Geheimer Auftrag")
        session = make_bodies.session(body=body, status="invited", invited_at=timezone.now())
        planned = make_bodies.session(body=body, on=make.today() + timedelta(days=90))
        client = client_of(enno)
        html = client.get(url("body", body)).content.decode()
        assert [client.get(url("session", one)).status_code for one in (session, planned)] == [200, 404]
        assert (member.name in html, "Geheimer Auftrag" in html) == (False, False)
        assert str(session.get_absolute_url()) in html
        assert client_of(uwe).get(url("body", body)).status_code == 404
        assert "in kein Gremium eingeladen" in client_of(uwe).get(LIST).content.decode()

    def test_see_it_as_long_as_they_belong_to_it(self, client_of, body, invited, enno):
        BodyMember.objects.filter(pk=invited.pk).update(valid_to=make.today() - timedelta(days=1))
        assert client_of(enno).get(url("body", body)).status_code == 404

    def test_carrier_staff_see_the_sessions_they_belong_to_from_the_invitation_on(self, client_of, body, tara, mara):
        client, seat = client_of(tara), make_bodies.member(body=body, actor=tara.memberships.get().actor)
        make_bodies.member(body=body, name="Rosa Geheim")
        session = make_bodies.session(body=body, status="invited", invited_at=timezone.now())
        point = make_bodies.item(session=session)
        planned = make_bodies.session(body=body, on=make.today() + timedelta(days=90))
        other = make_bodies.body(name="Anderes Gremium")
        assert [client.get(url("session", one)).status_code for one in (session, planned)] == [200, 404]
        assert point.title in client.get(url("session", session)).text
        shown = client.get(LIST).text
        assert (body.name in shown, other.name in shown, "Ihr Träger gehört" in shown) == (True, False, True)
        page = client.get(url("body", body))
        assert ("Geheim" in page.text, page.context["planned"], f"{planned.on:%d.%m.%Y}" in page.text) == (
            False, [planned], True,
        )  # fmt: skip
        assert (url("session", planned) in page.text, client_of(mara).get(url("body", body)).context["planned"]) == (
            False, [],
        )  # fmt: skip
        assert client.get(url("body", other)).status_code == 404
        assert client.get(reverse("reports:session_invitation", args=[session.pk])).status_code == 404
        BodyMember.objects.filter(pk=seat.pk).update(valid_to=make.today() - timedelta(days=1))
        assert client.get(url("session", session)).status_code == 404

    def test_never_see_minutes(self, client_of, body, invited, enno, mara):
        session = make_bodies.held(body=body, by=mara, invited_at=timezone.now())
        make_bodies.write(session=session, by=mara, minutes="Geheimes Protokoll", decision="Geheimer Beschluss")
        html = client_of(enno).get(url("session", session)).content.decode()
        assert session.items.first().title in html
        assert "Geheim" not in html
        assert client_of(enno).get(reverse("reports:session_minutes", args=[session.pk])).status_code == 404


class TestMembers:
    def post(self, client, body, **typed):
        return client.post(url("body_member_new", body), {"role": "member", **typed})

    def test_an_actor_with_its_contact_person(self, client_of, mara, body):
        actor = make.actor(name="Kita Sonne", short_name="Kita", email="kita@verein.example")
        contact = make.contact_person(actor=actor, name="Petra Lamberts", email="lamberts@verein.example")
        typed = {"actor": "Kita Sonne", "contact_name": "petra lamberts", "has_vote": "on"}
        assert self.post(client_of(mara), body, **typed).status_code == 303
        member = body.members.with_names().get()
        assert (member.contact, member.label) == (contact, "Petra Lamberts (Kita)")
        assert member.address == "lamberts@verein.example"

    def test_an_erased_contact_person_leaves_the_seat_to_the_actor(self, body):
        contact = make.contact_person(email="weg@verein.example")
        member = make_bodies.member(body=body, actor=contact.actor, contact=contact)
        ContactPerson.objects.filter(pk=contact.pk).delete()
        member.refresh_from_db()
        assert (member.label, member.address) == (contact.actor.name, contact.actor.email)

    @pytest.mark.parametrize(("typed", "field"), [
        ({}, "__all__"),
        ({"name": "Rosa", "department": "fb"}, "__all__"),
        ({"contact_name": "Petra Lamberts"}, "contact_name"),
        ({"name": "Rosa", "email": "rosa@ost.example"}, "consent_on"),
        ({"name": "Rosa", "role": "deputy"}, "deputy_for"),
        ({"name": "Rosa", "valid_from": "2026-02-02", "valid_to": "2026-02-01"}, "valid_to"),
    ])  # fmt: skip
    def test_says_what_is_wrong(self, client_of, mara, body, stadtbetrieb, typed, field):
        typed = {key: stadtbetrieb.pk if value == "fb" else value for key, value in typed.items()}
        answer = self.post(client_of(mara), body, **typed)
        assert answer.status_code == 422
        assert field in answer.context["form"].errors
        assert not body.members.exists()

    def test_whoever_changes_a_seat_second_compares_first(self, client_of, mara, body):
        seat, client = make_bodies.member(body=body, name="Rosa", has_vote=False), client_of(mara)
        typed = {"name": "Rosa", "role": "advisor", "version": 1}
        assert client.post(url("body_member", seat), typed | {"has_vote": "on"}).status_code == 303
        answer = client.post(url("body_member", seat), typed | {"role": "chair"})
        assert (answer.status_code, "Vorsitz" in answer.text) == (409, True)
        seat.refresh_from_db()
        assert (seat.role, seat.has_vote, seat.version) == ("advisor", True, 2)
        assert client.post(url("body_member", seat), typed | {"role": "chair", "version": 2}).status_code == 303
        client.post(url("body_member_end", seat), {"last_day": make.today().isoformat()})
        assert client.post(url("body_member", seat), typed | {"version": 3}).status_code == 409

    def test_nobody_is_in_it_twice_at_a_time(self, client_of, mara, body):
        actor = make.actor(name="Kita Sonne")
        make_bodies.member(body=body, actor=actor, valid_to=date(2026, 1, 31))
        client = client_of(mara)
        assert self.post(client, body, actor="Kita Sonne", valid_from="2026-01-31").status_code == 422
        assert self.post(client, body, actor="Kita Sonne", valid_from="2026-02-01").status_code == 303

    @pytest.mark.parametrize("who", ["user", "department", "name", "contact"])
    def test_the_database_refuses_the_same_twice(self, body, mara, stadtbetrieb, who):
        contact = make.contact_person()
        fields = {
            "user": {"user": mara}, "department": {"department": stadtbetrieb}, "name": {"name": "Rosa"},
            "contact": {"actor": contact.actor, "contact": contact},
        }[who]  # fmt: skip
        make_bodies.member(body=body, **fields)
        with pytest.raises(IntegrityError, match=f"body_member_{who}_once"), transaction.atomic():
            make_bodies.member(body=body, **fields)

    @pytest.mark.parametrize(("fields", "rule"), [
        ({"name": "Rosa", "email": "rosa@ost.example"}, "body_member_address_needs_consent"),
        ({"name": ""}, "body_member_is_one"),
        ({"name": "Rosa", "role": "deputy"}, "body_member_deputy_of_somebody"),
        ({"name": "Rosa", "valid_from": date(2026, 2, 2), "valid_to": date(2026, 2, 1)}, "body_member_in_order"),
    ])  # fmt: skip
    def test_the_database_knows_the_rules(self, body, fields, rule):
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            make_bodies.member(body=body, **fields)

    def test_ends_after_a_day(self, client_of, mara, body):
        member = make_bodies.member(body=body)
        client_of(mara).post(url("body_member_end", member), {"last_day": "2026-03-31"})
        member.refresh_from_db()
        assert (member.valid_to, member.is_in_force(date(2026, 4, 1))) == (date(2026, 3, 31), False)


def test_addresses_are_forgotten_when_nobody_is_written_to_any_more(mara, body):
    today, old = make.today(), timezone.now() - timedelta(days=91)
    by_name = {"body": body, "consent_on": today}
    left = make_bodies.member(name="Rosa", email="r@ost.example", valid_to=today - timedelta(days=1), **by_name)
    stays = make_bodies.member(name="Petra", email="p@ost.example", valid_to=today + timedelta(days=30), **by_name)
    session = make_bodies.session(body=body)
    make_bodies.item(session=session)
    invite(session=session, by=mara)
    mails = OutgoingMail.objects.order_by("pk")
    mails.update(created_at=old)
    assert forget_addresses() == 1
    mails.update(state="sent", sent_at=old)
    assert (forget_addresses(), forget_addresses()) == (1, 0)
    left.refresh_from_db()
    stays.refresh_from_db()
    assert ((left.email, left.consent_on, left.name), stays.email) == (("", None, "Rosa"), "p@ost.example")
    assert mails.get().to == ""


@pytest.mark.parametrize(("fields", "rule"), [
    ({"every_months": 2, "weekday": None}, "body_rhythm_is_whole"),
    ({"first_month": 13}, "body_rhythm_known"),
    ({"quorum": 101}, "body_quorum_is_share"),
    ({"founded_on": date(2026, 1, 2), "ended_on": date(2026, 1, 1)}, "body_in_order"),
])  # fmt: skip
def test_the_database_knows_the_rules_of_a_body(fields, rule):
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        make_bodies.body(**fields)


def test_history_is_append_only(body, mara):
    BodyEvent.objects.create(body=body, kind="edited", by=mara)
    for change in (lambda: BodyEvent.objects.update(kind="entered"), lambda: BodyEvent.objects.all().delete()):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change()


def test_the_list_filters_and_leaves_out_what_is_over(client_of, mara, body, ost):
    over = make_bodies.body(name="Früher", districts=[ost], ended_on=make.today() - timedelta(days=1))
    make_bodies.body(name="Anderswo", districts=[make.district()])
    city = make_bodies.body(name="Stadtweit", kind="steering")

    def names(**query):
        return [one.name for one, _ in client_of(mara).get(LIST, query).context["rows"]]

    assert names() == ["Anderswo", body.name, city.name]
    assert names(district=ost.pk) == [body.name, city.name]
    assert names(kind="steering") == [city.name]
    assert names(q="früh", over="on") == [over.name]
    assert client_of(mara).get(LIST, {"kind": "x"}).status_code == 422


@pytest.mark.parametrize("count", [1, 20])
def test_pages_cost_the_same_for_few_and_many(client_of, mara, ost, count, django_assert_num_queries):
    body = make_bodies.body(districts=[ost])
    for n in range(count):
        make_bodies.body(districts=[ost, make.district()])
        member = make_bodies.member(body=body)
        make_bodies.member(body=body, deputy_for=member)
        make_bodies.session(body=body, on=make.today() + timedelta(days=n))
        make_bodies.session(body=body, on=make.today() - timedelta(days=n + 1), status="held")
        make_bodies.follow_up(body=body)
    client = client_of(mara)
    client.get(LIST)
    with django_assert_num_queries(LIST_QUERIES):
        client.get(LIST)
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(url("body", body))


LIST_QUERIES, PAGE_QUERIES = 8, 15


class TestCalendar:
    def test_everybody_reads_the_dates_of_a_public_body(self, client, body):
        Body.objects.update(is_public=True)
        make_bodies.member(body=body, name="Rosa Geheim")
        make_bodies.session(body=body, on=date.today() + timedelta(days=3), place="Saal; hinten")
        make_bodies.session(body=body, on=date.today() + timedelta(days=9), status="cancelled", cancel_reason="x")
        answer = client.get(url("body_calendar", body))
        text = answer.content.decode()
        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
        assert (text.count("BEGIN:VEVENT"), "LOCATION:Saal\\; hinten" in text, "Geheim" in text) == (1, True, False)
        again = client.get(url("body_calendar", body), headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304

    def test_a_body_that_is_not_public_has_none(self, client_of, body, mara, client):
        assert [one.get(url("body_calendar", body)).status_code for one in (client, client_of(mara))] == [404, 404]


def test_next_dates_of_a_district(ost, preuswald):
    today = make.today()
    here, city, there = make_bodies.body(districts=[ost]), make_bodies.body(), make_bodies.body(districts=[preuswald])
    late = make_bodies.session(body=here, on=today + timedelta(days=20))
    soon = make_bodies.session(body=city, on=today + timedelta(days=2))
    make_bodies.session(body=there, on=today)
    make_bodies.session(body=here, on=today - timedelta(days=2))
    make_bodies.session(body=here, on=today + timedelta(days=1), status="cancelled", cancel_reason="x")
    assert list(Session.objects.next_dates_of(ost, today=today)) == [soon, late]


def test_merging_two_actors_moves_seats_and_back(mara, body):
    kept, merged = make.actor(name="Verein"), make.actor(name="Verein e. V.")
    both = [make_bodies.member(body=body, actor=one) for one in (kept, merged)]
    alone = make_bodies.member(body=make_bodies.body(), actor=merged)
    spoken_for = make_bodies.member(body=body, actor=merged, contact=make.contact_person(actor=merged))
    merge = merge_actors(kept=kept, merged=merged, by=mara)
    assert set(kept.body_seats.all()) == {both[0], alone, spoken_for}
    undo_merge(merge=merge, by=mara)
    assert set(merged.body_seats.all()) == {both[1], alone, spoken_for}
