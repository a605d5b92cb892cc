"""Contracts and knowledge: reading, index, retrieval, answers."""
