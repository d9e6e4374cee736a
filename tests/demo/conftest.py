"""The demo city, loaded once for all tests in this folder, by one process: it takes most of a minute."""

from io import StringIO

import pytest
from django.core.management import call_command

from tests import database


@pytest.fixture(scope="package", autouse=True)
def demo(django_db_setup, django_db_blocker):
    """Load the demo city for all tests here (each is rolled back to it) and empty the database afterwards."""
    with django_db_blocker.unblock():
        out = StringIO()
        call_command("demo", stdout=out)
    yield out.getvalue()
    with django_db_blocker.unblock():
        database.empty()
