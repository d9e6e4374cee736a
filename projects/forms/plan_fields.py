"""Fields of plans and money: months, euros, and lists typed line by line."""

import re
from datetime import date
from decimal import Decimal

from django import forms

from districts.models import Actor
from projects.models import FundingSource
from projects.planning import read_month
from quartier.text import clean_text, plain

LINES, LENGTH = 40, 160
_GROUPED = re.compile(r"\d{1,3}(\.\d{3})+")
_UNCERTAIN = re.compile(r"evtl\.\s*|evtl\s+|eventuell\s+", re.IGNORECASE)
MONTH_HELP = "Zum Beispiel 2026-03 oder „Mär 26“."


class MonthField(forms.Field):
    """A month; the browser's own field where there is one, and every usual way of writing it. Gives its first day."""

    widget = forms.TextInput(attrs={"type": "month", "maxlength": "20"})

    def __init__(self, **options):
        super().__init__(**{"help_text": MONTH_HELP, **options})

    def prepare_value(self, value):
        """As the browser wants it."""
        return f"{value:%Y-%m}" if isinstance(value, date) else value

    def to_python(self, value) -> date | None:
        """The first day of the month."""
        text = clean_text(value or "").strip()
        if not text:
            return None
        found = read_month(text)
        if found is None:
            raise forms.ValidationError("Bitte einen Monat angeben, zum Beispiel 2026-03.")
        return found


class EuroField(forms.DecimalField):
    """An amount as people type it: „1.234,50“, „1234.5 €“."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "maxlength": "24"})

    def __init__(self, **options):
        known = {"required": False, "max_digits": 12, "decimal_places": 2, "min_value": 0}
        super().__init__(**{**known, **options})
        self.error_messages["invalid"] = "Bitte eine Zahl eingeben, zum Beispiel 1.234,50."
        self.error_messages["max_digits"] = "Das ist mehr, als hier eingetragen werden kann."
        self.error_messages["max_whole_digits"] = "Das ist mehr, als hier eingetragen werden kann."

    def prepare_value(self, value):
        """With a comma."""
        return f"{value:f}".replace(".", ",") if isinstance(value, Decimal) else value

    def to_python(self, value) -> Decimal | None:
        """Exact, never by way of a binary fraction."""
        text = clean_text(value or "").replace("€", "").replace(" ", "").replace("\u00a0", "")
        if "," in text:
            text = text.replace(".", "").replace(",", ".")
        elif _GROUPED.fullmatch(text):
            text = text.replace(".", "")
        return super().to_python(text)


class LinesField(forms.CharField):
    """Several short texts, one a line; gives a list, each once."""

    def __init__(self, **options):
        rows = options.pop("rows", 3)
        known = {"required": False, "max_length": 4000, "widget": forms.Textarea(attrs={"rows": rows})}
        super().__init__(**{**known, **options})

    def clean(self, value) -> list[str]:
        """Lines without empty ones."""
        lines = list(dict.fromkeys(filter(None, (line.strip() for line in super().clean(value).splitlines()))))
        if len(lines) > LINES:
            raise forms.ValidationError(f"Bitte höchstens {LINES} Zeilen.")
        if any(len(line) > LENGTH for line in lines):
            raise forms.ValidationError(f"Bitte höchstens {LENGTH} Zeichen in einer Zeile.")
        return lines


def uncertain(line: str) -> tuple[str, bool]:
    """A source as typed, and whether „evtl.“ stands before it."""
    name = _UNCERTAIN.sub("", line, count=1) if _UNCERTAIN.match(line) else line
    return (name, True) if name != line and name else (line, False)


def known_actors(names: list[str]) -> dict[str, Actor]:
    """Actors of the directory by the names somebody typed; a name that several have stays words."""
    found: dict[str, list[Actor]] = {}
    for one in Actor.objects.filter(name__in=names) | Actor.objects.filter(short_name__in=names).exclude(short_name=""):
        for name in {one.name, one.short_name}:
            found.setdefault(name, []).append(one)
    return {name: rows[0] for name, rows in found.items() if len(rows) == 1}


def known_sources(names: list[str]) -> dict[str, FundingSource]:
    """Funding sources by the names somebody typed."""
    wanted = {plain(name): name for name in names}
    found = {}
    for one in FundingSource.objects.only("pk", "name", "short_name"):
        for name in (one.name, one.short_name):
            if name and plain(name) in wanted:
                found.setdefault(wanted[plain(name)], one)
    return found
