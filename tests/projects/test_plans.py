"""Action plans: versions, measures, colours, amendments (Z23–Z27)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from districts.actions.base import Conflict
from projects.actions import measures as measure_actions
from projects.actions import plans as plan_actions
from projects.actions.base import LoopError
from projects.actions.measures import Added, Parts
from projects.models import ActionPlan, Amendment, Goal, Measure, StatusChange
from projects.planning import amendment_words, month_words, read_month
from projects.tableau import plan_status, row_of, tableau
from tests import make, make_plans

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(silke, ost):
    return make_plans.in_force(by=silke, districts=[ost], measures=2, title="Konzept Ost")


@pytest.fixture
def measure(plan):
    return plan.measures.first()


def url(name, row):
    return reverse(f"projects:{name}", args=[row.pk])


def typed(**change):
    return {"version": 1, "status": "active", "month": "2026-03", "text": "", "decision": "", **change}


class TestMonths:
    @pytest.mark.parametrize(("text", "day"), [
        ("2001-12", date(2001, 12, 1)),
        ("12.2001", date(2001, 12, 1)),
        ("Dez 01", date(2001, 12, 1)),
        ("Dez. 2003", date(2003, 12, 1)),
        ("Dezember 1998", date(1998, 12, 1)),
        ("Mrz 26", date(2026, 3, 1)),
        ("13.2001", None),
        ("10000000000000000000000000000000", None),
        ("Foo 01", None),
    ])  # fmt: skip
    def test_are_read_as_people_write_them(self, text, day):
        assert read_month(text) == day

    def test_are_written_as_in_belm(self):
        assert month_words(date(2001, 12, 1)) == "Dez 01"
        assert amendment_words(date(2003, 12, 1)) == "Nachtrag Dez. 03"
        assert amendment_words(date(2003, 5, 1)) == "Nachtrag Mai 03"


class TestWriting:
    def test_a_plan_is_begun_filled_and_adopted_with_forms(self, client_of, silke, ost):
        client = client_of(silke)
        answer = client.post(
            reverse("projects:plan_new"),
            {"title": "ISEK Ost", "kind": "isek", "districts": [ost.pk], "as_of": "Mär 25", "area": ""},
        )
        plan = ActionPlan.objects.get()
        assert (answer.status_code, answer.headers["Location"]) == (303, plan.get_absolute_url())
        assert (plan.as_of, plan.status, plan.number) == (date(2025, 3, 1), "draft", 1)
        assert client.post(url("goal_new", plan), {"title": "Nachbarschaft", "position": 1}).status_code == 303
        assert client.post(url("goal_new", plan), {"title": "Arbeit", "position": 2}).status_code == 303
        main, further = plan.goals.all()
        actor = make.actor(name="Kita Sonne")
        source = make_plans.source(name="Lokales Kapital", short_name="LOS")
        sent = {
            "goal": main.pk, "title": "Bürgerhaus", "kind": "building", "position": 1, "further": [further.pk],
            "further_text": "Betreuung", "carriers": "Kita Sonne", "participants": "Bewohner\nVerein",
            "is_urban_funded": "on", "fundings": "Arbeitsamt\nevtl. LOS", "added_on": "2025-03", "status": "planned",
        }  # fmt: skip
        assert client.post(url("measure_new", plan), sent).status_code == 303
        row = row_of(Measure.objects.select_related("plan").get())
        assert (row.further, row.participants) == (["Arbeit", "Betreuung"], ["Kita Sonne", "Bewohner", "Verein"])
        assert (row.urban, row.fundings) == ("Ja", ["Arbeitsamt", "evtl. LOS"])
        assert row.measure.participants.get(actor=actor).role == "carrier"
        assert row.measure.fundings.get(source=source).is_uncertain
        adopted = client.post(url("plan_adopt", plan), {"version": 1, "decision": "Rat", "decided_on": "2025-04-01"})
        assert adopted.status_code == 303
        plan.refresh_from_db()
        assert (plan.status, plan.decided_on) == ("adopted", date(2025, 4, 1))

    @pytest.mark.parametrize(("change", "field"), [
        ({"title": ""}, "title"),
        ({"as_of": "irgendwann"}, "as_of"),
        ({"as_of": "1" * 500}, "as_of"),
        ({"kind": "x"}, "kind"),
        ({"districts": []}, "districts"),
        ({"title": "x" * 200}, "title"),
    ])  # fmt: skip
    def test_says_beside_the_field_what_is_wrong(self, client_of, silke, ost, change, field):
        sent = {"title": "A", "kind": "ihk", "districts": [ost.pk], "as_of": "2025-01"} | change
        answer = client_of(silke).post(reverse("projects:plan_new"), sent)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
        assert not ActionPlan.objects.exists()

    def test_a_draft_without_measures_is_not_adopted(self, client_of, silke, ost):
        plan = make_plans.plan(by=silke, districts=[ost])
        answer = client_of(silke).post(
            url("plan_adopt", plan), {"version": 1, "decision": "Rat", "decided_on": "2025-04-01"}
        )
        assert answer.status_code == 422
        plan.refresh_from_db()
        assert plan.is_draft

    def test_whoever_is_slower_compares_first(self, client_of, silke, ost):
        plan = make_plans.plan(by=silke, districts=[ost], title="A")
        row = make_plans.measure(plan=plan, by=silke, title="Treff")
        client = client_of(silke)
        sent = {"goal": row.goal_id, "kind": "social", "position": 1, "added_on": "2025-03", "version": 1}
        assert client.post(url("measure_edit", row), sent | {"title": "Treff am Platz"}).status_code == 303
        late = client.post(url("measure_edit", row), sent | {"title": "Treff im Park", "participants": "Verein"})
        assert late.status_code == 409
        assert ("Maßnahme oder Projekt", "Treff am Platz", "Treff im Park") in late.context["differences"]
        assert ("Beteiligte", "–", "Verein") in late.context["differences"]
        row.refresh_from_db()
        assert row.title == "Treff am Platz"

    def test_a_measure_of_a_draft_can_go_and_its_goal_after_it(self, client_of, silke, ost):
        plan = make_plans.plan(by=silke, districts=[ost])
        row, client = make_plans.measure(plan=plan, by=silke), client_of(silke)
        client.post(url("goal_remove", row.goal))
        assert Goal.objects.filter(pk=row.goal_id).exists()
        client.post(url("measure_remove", row))
        client.post(url("goal_remove", row.goal))
        assert (plan.measures.count(), plan.goals.count()) == (0, 0)


class TestColours:
    def test_change_with_an_amendment_that_says_why(self, client_of, silke, measure):
        answer = client_of(silke).post(url("measure_status", measure), typed(status="dropped", text="Leerstände"))
        assert (answer.status_code, answer.headers["Location"]) == (303, measure.get_absolute_url())
        measure.refresh_from_db()
        change = measure.status_changes.last()
        assert (measure.status, change.status, change.by) == ("dropped", "dropped", silke)
        assert (change.amendment.kind, change.amendment.text) == ("status", "Leerstände")
        assert change.amendment.month == date(2026, 3, 1)

    def test_dropped_needs_its_reason(self, client_of, silke, measure):
        answer = client_of(silke).post(url("measure_status", measure), typed(status="dropped"))
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["text"])
        measure.refresh_from_db()
        assert measure.status == "planned"
        with pytest.raises(LoopError):
            measure_actions.change_status(measure=measure, status="dropped", version=1, by=silke)

    def test_whoever_is_slower_keeps_the_text_and_sees_the_new_colour(self, client_of, silke, measure):
        client = client_of(silke)
        assert client.post(url("measure_status", measure), typed()).status_code == 303
        same = client.post(url("measure_status", measure), typed(text="Läuft."))
        assert (same.status_code, "Läuft." in same.content.decode()) == (409, True)
        late = client.post(url("measure_status", measure), typed(status="done", text="Eröffnet."))
        assert late.status_code == 409
        assert "in der aktiven Umsetzungs" in late.content.decode()
        assert "Eröffnet." in late.content.decode()
        assert late.context["form"]["version"].value() == "2"
        assert measure.amendments.count() == 0
        again = client.post(url("measure_status", measure), typed(version=2, status="done", text="Eröffnet."))
        assert again.status_code == 303

    def test_a_dialog_gets_the_form_alone(self, client_of, silke, measure):
        headers = {"HX-Request": "true", "HX-Target": "colour"}
        html = client_of(silke).get(url("measure_status", measure) + "?von=plan", headers=headers).content.decode()
        assert "<html" not in html
        assert "Farbe festhalten" in html
        sent = client_of(silke).post(url("measure_status", measure) + "?von=plan", typed(), headers=headers)
        assert sent.headers["HX-Redirect"] == measure.plan.get_absolute_url()

    def test_the_second_write_failing_takes_the_first_back(self, silke, measure, monkeypatch):
        def fail(*args, **kwargs):
            raise RuntimeError

        monkeypatch.setattr(StatusChange.objects, "create", fail)
        with pytest.raises(RuntimeError), transaction.atomic():
            measure_actions.change_status(measure=measure, status="done", version=1, text="Fertig", by=silke)
        measure.refresh_from_db()
        assert (measure.status, Amendment.objects.count()) == ("planned", 0)


class TestAmendments:
    def test_add_goal_participant_and_funding_beneath_the_row(self, client_of, silke, ost):
        plan = make_plans.plan(by=silke, districts=[ost])
        other = make_plans.goal(plan=plan, by=silke, title="Beteiligung")
        measure = make_plans.measure(plan=plan, by=silke)
        make_plans.adopt(plan, silke)
        sent = {"month": "Dez 03", "goal": other.pk, "participants": "Verein", "fundings": "evtl. LOS", "text": "Neu."}
        assert client_of(silke).post(url("measure_amend", measure), sent).status_code == 303
        row = row_of(Measure.objects.select_related("plan").get(pk=measure.pk))
        (under,) = row.beneath
        assert (under.label, under.texts) == ("Nachtrag Dez. 03", ["Neu."])
        assert (under.goals, under.participants, under.fundings) == (["Beteiligung"], ["Verein"], ["evtl. LOS"])
        assert (row.further, row.participants, row.fundings) == ([], [], [])

    def test_managers_write_how_things_stand_and_nothing_more(self, client_of, mara, paul, measure):
        sent = {"month": "2026-03", "text": "Läuft gut.", "fundings": "LOS", "decision": "Rat"}
        assert client_of(mara).post(url("measure_amend", measure), sent).status_code == 303
        found = Amendment.objects.get()
        assert (found.kind, found.text, found.decision, found.by) == ("narrative", "Läuft gut.", "", mara)
        assert client_of(paul).post(url("measure_amend", measure), sent).status_code == 404
        assert client_of(mara).post(url("measure_status", measure), typed()).status_code == 404

    def test_empty_and_hostile_ones_are_refused_in_words(self, client_of, silke, measure):
        client = client_of(silke)
        for sent in ({"month": "2026-03"}, {"month": "", "text": "x"}, {"month": "2026-03", "goal": "10" * 30}):
            assert client.post(url("measure_amend", measure), sent).status_code == 422
        assert client.post(url("measure_amend", measure), {"month": "2026-03", "text": "a\0b"}).status_code == 303
        assert Amendment.objects.get().text == "ab"


class TestVersions:
    def test_an_update_carries_everything_forward_and_the_old_version_stays_as_it_was(self, client_of, silke, plan):
        measure = plan.measures.first()
        measure_actions.amend(measure=measure, month=date(2025, 6, 1), added=Added(text="Früh."), by=silke)
        client = client_of(silke)
        assert client.post(url("plan_update", plan), {"as_of": "2026-01"}).status_code == 303
        new = ActionPlan.objects.get(line=plan.line, number=2)
        carried = new.measures.get(key=measure.key)
        assert (new.status, carried.title, carried.carried_from) == ("draft", measure.title, measure)
        # What happens meanwhile happens to the version in force, and the draft shows it.
        measure_actions.change_status(measure=measure, status="done", version=1, by=silke, text="Fertig.")
        carried.refresh_from_db()
        assert carried.status == "done"
        with pytest.raises(LoopError):
            measure_actions.change_status(measure=carried, status="active", version=carried.version, by=silke)
        make_plans.measure(plan=new, by=silke, title="Neu dabei")
        make_plans.adopt(new, silke)
        plan.refresh_from_db()
        carried.refresh_from_db()
        assert plan.status == "superseded"
        measure_actions.amend(measure=carried, month=date(2027, 8, 1), added=Added(text="Spät."), by=silke)
        old, now = tableau(plan), tableau(new)
        words = [[text for row in table.shown for under in row.beneath for text in under.texts] for table in (old, now)]
        assert words == [["Früh.", "Fertig."], ["Früh.", "Fertig.", "Spät."]]
        assert (old.total, now.total) == (2, 3)
        with pytest.raises(LoopError):
            measure_actions.amend(measure=measure, month=date(2026, 8, 1), added=Added(text="Zu spät."), by=silke)

    def test_only_one_version_is_in_force_and_only_one_is_written(self, silke, plan):
        plan_actions.begin_update(plan=plan, as_of=date(2026, 1, 1), by=silke)
        with pytest.raises(Conflict):
            plan_actions.begin_update(plan=plan, as_of=date(2026, 2, 1), by=silke)
        with pytest.raises(IntegrityError), transaction.atomic():
            ActionPlan.objects.create(line=plan.line, number=9, title="B", kind="ihk", as_of=date(2026, 1, 1))
        with pytest.raises(Conflict):
            make_plans.adopt(plan, silke)

    def test_drafts_are_for_those_who_write_and_contribute(self, client_of, silke, mara, asli, enno, tara, ost):
        plan = make_plans.plan(by=silke, districts=[ost])
        opened = [client_of(one).get(plan.get_absolute_url()).status_code for one in (silke, mara, asli, enno, tara)]
        assert opened == [200, 200, 404, 404, 404]


class TestTheDatabase:
    """The rules hold also without the actions."""

    def refuses(self, change):
        def do():
            with transaction.atomic():
                change()
                connection.check_constraints()

        with pytest.raises(IntegrityError):
            do()

    def test_keeps_what_was_decided(self, silke, plan, measure):
        amendment = measure_actions.amend(
            measure=measure, month=date(2026, 1, 1), added=Added(text="Nachtrag"), by=silke
        )[0]
        rows, changes = Measure.objects.filter(pk=measure.pk), StatusChange.objects.filter(measure=measure)
        self.refuses(lambda: rows.update(title="Anders"))
        self.refuses(lambda: rows.update(is_urban_funded=True))
        self.refuses(lambda: rows._raw_delete("default"))
        self.refuses(lambda: Amendment.objects.filter(pk=amendment.pk).update(text="Anders"))
        self.refuses(lambda: Amendment.objects.filter(pk=amendment.pk)._raw_delete("default"))
        self.refuses(lambda: changes.update(status="done"))
        self.refuses(lambda: changes._raw_delete("default"))
        self.refuses(lambda: ActionPlan.objects.filter(pk=plan.pk).update(title="Anders"))
        self.refuses(lambda: Goal.objects.filter(plan=plan).update(title="Anders"))
        self.refuses(lambda: Goal.objects.create(plan=plan, title="Neu"))
        self.refuses(lambda: measure.participants.create(name="Verein"))
        rows.update(responsible="FB 56")  # steering is no part of the decision

    def test_neither_opens_a_decided_plan_again_nor_lets_anything_in_or_out(self, silke, ost, preuswald, plan):
        other = make_plans.plan(by=silke, districts=[ost])
        row, goal = make_plans.measure(plan=other, by=silke), plan.goals.get()
        parts = Parts(participants=[(None, "Verein", "carrier")])
        mine = make_plans.measure(plan=other, by=silke, parts=parts)
        field = make.action_field()
        part = mine.participants.get()
        self.refuses(lambda: ActionPlan.objects.filter(pk=plan.pk).update(status="draft"))
        self.refuses(lambda: plan.districts.add(preuswald))
        self.refuses(lambda: plan.districts.clear())
        self.refuses(lambda: goal.action_fields.add(field))
        self.refuses(lambda: Measure.objects.filter(pk=row.pk).update(plan=plan, goal=goal))
        self.refuses(lambda: type(part).objects.filter(pk=part.pk).update(measure=plan.measures.first()))
        make_plans.adopt(other, silke)
        draft = make_plans.measure(plan=make_plans.plan(by=silke, districts=[ost]), by=silke)
        self.refuses(lambda: type(part).objects.filter(pk=part.pk).update(measure=draft))

    def test_keeps_the_last_colour_of_the_history(self, silke, measure):
        measure_actions.change_status(measure=measure, status="active", version=1, by=silke)
        self.refuses(lambda: Measure.objects.filter(pk=measure.pk).update(status="planned"))

    def test_wants_a_history_for_every_colour_and_a_reason_for_black(self, silke, measure):
        self.refuses(lambda: Measure.objects.filter(pk=measure.pk).update(status="done"))
        at = timezone.now()
        self.refuses(
            lambda: StatusChange.objects.create(measure=measure, status="dropped", on=make.today(), by=silke, at=at)
        )

    def test_lets_a_measure_serve_goals_of_its_own_plan_only(self, silke, ost, measure):
        other = make_plans.plan(by=silke, districts=[ost])
        row = make_plans.measure(plan=other, by=silke)
        foreign = measure.goal
        self.refuses(lambda: Measure.objects.filter(pk=row.pk).update(goal=foreign))
        self.refuses(lambda: row.further_goals.create(goal=foreign))


class TestFigures:
    def test_count_goals_and_colours_on_any_day_as_the_table_does_today(self, silke, plan, ost, preuswald):
        first = plan.measures.first()
        today = make.today()
        measure_actions.change_status(measure=first, status="active", version=1, by=silke)
        (row,) = plan_status([ost], today)
        assert row.cells == tableau(plan).cells == [
            ("done", "Grün", 0), ("active", "Blau", 1), ("planned", "Rot", 1), ("dropped", "Schwarz", 0),
        ]  # fmt: skip
        assert plan_status([preuswald], today) == []
        assert len(plan_status(None, today)) == 1
        assert plan_status(None, today - timedelta(days=1)) == []

    def test_of_two_versions_only_the_one_that_held_counts_also_when_the_decision_is_noted_late(self, silke, ost):
        days = [make.today() - timedelta(days=days) for days in (90, 60)]
        first = make_plans.plan(by=silke, districts=[ost])
        make_plans.measure(plan=first, by=silke)
        make_plans.adopt(first, silke, decided_on=days[0])
        second = plan_actions.begin_update(plan=first, as_of=days[1], by=silke)
        make_plans.adopt(second, silke, decided_on=days[1])  # noted today: until now the first was in force here
        held = [row.plan for day in (days[0], days[1] - timedelta(days=1), days[1]) for row in plan_status([ost], day)]
        assert held == [first, first, second]
        assert plan_status([ost], days[0] - timedelta(days=1)) == []

    @pytest.mark.parametrize("offset", [1, -91])
    def test_a_decision_lies_neither_ahead_nor_before_the_last_one(self, client_of, silke, ost, offset):
        first = make_plans.plan(by=silke, districts=[ost])
        make_plans.measure(plan=first, by=silke)
        make_plans.adopt(first, silke, decided_on=make.today() - timedelta(days=90))
        draft = plan_actions.begin_update(plan=first, as_of=make.today(), by=silke)
        day = make.today() + timedelta(days=offset)
        answer = client_of(silke).post(
            url("plan_adopt", draft), {"version": 1, "decision": "Rat", "decided_on": day.isoformat()}
        )
        assert answer.status_code == 422
        assert "decided_on" in answer.context["form"].errors
        draft.refresh_from_db()
        assert draft.status == "draft"

    def test_samples_are_in_no_figure(self, silke, ost):
        make_plans.in_force(by=silke, districts=[ost], is_sample=True)
        assert plan_status(None, make.today()) == []

    def test_filters_narrow_the_rows_and_never_the_counts(self, client_of, silke, plan):
        client, path = client_of(silke), plan.get_absolute_url()
        answer = client.get(path, {"status": "done"})
        assert (len(answer.context["tableau"].shown), answer.context["tableau"].total) == (0, 2)
        assert client.get(path, {"status": "rot"}).status_code == 422
        assert client.get(path, {"goal": "1" + "0" * 30}).status_code == 422
        csv = b"".join(client.get(url("plan_csv", plan)).streaming_content).decode()
        assert len(csv.strip().splitlines()) == 3

    @pytest.mark.parametrize("count", [1, 12])
    def test_the_table_asks_as_often_with_one_row_as_with_many(
        self, client_of, silke, ost, count, django_assert_num_queries
    ):
        plan = make_plans.in_force(by=silke, districts=[ost], measures=count)
        for one in plan.measures.all():
            measure_actions.amend(measure=one, month=date(2026, 1, 1), added=Added(text="Stand"), by=silke)
        client = client_of(silke)
        client.get(plan.get_absolute_url())
        with django_assert_num_queries(QUERIES_OF_THE_TABLE):
            client.get(plan.get_absolute_url())


QUERIES_OF_THE_TABLE = 18


def test_a_goal_with_measures_is_not_removed(silke, ost):
    plan = make_plans.plan(by=silke, districts=[ost])
    make_plans.measure(plan=plan, by=silke)
    with pytest.raises(ValidationError):
        plan_actions.remove_goal(goal=plan.goals.get(), by=silke)


class TestHostileDays:
    @pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
    def test_far_days_are_refused_in_words_or_shown(self, client_of, silke, plan, measure, day):
        client = client_of(silke)
        sent = {"version": 1, "responsible": "", "notes": "", "starts_on": "", "ends_on": day}
        assert client.post(url("measure_steer", measure), sent).status_code in (303, 422)
        assert client.post(url("plan_due", plan), {"update_due_on": day}).status_code in (303, 422)
        line = {"kind": "other", "state": "intended", "deadline_on": day, "deadline_what": "Antrag"}
        path = reverse("projects:finance_line_new", args=["massnahme", measure.pk])
        assert client.post(path, line).status_code in (303, 422)
        for name in ("plan", "plan_deadlines", "plan_money", "goals"):
            assert client.get(url(name, plan)).status_code == 200
        assert client.get(measure.get_absolute_url()).status_code == 200
        assert client.get(reverse("projects:plans")).status_code == 200
        assert client.get(reverse("reports:plan_deadline_paper", args=[plan.pk])).status_code == 200

    def test_hostile_words_are_refused_in_words(self, client_of, silke, plan, measure):
        client = client_of(silke)
        line = make_plans.line(paid=measure, by=silke)
        remove = reverse("projects:finance_line_remove", args=[line.pk])
        assert client.post(remove, {"version": "9" * 5000}).status_code == 303
        goal = plan.goals.get()
        assert client.get(plan.get_absolute_url() + "?goal=\x00&field=x").status_code in (400, 422)
        assert client.get(reverse("projects:financing", args=["unbekannt", 1])).status_code == 404
        assert client.get(f"/konzepte/{10**30}/").status_code == 404
        for change in (
            {"year": "9" * 30, "value": "1"},
            {"year": "2026", "value": "NaN"},
            {"year": "2026", "value": "1e400"},
            {"year": "-1", "value": "\x00"},
        ):
            indicator = goal.indicators.create(kind="outcome", name=str(change)[:150])
            path = reverse("projects:goal_value", args=[goal.pk, indicator.pk])
            assert client.post(path, change).status_code == 422
