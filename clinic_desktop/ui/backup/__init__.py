"""Backups as staff see them: the fact in the bottom bar and a section of the settings."""
