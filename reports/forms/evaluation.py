"""What is to be evaluated: the form above the figures, and the address that carries all of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django import forms
from django.db.models import Min
from django.http import QueryDict

from concerns.filters import OUTSIDE, THEME
from concerns.models import Concern, Topic
from districts.models import Department, District, User
from districts.roles import Perm
from quartier.web.forms import LeanSelect, QuartierForm
from reports.choice import OUTSIDE_AREA, Choice, Span
from reports.frame import OUTSIDE_NAME
from reports.periods import PARTS, YEAR, before, until_today, whole, year_before

FREE, PREVIOUS, YEAR_AGO, NONE = "free", "previous", "year_ago", "none"
SPANS = [
    (YEAR, PARTS[YEAR][0]),
    *(
        (name, [(code, words) for code, (words, _, _) in PARTS.items() if code[0] == letter and code != YEAR])
        for name, letter in (("Halbjahre", "h"), ("Quartale", "q"), ("Monate", "m"))
    ),
    (FREE, "Freier Zeitraum …"),
]
COMPARISONS = [
    (YEAR_AGO, "Vorjahreszeitraum"),
    (PREVIOUS, "Vorperiode"),
    (FREE, "Freier Zeitraum …"),
    (NONE, "ohne Vergleich"),
]
GROUPS = ("district", "topic", "department")
LONGEST = 30  # years
MOST = 50  # topics or departments: more are too many for an address
_ONE_OF = "Bitte eines der angebotenen Jahre wählen."
_AGAIN = "Etwas davon gibt es nicht (mehr). Bitte neu auswählen."
_UNKNOWN = {"invalid_choice": _AGAIN, "invalid_list": _AGAIN}


@dataclass(frozen=True)
class Option:
    """One box that can be ticked."""

    value: str
    label: str
    ticked: bool
    id: str


@dataclass(frozen=True)
class Chip:
    """One thing that is chosen, and the query string without it."""

    label: str
    without: str


class _Several(forms.MultipleChoiceField):
    def __init__(self, label: str):
        super().__init__(label=label, required=False, error_messages=_UNKNOWN)


class EvaluationForm(QuartierForm):
    """Period, comparison, districts, topics and departments of an evaluation.

    `params` is the address's QueryDict; what it leaves open is filled in (`_filled`), so the form is always bound.
    """

    span = forms.ChoiceField(label="Zeitraum", choices=SPANS, required=False, widget=LeanSelect)
    year = forms.TypedChoiceField(
        label="Jahr", coerce=int, required=False, widget=LeanSelect, error_messages={"invalid_choice": _ONE_OF}
    )
    since = forms.DateField(label="Von", required=False)
    until = forms.DateField(label="Bis", required=False)
    compare = forms.ChoiceField(label="Vergleich mit", choices=COMPARISONS, required=False, widget=LeanSelect)
    compare_since = forms.DateField(label="Vergleich von", required=False)
    compare_until = forms.DateField(label="Vergleich bis", required=False)
    district = _Several("Quartiere")
    topic = _Several("Themen")
    department = _Several("Fachbereiche")

    def __init__(self, params: QueryDict, *, user: User, today: date):
        self.today = today
        years = _years(today)
        super().__init__(_filled(params, user, today, years))
        self.fields["year"].choices = [(year, str(year)) for year in years]
        districts = District.objects.values_list("pk", "name")
        self.fields["district"].choices = [*((str(pk), name) for pk, name in districts), (OUTSIDE, OUTSIDE_NAME)]
        self.fields["topic"].choices = _topics()
        departments = Department.objects.values_list("pk", "code", "name")
        self.fields["department"].choices = [(str(pk), f"{code} {name}") for pk, code, name in departments]

    # --- Checking -----------------------------------------------------------------------------------------------------

    def clean(self) -> dict:
        """Find the period and what it is compared with."""
        values = super().clean()
        self._span = self._comparison = None
        if values.get("span") == FREE:
            self._span = self._free("since", "until")
        elif values.get("span") and values.get("year"):
            span = whole(values["span"], values["year"])
            if span.since > self.today:
                self.add_error("span", "Dieser Zeitraum hat noch nicht begonnen.")
            else:
                self._span = until_today(span, self.today)
        if values.get("compare") == FREE:
            self._comparison = self._free("compare_since", "compare_until")
            self._refuse_overlap()
        elif self._span and values.get("compare") == YEAR_AGO:
            self._comparison = year_before(self._span)
        elif self._span and values.get("compare") == PREVIOUS:
            self._comparison = before(self._span, values["span"] if values["span"] in PARTS else "")
        for name in ("topic", "department"):
            if len(values.get(name, ())) > MOST:
                self.add_error(name, f"Bitte höchstens {MOST} auswählen, oder keine Auswahl für alle.")
        return values

    def _free(self, since_name: str, until_name: str) -> Span | None:
        since, until = (self.cleaned_data.get(name) for name in (since_name, until_name))
        for name, value in ((since_name, since), (until_name, until)):
            if value is None and name not in self.errors:
                self.add_error(name, "Bitte ein Datum angeben.")
        if not since or not until:
            return None
        if since > self.today:
            self.add_error(since_name, "Dieser Tag liegt in der Zukunft.")
        elif until < since:
            self.add_error(until_name, "„Bis“ liegt vor „Von“.")
        elif until > _years_later(since, LONGEST):
            self.add_error(until_name, f"Höchstens {LONGEST} Jahre auf einmal.")
        else:
            return until_today(Span(since, until), self.today)
        return None

    def _refuse_overlap(self) -> None:
        """Two periods that share days say nothing side by side, and their difference gives single days away (N7)."""
        now, before = self._span, self._comparison
        if now and before and before.since <= now.until and now.since <= before.until:
            self.add_error("compare_since", "Der Vergleich darf sich nicht mit dem Zeitraum überschneiden.")

    # --- What was chosen ----------------------------------------------------------------------------------------------

    def choice(self) -> Choice:
        """What to evaluate; only for a valid form."""
        values = self.cleaned_data
        everywhere = len(values["district"]) == len(self.fields["district"].choices)
        return Choice(
            since=self._span.since,
            until=self._span.until,
            compare_since=self._comparison.since if self._comparison else None,
            compare_until=self._comparison.until if self._comparison else None,
            districts=() if everywhere else tuple(_area(one) for one in values["district"]),
            topics=tuple(values["topic"]),
            departments=tuple(int(one) for one in values["department"]),
        )

    def query(self, **other: str | list[str]) -> str:
        """The address's query string with what was chosen and nothing else; `other` values replace chosen ones."""
        query = QueryDict(mutable=True)
        values = {**dict(self.data.lists()), **{name: _as_list(value) for name, value in other.items()}}
        for name in self.fields:
            if name in _needed(values) and any(values.get(name, ())):
                query.setlist(name, values[name])
        return query.urlencode()

    @property
    def parts(self) -> str:
        """Kinds of periods that need a year, for the script that shows what is needed."""
        return " ".join(PARTS)

    def presets(self) -> list[tuple[str, str, bool]]:
        """Periods asked for most, as label, query string and whether it is the chosen one."""
        today, month = self.today, self.today.month
        quarter = (month - 1) // 3  # the one before, counted from 1; 0 is the last of last year
        wanted = [
            ("Dieses Jahr", YEAR, today.year),
            ("Letztes Jahr", YEAR, today.year - 1),
            ("Letztes Quartal", f"q{quarter or 4}", today.year - (quarter == 0)),
            ("Letzter Monat", f"m{month - 1 or 12}", today.year - (month == 1)),
        ]
        compare = YEAR_AGO if self.data.get("compare") == FREE else self.data.get("compare", YEAR_AGO)
        chosen = self.data.get("span"), self.data.get("year")
        offered = {value for value, _ in self.fields["year"].choices}
        return [
            (label, self.query(span=part, year=str(year), compare=compare), chosen == (part, str(year)))
            for label, part, year in wanted
            if year in offered
        ]

    def chips(self) -> list[Chip]:
        """Chosen districts, topics and departments, each with the way out of it."""
        found = []
        for name in GROUPS:
            chosen = self.data.getlist(name)
            for option in self._options(name):
                if option.ticked:
                    rest = [one for one in chosen if one != option.value]
                    found.append(Chip(option.label, self.query(**{name: rest})))
        return found

    def without_groups(self) -> str:
        """The query string for the whole city, all topics and departments."""
        return self.query(**{name: [] for name in GROUPS})

    # --- The boxes ----------------------------------------------------------------------------------------------------

    def groups(self) -> list[dict]:
        """Districts, topics and departments as the page shows them: folded, with what is ticked in words."""
        return [
            {
                "bound": self[name],
                "options": [(heading, list(options)) for heading, options in self._headed(name)],
                "count": len(self.data.getlist(name)),
                "open": name in self.errors,
            }
            for name in GROUPS
        ]

    def _headed(self, name: str) -> Iterator[tuple[str, list[Option]]]:
        """Options below their headings; districts and departments have none."""
        ticked = set(self.data.getlist(name))
        flat = []
        for value, label in self.fields[name].choices:
            if isinstance(label, list):
                yield value, [self._option(name, *one, ticked) for one in label]
            else:
                flat.append(self._option(name, value, label, ticked))
        if flat:
            yield "", flat

    def _options(self, name: str) -> Iterator[Option]:
        for heading, options in self._headed(name):
            for option in options:
                whole_theme = heading and option.value.startswith(THEME)
                yield Option(option.value, heading, option.ticked, option.id) if whole_theme else option

    def _option(self, name: str, value: str, label: str, ticked: set[str]) -> Option:
        return Option(value, label, value in ticked, f"id_{name}_{value}")


def _needed(values: dict[str, list[str]]) -> set[str]:
    """Fields that say something beside the chosen kind of period and comparison."""
    period = {"since", "until"} if values.get("span") == [FREE] else {"year"}
    comparison = {"compare_since", "compare_until"} if values.get("compare") == [FREE] else set()
    return {"span", "compare", *GROUPS, *period, *comparison}


def _filled(params: QueryDict, user: User, today: date, years: list[int]) -> QueryDict:
    """The address's values. Who comes without any sees this year, in January the last one, and their own districts."""
    data = QueryDict(mutable=True)
    for name in EvaluationForm.base_fields:
        if values := [value for value in params.getlist(name) if value]:
            data.setlist(name, values)
    if not params and not user.rights.can(Perm.EVALUATE):
        data.setlist("district", [str(pk) for pk in sorted(user.rights.team_district_ids)])
    standard = {"span": YEAR, "year": str(_usual_year(today)), "compare": YEAR_AGO}
    for name, value in standard.items():
        if not data.get(name):
            data[name] = value
    if data["span"] in PARTS and data["year"] in {str(year) for year in years}:
        # Dates of a free period start from the one that was chosen.
        span = until_today(whole(data["span"], int(data["year"])), today)
        data["since"], data["until"] = span.since.isoformat(), span.until.isoformat()
    elif data["span"] == FREE:
        data["year"] = standard["year"]
    if data["compare"] != FREE:
        data["compare_since"] = data["compare_until"] = ""
    return data


def _usual_year(today: date) -> int:
    """In January people look back at the year that is over."""
    return today.year - 1 if today.month == 1 else today.year


def _years(today: date) -> list[int]:
    """Years that can be chosen, from the first concern on, the latest first."""
    first = Concern.objects.aggregate(first=Min("received_on"))["first"]
    return list(range(today.year, min(first.year if first else today.year, _usual_year(today)) - 1, -1))


def _years_later(day: date, years: int) -> date:
    return date(day.year + years, day.month, min(day.day, 28))


def _topics() -> list[tuple[str, list[tuple[str, str]]]]:
    """Themes as groups, each with itself as a whole first."""
    topics = list(Topic.objects.in_catalogue_order().values_list("pk", "name", "parent_id"))
    themes = Topic.objects.filter(parent=None).values_list("pk", "name")
    return [
        (name, [(f"{THEME}{pk}", "ganzes Handlungsfeld"), *((str(t), label) for t, label, of in topics if of == pk)])
        for pk, name in themes
    ]


def _area(value: str) -> int:
    return OUTSIDE_AREA if value == OUTSIDE else int(value)


def _as_list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
