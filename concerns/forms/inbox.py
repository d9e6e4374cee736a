"""The filter of a department's inbox (K06)."""

from datetime import date, timedelta
from itertools import groupby

import django_filters as df
from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from concerns.models import Routing, Topic
from districts.models import District, Membership, User
from districts.roles import DEPARTMENT_ROLES
from quartier.web.filters import QuartierFilterSet

NOBODY = "niemand"
AGES = {"7": "mehr als 1 Woche", "14": "mehr als 2 Wochen", "30": "mehr als 1 Monat", "90": "mehr als 3 Monaten"}


def _choice(label: str, method: str, choices=()) -> df.ChoiceFilter:
    return df.ChoiceFilter(label=label, choices=choices, method=method, empty_label="alle")


class InboxFilter(QuartierFilterSet):
    """What somebody of a department picks from its routings.

    Title, place, topic and district of a sensitive concern are not known to the department: nothing is found by them.
    """

    q = df.CharFilter(label="Nummer, Titel oder Ort", method="_text")
    district = _choice("Quartier", "_of_concern")
    topic = _choice("Thema", "_of_concern")
    age = _choice("Hier seit", "_age", [*AGES.items()])
    assignee = _choice("Bearbeitung", "_assignee")
    mine = df.BooleanFilter(label="Nur meine", method="_mine", widget=forms.CheckboxInput)

    def __init__(self, data: QueryDict, *, user: User, today: date):
        super().__init__(data, queryset=Routing.objects.visible_to(user))
        self.user, self.today = user, today
        self._set("district", District.objects.values_list("pk", "name"))
        self._set("topic", _topics())
        self._set("assignee", [(NOBODY, "noch niemand"), *_colleagues(user, today)])

    @property
    def narrowed(self) -> bool:
        """Whether one of the further filters is set."""
        return any(self.data.get(name) for name in ("district", "topic", "age", "assignee"))

    def _set(self, name: str, choices) -> None:
        self.filters[name].extra["choices"] = list(choices)

    def _text(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        open_words = Q(concern__title__icontains=value) | Q(concern__place__icontains=value)
        return queryset.filter(
            Q(concern__number__icontains=value)
            | Q(file_number__icontains=value)
            | (open_words & Q(concern__is_sensitive=False))
        )

    def _of_concern(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(**{f"concern__{name}": value, "concern__is_sensitive": False})

    def _age(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(sent_at__lt=timezone.now() - timedelta(days=int(value)))

    def _assignee(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(assignee=None if value == NOBODY else value)

    def _mine(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        if not value:
            return queryset
        return queryset.filter(assignee__in={self.user.pk, *self.user.rights.stands_in_for})


def _topics() -> list:
    """Topics below their themes."""
    topics = Topic.objects.filter(parent__isnull=False).values_list("parent__name", "pk", "name")
    rows = topics.order_by("parent__position", "parent__sort_key", "parent_id", "position", "sort_key")
    return [(theme, [(pk, name) for _, pk, name in group]) for theme, group in groupby(rows, key=lambda row: row[0])]


def _colleagues(user: User, today: date):
    """People who work on the same departments' routings today."""
    memberships = Membership.objects.valid_on(today).filter(
        role__in=DEPARTMENT_ROLES, department_id__in=user.rights.department_ids
    )
    return User.objects.active().filter(pk__in=memberships.values("user")).values_list("pk", "name")
