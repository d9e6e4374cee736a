"""What a list would change of actors that are there already: only what a cell says, and only where one may."""

from collections.abc import Iterable

from districts.importing.plan import Line
from districts.languages import Spoken
from districts.models import Actor, User

_PLAIN = (
    *("short_name", "type", "carrier_type", "legal_form", "parent", "street", "postcode", "city", "phone", "email"),
    *("website", "description", "status", "source", "is_public", "languages"),
)
_SETS = ("districts", "action_fields", "target_groups")


def compare(lines: Iterable[Line], *, user: User) -> None:
    """Note in every line of a known actor what would change; a fixed number of queries for any number of lines.

    Ended actors and those of other teams stay as they are.
    """
    known = [line for line in lines if line.known and line.given and not line.errors]
    pks = {line.known.pk for line in known}
    rows = Actor.objects.editable_by(user).active().filter(pk__in=pks).select_related("type", "parent")
    stored = {one.pk: one for one in rows.prefetch_related(*_SETS)}
    for line in known:
        if actor := stored.get(line.known.pk):
            line.known = actor
            _note(line, actor)


def _note(line: Line, actor: Actor) -> None:
    for name in _PLAIN:
        if name in line.given and line.values[name] != getattr(actor, name):
            line.updates[name] = line.values[name]
            _tell(line, name, getattr(actor, name), line.values[name])
    day = line.values["verified_on"]
    if day and (actor.verified_on is None or day > actor.verified_on):
        line.updates |= {"verified_on": day, "verified_by": line.values["verified_by"]}
        _tell(line, "verified_on", actor.verified_on, day)
    for name in _SETS:
        wanted, there = getattr(line, name), list(getattr(actor, name).all())
        if name in line.given and {one.pk for one in wanted} != {one.pk for one in there}:
            line.updates[name] = wanted
            _tell(line, name, there, wanted)


def _tell(line: Line, name: str, stored, typed) -> None:
    label = str(Actor._meta.get_field(name).verbose_name)
    line.changes.append((label[:1].upper() + label[1:], _words(name, stored), _words(name, typed)))


def _words(name: str, value) -> str:
    if name == "languages":
        return ", ".join(label for code, label in Spoken.choices if code in value) or "–"
    if isinstance(value, list):
        return ", ".join(sorted(map(str, value))) or "–"
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if name == "verified_on":
        return f"{value:%d.%m.%Y}" if value else "noch nie"
    choices = dict(Actor._meta.get_field(name).flatchoices or ())
    return str(choices.get(value, value) or "–")
