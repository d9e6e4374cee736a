"""Actors, networks and contacts of the demo city: invented, with gaps and doubles (requirements Q17, G)."""

from datetime import date, datetime, time, timedelta
from itertools import cycle

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone

from districts import starter
from districts.actions import actors as actions
from districts.actions import contacts as contact_actions
from districts.actions import networks as network_actions
from districts.actions.lists import take_starter
from districts.actions.merging import merge_actors
from districts.actions.people import grant_role
from districts.demo import read
from districts.models import ActionField, Actor, ActorType, ContactNote, ContactPerson, District, TargetGroup, User
from districts.roles import Role

ADMIN, PLANNER = "l.winands@stadt.example", "e.steinmetz@stadt.example"
MERGED = ("nachbarost", "nachbarost2")  # kept, merged: two weeks ago
_ENTERED = 20  # months ago, or before the data were checked
_NOTES_OF = (2, 0, 3, 1, 0, 2, 1)  # how many entries of the log, in turn
_DAYS_AGO = (12, 75, 160, 240)  # when one entry after the other was written, longer ago for some


def is_loaded() -> bool:
    """Whether there are actors already."""
    return Actor.objects.exists()


@transaction.atomic
def load(*, now: datetime) -> int:
    """Load the directory beside a demo city that is there; returns the number of actors."""
    for model, names in (
        (ActorType, starter.ACTOR_TYPES),
        (ActionField, starter.ACTION_FIELDS),
        (TargetGroup, starter.TARGET_GROUPS),
    ):
        take_starter(model=model, names=names, by=None)
    loader = _Loader(now)
    loader.actors()
    loader.people()
    loader.networks()
    loader.relations()
    loader.notes()
    loader.carrier_staff()
    kept, merged = (loader.known[key] for key in MERGED)
    merge_actors(kept=kept, merged=merged, by=loader.keeper(kept), at=loader.day(now - timedelta(days=14)))
    return Actor.objects.present().count()


def _first_place(actor: Actor) -> int | None:
    return next((one.pk for one in actor.districts.all()), None)


class _Loader:
    """Enters everything with the application's own actions, each by whoever would have done it."""

    def __init__(self, now: datetime):
        self.now, self.today = now, timezone.localdate(now)
        self.known: dict[str, Actor] = {}
        self.districts = {one.slug: one for one in District.objects.defer("boundary")}
        self.fields = {one.code: one for one in ActionField.objects.all()}
        self.groups = {one.code: one for one in TargetGroup.objects.all()}
        self.types = {one.code: one for one in ActorType.objects.all()}
        self.postcodes = {row["code"]: row["postcode"] for row in read("districts")}
        self.planner = User.objects.get(email=PLANNER)
        managers = User.objects.filter(memberships__role=Role.MANAGER)
        self.managers = {
            membership.district_id: one
            for one in managers.prefetch_related("memberships")
            for membership in one.memberships.all()
        }

    def day(self, moment: datetime) -> datetime:
        """A quarter past ten of that day."""
        return timezone.make_aware(datetime.combine(timezone.localdate(moment), time(10, 15)))

    def ago(self, months: int) -> date:
        """So many months ago."""
        return self.today - relativedelta(months=months)

    def keeper(self, actor: Actor) -> User:
        """Who keeps this entry up: the manager of the first district, Sozialplanung for the whole city."""
        here = list(actor.districts.all())
        return self.managers[here[0].pk] if here else self.planner

    def actors(self) -> None:
        for row in read("actors"):
            places = [self.districts[code] for code in row.get("districts", [])]
            by = self.managers[places[0].pk] if places else self.planner
            checked = row.get("checked", 0)
            entered = self.now - relativedelta(months=max(_ENTERED, checked + 1))
            made = actions.save_actor(
                by=by,
                at=self.day(entered),
                districts=places,
                action_fields=[self.fields[code] for code in row["fields"]],
                target_groups=[self.groups[code] for code in row["groups"]],
                name=row["name"],
                short_name=row.get("short", ""),
                type=self.types[row["type"]],
                carrier_type=row.get("carrier", ""),
                legal_form=row.get("form", ""),
                parent=self.known.get(row.get("parent", "")),
                street=row.get("street", ""),
                postcode=self.postcodes[places[0].slug] if places and "street" in row else "",
                city="Aachen" if "street" in row else "",
                phone=row.get("phone", ""),
                email=row.get("email", ""),
                website=row.get("website", ""),
                languages=row["languages"],
                description=row.get("description", ""),
                status=row.get("status", Actor.Status.ACTIVE),
                source="Bestandsaufnahme im Quartier",
                is_public=row.get("public", False),
            )
            if checked:
                actions.verify_actor(actor=made, by=by, at=self.day(self.now - relativedelta(months=checked)))
            if "ended" in row:
                at = self.day(self.now - relativedelta(months=row["ended"]))
                actions.end_actor(actor=made, ended_on=self.ago(row["ended"]), by=by, at=at)
            self.known[row["key"]] = made

    def people(self) -> None:
        successors: list[tuple[ContactPerson, str, int]] = []
        for row in read("contacts"):
            actor, flags = self.known[row["actor"]], row.get("flags", "")
            made = contact_actions.save_contact(
                actor=actor,
                by=self.keeper(actor),
                at=self.day(self.now - relativedelta(months=_ENTERED)),
                reaches=[self.groups[code] for code in row.get("reaches", [])],
                name=row["name"],
                function=row["function"],
                phone=row.get("phone", ""),
                languages=row["languages"],
                is_key_person="k" in flags,
                is_multiplier="m" in flags,
                is_speaker="s" in flags,
                is_volunteer="v" in flags,
                keeper=self.managers.get(_first_place(actor)) if "k" in flags else None,
                valid_from=self.ago(row["since"]) if "since" in row else None,
                consent_on=self.ago(row["consent"]) if "consent" in row else None,
                private_phone=row.get("private_phone", ""),
                private_note=row.get("private", ""),
            )
            if "ended" in row:
                successors.append((made, row["successor"], row["ended"]))
        for person, name, months in successors:
            follows = ContactPerson.objects.get(name=name, actor=person.actor_id)
            by = self.keeper(person.actor)
            contact_actions.end_contact(person=person, valid_to=self.ago(months), successor=follows, by=by)

    def networks(self) -> None:
        for row in read("networks"):
            places = [self.districts[code] for code in row.get("districts", [])]
            by = self.managers[places[0].pk] if places else self.planner
            network = network_actions.save_network(
                by=by,
                districts=places,
                action_fields=[self.fields[code] for code in row["fields"]],
                target_groups=[self.groups[code] for code in row["groups"]],
                name=row["name"],
                kind=row["kind"],
                status=row.get("status", "active"),
                purpose=row["purpose"],
                coordinator=self.known.get(row.get("coordinator", "")),
                keeper=self.managers[places[0].pk] if places else None,
                rhythm=row.get("rhythm", ""),
                last_met_on=self.ago(row["met"]) if "met" in row else None,
                founded_on=date.fromisoformat(row["founded"]) if "founded" in row else None,
            )
            for key, role, *until in row["members"]:
                network_actions.save_membership(
                    network=network,
                    actor=self.known[key],
                    role=role,
                    valid_from=network.founded_on,
                    valid_to=date.fromisoformat(until[0]) if until else None,
                    by=by,
                )

    def relations(self) -> None:
        for row in read("relations"):
            source = self.known[row["source"]]
            network_actions.save_relation(
                source=source,
                target=self.known[row["target"]],
                kind=row["kind"],
                strength=row["strength"],
                last_active_on=self.ago(row["active"]),
                note=row.get("note", ""),
                by=self.keeper(source),
            )

    def notes(self) -> None:
        """The log: much with some people, nothing for long with others; follow-ups done, due and to come."""
        texts = cycle(read("contact_notes"))
        people = ContactPerson.objects.filter(valid_to=None, actor__districts__isnull=False)
        for turn, person in enumerate(people.order_by("pk").distinct()):
            by = self.keeper(person.actor)
            district = person.actor.districts.all()[0]
            for number in range(_NOTES_OF[turn % len(_NOTES_OF)]):
                text = next(texts)
                on = self.today - timedelta(days=_DAYS_AGO[(turn + number) % len(_DAYS_AGO)] + turn)
                follow_up = self._follow_up(turn + number, on)
                note = contact_actions.save_note(
                    actor=person.actor,
                    person=person,
                    district=district,
                    by=by,
                    at=self.day(self.now - (self.today - on)),
                    on=on,
                    is_confidential=text["topic"].startswith("Konflikt"),
                    follow_up_on=follow_up,
                    **text,
                )
                self._settle(note, follow_up, by)

    def carrier_staff(self) -> None:
        """Those who work for one of the actors and sign in for it."""
        admin = User.objects.get(email=ADMIN)
        for row in read("people"):
            if "actor" in row:
                person, actor = User.objects.get(email=row["email"]), self.known[row["actor"]]
                grant_role(person=person, role=Role(row["role"]), actor=actor, valid_from=self.ago(_ENTERED), by=admin)

    def _follow_up(self, turn: int, on: date) -> date | None:
        if turn % 5 == 0:
            return self.today - timedelta(days=turn % 4)
        if turn % 5 == 2:
            return self.today + timedelta(days=3 + turn % 20)
        return on + timedelta(days=14) if turn % 5 == 3 else None

    def _settle(self, note: ContactNote, follow_up: date | None, by: User) -> None:
        if follow_up and follow_up == note.on + timedelta(days=14) and follow_up < self.today:
            at = self.day(self.now - (self.today - follow_up))
            contact_actions.settle_follow_up(note=note, by=by, at=at)
