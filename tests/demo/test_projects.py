"""Projects, events and phases of the demo city (Q17, appendix G)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from concerns.models import Concern
from districts.models import District, GroupPhase, ResidentGroup, User
from projects.models import EffectCheck, Event, EventPhoto, PhaseAssessment, Project, ProjectTask
from projects.workflow import EventStatus, ProjectStatus
from tests import make

pytestmark = pytest.mark.django_db


def test_there_are_projects_in_every_state_and_every_district():
    assert {one for (one,) in Project.objects.values_list("status")} == set(ProjectStatus.values)
    assert not District.objects.exclude(projects__isnull=False).exists()
    assert Project.objects.count() >= 25
    assert Project.objects.filter(partners__is_shared=True, districts__slug="preuswald").exists()


def test_the_formats_of_the_source_took_place_over_a_year_and_a_half():
    today = timezone.localdate()
    named = {
        "stadtteilfest", "fahrradwerkstatt", "kochaktion", "filmabend", "bepflanzungsaktion", "ausflug", "wandercafe",
    }  # fmt: skip
    assert named <= {one for (one,) in Event.objects.filter(status="held").values_list("format__code")}
    assert Event.objects.count() >= 60
    assert Event.objects.filter(on__lt=today - timedelta(days=500)).exists()
    assert Event.objects.filter(on__gt=today, is_public=True).count() >= 5
    assert {one for (one,) in Event.objects.values_list("status")} == set(EventStatus.values)
    assert EventPhoto.objects.exists()


def test_concerns_were_raised_there_and_people_wait_for_the_news():
    occasions = Event.objects.values("occasion")
    assert Concern.objects.filter(occasion__in=occasions).count() >= 5
    waiting = Concern.objects.filter(project_links__isnull=False, status="feedback_due")
    assert {"became_project", "declined"} <= {one for (one,) in waiting.values_list("outcome")}


def test_something_is_due_at_every_kind_of_desk():
    today = timezone.localdate()
    assert ProjectTask.objects.due(today).exists()
    assert EffectCheck.objects.due(today).exists()
    assert Event.objects.unreported(today).exists()
    assert {"holds", "partly", "failed"} <= {one for (one,) in EffectCheck.objects.values_list("answer")}


def test_groups_and_districts_have_moved_and_one_group_is_proposed_for_phase_3():
    assert {one for (one,) in ResidentGroup.objects.values_list("phase")} == {2, 3}
    assert GroupPhase.objects.count() > 2 * ResidentGroup.objects.count() - 3
    assert PhaseAssessment.objects.values("district").distinct().count() >= 5
    assert [one for one in ResidentGroup.objects.all() if one.proposed_phase]


@pytest.mark.parametrize("login", ["a.yilmaz", "e.steinmetz", "b.kuepper", "r.overath"])
def test_every_page_opens(login):
    user = User.objects.get(email__startswith=login)
    client = make.client_of(user)
    rows = (*Project.objects.visible_to(user), *Event.objects.visible_to(user)[:15])
    paths = [reverse("projects:projects"), reverse("projects:events"), *(one.get_absolute_url() for one in rows)]
    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 200)
    assert len(paths) > 3
