"""Sheets for the public in the demo city: what hangs in the windows, and what somebody is still working on."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from concerns.demo.clock import moment
from concerns.models import Concern, Reply, Routing
from concerns.workflow import OPEN_ROUTINGS, ConcernStatus, ReplyResult, RoutingStatus
from districts.models import User
from quartier.workdays import add_workdays
from reports.actions import sheets as actions
from reports.actions.sheets import Topic
from reports.models import Sheet, SheetEntry
from reports.papers import sheets as papers
from reports.papers.head import office_in
from reports.quarters import Quarter

from . import wording

Section = SheetEntry.Section
_SEED = 52074
# What everybody may read about, in words that are not meant for one person alone.
_THEMES = ("sauberkeit", "strasse", "spielen-gruen", "sicherheit", "klima", "begegnung")
_TO_ONE_PERSON = r"\m(Ihr|Ihre|Ihren|Ihrem|Ihrer|Ihnen)\M"
_TOLD = {Section.DONE: 5, Section.REFUSED: 2}  # how many a sheet tells of, and
_WAITING = 3  # how many that are still in work
_SETTLED = timedelta(days=14)  # after a quarter's end, before its sheet hangs in the window


def is_loaded() -> bool:
    """Whether there are sheets already."""
    return Sheet.objects.exists()


@transaction.atomic
def load(*, now: datetime) -> int:
    """Load the sheets as they stand at a moment; returns their number."""
    windows, today = _Windows(now), timezone.localdate(now)
    quarter = Quarter.of(today - _SETTLED).before
    for code in ("ost", "forst"):
        intros = wording.read("sheets")["heard"][code]
        for one, intro in zip((quarter.before, quarter), intros, strict=True):
            windows.hang(windows.tell(code, one, intro, add_workdays(one.until, 2)), add_workdays(one.until, 5))
    windows.tell("nord", quarter, wording.read("sheets")["heard"]["nord"][0], add_workdays(today, -2))
    windows.hang(windows.notice("a.yilmaz", "ost", add_workdays(today, -19)), add_workdays(today, -18))
    windows.hang(windows.notice("m.okonkwo", "", add_workdays(today, -9)), add_workdays(today, -8))
    windows.notice("k.lenzen-maas", "", add_workdays(today, -1))
    return Sheet.objects.count()


class _Windows:
    """The windows of the offices, and who fills them."""

    def __init__(self, now: datetime):
        self.now, self.rnd = now, Random(_SEED)
        self.people, self.managers, self.districts = wording.people(), wording.managers(), wording.districts()

    def at(self, day: date) -> datetime:
        """Some moment of a day, not later than now."""
        return min(moment(day, self.rnd), self.now)

    def tell(self, code: str, quarter: Quarter, intro: str, day: date) -> Sheet:
        """A draft of "Gehört – getan" about a quarter; it goes on with what the last one told as still in work."""
        by, district = self.managers[code], self.districts[code]
        like = Sheet(kind=Sheet.Kind.HEARD, district=district, since=quarter.since, until=quarter.until)
        last = Sheet.objects.before(like).first()
        carried = _carried(last, by, day) if last else []
        topics = _fit([*carried, *_told(like, by, quarter.since, quarter.until), *_waiting(like, by, day)])
        return self._start(like, "Gehört – getan", intro, topics, by, day)

    def notice(self, name: str, code: str, day: date) -> Sheet:
        """A draft with answers of the last weeks, from one district or from all of a person's."""
        like, by = Sheet(kind=Sheet.Kind.NOTICE, district=self.districts.get(code)), self.people[name]
        title, intro = wording.read("sheets")["notice"][name]
        return self._start(like, title, intro, _told(like, by, day - papers.ANSWERED_WITHIN, day), by, day)

    def _start(self, like: Sheet, title: str, intro: str, topics: list[Topic], by: User, day: date) -> Sheet:
        office = office_in(like.district) if like.district else by.office
        return actions.start_sheet(
            by=by, kind=like.kind, title=title, intro=intro, district=like.district, office=office, since=like.since,
            until=like.until, topics=topics or _anything(like, by, day), at=self.at(day),
        )  # fmt: skip

    def hang(self, sheet: Sheet, day: date) -> None:
        """Let a draft out of the house."""
        hints = papers.hints(sheet.entries.select_related("concern"), sheet=sheet)
        actions.release_sheet(
            sheet=sheet, version=sheet.version, hints=hints, numbers=_numbers(sheet, day), by=sheet.made_by,
            at=self.at(day),
        )  # fmt: skip


def _public(sheet: Sheet, user: User, *statuses: str) -> QuerySet[Concern]:
    """What everybody may read about and a department was asked."""
    asked = Routing.objects.filter(concern=OuterRef("pk"), status__in=statuses)
    found = papers.may_go_on(sheet, user).filter(Exists(asked), topic__parent__code__in=_THEMES)
    return found.order_by("closed_at", "pk")


def _told(sheet: Sheet, user: User, since: date, until: date) -> list[Topic]:
    """What came to an end in these days with a department's words: done, or not possible and why."""
    replies = Reply.objects.filter(routing__concern=OuterRef("pk"), text=OuterRef("answer_text"))
    answered = _public(sheet, user, RoutingStatus.ANSWERED).filter(Exists(replies.exclude(result=ReplyResult.KNOWN)))
    closed = answered.filter(status=ConcernStatus.CLOSED, closed_at__date__range=(since, until))
    closed = closed.exclude(answer_text__regex=_TO_ONE_PERSON)
    found = _fit(papers.first_words(sheet.kind, closed.order_by("-closed_at", "-pk")))
    return [one for section, most in _TOLD.items() for one in [t for t in found if t.section == section][:most]]


def _waiting(sheet: Sheet, user: User, day: date) -> list[Topic]:
    """What had come in by then and had no answer on that day."""
    asked = _public(sheet, user, *OPEN_ROUTINGS, RoutingStatus.ANSWERED)
    found = asked.filter(_open_on(day), received_on__range=(sheet.since, sheet.until))
    topics = [replace(one, text=one.heading) for one in papers.first_words(sheet.kind, found)]
    texts = wording.read("sheets")["working"]
    return [
        replace(one, section=Section.WORKING, text=texts[turn % len(texts)])
        for turn, one in enumerate(_fit(topics)[:_WAITING])
    ]  # fmt: skip


def _open_on(day: date) -> Q:
    return ~Q(status=ConcernStatus.CLOSED) | Q(closed_at__date__gt=day)


def _carried(last: Sheet, user: User, day: date) -> list[Topic]:
    """What the last sheet told as still in work, with the answer where there was one by then."""
    still = {one.concern_id: one.text for one in last.entries.filter(section=Section.WORKING)}
    waiting = set(Concern.objects.filter(_open_on(day), pk__in=still).values_list("pk", flat=True))
    return [
        replace(one, section=Section.WORKING, text=still[one.concern.pk]) if one.concern.pk in waiting else one
        for one in papers.unfinished(last, user)
    ]


def _anything(sheet: Sheet, user: User, day: date) -> list[Topic]:
    """Where a quiet time brought nothing of all this: what came in last before the sheet."""
    public = papers.may_go_on(sheet, user).filter(topic__parent__code__in=_THEMES)
    found = public.filter(received_on__lte=sheet.until or day).order_by("-received_on", "-pk")
    return _fit(papers.first_words(sheet.kind, found[: papers.MOST_CANDIDATES]))[:_WAITING]


def _fit(topics: Iterable[Topic]) -> list[Topic]:
    """Those in which nothing looks like somebody's data; the same heading, or the same answer, only once."""
    topics = list(topics)
    entries = [SheetEntry(pk=one.concern.pk, concern=one.concern, heading=one.heading, text=one.text) for one in topics]
    hints, known, found = papers.hints(entries), set(), []
    for one in topics:
        words = {one.heading} if one.section == Section.WORKING else {one.heading, one.text}
        if not hints[one.concern.pk] and not known & words:
            known |= words
            found.append(one)
    return found


def _numbers(sheet: Sheet, day: date) -> dict[str, int] | None:
    """What the sheet counted on that day: what was closed later was still in work."""
    numbers = papers.numbers(sheet)
    if numbers is None:
        return None
    counted = Concern.objects.filter(
        is_sensitive=False, district=sheet.district, received_on__range=(sheet.since, sheet.until)
    )
    later = counted.filter(status=ConcernStatus.CLOSED, closed_at__date__gt=day)
    for outcome in later.values_list("outcome", flat=True):
        numbers[papers.SECTION_OF.get(outcome, "withdrawn")] -= 1
        numbers["working"] += 1
    return numbers
