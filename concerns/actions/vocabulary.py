"""Keeping the vocabulary of the search true (see `concerns.search`)."""

from django.db import connection, transaction

# As the triggers of migration 0002 collect them.
_COUNTED = """
    CREATE TEMPORARY TABLE counted_words ON COMMIT DROP AS
    SELECT word, count(*) AS uses FROM concerns_concern, unnest(tsvector_to_array(search)) AS word
    WHERE word ~ '[[:alpha:]]{3}' AND length(word) <= 255 GROUP BY word"""
# Small changes are not worth a new version of the row.
_NOTED = """
    INSERT INTO concerns_searchword AS known (word, uses) SELECT word, uses FROM counted_words ORDER BY word
    ON CONFLICT (word) DO UPDATE SET uses = excluded.uses
    WHERE abs(known.uses - excluded.uses) > 0.1 * known.uses"""
_FORGOTTEN = """
    DELETE FROM concerns_searchword AS known
    WHERE NOT EXISTS (SELECT FROM counted_words WHERE counted_words.word = known.word)"""


@transaction.atomic
def recount_words() -> int:
    """Count how often every word is used and forget those that no concern uses any more; returns how many it forgot.

    Forgetting is also a matter of privacy: a name typed by mistake and taken out again must not be suggested. A word
    whose only concern is logged while this runs may be lost until the next run; the text index finds it all the same.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED)
        cursor.execute("ANALYZE counted_words")
        cursor.execute(_NOTED)
        cursor.execute(_FORGOTTEN)
        return cursor.rowcount
