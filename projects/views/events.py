"""Events: list, calendar, page, planning, what came of them, photos (Z30)."""

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from districts.access import requires
from districts.models import District
from districts.roles import Perm
from districts.views.saving import save_form
from projects.actions import events as actions
from projects.actions.base import LoopError
from projects.event_page import EVENT_TONES, event_page_of
from projects.forms.events import CancelEventForm, EventForm, OrganiserForm, ReportForm
from projects.models import Event, Project
from projects.month import asked_month, days_of, month_of
from projects.project_export import event_lines
from projects.project_filters import EventFilter
from projects.views.projects import MAY_READ
from projects.views.refusals import refusing
from quartier.web.notices import notify
from quartier.web.pages import form_status, redirect_to, render_page
from quartier.web.paging import keyset_page

MAY_EDIT = (Perm.EDIT_EVENTS, Perm.EDIT_ALL_PROJECTS)
NOUN = ("Veranstaltung", "Veranstaltungen")


@requires(*MAY_READ)
@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """The list; without a choice what is still to come."""
    filters = EventFilter(request.GET or _coming(request), user=request.user)
    rows = filters.qs.select_related("format", "district").defer("district__boundary")
    page = keyset_page(rows, request.GET, key="on", descending=not filters.is_ascending, noun=NOUN)
    context = {
        "title": "Veranstaltungen",
        "filter": filters,
        "page": page,
        "rows": [(one, EVENT_TONES[one.status]) for one in page],
        "query": filters.data.urlencode(),
        **_rights(request),
    }
    status = form_status(filters.form)
    return render_page(request, "projects/events/list.html", context, fragments={"list": "list"}, status=status)


def _coming(request: HttpRequest):
    asked = request.GET.copy()
    asked["when"] = "coming"
    return asked


def _rights(request: HttpRequest) -> dict:
    rights = request.user.rights
    may_edit = any(rights.can(perm) for perm in MAY_EDIT)
    return {"may_edit": may_edit, "full": rights.can(Perm.READ_PROJECTS)}


@requires(*MAY_READ)
@require_safe
def events_month(request: HttpRequest) -> HttpResponse:
    """A month as a calendar."""
    today = timezone.localdate()
    first = asked_month(request.GET, today)
    asked = request.GET.copy()
    asked.pop("when", None)
    filters = EventFilter(asked, user=request.user)
    rows = filters.qs.on_days(*days_of(first)).select_related("format", "district").order_by("on", "starts", "pk")
    asked.pop("monat", None)
    context = {
        "title": "Veranstaltungen",
        "filter": filters,
        "month": month_of(first, rows.defer("district__boundary"), today=today),
        "query": asked.urlencode(),
        **_rights(request),
    }
    return render_page(request, "projects/events/month.html", context, status=form_status(filters.form))


@requires(*MAY_EDIT)
@require_safe
def events_to_report(request: HttpRequest) -> HttpResponse:
    """Events of the own desk that are over and of which nobody has said how they were."""
    over = Event.objects.in_basket_of(request.user).unreported(timezone.localdate())
    page = keyset_page(over.select_related("format", "district"), request.GET, key="on", noun=NOUN)
    return render_page(request, "projects/events/to_report.html", {"title": "Wie war es?", "page": page})


@requires(*MAY_EDIT)
@require_safe
def events_to_repeat(request: HttpRequest) -> HttpResponse:
    """Yearly events of the own desk that are over and have no next one yet."""
    over = Event.objects.in_basket_of(request.user).to_repeat(timezone.localdate())
    page = keyset_page(over.select_related("format", "district"), request.GET, key="on", noun=NOUN)
    return render_page(request, "projects/events/to_repeat.html", {"title": "Nächstes Jahr wieder?", "page": page})


@requires(Perm.READ_PROJECTS)
@require_safe
def event_export(request: HttpRequest) -> HttpResponseBase:
    """The filtered list as a CSV file."""
    filters = EventFilter(request.GET, user=request.user)
    if not filters.form.is_valid():
        return redirect_to(request, f"{reverse('projects:events')}?{request.GET.urlencode()}")
    return StreamingHttpResponse(
        event_lines(filters.qs),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="veranstaltungen-{timezone.localdate():%Y-%m-%d}.csv"'},
    )


@requires(*MAY_READ)
@require_safe
def event(request: HttpRequest, pk: int) -> HttpResponse:
    """One event, as much of it as this person may see."""
    shown = Event.objects.visible_to(request.user).select_related(
        "format", "district", "project", "office", "room", "keeper", "previous"
    )
    found = get_object_or_404(shown.prefetch_related("target_groups"), pk=pk)
    context = {"title": found.title, **event_page_of(found, request.user, today=timezone.localdate())}
    context["organiser_form"] = OrganiserForm(user=request.user) if context["may_edit"] else None
    return render_page(request, "projects/events/detail.html", context)


@requires(*MAY_EDIT)
def event_new(request: HttpRequest) -> HttpResponse:
    """Plan an event; the address may name the project it belongs to."""
    form = EventForm(request.POST or None, user=request.user, initial=_begun(request))
    return save_form(
        request,
        form,
        save=refusing(actions.save_event),
        template="projects/events/form.html",
        context={"title": "Veranstaltung planen", "back": reverse("projects:events"), "back_label": "Veranstaltungen"},
        message="Die Veranstaltung ist geplant.",
        to=Event.get_absolute_url,
    )


def _begun(request: HttpRequest) -> dict:
    """What a new event begins with: the person, the only district, the project that the address names."""
    own = District.objects.filter(pk__in=request.user.rights.districts(Perm.EDIT_EVENTS)).defer("boundary")[:2]
    first = {"keeper": request.user.pk, "district": own[0] if len(own) == 1 else None}
    text = request.GET.get("projekt", "")
    if text.isascii() and text.isdigit() and len(text) < 10:
        of = Project.objects.visible_to(request.user).filter(pk=int(text)).first()
        if of:
            districts = list(of.districts.defer("boundary"))
            first |= {"project": of, "phase": of.phase, "target_groups": list(of.target_groups.all())}
            first |= {"district": districts[0]} if len(districts) == 1 else {}
    return first


def event_to_edit(request: HttpRequest, pk: int) -> Event:
    """An event this person may change; 404 otherwise."""
    return get_object_or_404(Event.objects.editable_by(request.user).select_related("district"), pk=pk)


def _save(request: HttpRequest, found: Event, form, save, title: str, template: str, message: str) -> HttpResponse:
    def compare() -> dict:
        now = Event.objects.get(pk=found.pk)
        form.on_top_of(now)
        return {"differences": form.differences(now)}

    return save_form(
        request,
        form,
        save=refusing(partial(save, event=found)),
        template=template,
        context={"title": title, "event": found, "back": found.get_absolute_url(), "back_label": found.title},
        message=message,
        to=Event.get_absolute_url,
        on_conflict=compare,
    )


@requires(*MAY_EDIT)
def event_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is planned; whoever was slower compares first."""
    found = event_to_edit(request, pk)
    form = EventForm(request.POST or None, instance=found, user=request.user)
    return _save(
        request,
        found,
        form,
        actions.save_event,
        "Veranstaltung bearbeiten",
        "projects/events/form.html",
        "Gespeichert.",
    )


@requires(*MAY_EDIT)
def event_report(request: HttpRequest, pk: int) -> HttpResponse:
    """How it was."""
    found = event_to_edit(request, pk)
    form = ReportForm(request.POST or None, instance=found)
    return _save(
        request, found, form, actions.report_event, "Wie war es?", "projects/events/report.html", "Festgehalten."
    )


@requires(*MAY_EDIT)
def event_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call an event off."""
    found = event_to_edit(request, pk)
    return save_form(
        request,
        CancelEventForm(request.POST or None, open_tasks=found.tasks.open().count()),
        save=refusing(partial(actions.cancel_event, event=found)),
        template="districts/form.html",
        context={
            "title": "Veranstaltung absagen",
            "lead": str(found),
            "back": found.get_absolute_url(),
            "back_label": found.title,
            "save_label": "Absagen",
        },
        message="Abgesagt.",
        to=found.get_absolute_url(),
    )


def _step(request: HttpRequest, found: Event, act, message: str) -> HttpResponseBase:
    try:
        to = act()
    except LoopError as error:
        notify(request, str(error), level="error")
        return redirect_to(request, found)
    notify(request, message)
    return redirect_to(request, to)


@requires(*MAY_EDIT)
@require_POST
def event_replan(request: HttpRequest, pk: int) -> HttpResponseBase:
    """It takes place after all."""
    found = event_to_edit(request, pk)
    act = partial(actions.replan_event, event=found, by=request.user)
    return _step(request, found, act, "Die Veranstaltung ist wieder geplant.")


@requires(*MAY_EDIT)
@require_POST
def event_next(request: HttpRequest, pk: int) -> HttpResponseBase:
    """„Für nächstes Jahr anlegen“."""
    found = event_to_edit(request, pk)
    act = partial(actions.plan_next, event=found, by=request.user)
    return _step(request, found, act, "Angelegt. Bitte den Tag prüfen und dann öffentlich zeigen.")


@requires(*MAY_EDIT)
@require_POST
def event_stop(request: HttpRequest, pk: int) -> HttpResponseBase:
    """„Kommt nicht wieder“."""
    found = event_to_edit(request, pk)
    act = partial(actions.stop_repeating, event=found, by=request.user)
    return _step(request, found, act, "Festgehalten: Diese Veranstaltung kommt nicht wieder.")


@requires(*MAY_EDIT)
@require_POST
def organiser_add(request: HttpRequest, pk: int) -> HttpResponseBase:
    """An actor with whom the event is held."""
    found, form = event_to_edit(request, pk), OrganiserForm(request.POST, user=request.user)
    if form.is_valid():
        actions.add_organiser(event=found, actor=form.cleaned_data["actor"], by=request.user)
    else:
        notify(request, " ".join(form.errors["actor"]), level="error")
    return redirect_to(request, f"{found.get_absolute_url()}#organisers")


@requires(*MAY_EDIT)
@require_POST
def organiser_remove(request: HttpRequest, pk: int, actor: int) -> HttpResponseBase:
    """The event is not held with this actor."""
    found = event_to_edit(request, pk)
    actions.remove_organiser(event=found, actor=get_object_or_404(found.organisers, pk=actor), by=request.user)
    return redirect_to(request, f"{found.get_absolute_url()}#organisers")
