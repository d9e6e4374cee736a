"""Reading documents that people send: a PDF without anything active, or a picture. Nothing else is taken."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from itertools import chain, islice
from pathlib import PurePath
from threading import Lock
from typing import BinaryIO
from uuid import uuid4

import pikepdf
from django.core.files.base import ContentFile
from pikepdf import sanitize
from pikepdf.settings import set_qpdf_limits

from quartier import photos
from quartier.photos import BadPhoto

MAX_BYTES = 10 * 1024 * 1024
MAX_OBJECTS = 50_000  # of a PDF: a page of text has about ten; so many take two seconds
MAX_PARTS = 1_000_000  # that stand inside its objects: one of them alone may hold millions
PDF, PICTURE = "pdf", "picture"

_PDF_BEGINS = b"%PDF-"
_PICTURES_BEGIN = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")  # HEIC names itself after four bytes of length
_OFFICE = {
    *(".doc", ".docx", ".docm", ".dotx", ".odt", ".rtf", ".pages"),
    *(".xls", ".xlsx", ".xlsm", ".ods", ".numbers", ".csv"),
    *(".ppt", ".pptx", ".pps", ".ppsx", ".odp", ".key"),
}
_ACTIONS = {
    *("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Thread"),
    *("/Rendition", "/Movie", "/Sound", "/RichMediaExecute"),
}
_ACTIVE = (
    "„{}“ enthält Befehle oder ein Formular, das Programme startet. Bitte mit „Drucken“ und „Als PDF speichern“ ein "
    "neues PDF machen."
)
_NESTED = "„{}“ ist zu verschachtelt. Bitte neu als PDF speichern oder aufteilen."
_ACTIVE_KEYS = ("/JS", "/JavaScript", "/XFA", "/EF", "/RichMediaContent", "/Collection", "/AA")
_one_at_a_time = Lock()

# A small file may claim to hold gigabytes. The limits count for the whole process and are set before any thread runs;
# the papers we make ourselves stay far below.
set_qpdf_limits(
    flate_max_memory=32 * 1024 * 1024,
    run_length_max_memory=32 * 1024 * 1024,
    png_max_memory=32 * 1024 * 1024,
    tiff_max_memory=32 * 1024 * 1024,
    max_stream_filters=4,
    parser_max_nesting=100,
    parser_max_container_size=200_000,
)


class BadDocument(Exception):
    """The file is no document we take; the text is German and names the file."""


@dataclass(frozen=True)
class PreparedDocument:
    """A document ready to be stored. `digest` tells whether the same file was sent before; pictures have a preview."""

    name: str
    kind: str
    digest: str
    content: bytes = field(repr=False)
    preview: bytes = field(repr=False, default=b"")


def prepare_document(file: BinaryIO, name: str) -> PreparedDocument:
    """Check a file by what it holds, whatever its name says, and make what is kept of it.

    A PDF is written anew: scripts, attached files, older versions and whatever stands before or behind it are gone. A
    picture becomes a JPEG without metadata.

    Raises:
        BadDocument: too large, neither a PDF nor a picture, damaged, locked, or with commands that cannot be taken out.
    """
    shown = name[-80:] or "Datei"
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise BadDocument(f"„{shown}“ ist größer als {MAX_BYTES // 1024 // 1024} MB.")
    digest = hashlib.sha256(content).hexdigest()
    if content.startswith(_PDF_BEGINS):
        return PreparedDocument(_named(name, ".pdf"), PDF, digest, _clean_pdf(content, shown))
    if not content.startswith(_PICTURES_BEGIN) and content[4:8] != b"ftyp":
        raise BadDocument(_refusal(shown, name))
    try:
        picture = photos.prepare(BytesIO(content), name)
    except BadPhoto as error:
        raise BadDocument(str(error)) from error
    return PreparedDocument(_named(name, ".jpg"), PICTURE, digest, picture.full, picture.preview)


def stored_document(document: PreparedDocument) -> ContentFile:
    """A prepared document for a file field; the random name tells nothing and cannot be guessed."""
    return ContentFile(document.content, name=f"{uuid4().hex}{PurePath(document.name).suffix}")


def _named(name: str, suffix: str) -> str:
    """The file's name with the ending of what is kept of it, never longer than 120 characters."""
    return f"{PurePath(name).stem.removesuffix(suffix)[:100].strip('. ') or 'datei'}{suffix}"


def _refusal(shown: str, name: str) -> str:
    if PurePath(name).suffix.lower() in _OFFICE:
        return f"„{shown}“ ist eine Office-Datei. Bitte als PDF speichern und das PDF hochladen."
    return f"„{shown}“ ist weder ein PDF noch ein Bild (JPEG, PNG, WebP oder HEIC)."


def _clean_pdf(content: bytes, shown: str) -> bytes:
    """The file written anew, without what a reader would run or unpack."""
    try:
        with _one_at_a_time:
            return _rewritten(content, shown)
    except pikepdf.PasswordError as error:
        raise BadDocument(f"„{shown}“ ist mit einem Kennwort geschützt. Bitte ohne Kennwort speichern.") from error
    except BadDocument:
        raise
    except Exception as error:  # hostile files raise all kinds of errors
        raise BadDocument(f"„{shown}“ ist beschädigt. Bitte neu als PDF speichern.") from error


def _rewritten(content: bytes, shown: str) -> bytes:
    target = BytesIO()
    with _opened(content, shown) as pdf:
        if not len(pdf.pages):
            raise BadDocument(f"„{shown}“ hat keine Seiten.")
        sanitize.remove_javascript(pdf)
        sanitize.remove_multimedia(pdf)
        sanitize.remove_attachments(pdf)
        _remove_what_starts_by_itself(pdf)
        pdf.save(target, stream_decode_level=pikepdf.StreamDecodeLevel.none, encryption=False)
    # What is kept is what is looked at: objects that nothing leads to are gone by now.
    with _opened(target.getvalue(), shown) as pdf:
        parts = islice(chain.from_iterable(map(_parts, pdf.objects)), MAX_PARTS + 1)
        seen = 0
        for seen, one in enumerate(parts, 1):  # noqa: B007
            if _is_active(one):
                raise BadDocument(_ACTIVE.format(shown))
        if seen > MAX_PARTS:
            raise BadDocument(_NESTED.format(shown))
    return target.getvalue()


def _remove_what_starts_by_itself(pdf: pikepdf.Pdf) -> None:
    """Nothing happens when the file or a page is opened, so that nobody learns who reads it when; links stay links."""
    first = pdf.Root.get("/OpenAction")  # an array only says where reading begins
    if isinstance(first, pikepdf.Dictionary) and str(first.get("/S", "")) not in _ACTIONS:
        del pdf.Root.OpenAction
    for one in pdf.objects:
        if isinstance(one, pikepdf.Dictionary) and "/AA" in one:
            del one["/AA"]


def _opened(content: bytes, shown: str) -> pikepdf.Pdf:
    pdf = pikepdf.open(BytesIO(content), attempt_recovery=False)
    if len(pdf.objects) > MAX_OBJECTS:
        pdf.close()
        raise BadDocument(_NESTED.format(shown))
    return pdf


def _parts(thing) -> Iterator:
    """An object and what stands directly inside it; what stands elsewhere is looked at in its own turn."""
    yield thing
    if isinstance(thing, pikepdf.Stream):
        inside = thing.stream_dict.values()
    elif isinstance(thing, pikepdf.Dictionary):
        inside = thing.values()
    elif isinstance(thing, pikepdf.Array):
        inside = thing
    else:
        return
    for one in inside:
        if not isinstance(one, pikepdf.Object):
            yield one  # a number
        elif not one.is_indirect:
            yield from _parts(one)


def _is_active(thing) -> bool:
    """Whether an object starts something, fetches something or holds files."""
    if isinstance(thing, pikepdf.Stream):
        # The content of a stream may lie in a file elsewhere.
        return "/F" in thing or any(key in thing for key in _ACTIVE_KEYS)
    if not isinstance(thing, pikepdf.Dictionary):
        return False
    return any(key in thing for key in _ACTIVE_KEYS) or str(thing.get("/S", "")) in _ACTIONS
