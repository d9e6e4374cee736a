"""Handing over before somebody leaves (I9, D11): what hangs on a person, proposals, who agrees, the end of a role."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from concerns import handover_page as pages
from concerns.actions import handover as actions
from concerns.actions import proposals
from concerns.actions.base import Conflict, LoopError
from concerns.duties import duties_in_role, duties_of
from concerns.forms.handover import DeclineForm, LastDayForm, Shares, shares_of
from concerns.leaving import without_post
from concerns.models import Handover
from districts.access import requires
from districts.models import Membership, User
from districts.roles import Perm
from quartier.web.notices import notify
from quartier.web.pages import form_status, redirect_to, render_page


@login_required
def handover(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What hangs on a person, and a proposal who takes it; for oneself, or for coordination."""
    person = _person(request, pk)
    shares = shares_of(person, viewer=request.user, data=request.POST or None)
    if shares.is_valid() and _proposed(request, person, shares):
        return redirect_to(request, "concerns:handover", pk)
    duties = duties_of(person, on=timezone.localdate())
    coordinates = request.user.rights.can(Perm.MANAGE_USERS)
    context = {
        "title": "Übergabe",
        "person": person,
        "shares": shares,
        "duties": duties,
        "table": pages.table(duties, person, request.user),
        "waiting": Handover.objects.filter(person=person).waiting().with_people(),
        "is_self": person.pk == request.user.pk,
        "coordinates": coordinates,
        "elsewhere": [(one, request.user.rights.can(one.perm)) for one in duties.elsewhere],
        "roles": person.memberships.select_related("district", "department") if coordinates else (),
    }
    return render_page(request, "concerns/handover/handover.html", context, status=form_status(*shares.forms))


def _person(request: HttpRequest, pk: int) -> User:
    if pk != request.user.pk and not request.user.rights.can(Perm.MANAGE_USERS):
        raise Http404
    return get_object_or_404(User, pk=pk)


def _proposed(request: HttpRequest, person: User, shares: Shares) -> bool:
    try:
        made = proposals.propose(person=person, shares=shares.by_successor(), by=request.user)
    except LoopError as error:
        shares.forms[0].add_error(None, str(error))
        return False
    names = ", ".join(str(one.to) for one in made)
    notify(request, f"Vorgeschlagen: {names}. Nichts wechselt, bevor eine zweite Person zustimmt.")
    return True


@login_required
@require_safe
def handovers(request: HttpRequest) -> HttpResponse:
    """Proposals on the own desk."""
    today, user = timezone.localdate(), request.user
    context = {
        "title": "Übergaben",
        "without_post": without_post(today, user.rights.districts(Perm.TRIAGE)),
        "coordinates": user.rights.can(Perm.MANAGE_USERS),
        **pages.desk(user, today),
    }
    return render_page(request, "concerns/handover/list.html", context)


@login_required
def proposal(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One proposal with everything that belongs to it; a POST says no, with a reason."""
    found = _proposal(request, pk)
    may_agree = pages.may_agree(found, request.user)
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and found.is_waiting and not may_agree:
        raise Http404  # of a decided one the action says what became of it
    if request.method == "POST" and form.is_valid():
        try:
            proposals.decline(handover=found, reason=form.cleaned_data["reason"], by=request.user)
        except Conflict as error:
            notify(request, str(error), level="error")
        else:
            notify(request, "Abgelehnt. Wer vorgeschlagen hat, liest Ihre Begründung.")
        return redirect_to(request, "concerns:proposal", pk)
    context = {
        "title": "Übergabe",
        "handover": found,
        "lines": pages.item_lines(found, request.user),
        "may_agree": may_agree,
        "may_withdraw": pages.may_withdraw(found, request.user),
        "for_somebody": may_agree and found.to_id != request.user.pk,
        "coordinates": request.user.rights.can(Perm.MANAGE_USERS),
        "form": form,
    }
    return render_page(request, "concerns/handover/proposal.html", context, status=form_status(form))


def _proposal(request: HttpRequest, pk: int) -> Handover:
    found = Handover.objects.visible_to(request.user).select_related("person", "to", "proposed_by", "decided_by")
    return get_object_or_404(found, pk=pk)


@login_required
@require_POST
def agree(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Agree: everything that still hangs on the person moves."""
    found = _proposal(request, pk)
    if found.is_waiting and not pages.may_agree(found, request.user):
        raise Http404
    try:
        taken = proposals.agree(handover=found, by=request.user)
    except LoopError as error:
        notify(request, str(error), level="error")
    else:
        gone = f" {taken.gone} war inzwischen erledigt oder bei jemand anderem." if taken.gone else ""
        notify(request, f"{taken.moved} an {found.to} übergeben.{gone}", level="warning" if gone else "success")
    return redirect_to(request, "concerns:proposal", pk)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take a proposal back."""
    found = _proposal(request, pk)
    if found.is_waiting and not pages.may_withdraw(found, request.user):
        raise Http404
    try:
        proposals.withdraw(handover=found, by=request.user)
    except Conflict as error:
        notify(request, str(error), level="error")
        return redirect_to(request, "concerns:proposal", pk)
    notify(request, "Zurückgezogen. Alles bleibt, wo es ist.")
    return redirect_to(request, "concerns:handover", found.person_id)


@requires(Perm.MANAGE_USERS)
@require_POST
def deactivate(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Close somebody's access, unless something still hangs on them."""
    person = get_object_or_404(User, pk=pk)
    try:
        actions.deactivate_person(person=person, by=request.user)
    except LoopError as error:
        notify(request, str(error), level="error")
        return redirect_to(request, "concerns:handover", pk)
    notify(request, f"Der Zugang von {person} ist geschlossen.", undo_url=reverse("districts:reactivate", args=[pk]))
    return redirect_to(request, "districts:person", pk)


@requires(Perm.MANAGE_USERS)
def membership_end(request: HttpRequest, pk: int) -> HttpResponseBase:
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
        "duties": duties_in_role(membership, on=today),
    }
    return render_page(request, "concerns/handover/membership_end.html", context, status=form_status(form))
