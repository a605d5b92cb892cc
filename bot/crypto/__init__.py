"""Cryptography by well-kept libraries: passwords, one-time codes, encryption and keyed hashes."""
