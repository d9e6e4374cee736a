"""Finding whom to refer somebody to, and the words about it (K17)."""

from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone

from concerns.models import Concern, Referral, Reporter
from districts.assigning import holds_on
from districts.filters import ActorFilter, OfferFilter
from districts.models import ActionField, User

ASKED = ("q", "district", "field", "group", "language", "free")
ACTORS_SHOWN = 10


class OffersToRefer(OfferFilter):
    """Offers that run today, of providers that work; those of a district with those for the whole city."""

    or_citywide = True

    def __init__(self, data: QueryDict, *, user: User):
        super().__init__(data, user=user)
        self.queryset = self.queryset.of_working_providers()


class ActorsToRefer(ActorFilter):
    """Actors that work; those of a district with those of the whole city."""

    or_citywide = True


def field_of(concern: Concern) -> ActionField | None:
    """The Handlungsfeld that fits a concern: its topic's, else that of the theme above."""
    topic = concern.topic
    return topic.action_field or (topic.parent.action_field if topic.parent else None)


def searches(concern: Concern, params: QueryDict, user: User) -> tuple[OffersToRefer, ActorsToRefer]:
    """What is searched for: as the address says, else by district and topic of the concern (which can be changed)."""
    asked = QueryDict(mutable=True)
    asked.update({name: params[name] for name in ASKED if name in params})
    if not asked:
        field = field_of(concern)
        here = concern.district
        if here and not holds_on(timezone.localdate(), here.valid_from, here.valid_to):
            here = None  # a district of the past cannot be chosen
        preset = {"district": here and here.pk, "field": field and field.pk}
        asked.update({name: str(value) for name, value in preset.items() if value})
    offers, actors = asked.copy(), asked.copy()
    offers["status"] = "running"
    actors.pop("free", None)
    return OffersToRefer(offers, user=user), ActorsToRefer(actors, user=user)


def words_of(concern: Concern) -> str:
    """First words for the answer „weitervermittelt“: where the last referral leads to.

    All who raised a concern or one bundled with it read its answer. Where there are several (also those whose data
    are erased: somebody was sent there), no words are offered: where one was sent is nobody else's business.
    """
    found = Referral.objects.filter(concern=concern).exclude(result=Referral.Result.WITHDRAWN)
    last = found.select_related("offer__provider", "offer__office", "actor", "contact").first()
    if last is None or not _is_for_all(last, concern):
        return ""
    person = last.named_contact
    named = f"Ansprechperson {person}" if person else ""
    if last.offer is None:
        phone = person.phone if person and person.phone else last.actor.phone
        place = ", ".join(filter(None, (named, last.actor.street, last.actor.place, phone)))
        return _sentence(last.actor.name, place)
    offer = last.offer
    phone = (person.phone if person else "") or offer.phone or offer.provider.phone
    details = (offer.provider.name, named, offer.where, offer.times, phone)
    return _sentence(offer.title, "; ".join(filter(None, details)))


def _is_for_all(referral: Referral, concern: Concern) -> bool:
    """Whether whoever was referred is the only one who reads the concern's answer."""
    raised = Reporter.objects.filter(Q(concern=concern) | Q(concern__lead=concern))
    readers = set(raised.exclude(kind=Reporter.Kind.OBSERVATION).values_list("pk", flat=True)[:2])
    return len(readers) < 2 and (referral.reporter_id is None or referral.reporter_id in readers)


def _sentence(name: str, details: str) -> str:
    return f"Wir haben Sie vermittelt an: {name}{f' ({details})' if details else ''}."
