"""Department mirrors of the demo city: two quarters published, of the last one some; a few heads have commented.

As with the reports, the figures are those of today, dated to the publication.
"""

from datetime import date, datetime
from random import Random

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from concerns.demo.clock import moment
from districts.models import Department, User
from quartier.workdays import add_workdays
from reports.actions import mirror as actions
from reports.actions.reports import checksum_of
from reports.mirror import mirror_figures
from reports.models import Mirror
from reports.papers.mirror import content_of, mirror_paper
from reports.quarters import Quarter

from . import wording

_SEED = 52072
_HEADS = {"E 18": "s.thoma", "FB 68": "r.overath", "FB 61": "r.overath"}
_PUBLISHED = 2  # quarters
_BUSY = 6  # departments that were asked most; the others get no mirror
_EARLY = 3  # of them whose last quarter is published already, because their head has nothing to say


def is_loaded() -> bool:
    """Whether there are mirrors already."""
    return Mirror.objects.exists()


@transaction.atomic
def load(*, now: datetime) -> int:
    """Load the mirrors as they stand at a moment; returns their number."""
    rnd, people, today = Random(_SEED), wording.people(), timezone.localdate(now)

    def at(day: date, workdays: int) -> datetime:
        return min(moment(add_workdays(day, workdays), rnd), now)

    quarter = Quarter.of(today).before
    for code, comments in wording.read("mirrors").items():
        _comment(code, quarter, comments[0], by=people[_HEADS[code]], at=at(today, -3))
    if add_workdays(quarter.until, 20) < today:
        silent = [one for one in _busiest(quarter) if one.code not in _HEADS]
        for department in silent[:_EARLY]:
            _publish(department, quarter, by=people["e.steinmetz"], at=at(quarter.until, 20))
    for turn in range(1, 1 + _PUBLISHED):
        quarter = quarter.before
        for code, comments in wording.read("mirrors").items():
            if turn < len(comments):
                _comment(code, quarter, comments[turn], by=people[_HEADS[code]], at=at(quarter.until, 22))
        for department in _busiest(quarter):
            _publish(department, quarter, by=people["e.steinmetz"], at=at(quarter.until, 30))
    return Mirror.objects.count()


def _comment(code: str, quarter: Quarter, comment: str, *, by: User, at: datetime) -> None:
    department = Department.objects.get(code=code)
    actions.write_comment(department=department, quarter=quarter, comment=comment, version=0, by=by, at=at)


def _busiest(quarter: Quarter) -> list[Department]:
    """Who was asked most, and who has commented."""
    period = (quarter.since, quarter.until)
    asked = Department.objects.annotate(n=Count("routings", filter=Q(routings__concern__received_on__range=period)))
    busiest = asked.filter(n__gt=0).order_by("-n", "pk")[:_BUSY]
    commented = Department.objects.filter(mirrors__year=quarter.year, mirrors__quarter=quarter.number)
    return list({one.pk: one for one in [*busiest, *commented]}.values())


def _publish(department: Department, quarter: Quarter, *, by: User, at: datetime) -> None:
    known = {"department": department, "year": quarter.year, "quarter": quarter.number}
    mirror = Mirror.objects.filter(**known).select_related("comment_by").first() or Mirror(**known)
    content = content_of(mirror, mirror_figures(department, quarter, now=at))
    pdf = mirror_paper(content, checksum=checksum_of(content), published_at=at)
    actions.publish(
        department=department, quarter=quarter, frozen=content, pdf=pdf, version=mirror.version, by=by, at=at
    )  # fmt: skip
