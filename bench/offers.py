"""The offers of the benchmark: 50,000 of the 20,000 actors, with rounds in every district."""

from datetime import date, timedelta
from random import Random

from bench.city import City
from bench.texts import NOUNS, STREETS
from districts import starter
from districts.actions.lists import take_starter
from districts.actions.rounds import open_round
from districts.languages import Spoken
from districts.models import ActionField, Actor, District, Offer, OfferEvent, OfferKind, TargetGroup, User

OFFERS, RARE_TITLE, RARE_HITS = 50_000, "Zitronenfalter", 12
_AT_A_TIME = 2_000
_KINDS = ("Treff", "Kurs", "Beratung", "Sprechstunde", "Gruppe", "Frühstück", "Werkstatt", "Training")


def build(city: City, today: date) -> None:
    """Store them; titles, dates and lists are drawn with a fixed seed."""
    rnd = Random(50_000)
    take_starter(model=OfferKind, names=starter.OFFER_KINDS, by=None)
    offers = _offers(city, today, rnd)
    _sets(offers, city, rnd)
    by = User.objects.get(pk=city.teams[0][0])
    for pk in city.districts[:3]:
        open_round(district=District.objects.get(pk=pk), title="Runde", due_on=today + timedelta(weeks=6), by=by)


def _offers(city: City, today: date, rnd: Random) -> list[Offer]:
    kinds, spoken = list(OfferKind.objects.values_list("pk", flat=True)), [code for code, _ in Spoken.choices]
    providers, by = list(Actor.objects.values_list("pk", flat=True)), city.teams[0][0]
    rows = []
    for n in range(OFFERS):
        word = RARE_TITLE if n % (OFFERS // RARE_HITS) == 7 else rnd.choice(NOUNS)
        status = rnd.choice(["active"] * 7 + ["planned", "paused", "ended"])
        rows.append(
            Offer(
                title=f"{rnd.choice(_KINDS)} {word.capitalize()} {rnd.choice(STREETS)}",
                provider_id=rnd.choice(providers),
                kind_id=rnd.choice(kinds),
                description=f"Für alle, die {rnd.choice(NOUNS)} und {rnd.choice(NOUNS)} mögen.",
                place=f"{rnd.choice(STREETS)} {rnd.randint(1, 200)}",
                times=f"{rnd.choice(['montags', 'dienstags', 'freitags'])} {rnd.randint(8, 18)} Uhr",
                is_free=rnd.random() < 0.6,
                languages=sorted({"de", rnd.choice(spoken)}),
                barrier_free=rnd.choice(["", "yes", "partly", "no"]),
                age_from=rnd.choice([None, None, 6, 18, 60]),
                funded_until=today + timedelta(days=rnd.randint(-200, 1500)) if rnd.random() < 0.3 else None,
                status=status,
                ended_on=today if status == "ended" else None,
                is_public=rnd.random() < 0.8,
                verified_on=today - timedelta(days=rnd.randint(0, 900)),
                verified_by_id=by,
            )
        )
    made = Offer.objects.bulk_create(rows, batch_size=_AT_A_TIME)
    entered = [OfferEvent(offer=one, kind=OfferEvent.Kind.ENTERED, by_id=by) for one in made]
    OfferEvent.objects.bulk_create(entered, batch_size=_AT_A_TIME)
    return made


def _sets(offers: list[Offer], city: City, rnd: Random) -> None:
    fields = list(ActionField.objects.values_list("pk", flat=True))
    groups = list(TargetGroup.objects.values_list("pk", flat=True))
    for name, column, choices, least in (
        ("districts", "district_id", city.districts, 0),
        ("action_fields", "actionfield_id", fields, 1),
        ("target_groups", "targetgroup_id", groups, 1),
    ):
        through = getattr(Offer, name).through
        rows = [
            through(**{"offer_id": offer.pk, column: pk})
            for offer in offers
            for pk in rnd.sample(choices, rnd.randint(least, 3))
        ]
        through.objects.bulk_create(rows, batch_size=_AT_A_TIME)
