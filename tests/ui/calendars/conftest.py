"""The window that these tests look at, bookings, and calendar files written by hand."""

from tests.services.calendars.conftest import book, ics, monday, park
from tests.ui.clinic.test_sections import open_section
from tests.ui.stage import drafts_store, stage

__all__ = ["book", "drafts_store", "ics", "monday", "open_section", "park", "stage"]
