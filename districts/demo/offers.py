"""Offers and rounds of the demo city: invented, with gaps, ends in sight and entries nobody has checked (Q17, Z17)."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone

from districts import starter
from districts.actions import offers as actions
from districts.actions import rounds as round_actions
from districts.actions.lists import take_starter
from districts.demo import read
from districts.demo.directory import PLANNER
from districts.models import ActionField, Actor, District, Offer, OfferKind, TargetGroup, User
from districts.roles import Role

_ENTERED = 22  # months ago, or before the data were checked
# District, name of the round, months ago it began and ended (none: it is open), every how many-th was left out.
ROUNDS = (
    ("ost", "Frühjahrsrunde", 9, 8, 5),
    ("forst", "Frühjahrsrunde", 6, 5, 99),
    ("nord", "Herbstrunde", 1, None, 2),
)

Step = tuple[datetime, Callable[[datetime], object]]


def is_loaded() -> bool:
    """Whether there are offers already."""
    return Offer.objects.exists()


@transaction.atomic
def load(*, now: datetime) -> int:
    """Load the offers beside the actors of the demo city; returns how many."""
    take_starter(model=OfferKind, names=starter.OFFER_KINDS, by=None)
    loader = _Loader(now)
    for at, step in sorted(loader.steps(), key=lambda one: one[0]):
        step(at)
    return Offer.objects.count()


class _Loader:
    """Does everything with the application's own actions, in the order in which it would have happened."""

    def __init__(self, now: datetime):
        self.now, self.today = now, timezone.localdate(now)
        names = {row["key"]: row["name"] for row in read("actors")}
        actors = {one.name: one for one in Actor.objects.select_related("merged_into").prefetch_related("districts")}
        self.actors = {key: actors[name].merged_into or actors[name] for key, name in names.items() if name in actors}
        self.districts = {one.slug: one for one in District.objects.defer("boundary").prefetch_related("offices")}
        self.kinds = {one.code: one for one in OfferKind.objects.all()}
        self.fields = {one.code: one for one in ActionField.objects.all()}
        self.groups = {one.code: one for one in TargetGroup.objects.all()}
        self.planner = User.objects.get(email=PLANNER)
        managers = User.objects.filter(memberships__role=Role.MANAGER).prefetch_related("memberships")
        self.managers = {role.district_id: one for one in managers for role in one.memberships.all()}

    def moment(self, months: int, minutes: int = 0) -> datetime:
        """Half past ten so many months ago, and some minutes later."""
        day = timezone.localdate(self.now - relativedelta(months=months))
        return timezone.make_aware(datetime.combine(day, time(10, 30))) + timedelta(minutes=minutes)

    def steps(self) -> Iterator[Step]:
        """Everything that happened, in no order."""
        made: dict[int, Offer] = {}
        for number, row in enumerate(read("offers")):
            yield from self._life_of(number, row, made)
        for slug, title, began, ended, left_out in ROUNDS:
            yield from self._round(self.districts[slug], title, began, ended, left_out)

    def _life_of(self, number: int, row: dict, made: dict[int, Offer]) -> Iterator[Step]:
        places = self._places(row)
        by = self.managers[places[0].pk] if places else self.planner
        checked, ended = row["checked"], row.get("ended")

        def enter(at: datetime) -> None:
            made[number] = actions.save_offer(by=by, at=at, districts=places, **self._fields(row))

        yield self.moment(max(_ENTERED, checked + 2), number), enter
        yield self.moment(checked, number), lambda at: actions.verify_offer(offer=made[number], by=by, at=at)
        if ended:
            day = self.today - relativedelta(months=ended)
            yield (
                self.moment(ended, number),
                lambda at: actions.end_offer(offer=made[number], ended_on=day, by=by, at=at),
            )

    def _places(self, row: dict) -> list[District]:
        if row.get("city"):
            return []
        if only := row.get("only"):
            return [self.districts[only]]
        return list(self.actors[row["provider"]].districts.all())

    def _fields(self, row: dict) -> dict:
        oldest, youngest = row.get("age", [None, None])[1], row.get("age", [None, None])[0]
        office = row.get("office")
        return {
            "title": row["title"],
            "provider": self.actors[row["provider"]],
            "kind": self.kinds[row["kind"]],
            "description": row.get("text", ""),
            "office": self.districts[office].offices.first() if office else None,
            "place": "" if office else row.get("place", ""),
            "action_fields": [self.fields[code] for code in row["fields"]],
            "target_groups": [self.groups[code] for code in row["groups"]],
            "age_from": youngest,
            "age_to": oldest,
            "times": row["times"],
            "is_free": row.get("free", False),
            "cost": row.get("cost", ""),
            "languages": row["lang"].split(),
            "barrier_free": row.get("barrier", ""),
            "registration": row.get("reg", ""),
            "phone": row.get("phone", ""),
            "capacity": row.get("capacity"),
            "funded_by": row.get("funded", ""),
            "funded_until": self._until(row["until"]) if "until" in row else None,
            "status": row.get("status", Offer.Status.ACTIVE),
            "is_public": row.get("public", False),
        }

    def _until(self, months: int) -> date:
        """The end of a month, so many months from now."""
        return (self.today + relativedelta(months=months + 1)).replace(day=1) - timedelta(days=1)

    def _round(self, district: District, title: str, began: int, ended: int | None, left_out: int) -> Iterator[Step]:
        by, opened = self.managers[district.pk], {}
        year = self.moment(began).year

        def begin(at: datetime) -> None:
            due_on = timezone.localdate(at) + timedelta(weeks=6)
            opened["round"] = round_actions.open_round(
                district=district, title=f"{title} {year}", due_on=due_on, by=by, at=at
            )

        def look(at: datetime) -> None:
            for turn, entry in enumerate(opened["round"].entries.select_related("offer").order_by("pk"), 1):
                if turn % left_out:
                    actions.verify_offer(offer=entry.offer, by=by, at=at + timedelta(minutes=turn))

        yield self.moment(began, 200), begin
        yield self.moment(began, 200) + timedelta(days=9), look
        if ended is not None:
            yield self.moment(ended, 200), lambda at: round_actions.close_round(round=opened["round"], by=by, at=at)
