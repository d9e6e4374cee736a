"""Forms of the concern list: bulk actions and saved views."""

from django import forms
from django.utils import timezone

from concerns.models import SavedView
from districts.models import User
from quartier.web.forms import QuartierForm, QuartierModelForm

MAX_CHOSEN = 200


class BulkForm(QuartierForm):
    """What to do with the chosen concerns: `do` names the button that was pressed."""

    ASSIGN, FOLLOW_UP = "assign", "follow_up"

    c = forms.TypedMultipleChoiceField(coerce=int, required=False, widget=forms.MultipleHiddenInput)
    do = forms.ChoiceField(choices=[(ASSIGN, ""), (FOLLOW_UP, "")])
    owner = forms.ModelChoiceField(
        label="Zuständige Person", queryset=User.objects.none(), required=False, empty_label="bitte wählen"
    )
    on = forms.DateField(label="Wiedervorlage am", required=False)

    def __init__(self, data=None, *, user: User, **extra):
        super().__init__(data, auto_id="bulk_%s", **extra)
        self.fields["owner"].queryset = User.objects.colleagues_of(user, on=timezone.localdate())
        # Any number may be sent; which of them this person may change is decided by the query that locks them.
        self.fields["c"].valid_value = str.isdecimal

    def clean(self):
        """What the pressed button needs must be there."""
        values = super().clean()
        chosen = [pk for pk in values.get("c", []) if pk < 2**63]
        if not chosen:
            self.add_error(None, "Bitte zuerst Anliegen in der Liste auswählen.")
        elif len(chosen) > MAX_CHOSEN:
            self.add_error(None, f"Höchstens {MAX_CHOSEN} Anliegen auf einmal.")
        needed = {self.ASSIGN: "owner", self.FOLLOW_UP: "on"}.get(values.get("do"))
        if needed and not values.get(needed) and needed not in self.errors:
            self.add_error(needed, "Bitte auswählen." if needed == "owner" else "Bitte ein Datum angeben.")
        return {**values, "c": chosen}


class SavedViewForm(QuartierModelForm):
    """Name of a view, and whether the own office sees it."""

    shared = forms.BooleanField(label="Für mein Büro freigeben", required=False)

    class Meta:
        model = SavedView
        fields = ("name", "query")
        widgets = {"query": forms.HiddenInput}

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, auto_id="view_%s", **kwargs)
        self.user = user
        self.fields["query"].required = False
        self.fields["shared"].initial = bool(self.instance.office_id)
        if not user.office_id:
            del self.fields["shared"]

    def clean(self):
        """The office the view is shared with, from the tick."""
        values = super().clean()
        return {**values, "office": self.user.office if values.get("shared") else None}
