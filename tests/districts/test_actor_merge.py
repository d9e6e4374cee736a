"""Two entries become one and two again (Z13)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from districts.actions.actors import save_actor
from districts.actions.base import Conflict
from districts.actions.merging import merge_actors, undo_merge
from districts.models import Actor, ActorMerge, ContactNote, ContactPerson, Network, NetworkMembership, Relation
from tests import make


@pytest.fixture
def kept(ost):
    return make.actor(name="Nachbarschaftshilfe Ost e. V.", districts=[ost], phone="0221 4710-1", languages=["de"])


@pytest.fixture
def double(ost, preuswald):
    return make.actor(
        name="NaHilfe Ost", districts=[ost, preuswald], phone="0221 4710-2", email="nahilfe@ost.example",
        street="Elsassstraße 1", city="Aachen", languages=["de", "tr"], target_groups=[make.target_group()],
        description="Besuchsdienst",
    )  # fmt: skip


def state():
    """Everything a merge may touch, as it lies in the database."""
    return {
        "contacts": list(ContactPerson.objects.order_by("pk").values_list("pk", "actor")),
        "notes": list(ContactNote.objects.order_by("pk").values_list("pk", "actor")),
        "networks": list(Network.objects.order_by("pk").values_list("pk", "coordinator")),
        "memberships": list(NetworkMembership.objects.order_by("pk").values_list("pk", "actor")),
        "relations": list(Relation.objects.order_by("pk").values_list("pk", "source", "target")),
        "parents": list(Actor.objects.order_by("pk").values_list("pk", "parent", "merged_into")),
        "texts": list(
            Actor.objects.order_by("pk").values_list("phone", "email", "street", "city", "languages", "description")
        ),
        "districts": list(
            Actor.districts.through.objects.order_by("actor", "district").values_list("actor", "district")
        ),
        "groups": list(Actor.target_groups.through.objects.order_by("pk").values_list("actor", "targetgroup")),
    }


@pytest.mark.django_db
class TestMerging:
    def test_everything_moves_and_moves_back(self, kept, double, mara, ost, preuswald):
        person = make.contact_person(actor=double)
        note = make.contact_note(actor=double, district=ost, by=mara, person=person)
        network = make.network(members=[double], coordinator=double)
        third = make.actor()
        out, back = (
            make.relation(source=double, target=third, by=mara),
            make.relation(source=third, target=double, by=mara, kind="funds"),
        )
        child = make.actor(parent=double)
        before = state()
        merge = merge_actors(kept=kept, merged=double, by=mara)
        for row in (person, note, network, out, back, child, kept):
            row.refresh_from_db()
        assert (person.actor, note.actor, network.coordinator, child.parent) == (kept, kept, kept, kept)
        assert (network.memberships.get().actor, out.source, back.target) == (kept, kept, kept)
        assert (kept.phone, kept.email, kept.street, kept.languages) == (
            "0221 4710-1", "nahilfe@ost.example", "Elsassstraße 1", ["de", "tr"],
        )  # fmt: skip
        assert set(kept.districts.all()) == {ost, preuswald}
        assert list(Actor.objects.present().exclude(pk__in=[third.pk, child.pk])) == [kept]
        undo_merge(merge=merge, by=mara)
        assert state() == before
        assert [event.kind for event in kept.events.order_by("pk")] == ["merged", "unmerged"]

    def test_what_was_changed_since_stays_with_the_kept_one(self, kept, double, mara, ost):
        merge = merge_actors(kept=kept, merged=double, by=mara)
        Actor.objects.filter(pk=kept.pk).update(email="neu@ost.example")
        later = make.contact_person(actor=kept)
        undo_merge(merge=merge, by=mara)
        kept.refresh_from_db()
        later.refresh_from_db()
        assert (kept.email, kept.street, later.actor) == ("neu@ost.example", "", kept)

    def test_what_would_double_there_is_said_and_nothing_moves(self, client_of, kept, double, mara):
        network = make.network(members=[kept, double])
        year = {"valid_from": date(2020, 1, 1), "valid_to": date(2020, 12, 31)}
        network.memberships.update(valid_from=date(2021, 1, 1))
        earlier = NetworkMembership.objects.create(network=network, actor=double, **year)
        merge = merge_actors(kept=kept, merged=double, by=mara)
        network.memberships.get(actor=kept, valid_to=None).delete()
        NetworkMembership.objects.filter(pk=earlier.pk).update(valid_to=None)
        before = state()
        answer = client_of(mara).post(reverse("districts:merge_undo", args=[merge.pk]), follow=True)
        assert ("doppeln" in answer.content.decode(), state()) == (True, before)

    def test_the_last_district_stays_so_that_nothing_private_opens_to_every_team(self, kept, double, mara, preuswald):
        merge = merge_actors(kept=kept, merged=double, by=mara)
        kept.districts.set([preuswald])
        undo_merge(merge=merge, by=mara)
        assert list(kept.districts.all()) == [preuswald]

    def test_the_same_relation_and_the_same_time_in_a_network_stay_behind(self, kept, double, mara):
        third = make.actor()
        make.relation(source=kept, target=third, by=mara)
        make.relation(source=third, target=double, by=mara)  # the same cooperation the other way round
        make.relation(source=double, target=kept, by=mara)  # would be with itself
        make.network(members=[kept, double])
        merge_actors(kept=kept, merged=double, by=mara)
        assert [(one.source, one.target) for one in Relation.objects.present()] == [(kept, third)]
        assert NetworkMembership.objects.of_present().count() == 1

    def test_a_city_wide_entry_stays_city_wide(self, double, mara):
        citywide = make.actor()
        merge_actors(kept=citywide, merged=double, by=mara)
        assert list(citywide.districts.all()) == []

    def test_a_carrier_merged_into_its_own_child_makes_no_circle(self, mara):
        parent = make.actor()
        between = make.actor(parent=parent)
        child = make.actor(parent=between)
        merge = merge_actors(kept=child, merged=parent, by=mara)
        child.refresh_from_db()
        between.refresh_from_db()
        assert (between.parent, child.parent) == (parent, between)
        undo_merge(merge=merge, by=mara)
        direct = merge_actors(kept=between, merged=parent, by=mara)
        between.refresh_from_db()
        assert between.parent is None
        undo_merge(merge=direct, by=mara)
        between.refresh_from_db()
        assert between.parent == parent

    def test_chains_are_taken_back_from_the_end(self, kept, double, mara):
        last = make.actor()
        first, second = merge_actors(kept=kept, merged=double, by=mara), merge_actors(kept=last, merged=kept, by=mara)
        with pytest.raises(Conflict, match="selbst in einem anderen"):
            undo_merge(merge=first, by=mara)
        undo_merge(merge=second, by=mara)
        undo_merge(merge=first, by=mara)
        with pytest.raises(Conflict, match="schon zurückgenommen"):
            undo_merge(merge=first, by=mara)
        assert Actor.objects.present().count() == 3

    def test_nothing_is_done_with_an_entry_that_is_gone(self, kept, double, mara):
        merge_actors(kept=kept, merged=double, by=mara)
        with pytest.raises(Conflict):
            merge_actors(kept=double, merged=kept, by=mara)
        with pytest.raises(Conflict):
            merge_actors(kept=make.actor(), merged=double, by=mara)

    def test_what_is_noted_for_the_way_back_holds_no_texts(self, kept, double, mara):
        make.contact_person(actor=double, name="Gerda Palm")
        moved = str(merge_actors(kept=kept, merged=double, by=mara).moved)
        assert [text for text in ("Gerda", "nahilfe@", "Elsass", "Besuchsdienst") if text in moved] == []

    def test_the_database_merges_an_entry_once_and_never_into_itself(self, kept, double, mara):
        made = merge_actors(kept=kept, merged=double, by=mara)
        for broken in ({"kept": make.actor(), "merged": double}, {"kept": kept, "merged": kept}):
            with pytest.raises(IntegrityError), transaction.atomic():
                ActorMerge.objects.create(moved={}, by=mara, **broken)
        assert made.undone_at is None


@pytest.mark.django_db
class TestPage:
    def url(self, actor):
        return reverse("districts:actor_merge", args=[actor.pk])

    def test_compares_then_merges_then_offers_the_way_back(self, client_of, mara, kept, double):
        client = client_of(mara)
        chosen = {"merged": f"NaHilfe Ost (Nr. {double.pk})"}
        compared = client.post(self.url(kept), chosen)
        assert ("Telefon", "0221 4710-1", "0221 4710-2") in compared.context["rows"]
        assert ActorMerge.objects.count() == 0
        answer = client.post(self.url(kept), chosen | {"do": "zusammenfuehren"}, follow=True)
        undo = reverse("districts:merge_undo", args=[ActorMerge.objects.get().pk])
        assert answer.redirect_chain == [(kept.get_absolute_url(), 303)]
        assert f'action="{undo}"' in answer.content.decode()
        client.post(undo)
        assert Actor.objects.present().count() == 2

    def test_proposes_what_sounds_alike(self, client_of, mara, ost, kept):
        other = make.actor(name="Nachbarschaftshilfe Ost", districts=[ost])
        make.actor(name="Boxring", districts=[ost])
        answer = client_of(mara).get(self.url(kept))
        assert [one for one, _ in answer.context["alike"]] == [other]

    def test_only_entries_one_may_change_oneself(self, client_of, mara, paul, kept, preuswald):
        foreign = make.actor(name="Fremd", districts=[preuswald])
        answer = client_of(mara).post(self.url(kept), {"merged": f"Fremd (Nr. {foreign.pk})", "do": "zusammenfuehren"})
        assert (answer.status_code, ActorMerge.objects.count()) == (422, 0)

    def test_the_team_next_door_takes_nothing_back(self, client_of, mara, paul, ost, kept):
        merge = merge_actors(kept=kept, merged=make.actor(districts=[ost]), by=mara)
        assert client_of(paul).post(reverse("districts:merge_undo", args=[merge.pk])).status_code == 404
        merge.refresh_from_db()
        assert merge.undone_at is None

    def test_somebody_was_faster(self, client_of, mara, kept, double, monkeypatch):
        client = client_of(mara)
        form = {"merged": f"NaHilfe Ost (Nr. {double.pk})", "do": "zusammenfuehren"}
        assert client.post(self.url(kept), form).status_code == 303
        again = client.post(self.url(kept), form)
        assert (again.status_code, ActorMerge.objects.count()) == (422, 1)


def _at_once(*steps):
    """Start steps at the same moment, each on its own connection; what each gave back or raised."""
    barrier = Barrier(len(steps))

    def run(step):
        try:
            barrier.wait(timeout=60)
            return step()
        except Conflict as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_people_merge_the_same_pair_in_opposite_directions(self, kept, double, mara, silke):
        done = _at_once(
            lambda: merge_actors(kept=kept, merged=double, by=mara),
            lambda: merge_actors(kept=double, merged=kept, by=silke),
        )
        assert sorted(type(one).__name__ for one in done) == ["ActorMerge", "Conflict"]
        assert Actor.objects.present().count() == 1

    def test_one_edits_what_the_other_merges_away(self, kept, double, mara, silke):
        def edit():
            sets = {"districts": [], "action_fields": [], "target_groups": []}
            return save_actor(actor=double, version=1, by=silke, name="Anders", type=double.type, **sets)

        edited, merged = _at_once(edit, lambda: merge_actors(kept=kept, merged=double, by=mara))
        double.refresh_from_db()
        assert isinstance(merged, ActorMerge)
        assert double.name == ("NaHilfe Ost" if isinstance(edited, Conflict) else "Anders")

    def test_of_two_edits_of_the_same_version_one_is_refused(self, kept, mara, silke):
        def edit(by, phone):
            sets = {"districts": [], "action_fields": [], "target_groups": []}
            return lambda: save_actor(actor=kept, version=1, by=by, phone=phone, type=kept.type, **sets)

        done = _at_once(edit(mara, "1"), edit(silke, "2"))
        assert sorted(type(one).__name__ for one in done) == ["Actor", "Conflict"]
        kept.refresh_from_db()
        assert (kept.version, kept.phone) == (2, next(one.phone for one in done if isinstance(one, Actor)))
