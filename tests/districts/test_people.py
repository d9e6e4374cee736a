"""People, roles and deputies in the interface (Q01, Q06, Q12)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from districts.models import Deputyship, Membership, User
from districts.roles import Perm, Role
from tests import make

pytestmark = pytest.mark.django_db


def url(name, pk):
    return reverse(f"districts:{name}", args=[pk])


def test_filters_find_people_by_name_role_scope_and_access(mara, paul, asli, enno, silke, ost, stadtbetrieb):
    gone = make.user(name="Gerd Gegangen", role=Role.MANAGER, district=ost, is_active=False)
    page = reverse("districts:people")
    client = make.client_of(silke)

    def found(**query):
        return {person.name for person in client.get(page, query).context["page"]}

    assert found(q="lind") == {"Mara Lindt"}
    assert found(q="enno@") == {"Enno Kraus"}
    assert found(role="manager") == {"Mara Lindt", "Paul Esser", gone.name}
    assert found(district=ost.pk) == {"Mara Lindt", "Aslı Demir", gone.name}
    assert found(department=stadtbetrieb.pk) == {"Enno Kraus"}
    assert found(active="nein") == {gone.name}
    assert found(role="kaiser") == set()
    assert found(district="4711") == set()


def test_a_role_that_has_ended_is_not_found(mara, silke):
    mara.memberships.update(valid_to=make.today() - timedelta(days=1))
    page = make.client_of(silke).get(reverse("districts:people"), {"role": "manager"})
    assert list(page.context["page"]) == []


@pytest.mark.parametrize("extra", [0, 6])
def test_the_list_costs_the_same_for_few_and_many(extra, django_assert_num_queries, silke, mara, enno):
    for _ in range(extra):
        person = make.user(role=Role.MANAGER, office=mara.office)
        make.membership(user=person, role=Role.DEPT_STAFF)
    client = make.client_of(silke)
    with django_assert_num_queries(11):
        assert client.get(reverse("districts:people")).status_code == 200


def test_a_person_is_entered_without_password_and_role(silke):
    data = {"name": "Nora Neu", "email": "Nora@Stadt.example", "phone": "", "office": "", "wants_digest": "on"}
    response = make.client_of(silke).post(reverse("districts:person_new"), data)
    person = User.objects.get(email="nora@stadt.example")
    assert (response.status_code, response.headers["Location"]) == (303, url("person", person.pk))
    assert (person.name, person.wants_digest, person.has_usable_password()) == ("Nora Neu", True, False)
    assert person.rights.perms == frozenset()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "MARA@quartier.example"}, "email"),
        ({"email": "keine-adresse"}, "email"),
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"office": "4711"}, "office"),
    ],
)
def test_wrong_data_of_a_person_change_nothing_and_stay_typed(change, field, mara, silke):
    data = {"name": "Nora Neu", "email": "nora@stadt.example", "phone": "0241 77", **change}
    response = make.client_of(silke).post(reverse("districts:person_new"), data)
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert response.context["form"]["phone"].value() == "0241 77"
    assert User.objects.count() == 2


def test_a_person_is_changed(mara, silke):
    office = make.office()
    data = {"name": "Mara Neu", "email": "mara.neu@quartier.example", "phone": "0241 1", "office": office.pk}
    response = make.client_of(silke).post(url("person_edit", mara.pk), data)
    mara.refresh_from_db()
    assert response.status_code == 303
    assert (mara.name, mara.email, mara.phone, mara.office, mara.wants_digest) == (
        "Mara Neu", "mara.neu@quartier.example", "0241 1", office, False,
    )  # fmt: skip


def give(silke, person, **data):
    return make.client_of(silke).post(url("membership_new", person.pk), data)


def test_a_role_is_given_with_scope_and_validity(silke, ost):
    person, today = make.user(), make.today()
    response = give(silke, person, role="manager", district=ost.pk, valid_from=today.isoformat(), valid_to="")
    made = Membership.objects.get(user=person)
    assert response.status_code == 303
    assert (made.role, made.district, made.department, made.valid_from, made.valid_to) == (
        "manager", ost, None, today, None,
    )  # fmt: skip
    assert User.objects.get(pk=person.pk).rights.districts(Perm.TRIAGE) == {ost.pk}


def test_a_scope_that_does_not_belong_to_the_role_is_left_out(silke, ost, stadtbetrieb):
    person = make.user()
    give(silke, person, role="dept_staff", district=ost.pk, department=stadtbetrieb.pk)
    give(silke, person, role="planning", district=ost.pk, department=stadtbetrieb.pk)
    assert list(person.memberships.values_list("role", "district", "department")) == [
        ("dept_staff", None, stadtbetrieb.pk),
        ("planning", None, None),
    ]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"role": "manager"}, "district"),
        ({"role": "dept_lead"}, "department"),
        ({"role": "kaiser"}, "role"),
        ({"role": ""}, "role"),
        ({"role": "manager", "district": "4711"}, "district"),
        ({"role": "admin", "valid_from": "2026-05-02", "valid_to": "2026-05-01"}, "valid_to"),
        ({"role": "admin", "valid_from": "gestern"}, "valid_from"),
    ],
)
def test_a_role_without_sense_is_refused(data, field, silke):
    person = make.user()
    response = give(silke, person, **data)
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert person.memberships.count() == 0


def test_the_same_role_twice_at_a_time_is_refused(silke, mara, ost):
    response = give(silke, mara, role="manager", district=ost.pk, valid_from=make.today().isoformat())
    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == ["Diese Rolle hat die Person in diesem Zeitraum bereits."]


def test_nobody_gives_themselves_a_role(silke, ost):
    response = give(silke, silke, role="manager", district=ost.pk)
    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == ["Eigene Rollen vergibt eine andere Person."]
    assert [one.role for one in silke.memberships.all()] == ["planning"]


def test_opening_an_access_again(silke, mara):
    User.objects.filter(pk=mara.pk).update(is_active=False)
    response = make.client_of(silke).post(url("reactivate", mara.pk))
    mara.refresh_from_db()
    assert (response.status_code, mara.is_active) == (303, True)


# --- deputies ---------------------------------------------------------------------------------------------------------


def period(start=0, end=7):
    day = make.today()
    return {
        "valid_from": (day + timedelta(days=start)).isoformat(),
        "valid_to": (day + timedelta(days=end)).isoformat(),
    }


def test_people_choose_their_own_deputy_and_come_back(mara, paul):
    client = make.client_of(mara)
    response = client.post(reverse("districts:my_deputy_new"), {"deputy": paul.pk, **period(-2)})
    made = Deputyship.objects.get()
    assert (response.status_code, made.person, made.deputy) == (303, mara, paul)
    client.post(reverse("districts:my_deputy_end", args=[made.pk]))
    made.refresh_from_db()
    assert made.valid_to == make.today() - timedelta(days=1)


def test_a_deputyship_that_has_not_begun_disappears(mara, paul):
    made = make.deputyship(person=mara, deputy=paul, valid_from=make.today() + timedelta(days=3))
    make.client_of(mara).post(reverse("districts:my_deputy_end", args=[made.pk]))
    assert Deputyship.objects.count() == 0


def test_only_people_who_do_the_same_work_can_stand_in(mara, paul, asli, enno, lena, uwe, silke, adam):
    possible = {
        person.name: {other.name for other in User.objects.possible_deputies(person, on=make.today())}
        for person in (mara, enno, silke)
    }
    assert possible == {
        "Mara Lindt": {"Paul Esser", "Aslı Demir"},
        "Enno Kraus": {"Lena Ortmann"},
        "Silke Faber": {"Adam Nowak"},
    }


@pytest.mark.parametrize("who", ["enno", "silke", "mara"])
def test_a_deputy_of_another_kind_is_refused(who, mara, enno, silke):
    deputy = {"enno": enno, "silke": silke, "mara": mara}[who]
    response = make.client_of(mara).post(reverse("districts:my_deputy_new"), {"deputy": deputy.pk, **period()})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["deputy"])
    assert Deputyship.objects.count() == 0


def test_planning_does_not_make_itself_the_deputy_of_a_manager(mara, silke, ost):
    make.membership(user=silke, role=Role.MANAGER, district=ost)
    response = make.client_of(silke).post(url("deputyship_new", mara.pk), {"deputy": silke.pk, **period()})
    assert response.context["form"].errors == {"deputy": ["Sich selbst kann niemand als Vertretung eintragen."]}


@pytest.mark.parametrize(("start", "end"), [(5, 1), (-9, -2)])
def test_a_deputyship_in_the_past_or_backwards_is_refused(start, end, mara, paul):
    data = {"deputy": paul.pk, **period(start, end)}
    response = make.client_of(mara).post(reverse("districts:my_deputy_new"), data)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["valid_to"])


def test_nobody_ends_the_deputyship_of_somebody_else(mara, paul, asli):
    made = make.deputyship(person=mara, deputy=paul)
    assert make.client_of(paul).post(reverse("districts:my_deputy_end", args=[made.pk])).status_code == 404
    assert make.client_of(asli).post(url("deputyship_end", made.pk)).status_code == 404
    made.refresh_from_db()
    assert made.valid_to > make.today()


def test_the_administration_enters_a_deputy_for_somebody_ill(mara, paul, adam):
    client = make.client_of(adam)
    client.post(url("deputyship_new", mara.pk), {"deputy": paul.pk, **period()})
    made = Deputyship.objects.get()
    again = client.post(url("deputyship_new", mara.pk), {"deputy": paul.pk, **period()})
    assert again.status_code == 422
    client.post(url("deputyship_end", made.pk))
    assert Deputyship.objects.count() == 0


# --- the own profile --------------------------------------------------------------------------------------------------


def test_the_profile_changes_name_phone_and_digest_and_nothing_else(mara, ost):
    data = {"name": "Mara L.", "phone": "0241 9", "email": "andere@stadt.example", "office": "", "is_active": ""}
    response = make.client_of(mara).post(reverse("districts:profile"), data)
    mara.refresh_from_db()
    assert response.status_code == 303
    assert (mara.name, mara.phone, mara.wants_digest) == ("Mara L.", "0241 9", False)
    assert (mara.email, mara.office.name, mara.is_active) == ("mara@quartier.example", "Stadtteilbüro Ost", True)


def test_an_empty_name_is_refused(mara):
    response = make.client_of(mara).post(reverse("districts:profile"), {"name": " \u202e\x00 ", "phone": "0241 9"})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["name"])
    mara.refresh_from_db()
    assert (mara.name, mara.phone) == ("Mara Lindt", "")
