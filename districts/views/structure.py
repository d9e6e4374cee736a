"""How districts are classified, and who steers in them (Z01, Z12)."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from districts.access import requires
from districts.actions import structure as actions
from districts.forms.structure import ClassificationForm, StructureForm
from districts.models import District, DistrictClassification, DistrictStructure
from districts.posts import tabs
from districts.roles import Perm
from districts.structure import structures
from districts.views.contacts import compared
from districts.views.saving import save_form
from quartier.web.pages import render_page


@requires(Perm.READ_POSTS)
@require_safe
def classifications(request: HttpRequest) -> HttpResponse:
    """How the Sozialentwicklungsplan classifies districts, today and before."""
    context = {
        "title": "Einstufungen",
        "tabs": tabs(request.user, "classifications"),
        "rows": DistrictClassification.objects.visible_to(request.user).select_related("district"),
        "today": timezone.localdate(),
        "may_edit": request.user.rights.can(Perm.EDIT_POSTS),
    }
    return render_page(request, "districts/structure/classifications.html", context)


@requires(Perm.EDIT_POSTS)
def classification_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Classify a district for a time, or change that."""
    rows = DistrictClassification.objects.editable_by(request.user)
    found = get_object_or_404(rows, pk=pk) if pk is not None else None
    form = ClassificationForm(request.POST or None, instance=found)
    back = reverse("districts:classifications")
    return save_form(
        request,
        form,
        save=partial(actions.save_classification, classification=found),
        template="districts/form.html",
        context={
            "title": "Einstufung ändern" if found else "Einstufung eintragen",
            "back": back,
            "back_label": "Einstufungen",
        },
        message="Gespeichert.",
        to=back,
        on_conflict=lambda: compared(form, DistrictClassification.objects.filter(pk=pk).first()),
    )


@requires(Perm.READ_POSTS)
@require_safe
def structures_page(request: HttpRequest) -> HttpResponse:
    """All districts with what is known about their steering."""
    today = timezone.localdate()
    context = {
        "title": "Steuerungsstruktur",
        "tabs": tabs(request.user, "structures"),
        "rows": structures(District.objects.valid_on(today), today),
    }
    return render_page(request, "districts/structure/list.html", context)


@requires(Perm.READ_POSTS)
@require_safe
def structure(request: HttpRequest, pk: int) -> HttpResponse:
    """The five building blocks of one district."""
    found = get_object_or_404(District.objects.defer("boundary"), pk=pk)
    (shown,) = structures(District.objects.filter(pk=found.pk), timezone.localdate())
    may_edit = request.user.rights.can(Perm.EDIT_POSTS)
    context = {"title": f"Struktur {found}", "structure": shown, "may_edit": may_edit}
    return render_page(request, "districts/structure/detail.html", context)


@requires(Perm.EDIT_POSTS)
def structure_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who coordinates a district and how it is steered."""
    district = get_object_or_404(District.objects.defer("boundary"), pk=pk)
    found = DistrictStructure.objects.filter(district=district).first()
    form = StructureForm(request.POST or None, instance=found or DistrictStructure(district=district))
    back = reverse("districts:structure", args=[pk])

    return save_form(
        request,
        form,
        save=partial(actions.save_structure, district=district),
        template="districts/form.html",
        context={"title": "Struktur bearbeiten", "lead": str(district), "back": back, "back_label": str(district)},
        message="Gespeichert.",
        to=back,
        on_conflict=lambda: compared(form, DistrictStructure.objects.filter(district=district).first()),
    )
