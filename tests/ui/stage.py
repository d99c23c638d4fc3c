"""One screen of the program in a real window on a real database, driven by keys and clicks."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

import pytest
from cryptography.fernet import Fernet
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget

from clinic_desktop.db.engine import driver_connection
from clinic_desktop.db.feed import newest
from clinic_desktop.errors import ClinicError
from clinic_desktop.services.session import SignedIn
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.drafts import Drafts
from clinic_desktop.ui.operations import Operations
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.shell.registry import Registry, ScreenEntry
from clinic_desktop.ui.windows import Windows

Factory = Callable[[Desk], Screen]


class Elsewhere(Screen):
    """Where links lead to; remembers what they asked for."""

    where: ClassVar[list[dict[str, Any]]] = []

    def open_at(self, **where: Any) -> None:
        self.where.append(where)


class Stage:
    """A person at a window that shows one screen."""

    def __init__(
        self,
        qtbot,
        signed_in: SignedIn,
        theme,
        home: Path,
        factory: Factory,
        store: dict,
        registry: Registry | None = None,
    ) -> None:
        self.qtbot = qtbot
        self.signed_in = signed_in
        self.operations = Operations(signed_in)
        who = signed_in.who
        self.drafts = Drafts(person_id=who.person_id, key=_KEY, store=store)
        registry = registry or Registry(
            screens=[
                ScreenEntry("it", "It", "package", factory, rail="top"),
                ScreenEntry("patient", "Patient", "user", Elsewhere, under="it"),
            ]
        )
        self.windows = Windows(
            operations=self.operations,
            theme=theme,
            drafts=self.drafts,
            who=who,
            registry=registry,
            home=home,
        )
        self.bugs: list[BaseException] = []
        self.operations.bug.connect(self.bugs.append)
        self.window = self.windows.open()
        self.desk = self.window.desk

    @property
    def screen(self) -> Any:
        return self.window.stack.screen_shown()

    @property
    def said(self) -> str:
        return str(self.desk.messages.current.text)

    def settle(self) -> None:
        """Wait until all was heard that is committed, and no screen in view asks or will ask."""
        self.qtbot.waitUntil(self._quiet, timeout=10_000)
        self._hear()
        QApplication.processEvents()
        self.qtbot.waitUntil(self._quiet, timeout=10_000)
        assert not self.bugs, self.bugs

    def _hear(self) -> None:
        """Wait for the feed to tell what is committed; a server that is away tells nothing."""
        session = self.signed_in
        if session._feed is None:
            return
        with suppress(ClinicError):
            with session.reading() as ctx:
                committed = newest(driver_connection(ctx.connection), session.who.clinic_id)
            self.qtbot.waitUntil(
                lambda: session._feed.heard >= committed or self.operations._feed_lost,
                timeout=10_000,
            )

    def _quiet(self) -> bool:
        screens = [one for one in self.window.findChildren(Screen) if one.isVisible()]
        return not self.operations._under_way and not any(
            screen._reload_soon.isActive() for screen in screens
        )

    def key(self, key: Any, modifier: Any = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(self.focused, key, modifier)

    def primary(self) -> None:
        self.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    def type(self, text: str) -> None:
        """Type into what has the focus; keys for ASCII, an input method for the rest."""
        if text.isascii():
            self.qtbot.keyClicks(self.focused, text)
            return
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(self.focused, event)

    def into(self, widget: QWidget, text: str) -> None:
        """Replace what stands in an editor, as a person does."""
        widget.setFocus()
        self.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        self.key(Qt.Key.Key_Delete)
        if text:
            self.type(text)

    def click(self, widget: QWidget) -> None:
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)

    def click_row(self, view: QAbstractItemView, row: int, column: int = 0) -> None:
        place: QPoint = view.visualRect(view.model().index(row, column)).center()
        self.qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)

    @property
    def focused(self) -> QWidget:
        widget = QApplication.focusWidget()
        return widget if widget is not None else self.window

    def texts(self, view: QAbstractItemView, column: int) -> list[str]:
        model = view.model()
        return [model.index(row, column).data() for row in range(model.rowCount())]

    def close(self) -> None:
        self.windows.close()
        assert self.operations.close()
        self.operations.deleteLater()
        self.windows.deleteLater()


_KEY = Fernet.generate_key()


@pytest.fixture
def drafts_store() -> dict:
    """Where drafts are kept; a second stage of one test finds those of the first."""
    return {}


@pytest.fixture
def stage(qtbot, theme, tmp_path, signed_in, drafts_store) -> Iterator[Callable[..., Stage]]:
    """``stage(StockScreen)`` opens a window with that screen for the administrator."""
    opened: list[Stage] = []

    def open_one(
        factory: Factory,
        who: SignedIn | None = None,
        size: tuple[int, int] = (1440, 900),
    ) -> Stage:
        one = Stage(qtbot, who or signed_in, theme, tmp_path, factory, drafts_store)
        opened.append(one)
        one.window.setMinimumSize(300, 300)
        one.window.resize(*size)
        qtbot.waitExposed(one.window)
        one.window.activateWindow()
        qtbot.waitUntil(one.window.isActiveWindow)
        one.settle()
        return one

    yield open_one
    for one in opened:
        one.close()


def opener(tab: type[Screen], patient_id: object) -> Factory:
    """Return a factory of a patient's tab, opened on a patient as the record does."""

    def make(desk: Desk) -> Screen:
        screen = tab(desk)
        screen.open(patient_id)
        return screen

    return make
