"""Forms of triage: own work, parking, result, follow-up date, owner, team note (K04)."""

from datetime import timedelta

from django import forms
from django.utils import timezone

from districts.models import User
from quartier.web.forms import QuartierForm

from .answers import OutcomeForm, check_day, words


class TakeOnForm(QuartierForm):
    """Until when the Quartiersmanagement itself wants to have a result."""

    due_on = forms.DateField(label="Ergebnis bis", required=False, help_text="Leer: nach der üblichen Frist.")

    def clean_due_on(self):
        """Today or later."""
        day = self.cleaned_data["due_on"]
        return day and check_day(day, earliest=timezone.localdate(), what="Der Termin")


class ParkForm(QuartierForm):
    """The day on which a concern comes back by itself."""

    until = forms.DateField(label="Zurückstellen bis")

    def clean_until(self):
        """Tomorrow or later."""
        return check_day(
            self.cleaned_data["until"], earliest=timezone.localdate() + timedelta(days=1), what="Das Datum"
        )


class AnswerForm(OutcomeForm):
    """Result of own work, or mere information."""


class FollowUpForm(QuartierForm):
    """Personal follow-up date; empty removes it."""

    on = forms.DateField(label="Wiedervorlage am", required=False, help_text="Leer lassen, um sie zu löschen.")

    def clean_on(self):
        """Today or later."""
        day = self.cleaned_data["on"]
        return day and check_day(day, earliest=timezone.localdate(), what="Die Wiedervorlage")


class OwnerForm(QuartierForm):
    """Somebody of the district's team."""

    owner = forms.ModelChoiceField(label="Zuständig", queryset=User.objects.none(), empty_label=None)

    def __init__(self, *args, team, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = team


class NoteForm(QuartierForm):
    """A note that never leaves the team (I11)."""

    text = words("Teamnotiz", rows=3, help_text="Nur das Team des Quartiers liest sie; nie Fachbereich oder Papier.")
