"""Forms of evaluation reports: what is evaluated, an assessment, what is too small."""

from datetime import date

from django import forms
from django.http import QueryDict

from concerns.filters import OUTSIDE
from districts.forms.base import MasterDataForm
from districts.models import User
from quartier.web.forms import QuartierForm
from reports.chapters import CHAPTERS
from reports.choice import OUTSIDE_AREA, Choice, Span
from reports.forms.evaluation import FREE, NONE, EvaluationForm
from reports.models import ReportSettings
from reports.models.reports import LARGEST_THRESHOLD, LEAST_THRESHOLD
from reports.periods import PARTS, YEAR, whole

OWN = ("title", "chapters", "revision")


class ReportForm(EvaluationForm):
    """Title, period, comparison, places, topics, departments and chapters of a report."""

    title = forms.CharField(
        label="Titel", max_length=160, help_text="Steht groß auf dem Deckblatt, zum Beispiel „Evaluationsbericht 2026“."
    )
    chapters = forms.MultipleChoiceField(
        label="Kapitel",
        choices=list(CHAPTERS.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text="Deckblatt, Inhalt, Zusammenfassung und die Seite zur Zählweise sind immer dabei.",
        error_messages={"required": "Bitte mindestens ein Kapitel wählen."},
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, params: QueryDict, *, user: User, today: date, first: bool = False):
        """`first`: the form is shown for the first time, so what is not said has a usual value."""
        super().__init__(params, user=user, today=today)
        for name in OWN:
            self.data.setlist(name, params.getlist(name))
        if first and not self.data["title"]:
            self.data["title"] = self._usual_title()
        if first and not self.data.getlist("chapters"):
            self.data.setlist("chapters", list(CHAPTERS))

    def _usual_title(self) -> str:
        """Period and, when there is only one, district: so that reports can be told apart in their list."""
        part = self.data["span"]
        places = [one.label for one in self._options("district") if one.ticked]
        words = (
            "Evaluationsbericht",
            PARTS[part][0] if part in PARTS and part != YEAR else "",
            self.data.get("since", "")[:4] if part == FREE else self.data["year"],
            places[0] if len(places) == 1 else "",
        )
        return " ".join(filter(None, words))


def as_params(choice: Choice, *, title: str, chapters: list[str], revision: int) -> QueryDict:
    """What the form has to be filled with to give this choice again."""
    params = QueryDict(mutable=True)
    named = _named(choice.span)
    if named:
        params["span"], params["year"] = named[0], str(named[1])
    else:
        params["span"] = FREE
        params["since"], params["until"] = choice.since.isoformat(), choice.until.isoformat()
    comparison = choice.comparison
    params["compare"] = FREE if comparison else NONE
    if comparison:
        params["compare_since"] = comparison.since.isoformat()
        params["compare_until"] = comparison.until.isoformat()
    params.setlist("district", [OUTSIDE if one == OUTSIDE_AREA else str(one) for one in choice.districts])
    params.setlist("topic", list(choice.topics))
    params.setlist("department", [str(one) for one in choice.departments])
    params["title"], params["revision"] = title, str(revision)
    params.setlist("chapters", chapters)
    return params


def _named(span: Span) -> tuple[str, int] | None:
    """The part of a year that is exactly this period."""
    return next(((part, span.since.year) for part in PARTS if whole(part, span.since.year) == span), None)


class TextForm(QuartierForm):
    """An assessment, with the version it was opened as."""

    content = forms.CharField(
        label="Text",
        required=False,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text="Absätze bleiben erhalten. Bitte ohne Namen von Anliegengeber/innen: Der Bericht verlässt das Haus. "
        "Besser „trägt bei zu“ als „bewirkt“: Ursachen lassen sich aus den Zahlen nicht ablesen.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class ReportSettingsForm(MasterDataForm):
    """From which number on figures may leave the house."""

    class Meta:
        model = ReportSettings
        fields = ["threshold"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["threshold"] = forms.IntegerField(
            label="Kleinste Zahl, die ausgewiesen wird",
            min_value=LEAST_THRESHOLD,
            max_value=LARGEST_THRESHOLD,
            help_text="Kleinere Zahlen sind in PDF, CSV und Excel durch • ersetzt, ebenso alles, aus dem sie sich "
            "errechnen ließen. Auf dem Bildschirm stehen in der Auswertung weiterhin alle Zahlen.",
        )
        self.fields["threshold"].widget.attrs["inputmode"] = "numeric"
