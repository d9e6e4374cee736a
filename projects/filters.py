"""What a person picks from the lists of bodies and funding sources, and from the overview of money."""

import django_filters as df
from django import forms
from django.db.models import Q
from django.utils import timezone

from districts.models import ActionField, District
from projects.models import Body, FinanceLine, FundingSource
from quartier.web.filters import QuartierFilterSet
from quartier.web.forms import LeanSelect


class BodyFilter(QuartierFilterSet):
    """Name, kind, level, term and district; without a choice bodies that are over are left out."""

    q = df.CharFilter(
        label="Name", field_name="name", lookup_expr="icontains", widget=forms.TextInput({"type": "search"})
    )
    kind = df.ChoiceFilter(label="Art", choices=Body.Kind.choices, empty_label="alle", widget=LeanSelect)
    level = df.ChoiceFilter(label="Ebene", choices=Body.Level.choices, empty_label="alle", widget=LeanSelect)
    term = df.ChoiceFilter(label="Bestand", choices=Body.Term.choices, empty_label="alle", widget=LeanSelect)
    district = df.ModelChoiceFilter(
        label="Quartier", queryset=District.objects.defer("boundary"), method="by_district", empty_label="alle",
        widget=LeanSelect,
    )  # fmt: skip
    over = df.BooleanFilter(label="auch beendete", method="with_ended", widget=forms.CheckboxInput)

    class Meta(QuartierFilterSet.Meta):
        model = Body
        fields: list[str] = []

    @property
    def qs(self):
        """The chosen rows, without ended ones unless they are asked for."""
        found = super().qs
        return found if self.data.get("over") else found.active(timezone.localdate())

    def by_district(self, queryset, name, value):
        """Bodies of a district, and those of the whole city."""
        found = queryset.filter(Q(districts=value) | Q(districts=None))
        return queryset.filter(pk__in=found.order_by().values("pk"))

    def with_ended(self, queryset, name, value):
        return queryset  # `qs` looks at it


class SourceFilter(QuartierFilterSet):
    """Name, level, Handlungsfeld; without a choice sources that have run out are left out."""

    q = df.CharFilter(label="Name oder Zweck", method="by_words", widget=forms.TextInput({"type": "search"}))
    level = df.ChoiceFilter(label="Ebene", choices=FundingSource.Level.choices, empty_label="alle", widget=LeanSelect)
    field = df.ModelChoiceFilter(
        label="Handlungsfeld", queryset=ActionField.objects.filter(is_active=True), field_name="action_fields",
        empty_label="alle", widget=LeanSelect,
    )  # fmt: skip
    over = df.BooleanFilter(label="auch ausgelaufene", method="with_closed", widget=forms.CheckboxInput)

    class Meta(QuartierFilterSet.Meta):
        model = FundingSource
        fields: list[str] = []

    @property
    def qs(self):
        """The chosen rows, without closed ones unless they are asked for."""
        found = super().qs
        return found if self.data.get("over") else found.exclude(status=FundingSource.Status.CLOSED)

    def by_words(self, queryset, name, value):
        """Name, short name or what it pays for."""
        return queryset.filter(Q(name__icontains=value) | Q(short_name__icontains=value) | Q(purposes__icontains=value))

    def with_closed(self, queryset, name, value):
        return queryset  # `qs` looks at it


class FinanceFilter(QuartierFilterSet):
    """What the overview of money is about."""

    district = df.ModelChoiceFilter(
        label="Quartier", queryset=District.objects.defer("boundary"), method="by_district", empty_label="alle",
        widget=LeanSelect,
    )  # fmt: skip
    level = df.ChoiceFilter(
        label="Ebene", choices=FundingSource.Level.choices, field_name="source__level", empty_label="alle",
        widget=LeanSelect,
    )  # fmt: skip
    since = df.NumberFilter(label="Jahr ab", field_name="year", lookup_expr="gte", min_value=1950, max_value=2199)
    until = df.NumberFilter(label="Jahr bis", field_name="year", lookup_expr="lte", min_value=1950, max_value=2199)

    class Meta(QuartierFilterSet.Meta):
        model = FinanceLine
        fields: list[str] = []

    def by_district(self, queryset, name, value):
        """Projects, measures and assignments of a district."""
        return queryset.in_districts([value])
