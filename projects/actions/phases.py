"""Writes on the phases of activation of districts (Z31); those of resident groups: `districts.actions.groups`."""

from datetime import date, datetime

from django.db import transaction

from districts.models import District, User
from projects.models import PhaseAssessment

from .base import LoopError, day, moment


@transaction.atomic
def assess_district(
    *,
    district: District,
    phase: int,
    on: date,
    evidence: str,
    assessor: str,
    by: User,
    at: datetime | None = None,
) -> PhaseAssessment:
    """Say in which phase a district is, since when, and how that shows. Earlier assessments stay.

    Raises:
        LoopError: a day to come, or one that has an assessment already.
    """
    at = moment(at)
    if on > day(at):
        raise LoopError("Dieser Tag liegt in der Zukunft.")
    if PhaseAssessment.objects.filter(district=district, on=on).exists():
        raise LoopError("Für diesen Tag gibt es schon eine Einschätzung.")
    return PhaseAssessment.objects.create(
        district=district, phase=phase, on=on, evidence=evidence, assessor=assessor, by=by, at=at
    )
