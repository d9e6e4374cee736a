"""Needs that measures of action plans take up (K15): on the need's side, what was decided stays as it is (Z27)."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from projects.actions import needs as actions
from projects.actions.base import Conflict
from projects.actions.plans import begin_update
from projects.models import Measure, NeedMeasure, ProjectLog, ThemeEvent
from projects.workflow import NeedStatus
from tests import make, make_needs, make_plans

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"projects:{name}", args=args)


@pytest.fixture
def need(ost):
    return make_needs.need(title="Dunkle Wege", districts=[ost])


@pytest.fixture
def plan(ost, silke):
    return make_plans.in_force(by=silke, districts=[ost], title="Konzept Ost")


@pytest.fixture
def measure(plan):
    return plan.measures.get()


def test_a_measure_of_an_adopted_plan_takes_up_a_need(client_of, need, measure, mara, silke):
    before = Measure.objects.filter(pk=measure.pk).values().get()
    page = client_of(mara).get(url("need_measure", need.pk))
    assert f"{measure.title} (Konzept Ost)" in page.text

    answer = client_of(mara).post(url("need_measure", need.pk), {"measure": measure.pk})
    assert answer.headers["Location"] == f"{need.get_absolute_url()}#measures"
    need.refresh_from_db()
    assert need.status == NeedStatus.ADOPTED
    assert Measure.objects.filter(pk=measure.pk).values().get() == before
    assert measure.title in client_of(mara).get(need.get_absolute_url()).text
    assert "Dunkle Wege" in client_of(silke).get(measure.get_absolute_url()).text
    kinds = list(ThemeEvent.objects.filter(need=need).order_by("pk").values_list("kind", flat=True))
    assert kinds == ["measure", "status"]


def test_whoever_may_not_read_the_register_sees_no_need_at_the_measure(client_of, need, measure, mara, tara, paul):
    make_needs.taken_up(need=need, measure=measure, by=mara)
    page = client_of(tara).get(measure.get_absolute_url())
    assert page.status_code in (200, 404)
    assert "Dunkle Wege" not in page.text
    link = NeedMeasure.objects.get()
    assert client_of(paul).post(url("need_measure_leave", link.pk)).status_code == 404
    assert client_of(paul).post(url("need_measure", need.pk), {"measure": measure.pk}).status_code == 404
    assert NeedMeasure.objects.count() == 1


def test_only_plans_in_force_of_the_own_districts_or_the_city_are_offered(
    client_of, need, measure, mara, silke, preuswald
):
    city = make_plans.in_force(by=silke).measures.get()
    elsewhere = make_plans.in_force(by=silke, districts=[preuswald]).measures.get()
    sample = make_plans.in_force(by=silke, is_sample=True).measures.get()
    draft = make_plans.measure(plan=make_plans.plan(by=silke, districts=need.districts.all()), by=silke)
    form = client_of(mara).get(url("need_measure", need.pk)).context["form"]
    assert set(form.fields["measure"].queryset) == {measure, city}
    for other in (elsewhere.pk, sample.pk, draft.pk, 10**30, "x", "\0"):
        refused = client_of(mara).post(url("need_measure", need.pk), {"measure": other})
        assert refused.status_code == 422
    assert not NeedMeasure.objects.exists()


def test_a_measure_takes_a_need_up_once_also_as_carried_forward(need, plan, measure, mara, silke):
    make_needs.taken_up(need=need, measure=measure, by=mara)
    with pytest.raises(Conflict, match="schon aufgenommen"):
        make_needs.taken_up(need=need, measure=measure, by=mara)
    with pytest.raises(IntegrityError), transaction.atomic():
        NeedMeasure.objects.create(need=need, measure=measure, by=mara)
    later = begin_update(plan=plan, as_of=make.today().replace(day=1), by=silke)
    make_plans.adopt(later, silke)
    with pytest.raises(Conflict, match="schon aufgenommen"):
        make_needs.taken_up(need=need, measure=later.measures.get(), by=mara)
    with pytest.raises(Conflict, match="abgelöst"):
        make_needs.taken_up(need=make_needs.need(), measure=measure, by=mara)


def test_the_need_shows_the_version_in_force(client_of, need, plan, measure, mara, silke):
    make_needs.taken_up(need=need, measure=measure, by=mara)
    later = begin_update(plan=plan, as_of=make.today().replace(day=1), by=silke)
    carried = later.measures.get()
    assert f'href="{measure.get_absolute_url()}"' in client_of(mara).get(need.get_absolute_url()).text
    make_plans.adopt(later, silke)
    page = client_of(mara).get(need.get_absolute_url()).text
    assert f'href="{carried.get_absolute_url()}"' in page
    assert f'href="{measure.get_absolute_url()}"' not in page
    assert "Dunkle Wege" in client_of(silke).get(carried.get_absolute_url()).text
    make_needs.taken_up(need=(late := make_needs.need(title="Späteres")), measure=carried, by=mara)
    assert late.title not in client_of(silke).get(measure.get_absolute_url()).text  # a superseded version stays


def test_the_link_can_be_taken_back_and_the_history_says_so(client_of, need, measure, mara):
    link = make_needs.taken_up(need=need, measure=measure, by=mara)
    answer = client_of(mara).post(url("need_measure_leave", link.pk))
    assert answer.headers["Location"] == f"{need.get_absolute_url()}#measures"
    assert not NeedMeasure.objects.exists()
    assert "Verknüpfung mit einer Maßnahme gelöst" in client_of(mara).get(need.get_absolute_url()).text
    assert not actions.leave_measure(link=link, by=mara)  # somebody was faster


def test_nothing_is_linked_when_the_status_cannot_be_moved(need, measure, mara, monkeypatch):
    monkeypatch.setattr(actions, "move_need", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        make_needs.taken_up(need=need, measure=measure, by=mara)
    assert not NeedMeasure.objects.exists()
    assert not ThemeEvent.objects.exists()


def test_a_need_that_is_over_joins_nothing(need, measure, mara):
    actions.set_status(need=need, status=NeedStatus.DONE, by=mara)
    with pytest.raises(Conflict, match="erledigt"):
        make_needs.taken_up(need=need, measure=measure, by=mara)


def test_a_project_begun_from_a_need_has_a_history_from_its_first_day(need, ost, mara):
    project = actions.start_project(need=need, title="Lichtergang", by=mara)
    assert list(ProjectLog.objects.filter(project=project).values_list("kind", flat=True)) == ["entered"]
    assert (project.origin, project.keeper, list(project.districts.all())) == ("need", mara, [ost])
