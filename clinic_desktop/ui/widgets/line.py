"""Editors for plain text: one line with room for pictures inside, or several lines."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _
from clinic_desktop.ui.keymap.keymap import key_now
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.painting import (
    draw_icon,
    draw_key,
    draw_text,
    key_height,
    key_width,
)

EDGE: Final = 10
_MARK: Final = 16
_LONGEST_LINE: Final = 500
_LONGEST_TEXT: Final = 100_000


def problem_of(read: Callable[[], object]) -> str | None:
    """Return the sentence with which reading a value is refused, or None."""
    try:
        read()
    except InvalidError as refused:
        return str(refused)
    return None


class LineEdit(QLineEdit):
    """A line of text with room for a picture at its left and a key or note at its right.

    ``left`` emits when the focus goes elsewhere; ``mark`` shows a problem icon inside.
    """

    left = Signal()

    def __init__(
        self,
        text: str = "",
        *,
        theme: Theme,
        placeholder: str = "",
        longest: int = _LONGEST_LINE,
        large: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.theme = theme
        self._large = large
        self._lead = ""
        self._note = ""
        self._usual_key = self._key = ""
        self._mark = ("", "")
        self.setMaxLength(longest)
        self.setPlaceholderText(placeholder)
        self.textChanged.connect(self._fit)
        theme.changed.connect(self._restyle)
        self._restyle()

    def set_lead(self, icon: str) -> None:
        """Show an icon at the left."""
        self._lead = icon
        self._fit()

    def set_note(self, note: str) -> None:
        """Show a short grey note at the right, for example how many matches there are."""
        self._note = note
        self._fit()

    def set_key(self, key: str) -> None:
        """Show the key that leads here while the line is empty."""
        self._usual_key = key
        self._key = key_now(self, key) if key else ""
        self._fit()

    def take_key(self) -> None:
        """Show the key that is in force now."""
        if self._usual_key and self._key != key_now(self, self._usual_key):
            self.set_key(self._usual_key)

    def showEvent(self, event: QShowEvent) -> None:
        """Show the key as it is set for where the line stands."""
        super().showEvent(event)
        self.take_key()

    def mark(self, icon: str, role: str) -> None:
        """Show a problem icon at the right, or none for an empty name."""
        self._mark = (icon, role)
        self._fit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell the field that the person went on; a popup over the line is not leaving."""
        super().focusOutEvent(event)
        if event.reason() not in (
            Qt.FocusReason.PopupFocusReason,
            Qt.FocusReason.ActiveWindowFocusReason,
        ):
            self.left.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the room for the pictures."""
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        """Return the height of a control, or of an entry line when large."""
        return QSize(super().sizeHint().width(), self.minimumHeight())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line and then what stands inside it."""
        super().paintEvent(event)
        painter = QPainter(self)
        middle = self.height() / 2
        size = self._icon_size()
        if self._lead:
            at = QRectF(EDGE, middle - size / 2, size, size)
            draw_icon(painter, at.topLeft(), self._lead, "text_2", self.theme, size)
        right = self.width() - EDGE
        icon, role = self._mark
        if icon:
            at = QRectF(right - _MARK, middle - _MARK / 2, _MARK, _MARK)
            draw_icon(painter, at.topLeft(), icon, role, self.theme, _MARK)
            right -= _MARK + 8
        if self._note:
            font = self.theme.font("small", tabular=True)
            width = QFontMetricsF(font).horizontalAdvance(self._note)
            box = QRectF(right - width, 0, width + 1, self.height())
            draw_text(painter, box, self._note, font, self.theme.color("text_3"))
        elif self._key and not self.text():
            width = key_width(self._key, self.theme)
            height = key_height(self.theme)
            draw_key(
                painter, QRectF(round(right - width), round(middle - height / 2), width, height),
                self._key, self.theme,
                line=self.theme.color("border_strong"), ink=self.theme.color("text_2"),
            )  # fmt: skip
        painter.end()

    def _icon_size(self) -> int:
        return 18 if self._large else 16

    def _fit(self) -> None:
        """Keep the typed text clear of what is drawn inside."""
        left = self._icon_size() + 8 if self._lead else 0
        right = 24 if self._mark[0] else 0
        if self._note:
            font = self.theme.font("small", tabular=True)
            right += int(QFontMetricsF(font).horizontalAdvance(self._note)) + 8
        elif self._key and not self.text():
            right += int(key_width(self._key, self.theme)) + 4
        self.setTextMargins(left, 0, right, 0)
        self.update()

    def _restyle(self) -> None:
        self.setFont(self._font())
        self.setMinimumHeight(self.theme.height("control") + (8 if self._large else 0))
        self._fit()

    def _font(self) -> QFont:
        return self.theme.font("large" if self._large else "body", weight=400)


class TextArea(QPlainTextEdit):
    """Several lines of plain text; Tab goes on to the next field."""

    left = Signal()

    def __init__(
        self,
        text: str = "",
        *,
        theme: Theme,
        placeholder: str = "",
        lines: int = 4,
        longest: int = _LONGEST_TEXT,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.theme = theme
        self._rows = lines
        self._longest = longest
        self.setTabChangesFocus(True)
        self.setPlaceholderText(placeholder)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self._restyle)
        self._restyle()

    def text(self) -> str:
        """Return what is written."""
        return self.toPlainText()

    def setText(self, text: str) -> None:  # noqa: N802 - the name a line edit has
        """Write other text; undo goes back to before it."""
        self.setPlainText(text)

    def problem(self) -> str | None:
        """Return a sentence when the text is longer than a record can hold."""
        over = len(self.toPlainText()) - self._longest
        if over <= 0:
            return None
        return _("The text is {count} characters too long.").format(count=over)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell the field that the person went on."""
        super().focusOutEvent(event)
        if event.reason() not in (
            Qt.FocusReason.PopupFocusReason,
            Qt.FocusReason.ActiveWindowFocusReason,
        ):
            self.left.emit()

    def _restyle(self) -> None:
        self.setFont(self.theme.font("body"))
        self.setMinimumHeight(self._rows * self.theme.line_height("body") + 16)
