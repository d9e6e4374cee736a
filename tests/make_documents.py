"""Documents for tests: a small PDF or a picture, filed with the application's own actions."""

from io import BytesIO
from itertools import count

import pikepdf

from districts.models import User
from projects.actions import documents
from projects.models import AgendaItem, Body, Document, FundApplication
from quartier.documents import PreparedDocument, prepare_document
from tests import make

_numbers = count(1)


def pdf(change=None, pages: int = 1, **saved) -> bytes:
    """A PDF file, every one another; `change` may do something to it before it is saved with `saved`."""
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page(page_size=(200, 300))
    made.docinfo["/Title"] = f"Nr. {next(_numbers)}"
    if change:
        change(made)
    target = BytesIO()
    made.save(target, **saved)
    return target.getvalue()


def prepared(content: bytes | None = None, name: str = "papier.pdf", picture: bool = False) -> PreparedDocument:
    """A file that was checked."""
    if picture:
        n = next(_numbers)
        content, name = make.picture(color=(n % 256, n // 256, 90)), "foto.jpg"
    return prepare_document(BytesIO(content or pdf()), name)


def of_body(body: Body, *, by: User, title: str = "Geschäftsordnung", **file) -> Document:
    """A document of a body."""
    return documents.file_with_body(body=body, document=prepared(**file), title=title, by=by)


def of_item(item: AgendaItem, *, by: User, title: str = "Entwurf", **file) -> Document:
    """Material of an agenda item."""
    return documents.file_with_item(item=item, document=prepared(**file), title=title, by=by)


def of_application(application: FundApplication, *, by: User, title: str = "Angebot", **file) -> Document:
    """An attachment of an application."""
    return documents.file_with_application(application=application, document=prepared(**file), title=title, by=by)


def of_proof(application: FundApplication, *, by: User, title: str = "Rechnung", **file) -> Document:
    """A receipt of an application whose money is out."""
    return documents.file_with_proof(application=application, document=prepared(**file), title=title, by=by)
