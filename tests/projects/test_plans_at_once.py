"""Plans and money with two real connections: whoever is second is told, and nothing happens twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection

from districts.actions.base import Conflict
from projects.actions.funding import save_line
from projects.actions.measures import change_status
from projects.actions.plans import begin_update
from projects.models import ActionPlan, Amendment
from tests import make_plans


def _at_once(step):
    """Take a step twice at the same moment, each on its own connection; the names of what came out."""
    barrier = Barrier(2)

    def run(number):
        try:
            barrier.wait(timeout=20)
            return type(step(number)).__name__
        except Conflict:
            return "Conflict"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(run, range(2)))


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_told(silke, ost):
    plan = make_plans.in_force(by=silke, districts=[ost])
    measure = plan.measures.get()
    line = make_plans.line(paid=measure, by=silke)

    def colour(number):
        return change_status(measure=measure, status="dropped", version=1, text=f"Grund {number}", by=silke)

    assert _at_once(colour) == ["Conflict", "Measure"]
    assert Amendment.objects.count() == 1

    assert _at_once(
        lambda number: save_line(line=line, version=1, amount=Decimal(number), by=silke)
    ) == ["Conflict", "FinanceLine"]  # fmt: skip

    assert _at_once(lambda number: begin_update(plan=plan, as_of=date(2026, 1, 1), by=silke)) == [
        "ActionPlan", "Conflict",
    ]  # fmt: skip
    new = ActionPlan.objects.get(line=plan.line, number=2)

    assert _at_once(
        lambda number: make_plans.adopt(new, silke, decision=f"Rat {number}")
    ) == ["ActionPlan", "Conflict"]  # fmt: skip
    assert [one.status for one in ActionPlan.objects.order_by("number")] == ["superseded", "adopted"]
