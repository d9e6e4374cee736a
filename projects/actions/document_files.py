"""What goes with a document: what the log says of it, and its files."""

from collections.abc import Iterable

from projects.models import Document
from quartier.photos import forget_files


def codes_of(document: Document) -> dict:
    """What the log says about a document: neither its title nor the name of its file."""
    return {"document": document.pk, "owner": document.owner_field, "digest": document.digest}


def forget_documents(documents: Iterable[Document]) -> list[dict]:
    """Delete documents whose owner is locked and open; their files go when that is certain. Gives the codes of each."""
    gone = []
    for one in documents:
        gone.append(codes_of(one))
        forget_files(one.file, one.preview)
        one.delete()
    return gone
