"""Every address of the project against every kind of person (tests/access.py holds the table)."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests import make
from tests.access import ANONYMOUS, PEOPLE, PREFIXES, TABLE
from tests.access_world import make_world, url_of


def _patterns(resolver=None, prefix="", namespace=""):
    for one in (resolver or get_resolver()).url_patterns:
        path = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            inner = f"{namespace}{one.namespace}:" if one.namespace else namespace
            yield from _patterns(one, path, inner)
        elif isinstance(one, URLPattern):
            yield path, f"{namespace}{one.name}" if one.name else None


def _ours():
    return [(path, name) for path, name in _patterns() if not path.startswith(tuple(PREFIXES))]


@pytest.fixture
def cast(request):
    names = (*PEOPLE, "ost", "preuswald", "stadtbetrieb", "umwelt")
    return {name: request.getfixturevalue(name) for name in names}


def test_every_address_has_a_row_and_every_row_an_address():
    ours = _ours()
    assert [path for path, name in ours if name is None] == []
    assert sorted({name for _, name in ours} - set(TABLE)) == []
    assert sorted(set(TABLE) - {name for _, name in ours}) == []


@pytest.mark.django_db
def test_everybody_gets_what_the_table_says(cast):
    world = make_world(cast)
    clients = {ANONYMOUS: make.client_of(None), **{person: make.client_of(cast[person]) for person in PEOPLE}}
    wrong = {}
    for name, row in TABLE.items():
        for person, client in clients.items():
            client.raise_request_exception = False  # a crash counts as 500
            got, expected = client.get(url_of(name, world)).status_code, row.expected(person)
            if got != expected:
                wrong[name, person] = f"{got} instead of {expected}"
    assert wrong == {}


@pytest.mark.django_db
def test_background_requests_of_signed_out_people_get_401(cast):
    world, client = make_world(cast), make.client_of(None)
    closed = [name for name, row in TABLE.items() if row.expected(ANONYMOUS) == 302]
    answers = {name: client.get(url_of(name, world), headers={"HX-Request": "true"}).status_code for name in closed}
    assert answers == dict.fromkeys(closed, 401)
    targets = {name: client.get(url_of(name, world)).headers["Location"].partition("?")[0] for name in closed}
    assert targets == dict.fromkeys(closed, reverse("account_login"))


def test_prefixes_exist():
    assert [prefix for prefix in PREFIXES if not any(path.startswith(prefix) for path, _ in _patterns())] == []
