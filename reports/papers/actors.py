"""List of actors and networks (P16): what the directory shows with a filter, without anything about people."""

from collections.abc import Iterator
from datetime import date

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.text import Truncator

from districts.directory import places
from districts.models import Actor, District, Network, NetworkMembership
from quartier.pdf import render

MOST = 100  # actors of one paper: about twenty pages; more is a file, not a list to read
MOST_MEMBERS = 20  # of one network


def actor_paper(actors: QuerySet[Actor], networks: QuerySet[Network], *, chosen: list[str], today: date) -> bytes:
    """The chosen actors by name, then the networks with their members of today; `chosen` tells the filter in words."""
    sets = ("districts", "action_fields", "target_groups")
    rows = actors.select_related("type", "parent").prefetch_related(*sets).order_by("sort_key", "pk")[:MOST]
    members = NetworkMembership.objects.valid_on(today).of_present().select_related("actor")
    nets = networks.select_related("coordinator").prefetch_related("districts", Prefetch("memberships", members))
    context = {
        "rows": [(one, places(one), _reach(one)) for one in rows],
        "networks": [(one, places(one), _members(one)) for one in nets.order_by("sort_key")],
        "chosen": chosen,
        "today": today,
        "city": settings.CITY_NAME,
        "service": settings.OFFICE_NAME,
    }
    title = f"Akteure und Netzwerke, Stand {today:%d.%m.%Y}"
    return render("reports/papers/actors.html", context, title=title, author=settings.CITY_NAME)


def networks_for(networks: QuerySet[Network], district: District | None) -> QuerySet[Network]:
    """The active networks of a district and of the whole city; all of them without a district."""
    active = networks.active()
    if district is None:
        return active
    here = Q(districts=district) | Q(districts=None)
    return active.filter(pk__in=active.filter(here).values("pk"))


def _reach(actor: Actor) -> list[str]:
    address = ", ".join(filter(None, (actor.street, actor.place)))
    website = actor.website.partition("://")[2].rstrip("/")
    return [line for line in (address, actor.phone, actor.email, website) if line]


def _members(network: Network) -> str:
    """Short names of the first members, and how many more there are: a row must fit on a page."""
    names = [Truncator(one.actor.short_name or one.actor.name).chars(40) for one in network.memberships.all()]
    more = len(names) - MOST_MEMBERS
    return ", ".join([*names[:MOST_MEMBERS], *([f"und {more} weitere"] if more > 0 else [])])


def actor_lists() -> Iterator[tuple[str, bytes]]:
    """The actors and networks of the district with most actors."""
    today = timezone.localdate()
    districts = District.objects.defer("boundary").order_by("sort_key")
    busiest = max(districts, key=lambda one: Actor.objects.active().filter(districts=one).count(), default=None)
    if busiest and (actors := Actor.objects.active().filter(districts=busiest)).exists():
        chosen = [f"Quartier: {busiest}"]
        networks = networks_for(Network.objects.all(), busiest)
        yield "akteursliste", actor_paper(actors, networks, chosen=chosen, today=today)
