"""German search in concerns: compounds, spellings and typing errors, over the vocabulary (K21, Q16).

Full text alone finds neither „Spielplatzzustand“ for „platz“ nor „Schlagloch“ for „Schlagloh“. So every word is first
looked up in the vocabulary of all concerns (`SearchWord`), and the concerns are then searched for what was found there.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import prod

from django.contrib.postgres.fields import ArrayField
from django.db import connection, transaction
from django.db.models import BigIntegerField, BooleanField, F, Func, Q, QuerySet, Value
from django.db.models.functions import Coalesce

MAX_WORDS = 10  # of one search; more is no search but a text
MAX_PARTS = 500  # words of the vocabulary that contain one word, the most frequent first
MAX_SIMILAR, LOOKED_AT = 8, 40  # words that are shown, words whose letters are compared
MIN_LETTERS = 3  # shorter words are taken literally
SIMILAR_FROM = 0.3  # trigram similarity of a typing error ("Ampl" to "Ampel": 0.38)
RARE = 2  # a word used so rarely may itself be a typing error that somebody else made, too

# Microseconds, measured (docs/performance.md): one hit of one word in the text index, what every further word of an
# alternative adds, fetching a hit, and reading one concern without the text index.
_INDEX_HIT, _ALTERNATIVE, _FETCH, _READ = 0.3, 0.02, 1.0, 3.0
_MOST_IDS = 20_000
_FEW = 5  # words of which the planner's guess is good enough
_ENOUGH = 1000  # hits that a list counts; finding so many without the text index is what reading costs

_NUMBER = re.compile(r"(?P<year>\d{4})\s*-\s*(?P<count>\d{1,7})|(?P<count2>\d{1,7})\s*/\s*(?P<year2>\d{4})")
_VERB_ENDING = re.compile(r"(?<=\w{5})(?:et|t)$")
_LEXEMES = """
    SELECT tsvector_to_array(to_tsvector('public.quartier'::regconfig, word)) FROM unnest(%s::text[])
    WITH ORDINALITY AS typed(word, position) ORDER BY position"""
# Short words must begin a word or follow at least three letters: "Rad" finds "Fahrrad" but not "gerade".
_CONTAINING = """
    SELECT stem, found.word, uses FROM unnest(%s::text[], %s::text[], %s::text[]) AS typed(stem, pattern, singular),
    LATERAL (
        SELECT word, uses FROM concerns_searchword
        WHERE word LIKE pattern AND (length(stem) > 4 OR strpos(word, stem) = 1 OR strpos(word, stem) > 3)
        OR word = singular ORDER BY uses DESC, length(word), word LIMIT %s) AS found"""
_SIMILAR = """
    SELECT stem, found.word, uses FROM unnest(%s::text[]) AS typed(stem), LATERAL (
        SELECT word, uses, similarity(word, stem) AS nearness FROM concerns_searchword
        WHERE word %% stem AND abs(length(word) - length(stem)) <= 2
        ORDER BY nearness DESC, uses DESC, word LIMIT %s) AS found
    WHERE nearness >= %s"""
_BY_INDEX = """
    SELECT set_config('enable_seqscan', 'off', true), set_config('enable_indexscan', 'off', true),
           set_config('work_mem', '64MB', true)"""
_TOTAL = "SELECT reltuples::bigint FROM pg_class WHERE oid = 'concerns_concern'::regclass"


@dataclass(frozen=True)
class Term:
    """One word of a search: its stem and the words of the vocabulary that stand for it, with how often each is used."""

    stem: str
    words: dict[str, int] = field(default_factory=dict)
    similar: tuple[str, ...] = ()  # those of the words that only look like the stem

    @property
    def uses(self) -> int:
        """At most so many concerns contain it."""
        return sum(self.words.values())

    @property
    def tsquery(self) -> str:
        """An alternative of lexemes; the stem stands for longer words that begin with it, too."""
        if self.stem.isdecimal():
            number = f" | '-{int(self.stem):05d}':A" if len(self.stem) <= 7 else ""
            return _quoted(self.stem) + number
        begins = _quoted(self.stem) + (":*" if len(self.stem) >= MIN_LETTERS else "")
        return " | ".join([begins, *(_quoted(word) for word in self.words if not word.startswith(self.stem))])

    @property
    def condition(self) -> Coalesce:
        """What a concern must fulfil when it is read without the text index.

        The planner neither takes the text index for it nor guesses: it expects half of the concerns to fit.
        """
        inside = [word for word in self.words if not word.startswith(self.stem)]
        if len(inside) > 5 and len(self.stem) > 4 and not self.similar and not self.stem.endswith("s"):
            # The same words as the alternative names, told by one comparison instead of hundreds.
            return Coalesce(_Contains(_VERB_ENDING.sub("", self.stem)), False)
        return Coalesce(_Matches(self.tsquery), False)


@dataclass(frozen=True)
class Search:
    """What somebody looks for, understood. Without `numbers` and `terms` nothing can be found, `problem` says why."""

    numbers: Q | None = None
    terms: tuple[Term, ...] = ()
    problem: str = ""
    total: int = 0  # about how many concerns there are

    @property
    def also(self) -> list[str]:
        """Words that were looked for because (almost) nothing contains what was typed."""
        return [word for term in self.terms for word in term.similar]

    @property
    def rarest(self) -> Term:
        """The term that narrows most."""
        return min(self.terms, key=lambda term: term.uses)

    @property
    def by_index(self) -> bool:
        """Whether the text index answers faster than reading the concerns in the order of the list."""
        rarest = self.rarest
        if rarest.uses > _MOST_IDS:
            return False
        if not self.total:  # never analysed: a new database
            return True
        index = rarest.uses * (_INDEX_HIT + _ALTERNATIVE * len(rarest.words) + _FETCH * len(self.terms))
        share = prod(min(1, term.uses / max(self.total, 1)) for term in self.terms)
        reading = min(self.total, _ENOUGH / share if share else self.total) * _READ
        return index <= reading


class _Condition(Func):
    """A comparison of the concern's text vector with a text."""

    template = "%(expressions)s"
    output_field = BooleanField()

    def __init__(self, *expressions, **extra):
        if len(expressions) == 1:
            expressions = (F("search"), Value(self.operand(expressions[0])))
        super().__init__(*expressions, **extra)

    def operand(self, text: str) -> str:
        return text


class _Matches(_Condition):
    template = "%(expressions)s::tsquery"
    arg_joiner = " @@ "


class _Contains(_Condition):
    """One of the vector's words contains a text (letters and digits only)."""

    arg_joiner = "::text LIKE "

    def operand(self, text: str) -> str:
        return f"%{text}%"


class _AmongIds(Func):
    """Condition: the primary key is one of many; one parameter however many there are."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


def understand(text: str) -> Search:
    """Read a search text: a concern number, or words that must all occur. At most four queries.

    Numbers may be abbreviated („2026-12“, „12/2026“). Of a text longer than MAX_WORDS the first words count.
    """
    if number := _NUMBER.fullmatch(text.strip()):
        year, count = number["year"] or number["year2"], number["count"] or number["count2"]
        return Search(numbers=Q(number=f"{year}-{int(count):05d}") | Q(number__startswith=f"{year}-{count}"))
    words = list(dict.fromkeys(re.findall(r"[^\W_]+", text)))[:MAX_WORDS]
    if not words:
        return Search(problem="Bitte ein Wort oder eine Nummer eingeben.")
    with connection.cursor() as cursor:
        stems = _stems(cursor, words)
        if not stems:
            return Search(problem="Nach so häufigen Wörtern lässt sich nicht suchen. Bitte ein weiteres Wort eingeben.")
        terms = tuple(_terms(cursor, stems))
        cursor.execute(_TOTAL)
        return Search(terms=terms, total=max(cursor.fetchone()[0], 0))


def narrow(queryset: QuerySet, search: Search) -> tuple[QuerySet, int | None]:
    """The concerns of `queryset` that a search finds, and how many they are where that is known on the way.

    Of a rare word the text index knows all concerns at once: they are gathered here. For a frequent one the list's own
    index is read until the page is full. Left to itself, the planner takes the wrong way now and then, a hundred times
    slower (docs/performance.md).
    """
    if search.numbers is not None:
        return queryset.filter(search.numbers), None
    if not search.terms:
        return queryset.none(), 0
    others = [term.condition for term in search.terms if term is not search.rarest]
    if search.by_index:
        ids = _fitting(queryset, search.rarest, others)
        if len(ids) <= _MOST_IDS:
            return queryset.filter(_among(ids)), len(ids)
    return queryset.filter(search.rarest.condition, *others), None


def _among(ids: list[int]) -> _AmongIds:
    return _AmongIds(F("pk"), Value(ids, output_field=ArrayField(BigIntegerField())))


def occurring(words: Iterable[str], among: QuerySet) -> list[str]:
    """Those of some words of the vocabulary that stand in a concern of `among`.

    The vocabulary is made of all concerns: a word of a confidential one must not be told to whoever may not read it.
    A word of more than _MOST_IDS concerns is no secret.
    """
    return [word for word in words if _occurs(word, among)]


def _occurs(word: str, among: QuerySet) -> bool:
    ids = _gather(_quoted(word))
    return len(ids) > _MOST_IDS or among.filter(_among(ids)).exists()


def _fitting(queryset: QuerySet, term: Term, others: list) -> list[int]:
    """Primary keys of the concerns with a word that also fulfil the rest, at most one more than _MOST_IDS."""
    if len(term.words) <= _FEW:
        with _text_index():
            found = queryset.filter(_Matches(term.tsquery), *others).order_by().values_list("pk", flat=True)
            return list(found[: _MOST_IDS + 1])
    # Of many words the planner expects many concerns and would rather begin with another condition: the word first.
    ids = _gather(term.tsquery)
    if len(ids) > _MOST_IDS:
        return ids
    return list(queryset.filter(_among(ids), *others).order_by().values_list("pk", flat=True))


def _gather(tsquery: str) -> list[int]:
    """Primary keys of the concerns that fit, at most one more than _MOST_IDS."""
    with _text_index() as cursor:
        cursor.execute("SELECT id FROM concerns_concern WHERE search @@ %s::tsquery LIMIT %s", [tsquery, _MOST_IDS + 1])
        return [pk for (pk,) in cursor.fetchall()]


@contextmanager
def _text_index() -> Iterator:
    """A cursor for which only the text index answers.

    Without statistics of a word the planner would rather read every concern.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_BY_INDEX)
        yield cursor


def _stems(cursor, words: list[str]) -> list[str]:
    """The words as the index knows them, without stop words."""
    cursor.execute(_LEXEMES, [words])
    return list(dict.fromkeys(lexeme for (lexemes,) in cursor.fetchall() for lexeme in lexemes))


def _terms(cursor, stems: list[str]) -> Iterable[Term]:
    """Each stem with its words of the vocabulary; what (almost) nothing contains, also with similar ones."""
    known: dict[str, dict[str, int]] = {stem: {} for stem in stems}
    long = [stem for stem in stems if len(stem) >= MIN_LETTERS and not stem.isdecimal()]
    patterns = [f"%{_VERB_ENDING.sub('', stem)}%" for stem in long]
    singulars = [stem.removesuffix("s") for stem in long]  # the stemmer leaves „Autos“ as it is
    cursor.execute(_CONTAINING, [long, patterns, singulars, MAX_PARTS])
    for stem, word, uses in cursor.fetchall():
        known[stem][word] = uses
    # None: nothing contains it; 0: words that were never counted, nobody knows whether they are rare.
    uses_of = {stem: sum(known[stem].values()) if known[stem] else None for stem in long if len(stem) > MIN_LETTERS}
    similar = _similar(cursor, {stem: uses or 0 for stem, uses in uses_of.items() if uses is None or 0 < uses <= RARE})
    return (
        Term(stem, words | similar.get(stem, {}), similar=tuple(similar.get(stem, ()))) for stem, words in known.items()
    )


def _similar(cursor, doubtful: dict[str, int]) -> dict[str, dict[str, int]]:
    """For stems used never or hardly ever (how often?): far more frequent words with the fewest letters different."""
    found: dict[str, dict[str, int]] = {}
    if not doubtful:
        return found
    cursor.execute(_SIMILAR, [list(doubtful), LOOKED_AT, SIMILAR_FROM])
    candidates = [
        (stem, _distance(stem, word), word, uses)
        for stem, word, uses in cursor.fetchall()
        if word != stem and (not doubtful[stem] or uses > 10 * doubtful[stem])
    ]
    for stem in doubtful:
        near = [one for one in candidates if one[0] == stem and one[1] <= (1 if len(stem) <= 5 else 2)]
        best = min((distance for _, distance, _, _ in near), default=0)
        words = sorted((-uses, word) for _, distance, word, uses in near if distance == best)[:MAX_SIMILAR]
        if words:
            found[stem] = {word: -uses for uses, word in words}
    return found


def _distance(one: str, other: str) -> int:
    """How many letters were left out, added, exchanged or swapped with their neighbour."""
    rows = [list(range(len(other) + 1))]
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            row.append(min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b)))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                row[j] = min(row[j], rows[-2][j - 2] + 1)
        rows.append(row)
    return rows[-1][-1]


def _quoted(lexeme: str) -> str:
    doubled = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"
