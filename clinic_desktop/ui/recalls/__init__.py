"""Recall: the call list, and what one patient comes back for."""
