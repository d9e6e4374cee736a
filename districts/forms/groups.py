"""Forms about resident groups (Z32)."""

from django import forms
from django.utils import timezone

from districts.forms.versions import VersionedForm
from districts.models import ResidentGroup
from districts.models.groups import ActivationPhase
from quartier.web.forms import QuartierForm


class GroupForm(VersionedForm):
    """What an actor is as a resident group; a new one also says in which phase it is."""

    constraint_messages = {
        "group_speakers_need_consent": (
            "speakers_consent_on",
            "Namen speichern wir nur mit dem Tag der Einwilligung; ohne Namen bleibt er leer.",
        ),
        "group_hours_not_negative": ("support_hours", "Bitte 0 oder mehr."),
    }

    class Meta:
        model = ResidentGroup
        fields = [
            *("founded_on", "topic", "form", "members", "moderation", "speakers", "speakers_consent_on", "phase"),
            *("support", "support_hours", "needs", "overload"),
        ]
        localized_fields = ("support_hours",)
        help_texts = {
            "moderation": "Wer die Treffen leitet: Daran zeigt sich, wie weit die Gruppe ist.",
            "overload": "Zum Beispiel „trägt seit Monaten eine Person allein“. Das sieht nur das Team.",
            "needs": "Zum Beispiel „Raum am Abend“.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["phase"]

    def clean_founded_on(self):
        """Nobody was founded tomorrow."""
        day = self.cleaned_data["founded_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError("Dieser Tag liegt in der Zukunft.")
        return day


class GroupPhaseForm(QuartierForm):
    """Which phase a group is in from a day on, and where that shows."""

    phase = forms.TypedChoiceField(
        label="Phase", choices=ActivationPhase.choices, coerce=int, widget=forms.RadioSelect
    )  # fmt: skip
    since = forms.DateField(label="seit", initial=timezone.localdate)
    evidence = forms.CharField(label="Woran sich das zeigt", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
