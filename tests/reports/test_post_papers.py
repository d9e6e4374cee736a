"""Posts on a key date and the distribution of tasks on paper (P22, P23)."""

from datetime import date

import pytest
from django.urls import reverse

from districts.actions import tasks as task_actions
from districts.actions.assignments import save_carrier, set_model
from tests import make, make_posts
from tests.pdf import ink_outside, outline, pages, structure, text

pytestmark = pytest.mark.django_db
LONG = "Integrationsorientiertes Quartiersmanagement am ehemaligen Güterbahnhof Aachen-Nordwest (Ostteil), " + "x" * 18


def paper(client, url, **query) -> bytes:
    response = client.get(url, query)
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    return response.content


@pytest.fixture
def held(silke, ost):
    made = make_posts.assignment(
        name="Allgemeines Quartiersmanagement", districts=[ost], carrier=make_posts.carrier(name="Stadt, FB 56")
    )
    make_posts.staffing(post=make_posts.post(assignment=made, share="1.00"), name="Fachkraft", share="0.50")
    make_posts.post(assignment=made, share=None)
    make_posts.classification(district=ost)
    return made


def test_the_overview_says_what_the_page_says(client_of, mara, held):
    content = paper(client_of(mara), reverse("reports:post_paper"), stichtag="2017-12-31")
    assert (structure(content), ink_outside(content)) == ([], [])
    words = text(content)
    told = (
        "Stellenübersicht zum 31.12.2017", "Stellen geplant: mindestens 1,0, besetzt: 0,5", "Stadt, FB 56",
        "besonderen Herausforderungen", "unbekannt", "0,5 nicht besetzt", "Fachkraft",
    )  # fmt: skip
    assert [one for one in told if one not in words] == []
    titles = [title for _, title in outline(content)]
    assert titles == ["Stellenübersicht zum 31.12.2017", "Stellen", "Summen", "Träger und Laufzeiten"]


def test_carriers_are_those_of_the_day(client_of, silke, held):
    before, end = held.carriers.get(), date(2019, 12, 31)
    known = {"assignment": held, "role": "carrier", "by": silke}
    save_carrier(carrier=before, actor=before.actor, version=1, valid_from=None, valid_to=end, **known)
    save_carrier(actor=make_posts.carrier(name="Nachfolge gGmbH"), valid_from=date(2020, 1, 1), valid_to=None, **known)
    client, url = client_of(silke), reverse("reports:post_paper")
    shown = {day: text(paper(client, url, stichtag=day)) for day in ("2019-12-31", "2020-01-01")}
    assert ["Stadt, FB 56" in words for words in shown.values()] == [True, False]
    assert ["Nachfolge gGmbH" in words for words in shown.values()] == [False, True]
    tasks = text(paper(client, reverse("reports:task_paper", args=[held.pk])))
    assert ("Nachfolge gGmbH" in tasks, "Stadt, FB 56" in tasks) == (True, False)


def test_a_day_without_anybody_names_the_quarters(client_of, mara, held):
    type(held).objects.filter(pk=held.pk).update(status="aimed")
    content = paper(client_of(mara), reverse("reports:post_paper"))
    assert structure(content) == []
    assert "An diesem Tag läuft kein Einsatz. Ohne Quartiersmanagement: Aachen-Ost." in text(content)


def test_the_distribution_can_be_signed_by_everybody_it_names(client_of, silke, held):
    areas = ("steering", "planning", "community")
    actors = {f"{area}_actor": make_posts.carrier(name=f"Träger {area}") for area in areas}
    made = set_model(assignment=held, version=held.version, model=4, by=silke, **actors)
    task_actions.propose_tasks(assignment=made, by=silke)
    make_posts.agreement(assignment=made, task="TC01", version=1, is_needed=False)
    content = paper(client_of(silke), reverse("reports:task_paper", args=[held.pk]))
    assert (structure(content), ink_outside(content)) == ([], [])
    words = text(content)
    assert words.count("Ort, Datum, Unterschrift") == 3
    told = ("offen", "(doppelt)", "Fällt hier nicht an", *(f"Träger {area}" for area in areas))
    assert [one for one in told if one not in words] == []


def test_long_and_hostile_names_and_many_rows_stay_on_the_page(client_of, silke, ost):
    for n in range(12):
        held = make_posts.assignment(name=f"{n} {LONG}"[:120], districts=[ost], theme="<b>")
        post = make_posts.post(assignment=held, name=f"{n} {'W' * 100}")
        make_posts.staffing(post=post, name="<script>" + "y" * 100, share="0.25")
    client = client_of(silke)
    for url in (reverse("reports:post_paper"), reverse("reports:task_paper", args=[held.pk])):
        content = paper(client, url)
        assert (structure(content), ink_outside(content)) == ([], [])
    assert pages(paper(client, reverse("reports:post_paper"))) > 1


def test_the_structure_is_a_list_with_its_gaps(client_of, mara, held, ost):
    make.network(name="Stadtteilnetz Ost", districts=[ost])
    content = paper(client_of(mara), reverse("reports:structure_paper", args=[ost.pk]))
    assert (structure(content), ink_outside(content), pages(content)) == ([], [], 1)
    words = text(content)
    told = ("3 von fünf Bausteinen fehlen", "Stadtteilnetz Ost", "Fachkraft (0,5)", "Lücke: Dazu ist nichts bekannt")
    assert [one for one in told if one not in words] == []


def test_nothing_is_reckoned_that_is_not_decided(client_of, silke):
    make_posts.post(assignment=make_posts.assignment(status="applied", name="Nur beantragt"), share="3.00")
    words = text(paper(client_of(silke), reverse("reports:post_paper"), stichtag=f"{date(2017, 12, 31):%Y-%m-%d}"))
    assert "Nur beantragt" not in words
    assert make.today().strftime("%d.%m.%Y") in words
