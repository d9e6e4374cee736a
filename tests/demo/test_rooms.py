"""Shared offices, rooms and bookings of the demo city (appendix G, Q17)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from districts.models import Booking, OfficeShare, OpeningSlot, Room, ShareMember, User
from districts.sharing import Status
from tests import make

pytestmark = pytest.mark.django_db


def test_preuswald_shares_its_office_and_ost_and_forst_are_sought():
    states = dict(OfficeShare.objects.values_list("district__slug", "status"))
    assert {slug: states[slug] for slug in ("preuswald", "ost", "forst")} == {
        "preuswald": "active", "ost": "sought", "forst": "sought",
    }  # fmt: skip
    assert set(states.values()) == set(Status)
    preuswald = OfficeShare.objects.get(status="active")
    today = timezone.localdate()
    assert ShareMember.objects.of_office(preuswald.office, on=today).count() == 2
    assert preuswald.members.filter(valid_to__lt=today).count() == 1


def test_rooms_are_booked_for_two_months_around_today():
    today = timezone.localdate()
    days = [one.day for one in Booking.objects.all()]
    assert (min(days) < today - timedelta(days=20), max(days) > today + timedelta(days=30)) == (True, True)
    assert Booking.objects.exclude(cancelled_at=None).count() >= 2
    assert Booking.objects.exclude(actor=None).count() > 10
    assert set(Booking.objects.values_list("is_shown", flat=True)) == {True, False}
    assert Room.objects.count() == 6
    assert OpeningSlot.objects.exclude(provider_actor=None).count() == 1


def test_the_carrier_in_preuswald_sees_its_room_plan_and_no_concern():
    """Acceptance scenario 17."""
    client = make.client_of(User.objects.get(email="b.kuepper@sozialwerk.example"))
    start = client.get(reverse("districts:carrier"))
    assert "Gemeinsames Stadtteilbüro Preuswald" in start.text
    assert len(start.context["bookings"]) >= 3
    office = OfficeShare.objects.get(status="active").office
    week = client.get(reverse("districts:room_week", args=[office.pk])).text
    assert ("Kochgruppe für Ältere" in week, "Einzelgespräche Schuldnerberatung" in week) == (True, False)
    assert client.get(reverse("concerns:list")).status_code == 404
