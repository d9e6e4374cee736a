"""Outgoing mail: rows first, then a job that delivers each exactly as it was previewed (Q10)."""

from datetime import datetime

from django.conf import settings as django_settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from concerns.models import Feedback, OutgoingMail, Routing
from quartier.jobs import MAIL_QUEUE, defer, task

from .arrival import mail_came_back, mail_was_sent

LINK_SALT = "concerns.routing-link"


def link_token(routing: Routing) -> str:
    """The signed token of a routing's answer link; it names no person and ends with the next renewal."""
    return signing.dumps([routing.pk, routing.link_version], salt=LINK_SALT)


def _queue(*, key: str, kind: str, to: str, subject: str, body: str, at: datetime, **owner) -> OutgoingMail:
    mail = OutgoingMail.objects.create(
        key=key, kind=kind, to=to, subject=subject, body=body, next_try_at=at, created_at=at, **owner
    )
    defer(deliver_mail, mail_id=mail.pk)
    return mail


def queue_feedback_mail(feedback: Feedback, *, to: str, subject: str, at: datetime) -> OutgoingMail:
    """Queue the mail that carries a feedback to a reporter."""
    return _queue(
        key=f"feedback:{feedback.pk}", kind=OutgoingMail.Kind.FEEDBACK, to=to, subject=subject, body=feedback.text,
        at=at, feedback=feedback,
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


def announce_routing(routing: Routing, *, at: datetime) -> OutgoingMail | None:
    """Tell a department at once about a routing marked urgent; everything else waits for the daily digest."""
    if not routing.department.mailbox:
        return None
    url = django_settings.PUBLIC_URL.rstrip("/") + reverse("concerns:ticket", args=[routing.pk])
    body = (
        "Guten Tag,\n\n"
        f"das Quartiersmanagement hat Ihnen das Anliegen {routing.concern.number} als dringend weitergeleitet. "
        f"Bitte antworten Sie bis {routing.due_on:%d.%m.%Y}.\n\n{url}\n"
    )
    return _queue(
        key=f"urgent:{routing.pk}", kind=OutgoingMail.Kind.URGENT_ROUTING, to=routing.department.mailbox,
        subject=f"Dringend: Anliegen {routing.concern.number}", body=body, at=at, routing=routing,
    )  # fmt: skip


def deliver(*, mail_id: int) -> None:
    """Hand a queued mail to the mail server; a second call finds nothing left to do."""
    with transaction.atomic():
        mail = OutgoingMail.objects.select_for_update().filter(pk=mail_id, state=OutgoingMail.State.QUEUED).first()
        if mail is None:
            return
        EmailMessage(
            subject=mail.subject, body=mail.body, to=[mail.to], headers={"X-Quartier-Mail": str(mail.pk)}
        ).send()
        mail.state, mail.sent_at = OutgoingMail.State.SENT, timezone.now()
        mail.save(update_fields=["state", "sent_at"])
        if mail.feedback:
            mail_was_sent(feedback=mail.feedback)


@transaction.atomic
def give_up(*, mail_id: int) -> None:
    """A mail could not be delivered for good: a feedback goes back onto the worklist."""
    mail = OutgoingMail.objects.select_for_update().filter(pk=mail_id, state=OutgoingMail.State.QUEUED).first()
    if mail is None:
        return
    mail.state = OutgoingMail.State.FAILED
    mail.save(update_fields=["state"])
    if mail.feedback:
        mail_came_back(feedback=mail.feedback, bounced=False)


deliver_mail = task(name="concerns.deliver_mail", queue=MAIL_QUEUE, gives_up=give_up)(deliver)
