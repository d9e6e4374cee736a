"""Departments, offices and districts in the interface (K19, Q06, I9)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from concerns.models import Routing
from districts.actions import departments as actions
from districts.models import Department, District, Office, User
from tests import make

pytestmark = pytest.mark.django_db

NO_CONTACTS = {"contacts-TOTAL_FORMS": "0", "contacts-INITIAL_FORMS": "0"}


def url(name, *args):
    return reverse(f"districts:{name}", args=args)


def contact(index=0, **fields):
    return {f"contacts-{index}-{name}": value for name, value in fields.items()}


def department_data(**change):
    data = {"code": "E 26", "name": "Gebäudemanagement", "kind": "enterprise", "mailbox": "e26@stadt.example"}
    return {**data, **NO_CONTACTS, **change}


def test_a_department_is_entered_with_contacts(silke, ost):
    data = department_data(**contact(name="Leitstelle", responsibility="Schäden", district=ost.pk))
    data["contacts-TOTAL_FORMS"] = "2"
    response = make.client_of(silke).post(url("department_new"), data)
    made = Department.objects.get(code="E 26")
    assert response.status_code == 303
    assert [(one.name, one.district) for one in made.contacts.all()] == [("Leitstelle", ost)]


def test_a_contact_is_changed_and_removed(silke, stadtbetrieb):
    kept = stadtbetrieb.contacts.create(name="Zentrale")
    gone = stadtbetrieb.contacts.create(name="Alte Stelle")
    data = department_data(code="E 18", **contact(0, id=kept.pk, name="Bürgertelefon"))
    data |= contact(1, id=gone.pk, name="Alte Stelle", DELETE="on")
    data |= {"contacts-TOTAL_FORMS": "2", "contacts-INITIAL_FORMS": "2"}
    assert make.client_of(silke).post(url("department", stadtbetrieb.pk), data).status_code == 303
    assert list(stadtbetrieb.contacts.values_list("pk", "name")) == [(kept.pk, "Bürgertelefon")]


def test_the_contact_of_another_department_cannot_be_taken(silke, stadtbetrieb, umwelt):
    foreign = umwelt.contacts.create(name="Umwelttelefon")
    data = department_data(code="E 18", **contact(0, id=foreign.pk, name="Unser Telefon"))
    data |= {"contacts-TOTAL_FORMS": "1", "contacts-INITIAL_FORMS": "1"}
    make.client_of(silke).post(url("department", stadtbetrieb.pk), data)
    foreign.refresh_from_db()
    assert (foreign.name, foreign.department, stadtbetrieb.contacts.count()) == ("Umwelttelefon", umwelt, 0)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": "E 18"}, "code"),
        ({"code": ""}, "code"),
        ({"kind": "kaiserlich"}, "kind"),
        ({"mailbox": "", "answers_by_link": "on"}, "mailbox"),
        ({"mailbox": "kein-postfach"}, "mailbox"),
        ({"valid_from": "2026-05-02", "valid_to": "2026-05-01"}, "valid_to"),
        ({"note": "x" * 2001}, "note"),
    ],
)
def test_wrong_data_of_a_department_are_refused(change, field, silke, stadtbetrieb):
    response = make.client_of(silke).post(url("department_new"), department_data(**change))
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert Department.objects.count() == 1


@pytest.mark.parametrize("extra", [0, 6])
def test_the_list_costs_the_same_for_few_and_many(extra, django_assert_num_queries, silke, stadtbetrieb):
    for _ in range(extra):
        make.department(successor=stadtbetrieb)
    client = make.client_of(silke)
    with django_assert_num_queries(6):
        assert client.get(url("departments")).status_code == 200


def test_filters_of_the_list(silke, stadtbetrieb, umwelt):
    make.department("FB 50", name="Soziales", valid_to=date(2016, 12, 31), successor=umwelt)
    client = make.client_of(silke)

    def found(**query):
        return [one.code for one in client.get(url("departments"), query).context["page"]]

    assert found() == ["E 18", "FB 36", "FB 50"]
    assert found(q="klima") == ["FB 36"]
    assert found(kind="enterprise") == ["E 18"]
    assert found(valid="heute") == ["E 18", "FB 36"]
    assert found(valid="andere") == ["FB 50"]


def test_the_successor_sees_what_is_open(silke, stadtbetrieb, umwelt, enno, uwe):
    routing = make.routing(department=umwelt)
    last_day = make.today() - timedelta(days=1)
    data = {"successor": stadtbetrieb.pk, "last_day": last_day.isoformat()}
    response = make.client_of(silke).post(url("department_follow", umwelt.pk), data)
    umwelt.refresh_from_db()
    assert (response.status_code, umwelt.successor, umwelt.valid_to) == (303, stadtbetrieb, last_day)
    for person in (enno, uwe):
        assert list(Routing.objects.visible_to(User.objects.get(pk=person.pk))) == [routing]
    make.client_of(silke).post(url("department_undo_follow", umwelt.pk))
    umwelt.refresh_from_db()
    assert (umwelt.successor, umwelt.valid_to) == (None, None)


def test_a_circle_of_successors_is_refused(silke, stadtbetrieb, umwelt):
    third = make.department("FB 99")
    day = make.today()
    actions.follow(department=stadtbetrieb, successor=umwelt, last_day=day, by=silke)
    actions.follow(department=umwelt, successor=third, last_day=day, by=silke)
    for department in (stadtbetrieb, umwelt):
        with pytest.raises(ValidationError) as refused:
            actions.follow(department=third, successor=department, last_day=day, by=silke)
        assert list(refused.value.message_dict) == ["successor"]
    response = make.client_of(silke).post(
        url("department_follow", third.pk), {"successor": stadtbetrieb.pk, "last_day": day.isoformat()}
    )
    assert response.context["form"].errors == {
        "successor": [f"Das geht im Kreis: {stadtbetrieb} wird selbst von {third} fortgeführt."]
    }
    third.refresh_from_db()
    assert third.successor is None


def test_a_department_never_follows_itself(silke, stadtbetrieb):
    data = {"successor": stadtbetrieb.pk, "last_day": make.today().isoformat()}
    response = make.client_of(silke).post(url("department_follow", stadtbetrieb.pk), data)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["successor"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Department.objects.filter(pk=stadtbetrieb.pk).update(successor=stadtbetrieb)


def test_an_end_before_the_beginning_is_refused(silke, stadtbetrieb, umwelt):
    Department.objects.filter(pk=umwelt.pk).update(valid_from=date(2020, 1, 1))
    data = {"successor": stadtbetrieb.pk, "last_day": "2019-12-31"}
    response = make.client_of(silke).post(url("department_follow", umwelt.pk), data)
    assert response.context["form"].errors == {"last_day": ["FB 36 Klima und Umwelt gibt es erst ab 01.01.2020."]}


def test_an_office_is_entered_and_changed(silke, ost, preuswald):
    client = make.client_of(silke)
    data = {"name": "Büro Mitte", "street": "Markt 1", "postcode": "52062", "city": "Aachen", "districts": [ost.pk]}
    assert client.post(url("office_new"), data).status_code == 303
    office = Office.objects.get()
    assert (office.street, list(office.districts.all())) == ("Markt 1", [ost])
    client.post(url("office", office.pk), {**data, "street": "Markt 2", "districts": [preuswald.pk]})
    office.refresh_from_db()
    assert (office.street, list(office.districts.all())) == ("Markt 2", [preuswald])


def test_what_an_office_s_letters_say(silke, ost):
    words = {
        "hours_note": "Mo 10–12 Uhr\nDi 15–18 Uhr",
        "directions": "Eingang vom Hof",
        "letterhead": "Stadt Aachen\nSoziales",
        "funding_note": "Gefördert vom Land",
    }
    data = {"name": "Stadtteilbüro Ost", "districts": [ost.pk], **words}
    client = make.client_of(silke)
    assert client.post(url("office_new"), data).status_code == 303
    office = Office.objects.get()
    assert {name: getattr(office, name) for name in words} == words
    for wrong in ("x" * 76, "1\n2\n3\n4\n5"):
        response = client.post(url("office", office.pk), {**data, "letterhead": wrong})
        assert response.context["form"].errors == {
            "letterhead": ["Über das Fenster des Umschlags passen 4 Zeilen mit je 75 Zeichen."]
        }


def test_an_office_needs_a_name_and_known_districts(silke, mara):
    client = make.client_of(silke)
    response = client.post(url("office_new"), {"name": "Stadtteilbüro Ost", "districts": ["4711"]})
    assert (response.status_code, sorted(response.context["form"].errors)) == (422, ["districts", "name"])
    assert Office.objects.count() == 1


@pytest.mark.parametrize("extra", [0, 5])
@pytest.mark.parametrize(("name", "queries"), [("offices", 6), ("districts", 6)])
def test_the_other_lists_cost_the_same_for_few_and_many(extra, name, queries, django_assert_num_queries, silke, mara):
    for _ in range(extra):
        make.office(districts=[make.district()])
    client = make.client_of(silke)
    with django_assert_num_queries(queries):
        assert client.get(url(name)).status_code == 200


def test_a_district_keeps_its_code_when_it_is_renamed(silke):
    borough = make.borough()
    client = make.client_of(silke)
    data = {"name": "Ößling Süd", "short_name": "Süd", "borough": borough.pk}
    assert client.post(url("district_new"), data).status_code == 303
    district = District.objects.get()
    assert district.slug == "oessling-sued"
    client.post(url("district", district.pk), {**data, "name": "Südviertel", "valid_to": "2030-12-31"})
    district.refresh_from_db()
    assert (district.name, district.slug, district.valid_to) == ("Südviertel", "oessling-sued", date(2030, 12, 31))


def test_two_districts_with_almost_the_same_name_are_refused(silke, ost):
    data = {"name": "Ost", "short_name": "O", "borough": ost.borough_id}
    response = make.client_of(silke).post(url("district_new"), data)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["name"])


def test_the_boundary_survives_editing(silke, ost):
    District.objects.filter(pk=ost.pk).update(boundary={"type": "Polygon", "coordinates": []})
    data = {"name": "Aachen-Ost", "short_name": "Ost", "borough": ost.borough_id}
    make.client_of(silke).post(url("district", ost.pk), data)
    ost.refresh_from_db()
    assert ost.boundary == {"type": "Polygon", "coordinates": []}
