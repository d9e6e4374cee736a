"""Forms about funding sources and what pays for what."""

import re
from datetime import date

from django import forms

from districts.forms.versions import VersionedForm
from districts.models import ActionField
from projects.models import FinanceLine, FundingSource, PlannedCost
from projects.money import FinanceKind
from quartier.web.forms import LeanSelect

from .plan_fields import EuroField, LinesField

_DEADLINE = re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})[ :,–-]+(?P<what>\S.*)")
CHARGEABLE = [("", "nicht bekannt"), ("true", "ja"), ("false", "nein")]


class SourceForm(VersionedForm):
    """A funding source with its deadlines."""

    constraint_messages = {
        "funding_source_in_order": ("ends_on", "Das Ende liegt vor dem Anfang."),
        "funding_source_share_in_range": ("own_share", "Bitte einen Anteil zwischen 0 und 100 Prozent."),
    }
    own_share = EuroField(label="Eigenanteil in Prozent", max_digits=5, max_value=100)
    staff_chargeable = forms.NullBooleanField(
        label="Eigenes Personal ist anrechenbar", widget=forms.Select(choices=CHARGEABLE), required=False
    )
    link = forms.URLField(label="Internetseite", required=False, max_length=200, assume_scheme="https")
    deadlines = LinesField(label="Fristen", help_text="Eine Zeile je Frist: „30.09.2027 Antrag für das Folgejahr“.")

    class Meta:
        model = FundingSource
        fields = [
            *("name", "short_name", "level", "owner", "status", "starts_on", "ends_on", "purposes", "action_fields"),
            *("conditions", "own_share", "staff_chargeable", "contact", "link", "programme", "successor"),
        ]
        widgets = {
            "action_fields": forms.CheckboxSelectMultiple,
            "purposes": forms.Textarea(attrs={"rows": 3}),
            "conditions": forms.Textarea(attrs={"rows": 3}),
            "successor": LeanSelect,
        }
        help_texts = {
            "contact": "Stelle mit Telefon oder Postfach, keine privaten Daten.",
            "programme": "Verbindet die Quelle mit den Einsätzen des Quartiersmanagements.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["action_fields"].queryset = ActionField.objects.filter(is_active=True)
        self.fields["successor"].queryset = FundingSource.objects.exclude(pk=self.instance.pk)
        if self.instance.pk:
            self.initial["deadlines"] = "\n".join(str(one) for one in self.instance.deadlines.all())

    def clean_deadlines(self) -> list[tuple[date, str]]:
        """Day and purpose of each line."""
        found = []
        for number, line in enumerate(self.cleaned_data["deadlines"], 1):
            match = _DEADLINE.fullmatch(line)
            try:
                day = date(int(match["year"]), int(match["month"]), int(match["day"])) if match else None
            except ValueError:
                day = None
            if day is None or not 1900 <= day.year <= 2199 or len(match["what"]) > 120:
                words = f"Zeile {number}: Bitte ein Datum und wofür es gilt (höchstens 120 Zeichen)."
                raise forms.ValidationError(words)
            found.append((day, match["what"]))
        return found


class FinanceLineForm(VersionedForm):
    """One piece of money, work or thing."""

    constraint_messages = {
        "finance_line_hours_with_rate": ("hours", "Stunden und Satz gehören zusammen, und nur zu „ehrenamtlich“."),
        "finance_line_amount_or_hours": ("amount", "Bitte entweder einen Betrag oder Stunden mit Satz angeben."),
        "finance_line_deadline_has_day": ("deadline_on", "Bitte auch das Datum der Frist angeben."),
    }
    amount = EuroField(label="Betrag in Euro", help_text="Leer heißt: nicht bekannt. Das ist etwas anderes als 0.")
    hours = EuroField(label="Stunden", max_digits=8)
    rate = EuroField(label="Euro je Stunde", max_digits=6)
    year = forms.IntegerField(label="Jahr", required=False, min_value=1950, max_value=2199)

    class Meta:
        model = FinanceLine
        fields = [
            *("source", "kind", "state", "amount", "hours", "rate", "year", "deadline_on", "deadline_what", "note"),
        ]
        widgets = {"source": LeanSelect}

    def clean(self):
        """Somebody's work is no programme: it needs hours and rate, or a value of its own."""
        data = super().clean()
        has_hours = data.get("hours") is not None or data.get("rate") is not None
        if has_hours and data.get("kind") != FinanceKind.VOLUNTEER:
            self.add_error("hours", "Stunden und Satz gehören nur zu „ehrenamtlich“.")
        return data


class CostForm(VersionedForm):
    """What something is going to cost."""

    amount = EuroField(label="Geplante Kosten in Euro", help_text="Leer heißt: nicht bekannt.")

    class Meta:
        model = PlannedCost
        fields = ["amount", "basis"]
        help_texts = {"basis": "Zum Beispiel „Kostenschätzung 2025“."}
