"""The demo city, loaded once for all tests in this folder, by one process: it takes most of a minute."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from tests import database

FOLDER = Path(__file__).parent


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(FOLDER):
            item.add_marker(pytest.mark.xdist_group("demo"))


@pytest.fixture(scope="package", autouse=True)
def demo(django_db_setup, django_db_blocker):
    """Load the demo city for all tests here (each is rolled back to it) and empty the database afterwards."""
    with django_db_blocker.unblock():
        out = StringIO()
        call_command("demo", stdout=out)
    yield out.getvalue()
    with django_db_blocker.unblock():
        database.empty()
