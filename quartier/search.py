"""Expressions in the database: the sort key of German names, the full-text column."""

from django.contrib.postgres.search import SearchVectorField
from django.db.models import CharField, Func, GeneratedField


class GermanSortKey(Func):
    """Sort key as in a German dictionary (DIN 5007-1: ä = a, ß = ss) that does not depend on the server's locale."""

    template = "replace(lower(translate(%(expressions)s, 'ÄÖÜäöüÉÈÊÀÂÇéèêàâç', 'AOUaouEEEAACeeeaac')), 'ß', 'ss')"
    output_field = CharField()


def sort_key_field(source: str = "name") -> GeneratedField:
    """A stored column that sorts the German way; `source` names the text column it follows."""
    return GeneratedField(
        expression=GermanSortKey(source), output_field=CharField(max_length=400, db_collation="C"), db_persist=True
    )


class WeightedVector(Func):
    """Stored full-text vector over columns with weights, in the text search configuration `quartier` (migration 0001).

    Expressions are given as alternating column and weight: `WeightedVector("title", weights="A")`.
    """

    output_field = SearchVectorField()

    def __init__(self, *columns, weights: str, **extra):
        self.weights = weights
        super().__init__(*columns, **extra)

    def as_sql(self, compiler, connection, **extra):
        """Concatenate one weighted vector per column."""
        parts, params = [], []
        for expression, weight in zip(self.source_expressions, self.weights, strict=True):
            sql, values = compiler.compile(expression)
            parts.append(f"setweight(to_tsvector('public.quartier'::regconfig, coalesce({sql}, '')), '{weight}')")
            params.extend(values)
        return " || ".join(parts), params
