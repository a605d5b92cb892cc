"""Contracts of our own writing, questions as people type them, and a grader: `python -m bench.contratos`."""
