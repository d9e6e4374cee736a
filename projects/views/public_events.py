"""Events and projects of a quarter for everybody, without a login: what was released, nothing else (Z30, Z33)."""

from hashlib import sha256

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, quote_etag
from django.views.decorators.http import require_safe

from districts.models import Actor, District
from projects.calendar import events_calendar
from projects.models import Event, EventPhoto, Project
from projects.month import asked_month, days_of, month_of
from quartier.text import code_of
from quartier.web.pages import render_page
from quartier.web.paging import keyset_page

SIZE = 30  # so that a page stays small enough for a slow telephone
PAST_SHOWN = 6


def _district(slug: str) -> District:
    return get_object_or_404(District.objects.valid_on(timezone.localdate()).defer("boundary"), slug=slug)


@require_safe
def events_public(request: HttpRequest, slug: str) -> HttpResponse:
    """What takes place in a quarter, what was lately, and the projects people may know of."""
    today, district = timezone.localdate(), _district(slug)
    here = Event.objects.for_public().filter(district=district)
    rows = here.select_related("format", "office", "room", "project").prefetch_related(_named())
    page = keyset_page(
        _coming(rows, today), request.GET, key="on", descending=False, size=SIZE,
        noun=("Veranstaltung", "Veranstaltungen"),
    )  # fmt: skip
    past = here.filter(on__lt=today, status="held").select_related("format").prefetch_related(_pictures())
    projects = Project.objects.for_public()
    shown = projects.filter(projects.in_districts([district.pk])).under_way().order_by("sort_key", "pk")
    context = {
        "title": f"Was ist los im Quartier {district}?",
        "district": district,
        "page": page,
        "past": past.order_by("-on", "-pk")[:PAST_SHOWN],
        "projects": shown.defer("search_text")[:SIZE],
        "offices": district.offices.existing_on(today),
    }
    return render_page(request, "projects/events/public.html", context)


def _coming(rows, today):
    """Those still to come or running; a cancelled one stays with that word until its day has passed."""
    return rows.filter(on__gte=today) | rows.filter(until__gte=today)


def _named() -> Prefetch:
    return Prefetch("organisers", Actor.objects.filter(is_public=True), to_attr="named_organisers")


def _pictures() -> Prefetch:
    shown = EventPhoto.objects.exclude(consent=EventPhoto.Consent.INTERNAL)
    return Prefetch("photos", shown, to_attr="pictures")


@require_safe
def events_public_month(request: HttpRequest, slug: str) -> HttpResponse:
    """A month of a quarter's public events."""
    today, district = timezone.localdate(), _district(slug)
    first = asked_month(request.GET, today)
    rows = Event.objects.for_public().filter(district=district).on_days(*days_of(first))
    month = month_of(first, rows.for_month(), today=today)
    title = f"Was ist los im Quartier {district}?"
    context = {"title": title, "district": district, "month": month, "is_public": True}
    return render_page(request, "projects/events/public_month.html", context)


@require_safe
def events_public_calendar(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The events as a calendar that programs subscribe to; sent again only when it has changed."""
    district = _district(slug)
    content = events_calendar(district, today=timezone.localdate())
    etag = quote_etag(sha256(content).hexdigest())
    name = f"veranstaltungen-{code_of(district.name, 'quartier')}.ics"
    answer = HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={
            "Content-Disposition": content_disposition_header(False, name),
            "Cache-Control": "public, max-age=3600",
            "ETag": etag,
        },
    )
    return get_conditional_response(request, etag=etag, response=answer)
