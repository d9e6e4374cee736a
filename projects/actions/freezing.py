"""Freezes the money of a version of a plan in the moment it is superseded (Z23, Z40)."""

from projects.models import ActionPlan, FinanceLine, FrozenCost, FrozenLine, PlannedCost

_LINE = ["kind", "state", "amount", "hours", "rate", "value", "year", "deadline_on", "deadline_what", "note"]


def freeze_money(plan: ActionPlan) -> None:
    """Keep lines and planned costs of a locked version's measures as they stand now.

    They hang on each measure's first version and go on changing; the version that is superseded shows these.
    """
    measures = {one.key: one for one in plan.measures.all()}
    lines = FinanceLine.objects.filter(measure__key__in=measures).select_related("measure", "source").order_by("pk")
    FrozenLine.objects.bulk_create(
        FrozenLine(
            plan=plan, measure=measures[one.measure.key], source=one.source, source_name=str(one.source or ""),
            **{name: getattr(one, name) for name in _LINE},
        )
        for one in lines
    )  # fmt: skip
    costs = PlannedCost.objects.filter(measure__key__in=measures).select_related("measure")
    FrozenCost.objects.bulk_create(
        FrozenCost(plan=plan, measure=measures[one.measure.key], amount=one.amount, basis=one.basis) for one in costs
    )
