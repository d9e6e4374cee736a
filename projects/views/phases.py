"""The three phases of activation: board, assessment, movement (Z31)."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from districts.access import requires
from districts.models import District
from districts.roles import Perm
from districts.views.saving import save_form
from projects.actions import phases as actions
from projects.forms.phases import AssessForm, SpanForm
from projects.phase_board import board_of, district_moves, group_moves
from projects.views.projects import MAY_EDIT
from projects.views.refusals import refusing
from quartier.web.pages import form_status, render_page


def _districts() -> list[District]:
    return list(District.objects.valid_on(timezone.localdate()).defer("boundary"))


def _chosen(request: HttpRequest, districts: list[District]) -> District | None:
    """The district that the address names, else the first of the person's own, else the first of all."""
    asked = request.GET.get("district", "")
    own = request.user.rights.team_district_ids
    found = next((one for one in districts if str(one.pk) == asked), None)
    return found or next((one for one in districts if one.pk in own), districts[0] if districts else None)


@requires(Perm.READ_PROJECTS)
@require_safe
def phases(request: HttpRequest) -> HttpResponse:
    """The board of a district."""
    districts = _districts()
    chosen = _chosen(request, districts)
    context = {
        "title": "Phasen der Aktivierung",
        "districts": districts,
        "district": chosen,
        "board": board_of(chosen, request.user, today=timezone.localdate()) if chosen else None,
        "may_edit": any(request.user.rights.can(perm) for perm in MAY_EDIT),
    }
    return render_page(request, "projects/phases/board.html", context)


@requires(*MAY_EDIT)
def phase_assess(request: HttpRequest) -> HttpResponse:
    """Say in which phase a district is."""
    chosen = _chosen(request, _districts())
    first = {"district": chosen, "assessor": f"{request.user.name}, Quartiersmanagement"[:160]}
    back = reverse("projects:phases")
    return save_form(
        request,
        AssessForm(request.POST or None, user=request.user, initial=first),
        save=refusing(partial(actions.assess_district)),
        template="districts/form.html",
        context={"title": "Quartier einschätzen", "back": back, "back_label": "Phasen der Aktivierung"},
        message="Die Einschätzung ist eingetragen.",
        to=lambda saved: f"{back}?district={saved.district_id}",
    )


@requires(Perm.READ_PROJECTS)
@require_safe
def phase_moves(request: HttpRequest) -> HttpResponse:
    """Which groups and districts have moved between two days."""
    districts, asked = _districts(), request.GET.get("district", "")
    form = SpanForm(request.GET or {})
    some = [one for one in districts if str(one.pk) == asked] or districts
    span = form.cleaned_data if form.is_valid() else None
    context = {
        "title": "Bewegung zwischen den Phasen",
        "form": form,
        "districts": districts,
        "chosen": asked,
        "span": span,
        "groups": group_moves(some, **span) if span else [],
        "quarters": district_moves(some, **span) if span else [],
    }
    return render_page(request, "projects/phases/moves.html", context, status=form_status(form))
