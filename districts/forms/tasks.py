"""The form about one task of an assignment (Z11)."""

from collections.abc import Iterable

from django import forms

from districts.forms.fields import ActorField
from districts.models import Actor, TaskDuty, User
from quartier.web.forms import QuartierForm

_PARTS = [("", "nicht beteiligt"), *reversed(TaskDuty.Part.choices)]


def field_name(party: Actor | User) -> str:
    """The field that tells what a party does."""
    return f"actor_{party.pk}" if isinstance(party, Actor) else f"person_{party.pk}"


class TaskForm(QuartierForm):
    """Who answers for a task and who takes part. `parties` may be chosen, one more actor can be named."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    is_needed = forms.BooleanField(label="Die Aufgabe fällt hier an", required=False)
    more = ActorField(label="Weiterer Akteur", required=False)
    more_part = forms.ChoiceField(label="Anteil des weiteren Akteurs", choices=_PARTS[1:], required=False)
    note = forms.CharField(label="Anmerkung", max_length=300, required=False)
    agreed_on = forms.DateField(label="Vereinbart am", required=False)

    def __init__(self, *args, parties: Iterable[Actor | User], **kwargs):
        super().__init__(*args, **kwargs)
        self.parties = list(parties)
        self.fields["more"].queryset = Actor.objects.present()
        for party in self.parties:
            self.fields[field_name(party)] = forms.ChoiceField(
                label=str(party), choices=_PARTS, required=False, widget=forms.RadioSelect
            )

    @property
    def party_fields(self) -> list:
        """The fields of the parties, as the template shows them."""
        return [self[field_name(party)] for party in self.parties]

    def clean(self) -> dict:
        """What the action needs: the parties with their part."""
        cleaned = super().clean()
        parts = {party: cleaned.pop(field_name(party), "") for party in self.parties}
        more, more_part = cleaned.pop("more", None), cleaned.pop("more_part", "")
        if more:
            parts[more] = more_part or TaskDuty.Part.PARTICIPATING
        cleaned["parts"] = [(party, part) for party, part in parts.items() if part]
        if cleaned["parts"] and not cleaned.get("is_needed"):
            self.add_error("is_needed", "Was nicht anfällt, hat keine Verantwortlichen. Bitte eines von beidem ändern.")
        return cleaned

    def on_top_of(self, version: int) -> None:
        """Keep what was typed, now against what is stored."""
        self.data = self.data.copy()
        self.data["version"] = str(version)
