"""Keeping up the hours of an office: for the teams of its quarters, Sozialplanung and administration (Z03)."""

from collections.abc import Callable, Iterator
from functools import partial

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from districts.access import requires
from districts.actions import opening as actions
from districts.forms.opening import ClosureForm, EndForm, ExceptionForm, SlotForm
from districts.models import Office, OpeningException, OpeningSlot
from districts.occupancy import booking_beside
from districts.opening import clashes
from districts.roles import Perm
from districts.views.saving import save_form
from quartier.web.notices import notify
from quartier.web.pages import redirect_to, render_page

keepers = requires(Perm.KEEP_HOURS, Perm.EDIT_MASTER_DATA)


def _office(request: HttpRequest, pk: int) -> Office:
    exceptions = Prefetch("exceptions", OpeningException.objects.select_related("slot"))
    return get_object_or_404(
        Office.objects.kept_by(request.user).prefetch_related("slots__provider_actor", exceptions), pk=pk
    )


def _slot(request: HttpRequest, pk: int) -> OpeningSlot:
    kept = OpeningSlot.objects.filter(office__in=Office.objects.kept_by(request.user))
    return get_object_or_404(kept.select_related("office", "provider_actor"), pk=pk)


def _exception(request: HttpRequest, pk: int) -> OpeningException:
    kept = OpeningException.objects.filter(office__in=Office.objects.kept_by(request.user))
    return get_object_or_404(kept.select_related("office"), pk=pk)


def _back(office: Office, title: str) -> dict:
    """The page of the hours, to which every form leads back."""
    return {"title": title, "office": office, "back": reverse("districts:office_hours", args=[office.pk])}


@keepers
@require_safe
def office_hours(request: HttpRequest, pk: int) -> HttpResponse:
    """Every slot and exception of an office, with what was and what is to come."""
    office, today = _office(request, pk), timezone.localdate()
    slots = list(office.slots.all())
    exceptions = list(office.exceptions.all())
    context = {
        "title": "Öffnungszeiten pflegen",
        "office": office,
        "slots": [slot for slot in slots if not slot.is_over],
        "former": [slot for slot in slots if slot.is_over],
        "exceptions": [one for one in exceptions if one.last_day >= today],
        "past": [one for one in exceptions if one.last_day < today],
        "clashes": clashes(slots, today),
    }
    return render_page(request, "districts/offices/hours.html", context)


def _about_the_room(slot: OpeningSlot, slots: list[OpeningSlot]) -> Iterator[str]:
    """Who else needs the room of a slot: other hours, and the first booking."""
    for one, other, day in clashes(slots, timezone.localdate()):
        if slot in (one, other):
            yield f"Raum „{slot.room}“ ist doppelt belegt, zum ersten Mal am {day:%d.%m.%Y}: {one} und {other}."
    if slot.room and (taken := booking_beside(slot, now=timezone.now())):
        yield f"Raum „{taken.room}“ ist am {taken.day:%d.%m.%Y}, {taken.time}, schon gebucht. Bitte absprechen."


def _save_slot(request: HttpRequest, office: Office, form: SlotForm, *, save: Callable, title: str) -> HttpResponse:
    """Show and save a slot; a room that others need at the same time is no reason to refuse, but told."""

    def keep(**data) -> OpeningSlot:
        slot = save(**data)
        for words in _about_the_room(slot, list(office.slots.all())):
            notify(request, words, level="warning")
        return slot

    context = _back(office, title)
    return save_form(
        request, form, save=keep, template="districts/offices/slot.html", context=context,
        message="Gespeichert.", to=context["back"],
    )  # fmt: skip


@keepers
def slot_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter hours."""
    office = get_object_or_404(Office.objects.kept_by(request.user), pk=pk)
    form = SlotForm(
        request.POST or None, instance=OpeningSlot(office=office), initial={"valid_from": timezone.localdate()}
    )
    return _save_slot(request, office, form, save=partial(actions.add_slot, office=office), title="Zeit eintragen")


@keepers
def slot_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change hours from a day on, or correct them."""
    slot = _slot(request, pk)
    form = SlotForm(request.POST or None, instance=slot)
    return _save_slot(request, slot.office, form, save=partial(actions.change_slot, slot=slot), title="Zeit ändern")


@keepers
def slot_end(request: HttpRequest, pk: int) -> HttpResponse:
    """The last day of hours."""
    slot = _slot(request, pk)
    context = _back(slot.office, "Zeit beenden" if slot.has_begun else "Zeit löschen") | {"slot": slot}
    return save_form(
        request,
        EndForm(request.POST or None),
        save=partial(actions.end_slot, slot=slot),
        template="districts/offices/slot_end.html",
        context=context,
        message="Beendet." if slot.has_begun else "Gelöscht.",
        to=context["back"],
    )


def _save_exception(request: HttpRequest, exception: OpeningException, *, title: str) -> HttpResponse:
    context = _back(exception.office, title)
    known = exception if exception.pk else None
    return save_form(
        request,
        ExceptionForm(request.POST or None, instance=exception),
        save=partial(actions.save_exception, office=exception.office, exception=known),
        template="districts/offices/exception.html",
        context=context,
        message="Gespeichert.",
        to=context["back"],
    )


@keepers
def exception_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter what holds on certain days."""
    return _save_exception(request, OpeningException(office=_office(request, pk)), title="Ausnahme eintragen")


@keepers
def exception_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what holds on certain days."""
    return _save_exception(request, _exception(request, pk), title="Ausnahme ändern")


@keepers
@require_POST
def exception_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the usual hours hold again."""
    exception = _exception(request, pk)
    actions.remove_exception(exception=exception, by=request.user)
    notify(request, "Ausnahme gelöscht.")
    return redirect_to(request, "districts:office_hours", exception.office_id)


@keepers
def closure(request: HttpRequest) -> HttpResponse:
    """Close several offices on the same days, for a works outing or between the years."""
    offices = Office.objects.kept_by(request.user).existing_on(timezone.localdate())
    return save_form(
        request,
        ClosureForm(request.POST or None, offices=offices),
        save=actions.close_offices,
        template="districts/form.html",
        context={
            "title": "Mehrere Büros schließen",
            "lead": "Jedes angekreuzte Büro bekommt eine Ausnahme; dort lässt sie sich auch wieder ändern.",
            "back": reverse("districts:office_list"),
            "back_label": "Stadtteilbüros",
        },
        message="Eingetragen.",
        to=reverse("districts:office_list"),
    )
