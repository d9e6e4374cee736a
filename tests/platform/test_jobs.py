"""The queue: one transaction with the change, patient retries, nothing twice at once, nothing lost."""

from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import TaskNotFound

from quartier import jobs
from tests.jobs import run_jobs, waiting

calls: list[tuple] = []


@jobs.task(name="tests.note")
def note(*, number: int) -> None:
    calls.append(("note", number))


@jobs.task(name="tests.fail", gives_up=lambda number: calls.append(("gave up", number)))
def fail(*, number: int) -> None:
    calls.append(("tried", number))
    raise ConnectionRefusedError("mail server is away")


@jobs.task(name="tests.refuse", gives_up=lambda number: calls.append(("gave up", number)))
def refuse(*, number: int) -> None:
    raise jobs.GiveUp("no such mailbox")


@jobs.task(name="tests.half")
def half(*, number: int) -> None:
    with transaction.atomic():
        jobs.defer(note, number=number)
        raise ValueError("after deferring")


@jobs.task(name="tests.chain")
def chain(*, number: int) -> None:
    with transaction.atomic():
        jobs.defer(note, number=number)


@pytest.fixture(autouse=True)
def _forget_calls():
    calls.clear()


def run_worker() -> None:
    """The real worker, on its own connections, until the queue is empty."""

    async def work():
        async with app.open_async():
            await app.run_worker_async(wait=False, listen_notify=False, install_signal_handlers=False)

    with app.replace_connector(app.connector.get_worker_connector()):
        async_to_sync(work)()


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_change_leaves_no_job():
    with transaction.atomic():
        jobs.defer(note, number=1)
        assert waiting("tests.note") == [{"number": 1}]
        transaction.set_rollback(True)
    assert waiting("tests.note") == []
    with transaction.atomic():
        jobs.defer(note, number=2)
    assert waiting("tests.note") == [{"number": 2}]


@pytest.mark.django_db(transaction=True)
def test_the_worker_runs_jobs_and_what_they_defer():
    jobs.defer(chain, number=3)
    while waiting():  # the worker may end while its last job is still deferring another
        run_worker()
    assert calls == [("note", 3)]
    assert set(ProcrastinateJob.objects.filter(task_name__startswith="tests.").values_list("status", flat=True)) == {
        "succeeded"
    }


@pytest.mark.django_db(transaction=True)
def test_a_job_that_fails_in_the_worker_takes_back_what_it_deferred_and_is_tried_again():
    jobs.defer(half, number=4)
    run_worker()
    assert calls == []
    assert waiting("tests.note") == []
    job = ProcrastinateJob.objects.get(task_name="tests.half")
    assert (job.status, job.attempts) == ("todo", 1)


@pytest.mark.django_db(transaction=True)
def test_a_job_whose_worker_died_is_put_back():
    jobs.defer(note, number=5)
    worker = async_to_sync(app.job_manager.register_worker)()
    async_to_sync(app.job_manager.fetch_job)(queues=None, worker_id=worker)
    assert ProcrastinateJob.objects.get().status == "doing"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '10 minutes'")
    jobs.defer(jobs.rescue_jobs, timestamp=0)
    run_worker()
    run_worker()
    assert calls == [("note", 5)]


@pytest.mark.django_db
def test_a_failing_job_waits_longer_each_time_for_about_three_days():
    waits = [_wait_after(attempts) for attempts in range(jobs.LAST_ATTEMPT)]
    assert waits[:4] == [30, 60, 120, 240]
    assert waits[-1] == 3 * 3600
    assert timedelta(days=2, hours=20) < timedelta(seconds=sum(waits)) < timedelta(days=3, hours=4)


def _wait_after(attempts: int) -> int:
    job = ProcrastinateJob(task_name="tests.fail", args={}, attempts=attempts, id=1).procrastinate_job
    decision = jobs.PATIENCE.get_retry_decision(exception=OSError(), job=job)
    return round((decision.retry_at - timezone.now()).total_seconds())


@pytest.mark.django_db
def test_the_last_failure_is_told_once():
    jobs.defer(fail, number=6)
    assert run_jobs() == [("tests.fail", "todo")]
    assert calls == [("tried", 6)]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET attempts = %s", [jobs.LAST_ATTEMPT])
    assert run_jobs(even_later=True) == [("tests.fail", "failed")]
    assert calls == [("tried", 6), ("tried", 6), ("gave up", 6)]


@pytest.mark.django_db
def test_a_pointless_job_is_given_up_at_once():
    jobs.defer(refuse, number=7)
    assert run_jobs() == [("tests.refuse", "failed")]
    assert calls == [("gave up", 7)]


@pytest.mark.django_db
def test_the_same_piece_of_work_waits_only_once_and_the_transaction_goes_on():
    assert jobs.defer(note, once="digest-1", number=8) is True
    assert jobs.defer(note, once="digest-1", number=8) is False
    assert jobs.defer(note, number=9) is True
    assert waiting("tests.note") == [{"number": 8}, {"number": 9}]


@pytest.mark.django_db
def test_a_task_can_be_named_and_an_unknown_name_is_refused():
    jobs.defer("tests.note", number=11)
    assert waiting("tests.note") == [{"number": 11}]
    with pytest.raises(TaskNotFound):
        jobs.defer("tests.nothing", number=11)


@pytest.mark.django_db
def test_a_job_waits_for_its_time():
    jobs.defer(note, at=timezone.now() + timedelta(hours=1), number=10)
    assert run_jobs() == []
    assert run_jobs(even_later=True) == [("tests.note", "succeeded")]
