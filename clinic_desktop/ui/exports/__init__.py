"""Giving records and lists out of the clinic, from the screens that show them."""
