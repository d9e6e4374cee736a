"""Noting who looked at personal data (Q02)."""

from collections.abc import Iterable
from datetime import date

from concerns.models import ReporterAccess
from districts.models import User


def note_reporter_access(*, concern_ids: Iterable[int], by: User, on: date) -> None:
    """Note that `by` saw the reporters of these concerns: one statement, once a day and person."""
    rows = [ReporterAccess(user=by, concern_id=pk, on=on) for pk in sorted(set(concern_ids))]
    ReporterAccess.objects.bulk_create(rows, ignore_conflicts=True)
