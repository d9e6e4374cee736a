"""Filters of the directory: actors and networks. List, file and paper use the same object (Q13)."""

import django_filters as df
from django import forms
from django.http import QueryDict
from django.utils import timezone

from districts.languages import Spoken
from districts.models import (
    ActionField,
    Actor,
    ActorType,
    DirectorySettings,
    District,
    Network,
    TargetGroup,
    User,
)
from quartier.web.filters import QuartierFilterSet, SearchedFilterSet
from quartier.web.forms import LeanSelect

CITYWIDE = "stadtweit"


def list_of(label: str, queryset, field: str) -> df.ModelChoiceFilter:
    """A filter by one entry of a list."""
    return df.ModelChoiceFilter(
        label=label, queryset=queryset, field_name=field, empty_label="alle", widget=LeanSelect, distinct=False
    )


def choice_of(label: str, choices, **extra) -> df.ChoiceFilter:
    """A filter by one of some choices; choosing none narrows nothing."""
    return df.ChoiceFilter(label=label, choices=choices, empty_label="alle", widget=LeanSelect, **extra)


def districts_for(data: QueryDict) -> list[District]:
    """Today's districts, and one of the past when the address asks for it: its page leads to its lists."""
    found, asked = District.objects.defer("boundary"), data.get("district", "")
    now = found.valid_on(timezone.localdate())
    if asked.isascii() and asked.isdigit() and len(asked) < 10:
        now = now | found.filter(pk=int(asked))
    return list(now)


def district_choices(districts: list[District]) -> list[tuple[str, str]]:
    """Districts and „the whole city“ to choose from."""
    return [*((str(one.pk), one.name) for one in districts), (CITYWIDE, "nur stadtweite")]


class ActorFilter(SearchedFilterSet):
    """What a person picks from the directory; without a choice ended actors are left out."""

    more = ("type", "group", "language", "carrier", "status", "unverified")
    q = df.CharFilter(
        label="Name, Adresse oder Stichwort", method="by_text", widget=forms.TextInput({"type": "search"})
    )
    district = choice_of("Quartier", (), method="by_district")
    field = list_of("Handlungsfeld", ActionField.objects.all(), "action_fields")
    type = list_of("Art", ActorType.objects.all(), "type")
    group = list_of("Zielgruppe", TargetGroup.objects.all(), "target_groups")
    language = choice_of("Sprache", Spoken.choices, method="by_language")
    carrier = choice_of("Trägertyp", Actor.CarrierType.choices, field_name="carrier_type")
    status = choice_of("Stand", [*Actor.Status.choices, ("any", "auch beendete")], method="by_status")
    unverified = df.BooleanFilter(label="Lange nicht geprüft", method="by_age", widget=forms.CheckboxInput)

    or_citywide = False  # whether a district's actors include those of the whole city

    class Meta(QuartierFilterSet.Meta):
        model = Actor
        fields: list[str] = []

    def __init__(self, data: QueryDict | None, *, user: User):
        super().__init__(data or QueryDict(), queryset=Actor.objects.visible_to(user))
        self.districts = districts_for(self.data)
        self.form.fields["district"].choices = district_choices(self.districts)

    def not_over(self, rows):
        return rows.active()

    def by_district(self, queryset, name, value):
        if value == CITYWIDE:
            return queryset.filter(districts=None)
        return queryset.filter(queryset.in_districts([int(value)], or_citywide=self.or_citywide))

    def by_language(self, queryset, name, value):
        return queryset.filter(languages__contains=[value])

    def by_status(self, queryset, name, value):
        return queryset if value == "any" else queryset.filter(status=value)

    def by_age(self, queryset, name, value):
        months = DirectorySettings.load().verify_months
        return queryset.unverified(today=timezone.localdate(), months=months) if value else queryset


class NetworkFilter(QuartierFilterSet):
    """What a person picks from the networks; without a choice ended ones are left out."""

    q = df.CharFilter(label="Name oder Zweck", method="by_text")
    kind = choice_of("Art", Network.Kind.choices)
    district = list_of("Quartier", District.objects.defer("boundary"), "districts")
    field = list_of("Handlungsfeld", ActionField.objects.all(), "action_fields")
    status = choice_of("Stand", [*Network.Status.choices, ("any", "auch beendete")], method="by_status")

    class Meta(QuartierFilterSet.Meta):
        model = Network
        fields: list[str] = []

    @property
    def qs(self):
        """The chosen rows, without ended ones unless they are asked for."""
        found = super().qs
        return found if self.data.get("status") else found.exclude(status=Network.Status.ENDED)

    def by_text(self, queryset, name, value):
        return queryset.filter(name__icontains=value) | queryset.filter(purpose__icontains=value)

    def by_status(self, queryset, name, value):
        return queryset if value == "any" else queryset.filter(status=value)
