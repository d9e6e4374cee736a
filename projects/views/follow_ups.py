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
from projects.forms.follow_ups import FollowUpForm, RaiseForm, SettleForm
from projects.models import AgendaItem, Body, FollowUp, Session
from projects.views.bodies import MAY_WRITE
from projects.views.minutes import session_to_write
from projects.views.refusals import refusing
from quartier.web.notices import notify
from quartier.web.pages import redirect_to, render_page
from quartier.web.paging import keyset_page

SHOWN = {"faellig": "Fällige", "offen": "Alle offenen", "erledigt": "Erledigte und entfallene"}


@requires(Perm.READ_BODIES)
@require_safe
def follow_ups(request: HttpRequest) -> HttpResponse:
    """Follow-ups: of the own team that are due, all that are open, or those that are settled."""
    today, shown = timezone.localdate(), request.GET.get("zeigen", "")
    shown = shown if shown in SHOWN else "offen"
    found = FollowUp.objects.visible_to(request.user)
    found = {
        "faellig": found.in_basket_of(request.user).due(today),
        "offen": found.open(),
        "erledigt": found.exclude(status="open"),
    }[shown]
    rows = found.select_related("body", "item__session", "raised__concern").prefetch_related("body__districts")
    page = keyset_page(rows, request.GET, key="due_on", descending=shown == "erledigt", noun=("Auftrag", "Aufträge"))
    context = {
        "title": "Aufträge aus Gremien",
        "page": page,
        "lines": [(one, one.body.may_write(request.user)) for one in page],
        "perms_log": request.user.rights.can(Perm.LOG_CONCERN),
        "tabs": list(SHOWN.items()),
        "shown": shown,
    }
    return render_page(request, "projects/follow_ups/list.html", context)


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
    """A follow-up is done, or dropped for a reason."""
    found = _to_write(request, pk)
    back = found.body.get_absolute_url()
    return save_form(
        request,
        SettleForm(request.POST or None),
        save=refusing(partial(actions.settle, follow_up=found)),
        template="districts/form.html",
        context={"title": "Auftrag abschließen", "lead": found.task, "back": back, "back_label": found.body.name},
        message="Der Auftrag ist abgeschlossen.",
        to=back,
    )


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
    words = [found.task, *([found.item.minutes] if found.item and found.item.minutes else [])]
    first = {"title": found.task[:120], "text": "\n\n".join(words)}
    occasion = str(found.item.session) if found.item else found.body.name
    return _raise(request, found.body, {"follow_up": found}, first, occasion, found.body.get_absolute_url())


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
