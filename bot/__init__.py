"""Tributa: answers for Chilean taxpayers from the SII's register and their own contracts."""
