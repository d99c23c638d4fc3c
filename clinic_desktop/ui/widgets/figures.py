"""Editors for an amount of money and for a whole number."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from clinic_desktop.domain.money import format_amount, parse_money, symbol_of
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.line import EDGE, LineEdit, problem_of
from clinic_desktop.ui.widgets.painting import draw_text


class MoneyField(LineEdit):
    """An amount in minor units of one currency, its sign standing at the left."""

    def __init__(
        self,
        *,
        theme: Theme,
        currency: str,
        locale: str,
        value: int | None = None,
        negative: bool = False,
        large: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        self._currency = currency
        self._locale = locale
        self._negative = negative
        super().__init__(theme=theme, longest=60, large=large, parent=parent)
        self.set_value(value)
        self.left.connect(self._write_out)

    def value(self) -> int | None:
        """Return minor units, None for an empty line, or raise ``InvalidError``."""
        if not self.text().strip():
            return None
        minor = parse_money(self.text(), self._currency, self._locale)
        if minor < 0 and not self._negative:
            raise InvalidError(_("The amount cannot be below zero."))
        return minor

    def set_value(self, minor: int | None) -> None:
        """Show an amount."""
        shown = "" if minor is None else format_amount(minor, self._currency, self._locale)
        self.setText(shown)

    def problem(self) -> str | None:
        """Return the sentence that says what is wrong, or None."""
        return problem_of(self.value)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line and the currency sign before the figures."""
        super().paintEvent(event)
        painter = QPainter(self)
        box = QRectF(EDGE, 0, self._sign_width() + 2, self.height())
        draw_text(painter, box, self._sign(), self._font(), self.theme.color("text_2"))
        painter.end()

    def _fit(self) -> None:
        super()._fit()
        margins = self.textMargins()
        margins.setLeft(int(self._sign_width()) + 6)
        self.setTextMargins(margins)

    def _sign(self) -> str:
        return symbol_of(self._currency, self._locale)

    def _sign_width(self) -> float:
        return QFontMetricsF(self._font()).horizontalAdvance(self._sign())

    def _write_out(self) -> None:
        if self.problem() is None and self.value() is not None:
            self.set_value(self.value())

    def _font(self) -> QFont:
        return self.theme.font("heading" if self._large else "body", tabular=True)


class NumberField(LineEdit):
    """A whole number between two limits; Up and Down change it, ``unit`` stands at the right."""

    def __init__(
        self,
        *,
        theme: Theme,
        least: int = 0,
        most: int = 1_000_000,
        value: int | None = None,
        unit: str = "",
        step: int = 1,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme=theme, longest=20, parent=parent)
        self._least, self._most, self._step = least, most, step
        self.set_note(unit)
        self.set_value(value)

    def value(self) -> int | None:
        """Return the number, None for an empty line, or raise ``InvalidError`` with a sentence."""
        text = self.text().strip().replace("\u2212", "-")
        if not text:
            return None
        figures = text.removeprefix("-")
        if not figures.isdecimal():
            raise InvalidError(_("Write a whole number in figures."))
        number = -int(figures) if text.startswith("-") else int(figures)
        if not self._least <= number <= self._most:
            raise InvalidError(
                _("The number has to be from {least} to {most}.").format(
                    least=self._least, most=self._most
                )
            )
        return number

    def set_limits(self, least: int, most: int) -> None:
        """Change the smallest and the largest number that are accepted."""
        self._least, self._most = least, most

    def set_value(self, number: int | None) -> None:
        """Show a number."""
        self.setText("" if number is None else str(number))

    def problem(self) -> str | None:
        """Return the sentence that says what is wrong, or None."""
        return problem_of(self.value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Count up and down with the arrow keys."""
        step = {Qt.Key.Key_Up: self._step, Qt.Key.Key_Down: -self._step}.get(Qt.Key(event.key()))
        if step is None or self.isReadOnly() or self.problem() is not None:
            super().keyPressEvent(event)
            return
        number = self.value()
        start = self._least - max(step, 0) if number is None else number
        self.set_value(max(self._least, min(self._most, start + step)))
        self.textEdited.emit(self.text())
        event.accept()

    def _font(self) -> QFont:
        return self.theme.font("body", tabular=True)
