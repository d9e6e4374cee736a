"""The directory of offers: search, filters, who sees what, matrix and gaps with the same numbers (Z17, Q13)."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.urls import reverse

from districts.actions import offers as actions
from districts.inventory import is_old
from districts.models import Offer, OfferKind, OfferPart
from districts.offer_counts import count_the_day
from districts.querysets.offers import PART
from tests import make, make_offers

pytestmark = pytest.mark.django_db

URL, MATRIX, GAPS = (reverse(f"districts:{name}") for name in ("offers", "offer_matrix", "offer_gaps"))


def titles(client, url=URL, **query):
    return [row.offer.title for row in client.get(url, query).context["rows"]]


@pytest.fixture
def mara_s(client_of, mara):
    return client_of(mara)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("näh", ["Nähwerkstatt"]),
        ("NAHWERK", ["Nähwerkstatt"]),
        ("begegnung", ["Nähwerkstatt"]),
        ("elsassplatz nähwerkstatt", ["Nähwerkstatt"]),
        ("mittwochs", ["Boxen"]),
        ("mittwochs elsassplatz", []),
    ],
)
def test_finds_words_of_the_offer_and_of_its_provider(mara_s, typed, found):
    make_offers.offer(title="Nähwerkstatt", provider=make.actor(name="Haus der Begegnung", street="Elsassplatz 4"))
    make_offers.offer(title="Boxen", times="mittwochs 18 Uhr")
    assert titles(mara_s, q=typed) == found


def test_forgives_a_wrong_letter_and_says_so(mara_s):
    make_offers.offer(title="Schuldnerberatung")
    make_offers.offer(title="Boxen")
    answer = mara_s.get(URL, {"q": "Schultnerberatung"})
    assert [row.offer.title for row in answer.context["rows"]] == ["Schuldnerberatung"]
    assert "ähnlich klingende Angebote" in answer.content.decode()


def test_filters_one_by_one(mara_s, mara, ost, preuswald):
    field, group, kind = make.action_field(), make.target_group(), make.list_entry(OfferKind)
    today = make.today()
    make_offers.offer(title="Feld", districts=[ost], action_fields=[field])
    make_offers.offer(title="Gruppe", districts=[preuswald], target_groups=[group])
    make_offers.offer(title="Art", kind=kind, languages=["tr", "de"], is_free=True)
    make_offers.offer(title="Alter", districts=[ost], age_from=6, age_to=10, barrier_free="yes")
    make_offers.offer(title="Pause", districts=[ost], status="paused", age_from=60)
    make_offers.offer(title="bald", districts=[ost], age_from=60, ends_on=today + timedelta(days=100))
    make_offers.offer(title="später", age_from=60, funded_until=today + timedelta(days=300))
    make_offers.offer(title="abgelaufen", age_from=60, ends_on=today - timedelta(days=1))
    make_offers.over(title="vorbei", districts=[ost])
    asked = {
        ("district", ost.pk): ["Alter", "bald", "Feld", "Pause"],
        ("district", "stadtweit"): ["abgelaufen", "Art", "später"],
        ("field", field.pk): ["Feld"],
        ("group", group.pk): ["Gruppe"],
        ("kind", kind.pk): ["Art"],
        ("language", "tr"): ["Art"],
        ("free", "on"): ["Art"],
        ("barrier_free", "on"): ["Alter"],
        ("age", "10"): ["Alter", "Art", "Feld", "Gruppe"],
        ("age", "11"): ["Art", "Feld", "Gruppe"],
        ("status", "paused"): ["Pause"],
        ("status", "ended"): ["vorbei"],
        ("status", "running"): ["Alter", "Art", "bald", "Feld", "Gruppe", "später"],
        ("expiring", "6"): ["bald"],
        ("expiring", "12"): ["bald", "später"],
        ("expiring", "0"): ["abgelaufen"],
    }
    assert {key: titles(mara_s, **{key[0]: key[1]}) for key in asked} == asked
    assert "vorbei" in titles(mara_s, status="any")
    assert "vorbei" not in titles(mara_s)


def test_not_checked_for_a_year_is_the_same_on_the_page_and_in_the_filter(mara_s, mara):
    today = make.today()
    make_offers.offer(title="frisch", verified_on=today - timedelta(days=20), verified_by=mara)
    make_offers.offer(title="alt", verified_on=today - timedelta(days=400), verified_by=mara)
    never = make_offers.offer(title="nie")
    Offer.objects.filter(pk=never.pk).update(created_at=never.created_at - timedelta(days=500))
    assert titles(mara_s, unverified="on") == ["alt", "nie"]
    assert [one.title for one in Offer.objects.all() if is_old(one, today=today, months=12)] == ["alt", "nie"]


def test_departments_see_what_may_be_public_and_nothing_of_the_inside(client_of, mara, enno, ost):
    provider = make.actor(name="Werkhof", phone="0221 1")
    shown = make_offers.offer(title="Offen", provider=provider, funded_by="Geheimfonds", verified_by=mara,
                              verified_on=make.today(), districts=[ost])  # fmt: skip
    inner = make_offers.offer(title="Intern", is_public=False, districts=[ost])
    enno_s = client_of(enno)
    assert titles(enno_s) == ["Offen"]
    page = enno_s.get(shown.get_absolute_url()).content.decode()
    assert "Werkhof" in page
    assert enno_s.get(provider.get_absolute_url()).status_code == 200
    assert f'href="{provider.get_absolute_url()}"' in page
    for secret in ("Geheimfonds", mara.name, "Verlauf"):
        assert secret not in page
    assert "Geheimfonds" in client_of(mara).get(shown.get_absolute_url()).content.decode()
    assert enno_s.get(inner.get_absolute_url()).status_code == 404
    written = b"".join(enno_s.get(reverse("districts:offer_export"))).decode()
    assert "Offen" in written
    assert "Intern" not in written
    assert "Geheimfonds" not in written
    assert "Geheimfonds" in b"".join(client_of(mara).get(reverse("districts:offer_export"))).decode()


def test_teams_change_only_what_is_offered_in_their_districts(client_of, mara, silke, ost, preuswald):
    here, there, city = (
        make_offers.offer(districts=[ost]),
        make_offers.offer(districts=[preuswald]),
        make_offers.offer(),
    )
    for person in (mara, silke):
        can = set(Offer.objects.editable_by(person))
        assert can == {one for one in Offer.objects.all() if one.may_edit(person)}
    assert set(Offer.objects.editable_by(mara)) == {here, city}
    assert client_of(mara).get(reverse("districts:offer_edit", args=[there.pk])).status_code == 404


def cells(answer):
    matrix = answer.context["matrix"]
    return {(line.side.name, cell.group.name): cell for line in matrix.lines for cell in line.cells}


@pytest.mark.parametrize("side", ["feld", "art"])
def test_every_number_of_the_matrix_is_the_list_behind_it(mara_s, ost, preuswald, side):
    fields, groups = [make.action_field() for _ in range(3)], [make.target_group() for _ in range(3)]
    kinds = [make.list_entry(OfferKind) for _ in range(2)]
    today = make.today()
    for n in range(18):
        make_offers.offer(
            districts=[[ost], [preuswald], [ost, preuswald], []][n % 4],
            action_fields=fields[: n % 3 + 1] if n % 2 else [fields[n % 3]],
            target_groups=groups[n % 3 :] if n % 5 else groups,
            kind=kinds[n % 2],
            languages=["tr"] if n % 2 else [],
            status=["active", "active", "active", "paused", "planned"][n % 5],
            ends_on=today - timedelta(days=1) if n == 9 else None,
        )
    make_offers.over(districts=[ost], action_fields=fields, target_groups=groups)
    for query in ({}, {"district": ost.pk}, {"district": "stadtweit"}, {"language": "tr"}, {"q": "Angebot"}):
        matrix = mara_s.get(MATRIX, {**query, "zeilen": side}).context["matrix"]
        numbers = [(line.count, line.url) for line in matrix.lines]
        for line in matrix.lines:
            assert all(cell.url.startswith(GAPS) for cell in line.gaps)
            numbers += [(cell.count, f"{line.url}&group={cell.group.pk}") for cell in line.cells]
            assert {cell.url for cell in line.cells if cell.count} <= {url for _, url in numbers}
        numbers += [(cell.count, cell.url) for cell in matrix.groups] + [(matrix.count, matrix.url)]
        assert {n for n, _ in numbers} != {0}
        for number, url in numbers:
            assert mara_s.get(url).context["page"].label in {f"{number} Angebote", f"{number} Angebot"}


def test_an_offer_fills_a_gap_and_an_ended_or_expired_one_leaves_it_again(mara_s, mara, ost):
    """Scenario 14: Ältere × Alltagshilfe."""
    kind, group = make.list_entry(OfferKind, name="Alltagshilfe"), make.target_group(name="Ältere")

    def cell():
        answer = mara_s.get(MATRIX, {"district": ost.pk, "zeilen": "art"})
        gaps = mara_s.get(GAPS, {"district": ost.pk, "zeilen": "art"})
        told = [(side.name, gap.group.name) for side, gaps in gaps.context["gaps"] for gap in gaps]
        count = cells(answer)["Alltagshilfe", "Ältere"].count
        assert (("Alltagshilfe", "Ältere") in told) is (count == 0)
        return count

    assert cell() == 0
    made = make_offers.offer(kind=kind, target_groups=[group], districts=[ost])
    assert cell() == 1
    Offer.objects.filter(pk=made.pk).update(funded_until=make.today() - timedelta(days=1))
    assert cell() == 0
    Offer.objects.filter(pk=made.pk).update(funded_until=make.today())
    assert cell() == 1
    actions.end_offer(offer=made, ended_on=make.today(), by=mara)
    assert cell() == 0


def test_gaps_say_what_there_is_elsewhere_and_lead_to_a_new_offer(mara_s, ost, preuswald):
    field, group = make.action_field(), make.target_group()
    make_offers.offer(action_fields=[field], target_groups=[group], districts=[preuswald])
    answer = mara_s.get(GAPS, {"district": ost.pk, "field": field.pk})
    ((side, (gap,)),) = answer.context["gaps"]
    assert (side, gap.group, gap.elsewhere) == (field, group, 1)
    assert mara_s.get(gap.url).context["page"].label == "1 Angebot"
    form = mara_s.get(gap.new_url).context["form"]
    assert (form.initial["action_fields"], form.initial["target_groups"]) == ([field], [group])


def test_what_ends_first_stands_first(mara_s, ost):
    today = make.today()
    for title, days in (("dritte", 170), ("erste", 3), ("zweite", 40), ("viel später", 300)):
        make_offers.offer(title=title, districts=[ost], funded_until=today + timedelta(days=days))
    url = reverse("districts:offers_expiring")
    assert titles(mara_s, url) == ["erste", "zweite", "dritte"]
    assert titles(mara_s, url, expiring="12")[-1] == "viel später"


def test_only_what_has_lapsed_is_called_lapsed(mara_s, client_of, tara, ost):
    today = make.today()
    known = {"provider": tara.memberships.get().actor, "districts": [ost], "ends_on": today + timedelta(days=30)}
    make_offers.offer(title="Pause", status="paused", **known)
    later = make_offers.offer(title="Anfang", starts_on=today + timedelta(days=7), **known)
    for client, url in ((mara_s, reverse("districts:offers_expiring")), (mara_s, URL)):
        page = client.get(url).content.decode()
        assert "Anfang" in page
        assert "abgelaufen" not in page.split('id="list"')[1]
    assert "abgelaufen" not in client_of(tara).get(reverse("districts:carrier")).content.decode()
    page = mara_s.get(later.get_absolute_url()).content.decode()
    assert "beginnt noch" in page
    assert "läuft</" not in page


def test_departments_do_not_learn_until_when_the_money_lasts(client_of, enno, ost):
    today = make.today()
    make_offers.offer(title="bald", funded_until=today + timedelta(days=30))
    past = make_offers.offer(title="vorbei", funded_until=today - timedelta(days=30))
    enno_s = client_of(enno)
    assert titles(enno_s, expiring="6") == titles(enno_s) == ["bald", "vorbei"]
    assert f"{past.funded_until:%d.%m.%Y}" not in enno_s.get(past.get_absolute_url()).content.decode()


def test_departments_are_told_that_only_public_offers_count(mara_s, client_of, enno):
    told = "nur Angebote, die öffentlich gezeigt werden"
    for url in (MATRIX, GAPS):
        assert told in client_of(enno).get(url).content.decode()
        assert told not in mara_s.get(url).content.decode()


def test_wrong_values_are_no_crash(mara_s):
    make_offers.offer()
    wrong = [
        *({"district": "99999"}, {"district": "x"}, {"language": "xx"}, {"kind": "abc"}, {"age": "-1"}, {"age": "1e9"}),
        *({"nach": "kaputt"}, {"expiring": "7"}, {"field": "9" * 30}, {"zeilen": "x"}, {"q": "%' OR 1=1" + "x" * 3000}),
    ]
    for url in (URL, MATRIX, GAPS, reverse("districts:offers_expiring")):
        assert {mara_s.get(url, query).status_code for query in wrong} <= {200, 422}


@pytest.mark.parametrize("count", [1, 25])
@pytest.mark.parametrize(("url", "queries"), [(URL, 14), (MATRIX, 11), (GAPS, 16)])
def test_costs_the_same_for_one_and_many(client_of, mara, ost, count, url, queries, django_assert_num_queries):
    client = client_of(mara)
    for _ in range(count):
        make_offers.offer(districts=[ost], verified_by=mara, verified_on=make.today())
    client.get(url)
    with django_assert_num_queries(queries):
        client.get(url)


def test_the_file_can_be_read_again_and_changes_nothing(mara_s, mara, ost):
    provider = make.actor(name="Werkhof", districts=[ost])
    make_offers.offer(title="=Kurs; „eins“", provider=provider, districts=[ost], languages=["de", "tr"])
    written = b"".join(mara_s.get(reverse("districts:offer_export"))).decode("utf-8-sig")
    rows = list(csv.reader(StringIO(written), delimiter=";"))
    assert rows[1][3] != ""
    file = make_offers.offer_file(user=mara, text=written)
    plan = mara_s.get(reverse("districts:offer_preview", args=[file.pk])).context["plan"]
    assert (plan.problems, plan.unknown, [line.state for line in plan.lines]) == ([], [], ["known"])


def test_a_kept_matrix_is_forgotten_with_every_change_whoever_makes_it(mara_s, ost):
    field, group = make.action_field(), make.target_group()
    offer = make_offers.offer(action_fields=[field], target_groups=[group])

    def count():
        return mara_s.get(MATRIX).context["matrix"].count, cells(mara_s.get(MATRIX))[field.name, group.name].count

    assert count() == count() == (1, 1)
    offer.target_groups.clear()
    assert count() == (1, 0)
    offer.target_groups.set([group])
    offer.districts.set([ost])
    assert count() == (1, 1)
    Offer.objects.update(status="paused")
    assert count() == (0, 0)
    Offer.objects.bulk_create([Offer(title="neu", provider=offer.provider, kind=offer.kind)])
    assert count() == (1, 0)


def test_the_matrix_is_counted_anew_only_where_offers_have_changed(mara_s, ost, django_assert_num_queries):
    field, group = make.action_field(), make.target_group()
    for pk in (1, PART - 1, PART, 5 * PART):  # three parts
        make_offers.offer(pk=pk, districts=[ost], action_fields=[field], target_groups=[group])
    assert cells(mara_s.get(MATRIX))[field.name, group.name].count == 4
    with django_assert_num_queries(11):
        assert cells(mara_s.get(MATRIX))[field.name, group.name].count == 4
    before = OfferPart.numbers()
    Offer.objects.filter(pk=PART).update(status="paused")
    Offer.objects.get(pk=1).target_groups.clear()
    after = OfferPart.numbers()
    assert {part for part in after if after[part] != before[part]} == {0, 1}
    answer = mara_s.get(MATRIX)
    assert (answer.context["matrix"].count, cells(answer)[field.name, group.name].count) == (3, 2)
    Offer.objects.filter(pk=5 * PART).delete()
    assert cells(mara_s.get(MATRIX))[field.name, group.name].count == 1


@pytest.mark.parametrize("query", [{}, {"zeilen": "art"}, {"district": "here"}])
def test_the_worker_counts_the_new_day_before_anybody_asks(mara_s, ost, query, django_assert_num_queries):
    make_offers.offer(districts=[ost], action_fields=[make.action_field()], target_groups=[make.target_group()])
    if "district" in query:
        query = {"district": ost.pk}
    count_the_day()
    with django_assert_num_queries(11):
        assert mara_s.get(MATRIX, query).context["matrix"].count == 1


def test_what_one_person_may_count_is_not_shown_to_another(client_of, mara, enno):
    field, group = make.action_field(), make.target_group()
    for is_public in (True, False):
        make_offers.offer(action_fields=[field], target_groups=[group], is_public=is_public)
    counts = [client_of(one).get(MATRIX).context["matrix"].count for one in (mara, enno, mara)]
    assert counts == [2, 1, 2]
