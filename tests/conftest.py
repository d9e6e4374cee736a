"""What every test may use: the database between tests (here) and the cast of people."""

import pytest
from django.db import connection
from django.test import TransactionTestCase, override_settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from xdist.scheduler import LoadScopeScheduling

from districts.roles import Role
from tests import database, make

# How long an example takes says how busy the machine is, not whether the rule holds.
hypothesis_settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("suite")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Browser tests last: Playwright leaves an event loop in its thread; other tests start loops of their own."""
    items.sort(key=lambda item: "tests/browser/" in item.nodeid)


class OneByOne(LoadScopeScheduling):
    """Tests go one by one to the process that is free; those of the demo city, which takes long to load, to one."""

    def _split_scope(self, nodeid: str) -> str:
        return "demo" if nodeid.startswith("tests/demo/") else nodeid


@pytest.hookimpl
def pytest_xdist_make_scheduler(config, log):
    return OneByOne(config, log)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix, django_db_keepdb, django_db_createdb, django_db_blocker
):
    """pytest-django's place for it: every process gets a copy of one migrated database (not with --reuse-db)."""
    if not django_db_keepdb or django_db_createdb:
        with django_db_blocker.unblock():
            connection.settings_dict["TEST"]["TEMPLATE"] = database.template()


@pytest.fixture(autouse=True, scope="session")
def _empty_quickly():
    """What pytest-django calls after a test with real transactions, in a quicker way and with all tables."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: database.empty())
        yield


@pytest.fixture(autouse=True, scope="session")
def _media_root(tmp_path_factory):
    """Photos of tests lie beside the tests' other files, not beside the demo's."""
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        yield


@pytest.fixture
def client_of():
    """`client_of(user)`: a browser in which this person is signed in."""
    return make.client_of


@pytest.fixture
def ost(db):
    return make.district(name="Aachen-Ost", short_name="Ost", slug="ost")


@pytest.fixture
def preuswald(db):
    return make.district(name="Preuswald", short_name="Preuswald", slug="preuswald")


@pytest.fixture
def mara(ost):
    """Quarter manager in Ost, with an office."""
    office = make.office(name="Stadtteilbüro Ost", districts=[ost])
    return make.user(name="Mara Lindt", email="mara@quartier.example", role=Role.MANAGER, district=ost, office=office)


@pytest.fixture
def paul(preuswald):
    """Quarter manager in Preuswald: the colleague from next door who must not see everything."""
    office = make.office(name="Stadtteilbüro Preuswald", districts=[preuswald])
    return make.user(
        name="Paul Esser", email="paul@quartier.example", role=Role.MANAGER, district=preuswald, office=office
    )


@pytest.fixture
def asli(ost):
    """Assistant in Ost."""
    return make.user(name="Aslı Demir", email="asli@quartier.example", role=Role.ASSISTANT, district=ost)


@pytest.fixture
def stadtbetrieb(db):
    return make.department("E 18", name="Aachener Stadtbetrieb", kind="enterprise", mailbox="e18@stadt.example")


@pytest.fixture
def umwelt(db):
    return make.department("FB 36", name="Klima und Umwelt", mailbox="fb36@stadt.example")


@pytest.fixture
def enno(stadtbetrieb):
    """Caseworker at E 18."""
    return make.user(name="Enno Kraus", email="enno@stadt.example", role=Role.DEPT_STAFF, department=stadtbetrieb)


@pytest.fixture
def lena(stadtbetrieb):
    """Head of E 18."""
    return make.user(name="Lena Ortmann", email="lena@stadt.example", role=Role.DEPT_LEAD, department=stadtbetrieb)


@pytest.fixture
def uwe(umwelt):
    """Caseworker at FB 36: another department."""
    return make.user(name="Uwe Behr", email="uwe@stadt.example", role=Role.DEPT_STAFF, department=umwelt)


@pytest.fixture
def silke(db):
    """Sozialplanung."""
    return make.user(name="Silke Faber", email="silke@stadt.example", role=Role.PLANNING)


@pytest.fixture
def adam(db):
    """Administration."""
    return make.user(name="Adam Nowak", email="adam@stadt.example", role=Role.ADMIN)


@pytest.fixture
def rita(db):
    """Press office: approves public relations, sees nothing else."""
    return make.user(name="Rita Vossen", email="rita@stadt.example", role=Role.PRESS)


@pytest.fixture
def tara(ost):
    """Carrier staff: works for an actor in Ost, outside the administration."""
    actor = make.actor(name="Sozialwerk Ostviertel e. V.", districts=[ost])
    return make.user(name="Tara Brandis", email="tara@sozialwerk.example", role=Role.CARRIER, actor=actor)
