"""Answering through a link (K19): what it opens, when it ends, and that it never names anybody."""

import time
from datetime import timedelta

import pytest
from django.core import mail, signing
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from concerns.actions import department as actions
from concerns.actions.forwarding import renew_link, withdraw
from concerns.actions.links import MOST_PER_DAY, PAUSE, request_link
from concerns.actions.mail import LINK_SALT, link_token, send_link
from concerns.models import LoopSettings, OutgoingMail, Photo, Reply, ReporterAccess, Routing
from concerns.views.external import WRONG_TRIES
from tests import make
from tests.concerns.leaks import leaked, leaky_concern, message
from tests.jobs import run_jobs

pytestmark = pytest.mark.django_db
DAY = 24 * 3600


@pytest.fixture
def housing(db):
    """A housing company without accounts."""
    return make.department("GEWO", name="Wohnungsgesellschaft", mailbox="service@gewo.example", answers_by_link=True)


@pytest.fixture
def routing(housing, umwelt, ost, mara):
    concern = leaky_concern(
        other_department=umwelt, consent=True, district=ost, owner=mara, title="Aufzug steht", place="Haus 7"
    )
    return make.routing(
        concern=concern, department=housing, text="Der Aufzug steht seit Freitag.", question="Wann läuft er wieder?",
        released_contact=True,
    )  # fmt: skip


@pytest.fixture
def visitor():
    return Client()


def url(token, name="external", *args):
    return reverse(f"concerns:{name}", args=[token, *args])


def aged(routing, seconds):
    """The routing's token as it would have been signed so many seconds ago."""

    class Past(signing.TimestampSigner):
        def timestamp(self):
            return signing.b62_encode(int(time.time()) - seconds)

    return Past(salt=LINK_SALT).sign_object([routing.pk, routing.link_version])


def current(routing):
    return Routing.objects.get(pk=routing.pk)


# --- What the link shows ----------------------------------------------------------------------------------------------


def test_shows_the_ticket_and_never_who_reported(visitor, routing, mara):
    message(routing, "Bitte vor dem Wochenende", by=mara)
    response = visitor.get(url(link_token(routing)))
    assert response.status_code == 200
    for words in ("Aufzug steht", "Haus 7", "Der Aufzug steht seit Freitag.", "Wann läuft er wieder?", "FB 36"):
        assert words in response.text
    assert leaked(response.text) == []  # not even though it was released: a link can be passed on
    assert mara.name not in response.text
    assert ReporterAccess.objects.count() == 0


def test_a_person_signed_in_sees_no_more_through_a_link(client_of, mara, routing):
    response = client_of(mara).get(url(link_token(routing)))
    assert leaked(response.text) == []
    assert ReporterAccess.objects.count() == 0


def test_pages_behind_links_stay_nowhere(visitor, routing):
    tokens = [link_token(routing), aged(routing, 15 * DAY)]
    for token in tokens:
        headers = visitor.get(url(token)).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["X-Robots-Tag"] == "noindex, nofollow"


def test_a_sensitive_concern_behind_a_link(visitor, housing):
    concern = leaky_concern(is_sensitive=True, title="Kind in Not", place="Geheimgasse 5")
    page = visitor.get(url(link_token(make.routing(concern=concern, department=housing, text="Bitte melden.")))).text
    assert "Bitte melden." in page
    assert [secret in page for secret in ("Kind in Not", "Geheimgasse")] == [False, False]
    assert leaked(page) == []


# --- What can be done -------------------------------------------------------------------------------------------------


def test_the_whole_way_with_plain_forms(visitor, routing):
    token = link_token(routing)
    steps = (
        ("annehmen", {"file_number": "G-1"}, "accepted"),
        ("rueckfrage", {"text": "Welcher Eingang?"}, "query"),
        ("mitteilung", {"text": "Techniker ist bestellt."}, "query"),
        ("zwischennachricht", {"text": "Ersatzteil fehlt.", "new_due_on": make.today() + timedelta(days=9)}, "query"),
    )
    for step, data, status in steps:
        assert visitor.get(url(token, "external_step", step)).status_code == 200
        response = visitor.post(url(token, "external_step", step), data)
        assert (response.status_code, response.headers["Location"]) == (303, url(token))
        assert current(routing).status == status
    response = visitor.post(url(token, "external_reply"), {"result": "fulfilled", "text": "Der Aufzug fährt wieder."})
    assert (response.status_code, response.headers["Location"]) == (303, url(token))
    stored = Reply.objects.get()
    assert (stored.text, stored.by, stored.routing.accepted_by) == ("Der Aufzug fährt wieder.", None, None)
    thanks = visitor.get(url(token)).text
    assert "Beantwortet am" in thanks
    assert "<form" not in thanks.replace('action="/i18n/', "")
    assert leaked(thanks) == []


def test_give_back_through_the_link(visitor, routing):
    token = link_token(routing)
    assert visitor.post(url(token, "external_step", "zurueckgeben"), {"reason": ""}).status_code == 422
    visitor.post(url(token, "external_step", "zurueckgeben"), {"reason": "Haus verkauft."})
    assert (current(routing).status, current(routing).return_reason) == ("returned", "Haus verkauft.")
    assert "Zurückgegeben am" in visitor.get(url(token)).text


def test_nobody_can_be_assigned_through_a_link(visitor, routing):
    token = link_token(routing)
    assert visitor.get(url(token, "external_step", "zuweisen")).status_code == 404
    assert visitor.post(url(token, "external_step", "zuweisen"), {"assignee": 1}).status_code == 404


def test_a_replayed_answer_changes_nothing_and_keeps_the_text(visitor, routing):
    token = link_token(routing)
    visitor.post(url(token, "external_reply"), {"result": "fulfilled", "text": "Erste Antwort"})
    response = visitor.post(url(token, "external_reply"), {"result": "fulfilled", "text": "Zweite Antwort"})
    assert response.status_code == 409
    assert ["Erste Antwort" in response.text, "Zweite Antwort" in response.text] == [True, True]
    assert leaked(response.text) == []
    assert Reply.objects.get().text == "Erste Antwort"
    for step in ("annehmen", "rueckfrage", "mitteilung", "zurueckgeben"):
        data = {"text": "Nochmal", "reason": "Doch nicht", "file_number": "1"}
        assert visitor.post(url(token, "external_step", step), data).status_code == 409
    assert current(routing).status == "answered"


def test_forged_requests_are_refused(routing):
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(url(link_token(routing), "external_reply"), {"result": "fulfilled", "text": "x"})
    assert response.status_code == 403
    assert Reply.objects.count() == 0


# --- When it ends -----------------------------------------------------------------------------------------------------


def test_fourteen_days(visitor, routing):
    assert LoopSettings.load().link_days == 14
    assert visitor.get(url(aged(routing, 14 * DAY - 60))).status_code == 200
    response = visitor.get(url(aged(routing, 14 * DAY + 60)))
    assert response.status_code == 410
    assert "Neuen Link anfordern" in response.text
    assert "Aufzug" not in response.text
    assert leaked(response.text) == []


def test_renewing_ends_the_older_link(visitor, routing, mara):
    old = link_token(routing)
    renew_link(routing=routing, by=mara)
    assert visitor.get(url(old)).status_code == 410
    assert visitor.get(url(link_token(current(routing)))).status_code == 200


def test_an_ended_link_answers_nothing_but_keeps_what_was_typed(visitor, routing):
    old = aged(routing, 20 * DAY)
    response = visitor.post(url(old, "external_reply"), {"result": "fulfilled", "text": "Lange getippt"})
    assert response.status_code == 409
    assert "Lange getippt" in response.text
    assert (Reply.objects.count(), current(routing).status) == (0, "sent")
    for step in ("annehmen", "zurueckgeben"):
        assert visitor.post(url(old, "external_step", step), {"reason": "Nein"}).status_code == 409
    assert current(routing).status == "sent"


def test_a_body_that_signs_in_by_now_has_no_link(visitor, routing, housing):
    token = link_token(routing)
    housing.answers_by_link = False
    housing.save()
    assert visitor.get(url(token)).status_code == 410


def test_a_recalled_routing(visitor, routing, mara):
    token = link_token(routing)
    withdraw(routing=routing, by=mara)
    page = visitor.get(url(token)).text
    assert "zurückgerufen" in page
    assert [words in page for words in ("Aufzug steht seit Freitag", "Haus 7")] == [False, False]


@pytest.mark.parametrize("how", ["payload", "signature", "salt", "nonsense", "other_routing"])
def test_tampered_links_do_not_exist(visitor, routing, how):
    good = link_token(routing)
    payload, stamp, signature = good.split(":")
    token = {
        "payload": f"x{payload[1:]}:{stamp}:{signature}",
        "signature": f"{payload}:{stamp}:{signature[:-1]}{'a' if signature[-1] != 'a' else 'b'}",
        "salt": signing.dumps([routing.pk, 0], salt="something-else"),
        "nonsense": "1:2:3",
        "other_routing": signing.dumps([999_999, 0], salt=LINK_SALT),
    }[how]
    for name, args in (("external", []), ("external_step", ["annehmen"]), ("external_photo", [1])):
        assert visitor.get(url(token, name, *args)).status_code == 404
    assert visitor.post(url(token, "external_reply"), {"result": "fulfilled", "text": "x"}).status_code == 404
    assert visitor.post(url(token, "external_renew")).status_code == 404
    assert (Reply.objects.count(), OutgoingMail.objects.count()) == (0, 0)


def test_trying_out_links_is_slowed_down(visitor, routing):
    codes = [visitor.get(url(f"falsch{n}")).status_code for n in range(WRONG_TRIES + 1)]
    assert codes == [404] * WRONG_TRIES + [429]
    assert visitor.get(url(link_token(routing))).status_code == 429
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    assert elsewhere.get(url(link_token(routing))).status_code == 200


# --- A new one --------------------------------------------------------------------------------------------------------


def test_asking_for_a_new_link(visitor, routing):
    old = aged(routing, 20 * DAY)
    response = visitor.post(url(old, "external_renew"))
    assert (response.status_code, response.headers["Location"]) == (303, url(old))
    assert "kommt ein neuer Link in Ihr Postfach" in visitor.get(url(old)).text
    run_jobs()
    sent = mail.outbox[0]
    assert (len(mail.outbox), sent.to) == (1, ["service@gewo.example"])
    assert url(link_token(current(routing))).rpartition(":")[0].rpartition(":")[0] in sent.body
    assert leaked(sent.body + sent.subject) == []
    assert visitor.get(url(old)).status_code == 410


def test_the_page_says_the_same_when_nothing_is_sent(visitor, routing, mara):
    token = link_token(routing)
    withdraw(routing=routing, by=mara)
    response = visitor.post(url(token, "external_renew"), follow=True)
    assert "kommt ein neuer Link in Ihr Postfach" in response.text
    assert OutgoingMail.objects.count() == 0


def test_not_again_within_ten_minutes_and_not_all_day(routing):
    at = timezone.now()
    assert request_link(routing=routing, at=at) is True
    assert request_link(routing=routing, at=at + PAUSE - timedelta(seconds=1)) is False
    assert request_link(routing=routing, at=at + PAUSE) is True
    later = [request_link(routing=routing, at=at + n * PAUSE) for n in range(2, MOST_PER_DAY + 3)]
    assert later == [True] * (MOST_PER_DAY - 2) + [False] * 3
    assert current(routing).link_version == MOST_PER_DAY


def test_the_first_mail_counts_too(routing):
    send_link(routing, at=timezone.now())
    assert request_link(routing=routing) is False


def test_managers_send_a_new_link(client_of, mara, paul, routing):
    address = reverse("concerns:renew_link", args=[routing.concern.number, routing.pk])
    assert client_of(paul).post(address).status_code == 404
    response = client_of(mara).post(address)
    assert response.status_code == 303
    assert [one.to for one in OutgoingMail.objects.all()] == ["service@gewo.example"]
    assert current(routing).link_version == 1


def test_a_department_with_accounts_gets_no_link(client_of, mara, ost, stadtbetrieb):
    routing = make.routing(concern=make.concern(district=ost, owner=mara), department=stadtbetrieb)
    response = client_of(mara).post(
        reverse("concerns:renew_link", args=[routing.concern.number, routing.pk]), follow=True
    )
    assert "braucht keinen Link" in response.text
    assert OutgoingMail.objects.count() == 0


def test_the_address_in_the_mail_opens_the_ticket(visitor, routing):
    send_link(routing, at=timezone.now())
    run_jobs()
    address = next(word for word in mail.outbox[0].body.split() if "/antwort/" in word)
    assert visitor.get(address.removeprefix("http://localhost:8000")).status_code == 200


# --- Photos -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def photo(settings, tmp_path, routing):
    settings.MEDIA_ROOT = tmp_path
    return _photo(routing.concern)


def _photo(concern):
    made = Photo(concern=concern, by=concern.owner, size=3)
    made.image.save("foto.jpg", ContentFile(b"gross"), save=False)
    made.preview.save("klein.jpg", ContentFile(b"klein"), save=False)
    made.save()
    return made


def test_photos_through_the_link(visitor, routing, photo):
    token = link_token(routing)
    address = url(token, "external_photo", photo.pk)
    response = visitor.get(address)
    assert (b"".join(response.streaming_content), response.headers["Cache-Control"]) == (b"gross", "no-store")
    assert b"".join(visitor.get(f"{address}?klein").streaming_content) == b"klein"
    assert address in visitor.get(url(token)).text


def test_only_photos_of_the_links_own_concern(visitor, routing, photo):
    other = _photo(make.concern())
    assert visitor.get(url(link_token(routing), "external_photo", other.pk)).status_code == 404
    assert visitor.get(url(aged(routing, 20 * DAY), "external_photo", photo.pk)).status_code == 410
    routing.concern.is_sensitive = True
    routing.concern.save()
    assert visitor.get(url(link_token(routing), "external_photo", photo.pk)).status_code == 404


def test_answering_by_hand_ends_the_link_too(visitor, routing, mara):
    token = link_token(routing)
    actions.reply(routing=routing, result="known", text="Steht im Brief.", by=mara, entered_for_department=True)
    page = visitor.get(url(token)).text
    assert "vom Quartiersmanagement eingetragen" in page
    assert mara.name not in page
