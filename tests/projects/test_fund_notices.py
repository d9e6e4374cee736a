"""Who signs a notice, what it says about objections, and where the second check is found (Z36, Z37, P20)."""

import re

import pytest
from django.urls import reverse

from projects.basket import applications_to_confirm
from projects.inbox import digest_lines
from projects.models import FundApplication
from reports.papers import funds as papers
from tests import make, make_bodies, make_funds, pdf

pytestmark = pytest.mark.django_db
REMEDY = "Gegen diesen Bescheid ist binnen eines Monats Klage möglich."
TILE = "Fondsanträge: zweite Prüfung"


@pytest.fixture
def fund(ost, silke):
    return make_funds.fund(districts=[ost], by=silke, remedy=REMEDY, rules={"confirm": True}, budget=5000)


@pytest.fixture
def waiting(fund, asli, mara):
    return make_funds.decided(fund=fund, by=asli, checker=mara)


def letter(found, by):
    found = FundApplication.objects.with_everything().get(pk=found.pk)
    content = papers.notice(found, by=by, on=make.today())
    assert pdf.structure(content) == []
    return re.sub(r"\s+", " ", pdf.text(content))


def decide(found, silke, client_of, **given):
    data = {"granted": "yes", "amount": "450", **given}
    assert client_of(silke).post(reverse("projects:application_office", args=[found.pk]), data).status_code == 303


class TestSignature:
    def test_of_a_body_signs_whoever_keeps_the_fund(self, ost, silke, asli, mara):
        fund = make_funds.fund(districts=[ost], by=silke, remedy=REMEDY)
        found = make_funds.decided(fund=fund, by=asli, checker=mara, result="refused")
        words = letter(found, mara)
        assert f"{mara.name} Quartiersmanagement für: {fund.body}" in words
        assert f"Über einen geänderten Antrag entscheidet das Gremium neu: {fund.body}." in words
        assert f"Es schreibt Ihnen {mara.name}" in words
        assert REMEDY not in words
        assert "Sozialplanung" not in words
        assert f"{silke.name} Sozialplanung für: {fund.body}" in letter(found, silke)

    def test_of_a_check_signs_whoever_checked(self, fund, asli, mara, silke):
        found = make_funds.checked(fund=fund, by=asli, checker=mara, overall="not", reason="Pflichtaufgabe der Stadt.")
        words = letter(found, silke)
        assert f"{mara.name} Quartiersmanagement" in words
        assert "Nach den Regeln des Fonds geht es so nicht." in words
        assert "Pflichtaufgabe der Stadt." in words
        by_planning = make_funds.checked(fund=fund, by=asli, checker=silke, overall="not", reason="Nein.")
        assert f"{silke.name} Sozialplanung" in letter(by_planning, mara)

    def test_of_the_sozialplanung_it_signs_whoever_prints(self, fund, waiting, client_of, silke, mara):
        type(silke).objects.filter(pk=silke.pk).update(phone="0241 432-5601")
        decide(waiting, silke, client_of)
        words = letter(waiting, mara)
        assert f"{silke.name} Sozialplanung" in words
        assert mara.name not in words
        assert "Quartiersmanagement" not in words
        assert f"Zugestimmt hat am {waiting.decisions.first().on:%d.%m.%Y}: {fund.body}." in words
        assert "Telefon 0241 432-5601" in words
        assert f"Rechtsbehelf {REMEDY}" in words
        assert "Sind Sie nicht einverstanden?" not in words  # they got what they asked for

    def test_a_no_of_the_sozialplanung_says_where_to_turn(self, waiting, client_of, silke, mara):
        decide(waiting, silke, client_of, granted="no", reason="Schon gefördert.")
        words = letter(waiting, mara)
        for said in ("Schon gefördert.", "entscheiden das Gremium und die Sozialplanung neu", REMEDY):
            assert said in words

    def test_without_words_of_the_city_there_is_no_remedy(self, fund, waiting, client_of, silke):
        type(fund).objects.filter(pk=fund.pk).update(remedy="")
        decide(waiting, silke, client_of)
        assert "Rechtsbehelf" not in letter(waiting, silke)

    def test_of_a_second_body_signs_the_sozialplanung_for_it(self, ost, silke, asli, mara):
        second = make_bodies.body(name="Ausschuss für Soziales")
        rules = {"threshold": 100, "second_body": second}
        fund = make_funds.fund(districts=[ost], by=silke, remedy=REMEDY, rules=rules)
        found = make_funds.decided(fund=fund, by=asli, checker=mara)
        item = make_funds.on_agenda(application=found, by=silke, members=[make_bodies.member(body=second)])
        make_funds.vote(item, by=silke, result="refused")
        make_funds.approve(item, by=silke)
        words = letter(found, mara)
        for said in (f"{silke.name} Sozialplanung für: Ausschuss für Soziales", "Das gibt es schon.", REMEDY):
            assert said in words
        assert "Quartiersmanagement" not in words

    def test_whoever_has_left_signs_nothing(self, fund, waiting, client_of, silke, mara):
        decide(waiting, silke, client_of)
        type(silke).objects.filter(pk=silke.pk).update(is_active=False)
        other = make.user(role="planning", name="Otto Nachfolge")
        assert "Otto Nachfolge Sozialplanung" in letter(waiting, other)

    def test_nobody_signs_as_sozialplanung_who_is_not(self, fund, waiting, client_of, silke, mara):
        decide(waiting, silke, client_of)
        type(silke).objects.filter(pk=silke.pk).update(is_active=False)
        words = letter(waiting, mara)
        assert f"{mara.name} Quartiersmanagement für: Sozialplanung" in words
        assert REMEDY in words

    def test_whoever_checked_and_works_elsewhere_now_signs_nothing(self, fund, asli, mara, silke):
        found = make_funds.checked(fund=fund, by=asli, checker=mara, overall="not", reason="Pflichtaufgabe der Stadt.")
        mara.memberships.all().delete()
        words = letter(found, silke)
        assert f"{silke.name} Sozialplanung" in words
        assert mara.name not in words


class TestSecondCheck:
    def test_a_tile_and_a_line_lead_to_exactly_these(self, client_of, fund, waiting, asli, mara, silke):
        make_funds.submitted(fund=fund, by=asli)  # still to be checked for the first time
        tile = applications_to_confirm(silke, make.today())
        assert (tile["label"], tile["count"]) == (TILE, "1")
        client = client_of(silke)
        assert TILE in client.get(reverse("concerns:coordination")).content.decode()
        rows = client.get(tile["url"]).context["rows"]
        assert [one for one, _ in rows] == [waiting]
        assert (1, "Fondsanträge zur zweiten Prüfung", "projects:applications?owed=zweitpruefung") in list(
            digest_lines(silke, [], [], make.today())
        )

    def test_nobody_else_has_it_and_it_goes_when_it_is_done(self, client_of, waiting, silke, mara, enno):
        assert [applications_to_confirm(one, make.today()) for one in (mara, enno)] == [None, None]
        assert [line for line in digest_lines(mara, [], [], make.today()) if "Fonds" in line[1]] == []
        decide(waiting, silke, client_of)
        assert applications_to_confirm(silke, make.today()) is None
