"""Departments with contacts and successors (K19), for Sozialplanung and administration."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from districts.access import requires
from districts.actions import departments as actions
from districts.filters import DepartmentFilter
from districts.forms.places import ContactFormSet, DepartmentForm, SuccessorForm
from districts.models import Department
from districts.roles import Perm
from districts.views.saving import save_form
from quartier.web.notices import notify
from quartier.web.pages import form_status, redirect_to, render_page
from quartier.web.paging import keyset_page


@requires(Perm.EDIT_MASTER_DATA)
def departments(request: HttpRequest) -> HttpResponse:
    """All departments, renamed and merged ones included."""
    filters = DepartmentFilter(request.GET, queryset=Department.objects.select_related("successor"), request=request)
    page = keyset_page(filters.qs, request.GET, key="sort_key", descending=False)
    context = {"title": "Fachbereiche", "page": page, "filter": filters, "today": timezone.localdate()}
    return render_page(request, "districts/departments/list.html", context, fragments={"list": "list"})


@requires(Perm.EDIT_MASTER_DATA)
def department_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Enter or change a department with its contacts."""
    found = get_object_or_404(Department.objects.select_related("successor"), pk=pk) if pk is not None else None
    form = DepartmentForm(request.POST or None, instance=found)
    contacts = ContactFormSet(request.POST or None, instance=found or Department(), prefix="contacts")
    if request.method == "POST" and form.is_valid() and contacts.is_valid():
        kept = contacts.save(commit=False)
        actions.save_department(
            department=found, contacts=kept, removed=contacts.deleted_objects, by=request.user, **form.cleaned_data
        )
        notify(request, "Gespeichert.")
        return redirect_to(request, "districts:departments")
    context = {
        "title": str(found) if found else "Fachbereich anlegen",
        "department": found,
        "form": form,
        "contacts": contacts,
    }
    return render_page(request, "districts/departments/form.html", context, status=form_status(form, contacts))


@requires(Perm.EDIT_MASTER_DATA)
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Renamed or merged: who continues the work, from when."""
    found = get_object_or_404(Department, pk=pk)
    return save_form(
        request,
        SuccessorForm(request.POST or None, department=found),
        save=partial(actions.follow, department=found),
        template="districts/departments/follow.html",
        context={"title": "Umbenannt oder aufgegangen", "department": found},
        message="Nachfolge eingetragen. Offene Vorgänge bleiben für die neue Stelle erreichbar.",
        to=reverse("districts:department", args=[pk]),
    )


@requires(Perm.EDIT_MASTER_DATA)
@require_POST
def undo_follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a succession back."""
    actions.undo_follow(department=get_object_or_404(Department, pk=pk), by=request.user)
    notify(request, "Die Nachfolge ist aufgehoben.")
    return redirect_to(request, "districts:department", pk)
