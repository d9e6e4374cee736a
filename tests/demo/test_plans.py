"""Action plans and money of the demo city (Q17, appendices F.3 and G)."""

import pytest
from django.urls import reverse
from django.utils import timezone

from districts.models import District, User
from projects.attainment import goal_states, without_indicator
from projects.finance import plan_finance
from projects.models import ActionPlan, Amendment, FinanceLine, FundingSource
from projects.tableau import plan_status, tableau
from tests import make

pytestmark = pytest.mark.django_db


def test_belm_is_a_sample_in_two_versions_and_counts_nowhere():
    old, new = ActionPlan.objects.filter(is_sample=True).order_by("number")
    assert [(one.status, one.goals.count(), one.measures.count()) for one in (old, new)] == [
        ("superseded", 8, 5), ("adopted", 8, 5),
    ]  # fmt: skip
    assert [one.label for one in Amendment.objects.of_plan(new)] == ["Nachtrag Dez. 03"] * 4
    assert not Amendment.objects.of_plan(old).exists()
    assert new not in [row.plan for row in plan_status(None, timezone.localdate())]


def test_aachen_nord_has_twenty_measures_in_four_colours_and_a_history():
    plan = ActionPlan.objects.in_force().get(districts__slug="nord")
    found = tableau(plan)
    assert (found.total, plan.number) == (20, 2)
    assert all(count >= 2 for _, _, count in found.cells)
    rows = plan_status([District.objects.get(slug="nord")], timezone.localdate())
    assert [row.cells for row in rows] == [group.cells for group in found.every]
    assert len(without_indicator(goal_states(plan))) == 1
    assert plan.measures.exclude(projects=None).count() == 3


def test_money_is_in_every_state_and_some_of_it_unknown():
    assert {state for (state,) in FinanceLine.objects.values_list("state")} == {
        "intended", "possible", "applied", "granted", "refused", "drawn", "settled",
    }  # fmt: skip
    assert FinanceLine.objects.filter(value=None).exists()
    assert FinanceLine.objects.exclude(assignment=None).exists()
    assert FinanceLine.objects.exclude(project=None).exists()
    plan = ActionPlan.objects.in_force().get(districts__slug="nord")
    assert str(plan_finance(plan).table.total.total).startswith("mindestens ")
    assert {level for (level,) in FundingSource.objects.values_list("level")} == set(FundingSource.Level.values)


@pytest.mark.parametrize("login", ["a.yilmaz", "e.steinmetz", "d.pelzer"])
def test_every_page_opens(login):
    user = User.objects.get(email__startswith=login)
    client = make.client_of(user)
    plans = ActionPlan.objects.visible_to(user)
    paths = [reverse("projects:plans"), reverse("projects:sources"), *(one.get_absolute_url() for one in plans)]
    paths += [one.get_absolute_url() for plan in plans for one in plan.measures.all()[:5]]
    assert {client.get(path).status_code for path in paths} == {200}
    assert len(paths) > 15
