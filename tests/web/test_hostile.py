"""What strangers write into addresses: nothing of it may break a page."""

import base64

import pytest
from django import forms
from django.http import QueryDict
from django.urls import reverse

from concerns.models import Concern
from districts.models import User
from quartier.web.forms import CHECK_YEAR, QuartierForm
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
    "no date": '["gestern", 1]',
    "a moment where a day belongs": '["0001-01-01T00:00:00Z", 1]',
    "a number where a day belongs": "[1, 1]",
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
    for key in ("received_on", "due_key", "number"):
        assert keyset_page(Concern.objects.all(), QueryDict(f"{direction}={text}"), key=key).rows == []


class SomeForm(QuartierForm):
    line = forms.CharField(required=False)
    text = forms.CharField(required=False, widget=forms.Textarea)
    day = forms.DateField(required=False)


def test_a_field_of_one_line_has_one_line():
    """A line break in a title would make the subject of a mail invalid, and the mail would never leave."""
    form = SomeForm({"line": "Titel\r\nBcc: x@y.example\tz", "text": "eins\r\nzwei"})
    assert form.is_valid()
    assert form.cleaned_data["line"] == "Titel Bcc: x@y.example z"
    assert form.cleaned_data["text"] == "eins\nzwei"


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31", "31.12.9999"])
def test_a_date_nobody_means_is_refused(day):
    """The day before the first or after the last year cannot be worked out."""
    assert SomeForm({"day": day}).errors == {"day": [CHECK_YEAR]}


ZERO = (
    *("reports:indicator_edit", "districts:district", "districts:living_space", "districts:office"),
    *("districts:department", "concerns:text_block", "concerns:topic"),
)


@pytest.mark.parametrize("name", ZERO)
@pytest.mark.django_db
def test_the_number_zero_is_no_new_row(client_of, silke, name):
    """An address with a number changes what is there; new rows have an address of their own."""
    assert client_of(silke).get(reverse(name, args=[0])).status_code == 404
