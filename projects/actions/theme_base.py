"""What actions on needs and theme reports share."""

from datetime import datetime

from districts.models import User
from projects.models import Need, ThemeEvent, ThemeRecipient, ThemeReport

from .base import Conflict


def lock_need(need: Need) -> Need:
    """Lock a need for the transaction and return it as it stands now."""
    return Need.objects.select_for_update(of=("self",)).get(pk=need.pk)


def lock_report(report: ThemeReport) -> ThemeReport:
    """Lock a theme report for the transaction and return it as it stands now.

    Raises:
        Conflict: somebody has deleted the draft meanwhile.
    """
    rows = ThemeReport.objects.select_for_update(of=("self",)).select_related("district")
    found = rows.filter(pk=report.pk).first()
    if found is None:
        raise Conflict("Jemand anderes hat diesen Entwurf inzwischen gelöscht.")
    return found


def lock_recipient(recipient: ThemeRecipient) -> ThemeRecipient:
    """Lock a recipient's report, then the recipient, and return it as it stands now.

    Raises:
        Conflict: somebody has taken the recipient out of the draft meanwhile.
    """
    report = lock_report(ThemeReport(pk=recipient.report_id))
    rows = ThemeRecipient.objects.select_for_update(of=("self",)).select_related("department")
    found = rows.filter(pk=recipient.pk).first()
    if found is None:
        raise Conflict("Jemand anderes hat diese Stelle inzwischen aus dem Entwurf genommen.")
    found.report = report
    return found


def note(kind: str, *, by: User | None, at: datetime, need: Need | None = None, report: ThemeReport | None = None,
         recipient: ThemeRecipient | None = None, old: str = "", new: str = "", **data) -> None:  # fmt: skip
    """Append an event. `data` holds codes, dates (ISO) and ids, never text somebody wrote."""
    ThemeEvent.objects.create(
        kind=kind, need=need, report=report, recipient=recipient, old=old, new=new, data=data, by=by, at=at
    )
