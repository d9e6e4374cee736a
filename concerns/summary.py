"""Words made from what somebody typed: a title, the text that goes to a department. Pure functions."""

import re

TITLE_LENGTH = 80
_SENTENCE_END = re.compile(r"(?<=[.!?])\s")


def title_from(text: str) -> str:
    """A title from the first words of a text: its first sentence, cut at a word where it is too long."""
    line = " ".join(next((line for line in text.splitlines() if line.strip()), "").split())
    sentence = _SENTENCE_END.split(line, maxsplit=1)[0]
    if len(sentence) <= TITLE_LENGTH:
        return sentence.rstrip(".")
    cut = sentence[: TITLE_LENGTH - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,;:–-") + "…"


def for_department(title: str, place: str, text: str) -> str:
    """What a department gets to read of a concern: what and where, never who (I7)."""
    says_it_again = text.startswith(title.removesuffix("…"))
    parts = ["" if says_it_again else title, f"Ort: {place}" if place else "", text]
    return "\n\n".join(part for part in parts if part)
