"""Everything that changes the loop: one verb, one transaction, one event (see `base`)."""
