"""Nothing typed is lost: drafts, expired sessions, two requests at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.urls import reverse

from concerns.actions.capture import capture
from concerns.actions.intake import ConcernData
from concerns.forms.capture import new_key, read_key
from concerns.models import Concern, Draft, HeldPhoto
from concerns.views.capture import STASH, STASH_LIMIT
from tests import make

pytestmark = pytest.mark.django_db
URL = reverse("concerns:capture")
DRAFT = reverse("concerns:draft", args=["capture"])


@pytest.fixture
def typed(mara, ost):
    return {
        "form_key": new_key(mara),
        "text": "Die Laterne flackert\nseit Tagen.",
        "place": "Park",
        "district": "",
        "channel": "outreach",
        "received_on": "2026-03-02",
        "person-TOTAL_FORMS": "2",
        "person-INITIAL_FORMS": "0",
        "person-0-kind": "resident",
        "person-0-name": "Geheimname Probst",
        "person-0-phone": "0241 987654",
        "person-0-consent_store": "on",
        "person-1-kind": "anonymous",
    }


def values(answer):
    sheet = answer.context["sheet"]
    described = {name: sheet.concern[name].value() for name in ("text", "place", "district", "channel", "received_on")}
    return {**described, "people": [(row["kind"].value(), row["name"].value()) for row in sheet.reporters]}


RESTORED = {
    "text": "Die Laterne flackert\nseit Tagen.",
    "place": "Park",
    "district": "",
    "channel": "outreach",
    "received_on": "2026-03-02",
    "people": [("resident", "Geheimname Probst"), ("anonymous", None)],
}


def test_what_was_typed_comes_back(client_of, mara, typed):
    client = client_of(mara)
    assert client.post(DRAFT, typed).status_code == 204
    answer = client.get(URL)
    assert values(answer) == RESTORED
    assert answer.context["sheet"].concern["form_key"].value() == typed["form_key"]
    assert "ist wieder da" in answer.content.decode()


def test_the_draft_is_mine_alone(client_of, mara, asli, typed):
    client_of(mara).post(DRAFT, typed)
    assert "Geheimname" not in client_of(asli).get(URL).content.decode()


def test_a_saved_concern_ends_the_draft(client_of, mara, typed):
    client, topic = client_of(mara), make.topic()
    client.post(DRAFT, typed)
    answer = client.post(
        URL,
        {
            **typed,
            "topic": topic.pk,
            "kind": "defect",
            "urgency": "normal",
            "person-0-channel": "phone",
            "person-0-language": "de",
            "person-1-channel": "notice",
            "person-1-language": "de",
        },
    )
    assert answer.status_code == 303
    assert Draft.objects.count() == 0


def test_a_draft_that_arrives_after_saving_is_forgotten(client_of, mara, typed):
    make.concern(owner=mara, form_key=read_key(typed["form_key"])[1])
    client = client_of(mara)
    client.post(DRAFT, typed)
    assert values(client.get(URL))["text"] is None
    assert Draft.objects.count() == 0


def test_an_empty_draft_is_not_shown(client_of, mara, typed):
    client = client_of(mara)
    client.post(DRAFT, {**typed, "text": "  ", "place": "", "person-0-name": "", "person-0-phone": ""})
    assert "ist wieder da" not in client.get(URL).content.decode()
    assert Draft.objects.count() == 0


def test_a_damaged_draft_does_no_harm(client_of, mara):
    Draft.objects.create(user=mara, form="capture", data={"text": ["a"], "person-TOTAL_FORMS": ["x"], "topic": ["-"]})
    answer = client_of(mara).get(URL)
    assert (answer.status_code, values(answer)["text"]) == (200, "a")


def test_discarding_forgets_text_and_photos(client_of, mara, typed):
    client = client_of(mara)
    client.post(DRAFT, typed)
    make.held_photo(user=mara, form_key=read_key(typed["form_key"])[1])
    other = make.held_photo(user=mara)
    answer = client.post(URL, {"form_key": typed["form_key"], "step": "discard"})
    assert (answer.status_code, answer.headers["Location"]) == (303, URL)
    assert (Draft.objects.count(), list(HeldPhoto.objects.all())) == (0, [other])


# --- Signed out -------------------------------------------------------------------------------------------------------


def test_the_page_stays_when_the_session_is_over(client_of, typed):
    for headers in ({"HX-Request": "true", "HX-Target": "hints"}, {"X-Requested-With": "fetch"}):
        answer = client_of(None).post(URL, typed, headers=headers)
        assert answer.status_code == 401
    assert Draft.objects.count() == 0


def test_what_was_sent_signed_out_waits_for_its_owner(client_of, mara, typed):
    client = client_of(None)
    answer = client.post(URL, {**typed, "step": "save", "text": typed["text"] + "\x00"})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{reverse('account_login')}?next={URL}")
    login = client.post(answer.headers["Location"], {"login": mara.email, "password": make.PASSWORD})
    assert (login.status_code, login.headers["Location"]) == (302, URL)
    assert values(client.get(URL)) == RESTORED
    assert STASH not in client.session
    assert Concern.objects.count() == 0


def test_somebody_else_at_the_same_computer_does_not_get_it(client_of, asli, typed):
    client = client_of(None)
    client.post(URL, typed)
    client.post(reverse("account_login"), {"login": asli.email, "password": make.PASSWORD})
    assert "Geheimname" not in client.get(URL).content.decode()
    assert (STASH in client.session, Draft.objects.count()) == (False, 0)


@pytest.mark.parametrize("key", ["", "1.abc", "1.2.3:x"])
def test_strangers_cannot_fill_sessions(client_of, typed, key):
    client = client_of(None)
    assert client.post(URL, {**typed, "form_key": key}).status_code == 302
    assert STASH not in client.session


def test_too_much_is_refused_instead_of_lost(client_of, typed):
    client = client_of(None)
    assert client.post(URL, {**typed, "text": "x" * (STASH_LIMIT + 1)}).status_code == 413
    assert STASH not in client.session


# --- At the same moment -----------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_requests_with_one_form_log_one_concern(mara, ost):
    data = ConcernData(title="Laterne", topic=make.topic(), district=ost)
    key = read_key(new_key(mara))[1]
    start = Barrier(2)

    def send():
        try:
            start.wait()
            return capture(by=mara, form_key=key, data=data, reporters=[])
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        results = [future.result() for future in [pool.submit(send) for _ in range(2)]]
    concern = Concern.objects.get()
    assert {result.concern.pk for result in results} == {concern.pk}
    assert sorted(result.is_new for result in results) == [False, True]
    assert (concern.reporters.count(), concern.events.filter(kind="created").count()) == (1, 1)
