"""The SII's register: exports and service."""
