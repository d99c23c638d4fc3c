"""Erasing a person for good: what goes, what the law keeps and until when, and the act."""
