"""Shared offices, rooms and bookings of the demo city: Preuswald as in appendix G, the rest assumed (Q17)."""

from datetime import date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone

from districts.actions import rooms as room_actions
from districts.actions import sharing as actions
from districts.actions.opening import change_slot
from districts.demo import read
from districts.demo.directory import PLANNER
from districts.models import Actor, Booking, District, Office, OfficeShare, OpeningSlot, Room, User
from districts.roles import Role

BEFORE, AFTER = 30, 42  # days with bookings
_STEP = 60  # days from one state to the next
ADVISED = "Schuldnerberatung"  # a consultation whose provider is in the directory


def is_loaded() -> bool:
    """Whether there are shared offices already."""
    return OfficeShare.objects.exists()


@transaction.atomic
def load(*, now: datetime) -> int:
    """Load shared offices, rooms and bookings beside a directory that is there; returns the number of bookings."""
    data, loader = read("rooms"), _Loader(now)
    for row in data["rooms"]:
        loader.room(row)
    for row in data["shares"]:
        loader.share(row)
    for row in data["bookings"]:
        loader.bookings(row)
    loader.call_off()
    loader.link_provider()
    return Booking.objects.count()


class _Loader:
    """Enters everything with the application's own actions, each by whoever would have done it."""

    def __init__(self, now: datetime):
        self.now, self.today = now, timezone.localdate(now)
        self.offices = {one.name: one for one in Office.objects.prefetch_related("districts")}
        self.districts = {one.slug: one for one in District.objects.defer("boundary")}
        self.planner = User.objects.get(email=PLANNER)

    def _manager(self, district: District) -> User:
        return User.objects.with_role(Role.MANAGER, on=self.today).filter(memberships__district=district).first()

    def _keeper(self, office: Office) -> User:
        return self._manager(office.districts.order_by("pk").first())

    def _actor(self, name: str) -> Actor:
        return Actor.objects.present().get(name=name)

    def _at(self, day: date) -> datetime:
        return timezone.make_aware(datetime.combine(day, time(11, 20)))

    def room(self, row: dict) -> None:
        office = self.offices[row["office"]]
        room_actions.save_room(
            office=office, equipment=row["equipment"], by=self._keeper(office), name=row["name"], size=row["size"],
            seats=row["seats"], is_barrier_free=row["barrier_free"], has_kitchen=row["kitchen"], note=row["note"],
            is_active=True,
        )  # fmt: skip

    def share(self, row: dict) -> None:
        """From the idea on, a step every two months, until it stands where it stands today."""
        first = self.today - relativedelta(years=row["years"], months=3)
        district = self.districts[row["district"]]
        share = actions.save_share(
            by=self._manager(district), at=self._at(first), name=row["name"], district=district,
            office=self.offices.get(row["office"]), form=row["form"], resources=row["resources"],
            projects=row["projects"], agreement=row.get("agreement", ""),
            agreed_on=first + timedelta(days=_STEP) if row.get("agreed") else None,
        )  # fmt: skip
        self._members(share, row)
        for number, status in enumerate(row["path"]):
            on = first + timedelta(days=_STEP * number // 2 + 20)
            by = self.planner if status in ("decided", "active", "ended") else self._manager(district)
            share = actions.move_share(share=share, status=status, on=on, version=share.version, by=by, at=self._at(on))
        for one in row["assessments"]:
            on = self.today - relativedelta(months=one["months"])
            words = {name: one[name] for name in ("pros", "cons", "conclusion")}
            actions.assess_share(share=share, on=on, by=self._manager(district), at=self._at(on), **words)

    def _members(self, share: OfficeShare, row: dict) -> None:
        for one in row["members"]:
            since = self.today - relativedelta(years=one["years"], months=4)
            ended = self.today - relativedelta(years=one["ended"]) if "ended" in one else None
            words = {name: one[name] for name in ("role", "room_share", "hours", "contribution")}
            actions.save_member(
                share=share, actor=self._actor(one["actor"]), by=self.planner, valid_from=since, valid_to=ended,
                at=self._at(since), **words,
            )  # fmt: skip

    def bookings(self, row: dict) -> None:
        room = Room.objects.get(office=self.offices[row["office"]], name=row["room"])
        first = next(
            day for n in range(7) if (day := self.today - timedelta(days=BEFORE - n)).weekday() == row["weekday"]
        )
        actor = self._actor(row["actor"]) if row["actor"] else None
        staff = User.objects.filter(memberships__actor=actor).first() if actor else None
        room_actions.book_room(
            room=room, day=first, starts=time(row["hours"][0]), ends=time(row["hours"][1]), purpose=row["purpose"],
            by=staff or self._keeper(room.office), actor=actor, is_shown=row["shown"],
            rhythm=row.get("rhythm", "weekly"), until=self.today + timedelta(days=AFTER),
            at=self._at(first - timedelta(days=9)),
        )  # fmt: skip

    def call_off(self) -> None:
        """A date that was called off the week before, and the rest of a series in a month."""
        past = Booking.objects.filter(starts__lt=self.now - timedelta(days=7)).order_by("-starts")[2]
        room_actions.cancel_bookings(booking=past, reason="Krankheit", by=past.by, at=past.starts - timedelta(hours=3))
        later = self.now + timedelta(days=30)
        coming = Booking.objects.filter(starts__gt=later, actor=None, room__name="Gruppenraum").order_by("starts")[0]
        room_actions.cancel_bookings(booking=coming, reason="Ferien", by=coming.by, with_following=True, at=self.now)

    def link_provider(self) -> None:
        """The consultation hours of somebody who is in the directory."""
        slot = OpeningSlot.objects.select_related("office").filter(topic=ADVISED).first()
        if slot:
            actor = self._actor("Evangelische Sozialdienste an der Wurm")
            change_slot(slot=slot, by=self._keeper(slot.office), provider=actor.name, provider_actor=actor)
