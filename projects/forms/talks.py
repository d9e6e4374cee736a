"""The form of a coordination talk (Z21)."""

from django import forms
from django.utils import timezone

from districts.forms.versions import VersionedForm
from districts.models import Department, District, User
from districts.roles import Perm
from projects.models import CoordinationTalk

OWN_DISTRICT = "Bitte mindestens eines Ihrer Quartiere ankreuzen, oder keines: für die ganze Stadt."


class TalkForm(VersionedForm):
    """Who agreed with whom on what: departments and functions, nothing about residents."""

    constraint_messages = {"coordination_talk_says_what": (None, "Thema, Beteiligte und Ergebnis gehören dazu.")}

    class Meta:
        model = CoordinationTalk
        fields = ["topic", "on", "departments", "districts", "attendees", "result"]
        widgets = {
            "departments": forms.CheckboxSelectMultiple,
            "districts": forms.CheckboxSelectMultiple,
            "attendees": forms.Textarea(attrs={"rows": 2}),
            "result": forms.Textarea(attrs={"rows": 6}),
        }
        help_texts = {
            "topic": "Ohne Namen von Bewohnerinnen und Bewohnern.",
            "departments": "Diese Fachbereiche können das Gespräch mit seinem Ergebnis lesen.",
            "districts": "Nichts angekreuzt: für die ganze Stadt.",
            "attendees": "Nach Funktion, zum Beispiel „Leitung FB 56, Sachgebiet Grün, Quartiersmanagement Ost“.",
            "result": "Was vereinbart ist: wer was bis wann tut. Bitte ohne Namen und Angaben von Bewohnerinnen und "
            "Bewohnern; auf ein Anliegen mit seiner Nummer verweisen.",
        }

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, today = user, timezone.localdate()
        districts, departments = District.objects.valid_on(today), Department.objects.valid_on(today)
        if self.instance.pk:
            districts |= District.objects.filter(pk__in=[one.pk for one in self.initial["districts"]])
            departments |= Department.objects.filter(pk__in=[one.pk for one in self.initial["departments"]])
        self.fields["districts"].queryset = districts.defer("boundary")
        self.fields["departments"].queryset = departments

    def clean_on(self):
        """What was agreed is recorded afterwards."""
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError("Das liegt in der Zukunft. Ein Gespräch wird danach festgehalten.")
        return day

    def clean_districts(self):
        """Managers record talks of their own districts or of the whole city."""
        districts, own = self.cleaned_data["districts"], self.user.rights.districts(Perm.EDIT_BODIES)
        free = self.user.rights.can(Perm.EDIT_ALL_BODIES) or not districts
        if not free and not any(one.pk in own for one in districts):
            raise forms.ValidationError(OWN_DISTRICT)
        return districts
