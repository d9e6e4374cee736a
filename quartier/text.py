"""Small helpers for text: what people typed, and German letters."""

import unicodedata

from django.utils.text import slugify

TEXT_LIMIT = 20_000
_KEPT_CONTROLS = "\n\t"
_GERMAN_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})


def code_of(name: str, otherwise: str) -> str:
    """A stable code of a German name: „Öcher Straße“ becomes „oecher-strasse“; `otherwise` when no letter is left."""
    return slugify(name.translate(_GERMAN_LETTERS))[:50].strip("-") or otherwise


def clean_text(value: str) -> str:
    """Bring typed text into one form: NFC, Unix line ends, no control or direction-override characters."""
    value = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(char for char in value if char in _KEPT_CONTROLS or not _is_control(char))


def _is_control(char: str) -> bool:
    """Control characters and the marks that reorder the text around them; joiners inside words stay."""
    return unicodedata.category(char) in {"Cc", "Cs"} or "\u202a" <= char <= "\u202e" or "\u2066" <= char <= "\u2069"
