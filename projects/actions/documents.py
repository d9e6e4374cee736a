"""Writes on documents: filing with a body, an agenda item, an application or its proof of use, removing (Z18, Z19, Z35,
Z38). The owner is locked first, so two uploads of one file meet."""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Model

from districts.models import User
from projects.filing import may_attach, may_detach, may_prove
from projects.models import AgendaItem, Body, Document, FundApplication
from quartier.documents import PreparedDocument, stored_document
from quartier.photos import stored

from .applications import lock_application
from .base import Conflict, LoopError, check_open, lock_item, moment, record
from .document_files import codes_of, forget_documents
from .funds import note

MAX_DOCUMENTS = 20  # of one thing
THERE = "Diese Datei ist schon da."
CLOSED = "Der Antrag steht inzwischen auf „{}“: Dokumente lassen sich hier nicht mehr {}."


@transaction.atomic
def file_with_body(
    *, body: Body, document: PreparedDocument, title: str, by: User, at: datetime | None = None
) -> Document:
    """Add a document to a body, for example its rules of procedure.

    Raises:
        LoopError: it is there already, or there are as many as there may be.
    """
    found, at = _lock_body(body), moment(at)
    made = _file("body", found, document, title, by=by, at=at)
    record(found, "filed", by=by, at=at, **codes_of(made))
    return made


@transaction.atomic
def file_with_item(
    *, item: AgendaItem, document: PreparedDocument, title: str, by: User, at: datetime | None = None
) -> Document:
    """Add material to an agenda item until the minutes are approved.

    Raises:
        Conflict: approved or cancelled meanwhile, or the item is gone.
        LoopError: it is there already, or there are as many as there may be.
    """
    (found, session), at = lock_item(item), moment(at)
    check_open(session)
    made = _file("agenda_item", found, document, title, by=by, at=at)
    record(session.body, "filed", by=by, at=at, item=found.pk, **codes_of(made))
    return made


@transaction.atomic
def file_with_application(
    *, application: FundApplication, document: PreparedDocument, title: str, by: User, at: datetime | None = None
) -> Document:
    """Add an attachment to an application; what comes after the decision is marked as later.

    Raises:
        Conflict: in its present state this person may not (any more).
        LoopError: it is there already, or there are as many as there may be.
    """
    found, at = lock_application(application), moment(at)
    if not may_attach(found, by):
        raise Conflict(CLOSED.format(found.get_status_display(), "hinzufügen"))
    is_later = found.decided_on is not None
    made = _file("application", found, document, title, by=by, at=at, is_later=is_later)
    note(found.fund, "filed", by=by, at=at, application=found, **codes_of(made))
    return made


@transaction.atomic
def file_with_proof(
    *, application: FundApplication, document: PreparedDocument, title: str, by: User, at: datetime | None = None
) -> Document:
    """Add a receipt, a report or a photo to the proof of use until all is settled.

    Raises:
        Conflict: no money is out, or everything is settled meanwhile.
        LoopError: it is there already, or there are as many as there may be.
    """
    found, at = lock_application(application), moment(at)
    if not may_prove(found, by):
        raise Conflict(CLOSED.format(found.get_status_display(), "hinzufügen"))
    made = _file("proof_of", found, document, title, by=by, at=at)
    note(found.fund, "filed", by=by, at=at, application=found, **codes_of(made))
    return made


def _file(
    owner: str, found: Model, document: PreparedDocument, title: str, *, by: User, at: datetime, is_later: bool = False
) -> Document:
    there = Document.objects.filter(**{owner: found})
    if there.filter(digest=document.digest).exists():
        raise LoopError(THERE)
    if there.count() >= MAX_DOCUMENTS:
        raise LoopError(f"Mehr als {MAX_DOCUMENTS} Dokumente sind hier nicht möglich.")
    return Document.objects.create(
        **{owner: found}, kind=document.kind, title=title, name=document.name, file=stored_document(document),
        preview=stored(document.preview) if document.preview else "", size=len(document.content),
        digest=document.digest, is_later=is_later, by=by, at=at,
    )  # fmt: skip


def _lock_body(body: Body) -> Body:
    return Body.objects.select_for_update(no_key=True).get(pk=body.pk)


@transaction.atomic
def remove_document(*, document: Document, by: User, at: datetime | None = None) -> None:
    """Remove a document while its owner is open; its files go when the change is certain.

    Raises:
        Conflict: it is gone already, or its owner keeps its documents by now.
    """
    if document.body_id:
        log = partial(record, _lock_body(document.body))
    elif document.agenda_item_id:
        _, session = lock_item(document.agenda_item)
        check_open(session)
        log = partial(record, session.body, item=document.agenda_item_id)
    else:
        found = lock_application(FundApplication(pk=document.application_id or document.proof_of_id))
        may = may_detach if document.application_id else may_prove
        if not may(found, by):
            raise Conflict(CLOSED.format(found.get_status_display(), "entfernen"))
        log = partial(note, found.fund, application=found)
    gone = forget_documents(Document.objects.filter(pk=document.pk))
    if not gone:
        raise Conflict("Dieses Dokument ist schon entfernt.")
    log(kind="unfiled", by=by, at=moment(at), **gone[0])
