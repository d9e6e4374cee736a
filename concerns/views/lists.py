"""The list of concerns: page, CSV file, bulk actions."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from concerns.actions import desk
from concerns.actions.base import LoopError
from concerns.export import csv_lines
from concerns.forms.lists import BulkForm, SavedViewForm
from concerns.listing import ORDERS, Listing
from districts.access import requires
from districts.roles import Perm
from quartier.web.notices import notify
from quartier.web.pages import form_status, redirect_to, render_page

TEMPLATE = "concerns/list.html"


def list_url(query: str = "") -> str:
    """Address of the list with a filter."""
    return f"{reverse('concerns:list')}{f'?{query}' if query else ''}"


@requires(Perm.READ_CONCERNS, Perm.LOG_CONCERN)
def concern_list(request: HttpRequest) -> HttpResponseBase:
    """The concerns that fit the filter; a full number alone leads straight to its concern."""
    listing = Listing(request.GET, request.user)
    if not request.htmx and (number := listing.exact_number()):
        return redirect_to(request, "concerns:detail", number)
    return _show(request, listing, status=form_status(listing.filter.form))


def _show(request: HttpRequest, listing: Listing, *, bulk: BulkForm | None = None, status: int = 200) -> HttpResponse:
    may_triage = request.user.rights.can(Perm.TRIAGE)
    context = {
        "title": "Anliegen",
        "listing": listing,
        "filter": listing.filter,
        "rows": listing.rows(chosen=bulk.cleaned_data.get("c", ()) if bulk else ()),
        "orders": ORDERS,
        "bulk": bulk or (BulkForm(user=request.user) if may_triage else None),
        "view_form": SavedViewForm(user=request.user, initial={"query": listing.query}),
        "list_url": list_url(),
        "view_new_url": reverse("concerns:view_new"),
        "perms_capture": request.user.rights.can(Perm.LOG_CONCERN),
    }
    response = render_page(request, TEMPLATE, context, fragments={"list": "list"}, status=status)
    if request.htmx and request.method == "GET":
        response.headers["HX-Push-Url"] = list_url(listing.query)
    return response


@requires(Perm.READ_CONCERNS, Perm.LOG_CONCERN)
def export(request: HttpRequest) -> HttpResponseBase:
    """The filtered list as a CSV file; a filter that cannot be read leads back to the list, which says why."""
    listing = Listing(request.GET, request.user)
    if not listing.filter.form.is_valid():
        return redirect_to(request, list_url(request.GET.urlencode()))
    lines = csv_lines(listing.filter.qs, listing.order)
    name = f"anliegen-{timezone.localdate():%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        lines,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@requires(Perm.TRIAGE)
@require_POST
def bulk(request: HttpRequest) -> HttpResponseBase:
    """Assign the chosen concerns or set their follow-up date, and say what happened to how many."""
    listing = Listing(QueryDict(request.POST.get("query", "")), request.user)
    form = BulkForm(request.POST, user=request.user)
    if not form.is_valid():
        return _show(request, listing, bulk=form, status=422)
    values = form.cleaned_data
    try:
        if values["do"] == BulkForm.ASSIGN:
            result = desk.assign_all(pks=values["c"], owner=values["owner"], by=request.user)
            done = f"an {values['owner']} übertragen"
        else:
            result = desk.follow_up_all(pks=values["c"], on=values["on"], by=request.user)
            done = f"mit Wiedervorlage am {values['on']:%d.%m.%Y} versehen"
    except LoopError as error:
        form.add_error(None, str(error))
        return _show(request, listing, bulk=form, status=422)
    _report(request, result, done, undo_url=reverse("concerns:bulk_undo", args=[result.batch]))
    return redirect_to(request, list_url(listing.query))


@requires(Perm.TRIAGE)
@require_POST
def bulk_undo(request: HttpRequest, batch) -> HttpResponseBase:
    """Take a bulk action back."""
    result = desk.undo_all(batch=str(batch), by=request.user)
    _report(request, result, "zurückgesetzt")
    return redirect_to(request, "concerns:list")


def _report(request: HttpRequest, result: desk.BulkResult, done: str, undo_url: str = "") -> None:
    """One message: how many were changed, how many not and why."""
    sentence = f"{result.changed} Anliegen {done}." if result.changed else "Es wurde nichts geändert."
    reasons = "; ".join(f"{count} {reason}" for reason, count in result.refused.items())
    if reasons:
        sentence += f" Unverändert: {reasons}."
    level = "success" if not reasons else "warning" if result.changed else "error"
    notify(request, sentence, level=level, undo_url=undo_url if result.changed else "")
