"""Indicators and their values (D01): everybody who reads evaluations sees them, the Sozialplanung keeps them."""

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from districts.access import requires
from districts.roles import Perm
from districts.views.saving import save_form
from quartier.web.notices import notify
from quartier.web.pages import form_status, redirect_to, render_page
from reports.actions import indicators as actions
from reports.forms.indicators import DistrictForm, IndicatorForm, ValueForm
from reports.indicator_export import csv_lines
from reports.indicators import deviation_words, line_up_with_city, overview, through_the_years
from reports.models import Indicator, IndicatorValue
from reports.models.indicators import FIRST_YEAR


@requires(Perm.READ_EVALUATION)
@require_safe
def indicators(request: HttpRequest) -> HttpResponse:
    """The catalogue with the newest values: an overview, or those of one district beside the city's."""
    Indicator.load_inhabitants()
    form, today = DistrictForm(request.GET), timezone.localdate()
    district = form.cleaned_data["quartier"] if form.is_valid() else None
    found = list(IndicatorValue.objects.for_district(district, today.year)) if district else []
    line_up_with_city(found)
    context = {
        "title": "Indikatoren",
        "form": form,
        "district": district,
        "rows": overview(today.year) if district is None else [],
        "values": [{"value": value, "deviation": deviation_words(value)} for value in found],
        "may_edit": request.user.rights.can(Perm.EVALUATE),
    }
    fragments = {"list": "list"}
    return render_page(request, "reports/indicators/list.html", context, fragments=fragments, status=form_status(form))


@requires(Perm.READ_EVALUATION)
@require_safe
def indicator(request: HttpRequest, pk: int) -> HttpResponse:
    """One indicator: what it means, and its values by place and year."""
    found = get_object_or_404(Indicator.objects.select_related("theme"), pk=pk)
    until = request.GET.get("bis", "")
    until = int(until) if until.isascii() and until.isdigit() and len(until) == 4 else timezone.localdate().year
    context = {
        "title": found.name,
        "indicator": found,
        "table": through_the_years(found, max(until, FIRST_YEAR)),
        "may_edit": request.user.rights.can(Perm.EVALUATE),
    }
    return render_page(request, "reports/indicators/detail.html", context)


@requires(Perm.EVALUATE)
def indicator_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Enter or change an indicator."""
    found = get_object_or_404(Indicator, pk=pk) if pk is not None else None
    return save_form(
        request,
        IndicatorForm(request.POST or None, instance=found),
        save=partial(actions.save_indicator, indicator=found),
        template="districts/form.html",
        context={
            "title": "Indikator bearbeiten" if found else "Indikator anlegen",
            "back": found.get_absolute_url() if found else reverse("reports:indicators"),
            "back_label": found.name if found else "Indikatoren",
        },
        message="Gespeichert.",
        to=lambda saved: saved.get_absolute_url(),
    )


@requires(Perm.EVALUATE)
def value_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter one value."""
    found = get_object_or_404(Indicator, pk=pk)
    return save_form(
        request,
        ValueForm(request.POST or None, indicator=found),
        save=partial(actions.save_value, indicator=found),
        template="reports/indicators/value.html",
        context={
            "title": "Wert eintragen",
            "indicator": found,
            "back": found.get_absolute_url(),
            "back_label": found.name,
        },
        message="Wert gespeichert.",
        to=found.get_absolute_url(),
    )


@requires(Perm.EVALUATE)
def value_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one value."""
    value = get_object_or_404(IndicatorValue.objects.with_city(), pk=pk)
    found = value.indicator
    return save_form(
        request,
        ValueForm(request.POST or None, indicator=found, value=value),
        save=partial(actions.save_value, indicator=found, value=value),
        template="reports/indicators/value.html",
        context={
            "title": "Wert ändern",
            "indicator": found,
            "value": value,
            "back": found.get_absolute_url(),
            "back_label": found.name,
        },
        message="Wert gespeichert.",
        to=found.get_absolute_url(),
    )


@requires(Perm.EVALUATE)
def value_delete(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Remove one value; the page names what goes."""
    value = get_object_or_404(IndicatorValue.objects.with_city(), pk=pk)
    back = value.indicator.get_absolute_url()
    if request.method == "POST":
        actions.delete_value(value=value, by=request.user)
        notify(request, "Wert gelöscht.")
        return redirect_to(request, back)
    context = {"title": "Wert löschen", "value": value, "back": back, "back_label": value.indicator.name}
    return render_page(request, "reports/indicators/delete.html", context)


@requires(Perm.READ_EVALUATION)
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """All values as CSV, or with `?indikator=` those of one indicator."""
    values = IndicatorValue.objects.order_by(
        "indicator__position", "indicator__sort_key", "-year", "level", "district__sort_key", "borough__sort_key"
    )
    pk = request.GET.get("indikator", "")
    if pk.isascii() and pk.isdigit() and len(pk) < 10:
        values = values.filter(indicator_id=int(pk))
    response = StreamingHttpResponse(csv_lines(values), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="indikatoren-{timezone.localdate():%Y-%m-%d}.csv"'
    return response
