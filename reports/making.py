"""Makes the files of a report, at once or as the worker's job, with progress and a way to stop."""

import logging
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import transaction

from concerns.actions.base import Conflict
from quartier.jobs import GiveUp
from reports import sums
from reports.actions import reports as actions
from reports.actions import runs
from reports.models import Report, ReportRun
from reports.papers.evaluation import content_of, draft_pdf, freeze_content, pages_of

logger = logging.getLogger("quartier.reports")

FAULT = (
    "Beim Erstellen ist ein Fehler aufgetreten. Bitte noch einmal starten. Bleibt es dabei, hilft die Administration "
    "weiter (Lauf Nr. {run})."
)
_PAGE = re.compile(r"Page (\d+)")
# From the counting to the file: where each step of the engine begins, in percent.
_STEPS = (("Step 3", 15, "richtet ein"), ("Step 6", 75, "schreibt die Datei"))
_LAYOUT_BEGINS, _LAYOUT_ENDS = 20, 75


class Stopped(Exception):
    """Somebody has stopped the run."""


def make_files(*, run_id: int, content: dict | None = None) -> None:
    """Take a run on and bring it to an end; does nothing when it was stopped or done before.

    `content` are the report's data when they have just been counted.

    Raises:
        GiveUp: it did not work out; the run says so and can be started again.
    """
    run = runs.start(run_id=run_id)
    if run is None:
        return
    try:
        _make(run, content)
    except Stopped:
        logger.info("run %s was stopped", run.pk)
    except Conflict as conflict:
        runs.fail(run=run, fault=str(conflict))
    except Exception as error:
        logger.exception("run %s failed", run.pk)
        runs.fail(run=run, fault=FAULT.format(run=run.pk))
        raise GiveUp from error


def _make(run: ReportRun, content: dict | None) -> None:
    if content is None:
        sums.count_anew(at_most=None)
        content = content_of(run.report)
    _tell(run, 10, "richtet ein")
    with _watched(run, pages_of(content)):
        if run.purpose == ReportRun.Purpose.RELEASE:
            frozen = freeze_content(run.report, content, by=run.requested_by)
            pdf = None
        else:
            frozen, pdf = None, draft_pdf(content)
    with transaction.atomic():
        if not runs.finish(run=run, content=pdf):
            raise Stopped
        if frozen:
            # What was typed while it was rendered would be missing: the action compares the revisions.
            actions.release(report=Report(pk=run.report_id), frozen=frozen, by=run.requested_by)


def _tell(run: ReportRun, progress: int, step: str) -> None:
    if not runs.note_progress(run=run, progress=progress, step=step):
        raise Stopped


class _Watch(logging.Handler):
    """Hears from the engine how far it is; an exception out of `tell` ends the rendering."""

    def __init__(self, tell: Callable[[int, str], None], pages: int):
        super().__init__()
        self.tell, self.pages, self.thread = tell, max(pages, 1), threading.get_ident()
        self.reached = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Pass a step or a page on. The engine tells all renderings of this process; only the own thread's counts."""
        if record.thread != self.thread:
            return
        message = record.getMessage()
        if page := _PAGE.search(message):
            # It sets some pages again when their numbers are known; people see it going on.
            self.reached = max(self.reached, int(page[1]))
            done = min(self.reached / self.pages, 1)
            step = f"setzt Seite {self.reached} von etwa {max(self.pages, self.reached)}"
            self.tell(int(_LAYOUT_BEGINS + done * (_LAYOUT_ENDS - _LAYOUT_BEGINS)), step)
            return
        for beginning, percent, step in _STEPS:
            if message.startswith(beginning):
                self.tell(percent, step)


@contextmanager
def _watched(run: ReportRun, pages: int) -> Iterator[None]:
    engine = logging.getLogger("weasyprint.progress")
    watch = _Watch(lambda progress, step: _tell(run, progress, step), pages)
    engine.addHandler(watch)
    engine.setLevel(logging.INFO)
    engine.propagate = False
    try:
        yield
    finally:
        engine.removeHandler(watch)
