"""Finding a reporter's data in a text that is meant for a department (I7). Pure functions."""

import re
from collections.abc import Iterable

SHORTEST_NAME, SHORTEST_PHONE = 3, 5
_WORD = re.compile(r"[^\W\d_]+", re.UNICODE)
_DIGITS = re.compile(r"\d(?:[\s/().\-–]*\d)+")
# Words that stand in the names of groups and institutions and in every second sentence.
_COMMON = frozenset(
    ("der", "die", "das", "und", "von", "für", "frau", "herr", "familie", "verein", "initiative", "gruppe", "schule")
)


def found_in(text: str, reporters: Iterable) -> list[str]:
    """Names, telephone numbers and e-mail addresses of `reporters` that occur in `text`, as they are written there."""
    words = {word.casefold(): word for word in _WORD.findall(text)}
    numbers = {_digits(number): number.strip() for number in _DIGITS.findall(text)}
    found = []
    for reporter in reporters:
        names = {name.casefold() for name in _WORD.findall(reporter.name) if len(name) >= SHORTEST_NAME}
        found += [words[name] for name in sorted(names - _COMMON) if name in words]
        phone = _digits(reporter.phone)
        if len(phone) >= SHORTEST_PHONE:
            found += [number for digits, number in numbers.items() if _same_number(phone, digits)]
        if reporter.email and reporter.email.casefold() in text.casefold():
            found.append(reporter.email)
    return list(dict.fromkeys(found))


def _digits(text: str) -> str:
    digits = re.sub(r"\D", "", text)
    return re.sub(r"^(0049|49|0)", "", digits)


def _same_number(phone: str, digits: str) -> bool:
    return len(digits) >= SHORTEST_PHONE and (phone.endswith(digits) or digits.endswith(phone))
