"""Offices and districts, for Sozialplanung and administration."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from districts.access import requires
from districts.actions import places as actions
from districts.forms.places import DistrictForm, LivingSpaceForm, OfficeForm
from districts.models import District, LivingSpace, Office
from districts.roles import Perm
from districts.views.saving import save_form
from quartier.web.pages import render_page


@requires(Perm.EDIT_MASTER_DATA)
def districts(request: HttpRequest) -> HttpResponse:
    """All districts, those of the past included."""
    rows = District.objects.select_related("borough").defer("boundary", "borough__boundary").prefetch_related("offices")
    context = {"title": "Quartiere", "rows": rows, "today": timezone.localdate()}
    return render_page(request, "districts/places/districts.html", context)


@requires(Perm.EDIT_MASTER_DATA)
def district_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Enter or change a district."""
    found = get_object_or_404(District, pk=pk) if pk is not None else None
    return save_form(
        request,
        DistrictForm(request.POST or None, instance=found),
        save=partial(actions.save_district, district=found),
        template="districts/form.html",
        context={
            "title": "Quartier bearbeiten" if found else "Quartier anlegen",
            "back": reverse("districts:districts"),
            "back_label": "Quartiere",
        },
        message="Gespeichert.",
        to=reverse("districts:districts"),
    )


@requires(Perm.EDIT_MASTER_DATA)
def living_spaces(request: HttpRequest) -> HttpResponse:
    """All living spaces, those of the past included."""
    rows = LivingSpace.objects.select_related("district").defer("district__boundary")
    context = {"title": "Lebensräume", "rows": rows, "today": timezone.localdate()}
    return render_page(request, "districts/places/living_spaces.html", context)


@requires(Perm.EDIT_MASTER_DATA)
def living_space_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Enter or change a living space."""
    found = get_object_or_404(LivingSpace, pk=pk) if pk is not None else None
    return save_form(
        request,
        LivingSpaceForm(request.POST or None, instance=found),
        save=partial(actions.save_living_space, space=found),
        template="districts/form.html",
        context={
            "title": "Lebensraum bearbeiten" if found else "Lebensraum anlegen",
            "back": reverse("districts:living_spaces"),
            "back_label": "Lebensräume",
        },
        message="Gespeichert.",
        to=reverse("districts:living_spaces"),
    )


@requires(Perm.EDIT_MASTER_DATA)
def offices(request: HttpRequest) -> HttpResponse:
    """All offices."""
    rows = Office.objects.prefetch_related("districts")
    return render_page(request, "districts/places/offices.html", {"title": "Stadtteilbüros", "rows": rows})


@requires(Perm.EDIT_MASTER_DATA)
def office_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Enter or change an office."""
    found = get_object_or_404(Office, pk=pk) if pk is not None else None
    return save_form(
        request,
        OfficeForm(request.POST or None, request.FILES or None, instance=found),
        save=partial(actions.save_office, office=found),
        template="districts/offices/form.html",
        context={
            "title": "Stadtteilbüro bearbeiten" if found else "Stadtteilbüro anlegen",
            "office": found,
            "back": reverse("districts:offices"),
            "back_label": "Stadtteilbüros",
        },
        message="Gespeichert.",
        to=reverse("districts:offices"),
    )
