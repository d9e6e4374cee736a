"""Projects, events and phases of the demo city: eighteen months of them, played with the real actions (Q17, G)."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from concerns.actions.closing import close
from concerns.actions.feedback import record_feedback
from concerns.actions.intake import ConcernData, ReporterData, log_concern
from concerns.actions.triage import record_answer
from concerns.models import Concern, Topic
from districts import starter
from districts.actions import groups as group_actions
from districts.actions.lists import take_starter
from districts.demo import read as read_city
from districts.models import (
    ActionField,
    Actor,
    Department,
    District,
    EventFormat,
    Programme,
    ResidentGroup,
    TargetGroup,
    User,
)
from projects.actions import effects, events, phases, projects, tasks
from projects.models import AgendaItem, Event, Project
from projects.workflow import ItemKind
from quartier.photos import prepare

from . import read
from .drawings import meadow

_PATHS = {
    "idea": (),
    "concept": ("concept",),
    "funding": ("concept", "funding"),
    "preparation": ("concept", "preparation"),
    "running": ("concept", "preparation", "running"),
    "completed": ("concept", "preparation", "running", "completed"),
    "continued": ("concept", "preparation", "running", "continued"),
    "dropped": ("concept", "dropped"),
}
_NOTES = {
    "holds": "Vor Ort angesehen: läuft weiter.",
    "partly": "Es läuft weiter, aber mit weniger Menschen als am Anfang.",
    "failed": "Niemand hat die Abende fortgesetzt; die Technik liegt im Keller.",
}
_RAISED = (
    ("Container am Ende der Straße laufen über", "abfallbehaelter"),
    ("Bank vor dem Mieterbüro ist zerbrochen", "ruhebank"),
    ("Am Zebrastreifen wird zu schnell gefahren", "querung"),
    ("Mehr Schatten auf dem Spielplatz", "gruenpflege"),
)
_IDEAS = {
    "beet": ("Auf dem Moscheeplatz etwas pflanzen, das man essen kann", 440, "begruenung"),
    "laden": ("In den leeren Läden könnten doch Vereine sein", 310, "leerstand"),
    "weg": ("Ein Weg in den Wald, den man mit dem Rollator schafft", 300, "barrierefreiheit"),
    "licht": ("Die Unterführung ist dunkel, könnte man sie nicht bunt beleuchten?", 130, "beleuchtung"),
    "spielhof": ("Die Kinder auf dem Kronenberg haben keinen Platz zum Spielen", 360, "spielplatz"),
}  # what somebody said, how many days ago (before the project begins), about what


def is_loaded() -> bool:
    """Whether there are projects already."""
    return Project.objects.exists()


@transaction.atomic
def load(*, now: datetime) -> tuple[int, int]:
    """Load them beside a demo city that has its directory and bodies; returns how many projects and events."""
    take_starter(model=EventFormat, names=starter.EVENT_FORMATS, by=None)
    stage = _Stage(now)
    made = {row["key"]: stage.project(row) for row in read("projects")}
    for row in read("events"):
        stage.series(row, made.get(row.get("project", "")))
    stage.groups(read("groups"))
    return Project.objects.count(), Event.objects.count()


class _Stage:
    """Everything played by whoever would have done it, on the day it would have happened."""

    def __init__(self, now: datetime):
        self.now, self.today = now, timezone.localdate(now)
        names = {row["key"]: row["name"] for row in read_city("actors")}
        actors = {one.name: one for one in Actor.objects.all()}
        self.actors = {key: actors[name] for key, name in names.items() if name in actors}
        self.people = {one.email.partition("@")[0]: one for one in User.objects.all()}
        self.districts = {one.slug: one for one in District.objects.defer("boundary")}
        self.departments = {one.code: one for one in Department.objects.valid_on(self.today)}
        self.lists = {
            model: {one.code: one for one in model.objects.all()}
            for model in (ActionField, TargetGroup, EventFormat, Programme)
        }

    def day(self, ago: int) -> date:
        """The day so many days before today."""
        return self.today - timedelta(days=ago)

    def at(self, day: date, hour: int = 10) -> datetime:
        """A moment of a day, never one to come."""
        return min(timezone.make_aware(datetime.combine(day, time(hour, 20))), self.now)

    def _entries(self, model, codes) -> list:
        return [self.lists[model][code] for code in codes if code in self.lists[model]]

    def _topic(self, code: str) -> Topic:
        plain = Topic.objects.in_use().filter(is_sensitive=False, parent__is_sensitive=False)
        return plain.filter(code__startswith=code).first() or plain.order_by("pk").first()

    # --- Projects ----------------------------------------------------------------------------------------------------

    def project(self, row: dict) -> Project:
        """One project from its first day until today."""
        by, begun = self.people[row["by"]], self.day(row["age"])
        concern = self._idea(row, by) if row.get("from_concern") else None
        made = projects.save_project(
            by=by, at=self.at(begun), districts=[self.districts[code] for code in row["districts"]],
            action_fields=self._entries(ActionField, row["fields"]),
            target_groups=self._entries(TargetGroup, row["groups"]), concern=concern, decision=self._decision(row),
            title=row["title"], motto=row.get("motto", ""), description=row["text"], goals=row["goals"],
            origin=row["origin"], part=row["part"], lead=self.actors.get(row.get("lead", "")), keeper=by,
            programme=self.lists[Programme].get(row.get("programme", "")), qualities=row.get("qualities", []),
            phase=row.get("phase"), starts_on=begun + timedelta(days=30), is_public=row.get("public", False),
            **self._participation(row),
        )  # fmt: skip
        for partner in row.get("partners", []):
            self._partner(made, partner, by)
        self._course(made, row, by)
        self._steps(made, row, by)
        self._look_again(made, row, by)
        return Project.objects.get(pk=made.pk)

    def _participation(self, row: dict) -> dict:
        if "participation" not in row:
            return {}
        degree, open_points, fixed, decides = row["participation"]
        days = row.get("report")
        return {
            "participation": degree, "open_points": open_points, "fixed_points": fixed, "decided_by": decides,
            "report_on": None if days is None else self.today + timedelta(days=days),
        }  # fmt: skip

    def _idea(self, row: dict, by: User) -> Concern:
        """What somebody said in the office; answered as a project idea before the project ended."""
        title, ago, code = _IDEAS[row["key"]]
        day = self.day(ago)
        data = ConcernData(
            title=title, text=f"{title}. Ich würde auch mitmachen.", topic=self._topic(code),
            kind=Concern.Kind.IDEA, district=self.districts[row["districts"][0]], received_on=day,
            channel=Concern.Channel.OFFICE_HOURS,
        )  # fmt: skip
        reporter = ReporterData(kind="resident", channel="notice")
        concern = log_concern(by=by, data=data, reporters=[reporter], at=self.at(day, 9))
        told = day + timedelta(days=6)
        text = "Wir haben daraus eine Projektidee gemacht und suchen Menschen, die mitmachen."
        record_answer(concern=concern, outcome="became_project", answer_text=text, by=by, at=self.at(told))
        record_feedback(
            reporter=concern.reporters.get(), kind="final", channel="notice", text=text, result="displayed", by=by,
            at=self.at(told, 11),
        )  # fmt: skip
        return close(
            concern=Concern.objects.get(pk=concern.pk), outcome="became_project", answer_text=text, by=by,
            at=self.at(told, 12),
        )  # fmt: skip

    def _decision(self, row: dict) -> AgendaItem | None:
        """The last decision of the district's conference before the project began."""
        if not row.get("decision"):
            return None
        items = AgendaItem.objects.filter(
            kind=ItemKind.DECISION, session__body__districts=self.districts[row["districts"][0]],
            session__body__kind="district_conference", session__on__lte=self.day(row["age"]),
        )  # fmt: skip
        return items.exclude(session__status="cancelled").order_by("-session__on", "pk").first()

    def _partner(self, made: Project, partner: list, by: User) -> None:
        key, role, text, *shared = partner
        who = {"actor": self.actors[key]} if key in self.actors else {"department": self.departments.get(key)}
        if any(who.values()):
            projects.save_partner(project=made, by=by, role=role, note=text, is_shared=bool(shared), **who)

    def _course(self, made: Project, row: dict, by: User) -> None:
        """Milestones that have passed are done; tasks lie ahead, some are late."""
        for title, days in row.get("stones", []):
            due = self.today + timedelta(days=days)
            stone = tasks.save_task(subject=made, by=by, kind="milestone", title=title, due_on=due, owner=by)
            if days < 0:
                tasks.settle_task(task=stone, by=by, on=due, at=self.at(due, 15))
        for title, days, who in row.get("tasks", []):
            due = self.today + timedelta(days=days)
            tasks.save_task(subject=made, by=by, kind="task", title=title, due_on=due, responsible=who, owner=by)

    def _steps(self, made: Project, row: dict, by: User) -> None:
        path = _PATHS[row["status"]]
        for number, to in enumerate(path, 1):
            ago = row["age"] - (row["age"] - row["since"]) * number // len(path)
            fields = self._end(row) if number == len(path) and to in ("completed", "continued", "dropped") else {}
            day = self.day(ago)
            projects.move_project(project=made, to=to, by=by, on=day, at=self.at(day, 14), **fields)

    def _end(self, row: dict) -> dict:
        if row["status"] == "dropped":
            return {"drop_reason": row["drop_reason"], "drop_text": row["drop_text"]}
        return {
            "results": row.get("results", ""), "lessons": row.get("lessons", ""), "news": row.get("news", ""),
            "participants": row.get("participants"), "is_estimate": row.get("estimate", False),
            "continued_by": row.get("continued_by", ""), "outlook": row.get("outlook", ""),
        }  # fmt: skip

    def _look_again(self, made: Project, row: dict, by: User) -> None:
        for check, answer in zip(made.checks.order_by("due_on"), row.get("checks", []), strict=False):
            if check.due_on <= self.today:
                on = min(check.due_on + timedelta(days=2), self.today)
                effects.answer_check(check=check, answer=answer, note_text=_NOTES[answer], by=by, at=self.at(on, 11))

    # --- Events ------------------------------------------------------------------------------------------------------

    def series(self, row: dict, of: Project | None) -> None:
        """An event, or one that comes again and again, past and to come."""
        for turn in range(row["count"]):
            on = self.today + timedelta(days=row["first"] + row["every"] * turn)
            self._event(row, of, turn, on)

    def _event(self, row: dict, of: Project | None, turn: int, on: date) -> None:
        by, street = self.people[row["by"]], row.get("streets", [""])
        planned = self.at(min(on, self.today) - timedelta(days=21), 11)
        event = events.save_event(
            by=by, at=planned, title=row["title"].format(street=street[turn % len(street)]),
            format=self.lists[EventFormat][row["format"]], district=self.districts[row["district"]], project=of, on=on,
            starts=time.fromisoformat(row["time"][0]), ends=time.fromisoformat(row["time"][1]), place=row["place"],
            description=row["text"], invited_via=row["via"], phase=row.get("phase"), keeper=by,
            repeats_yearly=row.get("yearly", False), is_public=row.get("public", False),
            organisers=[self.actors[key] for key in row["with"]],
            target_groups=self._entries(TargetGroup, row["groups"]), **self._participation(row),
        )  # fmt: skip
        if "cancelled" in row:
            events.cancel_event(event=event, reason=row["cancelled"], by=by, at=self.at(self.day(2)))
        if on < self.today and not row.get("unreported"):
            self._report(row, event, turn, by)

    def _report(self, row: dict, event: Event, turn: int, by: User) -> None:
        people, new = row["people"], row["new"]
        at = self.at(min(event.on + timedelta(days=1), self.today))
        event = events.report_event(
            event=event, by=by, at=at, participants=people[turn % len(people)], is_estimate=people[0] > 40,
            groups="", helpers=row.get("helpers", 3 + turn % 4), new_contacts=new[turn % len(new)],
            costs=Decimal(row.get("costs", "0")), paid_by="Sachmittel des Stadtteilbüros", evaluation=row["note"],
        )  # fmt: skip
        if row.get("photo") and turn < 2:
            self._photo(event, turn, by, at)
        for title, code in _RAISED[: row.get("concerns", 0)]:
            self._raise(event, title, code, by)
        if row.get("yearly") and self.today - event.on > timedelta(days=180):
            events.plan_next(event=event, by=by, at=self.at(self.day(30)))

    def _photo(self, event: Event, turn: int, by: User, at: datetime) -> None:
        consent, caption = ("nobody", "Gedeckte Tische") if turn else ("given", "Menschen beim Pflanzen und Reden")
        events.add_photo(
            event=event, photo=prepare(meadow(event.pk), "foto.jpg"), caption=f"{caption}: {event.title}"[:200],
            consent=consent, by=by, at=at,
        )  # fmt: skip

    def _raise(self, event: Event, title: str, code: str, by: User) -> None:
        """A concern raised at the event, answered by the team itself long ago."""
        topic = self._topic(code)
        data = ConcernData(
            title=title, text=f"{title}.", topic=topic, district=event.district, received_on=event.on,
            channel=Concern.Channel.EVENT, occasion=event.occasion,
        )  # fmt: skip
        reporter = ReporterData(kind="anonymous", channel="notice")
        concern = log_concern(by=by, data=data, reporters=[reporter], at=self.at(event.on, 16))
        day, text = event.on + timedelta(days=8), "Danke für den Hinweis. Wir haben ihn an die richtige Stelle gegeben."
        record_answer(concern=concern, outcome="informed", answer_text=text, by=by, at=self.at(day))
        for one in concern.reporters.exclude(feedback_state__in=["impossible", "not_wanted"]):
            record_feedback(
                reporter=one, kind="final", channel="notice", text=text, result="displayed", by=by, at=self.at(day, 11)
            )
        close(
            concern=Concern.objects.get(pk=concern.pk), outcome="informed", answer_text=text, by=by,
            at=self.at(day, 12),
        )  # fmt: skip

    # --- Phases ------------------------------------------------------------------------------------------------------

    def groups(self, data: dict) -> None:
        """Resident groups with the phases they went through, and how the teams see their quarters."""
        for row in data["groups"]:
            self._group(row)
        for row in data["districts"]:
            by = self.people[row["by"]]
            for phase, ago, evidence in row["phases"]:
                phases.assess_district(
                    district=self.districts[row["district"]], phase=phase, on=self.day(ago), evidence=evidence,
                    assessor="Team des Stadtteilbüros", by=by, at=self.at(self.day(ago)),
                )  # fmt: skip

    def _group(self, row: dict) -> None:
        actor = self.actors[row["actor"]]
        district = actor.districts.first()
        by = User.objects.managers_of(district.pk, on=self.today).first() or self.people["e.steinmetz"]
        first = row["history"][0]
        fields = {
            "topic": row["topic"], "form": row["form"], "members": row["members"], "support": row["support"],
            "support_hours": Decimal(row["hours"]), "needs": row.get("needs", ""), "overload": row.get("overload", ""),
        }  # fmt: skip
        group = group_actions.save_group(
            actor=actor, by=by, at=self.at(self.day(first[1])), phase=first[0], moderation=self._moderation(row, 0),
            founded_on=self.day(row["founded"]), **fields,
        )  # fmt: skip
        for number, (phase, ago, evidence) in enumerate(row["history"][1:], 1):
            group = ResidentGroup.objects.get(pk=group.pk)
            fields["moderation"] = self._moderation(row, number)
            at = self.at(self.day(ago))
            group_actions.save_group(
                actor=actor, by=by, at=at, version=group.version, founded_on=group.founded_on, **fields
            )
            group_actions.change_phase(group=group, phase=phase, since=self.day(ago), evidence=evidence, by=by, at=at)
        if "now" in row:
            group = ResidentGroup.objects.get(pk=group.pk)
            fields["moderation"] = row["now"]
            group_actions.save_group(
                actor=actor, by=by, version=group.version, founded_on=group.founded_on, at=self.now, **fields
            )

    def _moderation(self, row: dict, number: int) -> str:
        last = number == len(row["history"]) - 1
        return row["moderation"] if last else ResidentGroup.Moderation.QM
