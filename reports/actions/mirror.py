"""Writes on department mirrors: the department's comment, and publication (N14)."""

import logging
from datetime import datetime

from django.db import transaction

from concerns.actions.base import Conflict, moment
from districts.models import Department, User
from reports.actions.reports import checksum_of
from reports.models import Mirror
from reports.quarters import Quarter

logger = logging.getLogger("quartier.reports")


@transaction.atomic
def write_comment(
    *, department: Department, quarter: Quarter, comment: str, version: int, by: User, at: datetime | None = None
) -> Mirror:
    """Write or change what a department says about its figures; an empty text takes it back.

    Raises:
        Conflict: the mirror was published, or somebody has changed the comment since `version`.
    """
    mirror = _lock(department, quarter)
    if mirror.is_published:
        raise Conflict("Der Spiegel ist inzwischen veröffentlicht. Ihr Text steht noch hier, gespeichert ist er nicht.")
    if mirror.version != version:
        raise Conflict(
            "Die Stellungnahme wurde inzwischen geändert, beide stehen hier. Noch einmal speichern ersetzt die andere."
        )
    mirror.comment, mirror.version = comment, version + 1
    mirror.comment_by, mirror.comment_at = (by, moment(at)) if comment else (None, None)
    mirror.save(update_fields=["comment", "version", "comment_by", "comment_at"])
    logger.info("mirror %s commented by %s", mirror.pk, by.pk)
    return mirror


@transaction.atomic
def publish(
    *,
    department: Department,
    quarter: Quarter,
    frozen: dict,
    pdf: bytes,
    version: int,
    by: User,
    at: datetime | None = None,
) -> Mirror:
    """Publish a mirror as `frozen` and `pdf` show it; from now on it never changes.

    Raises:
        Conflict: it was published before, or the comment has changed since `version`.
    """
    mirror = _lock(department, quarter)
    if mirror.is_published:
        raise Conflict("Der Spiegel ist schon veröffentlicht.")
    if mirror.version != version:
        raise Conflict("Die Stellungnahme hat sich inzwischen geändert. Bitte noch einmal ansehen.")
    mirror.frozen, mirror.checksum, mirror.pdf = frozen, checksum_of(frozen), pdf
    mirror.published_by, mirror.published_at = by, moment(at)
    mirror.save(update_fields=["frozen", "checksum", "pdf", "published_by", "published_at"])
    logger.info("mirror %s published by %s", mirror.pk, by.pk)
    return mirror


def _lock(department: Department, quarter: Quarter) -> Mirror:
    """The mirror's row, made when nobody has written before, locked for the transaction."""
    known = {"department": department, "year": quarter.year, "quarter": quarter.number}
    Mirror.objects.get_or_create(**known)
    return Mirror.objects.select_for_update(of=("self",)).get(**known)
