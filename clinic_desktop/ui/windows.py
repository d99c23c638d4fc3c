"""The windows of one sign-in: a first and a second one over the same operations."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from clinic_desktop.errors import ClinicError
from clinic_desktop.i18n import _
from clinic_desktop.ui.cover import Cover
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.drafts import Drafts
from clinic_desktop.ui.keymap.keymap import Keymap
from clinic_desktop.ui.main_window import MainWindow
from clinic_desktop.ui.messages import Messages
from clinic_desktop.ui.navigator import Navigator
from clinic_desktop.ui.operations import Operations
from clinic_desktop.ui.shell.layout import Layout, dress
from clinic_desktop.ui.shell.registry import Registry
from clinic_desktop.ui.theme.theme import Theme

if TYPE_CHECKING:  # the window is painted before the database libraries are loaded
    from clinic_desktop.services.context import Who

MAIN: Final = "main"
SECOND: Final = "second"
KEYS: Final = "keys"


class Windows(QObject):
    """Opens windows, sends refusals to the one they came from, tells when the last is closed."""

    lock_wanted = Signal()
    switch_wanted = Signal()
    sign_out_wanted = Signal()
    all_closed = Signal()
    opened = Signal(object)
    """A window that is about to be shown."""

    def __init__(
        self,
        *,
        operations: Operations,
        theme: Theme,
        drafts: Drafts,
        who: "Who",
        registry: Registry,
        home: Path,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._operations = operations
        self._theme = theme
        self._drafts = drafts
        self._who = who
        self._registry = registry
        self._layout = Layout(home, who.person_id)
        self._keymap = Keymap(self._layout.recall(KEYS).get("chosen"), self._keep_keys)
        self.windows: list[MainWindow] = []
        self._leaving = False
        self._cover = Cover(lambda: self.windows, self)
        operations.refused.connect(self._refused)

    @property
    def main(self) -> MainWindow | None:
        """The first window still open."""
        return self.windows[0] if self.windows else None

    def open(self, names: Sequence[str] = ()) -> MainWindow:
        """Open the windows as this person left them, or those that are named."""
        dress(self._theme, self._layout.recall("main"))
        wanted = names or (MAIN, *((SECOND,) if self._layout.recall(SECOND).get("open") else ()))
        window = self._open(wanted[0])
        for other in wanted[1:]:
            self._open(other)
        if len(wanted) > 1:
            window.raise_()
            window.activateWindow()
        if not self._drafts.outlives_program:
            window.desk.messages.warn(
                _(
                    "This computer has no safe place for keys. Half-typed text is kept "
                    "while the program runs, not after it was closed."
                )
            )
        return window

    @Slot()
    def open_second(self) -> None:
        """Open a second window for a second screen, or bring it to the front."""
        if len(self.windows) > 1:
            self.windows[1].raise_()
            self.windows[1].activateWindow()
        else:
            self._open(SECOND if self.windows[0].name == MAIN else MAIN)

    def _open(self, name: str) -> MainWindow:
        desk = Desk(
            operations=self._operations,
            theme=self._theme,
            messages=Messages(),
            navigator=Navigator(),
            drafts=self._drafts,
            who=self._who,
            keymap=self._keymap,
        )
        window = MainWindow(desk, self._registry, self._layout, name=name)
        window.lock_wanted.connect(self.lock_wanted)
        window.switch_wanted.connect(self.switch_wanted)
        window.sign_out_wanted.connect(self.sign_out_wanted)
        window.second_wanted.connect(self.open_second)
        window.closed.connect(self._window_closed)
        desk.messages.setParent(window)
        desk.navigator.setParent(window)
        self.windows.append(window)
        if name == SECOND:
            self._layout.remember(SECOND, {"open": True})
        self.opened.emit(window)
        window.start()
        return window

    def _keep_keys(self, chosen: dict[str, list[str]]) -> bool:
        """Keep the keys beside theme and sizes: this person's, on this computer."""
        return self._layout.remember(KEYS, {"chosen": chosen})

    def cover(self) -> None:
        """Hide every window and dialog, also those to come; what is typed in them stays."""
        self._drafts.keep_all()
        self._cover.drop()

    def uncover(self) -> None:
        """Show again what ``cover`` hid."""
        self._cover.lift()

    def close(self) -> None:
        """Close every window, because the person leaves; the same ones open the next time."""
        self._leaving = True
        for window in list(self.windows):
            window.close()

    @Slot(object, object)
    def _refused(self, owner: QObject, error: ClinicError) -> None:
        """Show a refusal where it was asked for, or in the first window."""
        there = owner.window() if isinstance(owner, QWidget) and isValid(owner) else None
        window = next((w for w in self.windows if w is there), self.main)
        if window is not None:
            window.desk.messages.refuse(error)

    @Slot()
    def _window_closed(self) -> None:
        window = self.sender()
        if isinstance(window, MainWindow) and window in self.windows:
            self.windows.remove(window)
            if window.name == SECOND and not self._leaving:
                self._layout.remember(SECOND, {"open": False})
            window.deleteLater()
        if not self.windows:
            self.all_closed.emit()
