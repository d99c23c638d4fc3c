"""What every screen of the window is: it loads, reloads, takes the focus and names its keys."""

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from clinic_desktop.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.theme.tokens import tokens
from clinic_desktop.ui.widgets.panel import StatePanel

if TYPE_CHECKING:  # the window is painted before the database libraries are loaded
    from clinic_desktop.services.session import Topic

# One change shows at once; a burst of them shows together, so that reading keeps up with it.
RELOAD_PAUSE_S: Final = 0.25


@dataclass(frozen=True)
class KeyHelp:
    """A key and what it does, for F1 and the hint line; ``area`` is the part of the screen."""

    key: str
    does: str
    area: str = ""


@dataclass(frozen=True)
class PatientInView:
    """Whose record is in view: the palette offers the actions on this patient."""

    patient_id: UUID
    name: str


class Workplace(QWidget):
    """A screen or a tab: takes the focus, names its keys, answers those that work everywhere.

    What a key means nothing for here is said, so that nobody presses it twice.
    """

    desk: Desk

    def start_focus(self) -> None:
        """Put the focus where work starts."""
        self.setFocus()

    def keys(self) -> list[KeyHelp]:
        """Return the keys that act here."""
        return []

    def key_scopes(self) -> list[str]:
        """Return the scopes of the table of keys that act here, the nearest first."""
        scope = self.property("key_scope")
        return [scope] if isinstance(scope, str) else []

    def panes(self) -> list[QWidget]:
        """Return what F6 walks through, in reading order."""
        return [self]

    def toggle_side(self) -> None:
        """Show or hide the side panel (F7)."""
        self.desk.messages.say(_("There is no side panel here."), "info")

    def find_here(self) -> None:
        """Focus the search field of its own (Ctrl+F); without one the palette finds."""
        self.desk.navigator.palette()

    def print_current(self) -> None:
        """Print what is shown (Ctrl+P)."""
        self.desk.messages.say(_("There is nothing to print here."), "info")

    def save_now(self) -> None:
        """Save what is typed (Ctrl+S)."""
        self.desk.messages.say(_("Nothing here waits to be saved."), "info")

    def show_history(self) -> None:
        """Show who changed this, when, before and after (Ctrl+H)."""
        self.desk.messages.say(_("Choose a record to see its history."), "info")

    def do_primary(self) -> None:
        """Do what the primary button does (Ctrl+Enter)."""
        self.desk.messages.say(_("There is no main button here."), "info")


class Screen(Workplace):
    """A screen in the window's stack. A feature subclasses it and registers a ``ScreenEntry``."""

    title: str = ""
    """Untranslated name, marked with N_()."""
    topics: frozenset[str] = frozenset()
    """Names of the tables whose changes make this screen reload."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._stale = True
        self._reloaded_at = float("-inf")
        self._reload_soon = QTimer(self)
        self._reload_soon.setSingleShot(True)
        self._reload_soon.timeout.connect(self._reload_now)
        desk.operations.changed.connect(self._changed)
        self._lost_at = desk.operations.now()
        self._old_soon = QTimer(self)
        self._old_soon.setSingleShot(True)
        self._old_soon.timeout.connect(self._mark_old)
        desk.operations.connection.connect(self._contact_changed)

    # What a feature overrides

    def reload(self) -> None:
        """Ask the services again; selection, scroll and half-typed text are kept."""

    def open_at(self, **where: Any) -> None:
        """Go to the place that a link asked for, for example ``patient_id`` and ``tab``."""

    def keys_now(self) -> list[KeyHelp]:
        """Return ``keys`` as this person set them."""
        keymap = self.desk.keymap
        if not keymap.is_changed():
            return self.keys()
        scopes = self.key_scopes()
        told = [replace(help_, key=keymap.now(scopes, help_.key)) for help_ in self.keys()]
        return [help_ for help_ in told if help_.key]

    def hint(self) -> str:
        """Return the line of keys shown while there is no message."""
        return "   ".join(f"{help_.key} {help_.does}" for help_ in self.keys_now()[:5])

    def concerns(self, topics: frozenset["Topic"]) -> bool:
        """Return whether these committed changes are shown here."""
        return any(topic.table in self.topics for topic in topics)

    def patient_in_view(self) -> PatientInView | None:
        """Return whose record is shown or selected."""
        return None

    def leaving(self) -> None:
        """Keep what is half-typed; another screen or nobody is shown next."""

    # What is old

    @Slot(bool)
    def _contact_changed(self, connected: bool) -> None:
        """Say of what is shown how old it is once nobody answered for a while."""
        if connected:
            self._old_soon.stop()
            for panel in self.findChildren(StatePanel):
                panel.mark_stale(None)
        else:
            self._lost_at = self.desk.operations.now()
            self._old_soon.start(tokens().time["stale_after_s"] * 1000)

    @Slot()
    def _mark_old(self) -> None:
        since = f"{self._lost_at.astimezone(ZoneInfo(self.desk.who.zone)):%H:%M}"
        for panel in self.findChildren(StatePanel):
            if panel.state == "content":
                panel.mark_stale(since)

    # Reloading

    @Slot()
    def refresh(self) -> None:
        """Reload now, or when next shown; call it from ``open_at`` and when a filter changes."""
        if self.isVisible():
            self._reload_now()
        else:
            self._stale = True

    @Slot(object)
    def _changed(self, topics: frozenset["Topic"] | None) -> None:
        if topics is not None and not self.concerns(topics):
            return
        if not self.isVisible():
            self._stale = True
            return
        pause = RELOAD_PAUSE_S - (time.monotonic() - self._reloaded_at)
        if pause <= 0:
            self._reload_now()
        elif not self._reload_soon.isActive():
            self._reload_soon.start(int(pause * 1000))

    @Slot()
    def _reload_now(self) -> None:
        self._stale = False
        self._reloaded_at = time.monotonic()
        self.reload()

    def showEvent(self, event: QShowEvent) -> None:
        """Load when first shown, and when something changed while nobody looked."""
        super().showEvent(event)
        if self._stale:
            self._reload_now()

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep what is half-typed."""
        super().hideEvent(event)
        self.leaving()
