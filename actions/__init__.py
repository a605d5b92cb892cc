"""Rasa custom actions: read slots, call one use case, utter one response."""
