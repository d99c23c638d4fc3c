"""The one line in which a medicine is typed, completed in grey from the list."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from clinic_desktop.domain.formulary import Medicine
from clinic_desktop.domain.regimens import completion, matches
from clinic_desktop.i18n import _
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.line import LineEdit
from clinic_desktop.ui.widgets.painting import draw_text


class EntryLine(LineEdit):
    """Enter takes the line, Tab the grey completion, Up and Down go through what else begins so."""

    taken = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(
            theme=theme,
            placeholder=_("Medicine, strength, for 5 days; or the number of a usual one"),
            longest=200,
            large=True,
            parent=parent,
        )
        self._found: list[Medicine] = []
        self._place = 0
        self.set_lead("search")
        self.set_key("Enter")
        self.setAccessibleName(_("Medicine"))
        self.textChanged.connect(self._look_up)

    def rest(self) -> str:
        """Return what the completion adds to the text, empty when there is none."""
        if not self._found or self.cursorPosition() < len(self.text()):
            return ""
        return completion(self._found[self._place], self.text())

    def _look_up(self, text: str) -> None:
        self._found, self._place = matches(text), 0
        self._tell()

    def _tell(self) -> None:
        several = len(self._found) > 1
        self.set_note(
            _("{number} of {count}").format(number=self._place + 1, count=len(self._found))
            if several
            else ""
        )
        self.setAccessibleDescription(f"{self.text()}{self.rest()}" if self.rest() else "")
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the line on Enter with its completion; Esc empties it."""
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            if self.text().strip():
                self.taken.emit(self.text() + self.rest())
        elif key == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and len(self._found) > 1:
            step = 1 if key == Qt.Key.Key_Down else -1
            self._place = (self._place + step) % len(self._found)
            self._tell()
        elif key in (Qt.Key.Key_Right, Qt.Key.Key_End) and self.rest() and not event.modifiers():
            self._complete()
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, N802 - Qt's names
        """Take the completion on Tab; without one go on to the next field."""
        if next and self.rest():
            self._complete()
            return True
        return super().focusNextPrevChild(next)

    def _complete(self) -> None:
        self.setText(self.text() + self.rest() + " ")
        self.textEdited.emit(self.text())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line, and in grey what would complete it."""
        super().paintEvent(event)
        rest = self.rest()
        if not rest or not self.hasFocus():
            return
        painter = QPainter(self)
        left = self.cursorRect().center().x() + 1
        box = QRectF(left, 0, max(0, self.width() - left - 80), self.height())
        draw_text(painter, box, rest, self.font(), self.theme.color("text_3"))
        painter.end()
