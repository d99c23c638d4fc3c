"""Every screen, tab and section while the server is away: said so, and never shown as empty."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from clinic_desktop.ui.features import registry
from clinic_desktop.ui.features_settings import sections
from clinic_desktop.ui.widgets.panel import StatePanel
from tests.stopping import database, server  # noqa: F401 - fixtures
from tests.ui.stage import Stage

# These ask the server for nothing before somebody acts, or what they show was there before.
ASK_NOTHING = {
    "today", "patient", "new_patient", "import", "tab 1",
    "settings/mine", "settings/computer", "settings/keys", "settings/images",
}  # fmt: skip
# Says in a row of its table that the database does not answer.
TELLS_IN_ITS_ROWS = "settings/integrations"
# Nothing was asked where these stand: nobody is chosen, nothing is typed.
NOT_ASKED = {
    "Nobody selected", "Nobody is chosen", "Nobody like this so far", "No file yet",
    "Not tried yet", "No document is chosen.", "Choose a product to see what came and went.",
}  # fmt: skip


class Tour:
    """The whole program in a window, and the ways to each of its places."""

    def __init__(self, qtbot, theme, home, signed_in, patient) -> None:
        session: Any = SimpleNamespace(home=home, door=SimpleNamespace(place=None))
        self.all = registry(session)
        self.stage = Stage(qtbot, signed_in, theme, home, None, {}, registry=self.all)
        self.qtbot, window = qtbot, self.stage.window
        window.resize(1440, 900)
        qtbot.waitExposed(window)
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        self.stage.settle()
        self.patient = patient
        self.sections = [entry.key for entry in sections(session).for_desk(self.stage.desk)]

    def places(self) -> dict[str, Callable[[], None]]:
        go = self.stage.desk.navigator.open_screen
        ways: dict[str, Callable[[], None]] = {
            f"tab {number}": lambda n=number: self.tab(n) for number in range(1, 10)
        }
        ways |= {
            entry.name: lambda name=entry.name: go(name)
            for entry in self.all.screens
            if entry.name != "settings"
        }
        return ways | {
            f"settings/{key}": lambda k=key: go("settings", section=k) for key in self.sections
        }

    def tab(self, number: int) -> None:
        if self.stage.window.stack.name != "patient":
            self.stage.desk.navigator.open_patient(self.patient)
        self.stage.key(getattr(Qt.Key, f"Key_{number}"), Qt.KeyboardModifier.AltModifier)

    def panels(self) -> list[StatePanel]:
        shown: QWidget = self.stage.window.stack.screen_shown()
        return [one for one in shown.findChildren(StatePanel) if one.isVisible()]

    def arrived(self) -> bool:
        return not any(panel.state == "loading" for panel in self.panels())

    def failed(self) -> list[StatePanel]:
        return [panel for panel in self.panels() if panel.state == "failed"]

    def empty(self) -> set[str]:
        pages = [panel._empty for panel in self.panels() if panel.state == "empty"]
        return {page._sentence.text() for page in pages}


@pytest.fixture
def tour(qtbot, theme, tmp_path, signed_in, make):
    patient = make.patient()
    one = Tour(qtbot, theme, tmp_path, signed_in, patient)
    one.stage.desk.navigator.open_patient(patient)
    one.stage.settle()
    yield one
    one.stage.close()


def test_every_place(tour: Tour, server) -> None:  # noqa: F811 - the fixture
    """Opened without the server each says so; when it is back, each has its data by itself."""
    known = tour.empty()
    server.stop()
    said = {}
    for name, go in tour.places().items():
        go()
        tour.qtbot.waitUntil(tour.arrived)
        said[name] = (len(tour.failed()), tour.empty() - NOT_ASKED - known)
    silent = {name for name, (failed, _empty) in said.items() if not failed}
    assert silent - ASK_NOTHING == {TELLS_IN_ITS_ROWS}
    assert {name: empty for name, (_failed, empty) in said.items() if empty} == {}
    server.start()
    tour.stage.operations.try_now()
    tour.qtbot.waitUntil(lambda: tour.stage.operations.connected)
    for name, go in tour.places().items():
        go()
        tour.qtbot.waitUntil(lambda: tour.arrived() and not tour.failed())
        assert tour.failed() == [], name
