"""Writes on evaluation reports: make, write, release, supersede (Z44).

A draft counts its `revision` up with every change, so that a release can tell whether what was rendered is still what
stands there. What a released report shows was frozen before; here it is only stored.
"""

import hashlib
import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from concerns.actions.base import Conflict, LoopError, moment
from districts.models import District, User
from reports.models import Report, ReportFile, ReportSettings, ReportText

logger = logging.getLogger("quartier.reports")

TEXT_KINDS = (ReportText.Kind.PLANNING, ReportText.Kind.OUTLOOK)
OUTSIDE_AREA = 0  # of a choice's districts: what lies outside all of them has no quarter managers


@dataclass(frozen=True)
class Frozen:
    """Everything a release keeps, made of the same figures."""

    content: dict
    files: tuple[tuple[str, str, bytes], ...]  # kind, name, bytes
    revision: int  # of the draft it was made of

    @property
    def checksum(self) -> str:
        """Of the content; the same figures and texts give the same one."""
        return checksum_of(self.content)


def checksum_of(content: dict) -> str:
    """SHA-256 of a content in the one way it can be written."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def create_report(*, title: str, parameters: dict, chapters: Iterable[str], by: User, at: datetime | None = None):
    """Start a draft with empty texts: one for each of its districts, the Sozialplanung's and the outlook."""
    report = Report.objects.create(
        title=title, parameters=parameters, chapters=list(chapters), created_by=by, created_at=moment(at)
    )
    _add_texts(report)
    logger.info("report %s created by %s", report.pk, by.pk)
    return report


@transaction.atomic
def change_report(*, report: Report, title: str, parameters: dict, chapters: Iterable[str], revision: int, by: User):
    """Change what a draft evaluates. Texts of districts that are no longer in it stay and come back with them.

    Raises:
        Conflict: somebody has changed the draft since `revision`, or it was released.
    """
    locked = _lock_draft(report)
    if locked.revision != revision:
        raise Conflict(
            "Der Entwurf wurde inzwischen geändert. Ihre Eingaben stehen noch hier; bitte noch einmal prüfen."
        )
    locked.title, locked.parameters, locked.chapters = title, parameters, list(chapters)
    locked.revision += 1
    locked.save(update_fields=["title", "parameters", "chapters", "revision"])
    _add_texts(locked)
    logger.info("report %s changed by %s", locked.pk, by.pk)
    return locked


def _add_texts(report: Report) -> None:
    chosen = [pk for pk in report.parameters["districts"] if pk != OUTSIDE_AREA]
    districts = District.objects.filter(pk__in=chosen) if report.parameters["districts"] else District.objects.all()
    texts = [ReportText(report=report, kind=ReportText.Kind.DISTRICT, district=one) for one in districts]
    texts += [ReportText(report=report, kind=kind) for kind in TEXT_KINDS]
    ReportText.objects.bulk_create(texts, ignore_conflicts=True)


@transaction.atomic
def write_text(*, text: ReportText, content: str, version: int, by: User, at: datetime | None = None) -> ReportText:
    """Save an assessment that was opened as `version`.

    Raises:
        Conflict: somebody else saved it since, or the report was released; nothing is lost on either side.
    """
    report = _lock_draft(text.report)
    found = ReportText.objects.select_for_update().get(pk=text.pk)
    if found.version != version:
        raise Conflict(
            f"{found.changed_by} hat diesen Text inzwischen geändert. Beide Fassungen stehen hier untereinander: Bitte "
            "führen Sie sie in Ihrem Feld zusammen und speichern Sie noch einmal."
        )
    found.text, found.changed_by, found.changed_at = content, by, moment(at)
    found.version += 1
    found.save(update_fields=["text", "version", "changed_by", "changed_at"])
    report.revision += 1
    report.save(update_fields=["revision"])
    return found


@transaction.atomic
def delete_draft(*, report: Report, by: User) -> None:
    """Throw a draft away with its texts.

    Raises:
        Conflict: it was released.
    """
    locked = _lock_draft(report)
    logger.info("draft %s deleted by %s", locked.pk, by.pk)
    locked.delete()


@transaction.atomic
def release(*, report: Report, frozen: Frozen, by: User, at: datetime | None = None) -> Report:
    """Freeze a draft for good: figures, texts, files, who and when.

    Raises:
        Conflict: it was released or changed while it was rendered; nothing was released.
    """
    locked = _lock_draft(report)
    if locked.revision != frozen.revision:
        raise Conflict(
            "Der Entwurf wurde während der Freigabe geändert. Es wurde nichts freigegeben; bitte noch einmal."
        )
    if locked.supersedes_id:
        # Two versions that follow the same one are refused by the database; this one must also be the next in line.
        Report.objects.select_for_update().get(pk=locked.supersedes_id)
    for kind, name, content in frozen.files:
        ReportFile.objects.create(
            report=locked,
            kind=kind,
            name=name,
            content=content,
            size=len(content),
            checksum=hashlib.sha256(content).hexdigest(),
        )
    locked.state, locked.frozen, locked.checksum = Report.State.RELEASED, frozen.content, frozen.checksum
    locked.released_by, locked.released_at = by, moment(at)
    locked.save(update_fields=["state", "frozen", "checksum", "released_by", "released_at"])
    logger.info("report %s released by %s", locked.pk, by.pk)
    return locked


@transaction.atomic
def supersede(*, report: Report, by: User, at: datetime | None = None) -> Report:
    """Start the next version of a released report, with its texts; the old one stays as it is.

    Raises:
        LoopError: it is a draft, or a next version has already been started.
    """
    old = Report.objects.select_for_update().get(pk=report.pk)
    if old.is_draft:
        raise LoopError("Das ist noch ein Entwurf: Er lässt sich einfach ändern.")
    try:
        with transaction.atomic():
            new = Report.objects.create(
                title=old.title,
                parameters=old.parameters,
                chapters=old.chapters,
                version=old.version + 1,
                supersedes=old,
                created_by=by,
                created_at=moment(at),
            )
    except IntegrityError:
        raise LoopError("Eine neue Version dieses Berichts gibt es schon.") from None
    ReportText.objects.bulk_create(
        ReportText(
            report=new, kind=one.kind, district=one.district, text=one.text,
            version=one.version, changed_by=one.changed_by, changed_at=one.changed_at,
        )
        for one in old.texts.all()
    )  # fmt: skip
    _add_texts(new)
    logger.info("report %s supersedes %s, started by %s", new.pk, old.pk, by.pk)
    return new


@transaction.atomic
def save_settings(*, threshold: int, by: User) -> ReportSettings:
    """Set what is too small to leave the house."""
    found = ReportSettings.load()
    found.threshold = threshold
    found.save(update_fields=["threshold"])
    logger.info("report settings saved by %s", by.pk)
    return found


def _lock_draft(report: Report) -> Report:
    locked = Report.objects.select_for_update().filter(pk=report.pk).first()
    if locked is None:
        raise Conflict("Diesen Entwurf gibt es nicht mehr.")
    if not locked.is_draft:
        raise Conflict("Dieser Bericht ist inzwischen freigegeben und lässt sich nicht mehr ändern.")
    return locked
