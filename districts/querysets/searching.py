"""Search in rows with a folded text (`search_text`) and a sort key of their name (`sort_key`), decision 20."""

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection, models, transaction
from django.db.models import TextField, Value

from quartier.search import GermanSortKey

MOST_WORDS = 8  # of one search
SIMILAR_FROM = 0.5  # trigram similarity of a name with one or two wrong letters
NEAR_SHOWN = 50
FEW = 100  # rows of another table that are worth naming one by one


def folded_words(text: str) -> list[GermanSortKey]:
    """The words of a search, folded as the stored texts are; what goes beyond the limit is left out."""
    return [GermanSortKey(Value(word, output_field=TextField())) for word in text.split()[:MOST_WORDS]]


def named(rows: models.QuerySet) -> list[int] | models.QuerySet:
    """Rows of another table to look for with `in`: a few by their ids, so that the database can use its indexes; many
    stay a question in it.
    """
    few = list(rows.values_list("pk", flat=True)[: FEW + 1])
    return few if len(few) <= FEW else rows.values("pk")


class SearchedQuerySet(models.QuerySet):
    """Search by letters, and by what sounds alike."""

    def matching(self, text: str):
        """All words occur somewhere in the searched columns, also inside of longer words."""
        found = self
        for word in folded_words(text):
            found = found.filter(search_text__contains=word)
        return found

    def sounding(self, text: str) -> list[int]:
        """Ids of the names that contain something like the text (it forgives a wrong letter), the likeliest first.

        The threshold of the trigram index is set for this one query, as only the operator uses the index.
        """
        word = GermanSortKey(Value(text, output_field=TextField()))
        near = self.annotate(nearness=TrigramWordSimilarity(word, "sort_key"))
        likeliest = near.filter(sort_key__trigram_word_similar=word).order_by("-nearness", "sort_key", "pk")
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(SIMILAR_FROM)])
            return list(likeliest.values_list("pk", flat=True)[:NEAR_SHOWN])
