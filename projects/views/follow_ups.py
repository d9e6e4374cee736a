"""Follow-ups of sessions, and concerns that come from them (Z20, K14)."""

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from concerns.models import Concern
from districts.access import requires
from districts.roles import Perm
from districts.views.saving import save_form
from projects.actions import follow_ups as actions
from projects.actions.base import Conflict, LoopError
from projects.follow_up_page import may_make, readable
from projects.forms.follow_ups import FollowUpForm, RaiseForm, StandForm
from projects.forms.needs import NeedForm
from projects.models import AgendaItem, Body, FollowUp, Need, Project, Session
from projects.views.bodies import MAY_WRITE
from projects.views.minutes import session_to_write
from projects.views.projects import MAY_EDIT as MAY_MAKE_PROJECTS
from projects.views.projects import save_new
from projects.views.refusals import refusing
from projects.workflow import FollowUpStatus
from quartier.web.notices import notify
from quartier.web.pages import redirect_to, render_page
from quartier.web.paging import keyset_page

SHOWN = {"faellig": "Fällige", "offen": "Alle offenen", "erledigt": "Erledigte und entfallene", "alle": "Alle"}


@requires(Perm.READ_BODIES)
@require_safe
def follow_ups(request: HttpRequest) -> HttpResponse:
    """Follow-ups: of the own team that are due, all that wait, those that are settled, or all; also of one body."""
    today, shown = timezone.localdate(), request.GET.get("zeigen", "")
    shown = shown if shown in SHOWN else "offen"
    found, body = FollowUp.objects.visible_to(request.user), _asked_body(request)
    found = found.filter(body=body) if body else found
    found = {
        "faellig": lambda: found.in_basket_of(request.user).due(today),
        "offen": found.open,
        "erledigt": found.settled,
        "alle": found.all,
    }[shown]()
    rows = found.for_lines().select_related("body").prefetch_related("body__districts")
    page = keyset_page(rows, request.GET, key="due_on", descending=shown == "erledigt", noun=("Auftrag", "Aufträge"))
    context = {
        "title": "Aufträge aus Gremien",
        "body": body,
        "page": page,
        "lines": [(one, one.body.may_write(request.user)) for one in page],
        "readable": readable(request.user, page),
        "tabs": list(SHOWN.items()),
        "shown": shown,
        **may_make(request.user),
    }
    return render_page(request, "projects/follow_ups/list.html", context)


def _asked_body(request: HttpRequest) -> Body | None:
    """The body whose follow-ups are asked for; 404 for one that is not there."""
    asked = request.GET.get("gremium", "")
    known = Body.objects.visible_to(request.user)
    return get_object_or_404(known, pk=asked if asked.isdecimal() and len(asked) < 19 else 0) if asked else None


@requires(*MAY_WRITE)
def follow_up_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a follow-up in a session."""
    session = session_to_write(request, pk)
    form = FollowUpForm(
        request.POST or None, session=session, user=request.user, initial={"item": request.GET.get("top")}
    )
    return _save(request, session.body, form, None, session.get_absolute_url(), str(session))


@requires(*MAY_WRITE)
def follow_up_of_body(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a follow-up between two sessions."""
    body = get_object_or_404(Body.objects.writable_by(request.user), pk=pk)
    form = FollowUpForm(request.POST or None, session=None, user=request.user)
    return _save(request, body, form, None, body.get_absolute_url(), body.name)


def _to_write(request: HttpRequest, pk: int) -> FollowUp:
    found = FollowUp.objects.writable_by(request.user).select_related("body", "item__session")
    return get_object_or_404(found, pk=pk)


@requires(*MAY_WRITE)
def follow_up_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a follow-up; whoever was slower compares first."""
    found = _to_write(request, pk)
    session = found.item.session if found.item else None
    form = FollowUpForm(request.POST or None, instance=found, session=session, user=request.user)
    return _save(request, found.body, form, found, found.body.get_absolute_url(), found.body.name)


def _save(request: HttpRequest, body: Body, form: FollowUpForm, found: FollowUp | None, back: str, label: str):
    def compare() -> dict:
        if found is None:
            return {}
        now = FollowUp.objects.get(pk=found.pk)
        form.on_top_of(now)
        return {"differences": form.differences(now)}

    return save_form(
        request,
        form,
        save=refusing(partial(actions.save_follow_up, body=body, follow_up=found)),
        template="districts/form.html",
        context={"title": "Auftrag ändern" if found else "Auftrag vergeben", "back": back, "back_label": label},
        message="Gespeichert.",
        to=back,
        on_conflict=compare,
    )


@requires(*MAY_WRITE)
def follow_up_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """What has become of a follow-up: in progress, put off, done, dropped."""
    found = _to_write(request, pk)
    back = found.body.get_absolute_url()
    form = StandForm(request.POST or None, follow_up=found)

    def refresh() -> dict:
        form.data = form.data.copy()
        form.data["version"] = str(FollowUp.objects.get(pk=pk).version)
        return {}

    return save_form(
        request,
        form,
        save=refusing(partial(_set, found)),
        template="projects/follow_ups/stand.html",
        context={"title": "Stand ändern", "follow_up": found, "back": back, "back_label": found.body.name},
        message="Der Stand ist geändert.",
        to=back,
        on_conflict=refresh,
    )


def _set(found: FollowUp, *, status: str, until, result: str, version: int | None, by) -> FollowUp:
    known = {"follow_up": found, "by": by, "version": version}
    if status == FollowUpStatus.DOING:
        return actions.start(result=result, **known)
    if status == FollowUpStatus.PUT_OFF:
        return actions.put_off(until=until, reason=result, **known)
    return actions.settle(status=status, result=result, **known)


@requires(*MAY_WRITE)
@require_POST
def follow_up_reopen(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A follow-up was settled too early."""
    found = _to_write(request, pk)
    try:
        actions.reopen(follow_up=found, by=request.user)
    except LoopError as error:
        notify(request, str(error), level="error")
    else:
        notify(request, "Der Auftrag ist wieder offen.")
    return redirect_to(request, found.body)


@requires(Perm.LOG_CONCERN)
def item_concern(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Make a concern of an agenda item."""
    items = AgendaItem.objects.filter(session__in=Session.objects.writable_by(request.user).values("pk"))
    found = get_object_or_404(items.select_related("session__body"), pk=pk)
    words = "\n\n".join(filter(None, (found.text, found.minutes, found.decision)))
    first = {"title": found.title[:120], "text": words}
    session = found.session
    return _raise(request, session.body, {"item": found}, first, f"{session}", session.get_absolute_url())


@requires(Perm.LOG_CONCERN)
def follow_up_concern(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Make a concern of a follow-up."""
    found = _to_write(request, pk)
    first = {"title": found.task[:120], "text": _words(found)}
    return _raise(request, found.body, {"follow_up": found}, first, _occasion(found), found.body.get_absolute_url())


def _raise(request: HttpRequest, body: Body, source: dict, first: dict, occasion: str, back: str) -> HttpResponseBase:
    form = RaiseForm(request.POST or None, body=body, user=request.user, occasion=occasion, initial=first)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                concern = actions.raise_concern(by=request.user, data=form.data_of_concern, **source)
            except LoopError as error:
                form.add_error(None, str(error))
                status = 409 if isinstance(error, Conflict) else 422
            else:
                notify(request, f"{concern.number} erfasst. Das Gremium erfährt die Antwort in einer der Sitzungen.")
                visible = Concern.objects.visible_to(request.user).filter(pk=concern.pk).exists()
                return redirect_to(request, concern if visible else back)
    context = {"title": "Anliegen erfassen", "lead": occasion, "back": back, "back_label": body.name, "form": form}
    return render_page(request, "projects/follow_ups/raise.html", {**context, "body": body}, status=status)


def _occasion(found: FollowUp) -> str:
    """Where a follow-up was given: session or body."""
    return str(found.item.session) if found.item else found.body.name


@requires(*MAY_MAKE_PROJECTS)
def follow_up_project(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a project of a follow-up; the body hears of it in its next session (Z20)."""
    found = _to_write(request, pk)
    first = {"title": found.task[:160], "origin": Project.Origin.BODY}
    first |= {"description": _words(found)[:4000], "districts": list(found.body.districts.defer("boundary"))}
    return save_new(
        request, first, "Projekt anlegen", lead=f"Auftrag: {_occasion(found)}.", back=found.body.get_absolute_url(),
        label=found.body.name, save=actions.make_project, follow_up=found,
    )  # fmt: skip


@requires(Perm.EDIT_NEEDS)
def follow_up_need(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a need that a follow-up speaks of (Z20, K15)."""
    found = _to_write(request, pk)
    own = request.user.rights.districts(Perm.EDIT_NEEDS)
    here = [one for one in found.body.districts.defer("boundary") if one.pk in own]
    first = {"title": found.task[:160], "problem": _words(found)[:4000], "keeper": found.owner_id}
    form = NeedForm(request.POST or None, user=request.user, initial=first | ({"districts": here} if here else {}))
    back = found.body.get_absolute_url()
    return save_form(
        request,
        form,
        save=refusing(partial(actions.make_need, follow_up=found)),
        template="projects/needs/form.html",
        context={"title": "Thema eintragen", "lead": _occasion(found), "back": back, "back_label": found.body.name},
        message="Eingetragen.",
        to=Need.get_absolute_url,
    )


def _words(found: FollowUp) -> str:
    """What a follow-up is about: its task, and the minutes of its item."""
    return "\n\n".join(filter(None, (found.task, found.item.minutes if found.item else "")))
