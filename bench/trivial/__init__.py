"""The trivial action of the bare engine."""
