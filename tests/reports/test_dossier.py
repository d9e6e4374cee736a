"""Dossiers of a hand-over: everything for who carries on, nothing for who may not see it (D11, PDF/UA)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from concerns.actions import proposals
from concerns.models import Concern, ReporterAccess
from districts.roles import Role
from tests import make, make_offers, pdf
from tests.make_handover import proposal

pytestmark = pytest.mark.django_db


@pytest.fixture
def lea(ost):
    """A second manager in Ost."""
    return make.user(name="Lea Kranz", role=Role.MANAGER, district=ost)


@pytest.fixture
def work(mara, ost):
    """What a manager leaves: three open concerns (one with feedback due), a promise, a contact, a network, hours."""
    due = {"due": "final", "due_since": make.timezone.now(), "due_on": make.today()}
    due |= {"name": "Greta Geheim", "phone": "0241 777777"}
    actor = make.actor(name="Boxring Ost", districts=[ost])
    person = make.contact_person(
        actor=actor, name="Gerda Palm", is_key_person=True, keeper=mara, phone="0221 4710", private_phone="0171 999",
        private_note="abends",
    )  # fmt: skip
    note = {"actor": actor, "person": person, "district": ost, "by": mara}
    make.contact_note(**note, on=make.today() - timedelta(days=40), topic="Hallenzeiten", keeper=mara)
    make.contact_note(**note, topic="Schlüssel fürs Büro", follow_up_on=make.today() + timedelta(days=4))
    make.contact_note(**note, topic="Streit im Vorstand", follow_up_on=make.today(), is_confidential=True)
    make.network(name="Runde Ost", districts=[ost], members=[actor], keeper=mara, rhythm="monatlich")
    make.slot(office=mara.office)
    make.concern(district=ost, owner=mara, title="Laterne dunkel", reporters=[])
    make.concern(
        district=ost, owner=mara, title="Bank kaputt", status="parked", parked_from="new", needs_triage=False,
        follow_up_on=make.today() + timedelta(days=8), due_on=make.today() + timedelta(days=8), reporters=[],
    )  # fmt: skip
    make.concern(
        district=ost, owner=mara, title="Spielplatz", status="feedback_due", answer_text="Erledigt.",
        needs_triage=False, reporters=[due],
    )  # fmt: skip
    make.concern(
        district=ost, owner=mara, title="Zaun", reporters=[], status="closed", closed_at=make.timezone.now(),
        outcome="planned", promise="open", promised_on=make.today(), answer_text="Im Frühjahr.", needs_triage=False,
    )  # fmt: skip
    make.concern(district=ost, owner=mara, topic=make.topic(is_sensitive=True), title="Zuhause", reporters=[])
    return actor


def of(name, row, viewer):
    answer = make.client_of(viewer).get(reverse(f"reports:{name}", args=[getattr(row, "slug", row.pk)]))
    assert answer.status_code == 200
    return answer.content


def test_it_lists_everything_for_the_one_who_leaves(mara, work):
    content = of("person_dossier", mara, mara)
    text = pdf.text(content)
    for words in (
        "Laterne dunkel", "Bank kaputt", "Spielplatz", "Zuhause", "Im Frühjahr.", "Greta Geheim", "0241 777777",
        "Schlüssel fürs Büro", "Streit im Vorstand", "Gerda Palm", "0171 999", "abends", "Runde Ost", "monatlich",
        "Stadtteilbüro Ost", "Mi 10–12 Uhr",
    ):  # fmt: skip
        assert words in text, words
    assert pdf.tables(content)[0][:3] == [
        ["offene Anliegen", "4"],
        ["davon mit offener Rückmeldung", "1"],
        ["davon zurückgestellt bis zu einem Tag", "1"],
    ]
    assert "Hallenzeiten" not in text  # the last talk is told, not the whole log
    assert pdf.structure(content) == []
    assert ReporterAccess.objects.filter(user=mara).count() == 1


@pytest.mark.parametrize("name", ["person_dossier", "district_dossier"])
def test_the_sozialplanung_gets_it_without_people_log_and_sensitive_things(name, mara, silke, ost, work):
    content = of(name, mara if name == "person_dossier" else ost, silke)
    text = pdf.text(content)
    for words in ("Laterne dunkel", "Im Frühjahr.", "Gerda Palm", "0221 4710", "Runde Ost", "1 Person wartet"):
        assert words in text, words
    for secret in (
        "Greta", "777777", "Zuhause", "Schlüssel fürs", "Streit", "0171", "abends", "Hallenzeiten",
    ):  # fmt: skip
        assert secret not in text, secret
    assert "1 vertrauliches Anliegen ist hier nicht genannt" in text
    assert pdf.structure(content) == []
    assert not ReporterAccess.objects.exists()


def test_an_assistant_s_dossier_of_the_district_has_no_confidential_entry(asli, ost, work):
    text = pdf.text(of("district_dossier", ost, asli))
    assert ("Schlüssel fürs Büro" in text, "Streit im Vorstand" in text) == (True, False)
    assert "Greta Geheim" not in text  # not their own intake


def test_administration_gets_neither_people_nor_directory(mara, adam, work):
    text = pdf.text(of("person_dossier", mara, adam))
    assert "Laterne dunkel" in text
    assert [secret for secret in ("Greta", "Gerda", "Runde Ost", "Boxring", "Zuhause") if secret in text] == []


def test_who_shall_take_over_gets_it_from_the_proposal_on(mara, lea, asli, paul, ost, work):
    url = reverse("reports:person_dossier", args=[mara.pk])
    client = make.client_of(lea)
    assert client.get(url).status_code == 404
    made = proposal(person=mara, to=lea, concern=list(mara.owned_concerns.filter(title="Zaun")))
    assert client.get(url).status_code == 200
    proposals.agree(handover=made, by=lea)
    assert client.get(url).status_code == 200
    refused = proposal(person=mara, to=asli, concern=list(mara.owned_concerns.filter(title="Bank kaputt")))
    proposals.decline(handover=refused, reason="Nein.", by=asli)
    assert [make.client_of(person).get(url).status_code for person in (asli, paul)] == [404, 404]


def test_another_district_s_dossier_is_not_there(paul, adam, ost, preuswald):
    url = reverse("reports:district_dossier", args=[ost.slug])
    assert [make.client_of(person).get(url).status_code for person in (paul, adam)] == [404, 404]


def test_a_caseworker_s_dossier_names_the_tickets(enno, stadtbetrieb):
    make.routing(
        concern=make.concern(title="Laterne dunkel"), department=stadtbetrieb, assignee=enno, file_number="AZ 7"
    )
    text = pdf.text(of("person_dossier", enno, enno))
    assert [words in text for words in ("Laterne dunkel", "AZ 7")] == [True, True]
    assert "Geheimname" not in text


def test_an_empty_district_and_long_names(silke):
    name = "Siedlung am ehemaligen Güterbahnhof Aachen-Nordost (Westteil)"
    content = of("district_dossier", make.district(name=name, slug="lang"), silke)
    assert "Es ist nichts offen" in pdf.text(content)
    assert pdf.structure(content) == []


@pytest.mark.parametrize("name", ["person_dossier", "district_dossier"])
def test_whom_to_ask_after_a_closed_concern_is_named_and_is_no_complaint(name, mara, ost, work):
    concern = make.concern(district=ost, owner=mara, title="Sprachkurs gesucht", reporters=[])
    make_offers.referral(concern=concern, by=mara, offer=make_offers.offer(title="Deutsch am Abend", districts=[ost]))
    fields = {"status": "closed", "closed_at": make.timezone.now(), "outcome": "referred", "needs_triage": False}
    Concern.objects.filter(pk=concern.pk).update(answer_text="Dorthin.", **fields)
    text = pdf.text(of(name, mara if name == "person_dossier" else ost, mara))
    assert "Deutsch am Abend" in text
    assert "Anliegen mit Nachfrage zu einer Vermittlung" in text
    assert "Hat nicht geholfen" not in text


@pytest.mark.parametrize("many", [1, 8])
def test_it_costs_the_same_for_few_and_many(many, mara, ost, work, django_assert_num_queries):
    for n in range(many):
        due = {"due": "final", "due_since": make.timezone.now(), "due_on": make.today()}
        concern = make.concern(district=ost, owner=mara, title=f"Neues {n}", reporters=[due])
        make.routing(concern=concern)
        actor = make.actor(districts=[ost])
        person = make.contact_person(actor=actor, is_multiplier=True)
        make.contact_note(actor=actor, person=person, district=ost, by=mara, follow_up_on=make.today())
        make.network(districts=[ost], members=[actor], keeper=mara)
    client = make.client_of(mara)
    with django_assert_num_queries(51):
        client.get(reverse("reports:person_dossier", args=[mara.pk]))
