"""Forms of the feedback worklist (K09)."""

from django import forms
from django.urls import reverse

from concerns.models import Feedback, Reporter, TextBlock
from concerns.workflow import FeedbackResult, WaiverReason
from quartier.web.forms import QuartierForm

from .answers import words

WAYS = [choice for choice in Reporter.Channel.choices if choice[0] != Reporter.Channel.NONE]
RESULTS: dict[str, list[str]] = {
    Reporter.Channel.IN_PERSON: [FeedbackResult.REACHED, FeedbackResult.NOT_REACHED],
    Reporter.Channel.PHONE: [FeedbackResult.REACHED, FeedbackResult.NOT_REACHED],
    Reporter.Channel.LETTER: [FeedbackResult.SENT],
    Reporter.Channel.MULTIPLIER: [FeedbackResult.REACHED, FeedbackResult.NOT_REACHED],
    Reporter.Channel.NOTICE: [FeedbackResult.DISPLAYED],
    Reporter.Channel.EMAIL: [],
}
BY_HAND = [one for one in FeedbackResult.choices if one[0] in {"reached", "not_reached", "sent", "displayed"}]
WAIVERS = [(value, label) for value, label in WaiverReason.choices if value not in {"own_observation", "erased"}]
BLOCKS = {Reporter.Due.FINAL: TextBlock.Purpose.FEEDBACK, Reporter.Due.INTERIM: TextBlock.Purpose.INTERIM}


class FeedbackForm(QuartierForm):
    """One attempt: the words, the way, what came of it. An e-mail has no result: the mail server tells."""

    text = words("Worte für die Anliegengeber/in", rows=12)
    channel = forms.ChoiceField(label="Weg", choices=WAYS)
    result = forms.ChoiceField(label="Ergebnis", choices=[("", "Bitte wählen"), *BY_HAND], required=False)
    reaction = forms.ChoiceField(
        label="Reaktion", choices=[("", "nicht festgehalten"), *Feedback.Reaction.choices], required=False
    )
    note = forms.CharField(label="Notiz dazu", max_length=500, required=False)
    language = forms.ChoiceField(label="Sprache der Rückmeldung", choices=Reporter.Language.choices)

    def __init__(self, *args, reporter: Reporter, **kwargs):
        super().__init__(*args, **kwargs)
        self.reporter = reporter
        self.fields["text"].widget.attrs |= {
            "hx-post": reverse("concerns:plain_check"),
            "hx-trigger": "input changed delay:700ms",
            "hx-target": "#plain",
            "hx-swap": "innerHTML",
            "hx-params": "text",
        }
        blocks = TextBlock.objects.filter(purpose=BLOCKS.get(reporter.due, TextBlock.Purpose.FEEDBACK), is_active=True)
        known = blocks.filter(department=None, language__in={Reporter.Language.DE, reporter.language})
        self.blocks = sorted(known, key=lambda block: block.language != Reporter.Language.DE)

    @property
    def is_mail(self) -> bool:
        """Whether the chosen way is an e-mail sent from here."""
        return self.cleaned_data.get("channel") == Reporter.Channel.EMAIL

    def clean(self):
        """A result must fit the way; an e-mail needs an address."""
        data = super().clean()
        channel, result = data.get("channel"), data.get("result")
        if channel == Reporter.Channel.EMAIL:
            data["result"] = ""
            if not self.reporter.email:
                self.add_error("channel", "Zu dieser Person ist keine E-Mail-Adresse gespeichert.")
        elif channel and "result" not in self.errors:
            if not result:
                self.add_error("result", "Bitte angeben, was daraus geworden ist.")
            elif result not in RESULTS[channel]:
                fitting = " oder ".join(f"„{FeedbackResult(value).label}“" for value in RESULTS[channel])
                self.add_error("result", f"Zu diesem Weg passt nur {fitting}.")
        return data

    def with_block(self, pk: str) -> str:
        """The text with the chosen text block added at the end."""
        block = next((block for block in self.blocks if str(block.pk) == pk), None)
        typed = self.data.get("text", "")
        return "\n\n".join(part for part in (typed.strip(), block.text if block else "") if part)


class CollectiveForm(QuartierForm):
    """One notice for several people."""

    text = words("Wortlaut des Aushangs", rows=8, help_text="Keine Namen: Der Aushang hängt öffentlich.")
    note = forms.CharField(label="Wo und bis wann hängt er?", max_length=500)


class WaiverForm(QuartierForm):
    """Why somebody need not or cannot be told (I1)."""

    reason = forms.ChoiceField(label="Warum entfällt die Rückmeldung?", choices=WAIVERS, widget=forms.RadioSelect)
    note = forms.CharField(
        label="Begründung",
        max_length=300,
        required=False,
        help_text="Nötig, außer nach mehreren vergeblichen Versuchen.",
    )


class ReactionForm(QuartierForm):
    """How somebody took the answer."""

    reaction = forms.ChoiceField(label="Reaktion", choices=Feedback.Reaction.choices)
    note = forms.CharField(label="Notiz dazu", max_length=500, required=False)


class ErasureForm(QuartierForm):
    """Erasing cannot be undone, so somebody has to say that it was asked for."""

    confirmed = forms.BooleanField(label="Die Person hat die Löschung verlangt oder ihr Einverständnis zurückgezogen.")
