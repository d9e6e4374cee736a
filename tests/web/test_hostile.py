"""What strangers write into addresses: nothing of it may break a page."""

import base64

import pytest
from django.http import QueryDict

from districts.models import User
from quartier.web.paging import AFTER, BEFORE, keyset_page
from tests import make

HOSTILE_POSITIONS = {
    "a NUL, which PostgreSQL cannot hold": r'["\u0000", 1]',
    "half a character": r'["\ud800", 1]',
    "half a character in the key": r'["a", "\ud800"]',
    "deeper than the stack": "[" * 1500,
    "infinity": '["a", 1e400]',
    "not a number": "[NaN, NaN]",
    "a number of 5,000 digits": f'["a", {"9" * 5000}]',
    "more than a key can be": '["a", 99999999999999999999999]',
    "a list": '[["a"], 1]',
    "an object": '[{"a": 1}, 1]',
    "nothing": "null",
}


@pytest.mark.parametrize("direction", [AFTER, BEFORE])
@pytest.mark.parametrize("position", HOSTILE_POSITIONS.values(), ids=HOSTILE_POSITIONS.keys())
@pytest.mark.django_db
def test_a_hostile_position_still_gives_a_page(position, direction):
    make.user(name="Ada")
    text = base64.urlsafe_b64encode(position.encode()).decode().rstrip("=")
    page = keyset_page(User.objects.all(), QueryDict(f"{direction}={text}"), key="sort_key", descending=False)
    assert len(page) <= 1
    assert page.label == "1 Eintrag"
