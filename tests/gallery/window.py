"""A person's real window: shown, led somewhere, waited for, and kept as a picture."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final, TypeVar
from uuid import UUID

from cryptography.fernet import Fernet
from PySide6.QtCore import QEventLoop, QPoint, QTimer
from PySide6.QtGui import QGuiApplication, QImage, QKeySequence, QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from clinic_desktop.ui.drafts import Drafts
from clinic_desktop.ui.features import registry
from clinic_desktop.ui.operations import Operations
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.windows import Windows
from tests.gallery.place import Place

T = TypeVar("T")

PATIENCE_SECONDS: Final = 30.0
LOOK_MS: Final = 15
# An empty window in one colour, its border and its text, would not even have so many.
FEWEST_COLOURS: Final = 24


class NothingSeenError(AssertionError):
    """A picture shows nothing, or what it was to show did not come."""


class Window:
    """The windows of one person over everything that the program registers."""

    def __init__(
        self, place: Place, home: Path, login: str, size: tuple[int, int], *, touch: bool
    ) -> None:
        """``size`` is in the units of the window, ``home`` where it remembers."""
        self.place = place
        theme = place.theme
        theme.use_less_motion(True)
        self.signed_in = place.sign_in(login, device="gallery")
        self.operations = Operations(self.signed_in)
        self.bugs: list[BaseException] = []
        self.operations.bug.connect(self.bugs.append)
        # What a slot raises goes nowhere else.
        self._hook, sys.excepthook = (
            sys.excepthook,
            lambda _kind, bug, _trace: self.bugs.append(bug),
        )
        self.windows = Windows(
            operations=self.operations,
            theme=theme,
            drafts=Drafts(
                person_id=self.signed_in.who.person_id, key=Fernet.generate_key(), store={}
            ),
            who=self.signed_in.who,
            registry=registry(SimpleNamespace(home=home, door=SimpleNamespace(place=None))),
            home=home,
        )
        self.window = self.windows.open(["main"])
        self.desk = self.window.desk
        theme.use_density("touch" if touch else "regular")
        theme.use("light")
        self.window.setMinimumSize(300, 300)
        self.window.move(0, 0)
        self.window.resize(*size)
        self.window.activateWindow()
        self._looks = QTimer()
        self._looks.setInterval(LOOK_MS)
        self._looks.start()
        self.wait(self.window.isActiveWindow, "the window to be in front")

    # -- going somewhere --------------------------------------------------------------------

    @property
    def screen(self) -> Any:
        """The screen in front."""
        return self.window.stack.screen_shown()

    def open(self, name: str, **where: Any) -> Any:
        """Go to a screen of the rail and return it."""
        self.desk.navigator.open_screen(name, **where)
        self.wait(lambda: self.window.stack.name == name, f"the screen {name}")
        return self.screen

    def lead(self, name: str) -> None:
        """Go to a screen, wait for what it shows, and put the focus where work starts."""
        self.open(name)
        self.settle()
        self.screen.start_focus()
        self.settle()

    def open_tab(self, patient: UUID, tab: str) -> Any:
        """Open a tab of a record and return it."""
        self.desk.navigator.open_patient(patient, tab)
        self.wait(lambda: self.window.stack.name == "patient", "the record")
        return self.screen.tab()

    def key(self, *chords: str) -> None:
        """Press keys such as ``Alt+Left``, one after the other."""
        for chord in chords:
            focused = QApplication.focusWidget() or self.window
            QTest.keySequence(focused, QKeySequence(chord.replace("Enter", "Return")))
            QApplication.processEvents()

    def write(self, text: str) -> None:
        """Type a text where the focus is."""
        QTest.keyClicks(QApplication.focusWidget() or self.window, text)

    # -- waiting ----------------------------------------------------------------------------

    def wait(
        self, condition: Callable[[], T | None], what: str, seconds: float = PATIENCE_SECONDS
    ) -> T:
        """Let the program work until a condition holds and return it."""
        until = time.monotonic() + seconds
        while True:
            QApplication.processEvents()
            if QGuiApplication.focusWindow() is None:
                # As window managers do when the window that had the focus is gone.
                self.window.activateWindow()
            found = condition()
            if found:
                return found
            if self.bugs:
                raise self.bugs[0]
            if time.monotonic() > until:
                raise NothingSeenError(f"Waited in vain for {what}.")
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    def settle(self) -> None:
        """Wait until nothing is under way and no panel in view still loads."""
        for _look in range(3):
            self.wait(self._quiet, "the window to be done")

    def _quiet(self) -> bool:
        if not self.operations.quiet:
            return False
        screens = (one for one in self.window.findChildren(Screen) if one.isVisible())
        if any(screen._reload_soon.isActive() for screen in screens):
            return False
        panels = (one for one in self.window.findChildren(StatePanel) if one.isVisible())
        return not any(panel.state in ("blank", "loading") for panel in panels)

    def sit(self, seconds: float) -> None:
        """Let the program work for a while: what comes late by design is to be seen."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    # -- pictures ---------------------------------------------------------------------------

    def picture(self) -> QPixmap:
        """Return the window with the dialogs and menus that lie over it.

        Raises NothingSeenError when it shows nothing.
        """
        QApplication.processEvents()
        ground: QWidget = self.window
        seen = ground.grab()
        painter = QPainter(seen)
        corner = ground.mapToGlobal(QPoint(0, 0))
        for over in QApplication.topLevelWidgets():
            if over is not ground and over.isVisible() and over.isWindow():
                painter.drawPixmap(over.mapToGlobal(QPoint(0, 0)) - corner, over.grab())
        painter.end()
        if self.bugs:
            raise self.bugs[0]
        must_show(seen.toImage())
        return seen

    def close(self) -> None:
        """End everything that this person has open."""
        sys.excepthook = self._hook
        self.windows.close()
        self.operations.close()
        self.operations.deleteLater()
        self.windows.deleteLater()
        self.signed_in.close()
        QApplication.processEvents()


def must_show(image: QImage) -> None:
    """Raise NothingSeenError for a picture with next to nothing on it."""
    colours = {
        image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 7)
    }
    if len(colours) < FEWEST_COLOURS:
        raise NothingSeenError(f"The picture has {len(colours)} colours.")
