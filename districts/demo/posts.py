"""Assignments, posts, terms, tasks and structures of the demo city (requirements Q17, appendix G).

Until 2019 everything is as the city's concept and its web page say; what they leave open (shares of the single posts,
who filled them, what came later) is invented.
"""

from datetime import date, datetime, time
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone

from districts import starter
from districts.actions import actors as actor_actions
from districts.actions import assignments as actions
from districts.actions import posts as post_actions
from districts.actions import structure as structure_actions
from districts.actions import tasks as task_actions
from districts.actions.lists import take_starter
from districts.demo import read
from districts.demo.directory import PLANNER
from districts.models import (
    ActionField,
    Actor,
    ActorType,
    Assignment,
    District,
    DistrictClassification,
    Programme,
    TargetGroup,
    TaskDuty,
    User,
)
from districts.organising import DESCRIPTIONS, Area, Model
from districts.tasks import BY_CODE, TASKS

BASIS = "Sozialentwicklungsplan der Stadt"
_NOT_NEEDED = ("TB02", "TB03", "TE10", "TH12")  # in general Quartiersmanagement, besides everything of group C and D
_SETTLED = 9  # of the doubled tasks of the tandem


def is_loaded() -> bool:
    """Whether there are assignments already."""
    return Assignment.objects.exists()


@transaction.atomic
def load(*, now: datetime) -> int:
    """Load assignments beside a demo city with its directory; returns their number."""
    take_starter(model=Programme, names=starter.PROGRAMMES, by=None)
    loader = _Loader(now)
    loader.carriers()
    loader.classifications()
    for row in read("assignments"):
        loader.assignment(row)
    loader.structures()
    return Assignment.objects.count()


class _Loader:
    """Enters everything with the application's own actions, as the Sozialplanung would have done it."""

    def __init__(self, now: datetime):
        self.now, self.today = now, timezone.localdate(now)
        self.districts = {one.slug: one for one in District.objects.defer("boundary")}
        self.programmes = {one.code: one for one in Programme.objects.all()}
        names = {row["key"]: row["name"] for row in read("actors")}
        actors = {one.name: one for one in Actor.objects.present()}
        self.actors = {key: actors[name] for key, name in names.items() if name in actors}
        self.types = {one.code: one for one in ActorType.objects.all()}
        self.people = {one.email.partition("@")[0]: one for one in User.objects.all()}
        self.planner = User.objects.get(email=PLANNER)
        self.known: dict[str, Assignment] = {}

    def first(self, text: str | None) -> date | None:
        """A day; „+2“ is the first of the month in two months, nothing is no day."""
        return (self.today + relativedelta(months=int(text), day=1)) if _is_relative(text) else _date(text)

    def last(self, text: str | None) -> date | None:
        """A day; „+2“ is the last day of the month in two months."""
        return (self.today + relativedelta(months=int(text), day=31)) if _is_relative(text) else _date(text)

    def on(self, text: str | None) -> date:
        """A day; „-2“ is today two months ago, nothing is three years ago."""
        text = text or "-36"
        return (self.today + relativedelta(months=int(text))) if _is_relative(text) else _date(text)

    def at(self, day: date) -> datetime:
        """A quarter past ten of that day."""
        return timezone.make_aware(datetime.combine(day, time(10, 15)))

    def carriers(self) -> None:
        """The city itself and two carriers that only appear here; an older demo city gets them too."""
        for row in read("carriers"):
            self.actors[row["key"]] = actor_actions.save_actor(
                by=self.planner,
                at=self.at(self.on("-1")),
                districts=[self.districts[code] for code in row.get("districts", [])],
                action_fields=ActionField.objects.filter(code__in=row["fields"]),
                target_groups=TargetGroup.objects.filter(code__in=row["groups"]),
                name=row["name"],
                short_name=row["short"],
                type=self.types[row["type"]],
                carrier_type=row["carrier"],
                legal_form=row.get("form", ""),
                phone=row["phone"],
                email=row["email"],
                languages=row["languages"],
                description=row["description"],
                source="Vertrag mit der Stadt",
                is_public=row.get("public", False),
                verified=True,
            )

    def classifications(self) -> None:
        for row in read("districts"):
            if row["challenged"] or row["code"] == "kullen":
                kinds = DistrictClassification.Kind
                structure_actions.save_classification(
                    district=self.districts[row["code"]],
                    kind=kinds.CHALLENGED if row["challenged"] else kinds.NEED,
                    basis=BASIS,
                    valid_from=None,
                    valid_to=None,
                    by=self.planner,
                )

    def assignment(self, row: dict) -> None:
        granted = self.on(row.get("granted"))
        known = {"by": self.planner, "at": self.at(granted)}
        made = actions.enter_assignment(
            districts=[self.districts[code] for code in row["districts"]],
            carrier=self.actors[row["carrier"]],
            starts_on=self.first(row.get("start")),
            ends_on=None,
            name=row["name"],
            type=row["type"],
            theme=row.get("theme", ""),
            programme=self.programmes[row["programme"]],
            decision_reference=row.get("reference", ""),
            strategy_note=row.get("fit", ""),
            predecessor=self.known.get(row.get("predecessor", "")),
            **known,
        )
        self.known[row["key"]] = made
        for key, role in row.get("others", []):
            dates = {"valid_from": made.starts_on, "valid_to": None}
            actions.save_carrier(assignment=made, actor=self.actors[key], role=role, **dates, **known)
        if "end" in row:
            self._term(made, "granted", row["end"], row.get("granted"), row.get("reference", ""))
        self._model(made, row, known)
        for status in [one for one in row["steps"] if one not in ("expired", "continued")]:
            actions.move_assignment(assignment=made, status=status, **known)
        self._posts(made, row, known)
        for reason, end, on in row.get("terms", []):
            self._term(made, reason, end, on, "")
        for choice, on, reason in row.get("decisions", []):
            day = _date(on)
            actions.decide(assignment=made, choice=choice, reason=reason, on=day, by=self.planner, at=self.at(day))
        made.refresh_from_db()
        for status in [one for one in row["steps"] if one in ("expired", "continued")]:
            last = made.ends_on or self.on("-48")
            actions.move_assignment(assignment=made, status=status, by=self.planner, at=self.at(last))
        self._tasks(made, row.get("tasks", ""))

    def _term(self, made: Assignment, reason: str, end: str | None, on: str | None, reference: str) -> None:
        day = self.on(on)
        actions.change_term(
            assignment=made, reason=reason, ends_on=self.last(end), on=day, reference=reference, by=self.planner,
            at=self.at(day),
        )  # fmt: skip

    def _model(self, made: Assignment, row: dict, known: dict) -> None:
        if "model" not in row:
            return
        keys = row.get("areas") or [row["carrier"]] * 3
        fields = {f"{area.value}_actor": self.actors[key] for area, key in zip(Area, keys, strict=True)}
        is_qm = DESCRIPTIONS[Model(row["model"])].is_qm
        fields |= {f"{area.value}_is_qm": area in is_qm for area in Area}
        made.refresh_from_db()
        actions.set_model(assignment=made, version=made.version, model=row["model"], **fields, **known)

    def _posts(self, made: Assignment, row: dict, known: dict) -> None:
        for post in row.get("posts", []):
            (first, *more) = [(_decimal(share), *(self._span(dates))) for share, *dates in post["shares"]]
            stored = post_actions.add_post(
                assignment=made,
                name=post["name"],
                district=self.districts.get(post.get("district", "")),
                **dict(zip(("share", "valid_from", "valid_to"), first, strict=True)),
                **known,
            )
            for share, valid_from, valid_to in more:
                post_actions.set_share(post=stored, share=share, valid_from=valid_from, valid_to=valid_to, **known)
            for who, share, role, *dates in post.get("staff", []):
                valid_from, valid_to = self._span(dates)
                person = self.people.get(who)
                post_actions.save_staffing(
                    post=stored,
                    person=person,
                    name="" if person else who,
                    role=role,
                    share=_decimal(share),
                    valid_from=valid_from,
                    valid_to=valid_to,
                    **known,
                )

    def _span(self, dates: list[str]) -> tuple[date | None, date | None]:
        begin, end = (*dates, "", "")[:2]
        return self.first(begin), self.last(end)

    def _tasks(self, made: Assignment, how: str) -> None:
        """Proposed by the model; then agreed in part, or with doubles that are only partly settled."""
        if not how:
            return
        made = Assignment.objects.select_related("steering_actor", "planning_actor", "community_actor").get(pk=made.pk)
        task_actions.propose_tasks(assignment=made, by=self.planner, at=self.at(self.on("-30")))
        known = {one.task: one for one in made.agreements.prefetch_related("duties__actor")}
        if how == "agreed":
            for task in TASKS:
                needed = task.group not in "CD" and task.code not in _NOT_NEEDED
                self._agree(made, known.get(task.code), task.code, needed)
        if how == "doubled":
            doubled = [one for one in known.values() if _answering(one) > 1]
            for one in doubled[:_SETTLED]:
                self._agree(made, one, one.task, True)

    def _agree(self, made: Assignment, agreement, code: str, needed: bool) -> None:
        duties = list(agreement.duties.all()) if agreement else []
        parts = [(one.actor, one.part if n == 0 else TaskDuty.Part.PARTICIPATING) for n, one in enumerate(duties)]
        if code == "TA16":  # the feedback loop itself: the people do it, not only the authority
            parts.append((self.people["a.yilmaz"], TaskDuty.Part.PARTICIPATING))
        note = "Weiterleiten und Rückmelden nach dem Konzept" if code == "TA16" else ""
        task_actions.agree_task(
            assignment=made,
            task=BY_CODE[code].code,
            is_needed=needed,
            parts=parts,
            note=note if needed else "Liegt bei anderen Fachbereichen.",
            agreed_on=self.on("-26"),
            version=agreement.version if agreement else 0,
            by=self.planner,
            at=self.at(self.on("-26")),
        )

    def structures(self) -> None:
        deputy = self.people["l.winands"]
        for row in read("structures"):
            structure_actions.save_structure(
                district=self.districts[row["district"]],
                version=0,
                coordinator=self.planner,
                deputy=deputy if row["deputy"] else None,
                political=row["political"],
                administrative=row["administrative"],
                escalation=row["escalation"],
                by=self.planner,
            )


def _answering(agreement) -> int:
    return sum(one.part == TaskDuty.Part.RESPONSIBLE for one in agreement.duties.all())


def _is_relative(text: str | None) -> bool:
    return bool(text) and text[0] in "+-"


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _decimal(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None
