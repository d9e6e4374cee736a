"""Work that is done later by the worker: mails, reminders, clean-up (procrastinate on the same PostgreSQL).

Three promises, each with a test:

* A job is deferred inside the caller's transaction: a change that is rolled back sends nothing.
* A job that fails is tried again for about three days, so that a mail server or a worker that is down for a day loses
  nothing. A job may therefore run twice: tasks take ids, look at the rows and do what is not yet done.
* Periodic tasks find out themselves what is due and not yet done; the schedule only says how often they look.

Tasks live in the `jobs` module of an app and are found by name. Arguments are ids and codes, never personal data: they
stay in the queue's tables and appear in the log.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django.db import transaction
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job, JobDeferrer
from procrastinate.manager import JobManager
from procrastinate.tasks import Task

DEFAULT_QUEUE = "default"
MAIL_QUEUE = "mail"

LAST_ATTEMPT = 32
_FIRST_WAIT, _LONGEST_WAIT = 30, 3 * 3600
_KEEP_FINISHED_HOURS = 7 * 24

# The worker swaps the app's connector for its own pool. Jobs that a job defers must still share its transaction.
_manager = JobManager(DjangoConnector())


class GiveUp(Exception):
    """Raised by a task when trying again is pointless: the job fails at once."""


class PatientRetry(BaseRetryStrategy):
    """Waits half a minute, then twice as long each time up to three hours; gives up after three days."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try again, or None for never."""
        if isinstance(exception, GiveUp) or job.attempts >= LAST_ATTEMPT:
            return None
        return RetryDecision(retry_in={"seconds": min(_FIRST_WAIT * 2**job.attempts, _LONGEST_WAIT)})


def task(*, name: str, queue: str = DEFAULT_QUEUE, gives_up: Callable[..., None] | None = None):
    """Make a function with keyword arguments a task: `defer(the_task, concern_id=1)` runs it later.

    `name` is what the queue stores: it must not change while jobs wait. `gives_up` is called with the same arguments
    when the job has failed for good, so that the loss shows where people work.
    """

    def decorate(function: Callable[..., None]) -> Task:
        @wraps(function)
        def run(context: JobContext, **arguments) -> None:
            try:
                function(**arguments)
            except Exception as error:
                if gives_up and PATIENCE.get_retry_decision(exception=error, job=context.job) is None:
                    gives_up(**arguments)
                raise

        return app.task(run, name=name, queue=queue, retry=PATIENCE, pass_context=True)

    return decorate


def periodic(*, name: str, cron: str, queue: str = DEFAULT_QUEUE):
    """Make a function without arguments a task that runs by the clock (`cron` in UTC), never twice at a time.

    A worker that was down does not catch up missed runs: choose a schedule that looks several times as often as the
    work falls due, and let the function ask the rows what is due and not yet done.
    """

    def decorate(function: Callable[[], None]) -> Task:
        @wraps(function)
        def run(context: JobContext, timestamp: int) -> None:
            function()

        # The next run comes by itself: retrying would only pile up.
        registered = app.task(run, name=name, queue=queue, queueing_lock=name, lock=name, pass_context=True)
        return app.periodic(cron=cron)(registered)

    return decorate


def defer(task: Task | str, *, once: str | None = None, at: datetime | None = None, **arguments) -> bool:
    """Queue a task in the current transaction, not before `at`.

    Actions give the task's name ("concerns.send_feedback"): jobs stand above the actions they call. `once` names the
    piece of work: while a job with the same name waits, no second one is queued and the answer is False.
    """
    options = {key: value for key, value in {"queueing_lock": once, "schedule_at": at}.items() if value is not None}
    # A misspelt name fails here and now, not in the worker.
    configured = app.configure_task(task, allow_unknown=False, **options) if isinstance(task, str) else None
    configured = configured or task.configure(**options)
    deferrer = JobDeferrer(job_manager=_manager, job=configured.job)
    if once is None:
        deferrer.defer(**arguments)
        return True
    try:
        # The savepoint keeps the caller's transaction usable when the lock is taken.
        with transaction.atomic():
            deferrer.defer(**arguments)
    except AlreadyEnqueued:
        return False
    return True


PATIENCE = PatientRetry()


@app.periodic(cron="*/10 * * * *")
@app.task(name="quartier.rescue_jobs", queueing_lock="quartier.rescue_jobs", pass_context=True)
async def rescue_jobs(context: JobContext, timestamp: int) -> None:
    """Put jobs back whose worker has died in the middle."""
    for job in await context.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=120):
        await context.app.job_manager.retry_job(job)


@app.periodic(cron="17 2 * * *")
@app.task(name="quartier.forget_jobs", queueing_lock="quartier.forget_jobs", pass_context=True)
async def forget_jobs(context: JobContext, timestamp: int) -> None:
    """Remove jobs that were finished a week ago; failed ones stay four weeks for whoever looks after the system."""
    manager = context.app.job_manager
    await manager.delete_old_jobs(nb_hours=_KEEP_FINISHED_HOURS, include_cancelled=True, include_aborted=True)
    await manager.delete_old_jobs(nb_hours=4 * _KEEP_FINISHED_HOURS, include_failed=True)
