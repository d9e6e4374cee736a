"""Forms about measures: the row of a draft, amendments, colours, steering."""

from django import forms
from django.utils import timezone

from districts.forms.versions import VersionedForm
from projects.actions.measures import Added, Parts
from projects.models import ActionPlan, Goal, Measure, MeasureParticipant, Project
from projects.planning import COLOURS, MEASURE_MOVES, MeasureStatus, first_of_month
from quartier.web.forms import QuartierForm

from .plan_fields import LinesField, MonthField, known_actors, known_sources, uncertain

FUNDING_HELP = "Eine Zeile je Quelle. „evtl. LOS“ ist unsicher."
NAMES_HELP = "Eine Zeile je Einrichtung oder Gruppe. Namen aus dem Akteursverzeichnis werden verknüpft."
_ROLES = {"carriers": MeasureParticipant.Role.CARRIER, "participants": MeasureParticipant.Role.PARTICIPANT}


def colour_choices(codes) -> list[tuple[str, str]]:
    """Colours with their words, in the order of the legend."""
    return [(one.value, f"{COLOURS[one]}: {one.label}") for one in MeasureStatus if one in codes]


def fundings_of(lines: list[str]) -> list[tuple]:
    """Source of the list (where there is one), name, whether it is uncertain."""
    pairs = [uncertain(line) for line in lines]
    sources = known_sources([name for name, _ in pairs])
    return [(sources.get(name), name, flag) for name, flag in pairs]


class MeasureForm(VersionedForm):
    """A measure that is new in a draft, in the columns of the table."""

    further = forms.ModelMultipleChoiceField(
        label="Weitere Ziele", queryset=Goal.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    further_text = LinesField(label="Weitere Ziele in Worten", rows=2, help_text="Eine Zeile je Ziel.")
    carriers = LinesField(label="Ausführende Träger", rows=2, help_text=NAMES_HELP)
    participants = LinesField(label="Beteiligte", help_text="Ebenso, auch „Bewohner“ oder „Verein“.")
    fundings = LinesField(label="Sonstige Förderung", rows=2, help_text=FUNDING_HELP)
    added_on = MonthField(label="Aufnahme in das Konzept (Monat)")
    status = forms.ChoiceField(label="Farbe zu Beginn", widget=forms.RadioSelect, initial=MeasureStatus.PLANNED)

    class Meta:
        model = Measure
        fields = ["goal", "title", "description", "kind", "position", "is_urban_funded", "added_on", "location"]
        widgets = {"title": forms.Textarea(attrs={"rows": 2}), "description": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, plan: ActionPlan, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["goal"].queryset = self.fields["further"].queryset = plan.goals.all()
        if self.instance.pk:
            del self.fields["status"]
            self.initial |= self.lines_of(self.instance)
        else:
            self.instance.plan = plan
            self.fields["status"].choices = colour_choices(set(MeasureStatus) - {MeasureStatus.DROPPED})
            self.fields["position"].initial = plan.measures.count() + 1
            self.fields["added_on"].initial = plan.as_of

    @staticmethod
    def lines_of(measure: Measure) -> dict:
        """What the fields of several lines show of a stored measure."""
        goals, people = list(measure.further_goals.all()), list(measure.participants.all())
        found = {"further": [one.goal_id for one in goals if one.goal_id and not one.text]}
        found["further_text"] = "\n".join(one.text for one in goals if one.text)
        for name, role in _ROLES.items():
            found[name] = "\n".join(one.name for one in people if one.role == role)
        found["fundings"] = "\n".join(str(one) for one in measure.fundings.all())
        return found

    def clean(self):
        """The lists become parts of the row; a further goal is another one than the Oberziel."""
        data = super().clean()
        further, main = list(data.pop("further", None) or []), data.get("goal")
        if main and main in further:
            self.add_error("further", "Das Oberziel ist kein weiteres Ziel.")
        goals = [(goal, "") for goal in further] + [(None, text) for text in data.pop("further_text", None) or []]
        names = {name: data.pop(name, None) or [] for name in _ROLES}
        actors = known_actors([one for rows in names.values() for one in rows])
        people = [(actors.get(one), one, role) for name, role in _ROLES.items() for one in names[name]]
        data["parts"] = Parts(goals, people, fundings_of(data.pop("fundings", None) or []))
        return data

    def differences(self, row: Measure) -> list[tuple[str, str, str]]:
        """Also where the lists differ."""
        found, stored = super().differences(row), self.lines_of(row)
        for name in ("further_text", *_ROLES, "fundings"):
            typed = "\n".join(line.strip() for line in self.data.get(name, "").splitlines() if line.strip())
            if typed != stored[name]:
                found.append((self.fields[name].label, stored[name] or "–", typed or "–"))
        return found


class AmendmentForm(QuartierForm):
    """What an amendment says and adds; quarter managers write how things stand."""

    month = MonthField(label="Monat des Nachtrags")
    text = forms.CharField(
        label="Sachstand oder Begründung", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Steht unter der Maßnahme, auch im PDF für Rat und Ausschuss: bitte ohne Namen von Personen.",
    )  # fmt: skip
    goal = forms.ModelChoiceField(
        label="Zusätzliches Ziel", queryset=Goal.objects.none(), required=False, empty_label="keines"
    )
    goal_text = forms.CharField(label="Zusätzliches Ziel in Worten", max_length=200, required=False)
    participants = LinesField(label="Zusätzliche Beteiligte", rows=2, help_text=NAMES_HELP)
    fundings = LinesField(label="Zusätzliche Finanzierung", rows=2, help_text=FUNDING_HELP)
    decision = forms.CharField(label="Beschluss", max_length=200, required=False)

    def __init__(self, *args, measure: Measure, full: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["goal"].queryset = measure.plan.goals.exclude(pk=measure.goal_id)
        self.fields["month"].initial = first_of_month(timezone.localdate())
        if not full:
            for name in ("goal", "goal_text", "participants", "fundings", "decision"):
                del self.fields[name]

    def clean(self):
        """What it adds, as the action wants it; something has to be there."""
        data = super().clean()
        names = data.pop("participants", None) or []
        actors = known_actors(names)
        added = Added(
            text=data.pop("text", ""),
            goal=data.pop("goal", None),
            goal_text=data.pop("goal_text", ""),
            participants=[(actors.get(name), name) for name in names],
            fundings=fundings_of(data.pop("fundings", None) or []),
        )
        if not self.errors and not added.rows():
            self.add_error("text", "Bitte etwas eintragen.")
        return {**data, "added": added}


class StatusForm(QuartierForm):
    """Another colour, with the amendment that says why."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    status = forms.ChoiceField(label="Neue Farbe", widget=forms.RadioSelect)
    month = MonthField(label="Monat des Nachtrags")
    text = forms.CharField(
        label="Nachtrag: Begründung oder Sachstand", max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Pflicht, wenn die Maßnahme nicht umgesetzt wird. Steht unter der Maßnahme, auch im PDF.",
    )  # fmt: skip
    decision = forms.CharField(label="Beschluss", max_length=200, required=False)

    def __init__(self, *args, measure: Measure, **kwargs):
        super().__init__(*args, **kwargs)
        # Every colour can be read, so that whoever was slower hears that instead of „no valid choice“.
        self.fields["status"].choices = colour_choices(MeasureStatus)
        self._offer(measure)
        self.fields["version"].initial = measure.version
        self.fields["month"].initial = first_of_month(timezone.localdate())

    def clean(self):
        """A dropped measure says why."""
        data = super().clean()
        if data.get("status") == MeasureStatus.DROPPED and not data.get("text"):
            self.add_error("text", "Wenn eine Maßnahme nicht umgesetzt wird, gehört der Grund als Nachtrag dazu.")
        return data

    def on_top_of(self, measure: Measure) -> None:
        """Keep what was typed, now against the colour that somebody else has set."""
        self.data = self.data.copy()
        self.data["version"] = str(measure.version)
        self._offer(measure)

    def _offer(self, measure: Measure) -> None:
        """Show the colours that the measure can get from where it stands."""
        self.fields["status"].widget.choices = colour_choices(MEASURE_MOVES[measure.status])


class SteeringForm(VersionedForm):
    """What is no part of the decision."""

    constraint_messages = {"measure_in_order": ("ends_on", "Das Ende liegt vor dem Beginn.")}

    class Meta:
        model = Measure
        fields = ["responsible", "starts_on", "ends_on", "projects", "notes"]
        widgets = {"projects": forms.CheckboxSelectMultiple, "notes": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "responsible": "Ein Fachbereich, eine Einrichtung oder eine Funktion.",
            "notes": "Für die Steuerung; steht nicht im PDF.",
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        here = list(self.instance.plan.districts.values_list("pk", flat=True))
        shown = Project.objects.visible_to(user)
        near = shown.filter(districts__in=here) | shown.filter(districts=None)
        linked = self.instance.projects.values_list("pk", flat=True)
        self.fields["projects"].queryset = (near | shown.filter(pk__in=linked)).distinct()
        if not self.fields["projects"].queryset.exists():
            self.fields["projects"].help_text = "In den Quartieren des Plans gibt es noch kein Projekt."
