"""Contracts: structure, facts, annexes and whether they are in force. Standard library only."""
