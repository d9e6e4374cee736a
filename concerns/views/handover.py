"""Handing over before somebody leaves (I9), for Sozialplanung and administration."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from concerns.actions import handover as actions
from concerns.actions.base import LoopError
from concerns.forms.handover import LastDayForm, handover_forms
from districts.access import requires
from districts.models import Membership, User
from districts.roles import Perm
from quartier.web.notices import notify
from quartier.web.pages import form_status, redirect_to, render_page


@requires(Perm.MANAGE_USERS)
def handover(request: HttpRequest, pk: int) -> HttpResponse:
    """What depends on a person, and who takes it over."""
    person = get_object_or_404(User, pk=pk)
    forms = handover_forms(person, request.POST or None)
    for form in (form for form in forms if form.is_bound and form.is_valid()):
        items = {form.items_name: form.chosen()}
        try:
            count = form.action(person=person, to=form.cleaned_data["to"], by=request.user, **items)
        except LoopError as error:
            form.add_error("to", str(error))
        else:
            notify(request, f"{count} an {form.cleaned_data['to']} übergeben.")
            return redirect_to(request, "concerns:handover", pk)
    context = {
        "title": "Übergeben und Zugang schließen",
        "person": person,
        "forms": forms,
        "duties": actions.duties_of(person, on=timezone.localdate()),
    }
    return render_page(request, "concerns/handover/handover.html", context, status=form_status(*forms))


@requires(Perm.MANAGE_USERS)
@require_POST
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Close somebody's access, unless something still depends on them."""
    person = get_object_or_404(User, pk=pk)
    try:
        actions.deactivate_person(person=person, by=request.user)
    except LoopError as error:
        notify(request, str(error), level="error")
        return redirect_to(request, "concerns:handover", pk)
    notify(request, f"Der Zugang von {person} ist geschlossen.", undo_url=reverse("districts:reactivate", args=[pk]))
    return redirect_to(request, "districts:person", pk)


@requires(Perm.MANAGE_USERS)
def membership_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the last day of a role; shows first what would be left behind."""
    membership = get_object_or_404(Membership.objects.select_related("user", "district", "department"), pk=pk)
    today = timezone.localdate()
    form = LastDayForm(request.POST or None, initial={"last_day": today})
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_membership(membership=membership, last_day=form.cleaned_data["last_day"], by=request.user)
        except LoopError as error:
            form.add_error("last_day", str(error))
        else:
            notify(request, "Das Ende der Rolle ist eingetragen.")
            return redirect_to(request, "districts:person", membership.user_id)
    context = {
        "title": "Rolle beenden",
        "membership": membership,
        "form": form,
        "duties": actions.duties_in_role(membership, on=today),
    }
    return render_page(request, "concerns/handover/membership_end.html", context, status=form_status(form))
