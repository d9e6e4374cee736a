"""What the menu offers: only what the person may open, and where it leads."""

import pytest

from districts.navigation import items
from districts.roles import Role
from tests import make

pytestmark = pytest.mark.django_db

MENU = {
    "mara": ["Arbeitskorb", "Anliegen erfassen", "Rückmeldung offen", "Anliegen"],
    "asli": ["Arbeitskorb", "Anliegen erfassen", "Rückmeldung offen", "Anliegen"],
    "enno": ["Eingang"],
    "lena": ["Eingang"],
    "silke": ["Koordination", "Anliegen", "Zuständigkeiten", "Stammdaten", "Personen"],
    "adam": ["Anliegen", "Zuständigkeiten", "Stammdaten", "Personen"],
}


@pytest.mark.parametrize("name", sorted(MENU))
def test_menu_of_the_cast(name, request):
    assert [item.label for item in items(request.getfixturevalue(name))] == MENU[name]


@pytest.mark.parametrize("name", sorted(MENU))
def test_every_entry_opens(name, request):
    user = request.getfixturevalue(name)
    client = make.client_of(user)
    assert {item.label: client.get(item.url).status_code for item in items(user)} == dict.fromkeys(MENU[name], 200)


def test_several_roles_give_one_menu(ost):
    person = make.user(role=Role.PLANNING)
    make.membership(user=person, role=Role.MANAGER, district=ost)
    assert [item.label for item in items(person)] == [
        "Arbeitskorb", "Koordination", "Anliegen erfassen", "Rückmeldung offen", "Anliegen", "Zuständigkeiten",
        "Stammdaten", "Personen",
    ]  # fmt: skip


def test_without_a_role_the_menu_is_empty(db):
    assert items(make.user()) == []
