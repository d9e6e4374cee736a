"""Offices for everybody, without a login: page, pictures, calendar. Nothing personal but what people have released."""

from hashlib import sha256

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, quote_etag
from django.views.decorators.http import require_safe

from districts.calendar import calendar_of
from districts.hours_words import now_of
from districts.models import District, Office, OfficeQuality, ShareMember, User
from districts.views.offices import office_context
from quartier.text import code_of
from quartier.web.pages import render_page
from quartier.web.pictures import picture_response
from quartier.web.public import for_everybody

Item = OfficeQuality.Item


@require_safe
@for_everybody
def offices_public(request: HttpRequest) -> HttpResponse:
    """Every office with what holds now, for whom and where."""
    now = timezone.localtime()
    districts = Prefetch("districts", District.objects.defer("boundary"))
    rows = [
        {"office": office, "now": now_of(office.hours, now.replace(tzinfo=None))}
        for office in Office.objects.existing_on(now.date()).with_hours().prefetch_related(districts)
    ]
    return render_page(request, "districts/offices/public_list.html", {"title": "Stadtteilbüros", "rows": rows})


@require_safe
@for_everybody
def office_public(request: HttpRequest, pk: int) -> HttpResponse:
    """What somebody on the street wants to know about an office."""
    office = get_object_or_404(Office.objects.with_hours(), pk=pk)
    sharers = ShareMember.objects.of_office(office, on=timezone.localdate()).select_related("actor")
    context = {
        "title": office.name,
        **office_context(request, office),
        "staff": User.objects.staff_of_office(office).filter(is_shown=True),
        "districts": office.districts.valid_on(timezone.localdate()).defer("boundary"),
        "sharers": sharers.filter(actor__is_public=True),
        "is_barrier_free": office.qualities.filter(item=Item.BARRIER_FREE, state=OfficeQuality.State.YES).exists(),
    }
    return render_page(request, "districts/offices/public.html", context, fragments={"week": "week"})


@require_safe
def office_photo(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The photo of an office, or with `?klein` its preview."""
    office = get_object_or_404(Office, pk=pk)
    return picture_response(office.photo_preview if "klein" in request.GET else office.photo, f"buero-{pk}.jpg")


@require_safe
def portrait(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Somebody's portrait: for people with a login, and for everybody when the person wants it."""
    people = User.objects.active().exclude(office=None)
    if not request.user.is_authenticated:
        people = people.filter(is_shown=True)
    return picture_response(get_object_or_404(people, pk=pk).portrait, f"person-{pk}.jpg")


@require_safe
def office_calendar(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The hours as a calendar that programs subscribe to; sent again only when it has changed."""
    office = get_object_or_404(Office.objects.with_hours(), pk=pk)
    content = calendar_of(office, today=timezone.localdate())
    etag = quote_etag(sha256(content).hexdigest())
    answer = HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={
            "Content-Disposition": content_disposition_header(False, f"{code_of(office.name, 'buero')}.ics"),
            "Cache-Control": "public, max-age=3600",
            "ETag": etag,
        },
    )
    return get_conditional_response(request, etag=etag, response=answer)
