"""Marks of what was on a page when somebody opened it: tell what they changed, and what somebody else changed since."""

import hashlib
from collections.abc import Iterable


def mark_of(values: Iterable) -> str:
    """A short mark of some values as a form sends them back."""
    words = "\x1f".join("" if value is None else str(value).replace("\r\n", "\n").strip() for value in values)
    return hashlib.sha256(words.encode()).hexdigest()[:20]
