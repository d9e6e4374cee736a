"""„Wirkt es noch?“: what is to be looked at, and the answer (anchors N6)."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from districts.access import requires
from districts.views.saving import save_form
from projects.actions import effects as actions
from projects.forms.projects import CheckForm
from projects.models import EffectCheck, Project
from projects.project_page import closed_origins
from projects.views.projects import MAY_EDIT
from projects.views.refusals import refusing
from quartier.web.pages import render_page
from quartier.web.paging import keyset_page


@requires(*MAY_EDIT)
@require_safe
def effect_checks(request: HttpRequest) -> HttpResponse:
    """The questions whose day has come, of the own desk; with `?zeigen=alle` all that are open."""
    today, everything = timezone.localdate(), request.GET.get("zeigen") == "alle"
    mine = EffectCheck.objects.filter(project__in=Project.objects.editable_by(request.user).values("pk"), answer="")
    rows = mine if everything else EffectCheck.objects.in_basket_of(request.user).due(today)
    page = keyset_page(
        rows.select_related("project"), request.GET, key="due_on", descending=False, noun=("Frage", "Fragen")
    )
    context = {"title": "Wirkt es noch?", "page": page, "everything": everything, "today": today}
    return render_page(request, "projects/effects/list.html", context)


@requires(*MAY_EDIT)
def effect_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer the question for a project."""
    checks = EffectCheck.objects.filter(project__in=Project.objects.editable_by(request.user).values("pk"))
    found = get_object_or_404(checks.select_related("project"), pk=pk)
    project = found.project

    def save(**given):
        return actions.answer_check(check=found, **given)

    return save_form(
        request,
        CheckForm(request.POST or None, closed=closed_origins(project, request.user)),
        save=refusing(partial(save)),
        template="projects/effects/answer.html",
        context={
            "title": "Wirkt es noch?",
            "project": project,
            "check": found,
            "back": project.get_absolute_url(),
            "back_label": project.title,
        },
        message="Danke, das ist festgehalten.",
        to=f"{project.get_absolute_url()}#effects",
    )
