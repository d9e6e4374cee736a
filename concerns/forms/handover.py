"""Forms of the hand-over: for everything that hangs on a person and has the same successors, who shall take it."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from django import forms
from django.utils import timezone

from concerns.duties import THINGS, Circle, Thing
from concerns.duty_labels import labels
from concerns.models import HandoverItem
from districts.models import User
from quartier.web.forms import QuartierForm

SHOWN_AT_ONCE = 200  # rows of a kind; the next ones appear when these are proposed


class ShareForm(QuartierForm):
    """Some of the rows of one kind and circle, and who shall take them; without anybody nothing is proposed."""

    items = forms.TypedMultipleChoiceField(label="Was", coerce=int, widget=forms.CheckboxSelectMultiple, required=False)
    to = forms.ChoiceField(label="Geht an", required=False)

    def __init__(self, *args, thing: Thing, circle: Circle, rows: list, words: dict, people: list, **kwargs):
        super().__init__(*args, **kwargs)
        self.thing, self.circle = thing, circle
        self.title = f"{thing.heading}: {circle.label}"
        self.rows = {row.pk: row for row in rows}
        self.fields["items"].choices = [(pk, _words(words[pk])) for pk in self.rows]
        self.fields["items"].initial = list(self.rows)
        self.people = {str(one.pk): one for one in people}
        self.fields["to"].choices = [("", "noch niemand"), *((pk, one.name) for pk, one in self.people.items())]

    def clean_to(self) -> User | None:
        """The chosen person."""
        return self.people.get(self.cleaned_data["to"])

    def clean(self) -> dict:
        """Whoever shall take something must get something."""
        cleaned = super().clean()
        if cleaned.get("to") and not cleaned.get("items") and "items" not in self.errors:
            self.add_error("items", "Bitte auswählen, was übergeben werden soll.")
        return cleaned

    @property
    def share(self) -> tuple[User, tuple[Thing, list]] | None:
        """The chosen person and rows; None without a person."""
        to = self.cleaned_data["to"]
        return (to, (self.thing, [self.rows[pk] for pk in self.cleaned_data["items"]])) if to else None


def _words(label) -> str:
    return f"{label.text} · {label.note}" if label.note else label.text


@dataclass
class Shares:
    """All forms of one page, sent together."""

    forms: list[ShareForm]
    is_bound: bool

    def is_valid(self) -> bool:
        """Whether every form is right and somebody was chosen in at least one."""
        if not self.is_bound or any(one.errors for one in self.forms):
            return False
        if not any(one.share for one in self.forms) and self.forms:
            with_choice = next((one for one in self.forms if one.people), self.forms[0])
            with_choice.add_error("to", "Bitte bei mindestens einer Gruppe wählen, an wen sie geht.")
            return False
        return bool(self.forms)

    def by_successor(self) -> list[tuple[User, list]]:
        """What each chosen person shall take."""
        found = defaultdict(list)
        for one in self.forms:
            if one.share:
                found[one.share[0]].append(one.share[1])
        return list(found.items())


def shares_of(person: User, *, viewer: User, data=None) -> Shares:
    """A form for everything that hangs on `person` and is not proposed to anybody, by kind and successors.

    What a line says is what `viewer` may see.
    """
    today, made = timezone.localdate(), []
    # Most kinds have the same successors: they are asked for once.
    people = cache(lambda circle: list(circle.people(without=person, on=today)))
    for thing in THINGS:
        proposed = HandoverItem.objects.filter(is_waiting=True, **{f"{thing.key}__isnull": False}).values(thing.key)
        rows = list(thing.held(person).exclude(pk__in=proposed)[:SHOWN_AT_ONCE])
        if not rows:
            continue
        words, groups = labels(thing, rows, viewer), defaultdict(list)
        for row in rows:
            groups[thing.circle(row)].append(row)
        for circle, found in sorted(groups.items(), key=lambda group: group[0].label):
            # The id of its first row would change when that is settled; the circle stays.
            prefix = f"{thing.key}-{'-'.join(map(str, _ids(circle)))}"
            made.append(
                ShareForm(
                    data, prefix=prefix, thing=thing, circle=circle, rows=found, words=words, people=people(circle)
                )
            )  # fmt: skip
    return Shares(made, data is not None)


def _ids(circle: Circle) -> list:
    ids = [f"d{circle.department.pk}"] if circle.department else sorted(circle.districts)
    return [*ids, "m"] if circle.managers_only else ids or [0]


class DeclineForm(QuartierForm):
    """Why somebody does not take over what was proposed."""

    reason = forms.CharField(
        label="Warum nicht?", max_length=300, help_text="Zum Beispiel: bis Januar nicht da. Wer vorschlägt, liest das."
    )


class LastDayForm(QuartierForm):
    """When a role ends."""

    last_day = forms.DateField(label="Letzter Tag", help_text="An diesem Tag gilt die Rolle noch.")
