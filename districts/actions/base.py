"""What actions on the directory share."""

from datetime import datetime

from django.utils import timezone


class Conflict(Exception):
    """Somebody else was faster; nothing was changed. The text is a German sentence, the typed words must be kept."""


CHANGED = "Jemand anderes hat diesen Eintrag inzwischen geändert. Bitte vergleichen und dann speichern."


def moment(at: datetime | None) -> datetime:
    """The moment an action happens."""
    return at or timezone.now()
