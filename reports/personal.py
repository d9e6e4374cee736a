"""What in a text for the public looks like somebody's data. Pure functions; hints for a person who decides."""

import re
from collections.abc import Iterable

from concerns.personal import found_in

_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_PHONE = re.compile(r"(?<![\w/])(?:\+|00|0)\d(?:[\s/().\-–]*\d){4,}")
_TITLED = re.compile(r"\b(?:Frau|Frauen|Herrn?|Familie|Eheleute|Dr\.|Prof\.)\s+(?:Dr\.\s+)?[A-ZÄÖÜ][\w’'-]+")
_HOUSE = re.compile(
    r"\b(?:[A-ZÄÖÜ][\w-]+\s)?(?i:[\w-]*(?:straße|strasse|str\.|weg|allee|gasse|platz|ring|damm|ufer)\s+\d+(?:\s?[a-z]\b)?)"
)
_DATE = re.compile(r"\b\d{1,2}\.\s?\d{1,2}\.(?:\s?\d{2,4})?")
_NOT_A_NAME = {"Frau Oberbürgermeisterin", "Herr Oberbürgermeister"}


def looks_personal(text: str, reporters: Iterable) -> list[str]:
    """Words in `text` that may say who somebody is, as they are written there; without repetition.

    Names, telephone numbers and addresses of `reporters`; any e-mail address or telephone number; names behind
    "Frau", "Herr" or "Familie"; streets with a house number (somebody lives there).
    """
    text = _DATE.sub("–", text)
    found = found_in(text, reporters)
    for pattern in (_MAIL, _PHONE, _TITLED, _HOUSE):
        found += [" ".join(match.split()) for match in pattern.findall(text)]
    return [one for one in dict.fromkeys(found) if one not in _NOT_A_NAME]
