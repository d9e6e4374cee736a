"""The directory of the benchmark: 20,000 actors with people, contact log, networks and relations."""

from datetime import date, timedelta
from random import Random

from bench.city import City
from bench.texts import NOUNS, STREETS
from districts import starter
from districts.actions.lists import take_starter
from districts.languages import Spoken
from districts.models import (
    ActionField,
    Actor,
    ActorEvent,
    ActorType,
    ContactNote,
    ContactPerson,
    Network,
    NetworkMembership,
    Relation,
    TargetGroup,
)

ACTORS, NETWORKS, MEMBERS, NOTES_EACH, RARE_NAME = 20_000, 300, 10, 3, "Zitterpappel"
RARE_HITS = 12
_AT_A_TIME = 2_000
_KINDS = ("Treff", "Verein", "Initiative", "Beratung", "Werkstatt", "Haus", "Runde", "Gruppe")


def build(city: City, today: date) -> None:
    """Store it; names, dates and ties are drawn with a fixed seed."""
    rnd = Random(20_000)
    for model, names in (
        (ActorType, starter.ACTOR_TYPES),
        (ActionField, starter.ACTION_FIELDS),
        (TargetGroup, starter.TARGET_GROUPS),
    ):
        take_starter(model=model, names=names, by=None)
    actors = _actors(city, today, rnd)
    _sets(actors, city, rnd)
    _people(actors, city, today, rnd)
    _ties(actors, city, today, rnd)


def _actors(city: City, today: date, rnd: Random) -> list[Actor]:
    types, spoken = list(ActorType.objects.values_list("pk", flat=True)), [code for code, _ in Spoken.choices]
    by = city.teams[0][0]
    rows = []
    for n in range(ACTORS):
        word = RARE_NAME if n % (ACTORS // RARE_HITS) == 7 else rnd.choice(NOUNS)
        rows.append(
            Actor(
                name=f"{rnd.choice(_KINDS)} {word.capitalize()} {rnd.choice(STREETS)}",
                type_id=rnd.choice(types),
                street=f"{rnd.choice(STREETS)} {rnd.randint(1, 200)}",
                postcode="52068",
                city="Aachen",
                phone=f"0221 {n:06d}",
                email=f"info@akteur{n}.example",
                languages=sorted({"de", rnd.choice(spoken)}),
                description=f"Angebote rund um {rnd.choice(NOUNS)} und {rnd.choice(NOUNS)}.",
                verified_on=today - timedelta(days=rnd.randint(0, 900)),
                verified_by_id=by,
            )
        )
    made = Actor.objects.bulk_create(rows, batch_size=_AT_A_TIME)
    ActorEvent.objects.bulk_create(
        [ActorEvent(actor=one, kind=ActorEvent.Kind.ENTERED, by_id=by) for one in made], batch_size=_AT_A_TIME
    )
    return made


def _sets(actors: list[Actor], city: City, rnd: Random) -> None:
    fields = list(ActionField.objects.values_list("pk", flat=True))
    groups = list(TargetGroup.objects.values_list("pk", flat=True))
    for name, column, choices in (
        ("districts", "district_id", city.districts),
        ("action_fields", "actionfield_id", fields),
        ("target_groups", "targetgroup_id", groups),
    ):
        through = getattr(Actor, name).through
        rows = [
            through(**{"actor_id": actor.pk, column: pk})
            for actor in actors
            for pk in rnd.sample(choices, rnd.randint(0 if name == "districts" else 1, 3))
        ]
        through.objects.bulk_create(rows, batch_size=_AT_A_TIME)


def _people(actors: list[Actor], city: City, today: date, rnd: Random) -> None:
    people = ContactPerson.objects.bulk_create(
        [
            ContactPerson(actor=actor, name=f"Person {actor.pk}", function="Leitung", is_key_person=rnd.random() < 0.4)
            for actor in actors
        ],
        batch_size=_AT_A_TIME,
    )
    notes = []
    for person in people:
        team = rnd.randrange(len(city.teams))
        for _ in range(NOTES_EACH):
            on = today - timedelta(days=rnd.randint(1, 700))
            follow_up = on + timedelta(days=14) if rnd.random() < 0.1 else None
            notes.append(
                ContactNote(
                    actor_id=person.actor_id, person=person, district_id=city.districts[team], on=on,
                    by_id=city.teams[team][0], keeper_id=city.teams[team][0],
                    topic=f"Gespräch über {rnd.choice(NOUNS)}", follow_up_on=follow_up,
                )
            )  # fmt: skip
    ContactNote.objects.bulk_create(notes, batch_size=_AT_A_TIME)


def _ties(actors: list[Actor], city: City, today: date, rnd: Random) -> None:
    fields = list(ActionField.objects.all())
    for n in range(NETWORKS):
        network = Network.objects.create(
            name=f"Netzwerk {n + 1:03d}", kind=Network.Kind.DISTRICT, coordinator=rnd.choice(actors),
            last_met_on=today - timedelta(days=rnd.randint(1, 400)),
        )  # fmt: skip
        network.districts.add(rnd.choice(city.districts))
        network.action_fields.add(rnd.choice(fields[:8]))
        NetworkMembership.objects.bulk_create(
            [NetworkMembership(network=network, actor=one) for one in rnd.sample(actors, MEMBERS)]
        )
    pairs = {tuple(sorted(one.pk for one in rnd.sample(actors, 2))) for _ in range(ACTORS // 2)}
    Relation.objects.bulk_create(
        [Relation(source_id=one, target_id=other, kind="cooperates") for one, other in sorted(pairs)],
        batch_size=_AT_A_TIME,
    )
