"""The notes tab in a window over a real clinic."""

from collections.abc import Callable

import pytest

from clinic_desktop.ui.notes.view import NotesTab
from tests.ui.record import Opened
from tests.ui.record_fixtures import clinic, open_as

__all__ = ["clinic", "open_as", "open_notes"]


@pytest.fixture
def open_notes(open_as, clinic, qtbot) -> Callable[..., tuple[Opened, NotesTab]]:
    """Open the patient's notes and wait until they are there."""

    def one(login: str = "u_dentist", **more) -> tuple[Opened, NotesTab]:
        window = open_as(login, **more)
        tab = window.open(clinic.patient, "notes")
        qtbot.waitUntil(lambda: tab.panel.state == "content")
        return window, tab

    return one
