"""The text of a note whose open places are marked, and are gone through with Tab."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit, QWidget

from clinic_desktop.domain.note_templates import Place, next_place, open_words, places
from clinic_desktop.i18n import _, ngettext
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.line import TextArea

# A text that is all places is nobody's note; marking it must not hold up the typing.
_MOST_MARKED: Final = 200


class PlacesText(TextArea):
    """Tab selects the next open place, and goes on to the next field behind the last.

    A place that offers answers takes one by its figure and goes on by itself. ``told`` carries the
    sentence that says what is open.
    """

    told = Signal(str)

    def __init__(
        self,
        *,
        theme: Theme,
        lines: int = 4,
        longest: int = 100_000,
        answers: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        """``answers`` is False where a template is written: there places are only marked."""
        super().__init__(theme=theme, lines=lines, longest=longest, parent=parent)
        self._answers = answers
        self._sentence = ""
        self.textChanged.connect(self.mark)
        self.selectionChanged.connect(self._tell)
        theme.changed.connect(self.mark)

    # -- what is open -----------------------------------------------------------------------

    def open_words(self) -> tuple[str, ...]:
        """Return what is still open, in order."""
        return open_words(self.text())

    def sentence(self) -> str:
        """Return what is said about the open places, nothing where none is."""
        return self._sentence

    def place_selected(self) -> Place | None:
        """Return the open place that is selected, whole."""
        start, end = self._selection()
        found = (place for place in places(self.text()) if (place.start, place.end) == (start, end))
        return next(found, None)

    def mark(self) -> None:
        """Mark the open places, by tone and underline."""
        text, look = self.text(), QTextCharFormat()
        look.setBackground(self.theme.color("warning_soft"))
        look.setForeground(self.theme.color("on_warning_soft"))
        look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DashUnderline)
        look.setUnderlineColor(self.theme.color("warning_line"))
        marked = []
        for place in places(text)[:_MOST_MARKED]:
            one = QTextEdit.ExtraSelection()
            one.format = look
            one.cursor = self._cursor(text, place)
            marked.append(one)
        self.setExtraSelections(marked)
        self._tell()

    def _tell(self) -> None:
        sentence = self._words() if self._is_answering() else ""
        if sentence != self._sentence:
            self._sentence = sentence
            self.setAccessibleDescription(sentence)
            self.told.emit(sentence)

    def _words(self) -> str:
        place = self.place_selected()
        if place is not None and place.choices:
            answers = ", ".join(f"{n} {words}" for n, words in enumerate(place.choices, start=1))
            return _("{question}: {answers}; or type over it. Tab goes on.").format(
                question=place.words, answers=answers
            )
        found = self.open_words()
        if not found:
            return ""
        return ngettext(
            "Open: {words}. Tab goes to it.", "Open: {words}. Tab goes to the next.", len(found)
        ).format(words=", ".join(found))

    def _is_answering(self) -> bool:
        return self._answers and not self.isReadOnly()

    # -- going through them -----------------------------------------------------------------

    def go_to_next(self) -> bool:
        """Select the next open place; return whether there is one."""
        if not self._is_answering():
            return False
        text = self.text()
        place = next_place(text, *self._selection())
        if place is None:
            return False
        self.setTextCursor(self._cursor(text, place))
        self.ensureCursorVisible()
        return True

    def insert(self, words: str) -> None:
        """Put words where the cursor is, on a line of their own, and go to what is open in them."""
        cursor = self.textCursor()
        before = self.text()[: self._selection()[0]]
        lead = "" if not before or before.endswith("\n") else "\n"
        start = cursor.selectionStart() + len(lead)
        cursor.insertText(lead + words)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        if open_words(words):
            cursor.setPosition(start)
            self.setTextCursor(cursor)
            self.go_to_next()
        else:
            self.setTextCursor(cursor)

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, N802 - Qt's names
        """Go to the next open place on Tab; without one go on to the next field."""
        if next and self.go_to_next():
            return True
        return super().focusNextPrevChild(next)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the answer that a figure stands for, and go on."""
        place = self.place_selected() if self._is_answering() else None
        figure = event.text()
        if place is not None and figure in "123456789" and len(figure) == 1:
            number = int(figure)
            if number <= len(place.choices) and not event.modifiers() & _NOT_TYPED:
                self.textCursor().insertText(place.choices[number - 1])
                self.go_to_next()
                event.accept()
                return
        super().keyPressEvent(event)

    # -- places in Qt's figures -------------------------------------------------------------

    def _selection(self) -> tuple[int, int]:
        """Return the selection in characters; Qt counts an emoji as two."""
        cursor, text = self.textCursor(), self.text()
        return _characters(text, cursor.selectionStart()), _characters(text, cursor.selectionEnd())

    def _cursor(self, text: str, place: Place) -> QTextCursor:
        cursor = QTextCursor(self.document())
        cursor.setPosition(_units(text, place.start))
        cursor.setPosition(_units(text, place.end), QTextCursor.MoveMode.KeepAnchor)
        return cursor


_NOT_TYPED: Final = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)


def _units(text: str, place: int) -> int:
    return len(text[:place].encode("utf-16-le", "surrogatepass")) // 2


def _characters(text: str, units: int) -> int:
    if text.isascii():
        return units
    return len(text.encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le", "ignore"))
