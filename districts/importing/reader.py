"""Working out what a list of actors would do, line by line; a fixed number of queries for any number of lines."""

from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils import timezone

from districts.importing import cells
from districts.importing.changes import compare
from districts.importing.columns import read_head
from districts.importing.plan import Line, Plan
from districts.models import ActionField, Actor, ActorType, TargetGroup, User
from districts.querysets.actors import telling_words
from districts.roles import Perm
from quartier.csvfile import read_sheet
from quartier.text import plain

_TEXTS = ("name", "short_name", "legal_form", "street", "postcode", "city", "phone", "description", "source")


def read_actors(content: bytes, *, user: User) -> Plan:
    """What the file would do if this person took it over.

    Raises:
        BadFile: it is no table.
    """
    sheet = read_sheet(content)
    where, unknown, problems = read_head(sheet.head)
    plan = Plan(problems=problems, unknown=unknown)
    if not problems:
        reader = _Reader(user)
        for number, row in sheet.rows:
            plan.lines.append(reader.line(number, cells.texts_of(row, where)))
        compare(plan.lines, user=user)
    return plan


def same_name(name: str) -> str:
    """A name without what tells nothing: legal forms, the order of words, spelling."""
    return " ".join(sorted(plain(word) for word in telling_words(name)))


class _Reader:
    """Knows the lists, the districts and the actors that are there; reads one line after the other."""

    def __init__(self, user: User):
        self.own = None if user.rights.can(Perm.EDIT_ALL_ACTORS) else user.rights.districts(Perm.EDIT_ACTORS)
        self.today = timezone.localdate()
        self.by = user
        self.types = cells.by_name(ActorType.objects.all())
        self.fields = cells.by_name(ActionField.objects.all())
        self.groups = cells.by_name(TargetGroup.objects.all())
        self.districts = cells.districts_by_name(self.today)
        self.languages = cells.languages_by_name()
        self.statuses = {plain(label): code for code, label in Actor.Status.choices if code != Actor.Status.ENDED}
        self.carriers = {plain(label): code for code, label in Actor.CarrierType.choices}
        known = _with_kept_entries()
        self.by_pk = {one.pk: kept for one, kept in known}
        self.by_name: dict[str, Actor] = {}
        self.by_words: dict[str, Actor] = {}
        for one, kept in known:
            self.by_name.setdefault(plain(one.name), kept)
            for name in filter(None, (one.name, one.short_name)):
                self.by_words.setdefault(same_name(name), kept)
        self.seen: dict[str, int] = {}

    def line(self, number: int, texts: dict[str, str]) -> Line:
        """One line, checked. Of an actor that is there a cell that cannot be read leaves the line without effect."""
        line = Line(number, texts["name"])
        self._identify(line, texts)
        if line.known:
            read = Line(number, line.name, known=line.known)
            self._cells(read, texts)
            self._own_districts(read)
            if not read.errors and plain(line.name) == plain(line.known.name):
                read.errors, read.given = line.errors, {name for name, text in texts.items() if text}
                return read
            return line
        self._cells(line, texts)
        self._own_districts(line)
        return line

    def _own_districts(self, line: Line) -> None:
        """A team neither enters an actor for others alone nor moves one out of its hands, as in the form."""
        if self.own is not None and line.districts and not any(one.pk in self.own for one in line.districts):
            line.errors.append("Keines der Quartiere gehört zu Ihrem Team.")

    def _cells(self, line: Line, texts: dict[str, str]) -> None:
        self._texts(line, texts)
        self._choices(line, texts)
        line.districts = cells.several_of(line, texts.get("districts", ""), self.districts, "Das Quartier")
        line.action_fields = cells.several_of(line, texts.get("action_fields", ""), self.fields, "Das Handlungsfeld")
        line.target_groups = cells.several_of(line, texts.get("target_groups", ""), self.groups, "Die Zielgruppe")
        languages = cells.several_of(line, texts.get("languages", ""), self.languages, "Die Sprache")
        line.values["languages"] = languages

    def _identify(self, line: Line, texts: dict[str, str]) -> None:
        """Whether the actor is there already, may be, or stands in the file twice."""
        number = texts.get("number", "")
        numbered = self.by_pk.get(int(number)) if number.isascii() and number.isdigit() and len(number) < 19 else None
        name = plain(line.name)
        line.known = self.by_name.get(name)
        if not name:
            line.errors.append("Der Name fehlt.")
        elif name in self.seen:
            line.errors.append(f"Steht schon in Zeile {self.seen[name]}.")
        self.seen.setdefault(name, line.number)
        words = same_name(line.name)
        # A list of somebody else counts its own lines: a number alone does not make two names the same.
        line.alike = numbered or (self.by_words.get(words) if words else None)

    def _texts(self, line: Line, texts: dict[str, str]) -> None:
        for name in _TEXTS:
            text = texts.get(name, "")
            field = Actor._meta.get_field(name)
            if len(text) > field.max_length:
                line.errors.append(f"{field.verbose_name}: höchstens {field.max_length} Zeichen.")
            line.values[name] = text
        line.values["email"] = self._checked(line, texts.get("email", ""), validate_email, "E-Mail")
        website = texts.get("website", "")
        website = f"https://{website}" if website and "://" not in website else website
        line.values["website"] = self._checked(line, website, URLValidator(["http", "https"]), "Internetseite")

    def _checked(self, line: Line, text: str, validate, what: str) -> str:
        try:
            if text:
                validate(text)
        except ValidationError:
            line.errors.append(f"{what}: „{text[:60]}“ ist keine gültige Adresse.")
        return text

    def _choices(self, line: Line, texts: dict[str, str]) -> None:
        kind = texts["type"]
        line.values["type"] = self.types.get(plain(kind))
        if line.values["type"] is None and (kind or not line.known):
            line.errors.append(f"Die Art „{kind[:60]}“ gibt es nicht." if kind else "Die Art fehlt.")
        line.values["carrier_type"] = cells.one_of(line, texts.get("carrier_type", ""), self.carriers, "Den Trägertyp")
        status = cells.one_of(line, texts.get("status", ""), self.statuses, "Den Stand")
        line.values["status"] = status or Actor.Status.ACTIVE
        line.values["parent"] = cells.one_of(line, texts.get("parent", ""), self.by_name, "Den Träger") or None
        line.values["is_public"] = cells.yes_or_no(line, texts.get("is_public", ""), "Öffentlich")
        day = self._day(line, texts.get("verified_on", ""))
        line.values |= {"verified_on": day, "verified_by": self.by if day else None}

    def _day(self, line: Line, text: str) -> date | None:
        return cells.past_day(line, text, "Geprüft am", today=self.today)


def _with_kept_entries() -> list[tuple[Actor, Actor]]:
    """Every actor with the entry it stands for: itself, or the one it was merged into. The present ones come first."""
    found = list(Actor.objects.only("pk", "name", "short_name", "merged_into_id").order_by("pk"))
    by_pk = {one.pk: one for one in found}

    def kept(one: Actor) -> Actor:
        while one.merged_into_id:
            one = by_pk[one.merged_into_id]
        return one

    return sorted(((one, kept(one)) for one in found), key=lambda pair: pair[0].merged_into_id is not None)
