"""The filter of the concern list; evaluations and exports use the same object, so their figures agree (I12, Q13)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import django_filters as df
from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property

from concerns import figures, search
from concerns.models import Concern, LoopSettings, Reporter, Topic
from concerns.workflow import ConcernStatus, Outcome, ReasonCategory, RoutingStatus
from districts.models import Department, District, Office, User
from districts.roles import Perm
from quartier.web.filters import QuartierFilterSet
from quartier.web.forms import DateInput, LeanSelect

OUTSIDE = "outside"
OPEN = "open"
NO_SPOT = "none"
THEME = "feld-"  # in the URL a theme is "feld-3", a topic "3"
OVERDUE = {"department": "beim Fachbereich", "feedback": "Rückmeldung"}
PERIODS = {"received": "Eingegangen", "answered": "Beantwortet", "closed": "Abgeschlossen"}
SHOWN = ("q", "status", "district", "mine", "my_district")  # always visible; the rest is folded away
SEVERAL = {"districts": "district", "topics": "topic", "departments": "department"}  # the words of one name the many
LINKED = (*SEVERAL, "place")  # only the evaluation's links set them
_ONE = rf"({OUTSIDE}|({THEME})?[0-9]{{1,9}})"


@dataclass(frozen=True)
class Chip:
    """One active filter in words, and the query string without it."""

    label: str
    value: str
    without: str


def _choice(label: str, choices=(), method: str = "", **extra) -> df.ChoiceFilter:
    if method:
        extra["method"] = method
    return df.ChoiceFilter(label=label, choices=choices, empty_label="alle", widget=LeanSelect, **extra)


class _Several(df.CharFilter):
    """Several ids with commas between them; set by links, shown as a chip, carried along by the form."""

    field_class = forms.RegexField

    def __init__(self, label: str, method: str):
        super().__init__(
            label=label, method=method, widget=forms.HiddenInput, regex=rf"^{_ONE}(,{_ONE})*$", max_length=500
        )


def _day(label: str, method: str) -> df.DateFilter:
    return df.DateFilter(label=label, method=method, widget=DateInput())


class ConcernFilter(QuartierFilterSet):
    """What a person picks from the concerns they may see. Choices name only what they may see, too.

    `data` is a QueryDict of the list's URL; nothing of a request is needed.
    """

    q = df.CharFilter(label="Text, Ort oder Nummer", method="_search")
    status = _choice("Stand", [(OPEN, "Alle offenen"), *ConcernStatus.choices], "_status")
    district = _choice("Quartier", method="_district")
    topic = _choice("Handlungsfeld oder Thema", method="_topic")
    owner = _choice("Zuständige Person", field_name="owner_id")
    overdue = _choice("Überfällig", [("any", "überhaupt"), *OVERDUE.items()], "_overdue")
    mine = df.BooleanFilter(label="Nur meine", method="_mine", widget=forms.CheckboxInput)
    my_district = df.BooleanFilter(label="Nur mein Quartier", method="_my_district", widget=forms.CheckboxInput)
    department = _choice("Fachbereich", method="_routing")
    routing = _choice("Stand beim Fachbereich", [(OPEN, "offen"), *RoutingStatus.choices], "_routing")
    outcome = _choice("Ergebnis", Outcome.choices)
    reason = _choice("Grund der Ablehnung", ReasonCategory.choices, field_name="reason_category")
    figure = _choice("Kennzahl der Auswertung", figures.choices(), "_figure")
    kind = _choice("Art", Concern.Kind.choices)
    channel = _choice("Eingang über", Concern.Channel.choices)
    urgency = _choice("Dringlichkeit", Concern.Urgency.choices)
    spot = _choice("Art des Ortes", [*Concern.Spot.choices, (NO_SPOT, "ohne Angabe")], "_spot")
    office = _choice("Stadtteilbüro", field_name="office_id")
    reporter = _choice("Wer meldet?", Reporter.Kind.choices, "_reporter")
    occasion = df.CharFilter(label="Anlass", method="_occasion")
    received_from = _day("Eingegangen von", "_period")
    received_to = _day("Eingegangen bis", "_period")
    answered_from = _day("Beantwortet von", "_period")
    answered_to = _day("Beantwortet bis", "_period")
    closed_from = _day("Abgeschlossen von", "_period")
    closed_to = _day("Abgeschlossen bis", "_period")
    districts = _Several("Quartiere", "_districts")
    topics = _Several("Themen", "_topics")
    departments = _Several("Fachbereiche", "_departments")
    place = df.CharFilter(label="Ort", field_name="place", lookup_expr="iexact", widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None, *, user: User, today: date | None = None):
        super().__init__(data, queryset=Concern.objects.visible_to(user))
        self.user, self.today = user, today or timezone.localdate()
        self._offer_choices()

    def _offer_choices(self) -> None:
        rights = self.user.rights
        everywhere = rights.can(Perm.READ_CONCERNS)
        districts, offices = District.objects.all(), Office.objects.all()
        people = User.objects.filter(memberships__district__isnull=False)
        if not everywhere:
            districts = districts.filter(pk__in=rights.team_district_ids)
            offices = offices.filter(districts__in=rights.team_district_ids).distinct()
            people = people.filter(memberships__district__in=rights.team_district_ids)
        self._set("district", [(OUTSIDE, "gesamtstädtisch / außerhalb"), *districts.values_list("pk", "name")])
        self._set("office", offices.values_list("pk", "name"))
        self._set("owner", people.distinct().order_by("sort_key").values_list("pk", "name"))
        self._set("department", [(pk, f"{code} {name}") for pk, code, name in _departments()])
        self._set("topic", _topic_choices())
        if not rights.team_district_ids:
            # Who reported something is known to the team alone; nobody else may narrow by it.
            for name in ("reporter", "mine", "my_district"):
                del self.filters[name]

    def _set(self, name: str, choices) -> None:
        self.filters[name].extra["choices"] = list(choices)

    @cached_property
    def values(self) -> Mapping:
        """The cleaned values; empty when the filter is wrong."""
        return self.form.cleaned_data if self.is_bound and self.form.is_valid() else {}

    @cached_property
    def search(self) -> search.Search:
        """The search text as understood."""
        return search.understand(self.values.get("q", ""))

    @property
    def qs(self) -> QuerySet:
        """The concerns that fit; none when a value is wrong."""
        return self._found[0]

    @property
    def count(self) -> int | None:
        """How many concerns fit, where the search knows it without counting."""
        return self._found[1]

    @property
    def counts_exactly(self) -> bool:
        """Whether the list says exactly how many fit: whoever comes from a figure wants to find it again (I12)."""
        return bool(self.values.get("figure"))

    @cached_property
    def _found(self) -> tuple[QuerySet, int | None]:
        found = super().qs
        return search.narrow(found, self.search) if self.values.get("q") else (found, None)

    @cached_property
    def also(self) -> list[str]:
        """Similar words that were looked for, too: only those that stand in a concern this person may see."""
        return search.occurring(self.search.also, self.queryset)

    @property
    def more_fields(self) -> list:
        """The fields that the list keeps folded away."""
        return [self.form[name] for name in self.filters if name not in (*SHOWN, *LINKED)]

    @property
    def linked_fields(self) -> list:
        """The fields without a place in the form, which it carries along."""
        return [self.form[name] for name in LINKED if self.data.get(name)]

    @property
    def more_wrong(self) -> bool:
        """Whether one of the folded fields is wrong; what narrows the list is told by the chips above it."""
        return any(name in self.form.errors for name in self.filters if name not in (*SHOWN, *LINKED))

    def chips(self) -> list[Chip]:
        """The active filters, each with the way out of it."""
        return [
            Chip(self.form.fields[name].label, self._words(name, value), self._without(name))
            for name, value in self.values.items()
            if value not in (None, "", False)
        ]

    def _words(self, name: str, value) -> str:
        if isinstance(value, bool):
            return ""
        if isinstance(value, date):
            return f"{value:%d.%m.%Y}"
        known = dict(_flat(getattr(self.form.fields[SEVERAL.get(name, name)], "choices", ())))
        values = value.split(",") if name in SEVERAL else [str(value)]
        return ", ".join(known.get(one, one) for one in values)

    def _without(self, name: str) -> str:
        query = self.query()
        query.pop(name, None)
        return query.urlencode()

    def query(self) -> QueryDict:
        """The filter as a query string without empty fields and without anything that is not the filter's."""
        query = QueryDict(mutable=True)
        for name in self.filters:
            if value := self.data.get(name):
                query[name] = value
        return query

    # --- One method per filter that is more than a comparison -------------------------------------------------------

    def _search(self, queryset, name, value):
        return queryset  # applied after everything else, see `qs`

    def _status(self, queryset, name, value):
        return queryset.open() if value == OPEN else queryset.filter(status=value)

    def _district(self, queryset, name, value):
        return queryset.filter(district__isnull=True) if value == OUTSIDE else queryset.filter(district_id=value)

    def _districts(self, queryset, name, value):
        ids = value.split(",")
        outside = Q(district__isnull=True) if OUTSIDE in ids else Q()
        return queryset.filter(outside | Q(district_id__in=[one for one in ids if one.isdigit()]))

    def _topic(self, queryset, name, value):
        if value.startswith(THEME):
            return queryset.of_theme(int(value.removeprefix(THEME)))
        return queryset.filter(topic_id=value)

    def _topics(self, queryset, name, value):
        topics = [one for one in value.split(",") if one.isdigit()]
        themes = [one.removeprefix(THEME) for one in value.split(",") if one.startswith(THEME)]
        return queryset.filter(Q(topic_id__in=[*topics, *themes]) | Q(topic__parent_id__in=themes))

    def _spot(self, queryset, name, value):
        return queryset.filter(spot="" if value == NO_SPOT else value)

    def _overdue(self, queryset, name, value):
        late = {"department": queryset.overdue_at_department, "feedback": queryset.feedback_overdue}
        return late.get(value, queryset.overdue)(self.today)

    def _mine(self, queryset, name, value):
        return queryset.mine(self.user) if value else queryset

    def _my_district(self, queryset, name, value):
        return queryset.filter(district_id__in=self.user.rights.team_district_ids) if value else queryset

    def _routing(self, queryset, name, value):
        department, status = self.values.get("department"), self.values.get("routing")
        if name == "routing" and department:
            return queryset  # both are asked of the same routing, once
        return queryset.routed(department_id=department, status=status)

    def _departments(self, queryset, name, value):
        return figures.sent_to(queryset, [one for one in value.split(",") if one.isdigit()])

    def _figure(self, queryset, name, value):
        return figures.narrow(queryset, value, today=self.today, department=self.values.get("department") or "")

    def _reporter(self, queryset, name, value):
        whole_team = LoopSettings.load().assistants_see_team_reporters
        return queryset.reported_by(value, user=self.user, whole_team=whole_team)

    def _occasion(self, queryset, name, value):
        return queryset.exclude(occasion="").filter(occasion__icontains=value)

    def _period(self, queryset, name, value):
        what, side = name.split("_")
        return queryset.happened(what, **{"since" if side == "from" else "until": value})


def _departments():
    return Department.objects.values_list("pk", "code", "name")


def _topic_choices() -> list:
    """Themes as groups; the theme itself is the first choice of its group."""
    groups: dict[int, tuple[str, list]] = {}
    topics = list(Topic.objects.values_list("pk", "name", "parent_id"))
    for pk, name, parent in topics:
        if parent is None:
            groups[pk] = (name, [(f"{THEME}{pk}", f"{name} (ganzes Handlungsfeld)")])
    for pk, name, parent in topics:
        if parent in groups:
            groups[parent][1].append((pk, name))
    return list(groups.values())


def _flat(choices):
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from ((str(key), text) for key, text in label)
        else:
            yield str(value), label
