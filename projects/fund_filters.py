"""What a person picks from the list of applications to funds."""

import django_filters as df
from django import forms
from django.utils import timezone

from districts.models import District
from projects.fund_workflow import ApplicationStatus
from projects.models import Fund, FundApplication
from quartier.web.filters import QuartierFilterSet
from quartier.web.forms import LeanSelect

# What is owed, as the work basket counts it.
OWED = (
    ("pruefen", "zu prüfen"),
    ("zweitpruefung", "zweite Prüfung"),
    ("bescheid", "Bescheid zuzustellen"),
    ("nachweis", "Nachweis überfällig"),
    ("nachpruefung", "Nachweis neu zu prüfen"),
    ("rueckzahlung", "Rückzahlung offen"),
)


class ApplicationFilter(QuartierFilterSet):
    """Words, fund, state, year of the project, quarter, and what is owed."""

    q = df.CharFilter(
        label="Nummer, Titel oder Antragsteller", method="by_words", widget=forms.TextInput({"type": "search"})
    )
    fund = df.ModelChoiceFilter(label="Fonds", queryset=Fund.objects.all(), empty_label="alle", widget=LeanSelect)
    status = df.ChoiceFilter(label="Stand", choices=ApplicationStatus.choices, empty_label="alle", widget=LeanSelect)
    year = df.NumberFilter(label="Jahr", field_name="starts_on__year", min_value=1990, max_value=2199)
    district = df.ModelChoiceFilter(
        label="Quartier", queryset=District.objects.defer("boundary"), empty_label="alle", widget=LeanSelect
    )
    owed = df.ChoiceFilter(label="Offen ist", choices=OWED, method="by_owed", empty_label="egal", widget=LeanSelect)

    class Meta(QuartierFilterSet.Meta):
        model = FundApplication
        fields: list[str] = []

    def by_words(self, queryset, name, value):
        """Part of the number, the title or the name of who asks."""
        return queryset.matching(value)

    def by_owed(self, queryset, name, value):
        """What waits at this person's funds, as the work basket counts it; whoever runs none sees all of it."""
        today, user = timezone.localdate(), self.request.user
        if Fund.objects.kept_by(user).exists():
            queryset = queryset.kept_by(user)
        return {
            "pruefen": queryset.to_check,
            "zweitpruefung": queryset.to_confirm,
            "bescheid": queryset.notice_owed,
            "nachweis": lambda: queryset.proof_overdue(today),
            "nachpruefung": queryset.proof_reopened,
            "rueckzahlung": queryset.money_to_come_back,
        }[value]()
