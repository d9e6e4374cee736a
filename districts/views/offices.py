"""Offices for people with a login: list, page with the plan of a week, weekly hours, checklist (Z02, Z03)."""

from datetime import timedelta

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from districts.access import requires
from districts.actions import opening as actions
from districts.forms.opening import QualityForm
from districts.hours_words import changes_ahead, now_of
from districts.models import District, Office, OfficeQuality, ShareMember, User
from districts.models.opening import KINDS
from districts.opening import WALK_IN, DayPlan, minutes_taken, monday_of, runs_on, week_of, weekly_minutes
from districts.roles import Perm
from districts.views.saving import save_form
from quartier.web.dates import asked_day
from quartier.web.pages import render_page

AHEAD = 60  # days


def week_context(request: HttpRequest, office: Office) -> dict:
    """The plan of the week that the address asks for, and its neighbours; weekends only when something would be on."""
    monday, today = monday_of(asked_day(request.GET, "woche")), timezone.localdate()
    week = week_of(office.hours, monday)
    return {
        "days": [plan for plan in week if plan.day.weekday() < 5 or _matters(office, plan)],
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "number": monday.isocalendar().week,
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
        "is_this_week": monday == monday_of(today),
        "today": today,
    }


def _matters(office: Office, plan: DayPlan) -> bool:
    return bool(plan.entries) or any(runs_on(slot, plan.day) for slot in office.slots.all())


def office_context(request: HttpRequest, office: Office) -> dict:
    """What both pages of an office show: now, the week, changes ahead, what others offer."""
    now = timezone.localtime()
    lasting = [slot for slot in office.slots.all() if not slot.is_over]
    return {
        "office": office,
        "now": now_of(office.hours, now.replace(tzinfo=None)),
        "ahead": changes_ahead(office.hours, now.date(), AHEAD),
        "offered": [slot for slot in lasting if slot.kind not in WALK_IN],
        **week_context(request, office),
    }


@requires(Perm.READ_OFFICES)
@require_safe
def office_list(request: HttpRequest) -> HttpResponse:
    """All offices: what is open now, whom they serve, how to reach them."""
    now = timezone.localtime()
    districts = Prefetch("districts", District.objects.defer("boundary"))
    rows = [
        {"office": office, "now": now_of(office.hours, now.replace(tzinfo=None))}
        for office in Office.objects.existing_on(now.date()).with_hours().prefetch_related(districts)
    ]
    former = Office.objects.filter(closed_on__lt=now.date())
    may_close = any(request.user.rights.can(perm) for perm in (Perm.KEEP_HOURS, Perm.EDIT_MASTER_DATA))
    return render_page(
        request,
        "districts/offices/list.html",
        {"title": "Stadtteilbüros", "rows": rows, "former": former, "may_close": may_close},
    )


@requires(Perm.READ_OFFICES)
@require_safe
def office_page(request: HttpRequest, pk: int) -> HttpResponse:
    """An office: open now, the plan of a week, offers of others, people, checklist."""
    office = get_object_or_404(Office.objects.with_hours().prefetch_related("qualities"), pk=pk)
    known = {row.item: row for row in office.qualities.all()}
    context = {
        "title": office.name,
        **office_context(request, office),
        "districts": office.districts.defer("boundary"),
        "staff": User.objects.staff_of_office(office),
        "sharers": ShareMember.objects.of_office(office, on=timezone.localdate()).select_related("actor", "share"),
        "qualities": [(label, known.get(item)) for item, label in OfficeQuality.Item.choices],
        "new_hours_on": min((slot.valid_from for slot in office.slots.all() if not slot.has_begun), default=None),
        "may_keep": Office.objects.kept_by(request.user).filter(pk=pk).exists(),
        "sees_shares": request.user.rights.can(Perm.READ_SHARES),
        "sees_rooms": any(request.user.rights.can(perm) for perm in (Perm.READ_SHARES, Perm.EDIT_MASTER_DATA)),
        "may_edit": request.user.rights.can(Perm.EDIT_MASTER_DATA),
    }
    return render_page(request, "districts/offices/page.html", context, fragments={"week": "week"})


@requires(Perm.READ_OFFICES)
@require_safe
def weekly_hours(request: HttpRequest) -> HttpResponse:
    """Hours of an ordinary week by office and kind, as they are on any day."""
    day = asked_day(request.GET, "am")
    offices = list(Office.objects.existing_on(day).prefetch_related("slots"))
    found = [
        (office, weekly_minutes(office.slots.all(), day), minutes_taken(office.slots.all(), day)) for office in offices
    ]
    totals = {kind: sum(minutes.get(kind, 0) for _, minutes, _ in found) for kind in KINDS}
    context = {
        "title": "Wochenstunden der Stadtteilbüros",
        "day": day,
        "kinds": list(KINDS.values()),
        "rows": [(office, _cells(minutes), taken / 60) for office, minutes, taken in found],
        "total": (_cells(totals), sum(taken for *_, taken in found) / 60),
    }
    return render_page(request, "districts/offices/weekly_hours.html", context, fragments={"list": "list"})


def _cells(minutes: dict[str, float]) -> list[dict]:
    """Hours by kind in the order of the columns."""
    return [{"label": label, "value": minutes.get(kind, 0) / 60} for kind, label in KINDS.items()]


@requires(Perm.EDIT_MASTER_DATA)
def office_quality(request: HttpRequest, pk: int) -> HttpResponse:
    """The checklist of an office."""
    office = get_object_or_404(Office.objects.prefetch_related("qualities"), pk=pk)
    form = QualityForm(request.POST or None, office=office)

    def save(by: User, group_room_size: int | None, **_) -> None:
        actions.save_qualities(office=office, answers=form.answers, group_room_size=group_room_size, by=by)

    return save_form(
        request,
        form,
        save=save,
        template="districts/offices/quality.html",
        context={"title": "Ausstattung", "office": office},
        message="Gespeichert.",
        to=reverse("districts:office_page", args=[pk]),
    )
