"""What every screen of the window is: it loads, reloads, takes the focus and names its keys."""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from clinic_desktop.ui.desk import Desk

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


class Screen(QWidget):
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

    # What a feature overrides

    def reload(self) -> None:
        """Ask the services again; selection, scroll and half-typed text are kept."""

    def open_at(self, **where: Any) -> None:
        """Go to the place that a link asked for, for example ``patient_id`` and ``tab``."""

    def start_focus(self) -> None:
        """Put the focus where work starts."""
        self.setFocus()

    def keys(self) -> list[KeyHelp]:
        """Return the keys that act here."""
        return []

    def hint(self) -> str:
        """Return the line of keys shown while there is no message."""
        return "   ".join(f"{help_.key} {help_.does}" for help_ in self.keys()[:5])

    def concerns(self, topics: frozenset["Topic"]) -> bool:
        """Return whether these committed changes are shown here."""
        return any(topic.table in self.topics for topic in topics)

    def patient_in_view(self) -> PatientInView | None:
        """Return whose record is shown or selected."""
        return None

    def panes(self) -> list[QWidget]:
        """Return what F6 walks through, in reading order."""
        return [self]

    def toggle_side(self) -> None:
        """Show or hide the side panel (F7)."""

    def find_here(self) -> None:
        """Focus this screen's own search field (Ctrl+F)."""

    def print_current(self) -> None:
        """Print what is shown (Ctrl+P)."""

    def save_now(self) -> None:
        """Save what is typed (Ctrl+S)."""

    def show_history(self) -> None:
        """Show who changed this, when, before and after (Ctrl+H)."""

    def do_primary(self) -> None:
        """Do what the primary button does (Ctrl+Enter)."""

    def leaving(self) -> None:
        """Keep what is half-typed; another screen or nobody is shown next."""

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
