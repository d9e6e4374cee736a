"""Answer links of bodies without an account: reading one, and asking for a fresh one (K19).

The token names the routing and the version of its link, signed and dated. Whoever holds it may answer this one routing
and nothing else; it ends with its time, with the next renewal, and when the body gets accounts of its own.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction

from concerns.models import OutgoingMail, Routing

from .base import lock_routing, moment, record, settings
from .mail import LINK_SALT, send_link

PAUSE = timedelta(minutes=10)  # between two mails to the same body about the same routing
MOST_PER_DAY = 5


class UnknownLink(Exception):
    """Nobody ever sent this link, or it was changed on the way."""


@dataclass(frozen=True)
class Link:
    """A link that we sent; `is_current` tells whether it still opens the routing."""

    routing: Routing
    is_current: bool


def read_link(token: str) -> Link:
    """What a token stands for.

    Raises:
        UnknownLink: the signature is wrong, or there is no such routing.
    """
    try:
        pk, version = signing.loads(token, salt=LINK_SALT)
        in_time = _in_time(token)
    except signing.BadSignature:
        raise UnknownLink from None
    routing = Routing.objects.for_ticket().filter(pk=pk).first()
    if routing is None:
        raise UnknownLink
    return Link(routing, in_time and version == routing.link_version and routing.department.answers_by_link)


def _in_time(token: str) -> bool:
    try:
        signing.loads(token, salt=LINK_SALT, max_age=timedelta(days=settings().link_days))
    except signing.SignatureExpired:
        return False
    return True


@transaction.atomic
def request_link(*, routing: Routing, at: datetime | None = None) -> bool:
    """Send the department's mailbox a fresh link because somebody with an old one asks for it.

    Nothing is sent for a finished routing, to a department that signs in, or too soon after the last mail; the page
    says the same in every case. Gives back whether a mail is under way.
    """
    at = moment(at)
    routing, concern = lock_routing(routing)
    sent = OutgoingMail.objects.filter(routing=routing, kind=OutgoingMail.Kind.ROUTING_LINK)
    too_soon = sent.filter(created_at__gt=at - PAUSE).exists()
    too_often = sent.filter(created_at__gt=at - timedelta(days=1)).count() >= MOST_PER_DAY
    if too_soon or too_often or not routing.is_open or not routing.department.answers_by_link:
        return False
    send_link(routing, at=at)
    record(concern, "routing_link", by=None, at=at, routing=routing)
    return True
