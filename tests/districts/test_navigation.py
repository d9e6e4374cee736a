"""What the menu offers: only what the person may open, and where it leads."""

import re

import pytest

from districts.navigation import items
from districts.roles import Role
from tests import make

pytestmark = pytest.mark.django_db

PROJECTS = ("Projekte", "Veranstaltungen")
THEMES = ("Themenspeicher", "Themenmeldungen")
PLANS = ("Handlungskonzepte", "Förderung")
PR = "Öffentlichkeitsarbeit"
PLACES = ("Angebote", "Stadtteilbüros", "Räume", "Bürogemeinschaften")
WORK = ("Gremien", "Fachbereiche", *THEMES, *PROJECTS, *PLANS, "Fonds", PR)
MENU = {
    "mara": [
        "Arbeitskorb", "Anliegen erfassen", "Rückmeldung offen", "Anliegen", "Aushänge", "Quartiere", "Akteure",
        *PLACES, "Stellen", *WORK, "Zahlen", "Berichte", "Fachbereichsspiegel", "Indikatoren",
    ],
    "asli": [
        "Arbeitskorb", "Anliegen erfassen", "Rückmeldung offen", "Anliegen", "Aushänge", "Quartiere", "Akteure",
        *PLACES, *WORK,
    ],
    "enno": ["Eingang", "Quartiere", "Akteure", "Angebote", "Gremien", "Fachbereiche", *PROJECTS, *PLANS],
    "lena": [
        "Eingang", "Quartiere", "Akteure", "Angebote", "Gremien", "Fachbereiche", *PROJECTS, *PLANS,
        "Fachbereichsspiegel",
    ],
    "silke": [
        "Koordination", "Anliegen", "Quartiere", "Akteure", *PLACES, "Stellen", *WORK, "Freigabe", "Zahlen", "Berichte",
        "Fachbereichsspiegel", "Indikatoren", "Zuständigkeiten", "Stammdaten", "Personen",
    ],
    "adam": ["Anliegen", "Quartiere", "Stadtteilbüros", "Zuständigkeiten", "Stammdaten", "Personen"],
    "tara": ["Überblick", "Bürogemeinschaft", "Räume", "Angebote", "Gremien", *PROJECTS],
    "rita": ["Freigabe"],
}  # fmt: skip


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
        "Arbeitskorb", "Koordination", "Anliegen erfassen", "Rückmeldung offen", "Anliegen", "Aushänge",
        "Quartiere", "Akteure", *PLACES, "Stellen", *WORK, "Freigabe", "Zahlen", "Berichte", "Fachbereichsspiegel",
        "Indikatoren", "Zuständigkeiten", "Stammdaten", "Personen",
    ]  # fmt: skip


def test_the_places_and_the_working_together_are_two_sections(silke):
    html = make.client_of(silke).get("/gremien/").text
    shown = dict(re.findall(r'q-nav--section" aria-label="([^"]+)"><ul.*?(<li>.*?)</ul>', html, re.DOTALL))
    assert {name: re.findall(r">([^<]+)</a>", part) for name, part in shown.items()} == {
        "Zusammenarbeit": [*WORK, "Freigabe"]
    }
    main = re.search(r'aria-label="Hauptmenü"><ul.*?</ul>', html, re.DOTALL)[0]
    assert re.findall(r"([^<>]+)</a>", main)[2:5] == ["Quartier", "Zusammenarbeit", "Auswertung"]


def test_without_a_role_the_menu_is_empty(db):
    assert items(make.user()) == []


def test_figures_and_reports_are_one_entry_with_parts(silke, mara, lena):
    def menu(user, path):
        html = make.client_of(user).get(path).content.decode()
        parts = re.findall(r'aria-label="Auswertung"><ul.*?</ul>', html, re.DOTALL)
        return re.findall(r">([^<]+)</a>", parts[0]) if parts else None

    assert menu(silke, "/berichte/") == ["Zahlen", "Berichte", "Fachbereichsspiegel", "Indikatoren"]
    assert menu(mara, "/indikatoren/") == ["Zahlen", "Berichte", "Fachbereichsspiegel", "Indikatoren"]
    assert menu(silke, "/stammdaten/fachbereiche/") is None
    assert menu(lena, "/fachbereichsspiegel/") is None


@pytest.mark.parametrize(("name", "keys"), [("mara", ["/", "n"]), ("enno", ["/"]), ("silke", ["/"]), ("tara", [])])
def test_the_list_of_keys_names_only_those_that_lead_somewhere(name, keys, request):
    page = make.client_of(request.getfixturevalue(name)).get("/profil/").text
    named = re.findall(r'<dt><kbd class="q-kbd">([/n])</kbd></dt>', page)
    assert (named, 'data-shortcut="/"' in page, 'data-shortcut="n"' in page) == (keys, "/" in keys, "n" in keys)
