"""Filters of the lists about people and departments."""

import django_filters
from django.db.models import Q
from django.utils import timezone

from districts.models import Department, District, Membership, User
from districts.roles import Role
from quartier.web.filters import QuartierFilterSet

ACTIVE = (("ja", "aktiv"), ("nein", "nicht aktiv"))


class PersonFilter(QuartierFilterSet):
    """People by name, role held today, scope of that role and whether they may sign in."""

    q = django_filters.CharFilter(label="Name oder E-Mail", method="by_text")
    role = django_filters.ChoiceFilter(
        label="Rolle heute", choices=Role.choices, empty_label="alle", method="by_membership"
    )
    district = django_filters.ModelChoiceFilter(
        label="Quartier", queryset=District.objects.defer("boundary"), empty_label="alle", method="by_membership"
    )
    department = django_filters.ModelChoiceFilter(
        label="Fachbereich", queryset=Department.objects.all(), empty_label="alle", method="by_membership"
    )
    active = django_filters.ChoiceFilter(label="Zugang", choices=ACTIVE, empty_label="alle", method="by_active")

    class Meta(QuartierFilterSet.Meta):
        model = User
        fields: list[str] = []

    @property
    def narrows_scope(self) -> bool:
        """Whether one of the less used fields is set."""
        return any(self.data.get(name) for name in ("district", "department", "active"))

    def by_text(self, queryset, name, value):
        return queryset.filter(Q(name__icontains=value) | Q(email__icontains=value))

    def by_membership(self, queryset, name, value):
        held = Membership.objects.valid_on(timezone.localdate()).filter(**{name: value})
        return queryset.filter(pk__in=held.values("user"))

    def by_active(self, queryset, name, value):
        return queryset.filter(is_active=value == "ja")


class DepartmentFilter(QuartierFilterSet):
    """Departments by code or name, kind and whether they are in force today."""

    q = django_filters.CharFilter(label="Kürzel oder Name", method="by_text")
    kind = django_filters.ChoiceFilter(label="Art", choices=Department.Kind.choices, empty_label="alle")
    valid = django_filters.ChoiceFilter(
        label="Gültigkeit",
        choices=(("heute", "heute gültig"), ("andere", "nicht mehr oder noch nicht")),
        empty_label="alle",
        method="by_validity",
    )

    class Meta(QuartierFilterSet.Meta):
        model = Department
        fields: list[str] = []

    def by_text(self, queryset, name, value):
        return queryset.filter(Q(code__icontains=value) | Q(name__icontains=value))

    def by_validity(self, queryset, name, value):
        valid = Department.objects.valid_on(timezone.localdate()).values("pk")
        return queryset.filter(pk__in=valid) if value == "heute" else queryset.exclude(pk__in=valid)
