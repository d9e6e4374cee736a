"""People, their roles and deputies, for Sozialplanung and administration."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from districts.access import requires
from districts.actions import people as actions
from districts.filters import PersonFilter
from districts.forms.people import DeputyshipForm, MembershipForm, PersonForm
from districts.models import Deputyship, User
from districts.roles import Perm
from districts.views.saving import save_form
from quartier.web.notices import notify
from quartier.web.pages import redirect_to, render_page
from quartier.web.paging import keyset_page

ENTERED = "Angelegt. Das Passwort legt die Person selbst fest: Anmeldeseite, „Passwort vergessen“."


def person_url(person: User) -> str:
    return reverse("districts:person", args=[person.pk])


@requires(Perm.MANAGE_USERS)
def people(request: HttpRequest) -> HttpResponse:
    """Everybody who has or had a login."""
    filters = PersonFilter(request.GET, queryset=User.objects.with_memberships(), request=request)
    page = keyset_page(filters.qs, request.GET, key="sort_key", descending=False)
    context = {"title": "Personen", "page": page, "filter": filters, "today": timezone.localdate()}
    return render_page(request, "districts/people/list.html", context, fragments={"list": "list"})


@requires(Perm.MANAGE_USERS)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person with roles and deputies."""
    found = get_object_or_404(User.objects.with_memberships(), pk=pk)
    context = {
        "title": found.name,
        "person": found,
        "today": timezone.localdate(),
        "deputyships": found.deputyships.select_related("deputy"),
        "stands_in": found.stands_in.select_related("person"),
        "is_self": found.pk == request.user.pk,
    }
    return render_page(request, "districts/people/detail.html", context)


@requires(Perm.MANAGE_USERS)
def person_new(request: HttpRequest) -> HttpResponse:
    """Enter a person."""
    return save_form(
        request,
        PersonForm(request.POST or None),
        save=actions.create_person,
        template="districts/form.html",
        context={"title": "Person anlegen", "back": reverse("districts:people"), "back_label": "Personen"},
        message=ENTERED,
        to=person_url,
    )


@requires(Perm.MANAGE_USERS)
def person_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a person's data."""
    found = get_object_or_404(User, pk=pk)
    return save_form(
        request,
        PersonForm(request.POST or None, instance=found),
        save=partial(actions.update_person, person=found),
        template="districts/form.html",
        context={"title": "Person bearbeiten", "back": person_url(found), "back_label": found.name},
        message="Gespeichert.",
        to=person_url,
    )


@requires(Perm.MANAGE_USERS)
def membership_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a person a role."""
    found = get_object_or_404(User, pk=pk)
    return save_form(
        request,
        MembershipForm(request.POST or None, initial={"valid_from": timezone.localdate()}),
        save=partial(actions.grant_role, person=found),
        template="districts/form.html",
        context={"title": "Rolle geben", "back": person_url(found), "back_label": found.name},
        message="Rolle eingetragen.",
        to=person_url(found),
    )


@requires(Perm.MANAGE_USERS)
def deputyship_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter who stands in for a person who cannot do it themselves."""
    found = get_object_or_404(User, pk=pk)
    return save_form(
        request,
        DeputyshipForm(request.POST or None, person=found),
        save=partial(actions.add_deputyship, person=found),
        template="districts/form.html",
        context={"title": "Vertretung eintragen", "back": person_url(found), "back_label": found.name},
        message="Vertretung eingetragen.",
        to=person_url(found),
    )


@requires(Perm.MANAGE_USERS)
@require_POST
def deputyship_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a stand-in at once."""
    deputyship = get_object_or_404(Deputyship.objects.select_related("person"), pk=pk)
    actions.end_deputyship(deputyship=deputyship, today=timezone.localdate(), by=request.user)
    notify(request, "Vertretung beendet.")
    return redirect_to(request, person_url(deputyship.person))


@requires(Perm.MANAGE_USERS)
@require_POST
def reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody sign in again."""
    found = actions.reactivate(person=get_object_or_404(User, pk=pk), by=request.user)
    notify(request, "Der Zugang ist wieder offen. Gültige Rollen gelten wieder.")
    return redirect_to(request, person_url(found))
