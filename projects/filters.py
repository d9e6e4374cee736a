"""What a person picks from the list of bodies."""

import django_filters as df
from django import forms
from django.db.models import Q
from django.utils import timezone

from districts.models import District
from projects.models import Body
from quartier.web.filters import QuartierFilterSet
from quartier.web.forms import LeanSelect


class BodyFilter(QuartierFilterSet):
    """Name, kind and district; without a choice bodies that are over are left out."""

    q = df.CharFilter(
        label="Name", field_name="name", lookup_expr="icontains", widget=forms.TextInput({"type": "search"})
    )
    kind = df.ChoiceFilter(label="Art", choices=Body.Kind.choices, empty_label="alle", widget=LeanSelect)
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
