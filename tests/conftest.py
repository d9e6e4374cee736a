"""What every test may use: the database between tests (here) and the cast of people."""

import pytest
from django.db import connection

_NOT_FLUSHED = "procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers, cache"


@pytest.fixture(autouse=True)
def _empty_queue_and_cache(request, django_db_blocker):
    """Empty the tables that Django's flush after a transactional test does not know."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if (marker and marker.kwargs.get("transaction")) or {"transactional_db", "live_server"} & set(request.fixturenames):
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {_NOT_FLUSHED} CASCADE")
