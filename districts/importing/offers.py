"""Working out what a list of offers would do, line by line; a fixed number of queries for any number of lines (Q09)."""

from django.utils import timezone

from districts.importing import cells
from districts.importing.columns import OFFER_COLUMNS, read_head
from districts.importing.plan import Line, Plan
from districts.models import ActionField, Actor, Offer, OfferKind, TargetGroup, User
from districts.roles import Perm
from quartier.csvfile import read_sheet
from quartier.text import plain

_TEXTS = ("title", "place", "times", "cost", "phone", "description", "funded_by")
_NEEDED = ("title", "provider", "kind", "action_fields", "target_groups")


def read_offers(content: bytes, *, user: User) -> Plan:
    """What the file would do if this person took it over.

    Raises:
        BadFile: it is no table.
    """
    sheet = read_sheet(content)
    where, unknown, problems = read_head(sheet.head, OFFER_COLUMNS, _NEEDED)
    plan = Plan(problems=problems, unknown=unknown)
    if not problems:
        reader = _Reader(user)
        for number, row in sheet.rows:
            plan.lines.append(reader.line(number, cells.texts_of(row, where)))
    return plan


class _Reader:
    """Knows the lists, districts, actors and offers that are there; reads one line after the other."""

    def __init__(self, user: User):
        self.own = None if user.rights.can(Perm.EDIT_ALL_ACTORS) else user.rights.districts(Perm.EDIT_ACTORS)
        self.by, self.today = user, timezone.localdate()
        self.kinds = cells.by_name(OfferKind.objects.all())
        self.fields = cells.by_name(ActionField.objects.all())
        self.groups = cells.by_name(TargetGroup.objects.all())
        self.districts = cells.districts_by_name(self.today)
        self.languages = cells.languages_by_name()
        self.statuses = {plain(label): code for code, label in Offer.Status.choices if code != Offer.Status.ENDED}
        self.access = {plain(label): code for code, label in Offer.Access.choices}
        self.registrations = {plain(label): code for code, label in Offer.Registration.choices}
        self.registrations |= {"ja": Offer.Registration.NEEDED, "nein": Offer.Registration.NONE}
        self.actors: dict[str, list[Actor]] = {}
        for one in Actor.objects.visible_to(user).only("pk", "name", "short_name"):
            for name in {plain(one.name), plain(one.short_name)} - {""}:
                self.actors.setdefault(name, []).append(one)
        offers = Offer.objects.only("pk", "title", "provider_id")
        self.known = {(one.provider_id, plain(one.title)): one for one in offers}
        self.seen: dict[tuple[int, str], int] = {}

    def line(self, number: int, texts: dict[str, str]) -> Line:
        """One line, checked."""
        line = Line(number, texts["title"])
        provider = self._provider(line, texts["provider"])
        if not plain(line.name):
            line.errors.append("Der Name des Angebots fehlt.")
        elif provider and self._is_known(line, provider):
            return line
        self._texts(line, texts)
        self._choices(line, texts)
        self._numbers(line, texts)
        line.districts = cells.several_of(line, texts.get("districts", ""), self.districts, "Das Quartier")
        line.action_fields = cells.several_of(line, texts["action_fields"], self.fields, "Das Handlungsfeld")
        line.target_groups = cells.several_of(line, texts["target_groups"], self.groups, "Die Zielgruppe")
        if not texts["action_fields"] or not texts["target_groups"]:
            line.errors.append("Handlungsfeld und Zielgruppe werden gebraucht.")
        if self.own is not None and line.districts and not any(one.pk in self.own for one in line.districts):
            line.errors.append("Keines der Quartiere gehört zu Ihrem Team.")
        return line

    def _provider(self, line: Line, text: str) -> Actor | None:
        found = self.actors.get(plain(text), [])
        if len(found) == 1:
            line.values["provider"] = found[0]
            return found[0]
        if not text:
            line.errors.append("Der Anbieter fehlt.")
        elif found:
            line.errors.append(f"Mehrere Akteure heißen „{text[:60]}“.")
        else:
            line.errors.append(f"Den Anbieter „{text[:60]}“ gibt es nicht. Bitte zuerst als Akteur eintragen.")
        return None

    def _is_known(self, line: Line, provider: Actor) -> bool:
        """Whether this provider has an offer of this name already; twice in the file is a fault."""
        key = (provider.pk, plain(line.name))
        line.known = self.known.get(key)
        if key in self.seen:
            line.errors.append(f"Steht schon in Zeile {self.seen[key]}.")
        self.seen.setdefault(key, line.number)
        return line.known is not None

    def _texts(self, line: Line, texts: dict[str, str]) -> None:
        for name in _TEXTS:
            text, field = texts.get(name, ""), Offer._meta.get_field(name)
            if len(text) > field.max_length:
                line.errors.append(f"{field.verbose_name}: höchstens {field.max_length} Zeichen.")
            line.values[name] = text

    def _choices(self, line: Line, texts: dict[str, str]) -> None:
        kind = texts["kind"]
        line.values["kind"] = self.kinds.get(plain(kind))
        if line.values["kind"] is None:
            line.errors.append(f"Die Art „{kind[:60]}“ gibt es nicht." if kind else "Die Art fehlt.")
        for name, known, what in (
            ("status", self.statuses, "Den Stand"),
            ("barrier_free", self.access, "Barrierefrei: die Angabe"),
            ("registration", self.registrations, "Anmeldung: die Angabe"),
        ):
            line.values[name] = cells.one_of(line, texts.get(name, ""), known, what)
        line.values["status"] = line.values["status"] or Offer.Status.ACTIVE
        languages = cells.several_of(line, texts.get("languages", ""), self.languages, "Die Sprache")
        line.values["languages"] = languages
        line.values["is_public"] = cells.yes_or_no(line, texts.get("is_public", ""), "Öffentlich")
        line.values["is_free"] = cells.yes_or_no(line, texts.get("is_free", ""), "Kostenlos")
        if line.values["is_free"] and line.values["cost"]:
            line.errors.append("Kostenlos und Kosten schließen sich aus.")

    def _numbers(self, line: Line, texts: dict[str, str]) -> None:
        values = line.values
        for name, what in (("age_from", "Alter ab"), ("age_to", "Alter bis")):
            values[name] = cells.whole_number(line, texts.get(name, ""), what, least=0, most=120)
        values["capacity"] = cells.whole_number(line, texts.get("capacity", ""), "Plätze", least=1, most=9999)
        for name, what in (("funded_until", "Förderung bis"), ("starts_on", "Beginnt am"), ("ends_on", "Läuft bis")):
            values[name] = cells.a_day(line, texts.get(name, ""), what)
        day = cells.past_day(line, texts.get("verified_on", ""), "Geprüft am", today=self.today)
        values |= {"verified_on": day, "verified_by": self.by if day else None}
        for first, last, what in (("age_from", "age_to", "Alter"), ("starts_on", "ends_on", "Beginn und Ende")):
            if None not in (values[first], values[last]) and values[last] < values[first]:
                line.errors.append(f"{what}: die zweite Angabe liegt vor der ersten.")
