"""Forms about plans and goals."""

from django import forms
from django.utils import timezone

from districts.forms.versions import VersionedForm
from districts.models import ActionField, District
from projects.models import ActionPlan, Goal
from projects.planning import COLOURS, MeasureStatus
from quartier.web.forms import LeanSelect, QuartierForm

from .plan_fields import MonthField


class PlanForm(VersionedForm):
    """A plan while it is written."""

    as_of = MonthField(label="Stand (Monat)")

    class Meta:
        model = ActionPlan
        fields = [
            *("title", "kind", "districts", "area", "as_of", "authors", "studies", "problems", "vision"),
            *("update_due_on", "is_sample"),
        ]
        widgets = {
            "districts": forms.CheckboxSelectMultiple,
            "studies": forms.Textarea(attrs={"rows": 3}),
            "problems": forms.Textarea(attrs={"rows": 5}),
            "vision": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "area": "Wenn der Plan nicht genau für ganze Quartiere gilt, zum Beispiel ein Fördergebiet.",
            "authors": "Büros, Hochschulen, Fachbereiche.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["districts"].queryset = District.objects.defer("boundary")

    def clean(self):
        """A plan says where it holds."""
        data = super().clean()
        if "districts" in data and not data["districts"] and not data.get("area"):
            self.add_error("districts", "Bitte Quartiere wählen oder das Gebiet in Worten angeben.")
        return data


class AdoptForm(QuartierForm):
    """What the council has decided, of the draft as the person saw it."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=120)
    decision = forms.CharField(label="Beschluss", max_length=200, help_text="Gremium und Vorlage.")
    decided_on = forms.DateField(label="Beschlossen am", initial=timezone.localdate)


class DiscardForm(QuartierForm):
    """Why a draft is given up."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=120)
    reason = forms.CharField(label="Grund", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    sure = forms.BooleanField(label="Ja, diesen Entwurf mit allem verwerfen, was nur in ihm steht")

    def clean(self):
        """The confirmation is no part of what is kept."""
        data = super().clean()
        data.pop("sure", None)
        return data


class UpdateForm(QuartierForm):
    """The month the next version stands for."""

    as_of = MonthField(label="Stand der neuen Fassung (Monat)")


class UpdateDueForm(QuartierForm):
    """By when a plan in force is to be updated."""

    update_due_on = forms.DateField(label="Fortschreibung fällig am", required=False)


class GoalForm(VersionedForm):
    """An Oberziel."""

    known = frozenset({"plan"})
    constraint_messages = {"goal_title_once": ("title", "Dieses Oberziel hat der Plan schon.")}

    class Meta:
        model = Goal
        fields = ["position", "title", "description", "problem", "action_fields"]
        widgets = {
            "action_fields": forms.CheckboxSelectMultiple,
            "description": forms.Textarea(attrs={"rows": 3}),
            "problem": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args, plan: ActionPlan, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["action_fields"].queryset = ActionField.objects.filter(is_active=True)
        if not self.instance.pk:
            self.instance.plan = plan
            self.fields["position"].initial = plan.goals.count() + 1


class TableauFilter(QuartierForm):
    """Which rows of the table are shown."""

    status = forms.ChoiceField(label="Farbe", required=False, widget=LeanSelect)
    goal = forms.ModelChoiceField(
        label="Oberziel", queryset=Goal.objects.none(), required=False, empty_label="alle", widget=LeanSelect
    )
    field = forms.ModelChoiceField(
        label="Handlungsfeld", queryset=ActionField.objects.none(), required=False, empty_label="alle",
        widget=LeanSelect,
    )  # fmt: skip

    def __init__(self, *args, plan: ActionPlan, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = [("", "alle"), *((one.value, COLOURS[one]) for one in MeasureStatus)]
        self.fields["goal"].queryset = plan.goals.all()
        fields = ActionField.objects.filter(pk__in=plan.goals.values("action_fields"))
        self.fields["field"].queryset = fields

    @property
    def chosen(self) -> dict:
        """What narrows the table."""
        data = self.cleaned_data
        found = {"status": data["status"]}
        found |= {"goal": data["goal"].pk if data["goal"] else None}
        return found | {"action_field": data["field"].pk if data["field"] else None}
