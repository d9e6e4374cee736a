"""Drafts: what was typed survives, belongs to one person, and has limits."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from concerns.actions.drafts import KEPT, save_draft
from concerns.models import Draft
from concerns.views.drafts import LIMIT, draft_of, draft_values
from tests import make

pytestmark = pytest.mark.django_db
URL = reverse("concerns:draft", args=["reply:12"])


def test_keeps_every_value_of_every_field(client_of, enno):
    client = client_of(enno)
    assert client.post(URL, {"text": "Halb fertig", "tags": ["a", "b"], "csrfmiddlewaretoken": "x"}).status_code == 204
    assert client.post(URL, {"text": "Fertig", "tags": ["a", "b"]}).status_code == 204
    assert Draft.objects.get().data == {"text": ["Fertig"], "tags": ["a", "b"]}
    assert draft_values(draft_of(enno, "reply:12")).getlist("tags") == ["a", "b"]


def test_belongs_to_one_person_and_one_form(client_of, enno, lena):
    client_of(enno).post(URL, {"text": "Ennos Entwurf"})
    assert draft_of(lena, "reply:12") is None
    assert draft_of(enno, "reply:13") is None


def test_discards_and_goes_back_only_within_the_site(client_of, enno):
    client = client_of(enno)
    discard = reverse("concerns:draft_discard", args=["reply:12"])
    save_draft(user=enno, form="reply:12", data={"text": ["x"]})
    answer = client.post(discard, {"back": "https://böse.example/"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert Draft.objects.count() == 0
    assert client.post(discard, {"back": "/eingang/"}).headers["Location"] == "/eingang/"


def test_control_characters_are_removed(client_of, enno):
    assert client_of(enno).post(URL, {"text": "a\x00b\u202ec\n"}).status_code == 204
    assert Draft.objects.get().data == {"text": ["abc\n"]}


@pytest.mark.parametrize("key", ["", "a b", "reply:x", "../x", "A", "x" * 60])
def test_unknown_keys_are_refused(client_of, enno, key):
    assert client_of(enno).post(f"/entwurf/{key}/", {"text": "x"}).status_code == 404
    assert Draft.objects.count() == 0


def test_too_much_text_is_refused(client_of, enno):
    assert client_of(enno).post(URL, {"text": "x" * (LIMIT + 1)}).status_code == 413
    assert Draft.objects.count() == 0


def test_the_oldest_drafts_make_room(enno):
    start = timezone.now()
    for n in range(KEPT + 2):
        save_draft(user=enno, form=f"reply:{n}", data={}, at=start + timedelta(minutes=n))
    assert Draft.objects.count() == KEPT
    assert draft_of(enno, "reply:1") is None
    assert draft_of(enno, "reply:2") is not None


def test_an_expired_session_answers_401(client_of):
    answer = client_of(None).post(URL, {"text": "x"}, headers={"X-Requested-With": "fetch"})
    assert answer.status_code == 401
    assert Draft.objects.count() == 0


def test_people_without_forms_have_no_drafts(client_of, adam):
    assert client_of(adam).post(URL, {"text": "x"}).status_code == 404
    assert make.user().drafts.count() == 0
