"""Adapters that make files to look at: spreadsheets and charts."""
