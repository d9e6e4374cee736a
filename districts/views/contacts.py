"""Contact persons (Z14) and the team's contact log with its follow-ups (Z16)."""

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from districts.access import requires
from districts.actions import contacts as actions
from districts.actions.base import Conflict
from districts.directory import tabs
from districts.forms.contacts import ContactPersonForm, EndContactForm, NoteForm
from districts.forms.versions import VersionedForm
from districts.models import Actor, ContactNote, ContactPerson, DirectorySettings
from districts.roles import Perm
from districts.views.actors import MAY_EDIT, actor_to_edit
from districts.views.saving import save_form
from quartier.web.notices import notify
from quartier.web.pages import redirect_to, render_page
from quartier.web.paging import capped_count, keyset_page

DUE = "faellig"
LONGEST = 100  # people of one page, those not spoken to for longest


@requires(*MAY_EDIT)
def contact_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a contact person of an actor."""
    return _save_person(request, actor_to_edit(request, pk), None)


@requires(*MAY_EDIT)
def contact_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a contact person."""
    person = _person_to_edit(request, pk)
    return _save_person(request, person.actor, person)


def _person_to_edit(request: HttpRequest, pk: int) -> ContactPerson:
    people = ContactPerson.objects.filter(actor__in=Actor.objects.editable_by(request.user)).select_related("actor")
    return get_object_or_404(people, pk=pk)


def _save_person(request: HttpRequest, actor: Actor, person: ContactPerson | None) -> HttpResponse:
    form = ContactPersonForm(
        request.POST or None, instance=person or ContactPerson(actor=actor), with_private=actor.may_log(request.user)
    )
    return save_form(
        request,
        form,
        save=partial(actions.save_contact, actor=actor, person=person),
        template="districts/contacts/person.html",
        context={
            "title": "Ansprechperson bearbeiten" if person else "Ansprechperson eintragen",
            "person": person,
            "back": actor.get_absolute_url(),
            "back_label": str(actor),
        },
        message="Gespeichert.",
        to=actor.get_absolute_url(),
        on_conflict=lambda: compared(form, ContactPerson.objects.filter(pk=form.instance.pk).first()),
    )


def compared(form: VersionedForm, now: ContactPerson | ContactNote | None) -> dict:
    """What somebody else has stored meanwhile beside what was typed; nothing when it was erased."""
    if now is None:
        return {}
    form.on_top_of(now)
    return {"differences": form.differences(now)}


@requires(*MAY_EDIT)
def contact_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody stops being the contact person; who follows?"""
    person = _person_to_edit(request, pk)
    return save_form(
        request,
        EndContactForm(request.POST or None, person=person),
        save=partial(actions.end_contact, person=person),
        template="districts/form.html",
        context={
            "title": "Nicht mehr Ansprechperson",
            "lead": f"{person} bleibt mit Namen und Funktion beim Akteur stehen. Private Angaben werden gelöscht.",
            "back": person.actor.get_absolute_url(),
            "back_label": str(person.actor),
        },
        message="Eingetragen. Private Angaben sind gelöscht.",
        to=person.actor.get_absolute_url(),
    )


@requires(*MAY_EDIT)
def contact_erase(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Remove a person for good because they ask for it."""
    person = _person_to_edit(request, pk)
    if request.method == "POST":
        actions.erase_contact(person=person, by=request.user)
        notify(request, "Die Daten der Person sind gelöscht.")
        return redirect_to(request, person.actor)
    context = {"title": "Daten einer Ansprechperson löschen", "person": person}
    return render_page(request, "districts/contacts/erase.html", context)


@requires(Perm.CONTACT_LOG)
def note_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Write an entry of the log."""
    actor = get_object_or_404(Actor.objects.logged_by(request.user).prefetch_related("districts"), pk=pk)
    return _save_note(request, actor, None, "Kontakt festhalten")


@requires(Perm.CONTACT_LOG)
def note_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct an entry of the log."""
    note = _note(request, pk)
    return _save_note(request, note.actor, note, "Kontakt bearbeiten")


def _note(request: HttpRequest, pk: int) -> ContactNote:
    return get_object_or_404(ContactNote.objects.visible_to(request.user).select_related("actor"), pk=pk)


def _save_note(request: HttpRequest, actor: Actor, note: ContactNote | None, title: str) -> HttpResponse:
    form = NoteForm(request.POST or None, instance=note or ContactNote(actor=actor), user=request.user, actor=actor)
    return save_form(
        request,
        form,
        save=partial(actions.save_note, actor=actor, note=note),
        template="districts/form.html",
        context={"title": title, "lead": str(actor), "back": actor.get_absolute_url(), "back_label": str(actor)},
        message="Gespeichert.",
        to=actor.get_absolute_url(),
        on_conflict=lambda: compared(
            form, ContactNote.objects.visible_to(request.user).filter(pk=form.instance.pk).first()
        ),
    )


@requires(Perm.CONTACT_LOG)
@require_POST
def note_settle(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What the follow-up was about is done."""
    note = _note(request, pk)
    try:
        actions.settle_follow_up(note=note, by=request.user)
    except Conflict as error:
        notify(request, str(error), level="error")
    else:
        notify(request, "Wiedervorlage erledigt.", undo_url=reverse("districts:note_unsettle", args=[pk]))
    return redirect_to(request, f"{reverse('districts:contact_log')}?zeigen={DUE}")


@requires(Perm.CONTACT_LOG)
@require_POST
def note_unsettle(request: HttpRequest, pk: int) -> HttpResponseBase:
    """It was not done after all."""
    actions.unsettle_follow_up(note=_note(request, pk), by=request.user)
    notify(request, "Die Wiedervorlage ist wieder offen.")
    return redirect_to(request, f"{reverse('districts:contact_log')}?zeigen={DUE}")


@requires(Perm.CONTACT_LOG)
@require_safe
def contact_log(request: HttpRequest) -> HttpResponse:
    """The team's log: everything, one actor's (`akteur`), or what is due (`zeigen=faellig`)."""
    notes = ContactNote.objects.visible_to(request.user)
    due = notes.follow_ups_due(timezone.localdate())
    only_due = request.GET.get("zeigen") == DUE
    asked = request.GET.get("akteur", "")
    actor = _asked(request, asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None
    shown = due if only_due else notes.filter(actor=actor) if actor else notes
    page = keyset_page(
        shown.select_related("actor", "person", "by", "keeper", "district"),
        request.GET,
        key="follow_up_on" if only_due else "on",
        descending=not only_due,
    )
    context = {
        "title": "Kontaktprotokoll",
        "tabs": tabs(request.user, "contact_log"),
        "page": page,
        "actor": actor,
        "only_due": only_due,
        "due_count": capped_count(due),
    }
    return render_page(request, "districts/contacts/log.html", context)


def _asked(request: HttpRequest, asked: str) -> Actor | None:
    return Actor.objects.visible_to(request.user).filter(pk=int(asked)).first()


@requires(Perm.CONTACT_LOG)
@require_safe
def silence(request: HttpRequest) -> HttpResponse:
    """Key persons and multipliers the team has not spoken to for long."""
    today, months = timezone.localdate(), DirectorySettings.load().silence_months
    notes = ContactNote.objects.visible_to(request.user)
    people = ContactPerson.objects.filter(actor__in=Actor.objects.logged_by(request.user).active())
    found = list(people.silent(today=today, months=months, notes=notes)[: LONGEST + 1])
    context = {
        "title": "Lange nicht gesprochen",
        "tabs": tabs(request.user, "silence"),
        "people": found[:LONGEST],
        "more": len(found) > LONGEST,
        "months": months,
    }
    return render_page(request, "districts/contacts/silence.html", context)
