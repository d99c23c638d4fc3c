"""Stored papers and files."""
