"""Filters of public relations: list, plan, file and figures use the same object (Q13)."""

import django_filters as df
from django import forms
from django.http import QueryDict
from django.utils import timezone

from districts.filters.actors import CITYWIDE, choice_of
from districts.models import District, User
from projects.models import Clipping, PRItem
from projects.workflow import PRStatus
from quartier.web.filters import QuartierFilterSet

FIRST_YEAR = 1990  # of what was published or read in the media
ANY, RETURNED, DUE = "any", "returned", "due"
STATES = [
    *PRStatus.choices[:2],
    (RETURNED, "zurück mit Hinweis"),
    *PRStatus.choices[2:4],
    (DUE, "freigegeben, Tag ist gekommen"),
    *PRStatus.choices[4:],
    (ANY, "alle, auch archivierte"),
]


def _places() -> list[tuple[str, str]]:
    today = timezone.localdate()
    known = [(str(one.pk), one.name) for one in District.objects.valid_on(today).defer("boundary")]
    return [*known, (CITYWIDE, "nur stadtweite")]


class _ByDistrict(QuartierFilterSet):
    """A filter that knows the districts."""

    def __init__(self, data: QueryDict | None, *, user: User):
        model = self._meta.model
        super().__init__(data or QueryDict(), queryset=model.objects.visible_to(user))
        self.user = user
        self.form.fields["district"].choices = _places()

    def by_district(self, queryset, name, value):
        """Rows of a district and those of the whole city; or the latter alone."""
        return queryset.citywide() if value == CITYWIDE else queryset.in_districts([int(value)])


class PRItemFilter(_ByDistrict):
    """What a person picks from the items; without a choice what was put into the archive is left out."""

    q = df.CharFilter(label="Titel oder Text", method="by_text", widget=forms.TextInput({"type": "search"}))
    district = choice_of("Quartier", (), method="by_district")
    kind = choice_of("Art", PRItem.Kind.choices)
    channel = choice_of("Verbreitet über", PRItem.Channel.choices, method="by_channel")
    status = choice_of("Stand", STATES, method="by_status")
    mine = df.BooleanFilter(label="Nur meine", method="by_keeper", widget=forms.CheckboxInput)

    class Meta(QuartierFilterSet.Meta):
        model = PRItem
        fields: list[str] = []

    @property
    def qs(self):
        """The chosen rows, without archived ones unless they are asked for."""
        found = super().qs
        return found if self.data.get("status") else found.exclude(status=PRStatus.ARCHIVED)

    def by_text(self, queryset, name, value):
        return queryset.filter(title__icontains=value) | queryset.filter(text__icontains=value)

    def by_channel(self, queryset, name, value):
        return queryset.filter(channels__contains=[value])

    def by_status(self, queryset, name, value):
        if value == RETURNED:
            return queryset.returned()
        if value == DUE:
            return queryset.to_publish(timezone.localdate())
        return queryset if value == ANY else queryset.filter(status=value)

    def by_keeper(self, queryset, name, value):
        return queryset.in_basket_of(self.user) if value else queryset


class PlanFilter(PRItemFilter):
    """The same for the plan of a month, where what appeared and was put away later still stands."""

    q = None
    mine = None

    class Meta(PRItemFilter.Meta):
        pass

    @property
    def qs(self):
        """The chosen rows; which days they have decides whether the plan shows them."""
        return QuartierFilterSet.qs.fget(self)


class ClippingFilter(_ByDistrict):
    """What a person picks from the clippings."""

    q = df.CharFilter(label="Überschrift, Medium, Thema", method="by_text", widget=forms.TextInput({"type": "search"}))
    district = choice_of("Quartier", (), method="by_district")
    tone = choice_of("Tenor", Clipping.Tone.choices)
    year = df.NumberFilter(label="Jahr", method="by_year", min_value=FIRST_YEAR, max_value=2199)

    class Meta(QuartierFilterSet.Meta):
        model = Clipping
        fields: list[str] = []

    def by_text(self, queryset, name, value):
        found = (queryset.filter(**{f"{one}__icontains": value}) for one in ("title", "medium", "topic"))
        first, second, third = found
        return first | second | third

    def by_year(self, queryset, name, value):
        return queryset.filter(on__year=int(value))


class StrengthFilter(_ByDistrict):
    """What a person picks from the collection of positive aspects."""

    district = choice_of("Quartier", (), method="by_district")
    year = df.NumberFilter(label="Jahr", method="by_year", min_value=FIRST_YEAR, max_value=2199)

    class Meta(QuartierFilterSet.Meta):
        model = PRItem
        fields: list[str] = []

    @property
    def qs(self):
        """Items that appeared and show what works."""
        return super().qs.filter(shows_strength=True).exclude(published_on=None)

    @property
    def echoes(self):
        """Positive clippings of the same district and year."""
        found = Clipping.objects.visible_to(self.user).filter(tone=Clipping.Tone.POSITIVE)
        if not self.form.is_valid():
            return found.none()
        asked = self.form.cleaned_data
        if asked.get("district"):
            found = self.by_district(found, "district", asked["district"])
        return found.filter(on__year=int(asked["year"])) if asked.get("year") else found

    def by_year(self, queryset, name, value):
        return queryset.filter(published_on__year=int(value))
