"""Shared offices: overview of all quarters, page, moving on, members, assessments (Z04)."""

from datetime import date
from functools import partial

from django.core.exceptions import ValidationError
from django.db.models import Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from districts.access import requires
from districts.actions import sharing as actions
from districts.actions.base import Conflict
from districts.forms.sharing import AssessmentForm, MemberForm, MoveForm, ShareFilterForm, ShareForm
from districts.models import Actor, Booking, District, OfficeShare, ShareAssessment, ShareMember
from districts.roles import Perm
from districts.views.contacts import compared
from districts.views.saving import save_form
from quartier.web.notices import notify
from quartier.web.pages import redirect_to, render_page

EVENTS_SHOWN = 10
readers = requires(Perm.READ_SHARES, Perm.OWN_ACTOR)
keepers = requires(Perm.SHARE_OFFICES, Perm.SHARE_ALL_OFFICES)


@readers
def shares(request: HttpRequest) -> HttpResponseBase:
    """All quarters and how far their shared offices are; the next state can be set in the line."""
    if request.method == "POST":
        _move_in_line(request)
        if not request.htmx:
            return redirect_to(request, request.get_full_path())
    form = ShareFilterForm(request.GET)
    today, rights = timezone.localdate(), request.user.rights
    members = Prefetch("members", ShareMember.objects.valid_on(today).select_related("actor"), to_attr="present")
    found = OfficeShare.objects.visible_to(request.user)
    shown = found.filter(status=form.chosen) if form.chosen else found.lasting()
    rows = shown.select_related("district", "office").defer("district__boundary").prefetch_related(members)
    without = District.objects.valid_on(today).exclude(office_shares__in=found.lasting()).defer("boundary")
    context = {
        "title": "Bürogemeinschaften",
        "form": form,
        "rows": [(one, one.may_edit(request.user)) for one in rows],
        "without": without if rights.can(Perm.READ_SHARES) and not form.chosen else [],
        "may_enter": rights.can(Perm.SHARE_OFFICES) or rights.can(Perm.SHARE_ALL_OFFICES),
    }
    return render_page(request, "districts/sharing/list.html", context, fragments={"list": "list"})


def _move_in_line(request: HttpRequest) -> None:
    pk = request.POST.get("share", "")
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        raise Http404
    share = get_object_or_404(OfficeShare.objects.editable_by(request.user), pk=int(pk))
    form = MoveForm(request.POST, share=share)
    if not form.is_valid():
        problem = next(iter(form.errors.values()))[0]
        notify(request, f"{share}: {problem}", level="error")
        return
    try:
        moved = _move(request, share, by=request.user, **form.cleaned_data)
    except ValidationError as error:
        notify(request, f"{share}: {error.messages[0]}", level="error")
    except Conflict as error:
        notify(request, str(error), level="error")
    else:
        notify(request, f"{moved}: {moved.get_status_display()}.")


@readers
@require_safe
def share(request: HttpRequest, pk: int) -> HttpResponse:
    """One shared office. Assessments and history are the administration's business."""
    visible = OfficeShare.objects.visible_to(request.user).select_related("district", "office")
    found = get_object_or_404(visible.defer("district__boundary"), pk=pk)
    members = list(found.members.select_related("actor"))
    is_inside = request.user.rights.can(Perm.READ_SHARES)
    context = {
        "title": found.name,
        "share": found,
        "members": [one for one in members if not one.is_over],
        "former": [one for one in members if one.is_over],
        "joint": _joint_projects(found, members, request.user),
        "is_inside": is_inside,
        "assessments": found.assessments.select_related("by") if is_inside else [],
        "events": found.events.select_related("by")[:EVENTS_SHOWN] if is_inside else [],
        "may_edit": found.may_edit(request.user),
    }
    return render_page(request, "districts/sharing/detail.html", context)


def _joint_projects(share: OfficeShare, members: list[ShareMember], user) -> list:
    """Joint projects of the shared office: of its district, with one of its members. Carrier staff open their own."""
    present = {one.actor_id for one in members if not one.is_over}
    found = share.district.projects.filter(partners__is_shared=True, partners__actor__in=present).distinct()
    rights = user.rights
    mine = set()
    if not rights.can(Perm.READ_PROJECTS):
        own = found.filter(Q(partners__actor__in=rights.actor_ids) | Q(lead__in=rights.actor_ids))
        mine = set(own.values_list("pk", flat=True))
    rows = found.exclude(status="dropped").order_by("sort_key", "pk")
    return [(one, rights.can(Perm.READ_PROJECTS) or one.pk in mine) for one in rows]


def _share_to_edit(request: HttpRequest, pk: int) -> OfficeShare:
    return get_object_or_404(OfficeShare.objects.editable_by(request.user), pk=pk)


@keepers
def share_new(request: HttpRequest) -> HttpResponse:
    """Enter a shared office, from the idea on."""
    asked = request.GET.get("quartier", "")
    return save_form(
        request,
        ShareForm(request.POST or None, user=request.user, initial={"district": asked}),
        save=actions.save_share,
        template="districts/form.html",
        context={
            "title": "Bürogemeinschaft eintragen",
            "lead": "Sie beginnt als Idee. Mitglieder und Stand folgen auf ihrer Seite.",
            "back": reverse("districts:shares"),
            "back_label": "Bürogemeinschaften",
        },
        message="Eingetragen.",
        to=OfficeShare.get_absolute_url,
    )


@keepers
def share_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is known; whoever was slower compares first."""
    found = _share_to_edit(request, pk)
    form = ShareForm(request.POST or None, instance=found, user=request.user)
    return save_form(
        request,
        form,
        save=partial(actions.save_share, share=found),
        template="districts/form.html",
        context={"title": "Bürogemeinschaft bearbeiten", "back": found.get_absolute_url(), "back_label": str(found)},
        message="Gespeichert.",
        to=OfficeShare.get_absolute_url,
        on_conflict=lambda: compared(form, OfficeShare.objects.get(pk=pk)),
    )


def _tell_of_bookings(request: HttpRequest, share: OfficeShare, last_day: date, *, actor: Actor | None = None) -> None:
    """Bookings of those who are leaving stay until somebody cancels them: told, so that nobody is surprised."""
    if count := Booking.objects.left_after(share, last_day, actor=actor).count():
        words = "steht noch eine Buchung" if count == 1 else f"stehen noch {count} Buchungen"
        notify(request, f"Nach diesem Tag {words} von {actor or 'Trägern'} im Raumplan.", level="warning")


def _move(request: HttpRequest, share: OfficeShare, **data) -> OfficeShare:
    moved = actions.move_share(share=share, **data)
    if moved.ended_on:
        _tell_of_bookings(request, moved, moved.ended_on)
    return moved


@keepers
def share_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it on to the next state, from a day on."""
    found = _share_to_edit(request, pk)
    if not found.next_states:
        raise Http404
    return save_form(
        request,
        MoveForm(request.POST or None, share=found),
        save=partial(_move, request, found),
        template="districts/form.html",
        context={
            "title": "Stand ändern",
            "lead": f"Jetzt: {found.get_status_display()}.",
            "back": found.get_absolute_url(),
            "back_label": str(found),
        },
        message="Stand geändert.",
        to=OfficeShare.get_absolute_url,
    )


@keepers
def share_member_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter who belongs to it."""
    found = _share_to_edit(request, pk)
    member = ShareMember(share=found, valid_from=timezone.localdate())
    return _save_member(request, found, MemberForm(request.POST or None, instance=member), None)


@keepers
def share_member(request: HttpRequest, pk: int) -> HttpResponse:
    """Change who belongs to it, or until when."""
    mine = ShareMember.objects.filter(share__in=OfficeShare.objects.editable_by(request.user))
    member = get_object_or_404(mine.select_related("share", "actor"), pk=pk)
    return _save_member(request, member.share, MemberForm(request.POST or None, instance=member), member)


def _save_member(
    request: HttpRequest, share: OfficeShare, form: MemberForm, member: ShareMember | None
) -> HttpResponse:
    def save(**data) -> ShareMember:
        saved = actions.save_member(share=share, member=member, **data)
        if saved.valid_to:
            _tell_of_bookings(request, share, saved.valid_to, actor=saved.actor)
        return saved

    return save_form(
        request,
        form,
        save=save,
        template="districts/form.html",
        context={
            "title": "Mitglied ändern" if member else "Mitglied eintragen",
            "back": share.get_absolute_url(),
            "back_label": str(share),
        },
        message="Gespeichert.",
        to=share.get_absolute_url(),
        on_conflict=lambda: compared(form, ShareMember.objects.filter(pk=form.instance.pk).first()),
    )


@keepers
def assessment_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what speaks for and against it now."""
    found = _share_to_edit(request, pk)
    return save_form(
        request,
        AssessmentForm(request.POST or None, instance=ShareAssessment(share=found)),
        save=partial(actions.assess_share, share=found),
        template="districts/form.html",
        context={
            "title": "Einschätzung festhalten",
            "lead": "Sie bleibt so stehen; eine spätere tritt daneben. Die Träger sehen sie nicht.",
            "back": found.get_absolute_url(),
            "back_label": str(found),
        },
        message="Festgehalten.",
        to=found.get_absolute_url(),
    )
