"""One of every paper for `make papers`: each topic adds a function that yields file names and PDF files.

The rows come from the demo city; a kind for which it has none is left out.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta

from django.db.models import Count
from django.utils import timezone

from concerns.models import Concern, Routing
from concerns.workflow import OPEN_ROUTINGS
from districts.models import District, User
from districts.roles import Role
from reports.actions.sheets import add_topics, release_sheet, start_sheet
from reports.models import Sheet

from .actors import actor_lists
from .bodies import body_papers
from .concern_file import concern_file
from .district_profile import profile_samples
from .dossier_samples import dossier_samples
from .evaluation_samples import evaluation_samples
from .funds import fund_papers
from .head import office_in
from .hours_notice import hours_notices
from .letter_samples import letter_samples
from .mirror import mirrors
from .offers import offer_papers
from .plans import plan_papers
from .posts import post_papers
from .projects import project_papers
from .public_relations import pr_papers
from .receipt_samples import receipt_samples
from .referral_slip import slips
from .room_plan import room_plans
from .routing_sheet import routing_sheet
from .sheets import FORMATS, candidates, hints, numbers, sheet_pdf
from .theme_report import theme_report_samples

Sample = Callable[[], Iterator[tuple[str, bytes]]]


def routing_sheets() -> Iterator[tuple[str, bytes]]:
    """An open routing of somebody who left a name; then the same with the contact released."""
    today = timezone.localdate()
    routings = Routing.objects.filter(status__in=OPEN_ROUTINGS, concern__is_sensitive=False, is_lead=True)
    routing = routings.filter(concern__reporters__consent_store=True).for_ticket().order_by("pk").first()
    if routing is None:
        return
    yield "weiterleitungsblatt", routing_sheet(routing=routing, user=routing.concern.owner, today=today)
    routing.concern.reporters.filter(consent_store=True).update(consent_pass_on=True)
    routing.released_contact = True
    yield "weiterleitungsblatt-mit-kontakt", routing_sheet(routing=routing, user=routing.concern.owner, today=today)


def concern_files() -> Iterator[tuple[str, bytes]]:
    """The file with the longest history."""
    longest = Concern.objects.leads().filter(owner__isnull=False).annotate(events_count=Count("events"))
    if concern := longest.order_by("-events_count", "pk").first():
        yield "anliegenakte", concern_file(concern=concern, user=concern.owner, today=timezone.localdate())


def sheets() -> Iterator[tuple[str, bytes]]:
    """A quarter of the district with most concerns as notice and as "Gehört – getan", and a district without any."""
    today = timezone.localdate()
    busy = District.objects.annotate(n=Count("concerns")).order_by("-n", "pk").first()
    manager = busy and User.objects.with_role(Role.MANAGER, on=today).filter(memberships__district=busy).first()
    if not manager:
        return
    period = {"since": today - timedelta(days=91), "until": today}
    for kind, name in ((Sheet.Kind.HEARD, "gehoert-getan"), (Sheet.Kind.NOTICE, "aushang")):
        given = {"kind": kind, "district": busy, "office": office_in(busy), "title": Sheet.Kind(kind).label}
        sheet = start_sheet(by=manager, **given, **(period if kind == Sheet.Kind.HEARD else {}))
        found = [topic for group in candidates(sheet, manager) for topic in group.topics[:5]]
        add_topics(sheet=sheet, topics=found, by=manager)
        # What looks personal would have to be looked at by somebody: it is no sample for a window.
        personal = [pk for pk, words in hints(sheet.entries.all()).items() if words]
        sheet.entries.filter(pk__in=personal).delete()
        release_sheet(sheet=sheet, version=sheet.version + 1, hints={}, numbers=numbers(sheet), by=manager)
        sheet.refresh_from_db()
        for format in FORMATS:
            yield f"{name}-{format}", sheet_pdf(sheet=sheet, format=format, today=today)
    yield "gehoert-getan-leer", sheet_pdf(sheet=_empty_sheet(busy, manager, period), format="a4", today=today)


def _empty_sheet(like: District, manager: User, period: dict) -> Sheet:
    name = "Siedlung am ehemaligen Güterbahnhof Aachen-Nordwest (Ostteil)"
    district = District.objects.create(name=name, short_name="Nordwest", slug="probe-nordwest", borough=like.borough)
    return start_sheet(by=manager, kind=Sheet.Kind.HEARD, district=district, title="Gehört – getan", **period)


SAMPLES: list[Sample] = [
    *(routing_sheets, concern_files, sheets, letter_samples, receipt_samples, mirrors, evaluation_samples),
    actor_lists,
    hours_notices,
    offer_papers,
    post_papers,
    dossier_samples,
    profile_samples,
    room_plans,
    slips,
    body_papers,
    theme_report_samples,
    project_papers,
    plan_papers,
    pr_papers,
    fund_papers,
]
