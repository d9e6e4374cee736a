"""One assignment: its page, and the steps that change it (Z06, Z08–Z10).

What may end somebody's work in a district is in `concerns.views.posts`.
"""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from districts.access import requires
from districts.actions import assignments as actions
from districts.assignment_page import page_of
from districts.forms.assignments import (
    CarrierForm,
    DecisionForm,
    ModelForm,
    NewAssignmentForm,
    TermForm,
)
from districts.models import Assignment, AssignmentCarrier
from districts.organising import DESCRIPTIONS
from districts.roles import Perm
from districts.views.contacts import compared
from districts.views.saving import save_form
from quartier.web.pages import render_page


def assignment_to_edit(request: HttpRequest, pk: int) -> Assignment:
    """An assignment this person may change, or 404."""
    return get_object_or_404(Assignment.objects.editable_by(request.user), pk=pk)


def about(assignment: Assignment, title: str, /, **more) -> dict:
    """What every form about an assignment says above itself."""
    back = {"back": assignment.get_absolute_url(), "back_label": str(assignment)}
    return {"title": title, "lead": str(assignment), **back, **more}


@requires(Perm.READ_POSTS)
@require_safe
def assignment(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one assignment."""
    found = get_object_or_404(Assignment.objects.visible_to(request.user), pk=pk)
    context = {"title": str(found), **page_of(found.pk, request.user, today=timezone.localdate())}
    return render_page(request, "districts/assignments/detail.html", context)


@requires(Perm.EDIT_POSTS)
def assignment_new(request: HttpRequest) -> HttpResponse:
    """Enter an assignment."""
    return save_form(
        request,
        NewAssignmentForm(request.POST or None, user=request.user),
        save=actions.enter_assignment,
        template="districts/assignments/form.html",
        context={"title": "Einsatz anlegen", "back": reverse("districts:posts"), "back_label": "Stellen"},
        message="Angelegt. Jetzt fehlen noch die Stellen.",
        to=Assignment.get_absolute_url,
    )


@requires(Perm.EDIT_POSTS)
def term_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the end, or note that more time was applied for."""
    found = assignment_to_edit(request, pk)
    return save_form(
        request,
        TermForm(request.POST or None),
        save=partial(actions.change_term, assignment=found),
        template="districts/assignments/term.html",
        context=about(found, "Laufzeit ändern", assignment=found, terms=found.terms.select_related("by")),
        message="Die Laufzeit ist eingetragen.",
        to=found.get_absolute_url(),
    )


@requires(Perm.EDIT_POSTS)
def decision_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what becomes of the assignment at its end."""
    found = assignment_to_edit(request, pk)
    return save_form(
        request,
        DecisionForm(request.POST or None),
        save=partial(actions.decide, assignment=found),
        template="districts/form.html",
        context=about(found, "Entscheidung festhalten"),
        message="Die Entscheidung ist festgehalten.",
        to=found.get_absolute_url(),
    )


@requires(Perm.EDIT_POSTS)
def assignment_model(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how the assignment is organised."""
    found = assignment_to_edit(request, pk)
    context = about(found, "Organisationsmodell", models=DESCRIPTIONS.items())
    form = ModelForm(request.POST or None, instance=found)
    return save_form(
        request,
        form,
        save=partial(actions.set_model, assignment=found),
        template="districts/assignments/model.html",
        context=context,
        message="Gespeichert.",
        to=found.get_absolute_url(),
        on_conflict=lambda: compared(form, Assignment.objects.filter(pk=pk).first()),
    )


@requires(Perm.EDIT_POSTS)
def carrier_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an actor carry the assignment for a time, alone or with others."""
    return _save_carrier(request, AssignmentCarrier(assignment=assignment_to_edit(request, pk)), "Träger eintragen")


@requires(Perm.EDIT_POSTS)
def carrier_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a carrier's role or time."""
    rows = AssignmentCarrier.objects.editable_by(request.user).select_related("assignment", "actor")
    return _save_carrier(request, get_object_or_404(rows, pk=pk), "Träger ändern")


def _save_carrier(request: HttpRequest, carrier: AssignmentCarrier, title: str) -> HttpResponse:
    held, stored = carrier.assignment, carrier if carrier.pk else None
    form = CarrierForm(request.POST or None, instance=carrier)
    return save_form(
        request,
        form,
        save=partial(actions.save_carrier, assignment=held, carrier=stored),
        template="districts/form.html",
        context=about(held, title),
        message="Gespeichert.",
        to=held.get_absolute_url(),
        on_conflict=lambda: compared(form, AssignmentCarrier.objects.filter(pk=carrier.pk).first()),
    )
