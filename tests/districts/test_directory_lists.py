"""The directory's lists and settings (Q07)."""

import pytest
from django.urls import reverse

from districts import starter
from districts.models import ActionField, ActorType, DirectorySettings, TargetGroup
from tests import make

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"districts:{name}", args=args)


def test_an_empty_list_takes_over_the_proposal_once(client_of, silke):
    client = client_of(silke)
    assert "Vorschlag übernehmen" in client.get(url("list_entries", "handlungsfelder")).content.decode()
    for _ in range(2):
        client.post(url("list_starter", "handlungsfelder"))
    assert [one.name for one in ActionField.objects.all()] == list(starter.ACTION_FIELDS)
    assert ActionField.objects.get(name="Kinder, Jugend, Bildung").code == "kinder-jugend-bildung"
    assert len(starter.ACTION_FIELDS) == 12


@pytest.mark.parametrize(("code", "model"), [("arten", ActorType), ("zielgruppen", TargetGroup)])
def test_the_proposals_fit_the_database(client_of, silke, code, model):
    client_of(silke).post(url("list_starter", code))
    names = {"arten": starter.ACTOR_TYPES, "zielgruppen": starter.TARGET_GROUPS}[code]
    assert sorted(model.objects.values_list("name", flat=True)) == sorted(names)


def test_a_name_changes_and_its_code_stays(client_of, adam):
    client = client_of(adam)
    client.post(url("list_entry_new", "arten"), {"name": "Kita", "position": "10", "is_active": "on"})
    entry = ActorType.objects.get()
    assert (
        client.post(url("list_entry", "arten", entry.pk), {"name": "Kindertagesstätte", "position": "10"}).status_code
        == 303
    )
    entry.refresh_from_db()
    assert (entry.name, entry.code, entry.is_active) == ("Kindertagesstätte", "kita", False)


def test_two_names_with_the_same_letters_get_codes_of_their_own(client_of, silke):
    for name in ("Kita", "K.i.t.a", "Kita!"):
        client_of(silke).post(url("list_entry_new", "arten"), {"name": name, "position": "1", "is_active": "on"})
    assert ActorType.objects.values("code").distinct().count() == ActorType.objects.count() == 3


def test_a_name_stands_in_a_list_once(client_of, silke):
    make.list_entry(ActorType, name="Kita")
    answer = client_of(silke).post(url("list_entry_new", "arten"), {"name": "Kita", "position": "1"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["name"])


@pytest.mark.parametrize("name", ["list_entries", "list_entry_new"])
def test_there_are_no_other_lists(client_of, silke, name):
    assert client_of(silke).get(url(name, "geheimes")).status_code == 404


def test_settings_have_limits(client_of, silke):
    client, page = client_of(silke), url("directory_settings")
    assert client.get(page).context["form"].initial == {"verify_months": 12, "silence_months": 6, "meeting_months": 6}
    assert DirectorySettings.objects.count() == 0
    assert client.post(page, {"verify_months": "0", "silence_months": "121", "meeting_months": "x"}).status_code == 422
    client.post(page, {"verify_months": "18", "silence_months": "3", "meeting_months": "12"})
    kept = DirectorySettings.load()
    assert (kept.verify_months, kept.silence_months, kept.meeting_months) == (18, 3, 12)
