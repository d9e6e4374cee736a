"""Actors, networks and contacts of the demo city (Q17, appendix G)."""

import json

import pytest
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from concerns.duties import duties_of
from concerns.models import Handover
from districts import demo as city
from districts.directory import gaps_in
from districts.models import Actor, ActorMerge, ContactNote, ContactPerson, District, Network, User
from tests import make

pytestmark = pytest.mark.django_db


def person(name):
    return User.objects.get(email__startswith=name)


def test_every_district_has_actors_and_the_city_has_some_of_its_own():
    counts = dict(District.objects.annotate(n=Count("actors")).values_list("slug", "n"))
    assert min(counts.values()) >= 4
    assert 60 <= Actor.objects.present().count() <= 80
    assert Actor.objects.present().filter(districts=None).count() >= 8
    assert len(set(Actor.objects.values_list("type", flat=True))) >= 20


def test_names_are_invented_and_no_address_leads_anywhere():
    rows = city.read("actors") + city.read("contacts")
    text = json.dumps(rows, ensure_ascii=False)
    assert [
        word for word in ("Caritas", "Diakonisches Werk", "AWO", "St. Elisabeth", '.de"', "@gmail") if word in text
    ] == []
    assert all(row.get("email", "x.example").endswith(".example") for row in rows)
    assert {row["phone"][:9] for row in rows if "phone" in row} == {"0221 4710"}


def test_carrier_staff_work_for_an_actor_in_preuswald():
    carrier = person("b.kuepper")
    assert [one.name for one in Actor.objects.own_of(carrier)] == ["Treffpunkt Preuswald"]
    assert make.client_of(carrier).get(reverse("districts:carrier")).status_code == 200


def test_there_is_everything_that_needs_care():
    today = timezone.localdate()
    assert Actor.objects.unverified(today=today, months=12).count() >= 10
    assert Actor.objects.filter(status="ended").exists()
    assert ActorMerge.objects.get(undone_at=None).kept.name == "Nachbarschaftshilfe Ost e. V."
    doubles = Actor.objects.present().alike("Sprachcafé Aachen-Nord")[:2]
    assert {one.name for one in doubles} == {"Sprachcafé Aachen-Nord", "Sprachcafe Aachen Nord"}
    assert ContactPerson.objects.filter(successor__isnull=False).count() == 2
    assert ContactPerson.objects.exclude(private_phone="").filter(consent_on__isnull=False).count() >= 5
    assert Network.objects.count() == 9
    assert {one.kind for one in Network.objects.all()} >= {"carriers", "residents", "owners", "alliance", "district"}


def test_every_manager_has_a_log_something_due_and_somebody_silent():
    today = timezone.localdate()
    for login in ("a.yilmaz", "j.brandner", "m.okonkwo", "t.wierzba", "k.lenzen-maas"):
        user = person(login)
        notes = ContactNote.objects.visible_to(user)
        assert notes.count() >= 5, login
        assert notes.follow_ups_due(today).exists(), login
        people = ContactPerson.objects.filter(actor__in=Actor.objects.editable_by(user))
        assert people.silent(today=today, months=6, notes=notes).exists(), login
    assert not ContactNote.objects.filter(on__gt=today).exists()


def test_the_gap_report_has_gaps():
    found = gaps_in(person("e.steinmetz"), None, today=timezone.localdate())
    assert "Verkehr und Mobilität" in [one.name for one in found.fields]
    assert found.groups
    assert found.alone.count() >= 5
    assert [one.name for one in found.silent] == ["Eigentümertreff Aachen-Nord", "Sozial-Plattform"]


@pytest.mark.parametrize("login", ["a.yilmaz", "e.steinmetz"])
def test_every_entry_opens(login):
    client = make.client_of(person(login))
    paths = [one.get_absolute_url() for one in (*Actor.objects.present(), *Network.objects.all())]
    pages = [reverse(f"districts:{name}") for name in ("actors", "networks", "gaps")]
    assert {client.get(path).status_code for path in (*paths, *pages)} == {200}


def test_somebody_leaves_with_three_concerns_and_everything_is_proposed():
    """Acceptance scenario 9, played up to the proposal; smaller hand-overs were agreed to and declined."""
    leaver, today = person("h.brodd"), timezone.localdate()
    duties = duties_of(leaver, on=today)
    assert (duties.count("concerns"), duties.count("feedback")) == (3, 1)
    proposed = leaver.handovers_out.get()
    assert proposed.items.count() == sum(line.count for line in duties.whole)
    assert {one.state for one in Handover.objects.all()} == {"waiting", "confirmed", "declined"}
    assert leaver.memberships.get().valid_to > today
