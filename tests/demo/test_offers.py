"""Offers, rounds and referrals of the demo city (Q17)."""

from datetime import timedelta

import pytest
from django.db.models import Count
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from concerns.models import Concern, Referral, Topic
from districts.inventory import matrix_of
from districts.models import District, InventoryRound, Offer, OfferKind, User
from tests import make

pytestmark = pytest.mark.django_db


def test_every_quarter_offers_something_and_every_state_is_there():
    counts = dict(District.objects.annotate(n=Count("offers")).values_list("slug", "n"))
    assert min(counts.values()) >= 3
    assert 60 <= Offer.objects.count() <= 80
    assert set(Offer.objects.values_list("status", flat=True)) == set(Offer.Status.values)
    today = timezone.localdate()
    assert Offer.objects.current().filter(last_day__lt=today).count() >= 2
    assert Offer.objects.expiring(until=today + timedelta(days=365)).count() >= 8
    assert Offer.objects.unverified(today=today, months=12).count() >= 5


def test_two_rounds_are_closed_and_one_is_open():
    assert [InventoryRound.objects.filter(closed_on=None).count(), InventoryRound.objects.count()] == [1, 3]
    found = InventoryRound.objects.with_progress().get(closed_on=None)
    assert 0 < found.done < found.total
    for one in InventoryRound.objects.exclude(closed_on=None):
        assert one.figures["total"] == one.entries.count() > 10


def test_nobody_helps_older_people_in_kronenberg_with_their_daily_life():
    """Scenario 14: the gap is there."""
    asked = QueryDict(mutable=True)
    asked["district"] = str(District.objects.get(slug="kronenberg").pk)
    planner = User.objects.get(email__startswith="e.steinmetz")
    matrix, _ = matrix_of(asked, user=planner, side="art")
    line = next(one for one in matrix.lines if one.side == OfferKind.objects.get(code="pflege-alltagshilfe"))
    assert "Ältere" in {cell.group.name for cell in line.gaps}
    assert matrix.count > 3


def test_referrals_of_every_kind_and_a_question_for_today():
    assert set(Referral.objects.values_list("result", flat=True)) >= {"", "arrived", "not_arrived", "not_reached"}
    assert Referral.objects.to_ask_by(timezone.localdate()).exists()
    assert Referral.objects.exclude(actor=None).exists()
    assert Referral.objects.filter(hands_over_data=True).exists()
    assert not Referral.objects.filter(concern__is_sensitive=True).exists()
    assert Concern.objects.filter(outcome="referred", referrals__isnull=False).exists()
    assert Topic.objects.exclude(action_field=None).count() >= 10


def test_carrier_staff_have_something_to_check():
    person = User.objects.get(email__startswith="b.kuepper")
    rows = make.client_of(person).get(reverse("districts:carrier")).context["offers"]
    assert [row.is_old for row in rows] == [True, False, False]
