"""Outgoing mail: rows first, then a job that delivers each exactly as it was previewed (Q10)."""

from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused

from django.conf import settings as django_settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from concerns.models import Concern, Feedback, OutgoingMail, Routing
from districts.models import User
from quartier.jobs import MAIL_QUEUE, defer, task

from .arrival import mail_came_back, mail_was_sent
from .base import day, lock_concern, record

LINK_SALT = "concerns.routing-link"
MAIL_HEADER = "X-Quartier-Mail"
PERMANENT = 500  # SMTP codes from here on mean: do not try again


def link_token(routing: Routing) -> str:
    """The signed token of a routing's answer link; it names no person and ends with the next renewal."""
    return signing.dumps([routing.pk, routing.link_version], salt=LINK_SALT)


def _queue(*, key: str, kind: str, to: str, subject: str, body: str, at: datetime, **owner) -> OutgoingMail:
    mail = OutgoingMail.objects.create(
        key=key, kind=kind, to=to, subject=subject, body=body, next_try_at=at, created_at=at, **owner
    )
    defer(deliver_mail, mail_id=mail.pk)
    return mail


def queue_feedback_mail(feedback: Feedback, *, to: str, subject: str, body: str, at: datetime) -> OutgoingMail:
    """Queue the mail that carries a feedback to a reporter."""
    return _queue(
        key=f"feedback:{feedback.pk}", kind=OutgoingMail.Kind.FEEDBACK, to=to, subject=subject, body=body, at=at,
        feedback=feedback,
    )  # fmt: skip


def send_link(routing: Routing, *, at: datetime) -> OutgoingMail:
    """Give an external body a fresh link to its ticket; older links end. Must run on a locked or new routing."""
    routing.link_version += 1
    routing.save(update_fields=["link_version"])
    url = django_settings.PUBLIC_URL.rstrip("/") + reverse("concerns:external", args=[link_token(routing)])
    body = (
        "Guten Tag,\n\n"
        f"das Quartiersmanagement bittet Sie um eine Antwort bis {routing.due_on:%d.%m.%Y} "
        f"(Anliegen {routing.concern.number}).\n\n"
        f"Anliegen ansehen und antworten: {url}\n\n"
        "Der Link gilt nur für diesen Vorgang und läuft ab. Auf der Seite können Sie einen neuen anfordern.\n"
    )
    return _queue(
        key=f"link:{routing.pk}:{routing.link_version}", kind=OutgoingMail.Kind.ROUTING_LINK,
        to=routing.department.mailbox, subject=f"Anliegen {routing.concern.number}: Bitte um Antwort", body=body,
        at=at, routing=routing,
    )  # fmt: skip


def announce_routing(routing: Routing, *, at: datetime) -> None:
    """Tell a department at once about a routing marked urgent; everything else waits for the daily digest.

    Without a mailbox everybody hears of it who answers for the department.
    """
    url = django_settings.PUBLIC_URL.rstrip("/") + reverse("concerns:ticket", args=[routing.pk])
    body = (
        "Guten Tag,\n\n"
        f"das Quartiersmanagement hat Ihnen das Anliegen {routing.concern.number} als dringend weitergeleitet. "
        f"Bitte antworten Sie bis {routing.due_on:%d.%m.%Y}.\n\n{url}\n"
    )
    mailbox, staff = routing.department.mailbox, User.objects.staff_of(routing.department, on=day(at))
    for number, address in enumerate([mailbox] if mailbox else staff.values_list("email", flat=True), start=1):
        _queue(
            key=f"urgent:{routing.pk}:{number}", kind=OutgoingMail.Kind.URGENT_ROUTING, to=address,
            subject=f"Dringend: Anliegen {routing.concern.number}", body=body, at=at, routing=routing,
        )  # fmt: skip


def queue_digest(*, key: str, to: str, subject: str, body: str, user: User | None, at: datetime) -> OutgoingMail:
    """Queue a daily digest; the key lets each person or mailbox have one a day."""
    return _queue(key=key, kind=OutgoingMail.Kind.DIGEST, to=to, subject=subject, body=body, user=user, at=at)


def queue_invitation(*, key: str, to: str, subject: str, body: str, at: datetime) -> OutgoingMail:
    """Queue a mail about a session of a body to one of its members."""
    return _queue(key=key, kind=OutgoingMail.Kind.INVITATION, to=to, subject=subject, body=body, at=at)


def deliver(*, mail_id: int) -> None:
    """Hand a queued mail to the mail server; a second call finds nothing left to do.

    An address the server refuses for good ends the attempt at once; everything else is tried again for days.

    Raises:
        OSError, SMTPException: the mail server is away or busy; the job is tried again.
    """
    try:
        with transaction.atomic():
            _send(mail_id)
    except SMTPRecipientsRefused as error:
        if all(code >= PERMANENT for code, _ in error.recipients.values()):
            give_up(mail_id=mail_id)
        else:
            _note_try(mail_id, error)
            raise
    except Exception as error:
        _note_try(mail_id, error)
        raise


def _send(mail_id: int) -> None:
    mail = _queued(mail_id)
    if mail is None:
        return
    message = EmailMessage(
        subject=mail.subject,
        body=mail.body,
        from_email=django_settings.BOUNCE_ADDRESS,  # the envelope's sender: returns go to the pipe, answers to people
        to=[mail.to],
        headers={
            "From": django_settings.DEFAULT_FROM_EMAIL,
            MAIL_HEADER: mail_mark(mail),
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.state, mail.sent_at, mail.error = OutgoingMail.State.SENT, timezone.now(), ""
    mail.tries += 1
    mail.save(update_fields=["state", "sent_at", "error", "tries"])
    if mail.feedback:
        mail_was_sent(feedback=mail.feedback)
    # Last: when the server refuses, everything above is rolled back and the mail stays queued.
    message.send()


def _queued(mail_id: int) -> OutgoingMail | None:
    queued = OutgoingMail.objects.filter(pk=mail_id, state=OutgoingMail.State.QUEUED)
    return queued.select_for_update(of=("self",)).select_related("feedback").first()


def _note_try(mail_id: int, error: Exception) -> None:
    """Note that a try failed; only the kind of the error, because its text may hold the address."""
    OutgoingMail.objects.filter(pk=mail_id, state=OutgoingMail.State.QUEUED).update(
        tries=F("tries") + 1, error=type(error).__name__
    )


def mail_mark(mail: OutgoingMail) -> str:
    """Signed mark in the mail's header by which a returned mail is recognised."""
    return signing.Signer(salt=MAIL_HEADER).sign(str(mail.pk))


@transaction.atomic
def give_up(*, mail_id: int) -> None:
    """A mail could not be delivered for good: a feedback goes back onto the worklist, a routing's history says so."""
    mail = _queued(mail_id)
    if mail is None:
        return
    mail.state = OutgoingMail.State.FAILED
    mail.save(update_fields=["state"])
    if mail.feedback:
        mail_came_back(feedback=mail.feedback, bounced=False)
    _note_in_history(mail)


def note_bounce(*, mark: str) -> bool:
    """A mail we sent came back, as its mark says. Returns whether the mark was one of ours."""
    try:
        mail_id = int(signing.Signer(salt=MAIL_HEADER).unsign(mark))
    except (signing.BadSignature, ValueError):
        return False
    return note_return(mail=OutgoingMail(pk=mail_id))


@transaction.atomic
def note_return(*, mail: OutgoingMail) -> bool:
    """A mail we sent came back: a feedback goes back onto the worklist, a routing's history says so.

    False when that is known already.
    """
    if concern := Concern.objects.filter(reporters__feedbacks__mail=mail.pk).first():
        # Before the mail, as whoever erases the person's data locks them.
        lock_concern(Concern(pk=concern.lead_id or concern.pk))
        lock_concern(concern)
    sent = OutgoingMail.objects.filter(pk=mail.pk, state=OutgoingMail.State.SENT)
    mail = sent.select_for_update(of=("self",)).select_related("feedback").first()
    if mail is None:
        return False
    mail.state = OutgoingMail.State.BOUNCED
    mail.save(update_fields=["state"])
    if mail.feedback:
        mail_came_back(feedback=mail.feedback, bounced=True)
    _note_in_history(mail)
    return True


def _note_in_history(mail: OutgoingMail) -> None:
    """Without this an external body that never got its link would look as if it did not answer."""
    if mail.routing_id:
        routing = Routing.objects.select_related("concern").get(pk=mail.routing_id)
        record(routing.concern, "routing_mail_failed", by=None, at=timezone.now(), routing=routing)


def queue_again(*, at: datetime | None = None) -> int:
    """Give a job back to queued mails that have lost theirs, e.g. after the queue was restored from a backup."""
    old = (at or timezone.now()) - timedelta(hours=4)
    waiting = OutgoingMail.objects.filter(state=OutgoingMail.State.QUEUED, created_at__lt=old)
    return sum(
        defer(deliver_mail, once=f"mail:{mail_id}", mail_id=mail_id) for mail_id in waiting.values_list("pk", flat=True)
    )


deliver_mail = task(name="concerns.deliver_mail", queue=MAIL_QUEUE, gives_up=give_up)(deliver)
