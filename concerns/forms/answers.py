"""What every form with an outcome shares: words for the resident, the reason of a no, the date of a promise (I2)."""

from datetime import date, timedelta

from django import forms
from django.utils import timezone

from concerns.workflow import NEEDS_REASON, Outcome, ReasonCategory
from quartier.web.forms import QuartierForm

FARTHEST = timedelta(days=5 * 366)
OUTCOMES = [("", "Bitte wählen"), *Outcome.choices]
REASONS = [("", "Bitte wählen"), *ReasonCategory.choices]


def check_day(day: date, *, earliest: date, what: str) -> date:
    """Refuse a day before `earliest` or so far away that it must be a typing error."""
    if day < earliest:
        raise forms.ValidationError(f"{what} liegt in der Vergangenheit. Frühestens möglich: {earliest:%d.%m.%Y}.")
    if day > earliest + FARTHEST:
        raise forms.ValidationError(f"{what} liegt mehr als fünf Jahre in der Zukunft. Bitte das Jahr prüfen.")
    return day


def words(label: str, *, rows: int = 6, limit: int = 8000, **options) -> forms.CharField:
    """A text of several lines."""
    return forms.CharField(label=label, max_length=limit, widget=forms.Textarea(attrs={"rows": rows}), **options)


class OutcomeForm(QuartierForm):
    """Outcome with what it needs; what the chosen outcome does not need is dropped."""

    outcome = forms.ChoiceField(label="Ergebnis", choices=OUTCOMES)
    reason_category = forms.ChoiceField(
        label="Grund", choices=REASONS, required=False, help_text="Bei „teilweise“ und „nicht entsprochen“ nötig."
    )
    promised_on = forms.DateField(
        label="Zugesagt für",
        required=False,
        help_text="An diesem Tag fragt das System nach, ob es gemacht wurde.",
    )
    answer_text = words(
        "Antwort in Worten für die Anliegengeber/innen",
        help_text="Kurz und verständlich. Diese Worte stehen später auch in der Rückmeldung.",
    )

    def clean(self):
        """Check what the outcome asks for, next to the field it concerns."""
        data = super().clean()
        outcome = data.get("outcome")
        if outcome in NEEDS_REASON:
            if not data.get("reason_category") and "reason_category" not in self.errors:
                self.add_error("reason_category", "Ein (teilweises) Nein braucht einen Grund.")
        else:
            data["reason_category"] = ""
        if outcome == Outcome.PLANNED:
            self._check_promise(data.get("promised_on"))
        else:
            data["promised_on"] = None
        return data

    def _check_promise(self, day: date | None) -> None:
        if "promised_on" in self.errors:
            return
        try:
            if day is None:
                raise forms.ValidationError("Eine Zusage braucht ein Datum.")
            check_day(day, earliest=timezone.localdate(), what="Die Zusage")
        except forms.ValidationError as error:
            self.add_error("promised_on", error)
