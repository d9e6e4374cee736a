"""Forms about the directory's lists and settings."""

from django import forms

from districts.forms.base import MasterDataForm
from districts.models import DirectorySettings, ListEntry

_HINTS = {
    "verify_months": "Danach steht ein Akteur unter „lange nicht geprüft“.",
    "silence_months": "Gilt für Schlüsselpersonen und Multiplikator/innen.",
    "meeting_months": "Danach nennt der Lückenbericht das Netzwerk.",
}


def entry_form(model: type[ListEntry]) -> type[MasterDataForm]:
    """The form of one list's entries."""
    unique = {"name": {"unique": "Diesen Eintrag gibt es schon."}}
    hints = {"position": "Kleine Zahlen stehen oben.", "is_active": "Sonst bleibt er nur, wo er schon gewählt ist."}
    meta = type(
        "Meta",
        (),
        {
            "model": model,
            "fields": ["name", "position", "is_active"],
            "error_messages": unique,
            "help_texts": hints,
        },
    )
    return type(f"{model.__name__}Form", (MasterDataForm,), {"Meta": meta})


class DirectorySettingsForm(MasterDataForm):
    """After how many months the directory asks again."""

    class Meta:
        model = DirectorySettings
        fields = ["verify_months", "silence_months", "meeting_months"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, hint in _HINTS.items():
            field = forms.IntegerField(label=self.fields[name].label, min_value=1, max_value=120, help_text=hint)
            field.widget.attrs["inputmode"] = "numeric"
            self.fields[name] = field
