"""What everybody may know of an offer; pages and papers for the public show nothing else."""

from dataclasses import dataclass

import django_filters as df
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from districts.directory import places
from districts.filters.actors import list_of
from districts.models import ActionField, District, Offer, TargetGroup
from quartier.web.filters import QuartierFilterSet


def offers_for(district: District) -> QuerySet[Offer]:
    """What people of a quarter may use today: its own offers and those for the whole city."""
    offers = Offer.objects.for_public(timezone.localdate())
    return with_everything(offers.filter(offers.in_districts([district.pk])))


def with_everything(offers: QuerySet[Offer]) -> QuerySet[Offer]:
    """With all that `shown` reads, in a fixed number of queries."""
    sets = ("districts", "action_fields", "target_groups")
    return offers.select_related("kind", "provider", "office").prefetch_related(*sets).defer("search_text")


@dataclass(frozen=True)
class PublicOffer:
    """An offer as it is shown to everybody; a provider who may not be named in public is not."""

    offer: Offer
    provider: str
    where: str
    phone: str
    places: str
    groups: str
    facts: tuple[str, ...]  # age, price, registration, access, in words


def shown(offer: Offer) -> PublicOffer:
    """The public part of an offer that was released."""
    named = offer.provider.is_public
    elsewhere = offer.place or offer.office_id
    return PublicOffer(
        offer=offer,
        provider=offer.provider.name if named else "",
        where=offer.where if elsewhere or named else "",
        phone=offer.phone or (offer.provider.phone if named else ""),
        places=places(offer),
        groups=", ".join(map(str, offer.target_groups.all())),
        facts=tuple(filter(None, (offer.ages, offer.price, offer.get_registration_display(), _access(offer)))),
    )


def _access(offer: Offer) -> str:
    words = {
        Offer.Access.YES: "barrierefrei",
        Offer.Access.PARTLY: "teilweise barrierefrei",
        Offer.Access.NO: "nicht barrierefrei",
    }
    return words.get(offer.barrier_free, "")


class PublicOfferFilter(QuartierFilterSet):
    """What somebody looks for on the public page."""

    q = df.CharFilter(label="Stichwort", method="by_text", widget=forms.TextInput({"type": "search"}))
    field = list_of("Worum es geht", ActionField.objects.filter(is_active=True), "action_fields")
    group = list_of("Für wen", TargetGroup.objects.filter(is_active=True), "target_groups")

    class Meta(QuartierFilterSet.Meta):
        model = Offer
        fields: list[str] = []

    def __init__(self, data: QueryDict, *, district: District):
        super().__init__(data or QueryDict(), queryset=offers_for(district))

    def by_text(self, queryset, name, value):
        """Words of the offer itself: a provider who is not named is not found either."""
        return queryset.matching_itself(value)
