"""Photos of concerns inside a paper."""

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from concerns.models import Photo


@dataclass(frozen=True)
class Picture:
    """A photo as the paper carries it."""

    source: str
    words: str  # alternative text and caption


def pictures(photos: Iterable[Photo], number: str) -> list[Picture]:
    """The downscaled copies of photos; one whose file is gone is left out."""
    made = []
    for place, photo in enumerate(photos, 1):
        try:
            with photo.preview.open("rb") as file:
                content = file.read()
        except FileNotFoundError:
            continue
        day = f"{timezone.localtime(photo.at):%d.%m.%Y}"
        made.append(
            Picture(f"data:image/jpeg;base64,{b64encode(content).decode()}", f"Foto {place} zu {number}, {day}")
        )
    return made
