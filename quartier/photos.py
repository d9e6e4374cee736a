"""Reading photos that people send: verified by decoding, turned upright, without any metadata, as JPEG in two sizes."""

import hashlib
from contextlib import nullcontext
from dataclasses import dataclass, field
from io import BytesIO
from threading import Lock
from typing import BinaryIO
from uuid import uuid4

import pillow_heif
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models.fields.files import FieldFile
from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 64_000_000  # a small file may claim a huge picture (decompression bomb)
FULL, PREVIEW = 2560, 480  # longest side in pixels
LARGE = 16_000_000  # pixels; decoding such a picture may take up to a gigabyte, so they wait for each other
_QUALITY = 82
_one_at_a_time = Lock()

pillow_heif.register_heif_opener()


class BadPhoto(Exception):
    """The file is no photo we take; the text is German and names the file."""


@dataclass(frozen=True)
class Prepared:
    """A photo ready to be stored. `digest` tells whether the same file was sent before."""

    name: str
    digest: str
    full: bytes = field(repr=False)
    preview: bytes = field(repr=False)


def prepare(file: BinaryIO, name: str) -> Prepared:
    """Check a file and make the two pictures that are kept of it; nothing else of the file survives.

    Raises:
        BadPhoto: too large, no picture of a known kind, damaged, or too many pixels.
    """
    shown = name[-80:] or "Datei"
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise BadPhoto(f"„{shown}“ ist größer als {MAX_BYTES // 1024 // 1024} MB.")
    picture = _decoded(content, shown)
    return Prepared(
        name=name[-120:],
        digest=hashlib.sha256(content).hexdigest(),
        full=_jpeg(picture),
        preview=_jpeg(_scaled(picture, PREVIEW)),
    )


def stored(content: bytes) -> ContentFile:
    """A prepared picture for a file field; the random name tells nothing and cannot be guessed."""
    return ContentFile(content, name=f"{uuid4().hex}.jpg")


def forget_files(*files: FieldFile) -> None:
    """Delete files once the transaction is through; a change taken back keeps them."""
    for file in files:
        if file:
            transaction.on_commit(lambda storage=file.storage, name=file.name: storage.delete(name))


def _decoded(content: bytes, shown: str) -> Image.Image:
    too_many = BadPhoto(f"„{shown}“ hat zu viele Bildpunkte (höchstens {MAX_PIXELS // 1_000_000} Millionen).")
    try:
        picture = Image.open(BytesIO(content), formats=FORMATS)
        width, height = picture.size
    except Image.DecompressionBombError as error:
        raise too_many from error
    except Exception as error:  # decoders raise all kinds of errors for hostile bytes
        raise BadPhoto(f"„{shown}“ ist kein Foto im Format JPEG, PNG, WebP oder HEIC.") from error
    if width * height > MAX_PIXELS:
        raise too_many
    try:
        with _one_at_a_time if width * height > LARGE else nullcontext():
            picture.draft("RGB", (FULL, FULL))  # lets the JPEG decoder skip what would be scaled away
            return _plain(ImageOps.exif_transpose(_shrunk(picture)))
    except Exception as error:
        raise BadPhoto(f"„{shown}“ ist beschädigt und lässt sich nicht öffnen.") from error


def _shrunk(picture: Image.Image) -> Image.Image:
    """The picture no larger than what is kept: every further step would need as much memory again as all its pixels."""
    if picture.mode not in ("RGB", "RGBA"):
        picture = picture.convert("RGBA" if _is_transparent(picture) else "RGB")
    picture.thumbnail((FULL, FULL), Image.Resampling.LANCZOS)
    return picture


def _plain(picture: Image.Image) -> Image.Image:
    """The pixels alone on white: a new picture has no EXIF, GPS, XMP, comment or colour profile to carry along."""
    pixels = picture.convert("RGBA" if _is_transparent(picture) else "RGB")
    plain = Image.new("RGB", pixels.size, "white")
    plain.paste(pixels, mask=pixels if pixels.mode == "RGBA" else None)
    return plain


def _is_transparent(picture: Image.Image) -> bool:
    return "A" in picture.getbands() or "transparency" in picture.info


def _scaled(picture: Image.Image, longest: int) -> Image.Image:
    smaller = picture.copy()
    smaller.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return smaller


def _jpeg(picture: Image.Image) -> bytes:
    target = BytesIO()
    picture.save(target, "JPEG", quality=_QUALITY, optimize=True)
    return target.getvalue()
