"""Steps of triage: own work, parking, result, follow-up date, owner, note (K04)."""

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_POST

from concerns.actions import triage as actions
from concerns.forms.triage import AnswerForm, FollowUpForm, NoteForm, OwnerForm, ParkForm, TakeOnForm
from concerns.models import Concern, LoopSettings
from concerns.referring import words_of
from concerns.workflow import Outcome
from districts.access import requires
from districts.models import User
from districts.roles import Perm, Role
from quartier.workdays import add_workdays

from .desk import back_to, desk_step, undo_for
from .fetch import concern_to_act_on
from .offers import url_of
from .steps import press, sent


@requires(Perm.TRIAGE)
def take_on(request: HttpRequest, number: str) -> HttpResponseBase:
    """The Quartiersmanagement works on it itself."""
    concern = concern_to_act_on(request, number)
    due_on = add_workdays(timezone.localdate(), LoopSettings.load().own_work_days)
    return desk_step(
        request,
        concern,
        TakeOnForm(sent(request), initial={"due_on": due_on}),
        act=lambda **data: actions.take_on(concern=concern, by=request.user, **data),
        title="Selbst bearbeiten",
        submit="Übernehmen",
        message=f"{number} ist in eigener Bearbeitung.",
        undo=undo_for(concern, request.user),
        lead="Das Quartiersmanagement kümmert sich selbst und hält danach das Ergebnis fest.",
    )


@requires(Perm.TRIAGE)
def park(request: HttpRequest, number: str) -> HttpResponseBase:
    """Put it aside until a date."""
    concern = concern_to_act_on(request, number)
    return desk_step(
        request,
        concern,
        ParkForm(sent(request)),
        act=lambda **data: actions.park(concern=concern, by=request.user, **data),
        title="Zurückstellen",
        submit="Zurückstellen",
        message=lambda parked: f"{number} ist bis {parked.follow_up_on:%d.%m.%Y} zurückgestellt.",
        undo=undo_for(concern, request.user),
        lead="An diesem Tag liegt das Anliegen von selbst wieder im Arbeitskorb.",
    )


@requires(Perm.TRIAGE)
@require_POST
def wake(request: HttpRequest, number: str) -> HttpResponseBase:
    """Bring a parked concern back before its date."""
    concern = concern_to_act_on(request, number)
    return press(
        request,
        act=lambda: actions.wake(concern=concern, by=request.user),
        message=f"{number} liegt wieder auf dem Tisch.",
        to=url_of(number),
        undo=undo_for(concern, request.user),
    )


@requires(Perm.TRIAGE)
def answer(request: HttpRequest, number: str) -> HttpResponseBase:
    """Record the result of own work, or mere information; the reporters are then owed it."""
    concern = concern_to_act_on(request, number)
    asked = request.GET.get("ergebnis")
    initial = {
        "outcome": asked if asked in Outcome.values else concern.outcome,
        "reason_category": concern.reason_category,
        "promised_on": concern.promised_on,
        "answer_text": concern.answer_text or (words_of(concern) if asked == Outcome.REFERRED else ""),
    }
    return desk_step(
        request,
        concern,
        AnswerForm(sent(request), initial=initial),
        act=lambda **data: actions.record_answer(concern=concern, by=request.user, **data),
        title="Ergebnis festhalten",
        submit="Ergebnis festhalten",
        message="Ergebnis festgehalten. Jetzt ist die Rückmeldung offen.",
        fields="concerns/fields/outcome.html",
        lead="Danach steht die Rückmeldung an alle aus, die es gemeldet haben – auch bei einem Nein.",
    )


@requires(Perm.TRIAGE)
@require_POST
def acknowledge(request: HttpRequest, number: str) -> HttpResponseBase:
    """A department has given its part back while others go on; the team has seen it."""
    concern = concern_to_act_on(request, number)
    return press(
        request,
        act=lambda: actions.acknowledge_return(concern=concern, by=request.user),
        message="Rückgabe als gesehen vermerkt.",
        to=url_of(number),
    )


@requires(Perm.LOG_CONCERN)
def follow_up(request: HttpRequest, number: str) -> HttpResponseBase:
    """Set, move or clear the follow-up date."""
    concern = concern_to_act_on(request, number, Perm.LOG_CONCERN)
    return desk_step(
        request,
        concern,
        FollowUpForm(sent(request), initial={"on": concern.follow_up_on}),
        act=lambda **data: actions.set_follow_up(concern=concern, by=request.user, **data),
        title="Wiedervorlage",
        submit="Speichern",
        message=_follow_up_message,
        undo=undo_for(concern, request.user),
    )


def _follow_up_message(concern: Concern) -> str:
    day = concern.follow_up_on
    return f"{concern.number}: Wiedervorlage am {day:%d.%m.%Y}." if day else f"{concern.number}: keine Wiedervorlage."


@requires(Perm.TRIAGE)
def owner(request: HttpRequest, number: str) -> HttpResponseBase:
    """Hand the concern to somebody else of the district's team."""
    concern = concern_to_act_on(request, number)
    return desk_step(
        request,
        concern,
        OwnerForm(sent(request), team=_team(concern, request.user), initial={"owner": concern.owner_id}),
        act=lambda **data: actions.assign_owner(concern=concern, by=request.user, **data),
        title="Zuständig im Quartiersmanagement",
        submit="Zuweisen",
        message=lambda assigned: f"{number} gehört jetzt {assigned.owner}.",
        undo=undo_for(concern, request.user),
    )


def _team(concern: Concern, user: User):
    """Who may own a concern: its district's team; outside all districts the office's managers (I10)."""
    today = timezone.localdate()
    if concern.district_id:
        return User.objects.team_of(concern.district_id, on=today)
    managers = User.objects.with_role(Role.MANAGER, on=today)
    return managers.filter(office_id=concern.office_id or user.office_id)


@requires(Perm.LOG_CONCERN)
def note(request: HttpRequest, number: str) -> HttpResponseBase:
    """Write a team note."""
    concern = concern_to_act_on(request, number, Perm.LOG_CONCERN)
    return desk_step(
        request,
        concern,
        NoteForm(sent(request)),
        act=lambda **data: actions.add_note(concern=concern, by=request.user, **data),
        title="Teamnotiz",
        submit="Notiz speichern",
        message="Notiz gespeichert.",
        to=back_to(request, concern) + "#notizen",
    )
