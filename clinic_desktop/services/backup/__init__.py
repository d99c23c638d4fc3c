"""Backups: made, kept in several places, proved by restoring, and restored."""
