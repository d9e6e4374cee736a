"""Small helpers for text: what people typed, and German letters."""

import unicodedata

from django.utils.text import slugify

TEXT_LIMIT = 20_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # what a spreadsheet takes for the beginning of a formula
_KEPT_CONTROLS = "\n\t"
_GERMAN_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})


def code_of(name: str, otherwise: str) -> str:
    """A stable code of a German name: „Öcher Straße“ becomes „oecher-strasse“; `otherwise` when no letter is left."""
    return slugify(name.translate(_GERMAN_LETTERS))[:50].strip("-") or otherwise


def plain(name: str) -> str:
    """A name without what people write in different ways: „Aachen-Nord“, „aachen nord“ and „AACHEN NORD“ are one."""
    text = unicodedata.normalize("NFC", name).casefold().translate(_GERMAN_LETTERS)
    return "".join(char for char in unicodedata.normalize("NFKD", text) if char.isalnum())


def clean_text(value: str) -> str:
    """Bring typed text into one form: NFC, Unix line ends, no control or direction-override characters."""
    value = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(char for char in value if char in _KEPT_CONTROLS or not _is_control(char))


def cell_text(text: str) -> str:
    """A text for a cell of a spreadsheet, which would otherwise run it; `typed_text` takes the apostrophe off again."""
    return f"'{text}" if text.lstrip("'").startswith(_FORMULA) else text


def typed_text(cell: str) -> str:
    """The text that `cell_text` has made safe."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(_FORMULA) else cell


def _is_control(char: str) -> bool:
    """Control characters and the marks that reorder the text around them; joiners inside words stay."""
    return unicodedata.category(char) in {"Cc", "Cs"} or "\u202a" <= char <= "\u202e" or "\u2066" <= char <= "\u2069"
