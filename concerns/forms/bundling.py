"""Form of bundling: the lead concern by number or picked from similar ones (K13)."""

import re

from django import forms

from concerns.models import Concern
from quartier.web.forms import QuartierForm

_NUMBER = re.compile(r"(\d{4})\s*[-/–]\s*(\d{1,7})")


class BundleForm(QuartierForm):
    """Which concern leads. `leads` are those this person may act on, `similar` the ones to pick from."""

    pick = forms.ChoiceField(label="Ähnliche Anliegen", choices=[], required=False, widget=forms.RadioSelect)
    number = forms.CharField(
        label="Oder Nummer des führenden Anliegens", max_length=20, required=False, help_text="Zum Beispiel 2026-00123."
    )

    def __init__(self, *args, leads, similar, **kwargs):
        super().__init__(*args, **kwargs)
        self.leads = leads
        if similar:
            self.fields["pick"].choices = [(one.number, _line(one)) for one in similar]
        else:
            del self.fields["pick"]

    def clean(self):
        """Find the one concern meant; a typed number counts more than a picked one."""
        data = super().clean()
        typed = (data.get("number") or "").strip()
        wanted = _complete(typed) if typed else data.get("pick")
        field = "number" if typed or "pick" not in self.fields else "pick"
        if self.errors:
            return data
        if not wanted:
            self.add_error(field, "Bitte ein Anliegen wählen oder eine Nummer eingeben.")
            return data
        data["lead"] = self.leads.filter(number=wanted).first()
        if data["lead"] is None:
            self.add_error(field, f"{wanted} gibt es in Ihren Quartieren nicht.")
        return data

    @property
    def lead(self) -> Concern:
        """The lead concern of a valid form."""
        return self.cleaned_data["lead"]


def _line(concern: Concern) -> str:
    return f"{concern.number} · {concern.title} ({', '.join(concern.reasons)})"


def _complete(typed: str) -> str:
    match = _NUMBER.fullmatch(typed)
    return f"{match[1]}-{int(match[2]):05d}" if match else typed
