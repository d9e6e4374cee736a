"""What the worker does for the figures: counts anew by the clock, makes the files of large reports."""

from districts.actions import actor_files
from quartier.jobs import periodic, task
from reports import making, sums
from reports.actions import runs
from reports.actions.indicators import discard_old_files


@periodic(name="reports.count_anew", cron="* * * * *")
def count_anew() -> None:
    """Count anew what has changed, however much it is, so that no reader has to wait for it."""
    sums.count_anew(at_most=None)


@periodic(name="reports.forget_pieces", cron="11 2 * * *")
def forget_pieces() -> None:
    """Drop counts of odd days that nobody looks at any more."""
    sums.forget_pieces()


@periodic(name="reports.discard_files", cron="23 2,4 * * *")
def discard_files() -> None:
    """Throw away uploaded files that nobody has taken over for a week."""
    discard_old_files()
    actor_files.discard_old_files()


@task(name="reports.make_files")
def make_files(run_id: int) -> None:
    """Make the files of a report that somebody asked for."""
    making.make_files(run_id=run_id)


@periodic(name="reports.forget_runs", cron="23 2 * * *")
def forget_runs() -> None:
    """Remove drafts' files nobody needs any more."""
    runs.forget_old_runs()
