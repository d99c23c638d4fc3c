"""The screens of a window: made when first wanted, kept, one shown at a time."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from clinic_desktop.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.keymap.dress import dress
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.shell.registry import ScreenEntry


class ScreenStack(QStackedWidget):
    """Shows screens by name; a screen that is left keeps what was typed in it."""

    shown = Signal(str)
    """Name of the screen that is shown from now on."""

    def __init__(
        self, desk: Desk, entries: Sequence[ScreenEntry], made: Callable[[str, Screen], None]
    ) -> None:
        """``made`` is told of every new screen, to give it its remembered parts."""
        super().__init__()
        self._desk = desk
        self._entries = {entry.name: entry for entry in entries}
        self._made = made
        self._screens: dict[str, Screen] = {}
        self.name = ""

    def screen_shown(self) -> Screen | None:
        """Return the screen that is shown."""
        return self._screens.get(self.name)

    def screens(self) -> dict[str, Screen]:
        """Return the screens made so far."""
        return dict(self._screens)

    def allowed(self, name: str) -> bool:
        """Return whether this person may open a screen."""
        entry = self._entries.get(name)
        return entry is not None and (
            entry.permission is None or self._desk.who.may(entry.permission)
        )

    def open(self, name: str, where: dict[str, Any]) -> bool:
        """Show a screen at a place in it; say why when this person may not."""
        entry = self._entries[name]
        if not self.allowed(name):
            self._desk.messages.warn(
                _("Your roles do not include the screen “{screen}”. Ask an administrator.").format(
                    screen=_(entry.title)
                )
            )
            return False
        screen = self._screens.get(name) or self._make(entry)
        left = name != self.name
        if left and self.name:
            self._desk.messages.left_screen()
        self.name = name
        if where:
            # Before it is shown, so that it loads once and the right thing.
            screen.open_at(**where)
        self.setCurrentWidget(screen)
        screen.start_focus()
        self.shown.emit(name)
        return True

    def _make(self, entry: ScreenEntry) -> Screen:
        screen = entry.factory(self._desk)
        screen.setObjectName(entry.name)
        screen.setProperty("key_scope", entry.name)
        if not screen.accessibleName():
            screen.setAccessibleName(_(entry.title))
        self._screens[entry.name] = screen
        self.addWidget(screen)
        dress(screen, self._desk.keymap)
        self._made(entry.name, screen)
        return screen
