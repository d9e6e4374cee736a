"""Saving the capture page: once, whole, with everything that was typed (K01, K05, K13)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from concerns.models import Concern, ConcernNote, Reporter
from districts.models import User

from .base import Conflict, lock_concern, moment, record
from .drafts import discard_draft
from .forwarding import Target, forward
from .intake import OWN_OBSERVATION, ConcernData, ReporterData, add_reporter, log_concern
from .photos import attach_held

DRAFT = "capture"


@dataclass(frozen=True)
class Captured:
    """The concern of a form; `is_new` is False when the form had been sent before."""

    concern: Concern
    is_new: bool


def capture(
    *,
    by: User,
    form_key: UUID,
    data: ConcernData,
    reporters: list[ReporterData],
    targets: list[Target] = (),
    at: datetime | None = None,
) -> Captured:
    """Log a concern with the photos held for it, and forward it to `targets` if there are any: all of it or nothing.

    A form that was sent twice gives the concern of the first time.

    Raises:
        LoopError: as `log_concern`, `attach_held` and `forward`.
    """
    if known := concern_of_form(form_key):
        return Captured(known, is_new=False)
    at = moment(at)
    try:
        with transaction.atomic():
            concern = log_concern(by=by, data=data, reporters=reporters, form_key=form_key, at=at)
            attach_held(concern=concern, form_key=form_key, by=by, at=at)
            if targets:
                forward(concern=concern, targets=list(targets), by=by, at=at)
            discard_draft(user=by, form=DRAFT)
    except IntegrityError:
        # Two requests with the same form at the same moment: the database let one of them through.
        known = concern_of_form(form_key)
        if known is None:
            raise
        return Captured(known, is_new=False)
    concern.refresh_from_db(fields=["status", "due_on", "version", "needs_triage"])
    return Captured(concern, is_new=True)


def concern_of_form(form_key: UUID) -> Concern | None:
    """The concern a form was saved as."""
    return Concern.objects.select_related("district", "owner").filter(form_key=form_key).first()


@transaction.atomic
def join(
    *,
    concern: Concern,
    by: User,
    form_key: UUID,
    reporters: list[ReporterData],
    text: str,
    at: datetime | None = None,
) -> list[Reporter]:
    """Add what was typed to a concern that is already there: its people, its photos, and its text as a team note.

    A form that was sent twice changes nothing the second time; the answer is then empty.

    Raises:
        Conflict: the concern was closed meanwhile, or the form was saved as a concern of its own.
        LoopError: as `add_reporter` and `attach_held`.
    """
    at = moment(at)
    if known := concern_of_form(form_key):
        raise Conflict(f"Dieses Formular ist schon als {known.number} gespeichert.")
    concern = lock_concern(concern)
    if concern.events.filter(kind="reporter_added", data__form=str(form_key)).exists():
        return []
    added = [
        add_reporter(concern=concern, data=reporter, by=by, at=at, form_key=form_key)
        for reporter in reporters or [OWN_OBSERVATION]
    ]
    attach_held(concern=concern, form_key=form_key, by=by, at=at)
    if text:
        ConcernNote.objects.create(concern=concern, text=text, by=by, at=at)
        record(concern, "note_added", by=by, at=at)
    discard_draft(user=by, form=DRAFT)
    return added
