"""Calendars as other programs exchange them (RFC 5545): lines, zones, what repeats."""
