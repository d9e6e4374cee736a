"""Topics that fit what is being typed, from the catalogue's keywords. Pure functions."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

SHORTEST_STEM = 4
SHORTEST_PART = 5  # letters of a stem that may be found inside another word
_WORD = re.compile(r"[^\W\d_]+", re.UNICODE)
_FOLD = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss", "é": "e", "è": "e"})
_ENDINGS = ("ern", "en", "er", "em", "es", "et", "e", "n", "s")
_STOP_WORDS = frozenset(
    _WORD.findall(
        """
        aber alle als am an auch auf aus bei bin bis das dass dem den der des die dort du ein eine einem
        einen einer er es fur gibt hat haben hier hinter ich im in ist kann kein keine man mehr mit nach
        nicht noch nur ob oder seit sehr sein sich sie sind so steht um und uns unter viel vom von vor war
        was wenn wer wie wird wo zu zum zur
        """
    )
)
FAR_WORSE = 4
PHRASE, EXACT, SAME_STEM, IN_COMPOUND, AS_PART = 8, 7, 5, 4, 1


class HasKeywords(Protocol):
    """What is read of a topic."""

    name: str
    keywords: str


T = TypeVar("T", bound=HasKeywords)


@dataclass(frozen=True)
class Word:
    """A word in lower case without umlaut dots, and without its German ending."""

    folded: str
    stem: str


def suggest_topics(text: str, topics: Iterable[T], limit: int = 4) -> list[T]:
    """The topics whose name or keywords occur in `text`, best first; equally good ones in the catalogue's order.

    Phrases count more than words, words more than parts of compounds. „strasse“ is „Straße“, „Laternen“ is „Laterne“.
    """
    typed = words(text)
    scored = [(score(typed, topic), position, topic) for position, topic in enumerate(topics)]
    ranked = sorted(scored, key=lambda entry: (-entry[0], entry[1]))
    # What fits far worse than the best would only be noise beside it.
    return [topic for points, _, topic in ranked[:limit] if points and points * FAR_WORSE >= ranked[0][0]]


def score(typed: list[Word], topic: HasKeywords) -> int:
    """How well a topic fits the words of a text; 0 when nothing of it occurs."""
    phrases = {tuple(words(phrase)) for phrase in [topic.name, *topic.keywords.split(",")]} - {()}
    weights = [_weight(phrase, typed) for phrase in phrases]
    # However many compounds a short word is part of, it is one word.
    return sum(weight for weight in weights if weight > AS_PART) + max((w for w in weights if w <= AS_PART), default=0)


def words(text: str) -> list[Word]:
    """The words of a text that carry meaning."""
    folded = (word.lower().translate(_FOLD) for word in _WORD.findall(text))
    return [Word(word, stem(word)) for word in folded if word not in _STOP_WORDS and len(word) > 1]


def stem(folded: str) -> str:
    """A folded word without one ending; crude, but the same for the keyword and for what was typed."""
    for ending in _ENDINGS:
        if folded.endswith(ending) and not folded.endswith("ss") and len(folded) - len(ending) >= SHORTEST_STEM:
            return folded[: -len(ending)]
    return folded


def _weight(phrase: tuple[Word, ...], typed: list[Word]) -> int:
    stems = {word.stem for word in typed}
    if len(phrase) > 1:
        return PHRASE if {word.stem for word in phrase} <= stems else 0
    key = phrase[0]
    if key.folded in {word.folded for word in typed}:
        return EXACT
    if key.stem in stems:
        return SAME_STEM
    if len(key.stem) >= SHORTEST_PART and any(key.stem in word.folded for word in typed):
        return IN_COMPOUND
    return AS_PART if any(len(word.stem) >= SHORTEST_STEM and word.stem in key.folded for word in typed) else 0
