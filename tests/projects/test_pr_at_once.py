"""Two people decide about the same item at the same moment, each on a connection of its own (Z41)."""

import pytest

from projects.actions import pr_images as images
from projects.actions import public_relations as actions
from projects.models import PRImage, PRItem
from tests import make, make_pr
from tests.districts.test_offers_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_decides_and_the_other_is_told(mara, rita, silke, ost):
    item = make_pr.item(by=mara, districts=[ost], status="submitted")
    done = at_once(
        lambda: actions.approve(item=item, version=item.version, by=rita),
        lambda: actions.give_back(item=item, hint="Noch nicht.", by=silke),
    )
    assert sorted(done) == ["Conflict", "PRItem"]
    now = PRItem.objects.get()
    assert (now.status, now.approver_id, now.hint) in {("approved", rita.pk, ""), ("draft", None, "Noch nicht.")}


def test_nothing_appears_with_an_image_that_has_just_lost_its_consent(mara, rita, ost):
    item = make_pr.item(by=mara, districts=[ost])
    image = make_pr.image(item=item, by=mara)
    actions.hand_in(item=item, by=mara)
    item.refresh_from_db()
    actions.approve(item=item, version=item.version, by=rita)
    at_once(
        lambda: actions.publish(item=item, on=make.today(), by=mara),
        lambda: images.change_image(image=image, consent="missing", by=mara),
    )
    found = (PRItem.objects.get().status, PRImage.objects.get().consent)
    assert found in {("published", "given"), ("approved", "missing")}
