"""The look that tests of screens and widgets share: one theme, light and regular in each test."""

import gc
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.services.session import SignedIn
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.drafts import DraftFolder, Drafts
from clinic_desktop.ui.messages import Messages
from clinic_desktop.ui.navigator import Navigator
from clinic_desktop.ui.operations import Operations
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.focus_ring import FocusRing

# What a person would not wait for is bounded by the bench; a test waits for what comes at all, also
# on a machine where everything else runs at the same time.
PATIENCE_MS = 30_000
_PROGRAM = f"{os.sep}clinic_desktop{os.sep}ui{os.sep}"


class Unhurried(QtBot):
    """Waits longer by itself than pytest-qt does, and dresses the windows of a test."""

    def __init__(self, request: pytest.FixtureRequest, theme: Theme) -> None:
        super().__init__(request)
        self._theme = theme

    def addWidget(self, widget, **more):  # noqa: N802 - its name
        if widget.parentWidget() is None:
            self._theme.dress(widget)
        super().addWidget(widget, **more)

    def waitUntil(self, callback, *, timeout=PATIENCE_MS):  # noqa: N802 - its name
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal, *, timeout=PATIENCE_MS, **more):  # noqa: N802 - its name
        return super().waitSignal(signal, timeout=timeout, **more)

    def waitSignals(self, signals, *, timeout=PATIENCE_MS, **more):  # noqa: N802 - its name
        return super().waitSignals(signals, timeout=timeout, **more)


@pytest.fixture
def qtbot(
    qapp: QApplication, dressed: tuple[Theme, FocusRing], request: pytest.FixtureRequest
) -> QtBot:
    """Drive widgets; whatever is waited for may take its time."""
    return Unhurried(request, dressed[0])


@pytest.fixture(autouse=True, scope="session")
def no_part_is_a_window() -> Iterator[None]:
    """Fail where the program shows a part that is not laid out yet: it would be a window.

    It flashes up and takes the keys of the one in front. Tests may show a part by itself. A window
    that nobody dressed fails as well.
    """
    shown, visible = QWidget.show, QWidget.setVisible

    def look(widget: QWidget) -> None:
        # What is meant as a window has a title; menus, tips and lists that drop down have none.
        plain = widget.windowType() in (Qt.WindowType.Widget, Qt.WindowType.Window)
        part = plain and widget.isWindow() and not widget.windowTitle()
        if _PROGRAM not in sys._getframe(2).f_code.co_filename:
            return
        assert not part, f"{widget} is no window"
        alone = plain and widget.isWindow() and widget.parentWidget() is None
        assert not alone or widget.styleSheet(), f"{widget} is not dressed"

    def show(widget: QWidget) -> None:
        look(widget)
        shown(widget)

    def set_visible(widget: QWidget, on: bool) -> None:
        if on:
            look(widget)
        visible(widget, on)

    QWidget.show, QWidget.setVisible = show, set_visible
    yield
    QWidget.show, QWidget.setVisible = shown, visible


@pytest.fixture(autouse=True)
def collected_here() -> Iterator[None]:
    """What a test leaves of its windows is collected by the thread that made them.

    As in the program (``ui/garbage.py``): a worker that collects a widget ends the process.
    """
    gc.disable()
    yield
    _take_away()
    gc.collect(1)
    gc.enable()


@pytest.fixture(autouse=True, scope="module")
def nothing_left() -> Iterator[None]:
    """Nor is anything of it left for the threads of the tests that follow."""
    gc.freeze()
    yield
    gc.unfreeze()
    if QApplication.instance() is not None:
        # Such as the list of a screen that was closed before it had anything to show.
        for window in QApplication.topLevelWidgets():
            window.deleteLater()
    _take_away()
    gc.collect()


def _take_away() -> None:
    """Take away what asked for it: outside of a loop Qt puts that off to the next one.

    Whatever stays is dressed again by each change of the look in every test that follows.
    """
    if QApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture(scope="session")
def dressed(qapp: QApplication) -> tuple[Theme, FocusRing]:
    """The application in its look, with the ring that follows the focus."""
    theme = Theme()
    assert theme.apply(qapp) == []
    return theme, FocusRing(qapp, theme)


@pytest.fixture
def theme(dressed: tuple[Theme, FocusRing]) -> Theme:
    """The theme, light and of regular density."""
    shared = dressed[0]
    shared.use_less_motion(False)
    if shared.density != "regular":
        shared.use_density("regular")
    if shared.name != "light":
        shared.use("light")
    return shared


@pytest.fixture
def ring(dressed: tuple[Theme, FocusRing], theme: Theme) -> FocusRing:
    """The focus ring of the application."""
    return dressed[1]


@pytest.fixture
def desk_of(
    qapp: QApplication, theme: Theme, sign_in: Callable[..., SignedIn], tmp_path: Path
) -> Iterator[Callable[[str], Desk]]:
    """``desk_of("u_front")``: what a view of that person is given, on the test's own clinic."""
    opened: list[tuple[SignedIn, Operations, QObject]] = []

    def desk(login: str, *, device: str = "desk") -> Desk:
        signed_in, holder = sign_in(login, device=device), QObject()
        operations = Operations(signed_in, holder)
        opened.append((signed_in, operations, holder))
        return Desk(
            operations=operations,
            theme=theme,
            messages=Messages(holder),
            navigator=Navigator(holder),
            drafts=Drafts(
                person_id=signed_in.who.person_id,
                key=Fernet.generate_key(),
                store=DraftFolder(tmp_path / "drafts"),
            ),
            who=signed_in.who,
        )

    yield desk
    for signed_in, operations, _holder in opened:
        # What is under way ends before the lines it uses are closed.
        assert operations.close()
        qapp.processEvents()
        signed_in.close()
