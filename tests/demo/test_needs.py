"""The register of needs and the theme reports of the demo city (Q17, appendix G)."""

import pytest
from django.urls import reverse
from django.utils import timezone

from districts.models import District, User
from projects.models import AgendaItem, ConcernNews, Need, ThemeRecipient, ThemeReport
from projects.workflow import NeedStatus
from tests import make

pytestmark = pytest.mark.django_db


def test_there_are_needs_in_every_state_and_those_of_the_source():
    assert {status for (status,) in Need.objects.values_list("status")} == set(NeedStatus.values)
    titles = set(Need.objects.values_list("title", flat=True))
    assert {"Versorgung älterer Ein-Personen-Haushalte Kronenberg", "Förderbedarf Kinder/Jugendliche Kullen"} <= titles
    assert Need.objects.to_confirm(timezone.localdate()).exists()
    assert Need.objects.filter(links__isnull=False).distinct().count() >= 6


def test_reports_are_in_every_state_with_a_no_and_a_late_one():
    assert {status for (status,) in ThemeReport.objects.values_list("status")} == {
        "draft", "sent", "answered", "returned",
    }  # fmt: skip
    assert ThemeRecipient.objects.overdue(timezone.localdate()).exists()
    assert ThemeRecipient.objects.get(result="declined").reason_category == "other_level"
    assert AgendaItem.objects.filter(need__isnull=False).count() >= 3
    assert ConcernNews.objects.waiting().exists()


@pytest.mark.parametrize("login", ["a.yilmaz", "e.steinmetz", "d.pelzer"])
def test_every_page_opens(login):
    user = User.objects.get(email__startswith=login)
    client = make.client_of(user)
    rows = [
        *Need.objects.visible_to(user),
        *ThemeReport.objects.visible_to(user),
        *ThemeRecipient.objects.visible_to(user),
    ]
    paths = [one.get_absolute_url() for one in rows]
    if login != "d.pelzer":
        paths += [
            reverse("projects:needs"),
            reverse("projects:theme_reports"),
            District.objects.first().get_absolute_url(),
        ]
    assert {client.get(path).status_code for path in paths} == {200}
    assert len(paths) > 1
