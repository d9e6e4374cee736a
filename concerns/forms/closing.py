"""Forms at the end of the loop: closing, reopening, a promise whose day has come (K10)."""

from django import forms

from concerns.actions.closing import ReopenReason
from quartier.web.forms import QuartierForm

from .answers import OutcomeForm, words


class CloseForm(OutcomeForm):
    """Outcome, reason and words with which a concern ends."""


class ReopenForm(QuartierForm):
    """Why a closed concern is taken up again."""

    reason = forms.ChoiceField(label="Warum wird es wieder geöffnet?", choices=ReopenReason, widget=forms.RadioSelect)


class PromiseForm(QuartierForm):
    """Was it done? If so, in words for the people who raised it."""

    kept = forms.TypedChoiceField(
        label="Wurde die Zusage eingehalten?",
        choices=[("yes", "Ja, es wurde gemacht"), ("no", "Nein, noch nicht")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    text = words(
        "Was wurde gemacht?",
        rows=4,
        required=False,
        help_text="In Worten für die Anliegengeber/innen; sie bekommen eine zweite Rückmeldung.",
    )

    def clean(self):
        """A kept promise needs the words."""
        data = super().clean()
        if data.get("kept") and not data.get("text"):
            self.add_error("text", "Bitte in einem Satz festhalten, was gemacht wurde.")
        return data
