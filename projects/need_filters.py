"""What a person picks from the register of needs and from theme reports; list and file use the same object (Q13)."""

import django_filters as df
from django import forms
from django.http import QueryDict
from django.utils import timezone

from districts.filters.actors import choice_of, list_of
from districts.models import ActionField, Department, District, TargetGroup, User
from projects.models import Need, ThemeReport
from projects.workflow import NeedStatus, ThemeReportStatus
from quartier.web.filters import QuartierFilterSet, SearchedFilterSet
from quartier.web.forms import LeanSelect

OPEN, ANY = "open", "any"
DUE = "faellig"


class NeedFilter(SearchedFilterSet):
    """Needs; without a choice those that are over are left out."""

    more = ("group", "priority", "department", "keeper", "confirm")
    q = df.CharFilter(label="Titel oder Stichwort", method="by_text", widget=forms.TextInput({"type": "search"}))
    district = choice_of("Quartier", (), method="by_district")
    status = choice_of("Stand", [*NeedStatus.choices, (ANY, "auch erledigte")], method="by_status")
    field = list_of("Handlungsfeld", ActionField.objects.all(), "action_fields")
    group = list_of("Zielgruppe", TargetGroup.objects.all(), "target_groups")
    priority = choice_of("Priorität", Need.Priority.choices, field_name="priority")
    department = list_of("Fachbereich", Department.objects.all(), "departments")
    keeper = df.ModelChoiceFilter(
        label="Behält es im Blick", queryset=User.objects.filter(kept_needs__isnull=False).distinct(),
        empty_label="alle", widget=LeanSelect,
    )  # fmt: skip
    confirm = df.BooleanFilter(label="Zu bestätigen", method="by_confirm", widget=forms.CheckboxInput)

    class Meta(QuartierFilterSet.Meta):
        model = Need
        fields: list[str] = []

    def __init__(self, data: QueryDict | None, *, user: User):
        super().__init__(data or QueryDict(), queryset=Need.objects.visible_to(user))
        self.user, self.today = user, timezone.localdate()
        districts = District.objects.valid_on(self.today).defer("boundary")
        self.form.fields["district"].choices = [("", "alle"), *((str(one.pk), one.name) for one in districts)]

    def not_over(self, rows):
        return rows.open()

    def by_district(self, queryset, name, value):
        return queryset.filter(queryset.in_districts([int(value)]))

    def by_status(self, queryset, name, value):
        return queryset if value == ANY else queryset.filter(status=value)

    def by_confirm(self, queryset, name, value):
        return queryset.in_basket_of(self.user).to_confirm(self.today) if value else queryset


class ThemeReportFilter(QuartierFilterSet):
    """Theme reports by title, district and status."""

    q = df.CharFilter(
        label="Titel", field_name="title", lookup_expr="icontains", widget=forms.TextInput({"type": "search"})
    )
    district = df.ModelChoiceFilter(
        label="Quartier", queryset=District.objects.defer("boundary"), empty_label="alle", widget=LeanSelect
    )
    status = choice_of(
        "Stand", [*ThemeReportStatus.choices, (DUE, "überfällig, mit Rückfrage oder zurückgegeben")], method="by_status"
    )

    mine = df.BooleanFilter(label="Nur meines Teams", method="by_team", widget=forms.CheckboxInput)

    class Meta(QuartierFilterSet.Meta):
        model = ThemeReport
        fields: list[str] = []

    def __init__(self, data: QueryDict | None, *, user: User):
        super().__init__(data or QueryDict(), queryset=ThemeReport.objects.visible_to(user))
        self.user = user

    def by_status(self, queryset, name, value):
        if value != DUE:
            return queryset.filter(status=value)
        return queryset.pressing(timezone.localdate())

    def by_team(self, queryset, name, value):
        return queryset.of_team(self.user) if value else queryset
