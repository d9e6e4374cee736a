"""Filters of projects and events: list, file and pages of quarters use the same object (Q13)."""

import django_filters as df
from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone

from districts.filters.actors import CITYWIDE, choice_of, list_of
from districts.models import ActionField, District, EventFormat, TargetGroup, User
from districts.models.groups import ActivationPhase
from projects.models import Event, Project
from projects.workflow import EventStatus, ProjectStatus
from quartier.web.filters import QuartierFilterSet, SearchedFilterSet

ANY = "any"
COMING, PAST = "coming", "past"


def _districts() -> list[tuple[str, str]]:
    today = timezone.localdate()
    return [(str(one.pk), one.name) for one in District.objects.valid_on(today).defer("boundary")]


class ProjectFilter(SearchedFilterSet):
    """What a person picks from the projects; without a choice those that are over are left out."""

    more = ("phase", "field", "group", "partner", "mine")
    q = df.CharFilter(label="Titel oder Stichwort", method="by_text", widget=forms.TextInput({"type": "search"}))
    district = choice_of("Quartier", (), method="by_district")
    status = choice_of("Stand", [*ProjectStatus.choices, (ANY, "alle, auch beendete")], method="by_status")
    phase = choice_of("Phase", ActivationPhase.choices, field_name="phase")
    field = list_of("Handlungsfeld", ActionField.objects.all(), "action_fields")
    group = list_of("Zielgruppe", TargetGroup.objects.all(), "target_groups")
    partner = df.CharFilter(label="Partner", method="by_partner")
    mine = df.BooleanFilter(label="Nur meine", method="by_keeper", widget=forms.CheckboxInput)

    class Meta(QuartierFilterSet.Meta):
        model = Project
        fields: list[str] = []

    def __init__(self, data: QueryDict | None, *, user: User):
        super().__init__(data or QueryDict(), queryset=Project.objects.visible_to(user))
        self.user = user
        self.form.fields["district"].choices = [*_districts(), (CITYWIDE, "nur stadtweite")]
        open_ones = [("", "noch nicht beendet"), *ProjectStatus.choices, (ANY, "alle, auch beendete")]
        self.form.fields["status"].choices = open_ones

    def not_over(self, rows):
        return rows.under_way()

    def by_district(self, queryset, name, value):
        if value == CITYWIDE:
            return queryset.filter(districts=None)
        return queryset.filter(queryset.in_districts([int(value)], or_citywide=False))

    def by_status(self, queryset, name, value):
        return queryset if value == ANY else queryset.filter(status=value)

    def by_partner(self, queryset, name, value):
        partners = Project._meta.get_field("partners").related_model.objects
        named = partners.filter(
            Q(actor__name__icontains=value) | Q(department__name__icontains=value) | Q(name__icontains=value)
        )
        return queryset.filter(Q(lead__name__icontains=value) | Q(pk__in=named.values("project")))

    def by_keeper(self, queryset, name, value):
        return queryset.filter(keeper=self.user) if value else queryset


class EventFilter(QuartierFilterSet):
    """What a person picks from the events; without a choice those still to come."""

    more = ("phase", "group", "status", "mine", "project")
    q = df.CharFilter(label="Titel oder Ort", method="by_text", widget=forms.TextInput({"type": "search"}))
    district = choice_of("Quartier", (), method="by_district")
    when = choice_of("Wann", [(COMING, "kommende"), (PAST, "vergangene")], method="by_time")
    format = list_of("Format", EventFormat.objects.all(), "format")
    phase = choice_of("Phase", ActivationPhase.choices, field_name="phase")
    group = list_of("Zielgruppe", TargetGroup.objects.all(), "target_groups")
    status = choice_of("Stand", EventStatus.choices, field_name="status")
    project = df.ModelChoiceFilter(queryset=Project.objects.none(), field_name="project", widget=forms.HiddenInput)
    mine = df.BooleanFilter(label="Nur meine", method="by_keeper", widget=forms.CheckboxInput)

    class Meta(QuartierFilterSet.Meta):
        model = Event
        fields: list[str] = []

    def __init__(self, data: QueryDict | None, *, user: User):
        super().__init__(data or QueryDict(), queryset=Event.objects.visible_to(user))
        self.user, self.today = user, timezone.localdate()
        self.form.fields["district"].choices = _districts()
        self.form.fields["when"].empty_label = None
        self.form.fields["when"].choices = [("", "alle"), (COMING, "kommende"), (PAST, "vergangene")]
        self.form.fields["project"].queryset = Project.objects.visible_to(user)

    @property
    def is_ascending(self) -> bool:
        """Whether the next come first."""
        return self.form.is_valid() and self.form.cleaned_data.get("when") == COMING

    def by_text(self, queryset, name, value):
        return queryset.filter(Q(title__icontains=value) | Q(place__icontains=value))

    def by_district(self, queryset, name, value):
        return queryset.filter(district=int(value))

    def by_time(self, queryset, name, value):
        running = Q(on__gte=self.today) | Q(until__gte=self.today)
        return queryset.filter(running if value == COMING else ~running & Q(on__lt=self.today))

    def by_keeper(self, queryset, name, value):
        return queryset.filter(keeper=self.user) if value else queryset
