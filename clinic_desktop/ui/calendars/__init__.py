"""Calendars of other programs on screen: feeds, busy times, holidays."""
