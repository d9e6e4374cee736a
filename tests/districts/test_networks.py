"""Networks, their members, and relations between actors (Z15)."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from districts.models import Network, NetworkMembership, Relation
from tests import make

pytestmark = pytest.mark.django_db

URL = reverse("districts:networks")


@pytest.fixture
def network(ost):
    return make.network(name="Stadtteilnetz Ost", districts=[ost])


@pytest.fixture
def typed(ost):
    return {"name": "Bildungsrunde", "kind": "education", "status": "active", "districts": [ost.pk]}


def url(name, row):
    return reverse(f"districts:{name}", args=[row.pk])


def named(actor):
    return f"{actor.name} (Nr. {actor.pk})"


def test_enters_a_network(client_of, mara, typed, ost):
    field, host = make.action_field(), make.actor(name="Sozialwerk")
    more = {
        "action_fields": [field.pk],
        "coordinator": "Sozialwerk",
        "last_met_on": "2026-02-01",
        "rhythm": "monatlich",
    }
    answer = client_of(mara).post(reverse("districts:network_new"), typed | more)
    made = Network.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, made.get_absolute_url())
    assert (made.coordinator, list(made.districts.all()), list(made.action_fields.all())) == (host, [ost], [field])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "Stadtteilnetz Ost"}, "name"),
        ({"kind": "x"}, "kind"),
        ({"last_met_on": "2999-01-01"}, "last_met_on"),
        ({"coordinator": "Niemand"}, "coordinator"),
    ],
)
def test_says_beside_the_field_what_is_wrong(client_of, mara, network, typed, change, field):
    answer = client_of(mara).post(reverse("districts:network_new"), typed | change)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])


def test_the_slower_one_compares_and_decides(client_of, mara, silke, network, typed):
    sent = typed | {"name": "Stadtteilnetz Ost", "kind": "district", "version": 1}
    client_of(silke).post(url("network_edit", network), sent | {"rhythm": "monatlich"})
    answer = client_of(mara).post(url("network_edit", network), sent | {"rhythm": "nie"})
    assert (answer.status_code, answer.context["differences"]) == (
        409,
        [("Wie oft es sich trifft", "monatlich", "nie")],
    )
    version = answer.context["form"]["version"].value()
    client_of(mara).post(url("network_edit", network), sent | {"rhythm": "nie", "version": version})
    network.refresh_from_db()
    assert (network.rhythm, network.version) == ("nie", 3)


def test_members_of_today_and_of_other_times(client_of, mara, network):
    today = make.today()
    for name, start, end in (
        ("heute", None, None),
        ("früher", None, today - timedelta(days=1)),
        ("später", today + timedelta(days=1), None),
    ):
        NetworkMembership.objects.create(network=network, actor=make.actor(name=name), valid_from=start, valid_to=end)
    make.actor(merged_into=make.actor())
    answer = client_of(mara).get(network.get_absolute_url())
    assert [[one.actor.name for one in answer.context[key]] for key in ("members", "others")] == [
        ["heute"],
        ["früher", "später"],
    ]
    assert [one.member_count for one in client_of(mara).get(URL).context["page"]] == [1]


def test_a_member_is_entered_once_at_a_time(client_of, mara, network):
    actor, client = make.actor(name="Boxring"), client_of(mara)
    sent = {"actor": named(actor), "role": "speaker", "valid_from": "2024-01-01", "valid_to": "2024-12-31"}
    assert client.post(url("member_new", network), sent).status_code == 303
    again = client.post(url("member_new", network), sent | {"valid_from": "2024-12-31", "valid_to": ""})
    assert (again.status_code, list(again.context["form"].errors)) == (422, ["actor"])
    assert (
        client.post(url("member_new", network), sent | {"valid_from": "2025-01-01", "valid_to": ""}).status_code == 303
    )
    first = network.memberships.order_by("valid_from")[0]
    assert client.post(url("member_edit", first), sent | {"valid_to": "2024-06-30"}).status_code == 303
    first.refresh_from_db()
    assert first.valid_to == date(2024, 6, 30)
    wrong = client.post(url("member_edit", first), sent | {"valid_to": "2023-06-30"})
    assert list(wrong.context["form"].errors) == ["valid_to"]


_days = st.one_of(st.none(), st.dates(date(2024, 1, 1), date(2024, 1, 8)))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(_days, _days), max_size=4), day=st.dates(date(2023, 12, 31), date(2024, 1, 9)))
def test_on_every_day_an_actor_is_in_a_network_at_most_once(network, rows, day):
    NetworkMembership.objects.all().delete()
    actor = make.actor()
    kept = []
    for start, end in rows:
        try:
            with transaction.atomic():
                NetworkMembership.objects.create(network=network, actor=actor, valid_from=start, valid_to=end)
        except IntegrityError:
            continue
        kept.append((start, end))
    inside = [(a, b) for a, b in kept if (a is None or a <= day) and (b is None or day <= b)]
    assert NetworkMembership.objects.valid_on(day).count() == len(inside) <= 1


@pytest.mark.parametrize("name", ["network_edit", "member_new"])
def test_the_team_next_door_changes_nothing(client_of, paul, network, typed, name):
    assert client_of(paul).post(url(name, network), typed).status_code == 404
    membership = NetworkMembership.objects.create(network=network, actor=make.actor())
    assert client_of(paul).get(url("member_edit", membership)).status_code == 404


def test_page_and_query_agree_on_who_may_change_it(mara, paul, asli, silke, ost, preuswald):
    rows = [make.network(), make.network(districts=[ost]), make.network(districts=[preuswald])]
    for one in (mara, paul, asli, silke):
        assert set(Network.objects.editable_by(one)) == {row for row in rows if row.may_edit(one)}, one.name


def test_relations_read_from_both_ends(client_of, mara, ost):
    source, target = make.actor(name="Chor", districts=[ost]), make.actor(name="Pfarrheim", districts=[ost])
    sent = {"kind": "uses_rooms", "target": named(target), "strength": "close", "note": "Probe"}
    assert client_of(mara).post(url("relation_new", source), sent).status_code == 303
    for actor, words in ((source, "nutzt Räume von"), (target, "stellt Räume für")):
        assert [tie.words for tie in client_of(mara).get(actor.get_absolute_url()).context["ties"]] == [words]


def test_a_cooperation_is_one_whoever_enters_it(client_of, mara, ost):
    one, other = make.actor(districts=[ost]), make.actor(districts=[ost])
    client = client_of(mara)
    sent = {"kind": "cooperates", "strength": "regular"}
    assert client.post(url("relation_new", one), sent | {"target": named(other)}).status_code == 303
    answer = client.post(url("relation_new", other), sent | {"target": named(one)})
    assert list(answer.context["form"].errors) == ["kind"]
    itself = client.post(url("relation_new", one), sent | {"target": named(one)})
    assert (itself.status_code, Relation.objects.count()) == (422, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Relation.objects.create(source=other, target=one, kind="cooperates")
    relation = Relation.objects.get()
    assert (
        client.post(url("relation_edit", relation), sent | {"target": named(other), "note": "Neu"}).status_code == 303
    )
    client.post(url("relation_remove", relation))
    assert Relation.objects.count() == 0


def test_the_team_next_door_touches_no_relation(client_of, mara, paul, ost):
    relation = make.relation(source=make.actor(districts=[ost]), target=make.actor(), by=mara)
    assert client_of(paul).post(url("relation_remove", relation)).status_code == 404
    assert Relation.objects.count() == 1


def test_filters(client_of, mara, ost, network):
    field = make.action_field()
    make.network(name="Gesund", kind="health", action_fields=[field], purpose="Bewegung im Quartier")
    make.network(name="Vorbei", status="ended")
    asked = {"": {}, "kind": {"kind": "health"}, "q": {"q": "bewegung"}, "district": {"district": ost.pk},
             "field": {"field": field.pk}, "status": {"status": "ended"}}  # fmt: skip
    found = {
        name: [one.name for one in client_of(mara).get(URL, query).context["page"]] for name, query in asked.items()
    }
    both = ["Gesund", "Stadtteilnetz Ost"]
    assert found == {
        "": both,
        "kind": ["Gesund"],
        "q": ["Gesund"],
        "district": ["Stadtteilnetz Ost"],
        "field": ["Gesund"],
        "status": ["Vorbei"],
    }


@pytest.mark.parametrize("count", [1, 12])
def test_costs_the_same_for_few_and_many(client_of, mara, ost, network, count, django_assert_num_queries):
    for _ in range(count):
        NetworkMembership.objects.create(network=network, actor=make.actor())
        make.network(districts=[ost], members=[make.actor()], coordinator=make.actor())
    client = client_of(mara)
    client.get(URL)
    with django_assert_num_queries(9):
        client.get(URL)
    with django_assert_num_queries(9):
        client.get(network.get_absolute_url())
