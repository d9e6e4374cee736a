"""Filter of the offers: list, matrix, gaps, file and referral use the same object, so their numbers agree (Q13)."""

import django_filters as df
from dateutil.relativedelta import relativedelta
from django import forms
from django.http import QueryDict
from django.utils import timezone

from districts.languages import Spoken
from districts.models import ActionField, DirectorySettings, District, Offer, OfferKind, TargetGroup, User
from districts.roles import Perm
from quartier.web.filters import QuartierFilterSet, SearchedFilterSet

from .actors import CITYWIDE, choice_of, district_choices, districts_for, list_of

RUNNING, ANY = "running", "any"
MONTHS = (("6", "in den nächsten 6 Monaten"), ("12", "in den nächsten 12 Monaten"), ("0", "schon abgelaufen"))


class OfferFilter(SearchedFilterSet):
    """What a person picks from the offers; without a choice those that are over are left out."""

    more = ("kind", "language", "status", "age", "barrier_free", "free", "unverified", "expiring")
    q = df.CharFilter(label="Angebot oder Anbieter", method="by_text", widget=forms.TextInput({"type": "search"}))
    district = choice_of("Quartier", (), method="by_district")
    field = list_of("Handlungsfeld", ActionField.objects.all(), "action_fields")
    group = list_of("Zielgruppe", TargetGroup.objects.all(), "target_groups")
    kind = list_of("Art", OfferKind.objects.all(), "kind")
    language = choice_of("Sprache", Spoken.choices, method="by_language")
    status = choice_of(
        "Stand", [(RUNNING, "läuft heute"), *Offer.Status.choices, (ANY, "auch beendete")], method="by_status"
    )
    age = df.NumberFilter(label="Für das Alter von", method="by_age", min_value=0, max_value=120)
    expiring = choice_of("Läuft aus", MONTHS, method="by_end")
    barrier_free = df.BooleanFilter(label="Barrierefrei", method="by_access", widget=forms.CheckboxInput)
    free = df.BooleanFilter(label="Kostenlos", method="by_cost", widget=forms.CheckboxInput)
    unverified = df.BooleanFilter(label="Lange nicht geprüft", method="by_check", widget=forms.CheckboxInput)

    or_citywide = False  # whether a district's offers include those for the whole city

    class Meta(QuartierFilterSet.Meta):
        model = Offer
        fields: list[str] = []

    def __init__(self, data: QueryDict | None, *, user: User):
        super().__init__(data or QueryDict(), queryset=Offer.objects.visible_to(user))
        self.today = timezone.localdate()
        self.districts = districts_for(self.data)
        self.form.fields["district"].choices = district_choices(self.districts)
        if not user.rights.can(Perm.READ_ALL_OFFERS):
            del self.form.fields["expiring"]  # would tell until when the money lasts

    def not_over(self, rows):
        return rows.current()

    @property
    def chosen_district(self) -> District | None:
        """The district that is asked for."""
        asked = self.form.cleaned_data.get("district") if self.form.is_valid() else ""
        return next((one for one in self.districts if str(one.pk) == asked), None)

    def by_district(self, queryset, name, value):
        if value == CITYWIDE:
            return queryset.filter(districts=None)
        return queryset.filter(queryset.in_districts([int(value)], or_citywide=self.or_citywide))

    def by_language(self, queryset, name, value):
        return queryset.filter(languages__contains=[value])

    def by_status(self, queryset, name, value):
        if value == RUNNING:
            return queryset.running(self.today)
        return queryset if value == ANY else queryset.filter(status=value)

    def by_age(self, queryset, name, value):
        return queryset.for_age(int(value))

    def by_end(self, queryset, name, value):
        if value == "0":
            return queryset.current().filter(last_day__lt=self.today)
        until = self.today + relativedelta(months=int(value))
        return queryset.expiring(until=until).filter(last_day__gte=self.today)

    def by_access(self, queryset, name, value):
        return queryset.filter(barrier_free=Offer.Access.YES) if value else queryset

    def by_cost(self, queryset, name, value):
        return queryset.filter(is_free=True) if value else queryset

    def by_check(self, queryset, name, value):
        months = DirectorySettings.load().verify_months
        return queryset.unverified(today=self.today, months=months) if value else queryset
