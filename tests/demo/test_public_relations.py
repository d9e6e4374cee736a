"""Public relations of the demo city: every state, both sides of the approval, what the media wrote (Q17)."""

import pytest

from districts.roles import Role
from projects.models import Clipping, PRImage, PRItem
from projects.workflow import PRStatus

pytestmark = pytest.mark.django_db


def test_a_year_and_a_half_in_every_state():
    items = PRItem.objects.all()
    assert items.filter(proof=None).count() == 43
    assert set(items.values_list("status", flat=True)) == set(PRStatus.values)
    assert items.returned().count() == 2
    assert items.values("kind").distinct().count() == len(PRItem.Kind)
    days = items.published().values_list("published_on", flat=True)
    assert (days[0] - days.reverse()[0]).days > 480


def test_the_press_has_something_to_decide_and_has_decided_everything_else():
    items = PRItem.objects.exclude(approver=None)
    assert {one.approver.memberships.get().role for one in items.select_related("approver")} == {Role.PRESS}
    assert PRItem.objects.filter(status="submitted").count() == 3


def test_images_and_clippings():
    assert set(PRImage.objects.values_list("consent", flat=True)) == {"nobody", "missing"}
    assert not PRImage.objects.filter(consent="missing", item__published_on__isnull=False).exists()
    assert Clipping.objects.count() == 21
    assert Clipping.objects.exclude(item=None).count() == 7
    assert set(Clipping.objects.values_list("tone", flat=True)) == set(Clipping.Tone.values)
