"""Small helpers for German text."""

from django.utils.text import slugify

_GERMAN_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})


def code_of(name: str, otherwise: str) -> str:
    """A stable code of a German name: „Öcher Straße“ becomes „oecher-strasse“; `otherwise` when no letter is left."""
    return slugify(name.translate(_GERMAN_LETTERS))[:50].strip("-") or otherwise
