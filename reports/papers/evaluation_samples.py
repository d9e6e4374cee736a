"""Evaluation reports for `make papers`: the demo city's year, one district, and the awkward ones."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Count
from django.utils import timezone

from concerns.models import Concern, Topic
from districts.models import District, User
from districts.roles import Role
from reports.actions.reports import create_report, write_text
from reports.chapters import CHAPTERS
from reports.choice import Choice, Span
from reports.models import Report
from reports.periods import year_before
from reports.sums import count_anew

from .evaluation import content_of, draft_pdf, freeze_content

ROWS, BUSY = 400, 20
_LONG = "Siedlung am früheren Güterbahnhof Aachen-Nordwest (Teil {:03d})"
_DISTRICT = (
    "Die Sprechzeiten am Elsassplatz wurden gut angenommen. Viele Anliegen betrafen Müll und Beleuchtung; mit dem "
    "Stadtbetrieb gibt es seit dem Frühjahr eine feste Ansprechperson.\n\n"
    "Offen geblieben ist der Wunsch nach einer Querung an der Grundschule. Im Herbst gibt es dazu einen Ortstermin."
)
_PLANNING = (
    "Die Rückmeldequote ist der wichtigste Wert dieses Berichts: Sie zeigt, ob Menschen, die sich gemeldet haben, auch "
    "gehört haben, was daraus geworden ist.\n\n"
    "Auffällig ist, wie unterschiedlich lange Antworten dauern. Das liegt auch an der Art der Anliegen: Ein voller "
    "Papierkorb ist schneller geleert als ein Gehweg umgebaut."
)
_OUTLOOK = (
    "Für das kommende Jahr sind vorgesehen:\n"
    "– eine zweite Sprechzeit in Preuswald,\n"
    "– Aushänge in fünf Sprachen,\n"
    "– eine gemeinsame Begehung mit dem Stadtbetrieb in jedem Quartier."
)
_TEXTS = {"district": _DISTRICT, "planning": _PLANNING, "outlook": _OUTLOOK}
_LISTS = ("intake", "districts", "context", "assessments")


def evaluation_samples() -> Iterator[tuple[str, bytes]]:
    """The year released and as a draft, a busy district, one without a single concern, very long tables."""
    today = timezone.localdate()
    planner = User.objects.with_role(Role.PLANNING, on=today).first()
    busy = District.objects.annotate(n=Count("concerns")).order_by("-n", "pk").first()
    if planner is None or busy is None:
        return
    year = _report(planner, today, title=f"Evaluationsbericht {today.year}")
    content = content_of(year)
    yield "evaluationsbericht", freeze_content(year, content, by=planner).files[0][2]
    yield "evaluationsbericht-entwurf", draft_pdf(content)
    yield from _draft("evaluationsbericht-quartier", _report(planner, today, districts=(busy,)))
    empty = _district(busy, 0)
    yield from _draft("evaluationsbericht-leer", _report(planner, today, districts=(empty,)))
    _spread_out(busy)
    title = "Evaluationsbericht mit sehr langen Tabellen"
    yield from _draft("evaluationsbericht-400-zeilen", _report(planner, today, title=title, chapters=_LISTS))


def _draft(name: str, report: Report) -> Iterator[tuple[str, bytes]]:
    count_anew(at_most=None)
    yield name, draft_pdf(content_of(report))


def _report(planner: User, today: date, *, title: str = "", districts=(), chapters=tuple(CHAPTERS)) -> Report:
    """The present year compared with the same days of the last one, with texts as people write them."""
    year = Span(date(today.year, 1, 1), today)
    last = year_before(year)
    choice = Choice(
        since=year.since, until=year.until, compare_since=last.since, compare_until=last.until,
        districts=tuple(one.pk for one in districts),
    )  # fmt: skip
    title = title or f"Evaluationsbericht {today.year} {districts[0].short_name}"
    report = create_report(title=title, parameters=choice.to_json(), chapters=chapters, by=planner)
    # Some districts have none, as it happens.
    for text in [*report.texts.filter(district=None), *report.texts.exclude(district=None)[: len(districts) or 3]]:
        write_text(text=text, content=_TEXTS[text.kind], version=text.version, by=planner)
    return report


def _district(like: District, number: int) -> District:
    name, slug = _LONG.format(number), f"probe-{number}"
    return District.objects.create(name=name, short_name=f"Nordwest {number}", slug=slug, borough=like.borough)


def _spread_out(busy: District) -> None:
    """A city of 400 more districts with 60 letters each and of 400 more topics, some of them with many concerns."""
    districts = [_district(busy, number) for number in range(1, ROWS + 1)]
    theme = Topic.objects.filter(parent=None).first()
    topics = Topic.objects.bulk_create(
        Topic(parent=theme, code=f"probe-{number}", name=f"Straßenbeleuchtung und Lichtsignalanlage Nr. {number}")
        for number in range(ROWS)
    )
    for number, concern in enumerate(Concern.objects.filter(is_sensitive=False).order_by("-received_on")):
        at = number % (ROWS if number % 2 else BUSY)
        Concern.objects.filter(pk=concern.pk).update(district=districts[at], topic=topics[at])
