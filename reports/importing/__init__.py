"""Reading uploaded files of indicators: what they would do, line by line; writes nothing (Q09)."""
