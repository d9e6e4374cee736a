"""Booking a room, changing and cancelling it (Z05)."""

from datetime import date
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from districts.access import requires
from districts.actions import rooms as actions
from districts.forms.rooms import BookingForm, CancelForm, ChangeBookingForm
from districts.models import Booking, Office, Room
from districts.opening import plan_of
from districts.roles import Perm
from districts.views.rooms import office_with_rooms, readers
from districts.views.saving import save_form
from quartier.web.dates import asked_day
from quartier.web.notices import notify
from quartier.web.pages import redirect_to, render_page

bookers = requires(Perm.BOOK_ROOMS)
NAMED = 3  # days with hours of the office beside a series


def _plan_url(office: Office, day: date) -> str:
    return f"{reverse('districts:room_week', args=[office.pk])}?woche={day:%Y-%m-%d}"


@bookers
def booking_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Book a room of an office, once or as a series."""
    office = office_with_rooms(request, pk)
    get_object_or_404(Room.objects.bookable_by(request.user).filter(office=office).values("office").distinct())
    day = max(asked_day(request.GET, "tag"), timezone.localdate())

    def save(**data) -> list[Booking]:
        made = actions.book_room(**data)
        _tell_of_gaps(request, actions.days_of(data["day"], data["rhythm"], data["until"]), made)
        _tell_of_hours(request, office, made)
        return made

    return save_form(
        request,
        BookingForm(request.POST or None, user=request.user, office=office, initial={"day": day}),
        save=save,
        template="districts/rooms/book.html",
        context={"title": "Raum buchen", "office": office, "back": _plan_url(office, day), "save_label": "Buchen"},
        message="Gebucht.",
        to=lambda made: _plan_url(office, made[0].day),
    )


def _tell_of_gaps(request: HttpRequest, wanted: list[date], made: list[Booking]) -> None:
    """On which days of a series the room was taken, so that they were left out."""
    if gaps := [f"{day:%d.%m.%Y}" for day in wanted if day not in {one.day for one in made}]:
        notify(request, f"Schon belegt und deshalb ausgelassen: {', '.join(gaps)}.", level="warning")


def _tell_of_hours(request: HttpRequest, office: Office, made: list[Booking]) -> None:
    """Hours of the office in the same room are no reason to refuse, but told (as for two slots in one room)."""
    found = [
        f"am {one.day:%d.%m.%Y} {words}"
        for one in made
        for words in actions.slots_beside(one, plan_of(office.hours, one.day))
    ]
    if found:
        more = f" und an {len(found) - NAMED} weiteren Tagen" if len(found) > NAMED else ""
        words = f"Bitte absprechen: In diesem Raum ist {', '.join(found[:NAMED])}{more}."
        notify(request, words, level="warning")


@readers
@require_safe
def booking(request: HttpRequest, pk: int) -> HttpResponse:
    """One booking; what it is for only for those it concerns."""
    found = get_object_or_404(Booking.objects.visible_to(request.user).with_room(), pk=pk)
    may_change = found.may_change(request.user) and found.cancelled_at is None
    series = Booking.objects.in_series_of(found).standing()
    context = {
        "title": f"{found.room} am {found.day:%d.%m.%Y}",
        "booking": found,
        "shows_purpose": found.shows_purpose_to(request.user),
        "may_change": may_change,
        "is_over": found.ends < timezone.now(),
        "following": series.filter(starts__gt=found.starts).count(),
        "plan_url": _plan_url(found.room.office, found.day),
    }
    return render_page(request, "districts/rooms/booking.html", context)


def _booking_to_change(request: HttpRequest, pk: int) -> Booking:
    return get_object_or_404(Booking.objects.changeable_by(request.user).with_room(), pk=pk)


def _too_late(request: HttpRequest, found: Booking) -> HttpResponse | None:
    """The way back to a booking that somebody else has cancelled meanwhile, or that is over; else None."""
    if found.cancelled_at is None and found.ends > timezone.now():
        return None
    words = "Diese Buchung ist vorbei." if found.cancelled_at is None else "Diese Buchung ist schon abgesagt."
    notify(request, words, level="error")
    return redirect_to(request, found.get_absolute_url())


@bookers
def booking_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a booking or say better what it is for."""
    found = _booking_to_change(request, pk)
    form = ChangeBookingForm(request.POST or None, user=request.user, booking=found)
    return _too_late(request, found) or save_form(
        request,
        form,
        save=partial(actions.change_booking, booking=found),
        template="districts/rooms/change.html",
        context={"title": "Buchung ändern", "booking": found, "back": found.get_absolute_url()},
        message="Gespeichert.",
        to=Booking.get_absolute_url,
        on_conflict=lambda: form.on_top_of(Booking.objects.select_related("room", "actor").get(pk=pk)),
    )


@bookers
def booking_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a room free again."""
    found = _booking_to_change(request, pk)
    return _too_late(request, found) or save_form(
        request,
        CancelForm(request.POST or None, booking=found),
        save=partial(actions.cancel_bookings, booking=found),
        template="districts/form.html",
        context={
            "title": "Buchung absagen",
            "lead": f"{found}: {found.purpose}",
            "back": found.get_absolute_url(),
            "back_label": str(found),
            "save_label": "Absagen",
        },
        message="Abgesagt. Der Raum ist wieder frei.",
        to=_plan_url(found.room.office, found.day),
    )
