"""Forms about indicators, their values and the files they come in."""

from django import forms
from django.utils import timezone

from concerns.models import Topic
from districts.forms.base import MasterDataForm
from districts.models import Borough, District
from quartier.web.csvfield import CsvFileField
from quartier.web.forms import LeanSelect, QuartierForm
from reports.importing.columns import ROLE_LABELS, Role
from reports.importing.plan import Plan
from reports.models import Indicator, IndicatorValue
from reports.models.indicators import FIRST_YEAR
from reports.numbers import EXAMPLES, NotANumber, mark_of, read

CITY = "city"
EITHER = "Bitte entweder eine Zahl eingeben oder eine Einschätzung wählen."
MARKS = [("", "selbst erkennen"), *EXAMPLES.items()]


class DistrictForm(QuartierForm):
    """Whose values the catalogue shows."""

    quartier = forms.ModelChoiceField(
        label="Quartier", queryset=District.objects.defer("boundary"), empty_label="alle im Überblick", required=False
    )


class IndicatorForm(MasterDataForm):
    """An indicator; of the built-in number of inhabitants only what does not change its meaning."""

    constraint_messages = {
        "indicator_one_for_each_language": ("language", "Für diese Sprache gibt es schon einen Indikator.")
    }

    class Meta:
        model = Indicator
        fields = ["name", "unit", "measure", "direction", "theme", "language", "definition", "source", "aliases",
                  "position", "is_active"]  # fmt: skip
        widgets = {"definition": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"is_active": "Was nicht in Gebrauch ist, steht nicht mehr in Auswertungen. Die Werte bleiben."}
        error_messages = {"name": {"unique": "Einen Indikator mit diesem Namen gibt es schon."}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["theme"].queryset = Topic.objects.filter(parent=None)
        if self.instance.is_inhabitants:
            for name in ("measure", "direction", "language", "is_active"):
                del self.fields[name]

    def clean(self) -> dict:
        """A share of speakers is a percentage."""
        cleaned = super().clean()
        if cleaned.get("language") and cleaned.get("unit") != "%":
            self.add_error("unit", "Der Anteil einer Sprache braucht die Einheit %.")
        return cleaned


class YearField(forms.IntegerField):
    """A year that statistics can be about."""

    def __init__(self, **kwargs):
        super().__init__(**{"label": "Jahr", "min_value": FIRST_YEAR, **kwargs})
        self.widget.attrs.pop("max", None)
        self.error_messages["invalid"] = "Bitte eine Jahreszahl eingeben."

    def validate(self, value: int | None) -> None:
        """Not after the present year."""
        super().validate(value)
        if value is not None and value > timezone.localdate().year:
            raise forms.ValidationError("Dieses Jahr liegt in der Zukunft.")


class ValueForm(QuartierForm):
    """One value: a number or a rating of a place in a year."""

    place = forms.ChoiceField(label="Ort", widget=LeanSelect)
    year = YearField()
    number = forms.CharField(label="Zahl", max_length=40, required=False)
    rating = forms.ChoiceField(
        label="oder Einschätzung", choices=[("", "keine"), *IndicatorValue.Rating.choices], required=False,
        help_text="Wenn es keine Zahl gibt: gemessen an der Gesamtstadt.",
    )  # fmt: skip
    note = forms.CharField(label="Hinweis", max_length=300, required=False)
    source = forms.CharField(
        label="Dokument", max_length=200, required=False, help_text="Woher genau dieser Wert kommt."
    )
    seen = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)  # when it was saved last

    def __init__(self, *args, indicator: Indicator, value: IndicatorValue | None = None, **kwargs):
        if value:
            kwargs["initial"] = {
                "place": f"d{value.district_id}" if value.district_id else f"b{value.borough_id}"
                if value.borough_id else CITY,
                "year": value.year, "number": "" if value.rating else value.words, "rating": value.rating,
                "note": value.note, "source": value.source, "seen": value.at.isoformat(),
            }  # fmt: skip
        super().__init__(*args, **kwargs)
        self.indicator, self.value = indicator, value
        if value is None:
            del self.fields["seen"]
        if indicator.is_inhabitants or indicator.language:
            del self.fields["rating"]
        self.fields["number"].help_text = f"In {indicator.unit}." if indicator.unit else ""
        self.districts = {f"d{one.pk}": one for one in District.objects.defer("boundary")}
        self.boroughs = {f"b{one.pk}": one for one in Borough.objects.defer("boundary")}
        self.fields["place"].choices = [
            ("", "Bitte wählen"),
            (CITY, "Gesamtstadt"),
            ("Quartiere", [(key, one.name) for key, one in self.districts.items()]),
            ("Stadtbezirke", [(key, one.name) for key, one in self.boroughs.items()]),
        ]

    def clean_number(self):
        """The number as it was meant; German or, when it can only be that, English."""
        text = self.cleaned_data["number"].strip().removesuffix(self.indicator.unit or "%").rstrip()
        if not text:
            return None
        try:
            number = read(text, mark_of([text]))
        except NotANumber as error:
            raise forms.ValidationError(str(error)) from error
        if fault := self.indicator.fault_of(number):
            raise forms.ValidationError(fault)
        return number

    def clean(self) -> dict:
        """Either a number or a rating, and only one value for a place and year."""
        cleaned = super().clean()
        number, rating = cleaned.get("number"), cleaned.setdefault("rating", "")
        if "number" in cleaned and (number is None) == (not rating):
            self.add_error("number", EITHER if "rating" in self.fields else "Bitte eine Zahl eingeben.")
        seen = cleaned.pop("seen", "")
        if seen and seen != self.value.at.isoformat():
            self._tell_of_change()
        place = cleaned.pop("place", None)
        cleaned["district"], cleaned["borough"] = self.districts.get(place), self.boroughs.get(place)
        if place and cleaned.get("year") and (other := self._other(cleaned)):
            self.add_error("year", f"Für diesen Ort und dieses Jahr steht schon ein Wert da: {other.shown}.")
        return cleaned

    def _tell_of_change(self) -> None:
        """Somebody was faster: say what stands there now; who sends the form once more has read it."""
        now = self.value
        self.data = self.data.copy()
        self.data["seen"] = now.at.isoformat()
        self.add_error(
            None,
            f"Diesen Wert hat inzwischen jemand geändert: {now.place}, {now.year}: {now.shown}. "
            "Ihre Eingaben stehen noch hier. Noch einmal speichern ersetzt ihn.",
        )

    def _other(self, cleaned: dict) -> IndicatorValue | None:
        same = IndicatorValue.objects.filter(
            indicator=self.indicator, district=cleaned["district"], borough=cleaned["borough"], year=cleaned["year"]
        )
        return same.exclude(pk=self.value.pk if self.value else None).first()


class FileForm(QuartierForm):
    """A CSV file, and what it does not say itself."""

    file = CsvFileField()
    year = YearField(required=False, help_text="Wenn es nicht in der Datei steht.")
    source = forms.CharField(label="Quelle", max_length=200, required=False, help_text="Wird bei jedem Wert vermerkt.")


class ReadingForm(QuartierForm):
    """How the columns of a file are read."""

    year = YearField(required=False, help_text="Wenn es nicht in der Datei steht.")
    source = forms.CharField(label="Quelle", max_length=200, required=False)
    mark = forms.ChoiceField(label="Schreibweise der Zahlen", choices=MARKS, required=False)
    rest_new = forms.BooleanField(
        label="Alle ausgelassenen Spalten, in denen nur Zahlen stehen, als neue Indikatoren anlegen", required=False
    )

    def __init__(self, *args, plan: Plan, **kwargs):
        super().__init__(*args, **kwargs)
        self.numeric = plan.numeric
        indicators = [(f"i:{one.pk}", one.name) for one in Indicator.objects.all()]
        roles = [*ROLE_LABELS.items()]
        choices = [*roles[:1], ("Indikator", [(Role.NEW, ROLE_LABELS[Role.NEW]), *indicators]), ("Angabe", roles[1:-1])]
        for column in plan.columns:
            self.fields[f"c{column.index}"] = forms.ChoiceField(
                label=f"Spalte {column.index + 1}: {column.head or 'ohne Überschrift'}",
                choices=choices, initial=column.role, widget=LeanSelect, required=False,
            )  # fmt: skip

    @property
    def column_fields(self) -> list:
        """The fields about columns, in order."""
        return [self[name] for name in self.fields if name.startswith("c") and name[1:].isdigit()]

    def roles(self) -> dict[str, str]:
        """What was chosen for each column, by index."""
        chosen = {name[1:]: value or Role.SKIP for name, value in self.cleaned_data.items() if name[1:].isdigit()}
        if self.cleaned_data["rest_new"]:
            skipped = (index for index, role in chosen.items() if role == Role.SKIP and int(index) in self.numeric)
            chosen |= dict.fromkeys(skipped, Role.NEW)
        return chosen


class TakeOverForm(QuartierForm):
    """The decision at the end of a preview."""

    fingerprint = forms.CharField(widget=forms.HiddenInput, max_length=64)
    skip_faulty = forms.BooleanField(label="Fehlerhafte Zeilen auslassen", required=False)
    keep_stored = forms.BooleanField(label="Vorhandene Werte nicht ersetzen", required=False)
