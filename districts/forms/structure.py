"""Forms about the classification of districts and their steering structure."""

from django import forms
from django.utils import timezone

from districts.forms.places import VALIDITY, VALIDITY_HINTS
from districts.forms.versions import VersionedForm
from districts.models import District, DistrictClassification, DistrictStructure, User
from districts.roles import OFFICE_ROLES


class ClassificationForm(VersionedForm):
    """How a district is classified, for a time."""

    constraint_messages = {
        "classification_in_order": ("valid_to", VALIDITY),
        "classification_once_at_a_time": ("district", "Das Quartier ist in dieser Zeit schon so eingestuft."),
    }

    class Meta:
        model = DistrictClassification
        fields = ["district", "kind", "basis", "valid_from", "valid_to"]
        help_texts = VALIDITY_HINTS | {"basis": "Zum Beispiel „Sozialentwicklungsplan 2015“."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["district"].queryset = District.objects.defer("boundary")


class StructureForm(VersionedForm):
    """Who steers in a district."""

    version = forms.IntegerField(widget=forms.HiddenInput, initial=0)
    constraint_messages = {
        "structure_deputy_is_somebody_else": ("deputy", "Die Vertretung muss eine andere Person sein."),
    }

    class Meta:
        model = DistrictStructure
        fields = ["coordinator", "deputy", "political", "administrative", "escalation"]
        widgets = {name: forms.Textarea(attrs={"rows": 3}) for name in ("political", "administrative", "escalation")}
        help_texts = {
            "political": "Zum Beispiel Stadtteilbeirat, Kommission, Bezirksvertretung.",
            "administrative": "Zum Beispiel Lenkungsgruppe, Stadtteilbeauftragte.",
            "escalation": "Wer entscheidet der Reihe nach, wenn sich Fachbereiche nicht einigen.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "version" not in self.fields:  # nobody has said anything yet: version 0
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, initial=0)
        known = [one for one in (self.instance.coordinator_id, self.instance.deputy_id) if one]
        office = User.objects.with_role(*OFFICE_ROLES, on=timezone.localdate())
        choices = User.objects.filter(pk__in=[*office.values_list("pk", flat=True), *known])
        self.fields["coordinator"].queryset = self.fields["deputy"].queryset = choices
