"""The five offices of the demo city have hours that look like a city's, with something of everything to try."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from districts.models import Office, OfficeQuality, OpeningException, OpeningSlot
from districts.opening import WALK_IN, clashes, is_open_on, next_opening
from tests import make

pytestmark = pytest.mark.django_db


def test_every_office_is_open_in_an_ordinary_week_and_says_so():
    now = timezone.localtime().replace(tzinfo=None)
    offices = list(Office.objects.with_hours())
    assert len(offices) == 5
    for office in offices:
        days = [now.date() + timedelta(days=n) for n in range(40)]
        assert any(is_open_on(office.hours, day) for day in days)
        assert next_opening(office.hours, now) is not None
        assert "Uhr" in office.hours_today
        assert any(slot.kind not in WALK_IN for slot in office.slots.all())
        assert office.qualities.filter(state=OfficeQuality.State.YES).count() >= 4
        assert office.accessibility


def test_there_is_something_of_everything():
    today = timezone.localdate()
    assert OpeningSlot.objects.exclude(anchor=None).count() == 5
    assert OpeningSlot.objects.filter(valid_to__lt=today).count() == 1
    assert OpeningSlot.objects.filter(needs_appointment=True).exists()
    assert set(OpeningSlot.objects.values_list("kind", flat=True)) == {"open", "consultation", "third_party", "meeting"}
    ahead = OpeningException.objects.filter(last_day__gte=today)
    assert {"closed", "extra"} <= set(ahead.values_list("change", flat=True))
    assert ahead.exclude(slot=None).count() == 1
    assert OpeningException.objects.filter(last_day__lt=today).exists()
    ost = Office.objects.with_hours().get(name="Stadtteilbüro Ost/Rothe Erde")
    assert [one.room for one, _, _ in clashes(list(ost.slots.all()), today)] == ["Gruppenraum"]


def test_the_public_page_shows_who_wants_to_be_shown():
    ost = Office.objects.get(name="Stadtteilbüro Ost/Rothe Erde")
    text = make.client_of(None).get(reverse("districts:office_public", args=[ost.pk])).text
    assert "Aylin Yilmaz" in text
    assert "Samir Haddad" not in text
