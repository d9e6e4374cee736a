"""Forms about shared offices."""

from django import forms
from django.utils import timezone

from districts.forms.base import MasterDataForm
from districts.forms.fields import ActorField
from districts.forms.places import VALIDITY, VALIDITY_HINTS
from districts.forms.versions import VersionedForm
from districts.models import Actor, District, Office, OfficeShare, ShareAssessment, ShareMember, User
from districts.roles import Perm
from districts.sharing import LABELS, Status
from quartier.web.forms import QuartierForm


class ShareForm(VersionedForm):
    """What is known about a shared office; its state has a step of its own."""

    constraint_messages = {
        "office_share_once_per_office": ("office", "Für dieses Stadtteilbüro gibt es schon eine Bürogemeinschaft."),
        "office_share_has_place": ("office", "Was beschlossen ist, braucht ein Stadtteilbüro."),
    }
    known = frozenset({"status"})

    class Meta:
        model = OfficeShare
        fields = ["name", "district", "office", "form", "resources", "projects", "agreed_on", "agreement"]
        widgets = {"resources": forms.Textarea(attrs={"rows": 3}), "projects": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "office": "Leer, solange noch kein Ort feststeht.",
            "resources": "Zum Beispiel Räume, Teeküche, Kopierer, Telefonzeiten.",
            "agreement": "Zum Beispiel ein Aktenzeichen.",
        }

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        districts = District.objects.valid_on(timezone.localdate()).defer("boundary")
        if not user.rights.can(Perm.SHARE_ALL_OFFICES):
            districts = districts.filter(pk__in=user.rights.districts(Perm.SHARE_OFFICES))
        if self.instance.pk:
            districts |= District.objects.filter(pk=self.instance.district_id)
        self.fields["district"].queryset = districts
        self.fields["office"].queryset = Office.objects.existing_on(timezone.localdate())

    def clean(self) -> dict:
        """The office serves the district."""
        cleaned = super().clean()
        office, district = cleaned.get("office"), cleaned.get("district")
        if office and district and not office.districts.filter(pk=district.pk).exists():
            self.add_error("office", f"{office} ist nicht für {district} da.")
        return cleaned


class MoveForm(QuartierForm):
    """The next state, and from which day on it holds."""

    status = forms.ChoiceField(label="Neuer Stand", error_messages={"required": "Bitte wählen, welcher Stand folgt."})
    on = forms.DateField(label="Gilt ab", required=False, help_text="Leer: ab heute.")
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, share: OfficeShare, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = share.next_states
        self.fields["version"].initial = share.version

    def clean_on(self):
        """Today unless a day is named; nothing has happened tomorrow."""
        day = self.cleaned_data["on"] or timezone.localdate()
        if day > timezone.localdate():
            raise forms.ValidationError("Dieser Tag liegt in der Zukunft.")
        return day


class MemberForm(VersionedForm):
    """Who belongs to a shared office, with what, and since when."""

    actor = ActorField(label="Träger")
    constraint_messages = {"share_member_in_order": ("valid_to", VALIDITY)}

    class Meta:
        model = ShareMember
        fields = ["actor", "role", "room_share", "hours", "contribution", "valid_from", "valid_to"]
        help_texts = VALIDITY_HINTS | {
            "role": "Zum Beispiel „Untermieter“ oder „Hausherr“.",
            "room_share": "Zum Beispiel „ein Schreibtisch, Gruppenraum an zwei Tagen“.",
            "hours": "Zum Beispiel „Di und Do vormittags“.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        chosen = self.instance.actor_id
        self.fields["actor"].queryset = Actor.objects.active() | Actor.objects.filter(pk=chosen)


class AssessmentForm(MasterDataForm):
    """What speaks for and against it in this quarter."""

    class Meta:
        model = ShareAssessment
        fields = ["on", "pros", "cons", "conclusion"]
        widgets = {"pros": forms.Textarea(attrs={"rows": 4}), "cons": forms.Textarea(attrs={"rows": 4})}

    def clean_on(self):
        """An assessment tells how it is, not how it will be."""
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError("Dieser Tag liegt in der Zukunft.")
        return day


class ShareFilterForm(QuartierForm):
    """The overview by state."""

    status = forms.ChoiceField(label="Stand", required=False, choices=[("", "nicht beendete"), *LABELS.items()])

    @property
    def chosen(self) -> Status | None:
        """The state that is asked for."""
        return Status(self.cleaned_data["status"]) if self.is_valid() and self.cleaned_data["status"] else None
