"""Calendars of other programs: feeds of appointments out, busy times and holidays in."""
