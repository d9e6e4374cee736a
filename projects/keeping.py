"""What hangs on a person in projects, events and bodies, for the check before leaving (I9, D11)."""

from collections.abc import Iterator

from django.urls import reverse

from districts.models import User
from districts.roles import Perm
from projects.actions.tasks import kept_by

WORDS = {
    "projects": ("ein Projekt", "{} Projekte"),
    "events": ("eine geplante Veranstaltung", "{} geplante Veranstaltungen"),
    "tasks": ("eine Aufgabe aus Projekten", "{} Aufgaben aus Projekten"),
    "follow_ups": ("ein Auftrag aus Gremien", "{} Aufträge aus Gremien"),
}


def kept(person: User) -> Iterator[tuple[str, str, Perm]]:
    """What there is, in one line with the page on which all of it is handed over; nothing when there is nothing."""
    counts = {name: rows.count() for name, (rows, _) in kept_by(person).items()}
    parts = [WORDS[name][0] if n == 1 else WORDS[name][1].format(n) for name, n in counts.items() if n]
    if parts:
        yield (
            f"Im Blick zu behalten: {', '.join(parts)}",
            reverse("projects:keeping", args=[person.pk]),
            Perm.MANAGE_USERS,
        )
