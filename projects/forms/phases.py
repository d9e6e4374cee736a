"""Forms about the phases of activation."""

from datetime import timedelta

from django import forms
from django.utils import timezone

from districts.forms.base import MasterDataForm
from districts.models import District, User
from districts.roles import Perm
from projects.models import PhaseAssessment
from quartier.web.forms import QuartierForm


class AssessForm(MasterDataForm):
    """In which phase a district is."""

    constraint_messages = {"phase_assessment_once_a_day": ("on", "Für diesen Tag gibt es schon eine Einschätzung.")}

    class Meta:
        model = PhaseAssessment
        fields = ["district", "phase", "on", "evidence", "assessor"]
        widgets = {"evidence": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "evidence": "Was Sie gesehen haben, nicht was Sie hoffen: Gruppen, Treffen, Eigeninitiative.",
            "assessor": "Zum Beispiel „Team des Stadtteilbüros“ oder „Stadtteilkonferenz“.",
        }

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        districts = District.objects.valid_on(timezone.localdate()).defer("boundary")
        if not user.rights.can(Perm.EDIT_ALL_PROJECTS):
            districts = districts.filter(pk__in=user.rights.districts(Perm.EDIT_PROJECTS))
        self.fields["district"].queryset = districts
        self.fields["on"].initial = timezone.localdate()

    def clean_on(self):
        """What is still to come cannot be assessed."""
        if (on := self.cleaned_data["on"]) > timezone.localdate():
            raise forms.ValidationError("Dieser Tag liegt in der Zukunft.")
        return on


class SpanForm(QuartierForm):
    """Two days between which groups and districts may have moved."""

    since = forms.DateField(label="Vom", required=False)
    until = forms.DateField(label="Bis", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["since"].initial, self.fields["until"].initial = today - timedelta(days=365), today

    def clean(self):
        """Without days the last year; in order."""
        data = super().clean()
        today = timezone.localdate()
        if not self.errors:
            data["until"] = data.get("until") or today
            data["since"] = data.get("since") or data["until"] - timedelta(days=365)
            if data["since"] > data["until"]:
                self.add_error("until", "Der zweite Tag liegt vor dem ersten.")
        return data
