"""The clinic's tags and the person's stars, kept fresh for a screen that marks patients."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from clinic_desktop.services import patients
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.patients.marks import NO_MARKS, Marks

if TYPE_CHECKING:  # asked on a worker; the window knows it by name
    from clinic_desktop.services.context import Context


class MarksSource(QObject):
    """Belongs to a screen; ``changed`` comes when what it asked for is there."""

    changed = Signal()

    def __init__(self, desk: Desk, screen: QWidget) -> None:
        super().__init__(screen)
        self._desk, self._screen = desk, screen
        self.marks = NO_MARKS

    def ask(self) -> None:
        """Read them again."""
        self._desk.operations.query(
            self._screen,
            _ask,
            self._show,
            failed=lambda error: self._desk.messages.warn(str(error)),
            key="marks",
        )

    def _show(self, marks: Marks) -> None:
        if marks != self.marks:
            self.marks = marks
            self.changed.emit()


def _ask(ctx: "Context") -> Marks:
    return Marks({tag.id: tag for tag in patients.tags(ctx)}, frozenset(patients.stars(ctx)))
