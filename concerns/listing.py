"""The concern list: the filter, the order, and the rows as the page shows them (K21)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from concerns.filters import ConcernFilter
from concerns.models import Concern, Routing, SavedView
from concerns.standing import STATIONS_DONE, TEAM, turn
from concerns.workflow import OPEN_ROUTINGS, ConcernStatus
from districts.models import User
from districts.roles import Perm
from quartier.web.dates import distance
from quartier.web.paging import Page, keyset_page
from quartier.web.templatetags.ui import due, stations

SORT = "sort"


@dataclass(frozen=True)
class Order:
    """One way to sort: by a column without gaps (then by pk), and what the pager calls its directions."""

    label: str
    key: str
    descending: bool = False
    back: str = "Zurück"
    on: str = "Weiter"


ORDERS = {
    "": Order("Neueste zuerst", "received_on", True, "Neuere", "Ältere"),
    "aelteste": Order("Älteste zuerst", "received_on", False, "Ältere", "Neuere"),
    "frist": Order("Frist", "due_key"),
    "wartezeit": Order("Am längsten wartend", "waiting_key"),
    "nummer": Order("Nummer absteigend", "number", True),
}
_SHOWN = (
    *("number", "title", "status", "urgency", "is_sensitive", "due_on", "waiting_since", "follow_up_on"),
    *("outcome", "promise", "promised_on", "received_on", "due_key", "waiting_key"),
    *("topic__name", "district__short_name", "owner__name"),
)
SHORT_TEAM = "Team"
_ANY = "0000-00000"
_STATUS, _URGENCY = dict(ConcernStatus.choices), dict(Concern.Urgency.choices)
_OPEN_ROUTINGS = (
    Routing.objects.filter(status__in=OPEN_ROUTINGS)
    .select_related("department")
    .only("concern", "status", "department__code")
)


@dataclass(frozen=True)
class Row:
    """One line of the list."""

    concern: Concern
    url: str
    flag: str
    place: str
    stations: SafeString
    status: str
    turn: str
    since: str
    due: SafeString | str
    mine: bool  # of the own team and open: may be chosen for bulk actions
    chosen: bool


class Listing:
    """What one person sees of the concerns at one address of the list."""

    def __init__(self, params: QueryDict, user: User, today: date | None = None):
        self.params, self.user, self.today = params, user, today or timezone.localdate()
        self.filter = ConcernFilter(params, user=user, today=self.today)
        self.sort = params.get(SORT, "") if params.get(SORT, "") in ORDERS else ""
        self.order = ORDERS[self.sort]

    @cached_property
    def query(self) -> str:
        """The address's filter and order, without position and empty fields: what links, views and exports carry."""
        query = self.filter.query()
        if self.sort:
            query[SORT] = self.sort
        return query.urlencode()

    @cached_property
    def page(self) -> Page:
        """The page of concerns at the position the address names."""
        found = self.filter.qs.select_related("topic", "district", "owner").only(*_SHOWN)
        found = found.prefetch_related(Prefetch("routings", _OPEN_ROUTINGS, to_attr="open_routings"))
        params = QueryDict(self.query, mutable=True)
        params.update({name: self.params[name] for name in ("nach", "vor") if name in self.params})
        order = self.order
        return keyset_page(
            found,
            params,
            key=order.key,
            descending=order.descending,
            noun=("Anliegen", "Anliegen"),
            count=self.filter.count,
            exactly=self.filter.counts_exactly,
        )

    def rows(self, chosen: Collection[int] = ()) -> list[Row]:
        """The page's concerns with everything worked out, so that the template only writes."""
        steps = {status: _stations(status) for status in {concern.status for concern in self.page}}
        pattern = reverse("concerns:detail", args=[_ANY])
        own = self.user.rights.districts(Perm.TRIAGE)
        return [
            Row(
                concern=concern,
                url=pattern.replace(_ANY, concern.number),
                flag=_flag(concern),
                place=concern.district.short_name if concern.district else "außerhalb",
                stations=steps[concern.status],
                status=_STATUS[concern.status],
                turn=_turn(concern),
                since=distance(concern.waiting_since) if concern.is_open else "",
                due=due(concern.due_on, self.today) if concern.is_open else concern.get_outcome_display(),
                mine=concern.is_open and (concern.district_id in own or (not concern.district_id and bool(own))),
                chosen=concern.pk in chosen,
            )
            for concern in self.page
        ]

    def exact_number(self) -> str:
        """The number of the one concern that was asked for by its full number and nothing else."""
        asked = self.filter.search.numbers if list(self.filter.query()) == ["q"] else None
        found = list(self.filter.qs.values_list("number", flat=True)[:2]) if asked else []
        return found[0] if len(found) == 1 else ""

    def saved_views(self) -> list[SavedView]:
        """The own views and those the own office shares."""
        return list(SavedView.objects.available_to(self.user))


def _turn(concern: Concern) -> str:
    """Whose turn it is; the owner has a column of their own."""
    if concern.status in (ConcernStatus.FORWARDED, ConcernStatus.CLOSED, ConcernStatus.PARKED):
        return turn(concern, concern.open_routings).replace(TEAM, SHORT_TEAM)
    return SHORT_TEAM


def _flag(concern: Concern) -> str:
    """What must catch the eye before the title."""
    words = [_URGENCY[concern.urgency]] if concern.urgency != Concern.Urgency.NORMAL else []
    return ", ".join([*words, *(["vertraulich"] if concern.is_sensitive else [])])


def _stations(status: str) -> SafeString:
    """The four stations in small; the same for every concern of a status."""
    return render_to_string("components/stations.html", stations(STATIONS_DONE[status], compact=True))
