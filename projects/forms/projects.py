"""Forms about projects: what they are, who takes part, the steps to their end, the check of their effect."""

from django import forms
from django.utils import timezone

from concerns.models import Concern
from concerns.workflow import ReasonCategory
from districts.forms.base import MasterDataForm
from districts.forms.fields import ActorField, offered
from districts.forms.versions import VersionedForm
from districts.models import ActionField, Actor, Department, District, Programme, TargetGroup, User
from districts.roles import Perm, Role
from projects.models import EffectCheck, Project, ProjectPartner
from projects.workflow import PROJECT_MOVES, REALISED, ProjectStatus
from quartier.web.forms import LeanSelect, QuartierForm

SETS = {"action_fields": ActionField, "target_groups": TargetGroup}
OWN_DISTRICT = "Bitte mindestens eines Ihrer Quartiere ankreuzen, oder keines: dann gilt es für die ganze Stadt."
ORDER = "Das Ende liegt vor dem Anfang."
PARTICIPATION = ("participation", "open_points", "fixed_points", "decided_by", "report_on")
PARTICIPATION_HINTS = {
    "participation": "Steht auch öffentlich dabei, damit alle wissen, woran sie sind.",
    "report_on": "An diesem Tag erinnert der Arbeitskorb daran, das Ergebnis zu berichten.",
}
NOBODYS = "Ein Projekt der ganzen Stadt hat kein Team: Bitte wählen, wer es im Blick behält."
PROJECT_KEEPERS = (Role.MANAGER, Role.PLANNING)  # only they may answer whether a project still works
KEEPERS = (*PROJECT_KEEPERS, Role.ASSISTANT)


def keepers(chosen: int | None, roles: tuple[Role, ...] = KEEPERS):
    """Who may keep something in view: teams and Sozialplanung of today, and who does already."""
    people = User.objects.with_role(*roles, on=timezone.localdate())
    return (people | User.objects.filter(pk=chosen)).distinct() if chosen else people.distinct()


class ProjectForm(VersionedForm):
    """A project; partners, tasks, concerns and steps have forms of their own."""

    lead = ActorField(
        label="Federführung", required=False,
        help_text="Leer: das Quartiersmanagement selbst. Sonst Name eintippen und aus der Liste wählen.",
    )  # fmt: skip
    qualities = forms.MultipleChoiceField(
        label="Das Projekt ist", choices=Project.Quality, required=False, widget=forms.CheckboxSelectMultiple
    )
    since = forms.DateField(
        label="Idee seit", required=False,
        help_text="Leer: heute. Früher, wenn das Projekt älter ist; weitere Schritte bekommen ihren eigenen Tag.",
    )  # fmt: skip
    constraint_messages = {"project_dates_in_order": ("ends_on", ORDER)}

    class Meta:
        model = Project
        fields = [
            *("title", "motto", "description", "goals", "districts", "origin", "programme", "part", "lead", "keeper"),
            *("action_fields", "target_groups", "qualities", "phase", "starts_on", "ends_on"),
            *PARTICIPATION,
            *("participants", "is_estimate", "results", "lessons", "continued_by", "outlook", "is_public"),
        ]
        widgets = {
            "description": forms.Textarea(attrs={"rows": 5}),
            "goals": forms.Textarea(attrs={"rows": 3}),
            "results": forms.Textarea(attrs={"rows": 4}),
            "lessons": forms.Textarea(attrs={"rows": 3}),
            "outlook": forms.Textarea(attrs={"rows": 3}),
            "districts": forms.CheckboxSelectMultiple,
            "action_fields": forms.CheckboxSelectMultiple,
            "target_groups": forms.CheckboxSelectMultiple,
        }
        help_texts = {
            "description": "Ohne Namen von Personen: Das lesen alle Teams, die Sozialplanung und die Partner.",
            "goals": "Je Zeile ein Ziel.",
            "districts": "Nichts angekreuzt: in der ganzen Stadt.",
            "ends_on": "Der letzte Tag. Leer: ohne festes Ende.",
            "keeper": "In dessen Arbeitskorb kommen Aufgaben und die Frage nach der Wirkung.",
            "outlook": "Was es dafür braucht, welches Vorhaben folgt. Partner lesen es auch; Beträge gehören zur "
            "Finanzierung.",
            "continued_by": "Eine Einrichtung, eine Gruppe oder ein Verein, keine Privatperson.",
            "is_public": "Titel, Motto, Beschreibung, Zeitraum und Beteiligung stehen dann auf der öffentlichen Seite "
            "des Quartiers, sobald es mehr als eine Idee ist.",
            **PARTICIPATION_HINTS,
        }

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        stored = self.instance if self.instance.pk else None
        self.fields["since"].initial = timezone.localdate()
        if stored:
            del self.fields["since"]
        for name, model in SETS.items():
            chosen = self.initial.get(name) or ()
            self.fields[name].queryset = offered(model, [getattr(one, "pk", one) for one in chosen])
        districts = District.objects.valid_on(timezone.localdate())
        if stored:
            districts |= District.objects.filter(pk__in=[one.pk for one in self.initial.get("districts") or ()])
        self.fields["districts"].queryset = districts.defer("boundary")
        self.fields["programme"].queryset = offered(Programme, [stored.programme_id] if stored else ())
        self.fields["lead"].queryset = Actor.objects.visible_to(user)
        self.fields["keeper"].queryset = keepers(stored.keeper_id if stored else None, PROJECT_KEEPERS)
        self.fields["keeper"].empty_label = "niemand Bestimmtes: das Team des Quartiers"

    def clean_since(self):
        """An idea is never one to come."""
        since = self.cleaned_data["since"]
        if since and since > timezone.localdate():
            raise forms.ValidationError("Dieser Tag liegt in der Zukunft.")
        return since

    def clean_districts(self):
        """Whoever enters a project keeps the right to change it."""
        districts, own = self.cleaned_data["districts"], self.user.rights.districts(Perm.EDIT_PROJECTS)
        free = self.user.rights.can(Perm.EDIT_ALL_PROJECTS) or not districts
        if not free and not any(one.pk in own for one in districts):
            raise forms.ValidationError(OWN_DISTRICT)
        return districts

    def clean(self):
        """A project of a programme names it; who has continued it is not taken away again."""
        data = super().clean()
        if data.get("origin") == Project.Origin.PROGRAMME and not data.get("programme"):
            self.add_error("programme", "Bitte das Programm wählen, aus dem das Projekt kommt.")
        if "districts" in data and not data["districts"] and not data.get("keeper") and "keeper" not in self.errors:
            self.add_error("keeper", NOBODYS)
        if self.instance.status == ProjectStatus.CONTINUED and not data.get("continued_by"):
            self.add_error("continued_by", "Das Projekt ist verstetigt: Bitte nennen, wer es weiterführt.")
        return data


class PartnerForm(MasterDataForm):
    """Who takes part: an actor, a department, or somebody by name."""

    known = frozenset({"project"})
    actor = ActorField(label="Akteur", required=False)
    constraint_messages = {
        "project_partner_is_one": (None, "Bitte genau eines angeben: Akteur, Fachbereich oder freier Name."),
        "project_partner_shared_is_actor": ("is_shared", "Das gilt nur für einen Akteur."),
        **{
            f"project_partner_{what}_once": (what, "Ist schon dabei.") for what in ("actor", "department", "name")
        },
    }  # fmt: skip

    class Meta:
        model = ProjectPartner
        fields = ["actor", "department", "name", "role", "note", "is_shared"]
        help_texts = {
            "name": "Für eine Stelle oder Gruppe, die nicht im Verzeichnis steht, zum Beispiel „Bewohnerinnen und "
            "Bewohner“.",
            "is_shared": "Der Träger sitzt mit im Stadtteilbüro; es ist ein gemeinsames Projekt.",
        }

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["actor"].queryset = Actor.objects.visible_to(user)
        departments = Department.objects.valid_on(timezone.localdate())
        self.fields["department"].queryset = departments | Department.objects.filter(pk=self.instance.department_id)


class LinkForm(QuartierForm):
    """A concern that belongs to a project, by its number."""

    number = forms.CharField(label="Nummer des Anliegens", max_length=12, help_text="Zum Beispiel 2026-00123.")

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self):
        """Only concerns of the own team."""
        data = super().clean()
        if number := data.pop("number", ""):
            data["concern"] = Concern.objects.for_team(self.user).filter(number=number).first()
            if data["concern"] is None:
                self.add_error("number", "Kein Anliegen Ihres Teams mit dieser Nummer.")
        return data


class StepForm(QuartierForm):
    """The next step of a project; what its end needs is asked when it is chosen."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    to = forms.ChoiceField(label="Neuer Stand", widget=forms.RadioSelect)
    on = forms.DateField(label="Seit")
    results = forms.CharField(
        label="Ergebnisse", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    participants = forms.IntegerField(label="Teilnehmende", required=False, min_value=0, max_value=1_000_000)
    is_estimate = forms.BooleanField(label="Geschätzt", required=False)
    lessons = forms.CharField(
        label="Was wir gelernt haben", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    continued_by = forms.CharField(
        label="Wer führt es weiter?", max_length=200, required=False,
        help_text="Eine Einrichtung, eine Gruppe oder ein Verein. Leer: noch niemand.",
    )  # fmt: skip
    outlook = forms.CharField(
        label="Wie es weitergeht", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    drop_reason = forms.ChoiceField(
        label="Grund", choices=[("", "Bitte wählen"), *ReasonCategory.choices], required=False, widget=LeanSelect
    )
    drop_text = forms.CharField(
        label="Warum es nicht umgesetzt wird", max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}), help_text="In Worten, die alle verstehen.",
    )  # fmt: skip
    news = forms.CharField(
        label="Was die Menschen hören sollen, die das angestoßen haben", max_length=4000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Am Ende des Projekts kommen sie damit in die Liste „Rückmeldung offen“, auch wenn es ein Nein ist.",
    )  # fmt: skip

    def __init__(self, *args, project: Project, waiting: list[Concern], **kwargs):
        super().__init__(*args, **kwargs)
        self.project, self.waiting = project, waiting
        moves = PROJECT_MOVES[project.status]
        self.fields["to"].choices = [one for one in ProjectStatus.choices if one[0] in moves]
        if not waiting:
            del self.fields["news"]
        first = {name: getattr(project, name) for name in self.fields if hasattr(project, name)}
        self.initial = {**first, "on": timezone.localdate(), **self.initial}

    def clean(self):
        """What the chosen end needs; what belongs to another end is left out."""
        data = super().clean()
        to = data.get("to")
        if to == ProjectStatus.DROPPED:
            self._need(("drop_reason", "drop_text"))
        if to == ProjectStatus.CONTINUED:
            self._need(("continued_by",), "Bitte nennen, wer es weiterführt.")
        if to in REALISED:
            self._need(("results",), "Bitte kurz festhalten, was herausgekommen ist.")
        if to in REALISED and self.project.is_under_way and self.waiting:
            self._need(("news",), "Diese Menschen warten auf eine Rückmeldung.")
        if to != ProjectStatus.DROPPED:
            data |= {"drop_reason": "", "drop_text": ""}
        elif "news" in data:
            data["news"] = ""  # the field begins with words for a good end; of a no people hear its reason
        return data

    def _need(self, names: tuple[str, ...], text: str = "Das gehört zu einem Nein dazu.") -> None:
        for name in names:
            if not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, text)

    def on_top_of(self, row: Project) -> None:
        """Keep the typed values, now against what is stored."""
        self.data = self.data.copy()
        self.data["version"] = str(row.version)


class CheckForm(QuartierForm):
    """„Wirkt es noch?“"""

    answer = forms.ChoiceField(label="Wirkt es noch?", choices=EffectCheck.Answer, widget=forms.RadioSelect)
    note_text = forms.CharField(
        label="Woran sich das zeigt", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    concerns = forms.ModelMultipleChoiceField(
        label="Diese Anliegen wieder öffnen", queryset=Concern.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Sie stehen dann wieder unter „Neu zu sichten“; die Menschen dahinter bekommen eine neue Antwort.",
    )  # fmt: skip

    def __init__(self, *args, closed, **kwargs):
        super().__init__(*args, **kwargs)
        if closed.exists():
            self.fields["concerns"].queryset = closed
            self.fields["concerns"].label_from_instance = lambda one: f"{one.number} {one.title}"
        else:
            del self.fields["concerns"]

    def clean(self):
        """Less than „hält“ says where it shows; what holds opens nothing again."""
        data = super().clean()
        answer = data.get("answer")
        if answer and answer != EffectCheck.Answer.HOLDS and not data.get("note_text"):
            self.add_error("note_text", "Bitte schreiben, woran sich das zeigt.")
        if answer == EffectCheck.Answer.HOLDS and data.get("concerns"):
            self.add_error("concerns", "Wenn es hält, bleibt alles abgeschlossen.")
        return data
