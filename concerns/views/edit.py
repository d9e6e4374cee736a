"""Correcting a concern and the people behind it."""

from functools import partial

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from concerns.actions.access import note_reporter_access
from concerns.actions.base import Conflict
from concerns.actions.intake import ReporterData, add_reporter, edit_concern, edit_reporter
from concerns.actions.photos import MAX_PHOTOS
from concerns.forms.concern import EditForm
from concerns.forms.reporter import ReporterForm
from concerns.models import Concern, LoopSettings, Reporter
from concerns.views.fetch import concern_to_act_on
from concerns.views.steps import take_step
from districts import geo
from districts.access import requires
from districts.models import District
from districts.roles import Perm
from quartier.web.notices import notify
from quartier.web.pages import conflict, form_status, redirect_to, render_page

EDIT = "concerns/edit.html"
REPORTER = "concerns/reporter.html"


@requires(Perm.LOG_CONCERN)
def edit(request: HttpRequest, number: str) -> HttpResponseBase:
    """Correct what was logged; whoever was slower compares first."""
    concern = concern_to_act_on(request, number, Perm.LOG_CONCERN)
    form = EditForm.of(concern, request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            edit_concern(
                concern=concern, data=form.concern_data(), version=form.cleaned_data["version"], by=request.user
            )
        except Conflict as error:
            form.add_error(None, str(error))
            now = concern_to_act_on(request, number, Perm.LOG_CONCERN)
            context = _edit_context(now, form.on_top_of(now))
            return conflict(request, EDIT, {**context, "differences": form.differences(now)})
        notify(request, "Änderungen gespeichert.")
        return redirect_to(request, _after_edit(request, concern))
    return render_page(request, EDIT, _edit_context(concern, form), status=form_status(form))


def _edit_context(concern: Concern, form: EditForm) -> dict:
    return {
        "title": f"{concern.number} bearbeiten",
        "concern": concern,
        "form": form,
        "map": {"polygons": geo.features(District.objects.valid_on(timezone.localdate()))},
        "photos": list(concern.photos.all()),
        "more_photos": MAX_PHOTOS,
    }


def _after_edit(request: HttpRequest, concern: Concern) -> str:
    """The concern, unless it was given to a district that this person does not see."""
    visible = Concern.objects.visible_to(request.user).filter(pk=concern.pk).exists()
    return concern.get_absolute_url() if visible else reverse("home")


@requires(Perm.LOG_CONCERN)
def reporter_add(request: HttpRequest, number: str) -> HttpResponseBase:
    """Add a person to a concern."""
    concern = concern_to_act_on(request, number, Perm.LOG_CONCERN)
    return take_step(
        request,
        ReporterForm(request.POST or None),
        act=lambda **typed: add_reporter(concern=concern, data=ReporterData(**typed), by=request.user),
        template=REPORTER,
        context={"title": "Person hinzufügen", "concern": concern},
        message="Person hinzugefügt.",
        to=concern.get_absolute_url(),
    )


@requires(Perm.LOG_CONCERN)
def reporter_edit(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    """Correct who raised a concern; looking at it is noted (Q02)."""
    concern = concern_to_act_on(request, number, Perm.LOG_CONCERN)
    whole_team = LoopSettings.load().assistants_see_team_reporters
    visible = Reporter.objects.visible_to(request.user, whole_team=whole_team)
    reporter = get_object_or_404(visible, concern=concern, pk=pk, erased_at=None)
    note_reporter_access(concern_ids=[concern.pk], by=request.user, on=timezone.localdate())
    stored = {name: getattr(reporter, name) for name in ReporterForm.base_fields}
    return take_step(
        request,
        ReporterForm(request.POST or None, initial=stored),
        act=partial(_edit_reporter, reporter, request.user),
        template=REPORTER,
        context={"title": "Person bearbeiten", "concern": concern, "reporter": reporter},
        message="Gespeichert.",
        to=concern.get_absolute_url(),
    )


def _edit_reporter(reporter: Reporter, by, **typed) -> Reporter:
    return edit_reporter(reporter=reporter, data=ReporterData(**typed), by=by)
