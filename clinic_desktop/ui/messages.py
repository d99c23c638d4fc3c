"""The one queue of messages of a window: events, warnings, undo, key hints. Nothing pops up."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from clinic_desktop.errors import ClinicError
from clinic_desktop.i18n import _

UNDO_S: Final = 20.0
EVENT_S: Final = 10.0
KEPT_UNDOS: Final = 50

Kind = Literal["hint", "event", "warning", "undo"]


@dataclass(frozen=True)
class Message:
    """What the message line shows now."""

    text: str
    icon: str
    kind: Kind


@dataclass
class Act:
    """Something a person did that can be taken back."""

    text: str
    undo: Callable[[], None]
    redo: Callable[[], None] | None
    at: float = field(default_factory=time.monotonic)


class Messages(QObject):
    """Decides what the message line shows: undo before events before the hints of the keys."""

    shown = Signal(object)
    """The ``Message`` to show from now on."""
    said = Signal(str)
    """A text that is new and worth telling to a screen reader."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hint = ""
        self._done: list[Act] = []
        self._undone: list[Act] = []
        self._further: tuple[Callable[[], None], Callable[[], None]] | None = None
        self._current: Message | None = None
        self._bar: Act | None = None
        self._expiry = QTimer(self)
        self._expiry.setSingleShot(True)
        self._expiry.timeout.connect(self.clear)

    def say(self, text: str, icon: str = "check") -> None:
        """Show what has just happened, for ten seconds."""
        self._show(Message(text, icon, "event"), EVENT_S)

    def warn(self, text: str) -> None:
        """Show what did not happen; it stays until something newer or Esc."""
        self._show(Message(text, "triangle-alert", "warning"), None)

    def refuse(self, error: ClinicError) -> None:
        """Show the sentence of a refusal that belongs to no field."""
        self.warn(str(error))

    def undoable(
        self, text: str, undo: Callable[[], None], redo: Callable[[], None] | None = None
    ) -> None:
        """Say what was done and offer to take it back, for 20 s here and by Ctrl+Z after."""
        act = Act(text, undo, redo)
        self._done = [*self._done[1 - KEPT_UNDOS :], act]
        self._undone.clear()
        self._bar = act
        self._show(Message(text, "undo-2", "undo"), UNDO_S)

    def go_on_with(self, undo: Callable[[], None], redo: Callable[[], None]) -> None:
        """Let a screen whose history remembers more go on where this list ends."""
        self._further = (undo, redo)

    def hint(self, text: str) -> None:
        """Show which keys act where the focus is, while there is nothing else to say."""
        self._hint = text
        if self._current is None:
            self.shown.emit(self.current)

    @property
    def current(self) -> Message:
        """What the line shows now."""
        return self._current or Message(self._hint, "", "hint")

    @property
    def undo_left(self) -> float:
        """How much of the undo bar's time is left, from 1 down to 0."""
        if self._bar is None:
            return 0.0
        return max(0.0, 1.0 - (time.monotonic() - self._bar.at) / UNDO_S)

    @Slot()
    def clear(self) -> None:
        """Take the message away; what can be undone can still be undone on this screen."""
        self._expiry.stop()
        self._current = None
        self._bar = None
        self.shown.emit(self.current)

    @Slot()
    def undo(self) -> None:
        """Take back the latest act of this screen, or say that there is none."""
        if not self._done and self._further is not None:
            self.clear()
            self._further[0]()
            return
        if not self._done:
            self.say(_("Nothing to undo on this screen. History (Ctrl+H) shows the rest."), "info")
            return
        act = self._done.pop()
        self.clear()
        if act.redo is not None:
            self._undone.append(act)
        act.undo()

    @Slot()
    def redo(self) -> None:
        """Do again what was just taken back."""
        if not self._undone and self._further is not None:
            self._further[1]()
            return
        if not self._undone:
            self.say(_("Nothing to do again on this screen."), "info")
            return
        act = self._undone.pop()
        if act.redo is not None:
            act.redo()

    def left_screen(self) -> None:
        """Forget what can be undone, except what the bar still offers."""
        self._done = [act for act in self._done if act is self._bar]
        self._undone.clear()
        self._further = None

    def _show(self, message: Message, seconds: float | None) -> None:
        self._current = message
        if message.kind != "undo":
            self._bar = None
        self._expiry.stop()
        if seconds is not None:
            self._expiry.start(int(seconds * 1000))
        self.shown.emit(message)
        self.said.emit(message.text)
