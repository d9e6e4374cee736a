"""Runs queued jobs inside a test, on the test's own connection."""

from asgiref.sync import async_to_sync
from django.db import connection
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Status


def waiting(task_name: str | None = None) -> list[dict]:
    """Arguments of the jobs that wait, oldest first; of one task if named."""
    jobs = ProcrastinateJob.objects.filter(status="todo").order_by("pk")
    return list((jobs.filter(task_name=task_name) if task_name else jobs).values_list("args", flat=True))


def run_jobs(*, even_later: bool = False) -> list[tuple[str, str]]:
    """Run what is due as the worker would, new jobs included, and return (task name, outcome) in order.

    Outcomes: succeeded, failed, or todo for "will be tried again". `even_later` also runs jobs whose time has not come
    (each job once).
    """
    done: list[tuple[str, str]] = []
    seen: set[int] = set()
    while job := _next_job(seen, even_later):
        seen.add(job.pk)
        done.append((job.task_name, _run(job)))
    return done


def _next_job(seen: set[int], even_later: bool) -> ProcrastinateJob | None:
    now = timezone.now()
    for job in ProcrastinateJob.objects.filter(status="todo").exclude(pk__in=seen).order_by("-priority", "pk"):
        if even_later or job.scheduled_at is None or job.scheduled_at <= now:
            return job
    return None


def _run(row: ProcrastinateJob) -> str:
    manager, job = app.job_manager, row.procrastinate_job
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [row.pk])
    task = app.tasks[job.task_name]
    context = JobContext(app=app, job=job, abort_reason=lambda: None, start_timestamp=0)
    try:
        task(context, **job.task_kwargs)
        status = Status.SUCCEEDED
    except Exception as error:
        retry = task.get_retry_exception(exception=error, job=job)
        if retry:
            async_to_sync(manager.retry_job)(job, retry_at=retry.retry_decision.retry_at)
            return "todo"
        status = Status.FAILED
    async_to_sync(manager.finish_job)(job, status=status, delete_job=False)
    return status.value
