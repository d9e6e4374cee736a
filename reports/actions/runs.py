"""Writes on runs: the worker makes a report's files, people see how far it is, stop it or start it again."""

import logging
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from concerns.actions.base import Conflict, moment
from districts.models import User
from quartier.jobs import defer
from reports.models import Report, ReportRun

logger = logging.getLogger("quartier.reports")

State = ReportRun.State
BUSY = "Dieser Bericht wird gerade schon erstellt. Der Stand steht auf seiner Seite."
_KEPT = timedelta(days=14)


@transaction.atomic
def request_run(
    *, report: Report, purpose: str, by: User, at_once: bool = False, at: datetime | None = None
) -> ReportRun:
    """Have the worker make a report's files, or note that the caller makes them `at_once`.

    A run without a sign of life is given up for it.

    Raises:
        Conflict: it is being made already, or it was released.
    """
    locked = Report.objects.select_for_update().filter(pk=report.pk).first()
    if locked is None or not locked.is_draft:
        raise Conflict("Dieser Bericht ist inzwischen freigegeben oder gelöscht.")
    for dead in ReportRun.objects.silent().filter(report=locked):
        _end(dead, State.FAILED, "Das Erstellen ist stehen geblieben.")
    # What went wrong before is replaced by this; a draft stays until there is a newer one.
    ReportRun.objects.filter(report=locked, state__in=[State.FAILED, State.CANCELLED]).delete()
    try:
        with transaction.atomic():
            run = ReportRun.objects.create(
                report=locked,
                purpose=purpose,
                revision=locked.revision,
                requested_by=by,
                requested_at=moment(at),
                beat_at=moment(at),
                step="wartet auf einen freien Platz",
            )
    except IntegrityError:
        raise Conflict(BUSY) from None
    if not at_once:
        defer("reports.make_files", run_id=run.pk)
    return run


def start(*, run_id: int) -> ReportRun | None:
    """Take a run on; None when it was stopped or is done. A run whose worker has died is taken on anew."""
    now = timezone.now()
    open_runs = ReportRun.objects.active().filter(pk=run_id)
    if not open_runs.update(state=State.RUNNING, progress=1, step="zählt", beat_at=now):
        return None
    return ReportRun.objects.select_related("report", "requested_by").get(pk=run_id)


def note_progress(*, run: ReportRun, progress: int, step: str) -> bool:
    """Say how far a run is; False when somebody has stopped it."""
    running = ReportRun.objects.filter(pk=run.pk, state=State.RUNNING)
    return bool(running.update(progress=min(progress, 99), step=step, beat_at=timezone.now()))


@transaction.atomic
def finish(*, run: ReportRun, content: bytes | None) -> bool:
    """A run is done, with the draft's PDF instead of any older one; False when it was stopped in the meantime."""
    running = ReportRun.objects.filter(pk=run.pk, state=State.RUNNING)
    done = running.update(state=State.DONE, progress=100, step="", content=content, finished_at=timezone.now())
    if done:
        ReportRun.objects.filter(report=run.report_id, pk__lt=run.pk).delete()
    return bool(done)


def fail(*, run: ReportRun, fault: str) -> None:
    """A run did not work out; `fault` says in German what people can do."""
    _end(run, State.FAILED, fault)


def _end(run: ReportRun, state: str, fault: str) -> None:
    open_runs = ReportRun.objects.active().filter(pk=run.pk)
    open_runs.update(state=state, fault=fault, step="", finished_at=timezone.now())


def cancel(*, run: ReportRun, by: User) -> bool:
    """Stop a run; the worker notices at its next step. False when it was over already."""
    open_runs = ReportRun.objects.active().filter(pk=run.pk)
    stopped = open_runs.update(
        state=State.CANCELLED, step="", finished_at=timezone.now(), seen_at=timezone.now()
    )  # fmt: skip
    logger.info("run %s stopped by %s", run.pk, by.pk)
    return bool(stopped)


def mark_seen(*, report: Report, by: User) -> None:
    """The person who asked has looked at what came of it."""
    ReportRun.objects.unseen_by(by).filter(report=report).update(seen_at=timezone.now())


def forget_old_runs(*, now: datetime | None = None) -> None:
    """Remove drafts' files that are older than two weeks; they can be made again."""
    over = ReportRun.objects.exclude(state__in=[State.WAITING, State.RUNNING])
    over.filter(requested_at__lt=moment(now) - _KEPT).delete()
