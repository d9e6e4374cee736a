"""What a person picks from the register of needs and from theme reports; list and file use the same object (Q13)."""

from functools import cached_property

import django_filters as df
from django import forms
from django.http import QueryDict
from django.utils import timezone

from districts.filters.actors import choice_of, list_of
from districts.models import ActionField, Department, District, TargetGroup, User
from projects.models import Need, ThemeReport
from projects.workflow import NeedStatus, ThemeReportStatus
from quartier.web.filters import QuartierFilterSet
from quartier.web.forms import LeanSelect

OPEN, ANY = "open", "any"
MORE = ("group", "priority", "department", "keeper", "confirm")
DUE = "faellig"


class NeedFilter(QuartierFilterSet):
    """Needs; without a choice those that are over are left out."""

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

    @property
    def qs(self):
        """The chosen rows; a search that finds nothing by letters looks for titles that sound like it."""
        return self._found[0]

    @property
    def is_near(self) -> bool:
        """Whether nothing contains the words, so that similar titles are shown."""
        return self._found[1]

    @cached_property
    def _found(self) -> tuple:
        found = super().qs
        if self.form.is_valid() and not self.form.cleaned_data.get("status"):
            found = found.open()
        text = self.form.cleaned_data.get("q") if self.form.is_valid() else ""
        if not text or (exact := found.matching(text)).exists():
            return exact if text else found, False
        return found.filter(pk__in=found.sounding(text)), True

    @property
    def more_active(self) -> bool:
        """Whether one of the folded fields narrows the list."""
        return any(self.data.get(name) for name in MORE)

    def by_text(self, queryset, name, value):
        return queryset  # `_found` searches after everything else has narrowed the list

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
        "Stand", [*ThemeReportStatus.choices, (DUE, "überfällig oder mit Rückfrage")], method="by_status"
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
