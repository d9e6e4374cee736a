"""Action plans of the demo city: Belm's as a sample (003), two versions for Aachen-Nord, a draft (Q17, G).

Belm's measures, goals and amendments are its own words; which colour a measure had is lost (0.4 gap 7), so only the
Bürgerhaus is known and the rest is invented, and so are the days within „Frühjahr 2002“ and „Dez. 03“. Everything of
Aachen-Nord is invented.
"""

from datetime import date, datetime, time
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone

from districts.demo.directory import PLANNER
from districts.models import ActionField, Actor, District, User
from projects.actions import attainment, measures, plans
from projects.actions import funding as funding_actions
from projects.actions.discarding import discard_draft
from projects.actions.measures import Added, Parts
from projects.models import ActionPlan, FinanceLine, FundingSource, Goal, Measure, PlannedCost, Project
from projects.planning import MeasureStatus, first_of_month

from . import funding, read

BELM = "Integriertes Handlungskonzept Belm-Powe"
NORD = "Integriertes Handlungskonzept Aachen-Nord"
FORST = "Quartierskonzept Forst/Driescher Hof"
_FIRST, _SECOND = 54, 14  # months ago that Aachen-Nord's versions were decided


def is_loaded() -> bool:
    """Whether there are plans already."""
    return ActionPlan.objects.exists()


@transaction.atomic
def load(*, now: datetime) -> int:
    """Load the plans beside a demo city with its sources; returns the number of measures in force."""
    stage = _Stage(now)
    data = read("plans")
    stage.belm(data["belm"])
    stage.nord(data["nord"])
    stage.given_up()
    stage.draft()
    stage.projects(data["projects"])
    return Measure.objects.filter(plan__in=ActionPlan.objects.in_force()).count()


class _Stage:
    """Everything played with the application's own actions, at the moments it would have happened."""

    def __init__(self, now: datetime):
        self.now, self.today = now, timezone.localdate(now)
        self.by = User.objects.get(email=PLANNER)
        self.fields = {one.name: one for one in ActionField.objects.all()}
        self.actors = {one.name: one for one in Actor.objects.all()}
        self.sources = {one.name: one for one in FundingSource.objects.all()}
        self.sources |= {one.short_name: one for one in self.sources.values() if one.short_name}

    def ago(self, months: int) -> date:
        """The day so many months ago."""
        return self.today - relativedelta(months=months)

    def at(self, day: date) -> datetime:
        """A moment of a day, never one to come."""
        return min(timezone.make_aware(datetime.combine(day, time(11, 20))), self.now)

    def _adopt(self, plan: ActionPlan, decision: str, day: date) -> None:
        plans.adopt_plan(
            plan=plan, version=plan.version, decision=decision, decided_on=day, by=self.by, at=self.at(day)
        )

    def goals(self, plan: ActionPlan, rows: list) -> list[Goal]:
        """The goals of a plan in order."""
        return [
            plans.save_goal(
                plan=plan, by=self.by, position=number, title=title, description="", problem=problem,
                action_fields=[self.fields[name] for name in names if name in self.fields],
            )
            for number, (title, names, problem) in enumerate(rows, 1)
        ]  # fmt: skip

    def fundings(self, names: list[str]) -> list[tuple]:
        """Funding as the form would read it."""
        pairs = [(name.removeprefix("evtl. "), name.startswith("evtl. ")) for name in names]
        return [(self.sources.get(name), name, flag) for name, flag in pairs]

    # --- Belm --------------------------------------------------------------------------------------------------------

    def belm(self, data: dict) -> None:
        """Decided in spring 2002 (Stand Dez 01), updated in December 2003 with the amendments that are handed down."""
        plan = plans.save_plan(
            by=self.by, districts=[], title=BELM, kind="ihk", area="Belm-Powe", as_of=date(2001, 12, 1),
            authors="Gemeinde Belm; sozialer Rahmenplan: Universität Osnabrück", is_sample=True,
            studies="Vorbereitende Untersuchungen unter Berücksichtigung sozialer Problemlagen, Beginn 1998\n"
            "Städtebaulicher Rahmenplan, April 2001\nSozialer Rahmenplan mit Haushaltsbefragung, Oktober 2001",
            problems="Konzentration von benachteiligten Bevölkerungsgruppen\nArbeits- und Ausbildungsplatzmangel\n"
            "Geringe Integration der Bewohner in die Gemeinde\nUnzureichendes Bildungs-, Freizeit- und"
            " Betreuungsangebot für Kinder und Jugendliche\nFehlende Identifikation der Bewohner mit dem Quartier"
            " sowie geringe Partizipation\nSchlechtes Image",
            vision="Verbindung von städtebaulichen und sozialen Zielen.",
        )  # fmt: skip
        goals = self.goals(plan, data["goals"])
        main = goals[3]
        rows = [self._belm_measure(plan, main, row, number) for number, row in enumerate(data["measures"], 1)]
        known = {"by": self.by, "at": self.at(date(2002, 4, 10))}
        plans.adopt_plan(
            plan=plan, version=plan.version, decision="Rat der Gemeinde", decided_on=date(2002, 4, 10), **known
        )
        for row, made in zip(data["measures"], rows, strict=True):
            if row["status"] in (MeasureStatus.ACTIVE, MeasureStatus.DONE):
                self._colour(made, MeasureStatus.ACTIVE, date(2002, 9, 1))
        new = plans.begin_update(plan=plan, as_of=date(2003, 12, 1), by=self.by)
        known["at"] = self.at(date(2003, 12, 8))
        plans.adopt_plan(
            plan=new, version=new.version, decision="Rat der Gemeinde", decided_on=date(2003, 12, 8), **known
        )
        for row, old in zip(data["measures"], rows, strict=True):
            self._belm_amended(row, new.measures.get(key=old.key))

    def _belm_measure(self, plan: ActionPlan, main: Goal, row: dict, number: int) -> Measure:
        named = {one.title: one for one in plan.goals.all()}
        participants = [(None, name, "participant") for name in row["participants"]]
        further = [(named.get(text), text) for text in row["further"]]
        parts = Parts(further, participants, self.fundings(row["fundings"]))
        return measures.save_measure(
            plan=plan, by=self.by, goal=main, parts=parts, position=number, title=row["title"], kind=row["kind"],
            is_urban_funded=row["urban"], added_on=date(2001, 12, 1), at=self.at(date(2001, 12, 3)),
        )  # fmt: skip

    def _belm_amended(self, row: dict, measure: Measure) -> None:
        day = date(2003, 12, 15)
        if row["status"] == MeasureStatus.DROPPED:
            self._colour(measure, MeasureStatus.DROPPED, day, row["text"])
        elif row["status"] == MeasureStatus.DONE:
            self._colour(measure, MeasureStatus.DONE, day)
        if added := row.get("added"):
            fundings = [(self.sources.get(name), name, True) for name in added["fundings"]]
            found = Added(
                goal=measure.plan.goals.get(title__startswith="Verknüpfung"), goal_text=added["goal"],
                participants=[(None, name) for name in added["participants"]], fundings=fundings,
            )  # fmt: skip
            measures.amend(measure=measure, month=day, added=found, by=self.by, at=self.at(day))

    def _colour(self, measure: Measure, status: str, day: date, text: str = "", decision: str = "") -> None:
        measure.refresh_from_db()
        measures.change_status(
            measure=measure, status=status, version=measure.version, by=self.by, month=day, text=text,
            decision=decision, on=day, at=self.at(day),
        )  # fmt: skip

    # --- Aachen-Nord -------------------------------------------------------------------------------------------------

    def nord(self, data: dict) -> None:
        """Two versions: what happened before the second was decided happened to the first."""
        district = District.objects.get(slug="nord")
        first = plans.save_plan(
            by=self.by, districts=[district], title=NORD, kind="isek", area="Programmgebiet Soziale Stadt",
            as_of=self.ago(_FIRST + 2), authors="Stadt Aachen, Fachbereich Wohnen, Soziales und Integration",
            studies="Haushaltsbefragung\nRundgänge mit Anwohnenden in allen vier Vierteln",
            problems="Zwischen Innenstadt und Gewerbe liegt ein Quartier, das viele nur durchfahren. Wer hier wohnt,"
            " ist jünger und ärmer als der Durchschnitt der Stadt.",
            vision="Ein Quartier zum Bleiben: mit Plätzen, Nachbarn und Arbeit in der Nähe.",
        )  # fmt: skip
        goals = self.goals(first, data["goals"])
        old = [row for row in data["measures"] if not row.get("new")]
        for number, row in enumerate(old, 1):
            self._measure(first, goals, row, number, self.ago(_FIRST + 2))
        self._adopt(first, "Rat der Stadt, Vorlage FB 56/0301", self.ago(_FIRST))
        self._happened(first, old, lambda months: months > _SECOND)
        self._attainment(first, data, lambda months: months > _SECOND)
        for row in old:
            self._money(first, row, states={"granted": "applied", "drawn": "granted", "settled": "granted"})
        second = plans.begin_update(plan=first, as_of=self.ago(_SECOND + 1), by=self.by)
        rows = [row for row in data["measures"] if row.get("new")]
        for number, row in enumerate(rows, len(old) + 1):
            self._measure(second, list(second.goals.all()), row, number, self.ago(_SECOND + 1))
        self._adopt(second, "Rat der Stadt, Vorlage FB 56/0417", self.ago(_SECOND))
        plans.set_update_due(plan=second, update_due_on=self.today + relativedelta(months=3), by=self.by)
        self._happened(second, data["measures"], lambda months: months <= _SECOND)
        self._attainment(second, data, lambda months: months <= _SECOND)
        for row in data["measures"]:
            self._steering(second, row)

    def _measure(self, plan: ActionPlan, goals: list[Goal], row: dict, number: int, month: date) -> Measure:
        names = [(name, "carrier") for name in row["carriers"]]
        names += [(name, "participant") for name in row["participants"]]
        people = [(self.actors.get(name), name, role) for name, role in names]
        lines = row.get("lines", [])
        meant = dict.fromkeys(line[0] for line in lines if line[1] in ("other", "private"))
        own = ["ehrenamtlich"] if any(line[1] == "volunteer" for line in lines) else []
        return measures.save_measure(
            plan=plan, by=self.by, goal=goals[row["goal"]], position=number, title=row["title"], kind=row["kind"],
            is_urban_funded=row["urban"], added_on=month, at=self.at(month),
            parts=Parts([(goals[n], "") for n in row["further"]], people, self.fundings([*meant, *own])),
        )  # fmt: skip

    def _happened(self, plan: ActionPlan, rows: list, then) -> None:
        """Colours and amendments of a time, in their order."""
        events = []
        for row in rows:
            events += [(months, row, ("colour", status, text)) for months, status, text in row["path"] if then(months)]
            events += [(months, row, ("amend", added, "")) for months, added in row.get("amend", []) if then(months)]
        for months, row, (what, value, text) in sorted(events, key=lambda one: -one[0]):
            measure, day = plan.measures.get(title=row["title"]), self.ago(months)
            if what == "colour":
                self._colour(measure, value, day, text, row.get("decision", ""))
            else:
                self._amend(measure, value, day)

    def _amend(self, measure: Measure, added: dict, day: date) -> None:
        goals = list(measure.plan.goals.all())
        names = added.get("participants", [])
        found = Added(
            text=added["text"], goal=goals[added["goal"]] if "goal" in added else None,
            participants=[(self.actors.get(name), name) for name in names],
            fundings=self.fundings(added.get("fundings", [])),
        )  # fmt: skip
        measures.amend(measure=measure, month=day, added=found, by=self.by, at=self.at(day))

    def _steering(self, plan: ActionPlan, row: dict) -> None:
        """Who is responsible, the time, the projects that belong to it, the money."""
        measure = plan.measures.get(title=row["title"])
        days = [self.ago(-row[name]) if row.get(name) is not None else None for name in ("start", "end")]
        words = [word for word in row["title"].split() if len(word) > 6]
        here = Project.objects.filter(districts__in=plan.districts.all())
        linked = [one for one in here if any(word in one.title for word in words)]
        measures.steer(
            measure=measure, version=measure.version, by=self.by, projects=linked, responsible=row["resp"],
            starts_on=days[0], ends_on=days[1], notes="",
        )  # fmt: skip
        self._money(plan, row)

    def _money(self, plan: ActionPlan, row: dict, states: dict | None = None) -> None:
        """What a measure costs and what pays for it; with `states` as it stood while the first version held."""
        measure = plan.measures.get(title=row["title"])
        known = funding_actions.paid_fields(measure)
        for line in FinanceLine.objects.filter(**known):
            funding_actions.remove_line(line=line, version=line.version, by=self.by)
        if row.get("cost"):
            cost = PlannedCost.objects.filter(**known).first()
            funding_actions.set_planned_cost(
                paid=measure, amount=Decimal(row["cost"]), basis="Kostenschätzung", by=self.by,
                version=cost.version if cost else None,
            )  # fmt: skip
        lines = row.get("lines", [])
        if states:
            lines = [[name, kind, states.get(state, "intended"), *more] for name, kind, state, *more in lines]
        funding.lines_of(lines, measure, by=self.by, today=self.today, now=self.now)

    def _attainment(self, plan: ActionPlan, data: dict, then) -> None:
        """Indicators with the first version; evidence and assessments when they were written."""
        goals = list(plan.goals.all())
        if plan.number == 1:
            for row in data["indicators"]:
                self._indicator(goals, row)
        else:
            self._measures_bring(plan, data["measure_indicators"])
            self._corrected(plan)
        for number, kind, text, source, months in data["evidence"]:
            if then(months):
                day, known = self.ago(months), {"kind": kind, "text": text, "source": source}
                attainment.add_evidence(goal=goals[number], on=day, at=self.at(day), by=self.by, **known)
        for number, result, reason, months in data["assessments"]:
            if then(months):
                day = self.ago(months)
                attainment.assess(goal=goals[number], result=result, reason=reason, on=day, at=self.at(day), by=self.by)

    def _indicator(self, goals: list[Goal], row: list) -> None:
        number, kind, name, unit, counted, baseline, target, source, values = row
        year = self.today.year
        made = attainment.save_indicator(
            goal=goals[number], by=self.by, kind=kind, name=name, unit=unit, counted=counted, source=source,
            baseline=Decimal(baseline[0]) if baseline else None, baseline_year=year + baseline[1] if baseline else None,
            target=Decimal(target[0]), target_year=year + target[1],
        )  # fmt: skip
        for offset, value in values:
            at = self.at(date(year + offset, 12, 1))
            known = {"goal": goals[number], "indicator": made, "by": self.by, "at": at}
            attainment.note_value(year=year + offset, value=Decimal(value), **known)

    def _measures_bring(self, plan: ActionPlan, rows: list) -> None:
        """Indicators of measures with their values by year (Z25)."""
        year = self.today.year
        for title, kind, name, unit, target, source, values in rows:
            measure = plan.measures.select_related("goal").get(title=title)
            made = attainment.save_indicator(
                goal=measure.goal, measure=measure, by=self.by, kind=kind, name=name, unit=unit, source=source,
                target=Decimal(target), target_year=year + 1,
            )  # fmt: skip
            for offset, value in values:
                known = {"goal": measure.goal, "indicator": made, "by": self.by, "at": self.now}
                attainment.note_value(year=year + offset, value=Decimal(value), **known)

    def _corrected(self, plan: ActionPlan) -> None:
        """A statement that turned out to say too much: struck, with what holds instead (D06)."""
        goal, day = plan.goals.first(), self.ago(6)
        said = attainment.add_evidence(
            goal=goal, kind="statement", text="Alle Generationen nutzen den Rehmplatz jeden Tag.",
            source="Stadtteilhaus Rehmplatz", on=day, at=self.at(day), by=self.by,
        )  # fmt: skip
        attainment.correct(
            goal=goal, record=said, why="Gezählt wurde nur an Markttagen.", only_strike=False, kind=said.kind,
            text="An Markttagen nutzen Junge und Alte den Rehmplatz.", source=said.source, on=day,
            at=self.at(self.ago(5)), by=self.by,
        )  # fmt: skip

    def projects(self, rows: list) -> None:
        """What some projects cost and what pays for them."""
        for title, cost, lines in rows:
            if project := Project.objects.filter(title=title).first():
                funding_actions.set_planned_cost(
                    paid=project, amount=Decimal(cost), basis="Kostenplan des Projekts", by=self.by
                )
                funding.lines_of(lines, project, by=self.by, today=self.today, now=self.now)

    def given_up(self) -> None:
        """A draft that nobody wants any more, with its reason (Z23)."""
        day = self.ago(2)
        plan = plans.save_plan(
            by=self.by, districts=[District.objects.get(slug="forst")], title=FORST, kind="social", area="",
            as_of=first_of_month(day), authors="Quartiersmanagement Forst/Driescher Hof",
        )  # fmt: skip
        discard_draft(
            plan=plan, version=plan.version, by=self.by, at=self.at(day),
            reason="Als sozialer Rahmenplan zu eng: Das Quartierskonzept nimmt Wege und Plätze dazu.",
        )  # fmt: skip

    def draft(self) -> None:
        """A plan that is only being written."""
        plan = plans.save_plan(
            by=self.by, districts=[District.objects.get(slug="forst")], title=FORST, kind="quarter", area="",
            as_of=first_of_month(self.today), authors="Quartiersmanagement Forst/Driescher Hof",
            problems="Viele Ältere leben allein, Busse enden früh, Familien finden kaum Treffpunkte.",
        )  # fmt: skip
        goals = self.goals(plan, [
            ["Im Alter gut versorgt", ["Alter und Generationen", "Gesundheit"], "Hilfe im Alltag fehlt."],
            ["Orte für Familien", ["Kinder, Jugend, Bildung"], ""],
        ])  # fmt: skip
        for number, title in enumerate(["Alltagshilfe im Driescher Hof", "Familiencafé Schönforst"]):
            measures.save_measure(
                plan=plan, by=self.by, goal=goals[number], position=number + 1, title=title, kind="social",
                added_on=self.today, parts=Parts([], [(None, "Begegnungszentrum Stettiner Straße", "carrier")], []),
            )  # fmt: skip
