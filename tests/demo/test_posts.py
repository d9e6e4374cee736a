"""Assignments and posts of the demo city: appendix G, acceptance scenarios 7 and 8."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from districts.models import Assignment, District, DistrictClassification, Staffing, User
from districts.posts import overview
from districts.structure import structures
from districts.task_matrix import matrix
from districts.terms import expiring
from tests import make

pytestmark = pytest.mark.django_db
END_2017, NEW_YEAR = date(2017, 12, 31), date(2019, 1, 1)
QFI = "Quartiersmanagement für Integration (QFI)"


def gaps(day, **options):
    return [one.district.name for one in DistrictClassification.objects.without_management(day, **options)]


def test_scenario_8_posts_at_the_end_of_2017():
    found = overview(Assignment.objects.all(), END_2017)
    planned = {one.label: one.planned.value for one in found.by_programme}
    assert planned == {
        "Städtischer Haushalt": Decimal("2.50"), QFI: Decimal("3.50"), "Soziale Stadt": None,
        "Altengerechte Quartiere": None,
    }  # fmt: skip
    assert (found.total.planned.known, found.total.planned.unknown) == (Decimal("6.00"), 2)
    assert {one.label: one.planned.value for one in found.by_type}["allgemein"] == Decimal("2.50")
    shares = {one.label: str(one.planned) for one in found.by_place}
    assert [shares[name] for name in ("Richterich", "Eilendorf", "Kronenberg")] == ["1,0"] * 3
    assert shares["Nord"] == "mindestens 0,5"


def test_scenario_8_the_extension_of_the_integration_programme():
    for place in ("Richterich", "Eilendorf"):
        made = Assignment.objects.get(name=f"QFI {place}")
        counted = [one for one in made.terms.all() if one.reason != "applied"]
        assert [(one.reason, f"{one.ends_on:%d.%m.%Y}") for one in counted] == [
            ("granted", "31.12.2018"), ("extended", "31.12.2019"),
        ]  # fmt: skip
        assert made.decisions.first().choice == "expire"
    year_after = overview(Assignment.objects.all(), date(2019, 6, 30)).by_programme
    assert {one.label: one.planned.value for one in year_after}[QFI] == Decimal("1.00")
    ended = Assignment.objects.filter(name__startswith="QFI", ends_on=date(2018, 12, 31)).order_by("name")
    assert [one.name for one in ended] == ["QFI Aachen-Nord", "QFI Kronenberg"]


def test_scenario_7_kronenberg():
    joint = Assignment.objects.get(name="Quartiersmanagement Kronenberg und Kullen")
    assert gaps(NEW_YEAR) == []
    assert gaps(NEW_YEAR, leaving_out=[joint.pk]) == ["Kronenberg"]
    assert gaps(date(2018, 12, 31), leaving_out=[joint.pk]) == []
    need = DistrictClassification.objects.get(kind="need").district
    assert (need.name, DistrictClassification.objects.challenged_on(NEW_YEAR).count()) == ("Kullen", 5)


def test_every_state_warning_and_kind_of_gap_is_there():
    today = timezone.localdate()
    assert {one.status for one in Assignment.objects.all()} == {
        "aimed", "applied", "decided", "running", "expired", "continued",
    }  # fmt: skip
    assert sorted(one.months for one in expiring(Assignment.objects.all(), today)) == [6, 12, 18]
    found = overview(Assignment.objects.all(), today)
    assert (len(found.small), len(found.vacant)) == (1, 2)
    assert {one.person.email.partition("@")[0] for one in Staffing.objects.exclude(person=None)} == {
        "a.yilmaz", "j.brandner", "m.okonkwo", "s.haddad", "t.wierzba", "k.lenzen-maas",
    }  # fmt: skip
    counts = matrix(Assignment.objects.get(name="Soziale Stadt Aachen-Nord")).counts()
    assert (counts["luecken"], counts["doppelt"] > 10) == (3, True)
    built = {one.district.slug: one.gaps for one in structures(District.objects.all(), today)}
    assert (built["ost"], built["burtscheid"] >= 3) == (0, True)


def test_every_page_opens():
    client = make.client_of(User.objects.get(email__startswith="e.steinmetz"))
    names = ("posts", "timeline", "expiring", "uncovered", "models", "classifications", "structures")
    paths = [reverse(f"districts:{name}") for name in names]
    paths += [one.get_absolute_url() for one in Assignment.objects.all()]
    paths += [reverse("districts:tasks", args=[one.pk]) for one in Assignment.objects.all()]
    assert {client.get(path).status_code for path in paths} == {200}
