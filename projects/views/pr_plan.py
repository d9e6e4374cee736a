"""The editorial calendar: a month as a table and as a list, and calendars for programs (Z41)."""

from hashlib import sha256

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, quote_etag
from django.views.decorators.http import require_safe

from districts.access import requires
from districts.models import District
from districts.roles import Perm
from projects.calendar import plan_calendar, published_calendar
from projects.month import asked_month, days_of, month_of
from projects.pr_filters import PlanFilter
from projects.pr_plan import background, entries
from projects.views.pr_items import MAY_SEE
from quartier.text import code_of
from quartier.web.pages import form_status, render_page


@requires(*MAY_SEE)
@require_safe
def pr_plan(request: HttpRequest) -> HttpResponse:
    """A month: what appears and runs out, with events and projects behind it."""
    today, user = timezone.localdate(), request.user
    filters = PlanFilter(request.GET, user=user)
    first = asked_month(request.GET, today)
    span = days_of(first)
    own = entries(filters.qs, *span)
    asked = filters.form.cleaned_data.get("district", "") if filters.form.is_valid() else ""
    behind = background(user, int(asked) if asked.isdigit() else None, *span)
    query = request.GET.copy()
    query.pop("monat", None)
    context = {
        "title": "Redaktionsplan",
        "filter": filters,
        "month": month_of(first, [*own, *behind], today=today),
        "month_code": f"{first:%Y-%m}",
        "entries": [one for one in own if one.on.month == first.month],
        "behind": [one for one in behind if one.on.month == first.month],
        "query": query.urlencode(),
        "may_draft": user.rights.can(Perm.DRAFT_PR),
        "today": today,
    }
    return render_page(request, "projects/pr/plan.html", context, status=form_status(filters.form))


def _calendar(request: HttpRequest, content: bytes, name: str, *, cache: str) -> HttpResponseBase:
    etag = quote_etag(sha256(content).hexdigest())
    answer = HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={
            "Content-Disposition": content_disposition_header(False, name),
            "Cache-Control": cache,
            "ETag": etag,
        },
    )
    return get_conditional_response(request, etag=etag, response=answer)


@requires(*MAY_SEE)
@require_safe
def pr_plan_calendar(request: HttpRequest) -> HttpResponseBase:
    """The plan as a calendar file for whoever is signed in, as the page is filtered; names nobody."""
    filters = PlanFilter(request.GET, user=request.user)
    content = plan_calendar(filters.qs, today=timezone.localdate())
    return _calendar(request, content, "redaktionsplan.ics", cache="private, no-store")


@require_safe
def pr_published_calendar(request: HttpRequest, slug: str) -> HttpResponseBase:
    """What has appeared in a quarter as a calendar that everybody may subscribe to."""
    today = timezone.localdate()
    district = get_object_or_404(District.objects.valid_on(today).defer("boundary"), slug=slug)
    name = f"veroeffentlicht-{code_of(district.name, 'quartier')}.ics"
    return _calendar(request, published_calendar(district, today=today), name, cache="public, max-age=3600")
