"""Forms about funds, their rules, rounds and budgets (Z34)."""

from collections.abc import Iterable

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from districts.forms.base import MasterDataForm
from districts.forms.places import VALIDITY
from districts.forms.versions import VersionedForm
from districts.models import ActionField, ActorType, District
from projects.costs import euros
from projects.models import Body, Fund, FundCriterion, FundRule, FundYear
from quartier.web.forms import CHECK_YEAR, QuartierForm

from .money import AmountField

MOST_CRITERIA, LONGEST = 20, 200
# What the first rules of a fund offer: the criteria of funding and exclusion that the sources name (Z36).
FIRST_CHECKLIST = {
    "exclusions": ("Das ist die Pflichtaufgabe einer anderen Stelle", "Das Projekt hat schon begonnen"),
    "musts": (
        "Es passt zu den Zielen und zum Bedarf des Quartiers",
        "Die Zielgruppe ist benannt",
        "Kosten und Finanzierung sind nachvollziehbar",
    ),
    "scores": (
        "Menschen aus dem Quartier wirken mit",
        "Vernetzung mit anderen im Quartier",
        "Einbindung in das Gesamtkonzept",
    ),
}


class FundForm(VersionedForm):
    """A fund: which quarters, who decides, what everybody may read about it."""

    constraint_messages = {"fund_in_order": ("ends_on", VALIDITY)}

    class Meta:
        model = Fund
        fields = [
            *(
                "name",
                "code",
                "kind",
                "districts",
                "body",
                "programme",
                "info",
                "remedy",
                "is_public",
                "begins_on",
                "ends_on",
            ),
        ]
        widgets = {
            "districts": forms.CheckboxSelectMultiple,
            "info": forms.Textarea(attrs={"rows": 4}),
            "remedy": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "info": "Wofür es Geld gibt und wie man es bekommt. Steht auf der öffentlichen Seite.",
            "remedy": "Steht im Bescheid, wenn die Sozialplanung oder eine zweite Instanz entscheidet. Den Wortlaut "
            "gibt das Rechtsamt vor. Leer: Der Bescheid nennt nur, mit wem man sprechen kann.",
            "is_public": "Eine Seite ohne Anmeldung zeigt, was bewilligt ist: Projekte und Einrichtungen, "
            "keine Personen.",
            "ends_on": "Leer: ohne Ende. Der Tag selbst zählt noch mit.",
        }
        error_messages = {
            "name": {"unique": "Einen Fonds mit diesem Namen gibt es schon."},
            "code": {"unique": "Dieses Kürzel hat schon ein anderer Fonds."},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        districts, bodies = District.objects.valid_on(today), Body.objects.active(today)
        if self.instance.pk:
            districts |= District.objects.filter(pk__in=[one.pk for one in self.initial["districts"]])
            bodies |= Body.objects.filter(pk=self.instance.body_id)
            self.fields["code"].disabled = True  # stands in numbers that were given
        self.fields["districts"].queryset = districts.distinct().defer("boundary")
        self.fields["body"].queryset = bodies.distinct()


class RuleForm(MasterDataForm):
    """A new version of a fund's rules."""

    max_amount = AmountField(label="Höchstbetrag je Projekt (€)", required=False, help_text="Leer: kein Höchstbetrag.")
    own_share = AmountField(label="Mindest-Eigenanteil (%)", empty=0, required=False, max_digits=4, decimal_places=1)
    volunteer_rate = AmountField(
        label="Eine Ehrenamtsstunde zählt (€)", empty=0, required=False, max_digits=6,
        help_text="Leer oder 0: zählt nicht zum Eigenanteil.",
    )  # fmt: skip
    threshold = AmountField(label="Zweite Instanz über (€)", required=False)
    exclusions = forms.CharField(
        label="Ausschlusskriterien", required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Eine Zeile je Kriterium. „Ja“ bei der Prüfung heißt: nicht förderfähig.",
    )  # fmt: skip
    musts = forms.CharField(
        label="Pflichtkriterien", required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Eine Zeile je Kriterium. „Nein“ heißt: nicht förderfähig.",
    )  # fmt: skip
    scores = forms.CharField(
        label="Bewertungskriterien", required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Eine Zeile je Kriterium, bewertet von 0 bis 3.",
    )  # fmt: skip
    constraint_messages = {
        "fund_rule_threshold_has_body": ("threshold", "Betrag und Gremium der zweiten Instanz gehören zusammen."),
        "fund_rule_in_range": ("max_amount", "Der Höchstbetrag ist mehr als 0."),
    }

    class Meta:
        model = FundRule
        fields = [
            *("valid_from", "max_amount", "own_share", "volunteer_rate", "residents", "types", "confirm"),
            *("threshold", "second_body", "focus_percent", "focus_fields", "lead_days", "proof_months", "basis"),
        ]
        widgets = {"types": forms.CheckboxSelectMultiple, "focus_fields": forms.CheckboxSelectMultiple}
        help_texts = {
            "types": "Nichts angekreuzt: alle Einrichtungen und Vereine.",
            "confirm": "Sie prüft dann ein zweites Mal und bewilligt, was das Gremium befürwortet hat.",
            "focus_percent": "Leer: keine Vorgabe. Bei 80 dürfen höchstens 20 Prozent an andere Themen gehen.",
            "basis": "Zum Beispiel die Richtlinie mit ihrem Datum.",
        }

    def __init__(self, *args, fund: Fund, **kwargs):
        super().__init__(*args, **kwargs)
        self.fund = fund
        today = timezone.localdate()
        self.fields["types"].queryset = ActorType.objects.filter(is_active=True)
        self.fields["focus_fields"].queryset = ActionField.objects.filter(is_active=True)
        self.fields["second_body"].queryset = Body.objects.active(today)
        self.fields["valid_from"].initial = today

    @staticmethod
    def first_values(rule: FundRule | None) -> dict:
        """What the rules before said: a new version changes a few numbers only."""
        if rule is None:
            return {name: "\n".join(lines) for name, lines in FIRST_CHECKLIST.items()}
        plain = ("max_amount", "own_share", "volunteer_rate", "residents", "confirm", "threshold", "focus_percent")
        values = {name: getattr(rule, name) for name in (*plain, "lead_days", "proof_months", "basis")}
        values |= {"second_body": rule.second_body_id}
        values |= {"types": list(rule.types.all()), "focus_fields": list(rule.focus_fields.all())}
        for name, kind in (("exclusions", "exclusion"), ("musts", "must"), ("scores", "score")):
            values[name] = "\n".join(one.text for one in rule.criteria.all() if one.kind == kind)
        return values

    def clean_own_share(self):
        """At most everything."""
        if (share := self.cleaned_data["own_share"]) and share > 100:
            raise ValidationError("Bitte eine Zahl zwischen 0 und 100.")
        return share

    def clean_valid_from(self):
        """After the rules that are there."""
        day = self.cleaned_data["valid_from"]
        if self.fund.rules.filter(valid_from__gte=day).exists():
            raise ValidationError("Ab diesem Tag oder später gelten schon andere Regeln.")
        if day.year > timezone.localdate().year + 3:  # rules that begin cannot be taken back
            raise ValidationError(CHECK_YEAR)
        return day

    def clean(self):
        """The checklist as pairs of kind and text."""
        data, kinds = super().clean(), FundCriterion.Kind
        if data.get("focus_percent") and not data.get("focus_fields"):
            self.add_error("focus_fields", "Bitte ankreuzen, was die Schwerpunkte sind.")
        data["criteria"] = []
        for name, kind in (("exclusions", kinds.EXCLUSION), ("musts", kinds.MUST), ("scores", kinds.SCORE)):
            lines = [line.strip() for line in data.pop(name, "").splitlines() if line.strip()]
            if len(lines) > MOST_CRITERIA or any(len(line) > LONGEST for line in lines):
                words = f"Höchstens {MOST_CRITERIA} Zeilen mit je {LONGEST} Zeichen."
                self.add_error(name, words)
            data["criteria"] += [(kind, line) for line in lines]
        return data


class RoundForm(QuartierForm):
    """Until when applications for a round are taken."""

    closes_on = forms.DateField(label="Anträge bis")
    label = forms.CharField(label="Bezeichnung", max_length=80, required=False, help_text="Zum Beispiel „Herbst“.")


class BudgetForm(QuartierForm):
    """The budget of a year."""

    year = forms.IntegerField(label="Jahr", min_value=1990, max_value=2199)
    budget = AmountField(label="Budget (€)")
    reason = forms.CharField(
        label="Grundlage oder Grund der Änderung", max_length=200,
        help_text="Zum Beispiel „Haushalt 2027“ oder „Nachtrag“. Bleibt im Verlauf stehen.",
    )  # fmt: skip
    # The versions of all years that were on the screen: which one counts depends on the year that is typed.
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=4000)

    def __init__(self, *args, years: Iterable[FundYear], asked: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        years = {one.year: one for one in years}
        this = (
            int(asked)
            if asked.isascii() and asked.isdigit() and len(asked) == 4 and int(asked) in years
            else timezone.localdate().year
        )
        self.fields["year"].initial = this
        self.fields["year"].widget.attrs |= {"inputmode": "numeric"}
        self.fields["seen"].initial = _versions(years.values())
        if row := years.get(this):
            self.fields["budget"].initial = row.budget
            self.fields["budget"].help_text = f"{this} sind {euros(row.given)} gebunden; darunter geht es nicht."

    def clean(self):
        """The version of the year that was typed; 0 for one that had no budget."""
        data = super().clean()
        versions = dict(pair.partition(":")[::2] for pair in data.pop("seen", "").split())
        version = versions.get(str(data.get("year")), "0")
        data["version"] = int(version) if version.isdecimal() and len(version) < 10 else 0
        return data

    def on_top_of(self, years: Iterable[FundYear]) -> None:
        """Keep what was typed, now against what is stored: sending it again sets it knowingly."""
        self.data = self.data.copy()
        self.data["seen"] = _versions(years)


def _versions(years: Iterable[FundYear]) -> str:
    return " ".join(f"{one.year}:{one.version}" for one in years)
