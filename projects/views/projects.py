"""Projects: list, page, entering, steps, partners, the concerns behind them (Z29, K18)."""

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from concerns.models import Concern
from districts.access import requires
from districts.models import District
from districts.roles import Perm
from districts.views.saving import save_form
from projects.actions import projects as actions
from projects.actions.base import LoopError
from projects.forms.projects import LinkForm, PartnerForm, ProjectForm, StepForm
from projects.models import AgendaItem, Body, Project, ProjectConcern, ProjectPartner
from projects.project_export import project_lines
from projects.project_filters import ProjectFilter
from projects.project_page import ICONS, TONES, page_of, suggested_news, with_facts
from projects.views.refusals import refusing
from projects.workflow import ItemKind
from quartier.web.notices import notify
from quartier.web.pages import form_status, redirect_to, render_page
from quartier.web.paging import keyset_page

MAY_READ = (Perm.READ_PROJECTS, Perm.SEE_PARTNER_PROJECTS, Perm.OWN_PROJECTS)
MAY_EDIT = (Perm.EDIT_PROJECTS, Perm.EDIT_ALL_PROJECTS)
NOUN = ("Projekt", "Projekte")


@requires(*MAY_READ)
@require_safe
def projects(request: HttpRequest) -> HttpResponse:
    """The list, narrowed while typing; partners see the projects they take part in."""
    filters, rights = ProjectFilter(request.GET, user=request.user), request.user.rights
    page = keyset_page(filters.qs.for_list(), request.GET, key="sort_key", descending=False, noun=NOUN)
    context = {
        "title": "Projekte",
        "filter": filters,
        "page": page,
        "rows": [_row(one) for one in page],
        "query": request.GET.urlencode(),
        "may_edit": any(rights.can(perm) for perm in MAY_EDIT),
        "full": rights.can(Perm.READ_PROJECTS),
    }
    status = form_status(filters.form)
    return render_page(request, "projects/projects/list.html", context, fragments={"list": "list"}, status=status)


def _row(one: Project) -> dict:
    places = ", ".join(place.short_name for place in one.districts.all()) or "stadtweit"
    return {"project": one, "places": places, "tone": TONES[one.status], "icon": ICONS.get(one.status, "")}


@requires(Perm.READ_PROJECTS)
@require_safe
def project_export(request: HttpRequest) -> HttpResponseBase:
    """The filtered list as a CSV file; a filter that cannot be read leads back to the list, which says why."""
    filters = ProjectFilter(request.GET, user=request.user)
    if not filters.form.is_valid():
        return redirect_to(request, f"{reverse('projects:projects')}?{request.GET.urlencode()}")
    return StreamingHttpResponse(
        project_lines(filters.qs),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="projekte-{timezone.localdate():%Y-%m-%d}.csv"'},
    )


@requires(*MAY_READ)
@require_safe
def project(request: HttpRequest, pk: int) -> HttpResponse:
    """One project, as much of it as this person may see."""
    found = get_object_or_404(with_facts(Project.objects.visible_to(request.user)), pk=pk)
    context = {"title": found.title, **page_of(found, request.user, today=timezone.localdate())}
    return render_page(request, "projects/projects/detail.html", context)


@requires(*MAY_EDIT)
def project_new(request: HttpRequest) -> HttpResponse:
    """Enter a project."""
    return save_new(request, {"districts": _own_districts(request)}, "Projekt anlegen")


def _own_districts(request: HttpRequest) -> list[District]:
    """The only district of somebody who has one."""
    own = District.objects.valid_on(timezone.localdate()).filter(
        pk__in=request.user.rights.districts(Perm.EDIT_PROJECTS)
    )
    found = list(own.defer("boundary")[:2])
    return found if len(found) == 1 else []


def save_new(
    request: HttpRequest, first: dict, title: str, *, save=actions.save_project, lead: str = "", back: str = "",
    label: str = "", **of,
) -> HttpResponse:  # fmt: skip
    """Show the form of a new project with what is known already, and enter it by `save`."""
    form = ProjectForm(request.POST or None, user=request.user, initial={"keeper": request.user.pk, **first})
    context = {"title": title, "lead": lead, "back": back or reverse("projects:projects")}
    return save_form(
        request,
        form,
        save=refusing(partial(save, **of)),
        template="projects/projects/form.html",
        context={**context, "back_label": label or "Projekte"},
        message="Das Projekt ist angelegt.",
        to=Project.get_absolute_url,
    )


@requires(*MAY_EDIT)
def project_from_concern(request: HttpRequest, number: str) -> HttpResponse:
    """„Projektidee anlegen“: the text of a concern begins a project, and both know of each other (K18)."""
    shown = Concern.objects.for_team(request.user).filter(is_sensitive=False).select_related("district")
    found = get_object_or_404(shown.defer("search"), number=number)
    first = {"title": found.title, "description": found.text[:4000], "origin": Project.Origin.CONCERN}
    first |= {"districts": [found.district] if found.district else []}
    lead = (
        f"Aus dem Anliegen {found.number}. Bitte prüfen, dass im Text keine Namen stehen: Ein Projekt lesen mehr "
        "Menschen als ein Anliegen."
    )
    return save_new(
        request, first, "Projektidee anlegen", lead=lead, back=found.get_absolute_url(), label=found.number,
        concern=found,
    )  # fmt: skip


@requires(*MAY_EDIT)
def project_from_decision(request: HttpRequest, pk: int) -> HttpResponse:
    """A decision of a body becomes a project; the body hears of it in its next session (Z20)."""
    items = AgendaItem.objects.filter(kind=ItemKind.DECISION, session__body__in=Body.objects.editable_by(request.user))
    found = get_object_or_404(items.select_related("session__body"), pk=pk)
    body = found.session.body
    words = "\n\n".join(filter(None, (found.decision, found.text)))
    first = {"title": found.title, "description": words[:4000], "origin": Project.Origin.BODY}
    first |= {"districts": list(body.districts.defer("boundary"))}
    return save_new(
        request, first, "Projekt anlegen", lead=f"Beschluss: {body.name}, {found.session.on:%d.%m.%Y}.",
        back=found.session.get_absolute_url(), label=body.name, decision=found,
    )  # fmt: skip


def project_to_edit(request: HttpRequest, pk: int) -> Project:
    """A project this person may change; 404 otherwise."""
    return get_object_or_404(Project.objects.editable_by(request.user).select_related("lead"), pk=pk)


@requires(*MAY_EDIT)
def project_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a project; whoever was slower compares first."""
    found = project_to_edit(request, pk)
    form = ProjectForm(request.POST or None, instance=found, user=request.user)

    def compare() -> dict:
        now = Project.objects.get(pk=pk)
        form.on_top_of(now)
        return {"differences": form.differences(now)}

    return save_form(
        request,
        form,
        save=refusing(partial(actions.save_project, project=found)),
        template="projects/projects/form.html",
        context={"title": "Projekt bearbeiten", "back": found.get_absolute_url(), "back_label": found.title},
        message="Gespeichert.",
        to=Project.get_absolute_url,
        on_conflict=compare,
    )


@requires(*MAY_EDIT)
def project_step(request: HttpRequest, pk: int) -> HttpResponse:
    """The next step of a project, also its end: then everybody behind it is owed the news."""
    found = project_to_edit(request, pk)
    waiting = actions.waiting_for_news(found) if found.is_under_way else []
    first = {"version": found.version, "news": suggested_news(found), "to": request.GET.get("nach", "")}
    form = StepForm(request.POST or None, project=found, waiting=waiting, initial=first)

    def compare() -> dict:
        form.on_top_of(Project.objects.get(pk=pk))
        return {}

    return save_form(
        request,
        form,
        save=refusing(partial(actions.move_project, project=found)),
        template="projects/projects/step.html",
        context={
            "title": "Stand ändern",
            "project": found,
            "waiting": waiting,
            "hoped": len(actions.still_hoped_for(found, waiting)),
            "named": Concern.objects.visible_to(request.user).filter(pk__in=[one.pk for one in waiting]),
            "back": found.get_absolute_url(),
            "back_label": found.title,
        },
        message="Der neue Stand ist eingetragen.",
        to=Project.get_absolute_url,
        on_conflict=compare,
    )


# --- Partners ---------------------------------------------------------------------------------------------------------


@requires(*MAY_EDIT)
def partner_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody takes part."""
    return _save_partner(request, project_to_edit(request, pk), None)


def _partner(request: HttpRequest, pk: int) -> ProjectPartner:
    partners = ProjectPartner.objects.filter(project__in=Project.objects.editable_by(request.user).values("pk"))
    return get_object_or_404(partners.select_related("project", "actor", "department"), pk=pk)


@requires(*MAY_EDIT)
def partner_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The part somebody takes changes."""
    found = _partner(request, pk)
    return _save_partner(request, found.project, found)


def _save_partner(request: HttpRequest, of: Project, found: ProjectPartner | None) -> HttpResponse:
    form = PartnerForm(request.POST or None, instance=found or ProjectPartner(project=of), user=request.user)
    return save_form(
        request,
        form,
        save=refusing(partial(actions.save_partner, project=of, partner=found)),
        template="districts/form.html",
        context={
            "title": "Partner ändern" if found else "Partner eintragen",
            "back": of.get_absolute_url(),
            "back_label": of.title,
        },
        message="Gespeichert.",
        to=f"{of.get_absolute_url()}#partners",
    )


@requires(*MAY_EDIT)
@require_POST
def partner_remove(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Somebody takes no part any more."""
    found = _partner(request, pk)
    actions.remove_partner(partner=found, by=request.user)
    notify(request, f"{found.label} ist nicht mehr dabei.")
    return redirect_to(request, f"{found.project.get_absolute_url()}#partners")


# --- Concerns behind it -----------------------------------------------------------------------------------------------


@requires(*MAY_EDIT)
def project_link(request: HttpRequest, pk: int) -> HttpResponse:
    """A concern belongs to the project."""
    found = project_to_edit(request, pk)
    return save_form(
        request,
        LinkForm(request.POST or None, user=request.user),
        save=refusing(partial(actions.link_concern, project=found)),
        template="districts/form.html",
        context={
            "title": "Anliegen verknüpfen",
            "lead": "Wer das Anliegen gemeldet hat, erfährt am Ende, was aus dem Projekt geworden ist.",
            "back": found.get_absolute_url(),
            "back_label": found.title,
            "save_label": "Verknüpfen",
        },
        message="Verknüpft.",
        to=f"{found.get_absolute_url()}#concerns",
    )


@requires(*MAY_EDIT)
@require_POST
def project_unlink(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A concern does not belong to the project after all; only its own team says so."""
    links = ProjectConcern.objects.filter(
        project__in=Project.objects.editable_by(request.user).values("pk"),
        concern__in=Concern.objects.for_team(request.user).values("pk"),
    )
    found = get_object_or_404(links.select_related("project", "concern"), pk=pk)
    try:
        actions.unlink_concern(link=found, by=request.user)
    except LoopError as error:
        notify(request, str(error), level="error")
    else:
        notify(request, f"{found.concern.number} gehört nicht mehr zum Projekt.")
    return redirect_to(request, f"{found.project.get_absolute_url()}#concerns")
