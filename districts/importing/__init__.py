"""Reading uploaded lists of actors: what they would do, line by line; writes nothing (Q09)."""
