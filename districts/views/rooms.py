"""Rooms: overview, a week of an office's rooms, keeping them up, how much they are used (Z05)."""

from datetime import timedelta
from functools import partial

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from districts.access import requires
from districts.actions import rooms as actions
from districts.forms.rooms import RoomForm, UsageForm, last_quarter_of_a_year
from districts.models import District, Office, Room
from districts.occupancy import usage_lines, usage_of, week_of_rooms
from districts.opening import monday_of
from districts.roles import Perm
from districts.views.contacts import compared
from districts.views.saving import save_form
from quartier.text import code_of
from quartier.web.dates import asked_day
from quartier.web.pages import form_status, redirect_to, render_page

readers = requires(Perm.READ_SHARES, Perm.EDIT_MASTER_DATA, Perm.BOOK_ROOMS)
keepers = requires(Perm.SHARE_OFFICES, Perm.EDIT_MASTER_DATA)
evaluators = requires(Perm.READ_SHARES, Perm.EDIT_MASTER_DATA)


@readers
@require_safe
def rooms(request: HttpRequest) -> HttpResponse:
    """The rooms of every office a person may see, with size and equipment."""
    shown = Room.objects.visible_to(request.user).prefetch_related("equipment")
    offices = Office.objects.rooms_seen_by(request.user).existing_on(timezone.localdate())
    context = {"title": "Räume", "offices": offices.prefetch_related(Prefetch("rooms", shown))}
    return render_page(request, "districts/rooms/list.html", context)


def office_with_rooms(request: HttpRequest, pk: int) -> Office:
    """An office whose rooms this person may see, with its hours and districts, or 404."""
    seen = Office.objects.rooms_seen_by(request.user).with_hours()
    return get_object_or_404(seen.prefetch_related(Prefetch("districts", District.objects.defer("boundary"))), pk=pk)


@readers
@require_safe
def room_week(request: HttpRequest, pk: int) -> HttpResponse:
    """The week that the address asks for: every room of an office day by day."""
    office, today = office_with_rooms(request, pk), timezone.localdate()
    monday = monday_of(asked_day(request.GET, "woche"))
    shown = list(office.rooms.filter(is_active=True).prefetch_related("equipment"))
    kept = Office.objects.rooms_kept_by(request.user).filter(pk=pk)
    context = {
        "title": f"Raumplan {office}",
        "office": office,
        "rooms": shown,
        "retired": office.rooms.filter(is_active=False),
        "days": week_of_rooms(office, shown, monday, request.user),
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "number": monday.isocalendar().week,
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
        "is_this_week": monday == monday_of(today),
        "today": today,
        "may_book": Room.objects.bookable_by(request.user).filter(office=pk).exists(),
        "may_keep": kept.exists(),
        "sees_usage": request.user.rights.can(Perm.READ_SHARES) or request.user.rights.can(Perm.EDIT_MASTER_DATA),
    }
    return render_page(request, "districts/rooms/week.html", context, fragments={"week": "week"})


@keepers
def room_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a room of an office."""
    office = get_object_or_404(Office.objects.rooms_kept_by(request.user), pk=pk)
    return _save_room(request, office, None)


@keepers
def room_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a room and what stands in it."""
    kept = Room.objects.filter(office__in=Office.objects.rooms_kept_by(request.user)).select_related("office")
    room = get_object_or_404(kept, pk=pk)
    return _save_room(request, room.office, room)


def _save_room(request: HttpRequest, office: Office, room: Room | None) -> HttpResponse:
    form = RoomForm(request.POST or None, instance=room or Room(office=office))
    back = reverse("districts:room_week", args=[office.pk])
    return save_form(
        request,
        form,
        save=partial(actions.save_room, office=office, room=room),
        template="districts/form.html",
        context={
            "title": "Raum ändern" if room else "Raum eintragen",
            "back": back,
            "back_label": f"Raumplan {office}",
        },
        message="Gespeichert.",
        to=back,
        on_conflict=lambda: compared(form, Room.objects.get(pk=room.pk)),
    )


def _usage(request: HttpRequest, pk: int) -> dict:
    """Office, rooms and how much they were used in the period that the address names (three months without one)."""
    office, today = office_with_rooms(request, pk), timezone.localdate()
    period = last_quarter_of_a_year(today)
    form = UsageForm(request.GET if "first" in request.GET or "last" in request.GET else None, initial=period)
    if form.is_bound:
        period = form.cleaned_data if form.is_valid() else None
    shown = list(office.rooms.all())
    rows = usage_of(office, shown, **period) if period else []
    return {"office": office, "rooms": shown, "form": form, "rows": rows, "period": period}


@evaluators
@require_safe
def room_usage(request: HttpRequest, pk: int) -> HttpResponse:
    """Hours and bookings by member and room."""
    context = _usage(request, pk)
    context |= {"title": "Nutzung der Räume", "query": request.GET.urlencode()}
    status = form_status(context["form"])
    return render_page(request, "districts/rooms/usage.html", context, fragments={"list": "list"}, status=status)


@evaluators
@require_safe
def room_usage_csv(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The same as a CSV file; a period that cannot be read leads back to the page, which says why."""
    found = _usage(request, pk)
    if not found["period"]:
        return redirect_to(request, f"{reverse('districts:room_usage', args=[pk])}?{request.GET.urlencode()}")
    name = f"raumnutzung-{code_of(found['office'].name, 'buero')}-{found['period']['last']:%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        usage_lines(found["rows"], found["rooms"]),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
