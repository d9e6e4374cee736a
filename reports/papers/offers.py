"""Directory of offers of a quarter for everybody (P15), and the overview of fields and groups with its gaps."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.http import QueryDict
from django.utils import timezone

from districts.inventory import matrix_of
from districts.models import ActionField, District, Offer, User
from districts.public_offers import PublicOffer, offers_for, shown
from districts.roles import Perm, Role
from quartier.pdf import render

from .head import office_in, sender

MOST = 150  # offers of one paper: about thirty pages; more is a page to search, not a paper to read


@dataclass
class Part:
    """The offers of a Handlungsfeld that stand here, and those that stand elsewhere: title and where."""

    name: str
    offers: list[PublicOffer] = field(default_factory=list)
    also: list[tuple[str, str]] = field(default_factory=list)


def parts_of(offers: list[Offer]) -> list[Part]:
    """Every offer once, under its first Handlungsfeld; its further fields say where to find it."""
    parts = {one.pk: Part(one.name) for one in ActionField.objects.all()}
    for offer in offers:
        first, *others = (parts[one.pk] for one in offer.action_fields.all())
        first.offers.append(shown(offer))
        for part in others:
            part.also.append((offer.title, first.name))
    return [part for part in parts.values() if part.offers or part.also]


def offer_paper(district: District, *, today: date) -> bytes:
    """What everybody may know of the offers for people of a quarter, by Handlungsfeld."""
    offers = [one for one in offers_for(district).order_by("sort_key", "pk")[:MOST] if one.action_fields.all()]
    office = office_in(district)
    context = {
        "district": district,
        "parts": parts_of(offers),
        "count": len(offers),
        "hours": office.hours_on(today) if office else "",
        "today": today,
        **sender(office),
    }
    title = f"Angebote im Quartier {district}"
    return render("reports/papers/offers.html", context, title=title, author=settings.CITY_NAME)


def gap_paper(district: District, *, user: User, today: date) -> bytes:
    """How many offers of the quarter run for every Handlungsfeld and target group; none is a gap."""
    asked = QueryDict(mutable=True)
    asked["district"] = str(district.pk)
    matrix, _ = matrix_of(asked, user=user)
    context = {
        "district": district,
        "matrix": matrix,
        "sees_all": user.rights.can(Perm.READ_ALL_OFFERS),
        "today": today,
        **sender(office_in(district)),
    }
    title = f"Angebote und Lücken im Quartier {district}"
    return render("reports/papers/offer_gaps.html", context, title=title, author=settings.CITY_NAME)


def is_too_long(district: District) -> bool:
    """Whether there are more offers than a paper takes."""
    return offers_for(district)[: MOST + 1].count() > MOST


def offer_papers() -> Iterator[tuple[str, bytes]]:
    """Directory and overview of the quarter with most offers."""
    today = timezone.localdate()
    districts = list(District.objects.defer("boundary").order_by("sort_key"))
    busiest = max(districts, key=lambda one: one.offers.count(), default=None)
    user = User.objects.with_role(Role.PLANNING, on=today).first()
    if busiest and user and busiest.offers.exists():
        yield "angebotsverzeichnis", offer_paper(busiest, today=today)
        yield "angebotsluecken", gap_paper(busiest, user=user, today=today)
