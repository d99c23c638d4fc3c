"""Giving out what the clinic holds: lists as tables, one patient's whole record as an archive."""
