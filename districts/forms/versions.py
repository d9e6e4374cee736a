"""Forms that notice when somebody else has saved the same row meanwhile, and show what differs."""

from datetime import date

from django import forms
from django.db.models import Manager, QuerySet

from districts.forms.base import MasterDataForm


class VersionedForm(MasterDataForm):
    """A stored row with the version that was on the person's screen; a new row has none."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["version"].required = True
            self.initial["version"] = self.instance.version
        else:
            del self.fields["version"]

    def on_top_of(self, row) -> None:
        """Keep the typed values, now against what is stored: saving again overwrites that knowingly."""
        self.data = self.data.copy()
        self.data["version"] = str(row.version)

    def differences(self, row) -> list[tuple[str, str, str]]:
        """Label, what is stored and what was typed, wherever the two differ."""
        rows = [
            (self.fields[name].label, _words(row, name, getattr(row, name)), _words(row, name, self.cleaned_data[name]))
            for name in self._meta.fields
            if name in self.cleaned_data
        ]
        return [one for one in rows if one[1] != one[2]]


def _words(row, name: str, value) -> str:
    """A value as people read it."""
    if isinstance(value, Manager):
        value = value.all()
    if isinstance(value, QuerySet):
        return ", ".join(map(str, value)) or "–"
    if isinstance(value, list):
        choices = row._meta.get_field(name).base_field.choices
        return ", ".join(label for code, label in choices if code in value) or "–"
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    choices = dict(row._meta.get_field(name).flatchoices or ())
    return str(choices.get(value, "–" if value in (None, "") else value))
