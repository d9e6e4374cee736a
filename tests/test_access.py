"""Every address of the project against every kind of person (tests/access.py holds the table)."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests import make
from tests.access import ANONYMOUS, PEOPLE, PREFIXES, TABLE, make_world, url_of


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
@pytest.mark.parametrize("name", sorted(TABLE))
def test_access(name, cast):
    row, url = TABLE[name], url_of(name, make_world(cast))
    people = {ANONYMOUS: None, **{person: cast[person] for person in PEOPLE}}
    got = {person: make.client_of(user).get(url).status_code for person, user in people.items()}
    assert got == {person: row.expected(person) for person in people}


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(name for name, row in TABLE.items() if row.expected(ANONYMOUS) == 302))
def test_background_requests_of_signed_out_people_get_401(name, cast):
    url = url_of(name, make_world(cast))
    assert make.client_of(None).get(url, headers={"HX-Request": "true"}).status_code == 401
    redirect = make.client_of(None).get(url)
    assert redirect.headers["Location"].startswith(reverse("account_login"))


def test_prefixes_exist():
    assert [prefix for prefix in PREFIXES if not any(path.startswith(prefix) for path, _ in _patterns())] == []
