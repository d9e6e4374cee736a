"""Offers and referrals with a real browser: typing, the matrix, one click per offer, axe wide and on a phone."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from concerns.models import Referral
from districts.models import InventoryEntry, OfferKind
from tests import make, make_offers
from tests.browser.conftest import axe, follow, has_sideways_scroll

pytestmark = pytest.mark.django_db(transaction=True)

LONG = "Beratung für Menschen mit wenig Einkommen und vielen Briefen im Haus"


@pytest.fixture
def world(ost, mara):
    """Offers with everything that can stand on a page, a round, a referral to ask after."""
    field, group = make.action_field(name="Gesundheit"), make.target_group(name="Ältere")
    make.action_field(name="Klima, Grün, Umwelt")
    for n in range(9):
        make.target_group(name=f"Menschen der Gruppe Nummer {n}")
    kind = make.list_entry(OfferKind, name="Pflege, Alltagshilfe")
    provider = make.actor(name="Sozialwerk", districts=[ost], phone="0221 1", email="a@b.example", is_public=True)
    known = {"provider": provider, "districts": [ost], "action_fields": [field], "target_groups": [group], "kind": kind}
    offer = make_offers.offer(
        title=LONG, times="mittwochs 9–11 Uhr", cost="2 Euro", languages=["de", "tr"], barrier_free="yes", age_from=60,
        registration="needed", capacity=9, funded_by="Stiftung", funded_until=make.today() + timedelta(days=50),
        description="Wir helfen.", **known,
    )  # fmt: skip
    make_offers.offer(title="Herzsport", ends_on=make.today() - timedelta(days=3), **known)
    found = make_offers.inventory_round(district=ost, by=mara)
    concern = make.concern(district=ost, owner=mara, topic=make.topic(action_field=field))
    referral = make_offers.referral(concern=concern, by=mara, offer=offer, ask_on=make.today())
    return {"offer": offer, "round": found, "concern": concern, "referral": referral}


def test_a_gap_is_filled_and_the_number_leads_to_the_offer(visit, mara, world):
    page = visit(mara, reverse("districts:offer_matrix"))
    follow(page.get_by_role("link", name="1 Angebote: Gesundheit, Ältere"))
    expect(page.locator(".q-count")).to_have_text("1 Angebot")
    page.get_by_label("Angebot oder Anbieter").type("herz", delay=20)
    expect(page.get_by_text("Keine Angebote mit diesem Filter.")).to_be_visible()


def test_one_click_confirms_an_offer_of_the_round(visit, mara, world):
    page = visit(mara, world["round"].get_absolute_url())
    page.get_by_role("button", name="Stimmt noch").filter(has_text=LONG).click()
    expect(page.get_by_text("1 von 2 angesehen")).to_be_visible()
    page.get_by_role("button", name="Gibt es nicht mehr").filter(has_text="Herzsport").click()
    expect(page.get_by_text("2 von 2 angesehen")).to_be_visible()
    page.get_by_role("button", name="Rückgängig").click()
    expect(page.get_by_text("1 von 2 angesehen")).to_be_visible()
    assert set(InventoryEntry.objects.values_list("result", flat=True)) == {"same", ""}


def test_somebody_is_referred_without_scripts_and_asked_with_them(visit, mara, world):
    page = visit(mara, reverse("concerns:refer", args=[world["concern"].number]), javascript=False)
    follow(page.get_by_role("link", name="Hierhin vermitteln").filter(has_text=LONG))
    follow(page.get_by_role("button", name="Vermittlung festhalten"))
    expect(page.get_by_role("heading", name="Vermittlungen")).to_be_visible()
    assert Referral.objects.count() == 2
    page = visit(mara, f"{reverse('concerns:basket')}?liste=vermittlungen")
    page.get_by_role("link", name=f"Eintragen zu {world['concern'].number}").click()
    page.get_by_label("Ja, angekommen").check()
    page.get_by_role("button", name="Eintragen").click()
    page.get_by_text("Eingetragen.").wait_for()
    assert Referral.objects.get(pk=world["referral"].pk).result == "arrived"


def test_full_pages_have_no_violations_wide_and_on_a_phone(visit, mara, world, ost):
    number, offer = world["concern"].number, world["offer"]
    file = make_offers.offer_file(user=mara, text="Angebot;Anbieter;Art;Handlungsfelder;Zielgruppen\nA;B;C;D;E\n")
    pages = [
        *(reverse(f"districts:{name}") for name in ("offers", "offer_matrix", "offer_gaps", "offers_expiring")),
        *(reverse(f"districts:{name}") for name in ("rounds", "offer_new", "round_new", "offer_import")),
        reverse("districts:offer_preview", args=[file.pk]),
        offer.get_absolute_url(),
        world["round"].get_absolute_url(),
        reverse("districts:round_close", args=[world["round"].pk]),
        reverse("concerns:refer", args=[number]),
        reverse("concerns:refer_to_offer", args=[number, offer.pk]),
        reverse("concerns:referral_asked", args=[world["referral"].pk]),
        reverse("concerns:detail", args=[number]),
        f"{reverse('concerns:basket')}?liste=vermittlungen",
        reverse("districts:offers_public", args=[ost.slug]),
    ]  # fmt: skip
    faults = {}
    for width, scheme in ((1280, "light"), (390, "dark")):
        page = visit(mara, width=width, color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 4000})
        for path in pages:
            page.goto(path)
            found = axe(page) + ["scrolls sideways"] * has_sideways_scroll(page)
            if found:
                faults[width, path] = found
    assert faults == {}
