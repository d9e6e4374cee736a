"""The plain-language checklist for words to residents (Q04, N3): hints, never a ban. Pure functions."""

import re
from dataclasses import dataclass

LONGEST_SENTENCE = 15  # words
LONGEST_WORD = 18  # letters
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")
_WORD = re.compile(r"[\wäöüÄÖÜß-]+")
_ABBREVIATION = re.compile(r"\b(?:z\. ?B\.|ggf\.|bzw\.|u\. ?a\.|i\. ?d\. ?R\.|o\. ?g\.|gem\.|lt\.|i\. ?V\. ?m\.|vgl\.)")
_OFFICIAL = re.compile(
    r"\b(?:diesbezüglich|hinsichtlich|bezüglich|seitens|zwecks|mittels|Inaugenscheinnahme|Maßnahme|Zuständigkeit"
    r"|verkehrssicherungspflichtig|erfolgt|erfolgte|obliegt|zeitnah|perspektivisch)\b",
    re.IGNORECASE,
)
_LAW = re.compile(r"§|\b(?:StVO|BauGB|LImSchG|OBG|VwVfG)\b")
_INTERNAL = re.compile(r"\b(?:FB|E|BA) ?\d{1,3}\b")


@dataclass(frozen=True)
class Hint:
    """One point of the checklist: met or not, and what to look at."""

    label: str
    met: bool
    detail: str = ""


def check(text: str) -> list[Hint]:
    """The checklist for a text to a resident, in a fixed order."""
    sentences = [_WORD.findall(sentence) for sentence in _SENTENCE.findall(text)]
    long = [words for words in sentences if len(words) > LONGEST_SENTENCE]
    words = sorted({word for words in sentences for word in words if len(word.replace("-", "")) > LONGEST_WORD})
    return [
        _hint("Kurze Sätze", [f"„{' '.join(words[:6])} …“ ({len(words)} Wörter)" for words in long]),
        _hint("Einfache Wörter", words),
        _hint("Keine Abkürzungen", _ABBREVIATION.findall(text)),
        _hint("Keine Amtssprache", _OFFICIAL.findall(text)),
        _hint("Keine Paragrafen", _LAW.findall(text)),
        _hint("Ämter mit Namen statt Kürzel", _INTERNAL.findall(text)),
        Hint("Sagt „Sie“", bool(re.search(r"\b(?:Sie|Ihre?[nmrs]?|Ihnen)\b", text))),
    ]


def _hint(label: str, found: list[str]) -> Hint:
    return Hint(label, not found, ", ".join(dict.fromkeys(found[:5])))
