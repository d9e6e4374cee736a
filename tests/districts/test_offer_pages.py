"""Pages about one offer: form, provider's staff, public page, import, rounds (Z17)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from districts.models import InventoryEntry, InventoryRound, Offer, OfferKind
from reports.papers.offers import gap_paper, offer_paper
from tests import make, make_offers, pdf

pytestmark = pytest.mark.django_db


def filled(by, **fields):
    """A sent form; lists and provider exist."""
    known = {
        "title": "Spieletreff",
        "provider": f"{by.name} (Nr. {by.pk})",
        "kind": make.list_entry(OfferKind).pk,
        "action_fields": [make.action_field().pk],
        "target_groups": [make.target_group().pk],
        "status": "active",
        "verified": "on",
    }
    return {**known, **fields}


def test_entering_an_offer(client_of, mara, ost):
    provider = make.actor(districts=[ost])
    form = filled(provider, districts=[ost.pk], languages=["de", "tr"], age_from=6, age_to=10, is_free="on")
    answer = client_of(mara).post(reverse("districts:offer_new"), form)
    made = Offer.objects.get()
    assert answer.url == made.get_absolute_url()
    assert (made.provider, list(made.districts.all()), made.languages) == (provider, [ost], ["de", "tr"])
    assert (made.verified_by, made.ages, made.price) == (mara, "6 bis 10 Jahre", "kostenlos")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"provider": "Niemand"}, "provider"),
        ({"action_fields": []}, "action_fields"),
        ({"target_groups": []}, "target_groups"),
        ({"age_from": 9, "age_to": 3}, "age_to"),
        ({"is_free": "on", "cost": "2 Euro"}, "cost"),
        ({"capacity": 0}, "capacity"),
        ({"starts_on": "2026-03-01", "ends_on": "2026-02-01"}, "ends_on"),
    ],
)
def test_what_is_wrong_stands_next_to_its_field_and_nothing_is_lost(client_of, mara, ost, wrong, field):
    form = filled(make.actor(districts=[ost]), times="mittwochs", districts=[ost.pk], **wrong)
    answer = client_of(mara).post(reverse("districts:offer_new"), form)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert answer.context["form"]["times"].value() == "mittwochs"
    assert not Offer.objects.exists()


def test_a_team_cannot_enter_for_a_district_of_others(client_of, mara, preuswald):
    form = filled(make.actor(), districts=[preuswald.pk])
    answer = client_of(mara).post(reverse("districts:offer_new"), form)
    assert "districts" in answer.context["form"].errors


def test_the_slower_one_compares(client_of, mara, asli, ost):
    offer = make_offers.offer(districts=[ost], times="alt")
    form = filled(offer.provider, title=offer.title, times="neu", version=1, districts=[ost.pk])
    url = reverse("districts:offer_edit", args=[offer.pk])
    assert client_of(asli).post(url, form).status_code == 303
    answer = client_of(mara).post(url, {**form, "times": "anders"})
    assert answer.status_code == 409
    assert ("Wann", "neu", "anders") in answer.context["differences"]
    assert answer.context["form"]["times"].value() == "anders"
    form = {**form, "times": "anders", "version": answer.context["form"]["version"].value()}
    assert client_of(mara).post(url, form).status_code == 303
    offer.refresh_from_db()
    assert offer.times == "anders"


# --- Carrier staff ---------------------------------------------------------------------------------------------------


@pytest.fixture
def own(tara):
    return tara.memberships.get().actor


def test_carrier_staff_see_and_change_what_their_own_actor_offers(client_of, tara, own, ost, mara):
    mine = make_offers.offer(title="Mein Kurs", provider=own, districts=[ost], is_public=False, funded_by="Stiftung")
    other = make_offers.offer(title="Fremdes", districts=[ost])
    client = client_of(tara)
    page = client.get(reverse("districts:offers"))
    assert [row.offer for row in page.context["rows"]] == [mine]
    assert "Stiftung" in client.get(mine.get_absolute_url()).content.decode()
    for name in ("offer", "offer_edit", "offer_end"):
        assert client.get(reverse(f"districts:{name}", args=[other.pk])).status_code == 404
    for name in ("offer_verify", "offer_reopen"):
        assert client.post(reverse(f"districts:{name}", args=[other.pk])).status_code == 404
    assert set(Offer.objects.editable_by(tara)) == {mine}
    assert (mine.may_edit(tara), other.may_edit(tara)) == (True, False)
    written = b"".join(client.get(reverse("districts:offer_export"))).decode()
    assert "Fremdes" not in written
    assert client.get(f"{reverse('districts:offers')}?q=Fremdes").context["page"].label == "0 Angebote"


def test_carrier_staff_enter_only_for_their_own_actor(client_of, tara, own, ost):
    url = reverse("districts:offer_new")
    stranger = make.actor(districts=[ost])
    answer = client_of(tara).post(url, filled(own, provider=stranger.pk, districts=[ost.pk]))
    assert "provider" in answer.context["form"].errors
    forgotten = client_of(tara).post(url, filled(own, provider="", districts=[ost.pk])).context["form"].errors
    assert set(forgotten) == {"provider"}  # and nothing about districts, which are theirs to choose
    assert client_of(tara).post(url, filled(own, provider=own.pk, districts=[ost.pk])).status_code == 303
    assert Offer.objects.get().provider == own


def test_what_they_confirm_counts_in_the_round_of_the_team(client_of, tara, own, ost, mara):
    offer = make_offers.offer(provider=own, districts=[ost])
    make_offers.inventory_round(district=ost, by=mara)
    start = reverse("districts:carrier")
    assert "bitte prüfen" in client_of(tara).get(start).content.decode()
    answer = client_of(tara).post(f"{reverse('districts:offer_verify', args=[offer.pk])}?start")
    assert answer.url == start
    entry = InventoryEntry.objects.get()
    assert (entry.result, entry.by) == ("same", tara)
    assert "bitte prüfen" not in client_of(tara).get(start).content.decode()


def test_history_and_names_of_the_team_stay_inside(client_of, tara, own, mara):
    offer = make_offers.offer(provider=own, verified_by=mara, verified_on=make.today())
    assert mara.name not in client_of(tara).get(offer.get_absolute_url()).content.decode()


# --- Rounds ----------------------------------------------------------------------------------------------------------


def test_one_click_per_offer_with_and_without_htmx(client_of, mara, ost):
    first, second, third = (make_offers.offer(title=name, districts=[ost]) for name in ("Eins", "Zwei", "Drei"))
    found = make_offers.inventory_round(district=ost, by=mara)
    client, url = client_of(mara), found.get_absolute_url()
    assert client.get(url).context["waiting"] == 3
    note = {one.offer: reverse("districts:round_note", args=[one.pk]) for one in found.entries.all()}
    assert client.post(note[first], {"result": "same"}).url == url
    answer = client.post(note[second], {"result": "gone"}, headers={"HX-Request": "true", "HX-Target": "entries"})
    assert "<form" in answer.content.decode()
    assert "2 von 3 angesehen" in answer.content.decode()
    assert note[third] in answer.content.decode().split(" autofocus>")[0]  # the keyboard goes on with the next one
    second.refresh_from_db()
    assert second.status == "ended"
    undo = f"{reverse('districts:offer_reopen', args=[second.pk])}?runde"
    assert undo in answer.content.decode()
    client.post(undo)
    edited = filled(third.provider, title="Drei neu", version=1, districts=[ost.pk])
    back = client.post(f"{reverse('districts:offer_edit', args=[third.pk])}?runde", edited)
    assert back.url.startswith(url)
    assert dict(found.entries.values_list("offer__title", "result")) == {
        "Eins": "same",
        "Zwei": "",
        "Drei neu": "changed",
    }


def test_opening_twice_is_refused_in_words_and_closing_freezes(client_of, mara, ost):
    make_offers.offer(districts=[ost])
    client, url = client_of(mara), reverse("districts:round_new")
    form = {"district": ost.pk, "title": "Runde", "due_on": make.today() + timedelta(days=9)}
    opened = client.post(url, form).url
    answer = client.post(url, {**form, "title": "Zweite"})
    assert "läuft schon" in str(answer.context["form"].errors)
    assert InventoryRound.objects.count() == 1
    found = InventoryRound.objects.get()
    close = reverse("districts:round_close", args=[found.pk])
    assert client.get(close).context["waiting"] == 1
    assert client.post(close).url == opened
    assert "nicht angesehen" in client.get(opened).content.decode()
    assert client.post(close).status_code == 303
    found.refresh_from_db()
    assert found.figures["open"] == 1


def test_a_team_neither_opens_nor_closes_rounds_of_others(client_of, mara, paul, ost, preuswald):
    found = make_offers.inventory_round(district=preuswald, by=paul)
    make_offers.offer(districts=[preuswald])
    client = client_of(mara)
    assert client.get(found.get_absolute_url()).status_code == 200
    assert client.post(reverse("districts:round_close", args=[found.pk])).status_code == 404
    form = {"district": preuswald.pk, "title": "Runde", "due_on": make.today()}
    assert client.post(reverse("districts:round_new"), form).status_code == 422


@pytest.mark.parametrize("count", [1, 15])
def test_a_round_costs_the_same_for_one_and_many(client_of, mara, ost, count, django_assert_num_queries):
    for _ in range(count):
        make_offers.offer(districts=[ost])
    url = make_offers.inventory_round(district=ost, by=mara).get_absolute_url()
    client = client_of(mara)
    client.get(url)
    with django_assert_num_queries(8):
        client.get(url)


# --- For everybody ---------------------------------------------------------------------------------------------------


@pytest.fixture
def public_offers(ost, preuswald, mara):
    """What may be shown, and much that may not."""
    shown = make.actor(name="Haus der Begegnung", is_public=True, phone="0221 4711", districts=[ost])
    hidden = make.actor(name="Geheimer Verein", phone="0171 999", street="Privatweg 1", districts=[ost])
    make.contact_person(actor=shown, name="Gerda Palm")
    known = {"verified_by": mara, "verified_on": make.today(), "funded_by": "Geheimfonds"}
    make_offers.offer(title="Frühstück", provider=shown, districts=[ost], times="dienstags 9 Uhr", **known)
    make_offers.offer(title="Stadtweites", provider=hidden, **known)
    make_offers.offer(title="Intern", provider=shown, districts=[ost], is_public=False)
    make_offers.offer(title="Pausiertes", provider=shown, districts=[ost], status="paused")
    make_offers.offer(title="Abgelaufenes", provider=shown, districts=[ost], ends_on=make.today() - timedelta(days=1))
    make_offers.offer(title="Anderswo", provider=shown, districts=[preuswald])
    make_offers.offer(title="Künftiges", provider=shown, districts=[ost], starts_on=make.today() + timedelta(days=9))
    closed = make.actor(name="Aufgelöst e. V.", is_public=True, status="ended", ended_on=make.today())
    make_offers.offer(title="Verwaistes", provider=closed, districts=[ost])
    return {"Frühstück", "Stadtweites"}


SECRETS = ("Intern", "Pausiertes", "Abgelaufenes", "Anderswo", "Geheimer", "0171", "Privatweg", "Geheimfonds", "Mara",
           "Palm", "Künftiges", "Verwaistes", "Aufgelöst")  # fmt: skip


def test_the_public_page_shows_what_runs_and_may_be_shown(client, public_offers, ost):
    url = reverse("districts:offers_public", args=[ost.slug])
    answer = client.get(url)
    assert {row.offer.title for row in answer.context["rows"]} == public_offers
    page = answer.content.decode()
    assert "Haus der Begegnung" in page
    assert "0221 4711" in page
    for secret in SECRETS:
        assert secret not in page
    assert len(answer.content) < 60_000
    for query, found in (("Frühstück", 1), ("Geheimer", 0), ("dienstags", 1), ("%", 0), ("x" * 4000, 0)):
        assert len(client.get(url, {"q": query}).context["rows"]) == found
    assert client.get(url, {"field": "abc"}).status_code == 422
    assert client.get(reverse("districts:offers_public", args=["gibt-es-nicht"])).status_code == 404


def test_a_full_public_page_stays_small_and_costs_the_same(client, ost, django_assert_num_queries):
    url = reverse("districts:offers_public", args=[ost.slug])
    long = {"description": "Wort " * 300, "times": "mittwochs " * 25, "place": "Ort " * 40, "languages": ["de", "tr"]}
    for count in (1, 35):
        for n in range(count):
            make_offers.offer(title=f"Angebot mit einem recht langen Namen für viele {n:02d}", districts=[ost], **long)
        client.get(url)
        with django_assert_num_queries(9):
            answer = client.get(url)
    assert len(answer.context["rows"]) == 30
    assert len(answer.content) < 60_000


def test_the_public_page_of_the_office_leads_there(client, mara, ost):
    page = client.get(reverse("districts:office_public", args=[mara.office.pk])).content.decode()
    assert reverse("districts:offers_public", args=[ost.slug]) in page


def test_the_paper_for_residents_holds_the_same(client_of, mara, public_offers, ost):
    content = client_of(mara).get(reverse("reports:offer_paper", args=[ost.slug])).content
    assert pdf.structure(content) == []
    text = pdf.text(content)
    for title in public_offers:
        assert title in text
    for secret in set(SECRETS) - {"Mara"}:
        assert secret not in text


def test_papers_of_a_quarter_without_anything(silke, ost):
    for content in (
        offer_paper(ost, today=make.today()),
        gap_paper(ost, user=silke, today=make.today()),
    ):
        assert pdf.structure(content) == []


def test_an_offer_stands_once_on_paper_and_is_mentioned_elsewhere(ost):
    fields = [make.action_field(name=name, position=n) for n, name in enumerate(("Erstes", "Zweites"))]
    make_offers.offer(title="Beides", districts=[ost], action_fields=fields)
    text = pdf.text(offer_paper(ost, today=make.today()))
    assert text.count("Beides") == 2
    assert "Passt auch hierher: Beides (unter „Erstes“)" in text


def test_the_overview_on_paper_has_the_numbers_of_the_page(client_of, mara, ost):
    field, group = make.action_field(name="Gesundheit"), make.target_group(name="Ältere")
    for _ in range(3):
        make_offers.offer(districts=[ost], action_fields=[field], target_groups=[group])
    content = client_of(mara).get(reverse("reports:gap_paper", args=[ost.slug])).content
    assert pdf.structure(content) == []
    assert "Gesundheit 3 3" in pdf.text(content)


# --- Files -----------------------------------------------------------------------------------------------------------

HEAD = "Angebot;Anbieter;Art;Quartiere;Handlungsfelder;Zielgruppen;Kostenlos;Kosten;Alter ab;Alter bis;Läuft bis;Mond"


def test_a_file_is_shown_first_and_then_taken_over(client_of, mara, ost):
    provider = make.actor(name="Werkhof", districts=[ost])
    make.list_entry(OfferKind, name="Kurs")
    make.action_field(name="Arbeit, Qualifizierung")
    make.target_group(name="Alle")
    known = make_offers.offer(title="Holzkurs", provider=provider, districts=[ost])
    rows = [
        "Metallkurs;Werkhof;kurs;Aachen-Ost;Arbeit, Qualifizierung;Alle;ja;;16;;31.12.2030;x",
        "holzkurs;Werkhof;Kurs;Ost;Arbeit, Qualifizierung;Alle;;;;;;",
        "Ohne;Niemand;Kurs;Ost;Arbeit, Qualifizierung;Alle;;;;;;",
        "Falsch;Werkhof;Quark;Mond;Arbeit;Alle;ja;2 Euro;9;3;gestern;",
        "Metallkurs;Werkhof;Kurs;Ost;Arbeit, Qualifizierung;Alle;;;;;;",
        ";Werkhof;Kurs;Ost;;;;;;;;",
    ]
    client = client_of(mara)
    file = make_offers.offer_file(user=mara, text="\n".join([HEAD, *rows]))
    url = reverse("districts:offer_preview", args=[file.pk])
    page = client.get(url)
    plan = page.context["plan"]
    assert [line.state for line in plan.lines] == ["new", "known", "faulty", "faulty", "faulty", "faulty"]
    assert plan.unknown == ["Mond"]
    assert plan.lines[1].known == known
    assert len(plan.lines[3].errors) == 6
    assert client.get(reverse("districts:actor_preview", args=[file.pk])).status_code == 404
    take_over = reverse("districts:offer_take_over", args=[file.pk])
    form = {"fingerprint": plan.fingerprint}
    assert client.post(take_over, form).status_code == 422
    assert client.post(take_over, {**form, "fingerprint": "x", "skip_faulty": "on"}).status_code == 409
    assert client.post(take_over, {**form, "skip_faulty": "on"}).status_code == 303
    made = Offer.objects.get(title="Metallkurs")
    assert (made.is_free, made.age_from, made.ends_on.year, made.is_public) == (True, 16, 2030, False)
    assert list(made.events.values_list("kind", flat=True)) == ["imported"]
    assert (list(made.districts.all()), made.action_fields.get().name) == ([ost], "Arbeit, Qualifizierung")
    assert client.get(url).status_code == 404


def test_files_of_districts_of_others_are_faulty_and_files_of_others_unseen(client_of, mara, paul, preuswald):
    make.actor(name="Werkhof")
    make.list_entry(OfferKind, name="Kurs")
    make.action_field(name="Arbeit")
    make.target_group(name="Alle")
    file = make_offers.offer_file(user=mara, text=f"{HEAD}\nNeu;Werkhof;Kurs;Preuswald;Arbeit;Alle;;;;;;\n")
    url = reverse("districts:offer_preview", args=[file.pk])
    (line,) = client_of(mara).get(url).context["plan"].lines
    assert line.errors == ["Keines der Quartiere gehört zu Ihrem Team."]
    assert client_of(paul).get(url).status_code == 404


# --- not twice --------------------------------------------------------------------------------------------------------


def test_the_same_offer_is_not_entered_twice_without_a_look(client_of, mara, ost):
    provider, client, url = make.actor(districts=[ost]), client_of(mara), reverse("districts:offer_new")
    make_offers.offer(title="Spieletreff", districts=[ost])
    there = make_offers.offer(title="Spiele-Treff am Mittwoch", provider=provider, districts=[ost])
    form = filled(provider, title="Spieletreff Mittwoch", districts=[ost.pk], times="mittwochs")
    answer = client.post(url, form)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["title"])
    assert (answer.context["form"].alike, answer.context["form"]["times"].value()) == ([there], "mittwochs")
    assert there.get_absolute_url() in answer.text
    assert client.post(url, form | {"title": "Rechtsberatung"}).status_code == 303
    assert client.post(url, form | {"confirmed": "on"}).status_code == 303
    edit = {"version": there.version, "title": "Spieletreff Mittwoch"}
    assert client.post(reverse("districts:offer_edit", args=[there.pk]), form | edit).status_code == 303


def test_carrier_staff_hear_of_their_own_offers_only(client_of, tara, ost):
    actor = tara.memberships.get().actor
    make_offers.offer(title="Spieletreff", provider=actor, districts=[ost])
    form = filled(actor, provider=actor.pk, districts=[ost.pk])
    answer = client_of(tara).post(reverse("districts:offer_new"), form)
    assert [one.title for one in answer.context["form"].alike] == ["Spieletreff"]


def test_pressing_twice_on_one_day_notes_one_check(client_of, mara, ost):
    offer = make_offers.offer(districts=[ost])
    for _ in range(3):
        client_of(mara).post(reverse("districts:offer_verify", args=[offer.pk]))
        client_of(mara).post(reverse("districts:actor_verify", args=[offer.provider_id]))
    assert offer.events.filter(kind="verified").count() == 1
    assert offer.provider.events.filter(kind="verified").count() == 1


@pytest.mark.parametrize("result", ["", "changed", "<b>", None])
def test_an_unknown_answer_in_a_round_notes_nothing(client_of, mara, ost, result):
    offer = make_offers.offer(districts=[ost])
    entry = make_offers.inventory_round(district=ost, by=mara).entries.get()
    data = {} if result is None else {"result": result}
    answer = client_of(mara).post(reverse("districts:round_note", args=[entry.pk]), data, follow=True)
    offer.refresh_from_db()
    assert (offer.verified_on, entry.round.entries.waiting().count()) == (None, 1)
    assert "Bitte „Stimmt noch“ oder" in answer.text


def test_the_whole_list_stays_open_after_a_note(client_of, mara, ost):
    make_offers.offer(districts=[ost])
    entry = make_offers.inventory_round(district=ost, by=mara).entries.get()
    client, page = client_of(mara), entry.round.get_absolute_url()
    url = f"{reverse('districts:round_note', args=[entry.pk])}?zeigen=alle"
    assert url in client.get(f"{page}?zeigen=alle").text
    assert client.post(url, {"result": "same"}).url == f"{page}?zeigen=alle#{entry.offer_id}"
    assert client.post(url, {"result": "same"}, headers={"HX-Request": "true"}).context["shown"] == "alle"
