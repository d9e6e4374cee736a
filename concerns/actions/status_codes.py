"""Status codes: each reporter's own key to the page that says how their concern stands (K24, decision 0017).

A code is worked out from a random seed in the database and the secret key, so it can be printed again; looking it up
needs neither, only the hash. After the secret key was changed old codes therefore still open their page; where the
old key is not among the fallbacks any more, showing a code means a new one, and the old one ends.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings as django_settings
from django.db import transaction
from django.db.models import Q
from django.utils.crypto import constant_time_compare, salted_hmac

from concerns import codes
from concerns.models import Concern, Reporter, StatusCode
from concerns.workflow import ConcernStatus
from districts.models import User

from .base import lock_concern, moment, record, settings

_CODE_SALT, _KEY_SALT = "quartier.status_code", "quartier.status_code.key"


def is_offered(reporter: Reporter) -> bool:
    """Whether this reporter gets a code.

    Nobody is given one for a sensitive concern: the slip alone could do harm in the wrong hands (N13). The team's own
    observations and people whose data were erased have nobody to give it to.
    """
    if reporter.kind == Reporter.Kind.OBSERVATION or reporter.erased_at:
        return False
    return not (reporter.concern.is_sensitive or (reporter.concern.lead_id and reporter.concern.lead.is_sensitive))


def show(*, reporter: Reporter, by: User | None = None, at: datetime | None = None) -> str:
    """The reporter's code, in groups; made when there is none yet. Empty when none is offered, or its time is over.

    The same code every time, unless the secret key it was made with is gone: then a new one, and the old one ends.
    """
    at = moment(at)
    if not is_offered(reporter) or _is_over(reporter.concern, at):
        return ""
    kept = StatusCode.objects.filter(reporter=reporter).first()
    return codes.in_groups((kept and _again(kept)) or _issue(reporter, by=by, at=at))


def show_many(*, reporters: Iterable[Reporter], by: User, at: datetime | None = None) -> dict[int, str]:
    """The codes of many reporters by their pk, without those who get none; what is there already is one query."""
    at, days = moment(at), settings().status_days
    offered = [one for one in reporters if is_offered(one) and not _is_over(one.concern, at, days)]
    kept = {row.reporter_id: row for row in StatusCode.objects.filter(reporter__in=[one.pk for one in offered])}
    return {
        one.pk: codes.in_groups((one.pk in kept and _again(kept[one.pk])) or _issue(one, by=by, at=at))
        for one in offered
    }


@transaction.atomic
def _issue(reporter: Reporter, *, by: User | None, at: datetime, seed: str = "") -> str:
    concern = lock_concern(Concern(pk=reporter.concern_id))
    Reporter.objects.select_for_update().get(pk=reporter.pk)
    kept = StatusCode.objects.filter(reporter=reporter).first()
    if kept and (code := _again(kept)):  # somebody printed it at the same moment
        return code
    seed = seed or secrets.token_hex(16)
    code = _made_from(seed, django_settings.SECRET_KEY)
    row = {"digest": codes.digest(code), "seed": seed, "key": _name_of(django_settings.SECRET_KEY), "made_at": at}
    StatusCode.objects.update_or_create(reporter=reporter, defaults={**row, "made_by": by})
    record(concern, "status_code", by=by, at=at, reporter=reporter, new="again" if kept else "")
    return code


def issue_from(*, reporter: Reporter, seed: str, by: User | None = None, at: datetime | None = None) -> str:
    """Give a reporter the code that belongs to a seed, for the demo city: it is the same after each load."""
    return codes.in_groups(_issue(reporter, by=by, at=moment(at), seed=seed))


def find(*, typed: str, at: datetime | None = None) -> StatusCode | None:
    """The valid code somebody typed; None when there is none (any more)."""
    code = codes.read(typed)
    return find_by_digest(digest=codes.digest(code), at=at) if code else None


def find_by_digest(*, digest: str, at: datetime | None = None) -> StatusCode | None:
    """The code with this hash, as long as it is valid."""
    found = StatusCode.objects.filter(digest=digest, reporter__erased_at=None).select_related(*_SHOWN).first()
    return None if found is None or _is_over(found.reporter.concern, moment(at)) else found


_SHOWN = ("reporter__concern__lead", "reporter__concern__topic", "reporter__concern__office")


def revoke(*, reporter: Reporter) -> None:
    """End a reporter's code for good."""
    StatusCode.objects.filter(reporter=reporter).delete()


def drop_expired(*, at: datetime | None = None) -> int:
    """Remove codes whose time is over; returns how many. Whoever comes back later is given a new one."""
    ended = moment(at) - timedelta(days=settings().status_days)
    over = Q(reporter__concern__status=ConcernStatus.CLOSED, reporter__concern__closed_at__lt=ended)
    expired = StatusCode.objects.filter(over).exclude(reporter__concern__promise=Concern.Promise.OPEN)
    return expired.delete()[0]


def _is_over(concern: Concern, at: datetime, days: int | None = None) -> bool:
    """Closed for longer than the set time (`days`, when known already); an open promise is still to be told about."""
    if concern.status != ConcernStatus.CLOSED or concern.promise == Concern.Promise.OPEN:
        return False
    return concern.closed_at + timedelta(days=settings().status_days if days is None else days) < at


def _made_from(seed: str, key: str) -> str:
    return codes.from_bytes(salted_hmac(_CODE_SALT, seed, secret=key, algorithm="sha256").digest())


def _name_of(key: str) -> str:
    """Tells secret keys apart without telling anything about them."""
    return salted_hmac(_KEY_SALT, "", secret=key, algorithm="sha256").hexdigest()[:16]


def _again(kept: StatusCode) -> str:
    """The code behind a row, when the secret key it was made with is still known."""
    for key in (django_settings.SECRET_KEY, *django_settings.SECRET_KEY_FALLBACKS):
        if constant_time_compare(kept.key, _name_of(key)):
            return _made_from(kept.seed, key)
    return ""
