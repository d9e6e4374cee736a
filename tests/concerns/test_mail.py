"""Mails are rows first: a mail server that is down loses nothing, a bounce puts the duty back (Q10)."""

from concurrent.futures import ThreadPoolExecutor
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail as django_mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, transaction

from concerns.actions import feedback
from concerns.actions.base import lock_concern
from concerns.actions.intake import ReporterData
from concerns.actions.mail import MAIL_HEADER, give_up, mail_mark, note_bounce, note_return, queue_again
from concerns.actions.privacy import erase_reporter
from concerns.bounces import bounced_mark
from concerns.models import OutgoingMail
from tests import database, make
from tests.concerns import loop
from tests.concerns.loop import fresh
from tests.jobs import run_jobs, waiting

pytestmark = pytest.mark.django_db

INA = ReporterData(name="Ina Klee", email="ina@post.example", channel="email", consent_store=True)


class Server(EmailBackend):
    """The mail server: takes mail, is away, or refuses an address."""

    trouble: Exception | None = None

    def send_messages(self, messages):
        if self.trouble:
            raise self.trouble
        return super().send_messages(messages)


@pytest.fixture
def server(settings, monkeypatch):
    settings.EMAIL_BACKEND = f"{__name__}.Server"
    django_mail.outbox = []
    return lambda trouble: monkeypatch.setattr(Server, "trouble", trouble)


@pytest.fixture
def ina(mara, stadtbetrieb, server):
    """Somebody whose mail is queued."""
    reporter = loop.answered(mara, stadtbetrieb, reporters=[INA]).reporters.get()
    feedback.send_feedback(reporter=reporter, kind="final", text="Guten Tag, erledigt.", by=mara)
    return reporter


def test_a_server_that_is_away_loses_nothing(ina, server):
    server(SMTPServerDisconnected("ina@post.example"))
    assert run_jobs() == [("concerns.deliver_mail", "todo")]
    row = OutgoingMail.objects.get()
    assert (row.state, row.tries, row.error) == ("queued", 1, "SMTPServerDisconnected")
    assert fresh(ina).feedback_state == "open"
    server(None)
    assert run_jobs(even_later=True) == [("concerns.deliver_mail", "succeeded")]
    assert (fresh(row).state, fresh(row).tries, fresh(ina).feedback_state) == ("sent", 2, "done")
    assert len(django_mail.outbox) == 1


def test_an_address_refused_for_good_is_back_on_the_list_at_once(ina, server):
    server(SMTPRecipientsRefused({"ina@post.example": (550, b"unknown")}))
    run_jobs()
    assert OutgoingMail.objects.get().state == "failed"
    assert (fresh(ina).due, ina.feedbacks.get().result) == ("final", "undeliverable")


def test_an_address_refused_for_now_is_tried_again(ina, server):
    server(SMTPRecipientsRefused({"ina@post.example": (450, b"greylisted")}))
    assert run_jobs() == [("concerns.deliver_mail", "todo")]
    assert OutgoingMail.objects.get().state == "queued"


def test_after_days_of_trying_the_duty_is_back(ina):
    give_up(mail_id=OutgoingMail.objects.get().pk)
    assert (OutgoingMail.objects.get().state, ina.feedbacks.get().result) == ("failed", "undeliverable")


def test_a_rolled_back_change_sends_nothing(mara, stadtbetrieb, server):
    reporter = loop.answered(mara, stadtbetrieb, reporters=[INA]).reporters.get()
    try:
        with transaction.atomic():
            feedback.send_feedback(reporter=reporter, kind="final", text="x", by=mara)
            raise RuntimeError
    except RuntimeError:
        pass
    assert not OutgoingMail.objects.exists()
    assert waiting("concerns.deliver_mail") == []


def test_a_mail_that_lost_its_job_gets_one_again(ina):
    OutgoingMail.objects.update(created_at="2026-01-01T00:00Z")
    assert queue_again() == 1
    assert queue_again() == 0
    run_jobs()
    assert OutgoingMail.objects.get().state == "sent"
    assert len(django_mail.outbox) == 1


class TestBounce:
    @pytest.fixture
    def sent(self, ina):
        run_jobs()
        return OutgoingMail.objects.get()

    def returned(self, mark: str, status: str = "5.1.1") -> bytes:
        """A returned mail as mail servers write it."""
        return (
            "From: MAILER-DAEMON@post.example\r\nSubject: Undelivered Mail\r\nMIME-Version: 1.0\r\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
            "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nTut uns leid.\r\n"
            "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; post.example\r\n\r\n"
            f"Final-Recipient: rfc822; ina@post.example\r\nAction: failed\r\nStatus: {status}\r\n\r\n"
            f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nSubject: x\r\n{MAIL_HEADER}: {mark}\r\n\r\n--b--\r\n"
        ).encode()

    def test_it_puts_the_duty_back(self, ina, sent):
        mark = bounced_mark(self.returned(django_mail.outbox[0].extra_headers[MAIL_HEADER]))
        assert note_bounce(mark=mark)
        assert (fresh(sent).state, fresh(ina).due) == ("bounced", "final")
        assert not note_bounce(mark=mark), "twice changes nothing"

    def test_a_whole_mail_sent_back_is_read_too(self, sent):
        text = f"Subject: Re\r\n\r\nOriginal:\r\n\r\n{MAIL_HEADER}: {mail_mark(sent)}\r\n".encode()
        assert bounced_mark(text) == mail_mark(sent)

    def test_a_delay_is_no_bounce(self, sent):
        assert bounced_mark(self.returned(mail_mark(sent), status="4.2.0")) is None

    @pytest.mark.parametrize("mark", ["1", "1:abc", "", "x" * 5000])
    def test_a_forged_mark_changes_nothing(self, ina, sent, mark):
        assert not note_bounce(mark=mark)
        assert fresh(ina).feedback_state == "done"

    @pytest.mark.parametrize("raw", [b"", b"\x00\xff", b"Content-Type: multipart/report\r\n\r\n"])
    def test_nonsense_is_ignored(self, raw):
        assert bounced_mark(raw) is None


@pytest.mark.parametrize("failed", [True, False])
def test_a_link_that_does_not_arrive_stands_in_the_history(mara, server, client_of, failed):
    """Otherwise the body would only look as if it did not answer."""
    body = make.department("WB", kind="external", answers_by_link=True, mailbox="weg@bau.example")
    concern = loop.log(mara)
    loop.forward(concern, body, by=mara)
    mail = OutgoingMail.objects.get()
    if failed:
        give_up(mail_id=mail.pk)
    else:
        run_jobs()
        note_return(mail=mail)
    assert concern.events.filter(kind="routing_mail_failed", visibility="team").count() == 1
    page = client_of(mara).get(concern.get_absolute_url()).content.decode()
    assert ("E-Mail an WB kam nicht an" in page, "weg@bau.example" in page) == (True, False)


def test_returns_go_to_the_pipe_and_answers_to_people(ina, settings):
    settings.BOUNCE_ADDRESS = "returns@quartier.example"
    settings.DEFAULT_FROM_EMAIL = "Quartiersmanagement <team@quartier.example>"
    run_jobs()
    [message] = django_mail.outbox
    assert message.from_email == "returns@quartier.example"
    assert message.message()["From"] == "Quartiersmanagement <team@quartier.example>"


@pytest.mark.django_db(transaction=True)
def test_a_return_and_an_erasure_at_the_same_moment_do_not_block_each_other(ina, mara):
    """Whoever comes second waits for the concern and holds nothing the first one needs."""
    run_jobs()
    mail = OutgoingMail.objects.get()

    def come_back() -> bool:
        try:
            return note_return(mail=mail)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            lock_concern(ina.concern)
            returned = pool.submit(come_back)
            database.wait_for_a_lock()
            erase_reporter(reporter=ina, reason="request", by=mara)
        assert returned.result(timeout=60)
    assert (fresh(mail).state, fresh(mail).to, fresh(ina).name) == ("bounced", "", "")
