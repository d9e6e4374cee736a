"""Pages of carrier staff: where they start, their own entry in the directory and its contact persons (Z04, Z13)."""

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from districts.access import requires
from districts.actions import actors as actions
from districts.actions import contacts as contact_actions
from districts.actions.base import Conflict
from districts.directory import own_page_of
from districts.forms.actors import OwnActorForm
from districts.forms.contacts import EndContactForm, OwnContactForm
from districts.inventory import own_offers
from districts.models import Actor, Booking, ContactPerson, OfficeShare
from districts.roles import Perm
from districts.views.contacts import compared
from districts.views.saving import save_form
from quartier.web.notices import notify
from quartier.web.pages import redirect_to, render_page

COMING = 10  # bookings


@requires(Perm.OWN_ACTOR)
@require_safe
def carrier(request: HttpRequest) -> HttpResponse:
    """Where the day of carrier staff starts."""
    now, own = timezone.now(), request.user.rights.actor_ids
    coming = Booking.objects.standing().filter(actor__in=own, ends__gt=now).select_related("room__office", "actor")
    context = {
        "title": "Überblick",
        "offers": own_offers(request.user, today=timezone.localdate()),
        "actors": Actor.objects.own_of(request.user).select_related("type"),
        "shares": OfficeShare.objects.visible_to(request.user).select_related("district", "office"),
        "projects": _joint_projects(own),
        "bookings": coming.order_by("starts")[:COMING],
    }
    return render_page(request, "districts/carriers/start.html", context)


def _joint_projects(actor_ids) -> list:
    """Projects that one of these actors leads or takes part in, the newest first; without dropped ones."""
    led = [one.led_projects.all() for one in Actor.objects.filter(pk__in=actor_ids).prefetch_related("led_projects")]
    joined = Actor.objects.filter(pk__in=actor_ids).prefetch_related("partnerships__project")
    found = {one.pk: one for rows in led for one in rows}
    found |= {one.project.pk: one.project for actor in joined for one in actor.partnerships.all()}
    return sorted((one for one in found.values() if one.status != "dropped"), key=lambda one: -one.pk)[:COMING]


def _own(request: HttpRequest, pk: int) -> Actor:
    return get_object_or_404(Actor.objects.own_of(request.user), pk=pk)


@requires(Perm.OWN_ACTOR)
@require_safe
def own_actor(request: HttpRequest, pk: int) -> HttpResponse:
    """The own entry as it stands in the directory."""
    found = _own(request, pk)
    context = {"title": found.name, **own_page_of(found.pk, today=timezone.localdate())}
    return render_page(request, "districts/carriers/actor.html", context)


@requires(Perm.OWN_ACTOR)
def own_actor_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the own entry; whoever was slower compares first."""
    found = _own(request, pk)
    form = OwnActorForm(request.POST or None, instance=found, user=request.user)
    return save_form(
        request,
        form,
        save=partial(actions.save_own_actor, actor=found),
        template="districts/carriers/form.html",
        context={"title": "Eintrag bearbeiten", "back": found.get_own_url(), "back_label": str(found)},
        message="Gespeichert.",
        to=Actor.get_own_url,
        on_conflict=lambda: compared(form, Actor.objects.filter(pk=pk).first()),
    )


@requires(Perm.OWN_ACTOR)
@require_POST
def own_actor_verify(request: HttpRequest, pk: int) -> HttpResponseBase:
    """„Angaben stimmen noch“, said by those who know best."""
    found = _own(request, pk)
    try:
        actions.verify_actor(actor=found, by=request.user)
    except Conflict as error:
        notify(request, str(error), level="error")
    else:
        notify(request, "Danke. Die Angaben gelten als heute geprüft.")
    return redirect_to(request, found.get_own_url())


@requires(Perm.OWN_ACTOR)
def own_contact_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a contact person of the own actor."""
    return _save_contact(request, _own(request, pk), None)


@requires(Perm.OWN_ACTOR)
def own_contact_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a contact person of the own actor."""
    person = _own_contact(request, pk)
    return _save_contact(request, person.actor, person)


def _own_contact(request: HttpRequest, pk: int) -> ContactPerson:
    people = ContactPerson.objects.filter(actor__in=Actor.objects.own_of(request.user)).select_related("actor")
    return get_object_or_404(people, pk=pk)


def _save_contact(request: HttpRequest, actor: Actor, person: ContactPerson | None) -> HttpResponse:
    form = OwnContactForm(request.POST or None, instance=person or ContactPerson(actor=actor))
    return save_form(
        request,
        form,
        save=partial(contact_actions.save_contact, actor=actor, person=person),
        template="districts/carriers/form.html",
        context={
            "title": "Ansprechperson bearbeiten" if person else "Ansprechperson eintragen",
            "back": actor.get_own_url(),
            "back_label": str(actor),
        },
        message="Gespeichert.",
        to=actor.get_own_url(),
        on_conflict=lambda: compared(form, ContactPerson.objects.filter(pk=form.instance.pk).first()),
    )


@requires(Perm.OWN_ACTOR)
def own_contact_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody stops being the contact person; who follows?"""
    person = _own_contact(request, pk)
    return save_form(
        request,
        EndContactForm(request.POST or None, person=person),
        save=partial(contact_actions.end_contact, person=person),
        template="districts/form.html",
        context={
            "title": "Nicht mehr Ansprechperson",
            "lead": f"{person} bleibt mit Namen und Funktion stehen.",
            "back": person.actor.get_own_url(),
            "back_label": str(person.actor),
        },
        message="Eingetragen.",
        to=person.actor.get_own_url(),
    )
