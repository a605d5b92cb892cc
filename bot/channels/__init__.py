"""Adapters that translate one channel each, and the client of the dialogue engine."""
