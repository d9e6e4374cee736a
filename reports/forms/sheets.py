"""Forms of the sheets for the public (P04, N15)."""

from calendar import monthrange
from datetime import date, timedelta

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from districts.models import District, User
from districts.roles import Perm
from quartier.web.forms import QuartierForm
from reports.actions.sheets import HEAD, Words
from reports.models import Sheet, SheetEntry
from reports.models.sheets import CLEARED

LONGEST_PERIOD = timedelta(days=366)
TITLES = {Sheet.Kind.NOTICE: "Antworten auf Ihre Anliegen", Sheet.Kind.HEARD: "Gehört – getan"}
INTROS = {
    Sheet.Kind.NOTICE: "Das haben Menschen aus dem Quartier uns gesagt, und das ist daraus geworden.",
    Sheet.Kind.HEARD: "Das haben Sie uns gesagt, und das ist daraus geworden.",
}


def last_month(today: date) -> tuple[date, date]:
    """First and last day of the month before `today`'s."""
    end = today.replace(day=1) - timedelta(days=1)
    return end.replace(day=1), end


def next_period(last: Sheet | None, today: date) -> tuple[date, date]:
    """Where the next sheet goes on: the month after the last sheet, otherwise the month before this one."""
    if last is None or last.until >= today:
        return last_month(today)
    since = last.until + timedelta(days=1)
    return since, max(since, min(since.replace(day=monthrange(since.year, since.month)[1]), today))


class StartForm(QuartierForm):
    """What a new sheet is about; only "Gehört – getan" has a period."""

    district = forms.ModelChoiceField(label="Quartier", queryset=District.objects.none())
    since = forms.DateField(label="vom")
    until = forms.DateField(label="bis", help_text="Gezählt wird, was in dieser Zeit bei Ihnen eingegangen ist.")
    title = forms.CharField(label="Überschrift", max_length=80)

    def __init__(self, *args, user: User, kind: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields["district"].queryset = _districts(user)
        if kind == Sheet.Kind.NOTICE:
            del self.fields["since"], self.fields["until"]
            self.fields["district"].required = False
            self.fields["district"].empty_label = "alle Quartiere"
            self.fields["district"].help_text = "Steht auf dem Blatt. Leer lassen, wenn es für mehrere Quartiere gilt."

    def clean(self):
        """A period has an end after its start and is no longer than a year."""
        data = super().clean()
        since, until = data.get("since"), data.get("until")
        if since and until and since > until:
            self.add_error("until", "Das Ende liegt vor dem Anfang.")
        elif since and until and until - since > LONGEST_PERIOD:
            self.add_error("until", "Ein Blatt erzählt von höchstens einem Jahr.")
        return data


def _districts(user: User) -> QuerySet[District]:
    return District.objects.filter(pk__in=user.rights.districts(Perm.GIVE_FEEDBACK)).defer("boundary")


def _stored_beside(form: QuartierForm, **words: str) -> str:
    typed = {name: form[name].value() for name in words}
    return "" if typed == words else "\n".join(filter(None, words.values()))


class EntryForm(QuartierForm):
    """The words of one topic."""

    heading = forms.CharField(label="Was wir gehört haben", max_length=120)
    text = forms.CharField(
        label="Was daraus geworden ist", max_length=700, widget=forms.Textarea(attrs={"rows": 4, "data-counter": True})
    )
    section = forms.ChoiceField(label="Abschnitt", choices=SheetEntry.Section.choices)
    place = forms.IntegerField(label="Reihenfolge", min_value=1, max_value=99)
    cleared = forms.BooleanField(label=CLEARED, required=False)
    remove = forms.BooleanField(label="Vom Blatt nehmen", required=False)

    def __init__(self, data=None, *, entry: SheetEntry, place: int, hints: list[str]):
        self.entry, self.hints = entry, hints
        stored = {name: getattr(entry, name) for name in ("heading", "text", "section", "cleared")}
        super().__init__(data, initial={**stored, "place": place}, prefix=f"thema-{entry.pk}")
        if not hints:
            del self.fields["cleared"]

    @property
    def stored(self) -> str:
        """What is stored, when it is not what was typed."""
        return _stored_beside(self, heading=self.entry.heading, text=self.entry.text)

    def as_words(self) -> Words:
        """What the action takes."""
        typed = {name: self.cleaned_data[name] for name in ("heading", "text", "section", "remove")}
        return Words(self.entry.pk, cleared=self.cleaned_data.get("cleared", False), **typed)


class SheetForm(QuartierForm):
    """Title and introduction of a draft, and the forms of its topics."""

    title = forms.CharField(label="Überschrift", max_length=80)
    intro = forms.CharField(
        label="Einleitung", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    cleared = forms.BooleanField(label=CLEARED, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def __init__(self, data=None, *, sheet: Sheet, entries: list[SheetEntry], hints: dict[int, list[str]]):
        names = ("title", "intro", "cleared", "version")
        super().__init__(data, initial={name: getattr(sheet, name) for name in names})
        self.sheet, self.hints = sheet, hints.get(HEAD, [])
        if not self.hints:
            del self.fields["cleared"]
        self.entries = [
            EntryForm(data, entry=entry, place=place, hints=hints.get(entry.pk, []))
            for place, entry in enumerate(entries, 1)
        ]
        self.forms = [self, *self.entries]

    @property
    def to_check(self) -> list[EntryForm]:
        """Topics with words that look personal and that nobody has cleared."""
        return [one for one in self.entries if one.hints and not one.entry.cleared]

    @classmethod
    def again(cls, data: QueryDict, *, sheet: Sheet, **given) -> "SheetForm":
        """What was typed, on top of what somebody else has saved meanwhile: sent once more, it replaces that."""
        data = data.copy()
        for form in cls(sheet=sheet, **given).entries:
            if form.add_prefix("text") not in data:
                data.update({form.add_prefix(name): form[name].value() for name in form.fields})
        data["version"] = sheet.version
        return cls(data, sheet=sheet, **given)

    @property
    def stored(self) -> str:
        """Title and introduction as they are stored, when they are not what was typed."""
        return _stored_beside(self, title=self.sheet.title, intro=self.sheet.intro)

    def is_valid(self) -> bool:
        """The head and every topic that stays on the sheet."""
        return all([super().is_valid(), *(form.is_valid() for form in self.entries)])

    def words(self) -> list[Words]:
        """The topics in the order somebody gave them."""
        return [form.as_words() for form in sorted(self.entries, key=lambda form: form.cleaned_data["place"])]
