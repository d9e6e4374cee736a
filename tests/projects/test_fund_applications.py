"""Applications: drafts with a cost plan, handing in, checks by four eyes, who reads them (Z35, Z36, scenario 12)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from concerns.actions.base import NotReady
from projects import basket
from projects.actions import applications
from projects.actions.base import Conflict, LoopError
from projects.fund_workflow import APPLICATION_MOVES, ApplicationStatus
from projects.models import FundApplication
from tests import make, make_funds

pytestmark = pytest.mark.django_db


@pytest.fixture
def fund(ost, silke):
    return make_funds.fund(districts=[ost], by=silke)


def url(name, row):
    return reverse(f"projects:{name}", args=[row.pk])


def typed(fund, *, lines=(("Material", "500,00"),), **fields):
    """What a browser sends of the form."""
    actor = make.actor(name="Kita Sonnenwinkel")
    data = {
        "applicant_kind": "institution", "applicant": f"{actor.name} (Nr. {actor.pk})", "title": "Nachbarschaftsfest",
        "description": "Ein Fest.", "benefit": "Man lernt sich kennen.", "district": fund.districts.first().pk,
        "action_field": make.action_field().pk, "starts_on": f"{make_funds.BEGINS:%Y-%m-%d}",
        "ends_on": f"{make_funds.ENDS:%Y-%m-%d}", "own_money": "50", "requested": "450,00", "step": "save",
        "posten-TOTAL_FORMS": len(lines), "posten-INITIAL_FORMS": 0,
    }  # fmt: skip
    for number, (label, amount) in enumerate(lines):
        data |= {f"posten-{number}-label": label, f"posten-{number}-amount": amount}
    return data | fields


class TestForm:
    def test_an_assistant_enters_a_draft_with_its_cost_plan(self, client_of, asli, fund):
        lines = [("Bühne", "300"), ("", ""), ("Essen", "1.200,50")]
        answer = client_of(asli).post(url("application_new", fund), typed(fund, lines=lines))
        assert answer.status_code == 303
        found = FundApplication.objects.get()
        assert (found.status, found.number) == ("draft", f"{fund.code}-{make.today().year}-001")
        assert [(one.label, one.amount) for one in found.lines.all()] == [
            ("Bühne", Decimal(300)), ("Essen", Decimal("1200.50")),
        ]  # fmt: skip
        assert found.who == "Kita Sonnenwinkel"

    def test_the_only_district_of_a_fund_is_filled_in(self, client_of, asli, silke, fund, preuswald):
        both = make_funds.fund(districts=[fund.districts.get(), preuswald], by=silke, name="Beide", code="BEIDE")
        asked = [client_of(asli).get(url("application_new", one)).context["form"]["district"] for one in (fund, both)]
        assert [one.value() for one in asked] == [fund.districts.get().pk, None]

    def test_more_rows_keep_what_was_typed_and_store_nothing(self, client_of, asli, fund):
        data = typed(fund, step="line", lines=[("Bühne", "drei")])
        page = client_of(asli).post(url("application_new", fund), data)
        text = page.content.decode()
        assert page.status_code == 200
        assert 'name="posten-3-label"' in text
        assert 'value="drei"' in text
        assert not FundApplication.objects.exists()

    def test_the_server_works_out_the_sums_while_somebody_types(self, client_of, asli, fund):
        lines, money = [("Bühne", "1.000"), ("Essen", "x")], {"own_money": "99,99", "requested": "900"}
        data = typed(fund, step="totals", lines=lines, **money)
        headers = {"HX-Request": "true", "HX-Target": "totals"}
        answer = client_of(asli).post(url("application_new", fund), data, headers=headers)
        text = " ".join(answer.content.decode().split())
        assert "<dd><strong>1.000,00 €</strong></dd>" in text
        assert "<strong>Eigenanteil:</strong> 99,99 € = 9,9 % der Kosten von 1.000,00 €; nötig sind 10 %." in text
        assert text.count("nicht erfüllt") == 2  # 9.999 % is less than 10, and a cent is not covered
        assert "<form" not in text
        assert not FundApplication.objects.exists()

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"title": ""}, "Bitte füllen Sie dieses Feld aus."),
            ({"ends_on": "2020-01-01"}, "Das Ende liegt vor dem Beginn."),
            ({"requested": "1e30"}, "Bitte einen Betrag wie 1.250,00 eingeben."),
            ({"own_money": "9" * 15}, "Diese Zahl ist zu groß."),
            ({"posten-0-amount": ""}, "Bitte den Betrag eintragen."),
            ({"posten-0-label": ""}, "Bitte schreiben, wofür."),
            ({"applicant": "Gibt es nicht"}, "Gibt es nicht"),
            ({"district": "999999"}, "district"),
            ({"description": "w" * 4001}, "4000"),
            ({"posten-TOTAL_FORMS": "abc"}, 'value="Nachbarschaftsfest"'),
        ],
    )
    def test_what_is_wrong_is_told_and_kept(self, client_of, asli, fund, fields, words):
        answer = client_of(asli).post(url("application_new", fund), typed(fund) | fields)
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert not FundApplication.objects.exists()

    def test_nul_and_long_words_give_no_error_page(self, client_of, asli, fund):
        data = typed(fund, title="A\0" + "B" * 150, lines=[("w" * 120, "0,01")] * 30)
        assert client_of(asli).post(url("application_new", fund), data).status_code == 303
        assert client_of(asli).get(FundApplication.objects.get().get_absolute_url()).status_code == 200
        data |= {"posten-TOTAL_FORMS": "5000", "step": "line"}
        assert client_of(asli).post(url("application_new", fund), data).status_code == 200

    def test_residents_are_named_by_their_group_and_partner_only(self, client_of, asli, fund):
        partner = make.actor(name="Haus der Begegnung")
        data = typed(fund, applicant_kind="residents", group_name="Hofgruppe", partner=partner.name)
        assert client_of(asli).post(url("application_new", fund), data).status_code == 303
        found = FundApplication.objects.get()
        assert (found.applicant, found.who) == (None, "Hofgruppe mit Haus der Begegnung")

    def test_the_slower_of_two_compares_first_and_loses_no_word(self, client_of, asli, mara, fund):
        found = make_funds.application(fund=fund, by=asli)
        data = typed(fund, version=found.version, description="Meine Worte", lines=[("Meine Bühne", "7")])
        client_of(mara).post(url("application_edit", found), data | {"description": "Maras Worte"})
        answer = client_of(asli).post(url("application_edit", found), data)
        text = answer.content.decode()
        assert answer.status_code == 409
        assert "Maras Worte" in text
        assert "Meine Worte" in text
        again = client_of(asli).post(url("application_edit", found), data | {"version": found.version + 1})
        assert again.status_code == 303
        found.refresh_from_db()
        assert found.description == "Meine Worte"

    def test_what_was_handed_in_does_not_change_any_more(self, client_of, asli, fund):
        found = make_funds.submitted(fund=fund, by=asli)
        assert client_of(asli).get(url("application_edit", found)).status_code == 303
        data = typed(fund, version=found.version, title="Anders")
        assert client_of(asli).post(url("application_edit", found), data).status_code == 409
        found.refresh_from_db()
        assert found.title != "Anders"


class TestHandingIn:
    def test_names_everything_that_is_missing(self, fund, mara):
        found = make_funds.application(
            fund=fund, by=mara, description="", benefit="", district=None, action_field=None, starts_on=None,
            ends_on=None, requested=Decimal(0), lines=[],
        )  # fmt: skip
        with pytest.raises(NotReady) as error:
            applications.submit(application=found, received_on=make.today(), by=mara)
        assert len(error.value.missing) == 7

    def test_only_who_runs_the_fund_hands_in(self, client_of, asli, mara, fund):
        found = make_funds.application(fund=fund, by=asli)
        data = {"received_on": f"{make.today():%Y-%m-%d}"}
        assert client_of(asli).post(url("application_submit", found), data).status_code == 404
        assert client_of(mara).post(url("application_submit", found), data).status_code == 303
        found.refresh_from_db()
        assert (found.status, found.rule) == ("submitted", fund.rules.get())

    def test_not_from_the_future(self, client_of, mara, asli, fund):
        found = make_funds.application(fund=fund, by=asli)
        data = {"received_on": f"{make.today() + timedelta(days=1):%Y-%m-%d}"}
        answer = client_of(mara).post(url("application_submit", found), data)
        assert answer.status_code == 422
        assert "liegt in der Zukunft" in answer.content.decode()

    def test_a_draft_is_thrown_away_and_its_number_stays_taken(self, client_of, asli, fund):
        found = make_funds.application(fund=fund, by=asli)
        client = client_of(asli)
        assert (
            client.post(url("application_discard", found), {"sure": ""}).status_code == 422
        )  # one click is not enough
        found.refresh_from_db()
        assert found.status == "draft"
        client.post(url("application_discard", found), {"sure": "on"})
        found.refresh_from_db()
        assert found.status == "withdrawn"
        page = client_of(asli).get(found.get_absolute_url()).content.decode()
        assert ("Nächster Schritt" in page, 'id="facts"' in page) == (False, False)
        assert make_funds.application(fund=fund, by=asli).serial == found.serial + 1


class TestCheck:
    def post(self, client, found, overall="eligible", reason="", **answers):
        data = {"overall": overall, "reason": reason}
        good = {"exclusion": "no", "must": "yes", "score": "3"} | answers
        for one in found.rule.criteria.all():
            data[f"result_{one.pk}"] = good[one.kind]
        return client.post(url("application_check", found), data)

    @pytest.fixture
    def found(self, fund, asli, mara):
        made = make_funds.submitted(fund=fund, by=asli)
        return applications.begin_check(application=made, by=mara)

    def test_goes_to_the_body_and_keeps_what_the_rules_said(self, client_of, mara, found):
        assert self.post(client_of(mara), found).status_code == 303
        found.refresh_from_db()
        assert (found.status, found.awaits) == ("deciding", "body")
        row = found.checks.get()
        assert {one["code"]: one["ok"] for one in row.automatic} == dict.fromkeys(
            ("amount", "own_share", "plan", "deadline", "district", "applicant", "budget"), True
        )
        assert [str(one) for one in row.answers.all()] == [
            "Aufgabe der Stadt: nein", "Nutzen für alle: ja", "Beteiligung: 3 von 3",
        ]  # fmt: skip

    @pytest.mark.parametrize("who", ["entered", "advised"])
    def test_not_by_whoever_entered_it_or_advised_on_it(self, client_of, fund, mara, asli, who):
        own = {"by": mara} if who == "entered" else {"by": asli, "advised_by": mara}
        found = make_funds.submitted(fund=fund, **own)
        client_of(mara).post(url("application_begin", found))
        found.refresh_from_db()
        assert found.status == "submitted"
        FundApplication.objects.filter(pk=found.pk).update(status="checking")
        answer = self.post(client_of(mara), found)
        assert answer.status_code == 422
        assert "bitte jemand anderes" in answer.content.decode()
        assert not found.checks.exists()

    def test_above_the_highest_amount_cannot_be_eligible(self, client_of, ost, silke, mara, asli):
        small = make_funds.fund(districts=[ost], by=silke, rules={"max_amount": Decimal(400)})
        found = make_funds.submitted(fund=small, by=asli)
        applications.begin_check(application=found, by=mara)
        for overall, reason in (("eligible", ""), ("conditions", "Weniger")):
            answer = self.post(client_of(mara), found, overall=overall, reason=reason)
            assert answer.status_code == 422
            assert "möglich sind höchstens 400,00 € je Projekt" in answer.content.decode()
        before = make_funds.money(small).balance
        self.post(client_of(mara), found, overall="not", reason="Mehr als der Höchstbetrag von 400 €.")
        found.refresh_from_db()
        assert (found.status, found.decisions.get().reason) == ("refused", "Mehr als der Höchstbetrag von 400 €.")
        assert make_funds.money(small).balance == before

    def test_too_small_an_own_share_goes_back_with_what_is_missing(self, client_of, fund, asli, mara):
        found = make_funds.submitted(fund=fund, by=asli, own_money=Decimal(40), requested=Decimal(460))
        applications.begin_check(application=found, by=mara)
        assert self.post(client_of(mara), found).status_code == 422
        assert self.post(client_of(mara), found, overall="incomplete").status_code == 422
        self.post(client_of(mara), found, overall="incomplete", reason="Eigenanteil unter 10 %.")
        found.refresh_from_db()
        assert (found.status, found.missing) == ("incomplete", "Eigenanteil unter 10 %.")
        assert "Eigenanteil unter 10 %." in client_of(asli).get(found.get_absolute_url()).content.decode()
        data = typed(fund, version=found.version)
        assert client_of(asli).post(url("application_edit", found), data).status_code == 303
        received = found.received_on
        applications.submit(application=found, received_on=make.today(), by=mara)
        found.refresh_from_db()
        assert (found.status, found.missing, found.received_on) == ("submitted", "", received)

    @pytest.mark.parametrize("answers", [{"exclusion": "yes"}, {"must": "no"}])
    def test_a_criterion_against_it_stops_it(self, client_of, mara, found, answers):
        assert self.post(client_of(mara), found, **answers).status_code == 422
        assert self.post(client_of(mara), found, overall="conditions", reason="x", **answers).status_code == 422

    def test_what_is_unclear_needs_a_condition(self, client_of, mara, found):
        assert self.post(client_of(mara), found, must="unclear").status_code == 422
        conditions = {"overall": "conditions", "reason": "Der Zugang ist offen."}
        assert self.post(client_of(mara), found, must="unclear", **conditions).status_code == 303

    def test_an_unanswered_criterion_is_told(self, client_of, mara, found):
        answer = client_of(mara).post(url("application_check", found), {"overall": "eligible"})
        assert answer.status_code == 422
        assert answer.content.decode().count("Bitte wählen Sie etwas aus.") >= 3


class TestWithdrawing:
    def test_needs_a_reason_and_ends_everything(self, fund, asli, mara):
        found = make_funds.submitted(fund=fund, by=asli)
        with pytest.raises(LoopError, match="Grund"):
            applications.withdraw(application=found, reason=" ", by=mara)
        applications.withdraw(application=found, reason="Kein Personal", by=mara)
        with pytest.raises(Conflict):
            applications.withdraw(application=found, reason="Noch einmal", by=mara)

    def test_not_once_money_is_out(self, fund, asli, mara):
        found = make_funds.paid(fund=fund, by=asli, checker=mara)
        with pytest.raises(Conflict):
            applications.withdraw(application=found, reason="Zu spät", by=mara)


def test_every_state_has_its_moves_and_ends_are_ends():
    assert set(APPLICATION_MOVES) == set(ApplicationStatus)
    ends = {state for state, to in APPLICATION_MOVES.items() if not to}
    assert ends == {"refused", "withdrawn"}
    reached = set().union(*APPLICATION_MOVES.values())
    assert set(ApplicationStatus) - reached == {"draft"}


class TestReading:
    def test_the_list_counts_queries_alike_for_one_and_many(
        self, client_of, paul, fund, asli, django_assert_num_queries
    ):
        client = client_of(paul)
        make_funds.application(fund=fund, by=asli)
        with django_assert_num_queries(9):
            client.get(reverse("projects:applications"))
        for _ in range(4):
            make_funds.application(fund=fund, by=asli)
        with django_assert_num_queries(9):
            page = client.get(reverse("projects:applications"))
        assert "5 Anträge" in page.content.decode()

    def test_a_page_counts_queries_alike_for_little_and_much(
        self, client_of, mara, fund, asli, django_assert_num_queries
    ):
        first = make_funds.paid(fund=fund, by=asli, checker=mara, lines=[("Zelt", 500)])
        client = client_of(mara)
        client.get(first.get_absolute_url())
        with django_assert_num_queries(18):
            client.get(first.get_absolute_url())
        second = make_funds.paid(fund=fund, by=asli, checker=mara, lines=[(f"Posten {n}", 50) for n in range(10)])
        with django_assert_num_queries(18):
            client.get(second.get_absolute_url())

    def test_filters_find_by_words_state_and_what_is_owed(self, client_of, mara, paul, fund, asli):
        refused = make_funds.checked(
            fund=fund, by=asli, checker=mara, overall="not", reason="Schon begonnen.", title="Wandbild"
        )  # fmt: skip
        other = make_funds.submitted(fund=fund, by=asli, title="Lesenacht")

        def shown(person, query):
            text = client_of(person).get(f"{reverse('projects:applications')}?{query}").content.decode()
            return {one.number for one in (refused, other) if one.number in text}

        assert shown(mara, "q=wand") == {refused.number}
        assert shown(mara, f"q={other.applicant.name.replace(' ', '+')}") == {other.number}
        assert shown(mara, "status=refused") == {refused.number}
        assert shown(mara, "owed=bescheid") == {refused.number}
        assert shown(mara, "owed=pruefen") == {other.number}
        assert shown(mara, "q=%00&year=10000000000000000000000") == set()

    def test_tiles_count_what_the_list_behind_them_shows(self, client_of, mara, paul, asli, silke, fund, preuswald):
        elsewhere = make_funds.fund(districts=[preuswald], by=silke)
        make_funds.submitted(fund=elsewhere, by=silke)
        make_funds.submitted(fund=fund, by=asli)
        make_funds.checked(fund=fund, by=asli, checker=mara, overall="not", reason="Nein.")
        today = make.today()
        tile = basket.applications_to_check(mara, today)
        assert (tile["count"], basket.notices_owed(mara, today)["count"]) == ("1", "1")
        assert "1 Antrag" in client_of(mara).get(tile["url"]).content.decode()
        assert basket.notices_owed(paul, today) is None
        assert basket.applications_to_check(asli, today) is None
        assert basket.proofs_overdue(mara, today) is None

    def test_strangers_get_nothing(self, client_of, fund, asli, enno, tara, adam):
        found = make_funds.application(fund=fund, by=asli)
        for person in (enno, tara, adam):
            assert client_of(person).get(found.get_absolute_url()).status_code == 404
            assert FundApplication.objects.visible_to(person).count() == 0
