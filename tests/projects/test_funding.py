"""Funding sources, finance lines, sums that know what is unknown (Z39, Z40), goal attainment (D06)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from projects.actions import attainment as attainment_actions
from projects.actions import funding as actions
from projects.actions import measures as measure_actions
from projects.actions.measures import change_status
from projects.actions.plans import begin_update
from projects.attainment import goal_state, goal_states, without_indicator
from projects.finance import deadlines_coming, deadlines_of_plan, financing, plan_finance, source_table, table_csv
from projects.models import FinanceLine, FundingSource, GoalIndicator, GoalValue, PlannedCost
from projects.money import Sum, euros
from tests import make, make_plans, make_posts
from tests.pdf import text

pytestmark = pytest.mark.django_db
LIST = reverse("projects:sources")


@pytest.fixture
def plan(silke, ost):
    return make_plans.in_force(by=silke, districts=[ost])


@pytest.fixture
def measure(plan):
    return plan.measures.get()


@pytest.fixture
def project(ost):
    return make_plans.project(districts=[ost])


def finance(name, kind, row):
    return reverse(f"projects:{name}", args=[kind, row.pk])


def typed(**change):
    return {"kind": "other", "state": "intended", "amount": "1.234,50", "year": "2026", **change}


class TestSums:
    def test_say_what_is_unknown(self):
        found = Sum()
        assert str(found) == "–"
        found.add(None)
        assert str(found) == "unbekannt, 1 Posten ohne Betrag"
        found.add(Decimal("1234567.5"))
        found.add(None)
        assert str(found) == "mindestens 1.234.567,50\u00a0€, 2 Posten ohne Betrag"
        assert euros(Decimal(0)) == "0,00\u00a0€"

    def test_group_by_certainty_and_count_the_gap(self, silke, measure):
        fund = make_plans.source()
        actions.set_planned_cost(paid=measure, amount=Decimal(10000), basis="", by=silke)
        for state, amount in (("granted", 3000), ("applied", 2000), ("possible", 500), ("refused", 9000)):
            make_plans.line(paid=measure, by=silke, state=state, amount=Decimal(amount), source=fund)
        totals = financing(measure).totals
        assert (str(totals.secured), str(totals.hoped)) == ("3.000,00\u00a0€", "2.000,00\u00a0€")
        assert str(totals.possible) == "500,00\u00a0€"
        assert (str(totals.all), totals.gap, len(totals.sources)) == ("5.500,00\u00a0€", "5.000,00\u00a0€", 1)
        make_plans.line(paid=measure, by=silke, amount=None, kind="private")
        totals = financing(measure).totals
        assert str(totals.all) == "mindestens 5.500,00\u00a0€, 1 Posten ohne Betrag"
        assert (totals.gap, len(totals.sources)) == ("höchstens 5.000,00\u00a0€", 2)

    def test_a_thousandth_is_not_lost_in_a_float(self, silke, measure):
        for _ in range(10):
            make_plans.line(paid=measure, by=silke, amount=Decimal("0.10"))
        assert financing(measure).totals.hoped.amount == Decimal("1.00")

    def test_volunteers_count_by_hours_and_rate(self, client_of, silke, project):
        sent = typed(kind="volunteer", amount="", hours="12,5", rate="10")
        assert client_of(silke).post(finance("finance_line_new", "projekt", project), sent).status_code == 303
        line = FinanceLine.objects.get()
        assert (line.value, line.volunteer_words) == (Decimal("125.00"), "12,5 Stunden × 10,00\u00a0€")

    def test_stay_with_a_measure_through_its_versions(self, silke, plan, measure):
        from_before = make_plans.line(paid=measure, by=silke)
        new = begin_update(plan=plan, as_of=date(2026, 1, 1), by=silke)
        make_plans.adopt(new, silke)
        carried = new.measures.get()
        later = make_plans.line(paid=carried, by=silke)
        assert later.measure == measure
        assert financing(carried).lines == [from_before, later]
        assert str(plan_finance(new).total.hoped) == "2.000,00\u00a0€"


class TestLines:
    def test_are_entered_changed_and_removed(self, client_of, silke, measure):
        client, source = client_of(silke), make_plans.source()
        path = finance("finance_line_new", "massnahme", measure)
        sent = typed(source=source.pk, deadline_on="2026-12-01", deadline_what="Verwendungsnachweis")
        assert client.post(path, sent).status_code == 303
        line = FinanceLine.objects.get()
        assert (line.amount, line.source, line.measure) == (Decimal("1234.50"), source, measure)
        edit = reverse("projects:finance_line", args=[line.pk])
        assert client.post(edit, typed(version=1, amount="2000", state="granted")).status_code == 303
        late = client.post(edit, typed(version=1, amount="3.000"))
        assert late.status_code == 409
        assert ("Betrag in Euro", "2000.00", "3000") in [
            (label, stored, typed_) for label, stored, typed_ in late.context["differences"]
        ]
        remove = reverse("projects:finance_line_remove", args=[line.pk])
        client.post(remove, {"version": "1"})
        assert FinanceLine.objects.count() == 1
        client.post(remove, {"version": "2"})
        assert FinanceLine.objects.count() == 0
        assert client.post(edit, typed(version=2)).status_code == 404

    @pytest.mark.parametrize(("change", "field"), [
        ({"amount": "viel"}, "amount"),
        ({"amount": "-1"}, "amount"),
        ({"amount": "1" + "0" * 30}, "amount"),
        ({"amount": "NaN"}, "amount"),
        ({"amount": "1,234"}, "amount"),
        ({"year": "1" * 40}, "year"),
        ({"kind": "x"}, "kind"),
        ({"hours": "3"}, "hours"),
        ({"kind": "volunteer", "amount": "", "hours": "3"}, "hours"),
        ({"kind": "volunteer", "hours": "3", "rate": "10"}, "amount"),
        ({"deadline_what": "Antrag"}, "deadline_on"),
        ({"source": "10" * 30}, "source"),
    ])  # fmt: skip
    def test_say_beside_the_field_what_is_wrong(self, client_of, silke, measure, change, field):
        answer = client_of(silke).post(finance("finance_line_new", "massnahme", measure), typed(**change))
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
        assert not FinanceLine.objects.exists()

    def test_an_empty_amount_is_unknown_and_nought_is_nought(self, client_of, silke, measure):
        for amount in ("", "0"):
            client_of(silke).post(finance("finance_line_new", "massnahme", measure), typed(amount=amount))
        assert [one.value for one in FinanceLine.objects.order_by("pk")] == [None, Decimal(0)]

    def test_the_database_wants_exactly_one_thing_to_pay_for(self, silke, measure, project):
        known = {"by": silke, "at": timezone.now()}
        for fields in ({}, {"measure": measure, "project": project}):
            with pytest.raises(IntegrityError), transaction.atomic():
                FinanceLine.objects.create(**known, **fields)
        with pytest.raises(IntegrityError), transaction.atomic():
            PlannedCost.objects.create(amount=1)


class TestRights:
    def test_managers_write_for_their_own_projects_alone(self, client_of, mara, paul, project, measure):
        path = finance("finance_line_new", "projekt", project)
        assert client_of(mara).post(path, typed()).status_code == 303
        assert client_of(paul).post(path, typed()).status_code == 404
        assert client_of(mara).post(finance("finance_line_new", "massnahme", measure), typed()).status_code == 404
        line = FinanceLine.objects.get()
        edit = reverse("projects:finance_line", args=[line.pk])
        assert client_of(paul).post(edit, typed(version=1)).status_code == 404
        assert client_of(paul).get(finance("financing", "projekt", project)).status_code == 200
        assert client_of(mara).post(edit, typed(version=1, amount="5")).status_code == 303

    def test_the_page_of_a_project_shows_its_money_and_its_measures(self, client_of, silke, mara, asli, project, plan):
        measure = plan.measures.get()
        make_plans.line(paid=project, by=mara, amount=Decimal("98765.43"))
        steer = {"responsible": "", "starts_on": None, "ends_on": None, "notes": ""}
        measure_actions.steer(measure=measure, version=1, by=silke, projects=[project], **steer)
        told = {one: client_of(one).get(project.get_absolute_url()).content.decode() for one in (mara, silke, asli)}
        assert ["98.765,43" in html for html in told.values()] == [True, True, False]
        assert [measure.title in html for html in told.values()] == [True, True, True]
        paper = client_of(asli).get(reverse("reports:project_paper", args=[project.pk]))
        assert "98.765,43" not in text(paper.content)
        assert "98.765,43" in text(client_of(mara).get(reverse("reports:project_paper", args=[project.pk])).content)

    def test_departments_and_assistants_see_sources_and_no_money(self, client_of, silke, asli, enno, tara, measure):
        source = make_plans.source()
        make_plans.line(paid=measure, by=silke, source=source, amount=Decimal("98765.43"))
        for person in (asli, enno):
            html = client_of(person).get(source.get_absolute_url()).content.decode()
            assert "98.765,43" not in html
            assert client_of(person).get(finance("financing", "massnahme", measure)).status_code == 404
            html = client_of(person).get(measure.get_absolute_url()).content.decode()
            assert "98.765,43" not in html
        assert client_of(tara).get(LIST).status_code == 404
        assert "98.765,43" in client_of(silke).get(source.get_absolute_url()).content.decode()

    def test_assignments_are_paid_too(self, client_of, silke, ost):
        assignment = make_posts.assignment(districts=[ost], by=silke)
        assert client_of(silke).post(finance("finance_line_new", "einsatz", assignment), typed()).status_code == 303
        assert FinanceLine.objects.get().assignment == assignment
        assert client_of(silke).get(reverse("projects:financing", args=["anderes", 1])).status_code == 404


class TestSources:
    def test_are_entered_with_deadlines(self, client_of, silke):
        sent = {
            "name": "Lokales Kapital", "level": "federal", "status": "open", "own_share": "12,5",
            "staff_chargeable": "false", "deadlines": "30.09.2027 Antrag\n31.12.2027: Nachweis", "link": "example.org",
        }  # fmt: skip
        assert client_of(silke).post(reverse("projects:source_new"), sent).status_code == 303
        found = FundingSource.objects.get()
        assert (found.own_share, found.staff_chargeable) == (Decimal("12.50"), False)
        assert [str(one) for one in found.deadlines.all()] == ["30.09.2027 Antrag", "31.12.2027 Nachweis"]
        assert found.link == "https://example.org"

    @pytest.mark.parametrize(("change", "field"), [
        ({"deadlines": "bald"}, "deadlines"),
        ({"deadlines": "31.02.2027 Antrag"}, "deadlines"),
        ({"own_share": "101"}, "own_share"),
        ({"starts_on": "2027-01-01", "ends_on": "2026-01-01"}, "ends_on"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"name": ""}, "name"),
    ])  # fmt: skip
    def test_say_beside_the_field_what_is_wrong(self, client_of, silke, change, field):
        sent = {"name": "LOS", "level": "federal", "status": "open", "staff_chargeable": ""} | change
        answer = client_of(silke).post(reverse("projects:source_new"), sent)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])

    def test_deadlines_that_come_near_are_in_order(self, silke, mara, asli, project):
        today, source = make.today(), make_plans.source(name="LOS")
        source.deadlines.create(on=today + timedelta(days=30), what="Antrag")
        source.deadlines.create(on=today - timedelta(days=1), what="vorbei")
        source.deadlines.create(on=today + timedelta(days=400), what="fern")
        make_plans.line(
            paid=project, by=silke, source=source, deadline_on=today + timedelta(days=10), deadline_what="Nachweis"
        )
        assert [one.what for one in deadlines_coming(mara, today)] == ["Nachweis (LOS)", "Antrag"]
        assert [one.what for one in deadlines_coming(asli, today)] == ["Antrag"]

    def test_the_nearest_of_many_deadlines_are_listed_and_the_page_says_that_there_are_more(
        self, client_of, silke, project
    ):
        today = make.today()
        for days in range(40, 0, -1):
            make_plans.line(paid=project, by=silke, deadline_on=today + timedelta(days=days), deadline_what="Antrag")
        answer = client_of(silke).get(LIST)
        assert [one.on for one in answer.context["deadlines"]] == [today + timedelta(days=n) for n in range(1, 31)]
        assert "Gezeigt sind die nächsten 30." in answer.content.decode()

    @pytest.mark.parametrize("count", [1, 12])
    def test_the_list_asks_as_often_with_one_row_as_with_many(
        self, client_of, silke, measure, count, django_assert_num_queries
    ):
        for _ in range(count):
            source = make_plans.source()
            source.deadlines.create(on=make.today() + timedelta(days=9), what="Antrag")
            make_plans.line(paid=measure, by=silke, source=source, deadline_on=make.today() + timedelta(days=3))
        client = client_of(silke)
        client.get(LIST)
        with django_assert_num_queries(10):
            client.get(LIST)


class TestOverview:
    def test_is_the_same_on_page_and_in_the_file(self, client_of, silke, mara, measure, project, ost, preuswald):
        source = make_plans.source(name="LOS")
        elsewhere = make_plans.project(districts=[preuswald])
        make_plans.line(paid=measure, by=silke, source=source, amount=Decimal("100.25"), year=2025)
        make_plans.line(paid=project, by=silke, source=source, amount=None, year=2026, state="granted")
        make_plans.line(paid=project, by=silke, kind="own", amount=Decimal(7), year=None, state="possible")
        make_plans.line(paid=project, by=silke, kind="own", amount=Decimal(99), state="refused")
        make_plans.line(paid=elsewhere, by=silke, source=source, amount=Decimal(1000), year=2026)
        path = reverse("projects:funding_overview")
        table = client_of(mara).get(path, {"district": ost.pk}).context["table"]
        assert (table.years, table.refused) == ([2025, 2026, None], 1)
        assert [(row.label, str(row.total)) for row in table.rows] == [
            ("LOS", "mindestens 100,25\u00a0€, 1 Posten ohne Betrag"), ("Eigenanteil", "7,00\u00a0€"),
        ]  # fmt: skip
        assert str(table.total.total) == "mindestens 107,25\u00a0€, 1 Posten ohne Betrag"
        everything = client_of(mara).get(path).context["table"]
        assert everything.total.total.amount == Decimal("1107.25")
        file = client_of(mara).get(reverse("projects:funding_csv"), {"district": ost.pk})
        lines = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()
        assert lines == "".join(table_csv(table)).removeprefix("\ufeff").splitlines()
        assert lines[1].startswith("LOS;100,25;;;1;")
        assert client_of(mara).get(path, {"since": "x"}).status_code == 422
        assert client_of(mara).get(path, {"since": "9" * 30}).status_code == 422

    def test_of_a_plan_names_each_measure(self, client_of, silke, plan, measure):
        make_plans.line(paid=measure, by=silke)
        html = client_of(silke).get(reverse("projects:plan_money", args=[plan.pk])).content.decode()
        assert "1.000,00\u00a0€" in html
        assert measure.title in html
        assert source_table(FinanceLine.objects.all()).total.total.amount == Decimal(1000)

    def test_the_gap_of_a_plan_is_that_of_its_measures(self, silke, ost):
        plan = make_plans.in_force(by=silke, districts=[ost], measures=2)
        measure, other = plan.measures.all()
        for paid in (measure, other):
            actions.set_planned_cost(paid=paid, amount=Decimal(500), basis="", by=silke)
        make_plans.line(paid=measure, by=silke)  # 500 too much for this one pay for no other
        assert (plan_finance(plan).total.planned, plan_finance(plan).total.gap) == (Decimal(1000), "500,00\u00a0€")
        measure_actions.change_status(measure=measure, status="dropped", version=1, text="Kein Geld", by=silke)
        assert (plan_finance(plan).total.planned, plan_finance(plan).total.gap) == (Decimal(500), "500,00\u00a0€")
        make_plans.line(paid=other, by=silke, amount=None)
        assert plan_finance(plan).total.gap == "höchstens 500,00\u00a0€"
        make_plans.line(paid=other, by=silke, amount=500)
        assert plan_finance(plan).total.gap == "keine"

    def test_samples_are_in_no_overview(self, client_of, silke, ost):
        sample = make_plans.in_force(by=silke, districts=[ost], is_sample=True)
        make_plans.line(paid=sample.measures.get(), by=silke)
        table = client_of(silke).get(reverse("projects:funding_overview")).context["table"]
        assert table.rows == []

    def test_deadlines_of_a_plan_leave_out_what_is_done(self, silke, plan, measure):
        today = make.today()
        make_plans.line(paid=measure, by=silke, deadline_on=today, deadline_what="Antrag")
        make_plans.line(paid=measure, by=silke, deadline_on=today, deadline_what="Ende", state="settled")
        assert [one.what for one in deadlines_of_plan(plan, today)] == ["Antrag (sonstige Förderung)"]


class TestAttainment:
    @pytest.fixture
    def goal(self, plan):
        return plan.goals.get()

    def at(self, name, *args):
        return reverse(f"projects:{name}", args=args)

    def test_a_goal_without_indicator_is_named(self, client_of, silke, plan, goal):
        assert without_indicator(goal_states(plan)) == [goal]
        html = client_of(silke).get(self.at("goals", plan.pk)).content.decode()
        assert "Ohne Indikator" in html
        assert "Beitrag zu" in html
        assert "bewirkt" not in html

    def test_indicator_values_evidence_and_assessment_are_entered(self, client_of, silke, mara, paul, goal):
        client = client_of(silke)
        sent = {"name": "Kita-Plätze", "kind": "outcome", "counted": "", "baseline": "10", "target": "20,5"}
        assert client.post(self.at("goal_indicator_new", goal.pk), sent).status_code == 303
        row = GoalIndicator.objects.get()
        value = self.at("goal_value", goal.pk, row.pk)
        assert client_of(mara).post(value, {"year": "2026", "value": "12"}).status_code == 303
        assert client_of(mara).post(value, {"year": "2026", "value": "13"}).status_code == 303
        assert client_of(paul).post(value, {"year": "2026", "value": "99"}).status_code == 404
        words = {"kind": "statement", "text": "Man grüßt sich wieder.", "on": "2026-05-01"}
        assert client_of(mara).post(self.at("evidence_new", goal.pk), words).status_code == 303
        assert client_of(mara).post(self.at("goal_assess", goal.pk), {}).status_code == 404
        empty = client.post(self.at("goal_assess", goal.pk), {"result": "partly", "on": "2026-05-01"})
        assert list(empty.context["form"].errors) == ["reason"]
        done = {"result": "partly", "reason": "Es fehlen Plätze.", "on": "2026-05-01"}
        assert client.post(self.at("goal_assess", goal.pk), done).status_code == 303
        state = goal_state(goal)
        assert [(one.year, one.value) for one in state.indicators[0].values] == [(2026, Decimal(13))]
        assert GoalValue.objects.count() == 2  # a correction is a later row
        assert (state.assessment.get_result_display(), len(state.evidence)) == ("teilweise erreicht", 1)

    def test_the_system_counts_outputs_itself(self, client_of, silke, goal, measure):
        row = attainment_actions.save_indicator(
            goal=goal, by=silke, name="Maßnahmen", kind="output", counted="measures_done"
        )
        change_status(measure=measure, status="done", version=1, by=silke)
        assert goal_state(goal).indicators[0].latest == 1
        answer = client_of(silke).post(self.at("goal_value", goal.pk, row.pk), {"year": "2026", "value": "9"})
        assert answer.status_code == 422

    def test_an_old_version_stays_as_it_was(self, silke, plan, goal):
        attainment_actions.assess(goal=goal, result="not", reason="Zu früh.", on=date(2026, 1, 1), by=silke)
        new = begin_update(plan=plan, as_of=date(2026, 1, 1), by=silke)
        make_plans.adopt(new, silke)
        later = new.goals.get()
        attainment_actions.assess(goal=later, result="reached", reason="Da.", on=date(2026, 2, 1), by=silke)
        plan.refresh_from_db()
        assert [one.assessment.result for one in goal_states(plan)] == ["not"]
        assert [one.result for one in goal_states(new)[0].assessments] == ["reached", "not"]
