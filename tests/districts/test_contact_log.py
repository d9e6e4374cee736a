"""The team's contact log, its follow-ups, and who was not spoken to for long (Z16)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from districts.models import ContactNote, ContactPerson, DirectorySettings
from tests import make

pytestmark = pytest.mark.django_db

LOG = reverse("districts:contact_log")
SILENCE = reverse("districts:silence")


def day(days):
    return make.today() - timedelta(days=days)


@pytest.fixture
def actor(ost):
    return make.actor(name="Boxring", districts=[ost])


@pytest.fixture
def typed(ost):
    return {
        "kind": "visit",
        "on": day(1).isoformat(),
        "topic": "Hallenzeiten",
        "text": "Dienstags frei",
        "district": ost.pk,
    }


def url(name, row):
    return reverse(f"districts:{name}", args=[row.pk])


def topics(client, **query):
    return [note.topic for note in client.get(LOG, query).context["page"]]


def test_writes_down_a_visit(client_of, mara, ost, actor, typed):
    person = make.contact_person(actor=actor)
    sent = typed | {"person": person.pk, "follow_up_on": day(-7).isoformat(), "is_confidential": "on"}
    answer = client_of(mara).post(url("note_new", actor), sent)
    assert (answer.status_code, answer.headers["Location"]) == (303, actor.get_absolute_url())
    note = ContactNote.objects.get()
    assert (note.topic, note.person, note.by, note.district, note.is_confidential) == (
        "Hallenzeiten",
        person,
        mara,
        ost,
        True,
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [({"topic": ""}, "topic"), ({"on": "2999-01-01"}, "on"), ({"kind": "x"}, "kind"), ({"district": "0"}, "district")],
)
def test_says_beside_the_field_what_is_wrong(client_of, mara, actor, typed, change, field):
    answer = client_of(mara).post(url("note_new", actor), typed | change)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])


def test_another_team_s_log_and_another_actor_s_person_cannot_be_chosen(client_of, mara, actor, typed, preuswald):
    foreign = make.contact_person(actor=make.actor())
    answer = client_of(mara).post(url("note_new", actor), typed | {"district": preuswald.pk, "person": foreign.pk})
    assert sorted(answer.context["form"].errors) == ["district", "person"]


def test_assistants_neither_see_nor_make_confidential_entries(client_of, mara, asli, ost, actor, typed):
    secret = make.contact_note(actor=actor, district=ost, by=mara, topic="Vertraulich", is_confidential=True)
    client = client_of(asli)
    client.post(url("note_new", actor), typed | {"is_confidential": "on"})
    assert topics(client) == ["Hallenzeiten"]
    assert client.get(url("note_edit", secret)).status_code == 404
    assert sorted(topics(client_of(mara))) == ["Hallenzeiten", "Vertraulich"]


def test_colleagues_of_the_team_correct_each_other(client_of, mara, asli, actor, ost, typed):
    note = make.contact_note(actor=actor, district=ost, by=mara)
    assert client_of(asli).post(url("note_edit", note), typed | {"version": 1}).status_code == 303
    note.refresh_from_db()
    assert (note.topic, note.by) == ("Hallenzeiten", mara)


def test_who_corrects_an_entry_second_compares_first(client_of, mara, asli, actor, ost, typed):
    note = make.contact_note(actor=actor, district=ost, by=mara)
    client_of(asli).post(url("note_edit", note), typed | {"version": 1})
    answer = client_of(mara).post(url("note_edit", note), typed | {"topic": "Schlüssel", "version": 1})
    assert (answer.status_code, answer.context["differences"]) == (
        409,
        [("Worum es ging", "Hallenzeiten", "Schlüssel")],
    )
    assert "Das hat sich inzwischen geändert" in answer.content.decode()
    version = answer.context["form"]["version"].value()
    client_of(mara).post(url("note_edit", note), typed | {"topic": "Schlüssel", "version": version})
    note.refresh_from_db()
    assert (note.topic, note.version) == ("Schlüssel", 3)


def test_nobody_writes_what_they_could_not_read_again(client_of, mara, preuswald, typed):
    make.membership(user=mara, role="assistant", district=preuswald)
    there = make.actor(districts=[preuswald])
    sent = typed | {"district": preuswald.pk, "is_confidential": "on"}
    answer = client_of(mara).post(url("note_new", there), sent)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["is_confidential"])


def test_nobody_else_reaches_the_log(client_of, mara, paul, silke, adam, enno, ost, actor):
    note = make.contact_note(actor=actor, district=ost, by=mara, follow_up_on=day(0))
    for stranger in (paul, silke, adam, enno):
        client = client_of(stranger)
        answers = [
            client.get(url("note_edit", note)),
            client.post(url("note_settle", note)),
            client.post(url("note_unsettle", note)),
        ]
        assert [answer.status_code for answer in answers] == [404] * 3, stranger.name
    assert topics(client_of(paul)) == []
    note.refresh_from_db()
    assert note.settled_at is None


def test_planning_with_a_team_logs_only_where_the_team_is(client_of, silke, preuswald, actor):
    make.membership(user=silke, role="manager", district=preuswald)
    here = make.actor(districts=[preuswald])
    client = client_of(silke)
    assert [client.get(url("note_new", one)).status_code for one in (actor, here)] == [404, 200]


def test_newest_first_one_actor_alone_and_what_is_due(client_of, mara, ost, actor):
    other = make.actor(districts=[ost])
    make.contact_note(actor=actor, district=ost, by=mara, topic="alt", on=day(30), follow_up_on=day(2))
    make.contact_note(actor=actor, district=ost, by=mara, topic="neu", on=day(1), follow_up_on=day(-3))
    make.contact_note(actor=other, district=ost, by=mara, topic="anderer", on=day(5), follow_up_on=day(0))
    client = client_of(mara)
    assert topics(client) == ["neu", "anderer", "alt"]
    assert topics(client, akteur=actor.pk) == ["neu", "alt"]
    assert topics(client, zeigen="faellig") == ["alt", "anderer"]
    assert topics(client, akteur="9" * 40) == ["neu", "anderer", "alt"]


def test_a_follow_up_is_settled_and_opened_again(client_of, mara, ost, actor):
    note = make.contact_note(actor=actor, district=ost, by=mara, topic="Anrufen", follow_up_on=day(0))
    client = client_of(mara)
    answer = client.post(url("note_settle", note), follow=True)
    assert f'action="{url("note_unsettle", note)}"' in answer.content.decode()
    assert topics(client, zeigen="faellig") == []
    assert "schon erledigt" in client.post(url("note_settle", note), follow=True).content.decode()
    client.post(url("note_unsettle", note))
    assert topics(client, zeigen="faellig") == ["Anrufen"]


def test_a_new_date_opens_it_again(client_of, mara, ost, actor, typed):
    note = make.contact_note(actor=actor, district=ost, by=mara, follow_up_on=day(9), settled_at="2026-01-01T10:00Z")
    client_of(mara).post(url("note_edit", note), typed | {"follow_up_on": day(9).isoformat(), "version": 1})
    note.refresh_from_db()
    assert note.settled_at is not None
    client_of(mara).post(url("note_edit", note), typed | {"follow_up_on": day(1).isoformat(), "version": 2})
    note.refresh_from_db()
    assert note.settled_at is None


def test_the_database_settles_only_what_was_due(mara, ost, actor):
    with pytest.raises(IntegrityError), transaction.atomic():
        make.contact_note(actor=actor, district=ost, by=mara, settled_at="2026-01-01T10:00Z")


def test_due_follow_ups_lie_in_the_basket(client_of, mara, asli, paul, ost, actor):
    make.contact_note(actor=actor, district=ost, by=mara, follow_up_on=day(0))
    make.contact_note(actor=actor, district=ost, by=mara, follow_up_on=day(0), is_confidential=True)
    basket = reverse("concerns:basket")
    shown = [client_of(one).get(basket).context["contacts"] for one in (mara, asli, paul)]
    assert [one and one["count"] for one in shown] == ["2", "1", None]
    assert topics(client_of(mara), zeigen="faellig") == [note.topic for note in ContactNote.objects.order_by("pk")]


def quiet(client):
    return [person.name for person in client.get(SILENCE).context["people"]]


def test_key_persons_not_spoken_to_for_months(client_of, mara, ost, preuswald, actor):
    def person(name, spoken=None, since=400, **fields):
        made = make.contact_person(actor=fields.pop("actor", actor), name=name, **fields)
        ContactPerson.objects.filter(pk=made.pk).update(created_at=made.created_at - timedelta(days=since))
        if spoken is not None:
            make.contact_note(actor=made.actor, person=made, district=ost, by=mara, on=day(spoken))

    person("lange still", 300, is_key_person=True)
    person("nie gesprochen", is_multiplier=True)
    person("gerade erst eingetragen", since=3, is_key_person=True)
    person("kürzlich", 20, is_key_person=True)
    person("nicht wichtig", 300)
    person("nicht mehr da", 300, is_key_person=True, valid_to=day(1))
    person("anderswo", 300, is_key_person=True, actor=make.actor(districts=[preuswald]))
    person("beendet", 300, is_key_person=True, actor=make.actor(districts=[ost], status="ended", ended_on=day(1)))
    client = client_of(mara)
    assert quiet(client) == ["nie gesprochen", "lange still"]
    DirectorySettings.objects.create(pk=1, silence_months=11)
    assert quiet(client) == ["nie gesprochen"]


def test_what_another_team_spoke_is_not_given_away(client_of, mara, paul, ost, preuswald):
    citywide = make.contact_person(actor=make.actor(), name="Renate", is_key_person=True)
    ContactPerson.objects.update(created_at=citywide.created_at - timedelta(days=400))
    make.contact_note(actor=citywide.actor, person=citywide, district=preuswald, by=paul, on=day(3))
    assert (quiet(client_of(mara)), quiet(client_of(paul))) == (["Renate"], [])


@pytest.mark.parametrize("count", [1, 25])
def test_costs_the_same_for_few_and_many(client_of, mara, ost, count, django_assert_num_queries):
    for _ in range(count):
        person = make.contact_person(actor=make.actor(districts=[ost]), is_key_person=True)
        make.contact_note(actor=person.actor, person=person, district=ost, by=mara, on=day(300), follow_up_on=day(1))
    ContactPerson.objects.update(created_at="2020-01-01T10:00Z")
    client = client_of(mara)
    client.get(LOG)
    with django_assert_num_queries(7):
        client.get(LOG)
    with django_assert_num_queries(6):
        client.get(SILENCE)
