"""Forms about how far goals and measures are reached: indicators, values, evidence, assessments, corrections (D06)."""

from django import forms
from django.utils import timezone

from districts.forms.base import MasterDataForm
from districts.forms.versions import VersionedForm
from projects.models import Goal, GoalAssessment, GoalEvidence, GoalIndicator, GoalValue, Measure
from quartier.web.forms import QuartierForm

from .plan_fields import EuroField

YEAR = {"min_value": 1950, "max_value": 2199}


class IndicatorForm(VersionedForm):
    """What shows whether a goal comes nearer, or what a measure brings; of a measure the system counts nothing."""

    known = frozenset({"goal", "measure"})
    constraint_messages = {
        "goal_indicator_name_once": ("name", "Diesen Indikator hat das Oberziel schon."),
        "measure_indicator_name_once": ("name", "Diesen Indikator hat die Maßnahme schon."),
        "goal_indicator_years_in_order": ("target_year", "Das Zieljahr liegt vor dem Ausgangsjahr."),
        "goal_indicator_system_counts_output": ("counted", "Selbst zählt das System nur Leistungen (Output)."),
    }
    baseline = EuroField(label="Ausgangswert", max_digits=14, min_value=None)
    target = EuroField(label="Zielwert", max_digits=14, min_value=None)
    baseline_year = forms.IntegerField(label="im Jahr", required=False, **YEAR)
    target_year = forms.IntegerField(label="bis zum Jahr", required=False, **YEAR)

    class Meta:
        model = GoalIndicator
        fields = ["name", "kind", "counted", "unit", "baseline", "baseline_year", "target", "target_year", "source"]

    def __init__(self, *args, goal: Goal, measure: Measure | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.instance.goal, self.instance.measure = goal, measure
        if self.instance.measure_id:
            del self.fields["counted"]


class ValueForm(QuartierForm):
    """The value of a year."""

    year = forms.IntegerField(label="Jahr", **YEAR)
    value = EuroField(label="Wert", required=True, max_digits=14, min_value=None)
    note = forms.CharField(label="Anmerkung", max_length=300, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].initial = timezone.localdate().year


class EvidenceForm(MasterDataForm):
    """Something that cannot be counted."""

    class Meta:
        model = GoalEvidence
        fields = ["kind", "text", "source", "on"]
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "text": "Bitte „Beitrag zu …“ schreiben: Was genau wirkt, lässt sich im Quartier nicht beweisen.",
            "source": "Eine Einrichtung oder eine Zeitung, keine Namen von Bewohnerinnen und Bewohnern.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate()


class AssessForm(MasterDataForm):
    """How far a goal has been reached."""

    class Meta:
        model = GoalAssessment
        fields = ["result", "reason", "on"]
        widgets = {"result": forms.RadioSelect, "reason": forms.Textarea(attrs={"rows": 4})}
        help_texts = {"reason": "Woran das zu sehen ist. Der Plan leistet einen Beitrag zu einem Ziel."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate()
        self.fields["result"].choices = GoalAssessment.Result.choices


class _Correcting(forms.Form):
    """What holds instead of a record, or nothing; the record is struck either way and stays to be read."""

    why = forms.CharField(label="Warum der bisherige Eintrag nicht stimmt", max_length=300)
    only_strike = forms.BooleanField(
        label="Nur streichen, nichts stattdessen eintragen", required=False,
        help_text="Der bisherige Eintrag bleibt in beiden Fällen lesbar.",
    )  # fmt: skip
    field_order = ["why", "only_strike"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.is_bound and self.data.get("only_strike"):
            for name in set(self.fields) - {"why"}:
                self.fields[name].required = False

    def _post_clean(self) -> None:
        if not self.cleaned_data.get("only_strike"):
            super()._post_clean()


class CorrectValueForm(_Correcting, ValueForm):
    """Another value of a year."""


class CorrectEvidenceForm(_Correcting, EvidenceForm):
    """Other evidence."""


class CorrectAssessmentForm(_Correcting, AssessForm):
    """Another assessment."""


def correction_form(record: GoalValue | GoalEvidence | GoalAssessment, data) -> QuartierForm:
    """The form that corrects a record, filled with what it says."""
    names = {
        GoalValue: (CorrectValueForm, ("year", "value", "note")),
        GoalEvidence: (CorrectEvidenceForm, ("kind", "text", "source", "on")),
        GoalAssessment: (CorrectAssessmentForm, ("result", "reason", "on")),
    }
    form, fields = names[type(record)]
    return form(data, initial={name: getattr(record, name) for name in fields})
