"""Forms about assignments: what they are, terms, decisions, carriers, organisation."""

from django import forms
from django.utils import timezone

from districts.assigning import Status
from districts.forms.base import MasterDataForm
from districts.forms.fields import ActorField, offered
from districts.forms.places import VALIDITY, VALIDITY_HINTS
from districts.forms.versions import VersionedForm
from districts.models import (
    Actor,
    Assignment,
    AssignmentCarrier,
    AssignmentDecision,
    AssignmentTerm,
    District,
    Programme,
    User,
)
from quartier.web.forms import LeanSelect

_NAME_TAKEN = {"name": {"unique": "Einen Einsatz mit dieser Bezeichnung gibt es schon."}}


class AssignmentForm(VersionedForm):
    """What an assignment is; its state, end, carriers and organisation have their own steps."""

    known = frozenset({"ends_on"})
    constraint_messages = {
        "assignment_dates_in_order": ("starts_on", "Der Beginn liegt nach dem Ende des Einsatzes."),
        "assignment_thematic_has_theme": ("theme", "Ein thematischer Einsatz braucht ein Thema."),
        "assignment_not_own_predecessor": ("predecessor", "Ein Einsatz ist nicht sein eigener Vorläufer."),
    }

    class Meta:
        model = Assignment
        fields = [
            *("name", "type", "theme", "programme", "districts", "starts_on"),
            *("decision_reference", "strategy_note", "predecessor"),
        ]
        widgets = {
            "districts": forms.CheckboxSelectMultiple,
            "strategy_note": forms.Textarea(attrs={"rows": 3}),
            "predecessor": LeanSelect,
        }
        help_texts = {
            "theme": "Zum Beispiel „Altengerechtes Quartier“.",
            "starts_on": "Leer: nicht bekannt.",
            "predecessor": "Der Einsatz, der von diesem fortgeführt wird.",
            "decision_reference": "Zum Beispiel die Nummer der Vorlage.",
        }
        error_messages = _NAME_TAKEN

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        stored = self.instance if self.instance.pk else None
        districts = District.objects.valid_on(timezone.localdate())
        if stored:
            districts |= District.objects.filter(pk__in=[one.pk for one in self.initial["districts"]])
        self.fields["districts"].queryset = districts.defer("boundary")
        self.fields["programme"].queryset = offered(Programme, [stored.programme_id] if stored else ())
        others = Assignment.objects.visible_to(user).exclude(pk=stored.pk if stored else None)
        self.fields["predecessor"].queryset = others


class NewAssignmentForm(AssignmentForm):
    """The same with what is changed by steps of its own later: carrier, state, end."""

    carrier = ActorField(label="Träger", help_text="Ein Akteur mit Trägertyp, auch die Stadt selbst.")

    constraint_messages = AssignmentForm.constraint_messages | {"assignment_dates_in_order": ("ends_on", VALIDITY)}

    class Meta(AssignmentForm.Meta):
        fields = [*AssignmentForm.Meta.fields, "status", "ends_on"]
        help_texts = AssignmentForm.Meta.help_texts | {"ends_on": "Leer: unbefristet oder noch offen."}

    field_order = [
        *("name", "type", "theme", "programme", "districts", "carrier", "status", "starts_on", "ends_on"),
        *("decision_reference", "strategy_note", "predecessor"),
    ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["carrier"].queryset = Actor.objects.present().exclude(carrier_type="")
        first = [Status.AIMED, Status.APPLIED, Status.DECIDED, Status.RUNNING]
        self.fields["status"].choices = [(one.value, one.label) for one in first]


class TermForm(MasterDataForm):
    """A step in the history of the end."""

    class Meta:
        model = AssignmentTerm
        fields = ["reason", "ends_on", "on", "reference"]
        help_texts = {
            "ends_on": "Der letzte Tag zählt noch mit. Bei „entfristet“ leer lassen.",
            "reason": "„Verlängerung beantragt“ ändert das Ende noch nicht.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate()

    def _check_constraints(self, exclude: set[str]) -> None:
        """What holds between old and new end the action checks, in words that name both."""


class DecisionForm(MasterDataForm):
    """What becomes of an assignment at its end."""

    new_end = forms.DateField(
        label="Neues Ende", required=False, help_text="Nur beim Verlängern, wenn es schon feststeht."
    )

    class Meta:
        model = AssignmentDecision
        fields = ["choice", "reason", "on", "reference"]
        widgets = {"choice": forms.RadioSelect, "reason": forms.Textarea(attrs={"rows": 4})}

    field_order = ["choice", "new_end", "reason", "on", "reference"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate()
        self.fields["choice"].choices = AssignmentDecision.Choice.choices


class CarrierForm(VersionedForm):
    """An actor's time as carrier or partner."""

    actor = ActorField(label="Akteur", help_text="Ein Akteur mit Trägertyp, auch die Stadt selbst.")
    constraint_messages = {"assignment_carrier_in_order": ("valid_to", VALIDITY)}

    class Meta:
        model = AssignmentCarrier
        fields = ["actor", "role", "valid_from", "valid_to"]
        help_texts = VALIDITY_HINTS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["actor"].queryset = Actor.objects.present().exclude(carrier_type="")


class ModelForm(VersionedForm):
    """How an assignment is organised."""

    steering_actor = ActorField(label="Prozesssteuerung", required=False)
    planning_actor = ActorField(label="Planung", required=False)
    community_actor = ActorField(label="Gemeinwesenarbeit", required=False)

    class Meta:
        model = Assignment
        fields = [
            *("model", "steering_actor", "steering_is_qm", "planning_actor", "planning_is_qm"),
            *("community_actor", "community_is_qm"),
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("steering", "planning", "community"):
            self.fields[f"{name}_actor"].queryset = Actor.objects.present()
            self.fields[f"{name}_is_qm"].label = "gehört zum Quartiersmanagement"
