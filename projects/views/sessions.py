"""Sessions: dates, agenda, invitation (Z19)."""

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from districts.access import requires
from districts.views.contacts import compared
from districts.views.saving import save_form
from projects.actions import agenda
from projects.actions import sessions as actions
from projects.actions.base import Conflict, LoopError
from projects.forms.sessions import CancelForm, ItemForm, PlanForm, SessionForm
from projects.models import AgendaItem, Session
from projects.session_page import page_of
from projects.views.bodies import MAY_EDIT, MAY_SEE, MAY_WRITE, body_to_edit
from projects.views.refusals import refusing
from projects.wording import invitation_mail
from quartier.web.notices import notify
from quartier.web.pages import redirect_to, render_page


def frame(session: Session, title: str, **more) -> dict:
    """Context of a small form about a session."""
    label, crumb = f"{session.body.name}, {session.on:%d.%m.%Y}", f"Sitzung am {session.on:%d.%m.%Y}"
    return {
        "title": title,
        "back": session.get_absolute_url(),
        "back_label": label,
        "lead": label,
        "session": session,
        "crumb": crumb,
        **more,
    }


INVITED = {0: "Als eingeladen festgehalten; eine E-Mail bekommt niemand.", 1: "Eine Einladung ist unterwegs."}
PLANNED = {0: "In dieser Zeit ist schon alles geplant.", 1: "Eine Sitzung geplant."}


@requires(*MAY_EDIT)
def sessions_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan the dates of a body's rhythm."""
    body = body_to_edit(request, pk)
    form = PlanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.plan_sessions(body=body, by=request.user, **form.cleaned_data)
        except LoopError as error:
            form.add_error(None, str(error))
        else:
            notify(request, PLANNED.get(len(made), f"{len(made)} Sitzungen geplant."))
            return redirect_to(request, body)
    context = {"title": "Termine planen", "body": body, "form": form}
    return render_page(request, "projects/sessions/plan.html", context, status=422 if form.errors else 200)


@requires(*MAY_EDIT)
def session_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan a single session."""
    body = body_to_edit(request, pk)
    first = {"starts": body.starts, "place": body.place}
    return save_form(
        request,
        SessionForm(request.POST or None, body=body, initial=first),
        save=partial(actions.save_session, body=body),
        template="districts/form.html",
        context={"title": "Sitzung planen", "back": body.get_absolute_url(), "back_label": body.name},
        message="Geplant.",
        to=Session.get_absolute_url,
    )


def session_to_edit(request: HttpRequest, pk: int) -> Session:
    """A session of a body that this person runs; 404 otherwise."""
    return get_object_or_404(Session.objects.editable_by(request.user).select_related("body", "office"), pk=pk)


@requires(*MAY_EDIT)
def session_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change day and place; whoever was slower compares first."""
    found = session_to_edit(request, pk)
    form = SessionForm(request.POST or None, instance=found, body=found.body)
    context = frame(found, "Tag und Ort ändern")

    def compare() -> dict:
        now = Session.objects.filter(pk=pk).first()
        if now is None:
            return {}
        form.on_top_of(now)
        return {"differences": form.differences(now)}

    return save_form(
        request,
        form,
        save=refusing(partial(actions.save_session, body=found.body, session=found)),
        template="districts/form.html",
        context=context,
        message="Gespeichert. Wer schon eingeladen ist, erfährt es erst mit einer neuen Einladung.",
        to=Session.get_absolute_url,
        on_conflict=compare,
    )


@requires(*MAY_EDIT)
@require_POST
def session_remove(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take a planned date out again."""
    found = session_to_edit(request, pk)
    try:
        actions.remove_session(session=found, by=request.user)
    except LoopError as error:
        notify(request, str(error), level="error")
        return redirect_to(request, found.body if isinstance(error, Conflict) else found)
    notify(request, "Der Termin ist entfernt.")
    return redirect_to(request, found.body)


@requires(*MAY_SEE)
@require_safe
def session(request: HttpRequest, pk: int) -> HttpResponse:
    """One session with what can be done next; departments see its agenda."""
    shown = Session.objects.visible_to(request.user).select_related("body__coordinator", "office")
    found = get_object_or_404(shown.prefetch_related("body__districts"), pk=pk)
    context = {"title": f"Sitzung am {found.on:%d.%m.%Y}", **page_of(found, request.user, today=timezone.localdate())}
    fragments = {"agenda": "agenda"}
    return render_page(request, "projects/sessions/detail.html", context, fragments=fragments)


def _step(request: HttpRequest, found: Session, act, message: str) -> HttpResponseBase:
    try:
        act()
    except LoopError as error:
        notify(request, str(error), level="error")
    else:
        notify(request, message)
    return redirect_to(request, found)


@requires(*MAY_WRITE)
@require_POST
def session_begin(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The session begins: attendance and minutes can be written."""
    found = get_object_or_404(Session.objects.writable_by(request.user), pk=pk)
    return _step(request, found, partial(actions.begin, session=found, by=request.user), "Die Sitzung läuft.")


@requires(*MAY_EDIT)
@require_POST
def session_revive(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take a cancellation back."""
    found = session_to_edit(request, pk)
    act = partial(actions.revive_session, session=found, by=request.user)
    return _step(request, found, act, "Die Sitzung ist wieder geplant.")


@requires(*MAY_EDIT)
def session_invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who gets which mail; with POST send it."""
    found = session_to_edit(request, pk)
    if request.method == "POST":
        try:
            count = actions.invite(session=found, by=request.user)
        except LoopError as error:
            notify(request, str(error), level="error")
        else:
            notify(request, INVITED.get(count, f"{count} Einladungen sind unterwegs."))
        return redirect_to(request, found)
    members = list(found.body.members.valid_on(found.on).with_names())
    chosen = actions.to_write_to(found)
    reached = {one.address.lower() for one in chosen}
    context = frame(
        found,
        "Einladen",
        members=chosen,
        without=[one for one in members if one.address.lower() not in reached],
        mail=invitation_mail(found, list(found.items.all())),
        has_items=found.items.exists(),
    )
    return render_page(request, "projects/sessions/invite.html", context)


@requires(*MAY_EDIT)
def session_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call a session off."""
    found = session_to_edit(request, pk)
    return save_form(
        request,
        CancelForm(request.POST or None),
        save=refusing(partial(actions.cancel_session, session=found)),
        template="districts/form.html",
        context=frame(found, "Sitzung absagen", save_label="Absagen"),
        message="Abgesagt. Wer eingeladen war, bekommt eine E-Mail.",
        to=found.get_absolute_url(),
    )


# --- Agenda -----------------------------------------------------------------------------------------------------------


@requires(*MAY_EDIT)
@require_POST
def agenda_take(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Put proposed items onto the agenda: one kind, or all."""
    found = session_to_edit(request, pk)
    kind = request.POST.get("kind", "")
    try:
        made = agenda.take_proposals(session=found, kinds={kind} if kind else None, by=request.user)
    except LoopError as error:
        notify(request, str(error), level="error")
    else:
        if not made:
            notify(request, "Das steht schon auf der Tagesordnung.", level="info")
    return redirect_to(request, f"{found.get_absolute_url()}#agenda")


@requires(*MAY_EDIT)
def item_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an item onto the agenda."""
    found = session_to_edit(request, pk)
    return _save_item(request, found, None, "Tagesordnungspunkt hinzufügen")


def item_to_edit(request: HttpRequest, pk: int) -> AgendaItem:
    """An item of a session that this person runs; 404 otherwise."""
    sessions = Session.objects.editable_by(request.user)
    items = AgendaItem.objects.filter(session__in=sessions.values("pk"))
    return get_object_or_404(items.select_related("session__body"), pk=pk)


@requires(*MAY_EDIT)
def item_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an item; whoever was slower compares first."""
    found = item_to_edit(request, pk)
    return _save_item(request, found.session, found, "Tagesordnungspunkt bearbeiten")


def _save_item(request: HttpRequest, session: Session, found: AgendaItem | None, title: str) -> HttpResponse:
    form = ItemForm(request.POST or None, instance=found or AgendaItem(session=session))

    def compare() -> dict:
        if found is None:
            return {}
        return compared(form, AgendaItem.objects.filter(pk=found.pk).first())

    return save_form(
        request,
        form,
        save=refusing(partial(agenda.save_item, session=session, item=found)),
        template="districts/form.html",
        context=frame(session, title),
        message="Gespeichert.",
        to=f"{session.get_absolute_url()}#agenda",
        on_conflict=compare,
    )


@requires(*MAY_EDIT)
@require_POST
def item_move(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Move an item up or down by one."""
    found = item_to_edit(request, pk)
    try:
        agenda.move_item(item=found, up=request.POST.get("way") == "up", by=request.user)
    except LoopError as error:
        notify(request, str(error), level="error")
        return redirect_to(request, found.session)
    if request.htmx:
        return session_fragment(request, found.session_id)
    return redirect_to(request, f"{found.session.get_absolute_url()}#agenda")


def session_fragment(request: HttpRequest, pk: int) -> HttpResponse:
    """The agenda of a session as it stands now."""
    found = Session.objects.select_related("body", "office").get(pk=pk)
    context = {"title": str(found), **page_of(found, request.user, today=timezone.localdate())}
    return render_page(request, "projects/sessions/detail.html", context, fragments={"agenda": "agenda"})


@requires(*MAY_EDIT)
@require_POST
def item_remove(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take an item off the agenda."""
    found = item_to_edit(request, pk)
    act = partial(agenda.remove_item, item=found, by=request.user)
    return _step(request, found.session, act, f"„{found.title}“ steht nicht mehr auf der Tagesordnung.")
