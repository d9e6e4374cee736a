"""Forms about posts, shares, staffing, and the key date of a page."""

from decimal import Decimal

from django import forms
from django.utils import timezone

from districts.assigning import FULL
from districts.forms.base import MasterDataForm
from districts.forms.places import VALIDITY, VALIDITY_HINTS
from districts.forms.versions import VersionedForm
from districts.models import Assignment, District, Post, PostShare, Staffing, User
from districts.models.posts import LARGEST, SMALLEST
from quartier.web.forms import LeanSelect, QuartierForm

_SHARE_HINT = "In Vollzeitstellen, zum Beispiel 0,5. Leer: nicht bekannt (das ist nicht null)."


class KeyDayForm(QuartierForm):
    """The day for which a page is reckoned; empty is today."""

    stichtag = forms.DateField(label="Stichtag", required=False, initial=timezone.localdate)

    @property
    def day(self):
        """The chosen day, today when none or none that can be read is chosen."""
        chosen = self.cleaned_data.get("stichtag") if self.is_valid() else None
        return chosen or timezone.localdate()


class GapForm(KeyDayForm):
    """The key date, and an assignment that is reckoned away."""

    ohne = forms.ModelChoiceField(
        label="Ohne den Einsatz", queryset=Assignment.objects.none(), required=False,
        empty_label="alle zählen mit", widget=LeanSelect,
    )  # fmt: skip

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ohne"].queryset = Assignment.objects.visible_to(user).standing()

    @property
    def leaving_out(self) -> list[int]:
        """Ids of the assignments that are reckoned away."""
        chosen = self.cleaned_data.get("ohne") if self.is_valid() else None
        return [chosen.pk] if chosen else []


class ShareField(forms.DecimalField):
    """Part of a full post; a comma is as good as a point."""

    def __init__(self, *, largest: Decimal, **kwargs):
        super().__init__(
            max_digits=4, decimal_places=2, min_value=SMALLEST, max_value=largest, required=False,
            help_text=_SHARE_HINT, localize=True, **kwargs,
        )  # fmt: skip
        self.widget.attrs["inputmode"] = "decimal"

    def to_python(self, value):
        """Both „0,5“ and „0.5“."""
        return super().to_python(value.strip().replace(".", ",") if isinstance(value, str) else value)


class PostForm(VersionedForm):
    """A post's name and district."""

    class Meta:
        model = Post
        fields = ["name", "district"]
        help_texts = {"district": "Leer: für alle Quartiere des Einsatzes gemeinsam."}

    def __init__(self, *args, assignment: Assignment, **kwargs):
        super().__init__(*args, **kwargs)
        here = District.objects.filter(assignments=assignment).defer("boundary")
        self.fields["district"].queryset = here
        self.fields["district"].empty_label = "alle gemeinsam"


class NewPostForm(PostForm):
    """A post with its first share."""

    share = ShareField(label="Stellenanteil", largest=LARGEST)
    valid_from = forms.DateField(label="ab", required=False, help_text=VALIDITY_HINTS["valid_from"])
    valid_to = forms.DateField(label="bis", required=False, help_text=VALIDITY_HINTS["valid_to"])

    def clean(self) -> dict:
        """The share's end does not lie before its beginning."""
        cleaned = super().clean()
        first, last = cleaned.get("valid_from"), cleaned.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", VALIDITY)
        return cleaned


class ShareForm(MasterDataForm):
    """A post's share from a day on."""

    share = ShareField(label="Stellenanteil", largest=LARGEST)
    constraint_messages = {"post_share_in_order": ("valid_to", VALIDITY)}

    class Meta:
        model = PostShare
        fields = ["share", "valid_from", "valid_to"]
        help_texts = {
            "valid_from": "Leer: schon immer. Der bisherige Anteil endet am Tag davor.",
            "valid_to": "Leer: ohne Ende. Sonst gilt danach wieder der bisherige Anteil.",
        }


class StaffingForm(VersionedForm):
    """Who fills a post."""

    share = ShareField(label="Anteil", largest=FULL)
    constraint_messages = {
        "staffing_in_order": ("valid_to", VALIDITY),
        "staffing_is_a_person_or_a_name": ("name", "Bitte entweder eine Person wählen oder einen Namen eintragen."),
    }

    class Meta:
        model = Staffing
        fields = ["person", "name", "role", "area", "share", "valid_from", "valid_to"]
        help_texts = VALIDITY_HINTS | {
            "name": "Wenn die Person keinen Zugang hat, zum Beispiel „Fachkraft des Trägers“.",
        }
        widgets = {"person": LeanSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        known = User.objects.active()
        if self.instance.person_id:
            known |= User.objects.filter(pk=self.instance.person_id)
        self.fields["person"].queryset = known
