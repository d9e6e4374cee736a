"""What a superseded version of a plan keeps, corrections that stay to be read, drafts that are given up (Z23, D06)."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from districts.actions.base import Conflict
from projects.actions import attainment
from projects.actions import measures as measure_actions
from projects.actions.base import LoopError
from projects.actions.discarding import discard_draft
from projects.actions.funding import save_line, set_planned_cost
from projects.actions.measures import Added, Parts
from projects.actions.plans import begin_update
from projects.attainment import goal_state, goal_states, measure_indicators
from projects.finance import deadlines_of_plan, financing, plan_finance
from projects.models import (
    ActionPlan,
    Amendment,
    DiscardedDraft,
    FinanceLine,
    FrozenCost,
    FrozenLine,
    Goal,
    GoalAssessment,
    GoalEvidence,
    GoalIndicator,
    GoalStrike,
    GoalValue,
    Measure,
    MeasureParticipant,
    StatusChange,
)
from reports.papers.plans import plan_finance_paper, plan_paper
from reports.papers.projects import project_dossier
from tests import make, make_plans, make_projects
from tests.pdf import structure, text

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 1)


@pytest.fixture
def plan(silke, ost):
    return make_plans.in_force(by=silke, districts=[ost], title="Konzept Ost")


@pytest.fixture
def goal(plan):
    return plan.goals.get()


@pytest.fixture
def measure(plan):
    return plan.measures.get()


def url(name, *args):
    return reverse(f"projects:{name}", args=[getattr(one, "pk", one) for one in args])


def updated(plan, by):
    """The next version, in force; the old one is read anew."""
    new = begin_update(plan=plan, as_of=date(2026, 1, 1), by=by)
    make_plans.adopt(new, by)
    plan.refresh_from_db()
    return new


def refuses(change):
    def do():
        with transaction.atomic():
            change()
            connection.check_constraints()

    with pytest.raises(IntegrityError):
        do()


class TestASupersededVersion:
    def test_keeps_indicators_targets_values_and_assessment(self, client_of, silke, plan, goal):
        row = make_plans.indicator(goal=goal, by=silke, name="Besuche", target=Decimal(60))
        attainment.note_value(goal=goal, indicator=row, year=2025, value=Decimal(30), by=silke)
        wrong = attainment.add_evidence(goal=goal, kind="statement", text="Man grüßt sich.", on=DAY, by=silke)
        attainment.assess(goal=goal, result="partly", reason="Unterwegs.", on=DAY, by=silke)
        new = updated(plan, silke)
        later, copy = new.goals.get(), GoalIndicator.objects.get(goal__plan=new)
        attainment.save_indicator(
            goal=later, indicator=copy, version=copy.version, by=silke, name="Besuche im Treff", target=Decimal(90)
        )
        make_plans.indicator(goal=later, by=silke, name="Gruppen")
        attainment.note_value(goal=later, indicator=copy, year=2025, value=Decimal(35), by=silke)
        attainment.note_value(goal=later, indicator=copy, year=2026, value=Decimal(50), by=silke)
        attainment.strike(goal=later, record=wrong, why="Anderer Ort.", by=silke)
        attainment.assess(goal=later, result="reached", reason="Da.", on=DAY, by=silke)

        (old,), (now,) = goal_states(plan), goal_states(new)
        assert [(one.indicator.name, one.indicator.target) for one in old.indicators] == [("Besuche", Decimal(60))]
        assert [(one.year, one.value) for one in old.indicators[0].values] == [(2025, Decimal(30))]
        assert ([one.text for one in old.evidence], old.assessment.result) == (["Man grüßt sich."], "partly")
        assert not old.has_gone
        assert [(one.indicator.name, one.indicator.target) for one in now.indicators] == [
            ("Besuche im Treff", Decimal(90)), ("Gruppen", Decimal(60)),
        ]  # fmt: skip
        assert [(one.year, one.value) for one in now.indicators[0].values] == [
            (2025, Decimal(35)), (2026, Decimal(50)),
        ]  # fmt: skip
        assert (now.evidence, now.assessment.result, now.has_gone) == ([], "reached", True)
        page = client_of(silke).get(url("goal", goal)).content.decode()
        assert "Indikator eintragen" not in page
        assert "Berichtigen" not in page
        assert "Besuche im Treff" not in page

    def test_lets_nothing_about_its_goals_change_in_the_database(self, silke, plan, goal):
        row = make_plans.indicator(goal=goal, by=silke)
        updated(plan, silke)
        at, before = timezone.now(), plan.superseded_at - timedelta(minutes=1)
        known = {"by": silke, "at": at}
        rows = GoalIndicator.objects.filter(pk=row.pk)
        refuses(lambda: rows.update(target=Decimal(1)))
        refuses(lambda: rows._raw_delete("default"))
        refuses(lambda: GoalIndicator.objects.create(goal=goal, kind="outcome", name="Neu"))
        refuses(lambda: GoalValue.objects.create(indicator=row, year=2026, value=1, **known))
        refuses(lambda: GoalAssessment.objects.create(goal=goal, result="not", reason="Nein.", on=DAY, **known))
        refuses(lambda: GoalEvidence.objects.create(goal=goal, kind="statement", text="Neu", on=DAY, **known))
        # Nor is anything slipped in by way of the new version, at a moment when the old one still held.
        later, copy = Goal.objects.get(plan__number=2), GoalIndicator.objects.get(goal__plan__number=2)
        known["at"] = before
        refuses(lambda: GoalValue.objects.create(indicator=copy, year=2026, value=1, **known))
        refuses(lambda: GoalEvidence.objects.create(goal=later, kind="statement", text="Neu", on=DAY, **known))
        refuses(lambda: GoalAssessment.objects.create(goal=later, result="not", reason="Nein.", on=DAY, **known))
        carried = later.measures.get()
        refuses(lambda: Amendment.objects.create(measure=carried, month=DAY, kind="narrative", text="x", **known))
        refuses(lambda: StatusChange.objects.create(measure=carried, status="active", on=DAY, **known))
        copies = GoalIndicator.objects.filter(pk=copy.pk)
        refuses(lambda: copies.update(goal=goal))
        refuses(lambda: copies.update(key=uuid4()))
        refuses(lambda: copies._raw_delete("default"))  # of a version in force nothing goes
        copies.update(target=Decimal(70))  # but it changes

    def test_keeps_the_projects_of_its_measures(self, silke, mara, ost, plan, measure):
        new = updated(plan, silke)
        project = make_projects.project(by=mara, districts=[ost])
        refuses(lambda: measure.projects.add(project))
        new.measures.get().projects.add(project)  # of the version in force they are steering

    def test_refuses_in_words(self, silke, plan, goal):
        row = make_plans.indicator(goal=goal, by=silke)
        updated(plan, silke)
        with pytest.raises(LoopError):
            attainment.note_value(goal=goal, indicator=row, year=2026, value=Decimal(1), by=silke)
        with pytest.raises(LoopError):
            attainment.save_indicator(goal=goal, indicator=row, version=1, by=silke, name="Anders")

    def test_shows_the_money_of_the_moment_it_was_superseded(self, client_of, silke, plan, measure):
        source = make_plans.source(name="Landesprogramm")
        line = make_plans.line(paid=measure, by=silke, source=source, deadline_on=make.today(), deadline_what="Antrag")
        set_planned_cost(paid=measure, amount=Decimal(5000), basis="Schätzung", by=silke)
        new = updated(plan, silke)
        type(source).objects.filter(pk=source.pk).update(name="Nachfolgeprogramm")
        save_line(line=line, version=1, amount=Decimal(4321), state="granted", by=silke)
        make_plans.line(paid=new.measures.get(), by=silke, amount=Decimal(700))
        set_planned_cost(paid=new.measures.get(), amount=Decimal(9000), basis="Angebot", by=silke, version=1)

        old, now = plan_finance(plan), plan_finance(new)
        assert [str(row.total) for row in old.table.rows] == ["1.000,00\u00a0€"]
        assert [row.label for row in old.table.rows] == ["Landesprogramm"]
        assert (old.total.planned, old.total.gap) == (Decimal(5000), "4.000,00\u00a0€")
        assert (now.total.planned, str(now.table.total.total)) == (Decimal(9000), "5.021,00\u00a0€")
        assert str(financing(measure).totals.hoped) == "1.000,00\u00a0€"
        assert str(financing(new.measures.get()).totals.all) == "5.021,00\u00a0€"
        assert [one.what for one in deadlines_of_plan(plan, make.today())] == ["Antrag (Landesprogramm)"]
        client, day = client_of(silke), f"{timezone.localdate():%d.%m.%Y}"
        for address in (url("plan_money", plan), url("financing", "massnahme", measure), url("measure", measure)):
            page = client.get(address).content.decode()
            assert "Mittel, wie sie am" in page
            assert "1.000,00" in page
            assert "4.321,00" not in page
            assert "Posten eintragen" not in page
        assert "Mittel, wie sie am" not in client.get(url("plan_money", new)).content.decode()
        paper = text(plan_finance_paper(plan, today=make.today()))
        assert f"Mittel, wie sie am {day} standen" in paper
        assert client.get(url("finance_line_new", "massnahme", measure)).status_code == 404
        # A line leads to the measure in the version that holds.
        listed = client.get(source.get_absolute_url()).context["rows"]
        assert [address for _, address in listed] == [url("financing", "massnahme", new.measures.get())]
        edited = client.post(url("finance_line", line), {"version": 2, "kind": "other", "state": "granted"})
        assert edited.headers["Location"] == url("financing", "massnahme", new.measures.get())

    def test_lets_its_money_not_change_in_the_database(self, silke, plan, measure):
        make_plans.line(paid=measure, by=silke)
        set_planned_cost(paid=measure, amount=Decimal(5000), basis="", by=silke)
        updated(plan, silke)
        lines, costs = FrozenLine.objects.filter(plan=plan), FrozenCost.objects.filter(plan=plan)
        assert (lines.count(), costs.count()) == (1, 1)
        for rows in (lines, costs):
            refuses(lambda rows=rows: rows.update(amount=1))
            refuses(lambda rows=rows: rows._raw_delete("default"))
        refuses(lambda: FrozenLine.objects.create(plan=plan, measure=measure, kind="other", state="granted"))
        refuses(lambda: ActionPlan.objects.filter(pk=plan.pk).update(money_as_of=timezone.now()))
        refuses(lambda: ActionPlan.objects.filter(pk=plan.pk).update(update_due_on=DAY))


class TestWhileADraftIsWritten:
    def test_it_has_indicators_of_its_own_and_follows_what_happens_to_the_version_in_force(self, silke, plan, goal):
        row = make_plans.indicator(goal=goal, by=silke, name="Besuche", target=Decimal(60), source="Zählung")
        draft = begin_update(plan=plan, as_of=DAY, by=silke)
        copy, drafted = GoalIndicator.objects.get(goal__plan=draft), draft.goals.get()
        attainment.save_indicator(goal=drafted, indicator=copy, version=1, by=silke, target=Decimal(90))
        row.refresh_from_db()
        assert row.target == Decimal(60)
        # The draft's own target stays, the rest follows; a new one comes along.
        attainment.save_indicator(goal=goal, indicator=row, version=1, by=silke, target=Decimal(70), source="Liste")
        make_plans.indicator(goal=goal, by=silke, name="Gruppen")
        copy.refresh_from_db()
        assert (copy.target, copy.source) == (Decimal(90), "Liste")
        assert [one.indicator.name for one in goal_states(draft)[0].indicators] == ["Besuche", "Gruppen"]

    def test_what_is_noted_at_its_goals_hangs_on_the_version_in_force(self, silke, plan, goal):
        row = make_plans.indicator(goal=goal, by=silke)
        draft = begin_update(plan=plan, as_of=DAY, by=silke)
        copy = GoalIndicator.objects.get(goal__plan=draft)
        value = attainment.note_value(goal=draft.goals.get(), indicator=copy, year=2026, value=Decimal(1), by=silke)
        assert value.indicator == row
        assert [one.latest for one in goal_states(draft)[0].indicators] == [Decimal(1)]


class TestCorrections:
    def test_of_evidence_strike_the_old_row_and_add_a_new_one(self, client_of, mara, silke, plan, goal):
        old = attainment.add_evidence(goal=goal, kind="statement", text="Alle kommen.", on=DAY, by=silke)
        address = url("record_correct", goal, "beleg", old)
        client = client_of(mara)
        assert client.get(address).context["form"].initial["text"] == "Alle kommen."
        sent = {"kind": "statement", "text": "Viele kommen.", "source": "Treff", "on": "2026-05-01"}
        missing = client.post(address, sent)
        assert (missing.status_code, list(missing.context["form"].errors)) == (422, ["why"])
        assert client.post(address, sent | {"why": "Zu viel gesagt."}).status_code == 303
        state = goal_state(goal)
        assert [one.text for one in state.evidence] == ["Viele kommen."]
        assert [(one.record.text, one.strike.reason, one.strike.by) for one in state.gone] == [
            ("Alle kommen.", "Zu viel gesagt.", mara)
        ]
        page = client.get(url("goal", goal)).content.decode()
        assert "<s>Alle kommen.</s>" in page
        assert "Zu viel gesagt." in page
        paper = plan_paper(plan, today=make.today())
        assert "Alle kommen." in text(paper)
        assert "Zu viel gesagt." in text(paper)
        assert structure(paper) == []

    def test_of_values_and_assessments_leave_both_to_be_read(self, client_of, silke, plan, goal):
        row = make_plans.indicator(goal=goal, by=silke)
        wrong = attainment.note_value(goal=goal, indicator=row, year=2024, value=Decimal(99), by=silke)
        attainment.note_value(goal=goal, indicator=row, year=2025, value=Decimal(30), by=silke)
        attainment.note_value(goal=goal, indicator=row, year=2025, value=Decimal(31), by=silke)
        earlier = attainment.assess(goal=goal, result="not", reason="Zu früh.", on=date(2026, 1, 1), by=silke)
        latest = attainment.assess(goal=goal, result="reached", reason="Vertan.", on=DAY, by=silke)
        client, only = client_of(silke), {"why": "Verwechselt.", "only_strike": "on"}
        assert client.post(url("record_correct", goal, "wert", wrong), only).status_code == 303
        assert client.post(url("record_correct", goal, "einschaetzung", latest), only).status_code == 303
        state = goal_state(goal)
        assert [(one.year, one.value) for one in state.indicators[0].values] == [(2025, Decimal(31))]
        assert [(one.record.value, bool(one.strike)) for one in state.indicators[0].gone] == [
            (Decimal(99), True), (Decimal(30), False),
        ]  # fmt: skip
        assert (state.assessment, [one.record for one in state.gone]) == (earlier, [latest])
        assert GoalValue.objects.count() == 3

    def test_of_what_somebody_has_struck_meanwhile_are_a_conflict(self, client_of, silke, goal):
        old = attainment.add_evidence(goal=goal, kind="statement", text="Alt.", on=DAY, by=silke)
        attainment.strike(goal=goal, record=old, why="Falsch.", by=silke)
        sent = {"kind": "statement", "text": "Neu.", "on": "2026-05-01", "why": "Auch falsch."}
        answer = client_of(silke).post(url("record_correct", goal, "beleg", old), sent)
        assert (answer.status_code, answer.context["form"]["text"].value()) == (409, "Neu.")
        assert GoalEvidence.objects.count() == 1

    def test_are_for_those_who_contribute_and_of_this_plan_only(self, client_of, silke, mara, paul, enno, ost, goal):
        old = attainment.add_evidence(goal=goal, kind="statement", text="Alt.", on=DAY, by=silke)
        verdict = attainment.assess(goal=goal, result="not", reason="Nein.", on=DAY, by=silke)
        other = make_plans.in_force(by=silke, districts=[ost]).goals.get()
        asked = [client_of(one).get(url("record_correct", goal, "beleg", old)).status_code for one in (paul, enno)]
        assert asked == [404, 404]
        client = client_of(mara)
        assert client.get(url("record_correct", goal, "einschaetzung", verdict)).status_code == 404
        assert client.get(url("record_correct", other, "beleg", old)).status_code == 404
        assert client.get(url("record_correct", goal, "sonst", old)).status_code == 404
        assert client.get(f"/konzepte/ziele/{goal.pk}/berichtigen/beleg/{10**30}/").status_code == 404

    def test_are_the_only_way_also_in_the_database(self, silke, goal):
        row = make_plans.indicator(goal=goal, by=silke)
        value = attainment.note_value(goal=goal, indicator=row, year=2025, value=Decimal(30), by=silke)
        evidence = attainment.add_evidence(goal=goal, kind="statement", text="Alt.", on=DAY, by=silke)
        verdict = attainment.assess(goal=goal, result="not", reason="Nein.", on=DAY, by=silke)
        strike = attainment.strike(goal=goal, record=evidence, why="Falsch.", by=silke)
        for one, change in ((value, {"value": 1}), (evidence, {"text": "Neu"}), (verdict, {"reason": "Neu"}),
                            (strike, {"reason": "Neu"})):  # fmt: skip
            rows = type(one).objects.filter(pk=one.pk)
            refuses(lambda rows=rows, change=change: rows.update(**change))
            refuses(lambda rows=rows: rows._raw_delete("default"))
        known = {"reason": "x", "by": silke, "at": timezone.now()}
        refuses(lambda: GoalStrike.objects.create(evidence=evidence, **known))  # once
        refuses(lambda: GoalStrike.objects.create(**known))
        refuses(lambda: GoalStrike.objects.create(value=value, assessment=verdict, **known))


class TestIndicatorsOfAMeasure:
    def test_are_entered_noted_and_shown_at_the_measure_not_at_the_goal(self, client_of, silke, mara, plan, measure):
        client = client_of(silke)
        sent = {"name": "Beratungen", "kind": "output", "baseline": "0", "target": "120", "target_year": "2027"}
        made = client.post(url("measure_indicator_new", measure), sent)
        assert (made.status_code, made.headers["Location"]) == (303, measure.get_absolute_url())
        row = GoalIndicator.objects.get()
        assert (row.measure, row.goal, row.counted) == (measure, measure.goal, "")
        twice = client.post(url("measure_indicator_new", measure), sent)
        assert (twice.status_code, list(twice.context["form"].errors)) == (422, ["name"])
        value = client_of(mara).post(url("goal_value", row.goal, row), {"year": "2026", "value": "45"})
        assert value.headers["Location"] == measure.get_absolute_url()
        page = client.get(measure.get_absolute_url()).content.decode()
        assert "Beratungen" in page
        assert "2026: 45" in page
        assert goal_state(measure.goal).indicators == []
        assert "Beratungen" not in client.get(plan.get_absolute_url()).content.decode()  # Belm's columns stay

    def test_are_carried_forward_with_their_values_and_stay_in_the_old_version(self, silke, plan, measure):
        row = make_plans.indicator(goal=measure.goal, measure=measure, by=silke, target=Decimal(100))
        attainment.note_value(goal=measure.goal, indicator=row, year=2025, value=Decimal(10), by=silke)
        new = updated(plan, silke)
        carried = new.measures.get()
        copy = GoalIndicator.objects.get(measure=carried)
        attainment.save_indicator(goal=carried.goal, measure=carried, indicator=copy, version=1, by=silke, target=200)
        attainment.note_value(goal=carried.goal, indicator=copy, year=2026, value=Decimal(20), by=silke)
        (old,) = measure_indicators([measure], plan.superseded_at)[measure.pk]
        (now,) = measure_indicators([carried])[carried.pk]
        assert (old.indicator.target, [one.value for one in old.values]) == (Decimal(100), [Decimal(10)])
        assert (now.indicator.target, [one.value for one in now.values]) == (Decimal(200), [Decimal(10), Decimal(20)])

    def test_stand_in_the_dossier_of_the_measures_projects_for_the_administration(self, silke, mara, ost, measure):
        row = make_plans.indicator(goal=measure.goal, measure=measure, by=silke, name="Beratungen")
        attainment.note_value(goal=measure.goal, indicator=row, year=2026, value=Decimal(45), by=silke)
        project = make_projects.project(by=mara, districts=[ost])
        steering = {"responsible": "", "starts_on": None, "ends_on": None, "notes": ""}
        measure_actions.steer(measure=measure, version=1, by=silke, projects=[project], **steering)
        full, partly = (project_dossier(project, today=make.today(), full=one) for one in (True, False))
        assert structure(full) == []
        assert "Beratungen" in text(full)
        assert "2026: 45" in text(full)
        assert "Beratungen" not in text(partly)

    def test_follow_their_measure_to_another_goal_of_the_draft_and_go_with_it(self, client_of, silke, ost):
        plan = make_plans.plan(by=silke, districts=[ost])
        other, row = make_plans.goal(plan=plan, by=silke), make_plans.measure(plan=plan, by=silke)
        made = make_plans.indicator(goal=row.goal, measure=row, by=silke)
        attainment.note_value(goal=row.goal, indicator=made, year=2026, value=Decimal(1), by=silke)
        sent = {
            "goal": other.pk,
            "title": "Treff",
            "kind": "social",
            "position": 1,
            "added_on": "2025-03",
            "version": 1,
        }
        assert client_of(silke).post(url("measure_edit", row), sent).status_code == 303
        made.refresh_from_db()
        assert made.goal == other
        row.refresh_from_db()
        measure_actions.remove_measure(measure=row, by=silke)
        assert not GoalIndicator.objects.exists()

    def test_belong_to_the_goal_of_their_measure_and_are_not_counted_by_the_system(self, silke, measure, ost):
        other = make_plans.in_force(by=silke, districts=[ost]).goals.get()
        refuses(lambda: GoalIndicator.objects.create(goal=other, measure=measure, kind="output", name="A"))
        known = {"goal": measure.goal, "measure": measure, "kind": "output", "name": "A"}
        refuses(lambda: GoalIndicator.objects.create(counted="measures_done", **known))

    @pytest.mark.parametrize("count", [1, 8])
    def test_cost_the_page_as_many_queries_as_one(self, client_of, silke, measure, count, django_assert_num_queries):
        for _ in range(count):
            row = make_plans.indicator(goal=measure.goal, measure=measure, by=silke)
            for value in (1, 2):
                attainment.note_value(goal=measure.goal, indicator=row, year=2026, value=Decimal(value), by=silke)
        client = client_of(silke)
        client.get(measure.get_absolute_url())
        with django_assert_num_queries(QUERIES_OF_A_MEASURE):
            client.get(measure.get_absolute_url())


QUERIES_OF_A_MEASURE = 22


class TestGivingUpADraft:
    def test_takes_all_of_it_and_leaves_the_version_in_force_as_it_was(self, client_of, silke, plan, goal, measure):
        parts = Parts(participants=[(None, "Verein", "carrier")])
        row = make_plans.indicator(goal=goal, by=silke)
        make_plans.line(paid=measure, by=silke)
        draft = begin_update(plan=plan, as_of=DAY, by=silke)
        drafted = draft.goals.get()
        copy = GoalIndicator.objects.get(goal__plan=draft)
        attainment.note_value(goal=drafted, indicator=copy, year=2026, value=Decimal(7), by=silke)
        only = make_plans.goal(plan=draft, by=silke)
        fresh = make_plans.measure(plan=draft, by=silke, goal=only, parts=parts)
        own = make_plans.indicator(goal=only, measure=fresh, by=silke)
        noted = attainment.note_value(goal=only, indicator=own, year=2026, value=Decimal(1), by=silke)
        attainment.strike(goal=only, record=noted, why="Falsch.", by=silke)
        attainment.assess(goal=only, result="not", reason="Nein.", on=DAY, by=silke)
        make_plans.line(paid=fresh, by=silke)
        set_planned_cost(paid=fresh, amount=Decimal(10), basis="", by=silke)
        measure_actions.amend(measure=measure, month=DAY, added=Added(text="Läuft."), by=silke)
        measure_actions.amend(measure=fresh, month=DAY, added=Added(text="Neu."), by=silke)
        client, address = client_of(silke), url("plan_discard", draft)
        assert "1 Maßnahme" in client.get(address).content.decode()
        unsure = client.post(address, {"version": 1, "reason": "Wird neu begonnen."})
        assert (unsure.status_code, list(unsure.context["form"].errors)) == (422, ["sure"])
        sent = {"version": 1, "reason": "Wird neu begonnen.", "sure": "on"}
        done = client.post(address, sent)
        assert (done.status_code, done.headers["Location"]) == (303, plan.get_absolute_url())
        plan.refresh_from_db()
        assert (plan.status, ActionPlan.objects.count(), Measure.objects.get()) == ("adopted", 1, measure)
        assert (Goal.objects.get(), GoalIndicator.objects.get(), MeasureParticipant.objects.count()) == (goal, row, 0)
        assert [one.latest for one in goal_states(plan)[0].indicators] == [Decimal(7)]
        assert (FinanceLine.objects.get().measure, Amendment.objects.get().text) == (measure, "Läuft.")
        left = DiscardedDraft.objects.get()
        assert (left.line, left.number, left.reason, left.by) == (plan.line, 2, "Wird neu begonnen.", silke)
        assert "Wird neu begonnen." in client.get(reverse("projects:plans")).content.decode()
        assert client.post(address, sent).status_code == 404
        begin_update(plan=plan, as_of=DAY, by=silke)  # and a new one can be begun

    def test_that_was_never_decided_leaves_only_its_trace(self, client_of, silke, mara, ost):
        draft = make_plans.plan(by=silke, districts=[ost], title="Verworfenes")
        make_plans.measure(plan=draft, by=silke)
        sent = {"version": 1, "reason": "Kein Bedarf.", "sure": "on"}
        done = client_of(silke).post(url("plan_discard", draft), sent)
        assert done.headers["Location"] == reverse("projects:plans")
        assert not ActionPlan.objects.exists()
        assert "Kein Bedarf." not in client_of(mara).get(reverse("projects:plans")).content.decode()

    def test_is_refused_when_it_was_decided_or_changed_meanwhile(self, client_of, silke, plan, ost):
        sent = {"version": plan.version, "reason": "Weg damit.", "sure": "on"}
        late = client_of(silke).post(url("plan_discard", plan), sent)
        assert (late.status_code, late.context["form"]["reason"].value()) == (409, "Weg damit.")
        assert client_of(silke).get(url("plan_discard", plan)).status_code == 303
        draft = make_plans.plan(by=silke, districts=[ost])
        ActionPlan.objects.filter(pk=draft.pk).update(version=2)
        with pytest.raises(Conflict):
            discard_draft(plan=draft, version=1, reason="Weg.", by=silke)
        with pytest.raises(LoopError):
            discard_draft(plan=draft, version=2, reason=" ", by=silke)
        assert not DiscardedDraft.objects.exists()

    def test_ends_what_others_were_writing_in_words(self, client_of, silke, plan):
        draft = begin_update(plan=plan, as_of=DAY, by=silke)
        goal = draft.goals.get()
        discard_draft(plan=draft, version=1, reason="Weg.", by=silke)
        for act in (
            lambda: attainment.add_evidence(goal=goal, kind="statement", text="x", on=DAY, by=silke),
            lambda: make_plans.goal(plan=draft, by=silke),
            lambda: make_plans.measure(plan=draft, by=silke, goal=goal),
            lambda: make_plans.adopt(draft, silke),
        ):
            with pytest.raises(Conflict):
                act()

    def test_is_only_possible_as_a_whole_in_the_database(self, silke, plan, measure):
        draft = begin_update(plan=plan, as_of=DAY, by=silke)
        carried = Measure.objects.filter(plan=draft)
        trace = {"line": plan.line, "number": 2, "title": "x", "by": silke, "at": timezone.now()}
        refuses(lambda: carried._raw_delete("default"))
        refuses(lambda: DiscardedDraft.objects.create(plan_number=draft.pk, reason="x", **trace))  # it is still there
        refuses(lambda: DiscardedDraft.objects.create(plan_number=plan.pk, reason="x", **trace))  # decided
        refuses(lambda: ActionPlan.objects.filter(pk=plan.pk).update(status="adopted"))  # there is a draft
        refuses(lambda: ActionPlan.objects.filter(pk=plan.pk)._raw_delete("default"))
        discard_draft(plan=draft, version=1, reason="Weg.", by=silke)
        refuses(lambda: DiscardedDraft.objects.update(reason="Anders"))
        refuses(lambda: DiscardedDraft.objects.all()._raw_delete("default"))


class TestAdopting:
    def test_a_draft_that_somebody_has_changed_meanwhile_is_compared_first(self, client_of, silke, ost):
        draft = make_plans.plan(by=silke, districts=[ost])
        make_plans.measure(plan=draft, by=silke)
        ActionPlan.objects.filter(pk=draft.pk).update(version=2)
        sent = {"version": 1, "decision": "Rat, Vorlage 7", "decided_on": make.today().isoformat()}
        client = client_of(silke)
        late = client.post(url("plan_adopt", draft), sent)
        assert (late.status_code, late.context["form"]["decision"].value()) == (409, "Rat, Vorlage 7")
        draft.refresh_from_db()
        assert draft.is_draft
        again = sent | {"version": late.context["form"]["version"].value()}
        assert client.post(url("plan_adopt", draft), again).status_code == 303

    @pytest.mark.parametrize("page", ["plan_adopt", "plan_discard"])
    def test_a_measure_that_came_meanwhile_is_read_first(self, client_of, silke, ost, page):
        """The council decided, and nobody gives up, what was not on the screen."""
        draft = make_plans.plan(by=silke, districts=[ost])
        measure = make_plans.measure(plan=draft, by=silke)
        client = client_of(silke)
        shown = client.get(url(page, draft)).context["form"]
        typed = {"decision": "Rat", "decided_on": make.today().isoformat(), "reason": "Neu gedacht", "sure": "on"}
        typed |= {name: shown[name].value() for name in ("version", "seen")}
        make_plans.measure(plan=draft, by=silke, title="Kam dazu")
        late = client.post(url(page, draft), typed)
        assert (late.status_code, ActionPlan.objects.get(pk=draft.pk).is_draft) == (409, True)
        typed["seen"] = late.context["form"]["seen"].value()
        type(measure).objects.filter(pk=measure.pk).update(version=2)
        late = client.post(url(page, draft), typed)
        assert late.status_code == 409
        typed["seen"] = late.context["form"]["seen"].value()
        assert client.post(url(page, draft), typed).status_code == 303
