"""What bodies did in a period: sessions, who came, what was decided, what became of it (Z18–Z20, appendix F.4)."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from projects.models import AgendaItem, Attendance, Body, BodyConcern, FollowUp, Postponement, Session, ToldReply
from projects.workflow import PENDING, TOOK_PLACE, FollowUpStatus, SessionStatus


@dataclass
class BodyFigures:
    """Counts of one body, or of several together."""

    name: str
    held: int = 0
    cancelled: int = 0
    approved: int = 0  # of those held: minutes are approved
    noted: int = 0  # of those held: somebody has noted who was there
    present: int = 0  # members in the noted sessions, all together
    decisions: int = 0
    given: int = 0  # follow-ups
    done: int = 0
    in_time: int = 0  # done by the day that was set first: putting off makes nothing punctual
    pending: int = 0  # open, in progress or put off
    put_off: int = 0  # once or more often, whatever became of them
    late: int = 0  # not done, the day has passed, also the one it was put off to
    raised: int = 0  # concerns
    told: int = 0  # answers of the administration that approved minutes report

    @property
    def attendance(self) -> float | None:
        """Members present in a session, on average."""
        return self.present / self.noted if self.noted else None


COUNTED = tuple(field for field in BodyFigures.__dataclass_fields__ if field != "name")


@dataclass
class AllBodies:
    """Every body that did something in the period, in the order of its name, and all of them together."""

    bodies: list[BodyFigures] = field(default_factory=list)

    @property
    def total(self) -> BodyFigures:
        """All together."""
        sums = {name: sum(getattr(one, name) for one in self.bodies) for name in COUNTED}
        return BodyFigures("Insgesamt", **sums)


def body_figures(districts: Collection[int] | None, since: date, until: date, *, today: date) -> AllBodies:
    """Figures of the bodies of these districts, of all bodies for None; both days belong to the period.

    Follow-ups and concerns count in the period in which they were given or raised, with what became of them by today.
    """
    bodies = Body.objects.all()
    if districts is not None:
        bodies = bodies.filter(pk__in=Body.districts.through.objects.filter(district__in=districts).values("body"))
    span, counts = (since, until), Counter()
    for model, path, condition, wanted in _questions(span, today):
        rows = model.objects.filter(condition, **{f"{path}__in": bodies.values("pk")}).order_by()
        for row in rows.values(path).annotate(**wanted):
            pk = row.pop(path)
            counts.update({(pk, name): n for name, n in row.items()})
    names = bodies.filter(pk__in={pk for pk, _ in counts}).order_by("sort_key", "pk").values_list("pk", "name")
    return AllBodies([BodyFigures(name, **{one: counts[pk, one] for one in COUNTED}) for pk, name in names])


def _questions(span: tuple[date, date], today: date):
    """Model, path to its body, what belongs to the period, and what is counted of it."""
    held = Q(session__on__range=span, session__status__in=TOOK_PLACE)
    done, waits = Q(status=FollowUpStatus.DONE), Q(status__in=sorted(PENDING))
    moved = Postponement.objects.filter(follow_up=OuterRef("pk"))
    first_day = Subquery(moved.order_by("pk").values("since")[:1])
    n = Count("pk")
    yield Session, "body", Q(on__range=span), {
        "held": Count("pk", filter=Q(status__in=TOOK_PLACE)),
        "cancelled": Count("pk", filter=Q(status=SessionStatus.CANCELLED)),
        "approved": Count("pk", filter=Q(status=SessionStatus.APPROVED)),
    }  # fmt: skip
    yield Attendance, "session__body", held, {
        "noted": Count("session", distinct=True),
        "present": Count("pk", filter=Q(state=Attendance.State.PRESENT)),
    }  # fmt: skip
    yield AgendaItem, "session__body", held & ~Q(decision=""), {"decisions": n}
    yield FollowUp, "body", Q(given_on__range=span), {
        "given": n,
        "done": Count("pk", filter=done),
        "in_time": Count("pk", filter=done & Q(settled_on__lte=Coalesce(first_day, F("due_on")))),
        "pending": Count("pk", filter=waits),
        "put_off": Count("pk", filter=Exists(moved)),
        "late": Count("pk", filter=waits & Q(due_on__lt=today)),
    }  # fmt: skip
    yield BodyConcern, "body", Q(at__date__range=span, concern__is_sensitive=False), {"raised": n}
    yield ToldReply, "raised__body", Q(session__on__range=span, session__status=SessionStatus.APPROVED), {"told": n}
