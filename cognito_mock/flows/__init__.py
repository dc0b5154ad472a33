"""Use cases: the only place where store, delivery, clock and tokens meet."""
