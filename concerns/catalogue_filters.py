"""Filter of the list of responsibility rules."""

import django_filters as df
from django.db.models import Q
from django.utils import timezone

from concerns.models import ResponsibilityRule, Topic
from districts.models import Department, District
from quartier.web.filters import QuartierFilterSet

TODAY, PAST, FUTURE, ALWAYS = "heute", "vergangen", "künftig", "alle"


class RuleFilter(QuartierFilterSet):
    """Rules by theme, department, district and time; without a choice those of today."""

    theme = df.ModelChoiceFilter(
        label="Handlungsfeld",
        queryset=Topic.objects.filter(parent=None),
        field_name="topic__parent",
        empty_label="alle",
    )
    department = df.ModelChoiceFilter(
        label="Fachbereich", queryset=Department.objects.all(), empty_label="alle", method="by_department"
    )
    district = df.ModelChoiceFilter(label="Quartier", queryset=District.objects.defer("boundary"), empty_label="alle")
    when = df.ChoiceFilter(
        label="Gültigkeit",
        choices=((PAST, "beendet"), (FUTURE, "beginnt später"), (ALWAYS, "alle")),
        empty_label="gilt heute",
        method="by_time",
    )

    class Meta(QuartierFilterSet.Meta):
        model = ResponsibilityRule
        fields: list[str] = []

    def by_department(self, queryset, name, value):
        return queryset.filter(Q(department=value) | Q(co_department=value))

    def by_time(self, queryset, name, value):
        today = timezone.localdate()
        if value == PAST:
            return queryset.filter(valid_to__lt=today)
        return queryset.filter(valid_from__gt=today) if value == FUTURE else queryset

    def filter_queryset(self, queryset):
        """Without a choice of time only what applies today."""
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("when") else found.valid_on(timezone.localdate())
