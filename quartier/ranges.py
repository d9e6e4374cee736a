"""Ranges in the database, for constraints that refuse overlaps."""

from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, IntegerRangeField
from django.db.models import Func


class DateRange(Func):
    """Daterange of two dates in SQL."""

    function = "daterange"
    output_field = DateRangeField()


class MomentRange(Func):
    """Tstzrange of two moments in SQL; the end does not belong to it."""

    function = "tstzrange"
    output_field = DateTimeRangeField()


class Weeks(Func):
    """Which of two successive weeks something falls into, as a range: the odd or the even ones since 1900, or both.

    The argument is a day of a week in which it takes place, when it does so every second week only.
    """

    template = (
        "int4range(coalesce(mod((%(expressions)s - DATE '1900-01-01') / 7, 2), 0),"
        " coalesce(mod((%(expressions)s - DATE '1900-01-01') / 7, 2) + 1, 2))"
    )
    output_field = IntegerRangeField()

    def as_sql(self, compiler, connection, **extra):
        """The expression stands in the template twice, and so do its parameters."""
        sql, params = super().as_sql(compiler, connection, **extra)
        return sql, [*params, *params]
