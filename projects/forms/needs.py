"""Forms about needs (K15)."""

from django import forms
from django.utils import timezone

from concerns.forms.answers import OutcomeForm
from concerns.models import Concern
from districts.forms.base import MasterDataForm
from districts.forms.fields import offer_keepers, offered
from districts.forms.versions import VersionedForm
from districts.models import ActionField, Department, District, TargetGroup, User
from districts.roles import Perm
from projects.models import Need, NeedEvidence, Project, Session
from projects.workflow import NEED_MOVES, NeedStatus
from quartier.web.forms import LeanSelect, QuartierForm

OWN_DISTRICT = "Bitte mindestens eines Ihrer Quartiere ankreuzen."
NO_NAMES = "In eigenen Worten, ohne Namen von Menschen: Diese Worte stehen auf Tagesordnungen und in Themenmeldungen."
MOST_CHOSEN = 200


class ChosenField(forms.TypedMultipleChoiceField):
    """Ids of chosen rows, as they are sent; which of them this person may use is decided by the query for them."""

    def __init__(self, **extra):
        super().__init__(coerce=int, required=False, widget=forms.MultipleHiddenInput, **extra)

    def valid_value(self, value) -> bool:
        return str(value).isdecimal()

    def clean(self, value) -> list[int]:
        """Ids that the database could hold."""
        if len(value or ()) > MOST_CHOSEN:
            raise forms.ValidationError(f"Höchstens {MOST_CHOSEN} Anliegen auf einmal.")
        return [pk for pk in super().clean(value) if pk < 2**63]


class NeedForm(VersionedForm):
    """A need in the team's own words; its status has steps of its own."""

    constraint_messages = {
        "need_says_what": (None, "Titel und Problemlage dürfen nicht leer sein."),
        "need_confirmed_after_first_seen": ("first_seen_on", "Das liegt nach der letzten Bestätigung."),
    }

    class Meta:
        model = Need
        fields = [
            *("title", "priority", "districts", "problem", "solutions", "action_fields", "target_groups"),
            *("departments", "first_seen_on", "keeper"),
        ]
        widgets = {
            "districts": forms.CheckboxSelectMultiple,
            "action_fields": forms.CheckboxSelectMultiple,
            "target_groups": forms.CheckboxSelectMultiple,
            "departments": forms.CheckboxSelectMultiple,
            "problem": forms.Textarea(attrs={"rows": 6}),
            "solutions": forms.Textarea(attrs={"rows": 3}),
            "priority": LeanSelect,
        }
        help_texts = {
            "title": "Kurz, wie es auf einer Tagesordnung stehen soll.",
            "problem": NO_NAMES,
            "solutions": "Was helfen könnte. Steht auch in Themenmeldungen.",
            "keeper": "In dessen Arbeitskorb erscheint es, wenn es zu bestätigen ist. Leer: beim Team des Quartiers.",
        }

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, today = user, timezone.localdate()
        stored = self.instance if self.instance.pk else None
        own = list(user.rights.districts(Perm.EDIT_NEEDS))
        districts, departments = District.objects.valid_on(today), Department.objects.valid_on(today)
        if stored:
            districts |= District.objects.filter(pk__in=self._chosen("districts"))
            departments |= Department.objects.filter(pk__in=self._chosen("departments"))
        self.fields["districts"].queryset = districts.defer("boundary")
        self.fields["departments"].queryset = departments
        self.fields["action_fields"].queryset = offered(ActionField, self._chosen("action_fields"))
        self.fields["target_groups"].queryset = offered(TargetGroup, self._chosen("target_groups"))
        offer_keepers(self.fields["keeper"], own, stored.keeper_id if stored else None)
        if not stored and len(own) == 1:
            self.initial.setdefault("districts", own)

    def _chosen(self, name: str) -> list[int]:
        return [getattr(one, "pk", one) for one in self.initial.get(name) or ()]

    def clean(self):
        """Whoever enters a need keeps the right to change it."""
        data = super().clean()
        own = self.user.rights.districts(Perm.EDIT_NEEDS)
        if "districts" in data and not any(one.pk in own for one in data["districts"]):
            self.add_error("districts", OWN_DISTRICT)
        return data

    def clean_first_seen_on(self):
        """Not in the future."""
        day = self.cleaned_data["first_seen_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("Das liegt in der Zukunft.")
        return day

    def _post_clean(self) -> None:
        """The action moves the last confirmation along with the day it was first seen."""
        day = self.cleaned_data.get("first_seen_on")
        if day and self.instance.confirmed_on < day:
            self.instance.confirmed_on = day
        super()._post_clean()


class NeedStatusForm(QuartierForm):
    """What has become of a need."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    status = forms.ChoiceField(label="Neuer Stand", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Warum es nicht weiterverfolgt wird", max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Bleibt am Thema stehen und steht in der Auswertung.",
    )  # fmt: skip

    def __init__(self, *args, need: Need, **kwargs):
        super().__init__(*args, **kwargs)
        allowed = NEED_MOVES[need.status]
        self.fields["status"].choices = [one for one in NeedStatus.choices if one[0] in allowed]
        self.initial.setdefault("version", need.version)

    def clean(self):
        """A dropped one says why."""
        data = super().clean()
        if data.get("status") == NeedStatus.DROPPED and not data.get("reason"):
            self.add_error("reason", "Bitte schreiben, warum das Thema nicht weiterverfolgt wird.")
        return data


class EvidenceForm(MasterDataForm):
    """What else shows a need."""

    constraint_messages = {
        "need_evidence_link_is_safe": ("link", "Bitte eine Seite hier („/…“) oder eine Adresse mit „https://“."),
        "need_evidence_says_what": ("text", "Bitte füllen Sie dieses Feld aus."),
    }

    class Meta:
        model = NeedEvidence
        fields = ["kind", "text", "source", "link", "on"]
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"source": "Zum Beispiel „Befragung des Seniorenkreises“ oder „Protokoll vom 12. März“."}


class ChosenConcernsForm(QuartierForm):
    """Concerns that were chosen somewhere else, and the theme they belong to."""

    c = ChosenField()
    query = forms.CharField(required=False, widget=forms.HiddenInput, max_length=2000)
    need = forms.ModelChoiceField(
        label="Thema", queryset=Need.objects.none(), required=False, empty_label="Bitte wählen"
    )

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["need"].queryset = Need.objects.editable_by(user).open().only("title")

    def clean(self):
        """Something must have been chosen."""
        data = super().clean()
        if not data.get("c") and "c" not in self.errors:
            self.add_error(None, "Bitte zuerst Anliegen in der Liste auswählen.")
        return data


class AgendaForm(QuartierForm):
    """Which session a need goes to."""

    session = forms.ModelChoiceField(label="Sitzung", queryset=Session.objects.none(), empty_label="Bitte wählen")

    def __init__(self, *args, sessions, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["session"].queryset = sessions
        self.fields["session"].label_from_instance = lambda one: f"{one.on:%d.%m.%Y}: {one.body.name}"


class NeedProjectForm(QuartierForm):
    """A new project for a need, or one that is there."""

    title = forms.CharField(label="Titel des neuen Projekts", max_length=160, required=False)
    project = forms.ModelChoiceField(
        label="oder ein vorhandenes Projekt", queryset=Project.objects.none(), required=False,
        empty_label="ein neues anlegen",
    )  # fmt: skip

    def __init__(self, *args, need: Need, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["title"].initial = need.title
        found = Project.objects.editable_by(user).under_way().exclude(need_links__need=need)
        self.fields["project"].queryset = found.only("title")

    def clean(self):
        """One of the two."""
        data = super().clean()
        if not data.get("project") and not data.get("title"):
            self.add_error("title", "Bitte einen Titel angeben oder ein Projekt wählen.")
        return data


class NewsAnswerForm(OutcomeForm):
    """The news of a theme as the answer to one concern."""

    def __init__(self, *args, concern: Concern, **kwargs):
        super().__init__(*args, **kwargs)
        self.concern = concern


class HandOverForm(QuartierForm):
    """Who keeps somebody's needs from now on."""

    to = forms.ModelChoiceField(
        label="Behält sie künftig im Blick", queryset=User.objects.none(), required=False,
        empty_label="niemand Bestimmtes: das Team des Quartiers",
    )  # fmt: skip

    def __init__(self, *args, person: User, **kwargs):
        super().__init__(*args, **kwargs)
        found = User.objects.teams_of([], on=timezone.localdate()).exclude(pk=person.pk)
        self.fields["to"].queryset = found.distinct()
