"""What shows a need: concerns, other evidence; and where it goes: an agenda, a project (K15, K18, N5)."""

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from concerns.models import Concern
from concerns.views.fetch import concern_to_act_on
from concerns.views.steps import press, sent, take_step
from districts.access import requires
from districts.roles import Perm
from districts.views.saving import save_form
from projects.actions import needs as actions
from projects.forms.needs import (
    AgendaForm,
    ChosenConcernsForm,
    EvidenceForm,
    NeedMeasureForm,
    NeedProjectForm,
)
from projects.models import Need, NeedEvidence, NeedMeasure, Session
from projects.need_page import like
from projects.views.needs import frame, need_to_decide, need_to_edit, own_concerns
from quartier.web.notices import notify
from quartier.web.pages import redirect_to, render_page

FOUND = 50
LINKED = {0: "Diese Anliegen sind schon verknüpft.", 1: "Ein Anliegen ist verknüpft."}


def _linked(count: int) -> str:
    return LINKED.get(count, f"{count} Anliegen sind verknüpft.")


@requires(Perm.EDIT_NEEDS)
def need_concerns(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Search concerns of the own districts and link them."""
    found = need_to_edit(request, pk)
    if request.method == "POST":
        form = ChosenConcernsForm(request.POST, user=request.user)
        chosen = own_concerns(request, form.cleaned_data.get("c") or []) if form.is_valid() else []
        if chosen:
            return press(
                request,
                act=lambda: actions.link_concerns(need=found, concerns=chosen, by=request.user),
                message=_linked,
                to=f"{found.get_absolute_url()}#concerns",
            )
        notify(request, "Bitte zuerst Anliegen auswählen.", level="error")
    text = request.GET.get("q", "").strip()[:200].replace("\0", "")
    return render_page(
        request,
        "projects/needs/concerns.html",
        frame(found, "Anliegen verknüpfen", need=found, q=text, rows=_candidates(request, found, text)),
        status=422 if request.method == "POST" else 200,
    )


def _candidates(request: HttpRequest, need: Need, text: str) -> list[Concern]:
    """Concerns of the need's districts on which this person works, that are not linked; the newest first."""
    districts = [one.pk for one in need.districts.all()]
    rows = Concern.objects.for_team(request.user).filter(district__in=districts, is_sensitive=False, lead=None)
    rows = rows.exclude(need_links__need=need)
    for word in text.split()[:8]:
        rows = (
            rows.filter(title__icontains=word)
            | rows.filter(topic__name__icontains=word)
            | rows.filter(number__icontains=word)
        )
    shown = rows.select_related("topic", "district").defer("search", "text", "district__boundary")
    return list(shown.order_by("-received_on", "-pk")[:FOUND])


@requires(Perm.EDIT_NEEDS)
@require_POST
def need_unlink(request: HttpRequest, pk: int, concern: int) -> HttpResponseBase:
    """A concern does not show this need after all."""
    found = need_to_edit(request, pk)
    row = get_object_or_404(Concern.objects.visible_to(request.user), pk=concern)
    return press(
        request,
        act=lambda: actions.unlink_concern(need=found, concern=row, by=request.user),
        message="Die Verknüpfung ist gelöst.",
        to=f"{found.get_absolute_url()}#concerns",
    )


@requires(Perm.EDIT_NEEDS)
def concern_needs(request: HttpRequest, number: str) -> HttpResponseBase:
    """From a concern: the themes it may belong to, those it belongs to, or a new one."""
    concern = concern_to_act_on(request, number, Perm.LOG_CONCERN)
    return _choose(request, [concern] if not concern.is_sensitive else [], concern)


@requires(Perm.EDIT_NEEDS)
@require_POST
def needs_of_concerns(request: HttpRequest) -> HttpResponseBase:
    """From the list of concerns: those that were chosen go to a theme."""
    form = ChosenConcernsForm(request.POST, user=request.user)
    chosen = own_concerns(request, form.cleaned_data.get("c") or []) if form.is_valid() else []
    if not chosen:
        errors = [text for texts in form.errors.values() for text in texts]
        notify(request, errors[0] if errors else actions.SENSITIVE, level="error")
        return redirect_to(request, _list(request))
    left_out = len(set(form.cleaned_data["c"])) - len(chosen)
    return _choose(request, chosen, None, left_out=left_out, begin="need" not in request.POST)


def _list(request: HttpRequest) -> str:
    query = request.POST.get("query", "")[:2000]
    return f"{reverse('concerns:list')}{f'?{query}' if query else ''}"


def _choose(
    request: HttpRequest, concerns: list[Concern], concern: Concern | None, *, left_out: int = 0, begin: bool = False
) -> HttpResponseBase:
    """Show the choice of a theme for concerns, or link them."""
    form = ChosenConcernsForm(sent(request), user=request.user)
    if request.method == "POST" and not begin:
        need = form.cleaned_data.get("need") if form.is_valid() else None
        if need and concerns:
            return press(
                request,
                act=lambda: actions.link_concerns(need=need, concerns=concerns, by=request.user),
                message=_linked,
                to=need.get_absolute_url(),
            )
        form.add_error("need", "Bitte ein Thema wählen.")
    context = _choice(request, concerns, concern, left_out) | ({} if begin else {"form": form})
    status = 422 if request.method == "POST" and not begin else 200
    return render_page(request, "projects/needs/choose.html", context, status=status)


def _choice(request: HttpRequest, concerns: list[Concern], concern: Concern | None, left_out: int) -> dict:
    """What the page of the choice shows."""
    own = Need.objects.editable_by(request.user).open()
    return {
        "title": "Zum Thema …",
        "concerns": concerns,
        "concern": concern,
        "like": like(_full(concerns[0]), own) if concerns else [],
        "linked": Need.objects.visible_to(request.user).filter(links__concern=concern) if concern else [],
        "left_out": left_out,
        "form": ChosenConcernsForm(user=request.user),
        "query": request.POST.get("query", "")[:2000],
        "back": concern.get_absolute_url() if concern else _list(request),
        "back_label": concern.number if concern else "Anliegen",
        "action": request.path,
    }


def _full(concern: Concern) -> Concern:
    return Concern.objects.select_related("topic__parent").defer("search").get(pk=concern.pk)


@requires(Perm.EDIT_NEEDS)
def evidence_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Note what else shows a need."""
    found = need_to_edit(request, pk)
    return save_form(
        request,
        EvidenceForm(sent(request)),
        save=partial(actions.add_evidence, need=found),
        template="districts/form.html",
        context=frame(found, "Beleg eintragen"),
        message="Eingetragen.",
        to=f"{found.get_absolute_url()}#evidence",
    )


@requires(Perm.EDIT_NEEDS)
@require_POST
def evidence_remove(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take a piece of evidence away."""
    own = Need.objects.editable_by(request.user)
    found = get_object_or_404(NeedEvidence.objects.filter(need__in=own.values("pk")).select_related("need"), pk=pk)
    return press(
        request,
        act=lambda: actions.remove_evidence(evidence=found, by=request.user),
        message="Der Beleg ist entfernt.",
        to=f"{found.need.get_absolute_url()}#evidence",
    )


@requires(Perm.DECIDE_NEEDS)
def need_agenda(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Put a need onto an agenda: the page shows the words that will stand there."""
    found = need_to_decide(request, pk)
    sessions = Session.objects.editable_by(request.user).ahead(timezone.localdate()).exclude(items__need=found)
    sessions = sessions.select_related("body")
    form = AgendaForm(sent(request), sessions=sessions)
    return take_step(
        request,
        form,
        act=partial(actions.propose, need=found, by=request.user),
        template="projects/needs/agenda.html",
        context=frame(
            found, "Auf eine Tagesordnung setzen", need=found, words=actions.agenda_text(found), any=sessions.exists()
        ),
        message="Das Thema steht auf der Tagesordnung.",
        to=lambda item: f"{item.session.get_absolute_url()}#agenda",
    )


@requires(Perm.DECIDE_NEEDS)
def need_project(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Make a project of a need, or give it to one that is there."""
    found = need_to_decide(request, pk)
    form = NeedProjectForm(sent(request), need=found, user=request.user)

    def act(title: str, project):
        if project is None:
            return actions.start_project(need=found, title=title, by=request.user)
        return actions.join_project(need=found, project=project, by=request.user)

    return take_step(
        request,
        form,
        act=act,
        template="projects/needs/project.html",
        context=frame(found, "Projekt zum Thema", need=found),
        message="Das Thema ist als Projekt aufgenommen.",
        to=f"{found.get_absolute_url()}#projects",
    )


@requires(Perm.DECIDE_NEEDS)
def need_measure(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give a need to a measure of an adopted plan."""
    found = need_to_decide(request, pk)
    form = NeedMeasureForm(sent(request), need=found)
    return take_step(
        request,
        form,
        act=partial(actions.join_measure, need=found, by=request.user),
        template="projects/needs/measure.html",
        context=frame(found, "Maßnahme zum Thema", need=found, any=form.fields["measure"].queryset.exists()),
        message="Das Thema ist als Maßnahme aufgenommen.",
        to=f"{found.get_absolute_url()}#measures",
    )


@requires(Perm.DECIDE_NEEDS)
@require_POST
def need_measure_leave(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A measure does not take a need up after all."""
    own = Need.objects.decidable_by(request.user)
    found = get_object_or_404(NeedMeasure.objects.filter(need__in=own.values("pk")).select_related("need"), pk=pk)
    return press(
        request,
        act=lambda: actions.leave_measure(link=found, by=request.user),
        message="Die Verknüpfung ist gelöst. Der Stand des Themas bleibt.",
        to=f"{found.need.get_absolute_url()}#measures",
    )
