"""Forms about an application: what is planned, the cost plan, how it is checked (Z35, Z36)."""

from decimal import Decimal

from django import forms
from django.utils import timezone

from districts.forms.fields import ActorField
from districts.forms.versions import VersionedForm
from districts.models import ActionField, Actor, TargetGroup, User
from projects.actions.applications import MOST_LINES, Answer
from projects.costs import euros
from projects.models import (
    EligibilityAnswer,
    EligibilityCheck,
    Fund,
    FundApplication,
    FundCriterion,
    FundDecision,
    Project,
)
from quartier.web.forms import QuartierForm

from .money import AmountField

ROWS = 3  # empty lines of a new cost plan
ZERO = Decimal(0)


class DiscardForm(QuartierForm):
    """Whether a draft is really thrown away."""

    sure = forms.BooleanField(label="Ja, diesen Entwurf mit seinen Anlagen verwerfen")

    def clean(self):
        """The confirmation is no part of what is kept."""
        super().clean()
        return {}


class ApplicationForm(VersionedForm):
    """Who asks for what; a draft may be unfinished."""

    applicant = ActorField(label="Einrichtung", required=False)
    partner = ActorField(label="Partner-Einrichtung", required=False)
    own_money = AmountField(label="Eigenanteil in Geld (€)", empty=ZERO, required=False)
    volunteer_hours = AmountField(
        label="Ehrenamtliche Stunden", empty=ZERO, required=False, max_digits=6, decimal_places=1,
        error_messages={"invalid": "Bitte eine Zahl wie 12 oder 12,5 eingeben."},
    )  # fmt: skip
    other_amount = AmountField(label="Andere Förderung (€)", empty=ZERO, required=False)
    requested = AmountField(label="Beantragter Betrag (€)", empty=ZERO, required=False)
    constraint_messages = {
        "fund_application_in_order": ("ends_on", "Das Ende liegt vor dem Beginn."),
        "fund_application_has_title": ("title", "Bitte füllen Sie dieses Feld aus."),
    }

    class Meta:
        model = FundApplication
        fields = [
            *("applicant_kind", "applicant", "group_name", "partner", "title", "description", "benefit", "district"),
            *("action_field", "target_groups", "project", "starts_on", "ends_on", "own_money", "volunteer_hours"),
            *("other_amount", "other_source", "requested", "advised_by", "advice"),
        ]
        widgets = {
            "applicant_kind": forms.RadioSelect,
            "description": forms.Textarea(attrs={"rows": 5}),
            "benefit": forms.Textarea(attrs={"rows": 3}),
            "advice": forms.Textarea(attrs={"rows": 3}),
            "target_groups": forms.CheckboxSelectMultiple,
        }
        help_texts = {
            "title": "Steht auf Tagesordnungen und in der öffentlichen Liste: bitte ohne Namen von Personen.",
            "group_name": "Wie sich die Gruppe nennt, zum Beispiel „Nachbarschaft Elsassplatz“. Keine Namen von "
            "Personen: die kennt die Partner-Einrichtung.",
            "starts_on": "Bezahlt wird aus dem Budget des Jahres, in dem das Projekt beginnt.",
            "advised_by": "Wer beraten hat, prüft den Antrag nicht.",
            "advice": "Was geraten wurde. Bleibt im Haus.",
        }

    def __init__(self, *args, fund: Fund, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        actors = Actor.objects.visible_to(user)
        self.fields["applicant"].queryset = self.fields["partner"].queryset = actors
        self.fields["district"].queryset = fund.districts.defer("boundary")
        self.fields["action_field"].queryset = ActionField.objects.filter(is_active=True)
        self.fields["target_groups"].queryset = TargetGroup.objects.filter(is_active=True)
        places = list(fund.districts.defer("boundary"))
        if not self.instance.pk and len(places) == 1:
            self.initial["district"] = places[0].pk
        here = Project.objects.visible_to(user).filter(districts__in=places)
        self.fields["project"].queryset = (here | Project.objects.filter(pk=self.instance.project_id)).distinct()
        team = User.objects.colleagues_of(user, on=timezone.localdate()) | User.objects.filter(pk=user.pk)
        self.fields["advised_by"].queryset = (team | User.objects.filter(pk=self.instance.advised_by_id)).distinct()

    def clean(self):
        """What belongs to the other kind of applicant is dropped: only one of them asks."""
        data, kinds = super().clean(), FundApplication.ApplicantKind
        if data.get("applicant_kind") == kinds.RESIDENTS:
            data["applicant"] = None
        else:
            data["group_name"], data["partner"] = "", None
        if self.instance.received_on:
            for name in ("starts_on", "ends_on"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, "Der Antrag ist schon eingereicht: bitte einen Tag eintragen.")
        return data


class LineForm(QuartierForm):
    """A line of the cost plan; an empty one is left out."""

    label = forms.CharField(label="Wofür", max_length=120, required=False)
    amount = AmountField(label="Betrag (€)", required=False)

    def clean(self):
        """Both or nothing."""
        data = super().clean()
        if self.errors:
            return data
        if data.get("label") and data.get("amount") is None:
            self.add_error("amount", "Bitte den Betrag eintragen.")
        elif data.get("amount") is not None and not data.get("label"):
            self.add_error("label", "Bitte schreiben, wofür.")
        return data


class BaseLines(forms.BaseFormSet):
    """The cost plan as rows."""

    @property
    def pairs(self) -> list[tuple[str, Decimal]]:
        """What is filled in."""
        rows = [one.cleaned_data for one in self.forms if hasattr(one, "cleaned_data")]
        return [(row["label"], row["amount"]) for row in rows if row.get("label") and row.get("amount") is not None]

    @property
    def total(self) -> Decimal:
        """The sum of what can be read, whatever else is wrong."""
        amounts = [getattr(one, "cleaned_data", {}).get("amount") for one in self.forms]
        return sum((one for one in amounts if one is not None), Decimal(0))


Lines = forms.formset_factory(
    LineForm, formset=BaseLines, extra=0, max_num=MOST_LINES, absolute_max=MOST_LINES + 10, validate_max=True
)


def lines_form(data=None, application: FundApplication | None = None) -> BaseLines:
    """The rows of an application, or of what was typed; a new plan begins with a few empty ones."""
    if data is not None:
        return Lines(data, prefix="posten")
    stored = [{"label": one.label, "amount": one.amount} for one in application.lines.all()] if application else []
    return Lines(prefix="posten", initial=stored + [{}] * (1 if stored else ROWS))


class SubmitForm(QuartierForm):
    """When an application came in."""

    received_on = forms.DateField(label="Eingegangen am", initial=timezone.localdate)


class WithdrawForm(QuartierForm):
    """Why an application is taken back."""

    reason = forms.CharField(label="Grund", max_length=300, help_text="Zum Beispiel „findet nicht statt“.")


class CheckForm(QuartierForm):
    """The checklist of the rules, and what follows from all of it."""

    overall = forms.ChoiceField(label="Ergebnis", choices=EligibilityCheck.Overall, widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Begründung, Auflagen oder was noch fehlt", max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Bei „nicht förderfähig“ steht das im Bescheid; bei „nachzubessern“ sagen Sie es weiter.",
    )  # fmt: skip

    def __init__(self, *args, criteria: list[FundCriterion], **kwargs):
        super().__init__(*args, **kwargs)
        self.criteria, kinds = criteria, FundCriterion.Kind
        for one in criteria:
            scored = one.kind == kinds.SCORE
            choices = [(str(n), str(n)) for n in range(4)] if scored else EligibilityAnswer.Result.choices
            self.fields[f"result_{one.pk}"] = forms.ChoiceField(
                label=one.text,
                choices=choices,
                widget=forms.RadioSelect,
                error_messages={"required": "Bitte wählen Sie etwas aus."},
            )
            self.fields[f"comment_{one.pk}"] = forms.CharField(
                label=f"Anmerkung zu „{one.text}“", max_length=300, required=False
            )  # fmt: skip

    @property
    def rows(self) -> list:
        """Criteria with their two fields and a hint how the answer counts."""
        hints = {"exclusion": "Ausschluss: „ja“ spricht dagegen", "must": "Pflicht: „nein“ spricht dagegen"}
        return [
            (one, self[f"result_{one.pk}"], self[f"comment_{one.pk}"], hints.get(one.kind, "Bewertung von 0 bis 3"))
            for one in self.criteria
        ]

    def clean(self):
        """Whatever is not simply eligible says why."""
        data = super().clean()
        if data.get("overall") not in (None, "eligible") and not data.get("reason"):
            self.add_error("reason", "Bitte begründen: welche Auflagen, was fehlt, oder warum nicht.")
        return data

    @property
    def answers(self) -> list[Answer]:
        """What was chosen, for the action."""
        found = []
        for one in self.criteria:
            chosen, comment = self.cleaned_data[f"result_{one.pk}"], self.cleaned_data[f"comment_{one.pk}"]
            scored = one.kind == FundCriterion.Kind.SCORE
            found.append(Answer(one, "" if scored else chosen, int(chosen) if scored else None, comment))
        return found


class OfficeForm(QuartierForm):
    """The second check: the Sozialplanung grants what the body has agreed to, or does not."""

    granted = forms.ChoiceField(
        label="Entscheidung", widget=forms.RadioSelect, choices=[("yes", "bewilligen"), ("no", "ablehnen")]
    )
    amount = AmountField(label="Betrag (€)", empty=ZERO, required=False)
    conditions = forms.CharField(
        label="Auflagen", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    reason = forms.CharField(
        label="Begründung", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Nötig, wenn weniger oder nichts bewilligt wird. Steht im Bescheid.",
    )  # fmt: skip

    def __init__(self, *args, agreed: FundDecision, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["amount"].initial = agreed.amount
        self.fields["amount"].help_text = f"Das Gremium hat {euros(agreed.amount)} zugestimmt."
        self.fields["conditions"].initial = agreed.conditions

    def clean_granted(self) -> bool:
        """Whether something is granted."""
        return self.cleaned_data["granted"] == "yes"
