"""Pages by key: complete, without repeats, in both directions, and deaf to nonsense in the address."""

import base64
import json

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from districts.models import User
from quartier.web.paging import COUNT_CAP, capped_count, keyset_page
from tests import make


@pytest.fixture
def people(db):
    names = ["Ada", "Bo", "Bo", "Bo", "Cem", "Dua", "Eli"]
    return [make.user(name=name, email=f"p{number}@stadt.example") for number, name in enumerate(names)]


def page(query: str, **options):
    return keyset_page(User.objects.all(), QueryDict(query.removeprefix("?")), key="name", size=3, **options)


def label(rows) -> str:
    return keyset_page(rows, QueryDict(), key="name").label


def numbers(rows) -> list[str]:
    return [row.email[1] for row in rows]


def test_walking_down_and_up_shows_every_row_once(people):
    first = page("", descending=False)
    second = page(first.older, descending=False)
    third = page(second.older, descending=False)
    assert [numbers(p) for p in (first, second, third)] == [["0", "1", "2"], ["3", "4", "5"], ["6"]]
    assert (first.newer, third.older) == ("", "")
    back = page(third.newer, descending=False)
    assert numbers(back) == ["3", "4", "5"]
    assert numbers(page(back.newer, descending=False)) == ["0", "1", "2"]
    assert page(back.newer, descending=False).newer == ""


def test_descending_is_the_same_upside_down(people):
    first = page("")
    assert numbers(first) == ["6", "5", "4"]
    assert numbers(page(first.older)) == ["3", "2", "1"]


def test_the_links_keep_the_filter(people):
    assert "status=offen" in page("status=offen&nach=").older


def _encoded(value) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


@pytest.mark.parametrize(
    "position",
    [
        "%00",
        "abc",
        _encoded(5),
        _encoded([1]),
        _encoded([None, None]),
        _encoded(["x", "y"]),
        _encoded(["x", float("inf")]),
    ],
)
def test_a_position_that_cannot_be_read_gives_the_first_page(people, position):
    query = QueryDict(mutable=True)
    query["nach"] = position
    assert numbers(keyset_page(User.objects.all(), query, key="name", descending=False, size=3)) == ["0", "1", "2"]


def test_a_page_costs_two_queries_wherever_it_lies(people):
    query = page("", descending=False).older
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page(query, descending=False)
    assert len(queries) == 2


def test_counts_end_at_the_cap(db):
    User.objects.bulk_create(User(name="x", email=f"x{n}@stadt.example") for n in range(COUNT_CAP))
    assert (label(User.objects.all()), capped_count(User.objects.all())) == ("1.000 Einträge", "1.000")
    make.user(name="y", email="y@stadt.example")
    assert (label(User.objects.all()), capped_count(User.objects.all())) == ("mehr als 1.000 Einträge", "1.000+")
    assert label(User.objects.filter(name="y")) == "1 Eintrag"
