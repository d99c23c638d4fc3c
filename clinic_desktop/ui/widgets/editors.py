"""Editors for one value each: a date, an amount, a search, a choice."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QWidget

from clinic_desktop.domain.dates import format_date, order_of, parse_date
from clinic_desktop.domain.money import format_amount, parse_money, symbol_of
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.theme.tokens import tokens
from clinic_desktop.ui.widgets.line import EDGE, LineEdit
from clinic_desktop.ui.widgets.painting import draw_text


class DateField(LineEdit):
    """A date typed in any usual way and written out in one nobody can misread.

    ``today`` is the clinic's day, from the server's clock; the limits are inclusive.
    """

    def __init__(
        self,
        *,
        theme: Theme,
        locale: str,
        today: date,
        earliest: date | None = None,
        latest: date | None = None,
        value: date | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme=theme, longest=80, parent=parent)
        self._locale = locale
        self._today = today
        self._limits = (earliest, latest)
        order = order_of(locale)
        self.setPlaceholderText(
            {
                "dmy": _("day month year"),
                "mdy": _("month day year"),
                "ymd": _("year month day"),
            }[order]
        )
        self.set_value(value)
        self.left.connect(self._write_out)

    def value(self) -> date | None:
        """Return the date, None for an empty line, or raise ``InvalidError`` with a sentence."""
        if not self.text().strip():
            return None
        earliest, latest = self._limits
        return parse_date(
            self.text(), locale=self._locale, today=self._today, earliest=earliest, latest=latest
        )

    def set_value(self, day: date | None) -> None:
        """Show a date."""
        self.setText("" if day is None else format_date(day, self._locale))

    def set_limits(self, earliest: date | None, latest: date | None) -> None:
        """Change the first and last day that are accepted."""
        self._limits = (earliest, latest)

    def problem(self) -> str | None:
        """Return the sentence that says what is wrong, or None."""
        return _problem_of(self)

    def _write_out(self) -> None:
        """Replace 3.9.84 by 3 Sep 1984 when the person leaves the line."""
        if self.problem() is None:
            day = self.value()
            if day is not None:
                self.set_value(day)

    def _font(self) -> QFont:
        return self.theme.font("body", tabular=True)


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
        return _problem_of(self)

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


def _problem_of(editor: DateField | MoneyField) -> str | None:
    try:
        editor.value()
    except InvalidError as refused:
        return str(refused)
    return None


class SearchField(LineEdit):
    """A search: ``searched`` comes 60 ms after the last key, Esc clears, Down goes to the list."""

    searched = Signal(str)
    went_down = Signal()

    def __init__(
        self,
        placeholder: str,
        *,
        theme: Theme,
        key: str = "",
        large: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme=theme, placeholder=placeholder, large=large, parent=parent)
        self.set_lead("search")
        self.set_key(key)
        self.setAccessibleName(placeholder)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(tokens().time["search_debounce_ms"])
        self._wait.timeout.connect(self._tell)
        self.textChanged.connect(self._restart)

    def _restart(self) -> None:
        self._wait.start()

    def _tell(self) -> None:
        self.searched.emit(self.text().strip())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Clear on Esc, search at once on Enter, hand Down to the list."""
        key = event.key()
        if key == Qt.Key.Key_Escape and self.text():
            self.clear()
            event.accept()
            return
        if key == Qt.Key.Key_Down:
            self.went_down.emit()
            event.accept()
            return
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._wait.isActive():
            self._wait.stop()
            self._tell()
        super().keyPressEvent(event)


class Choice(QComboBox):
    """One value out of a list; ``chosen`` carries the value, the wheel scrolls the page."""

    chosen = Signal(object)

    def __init__(
        self,
        options: Iterable[tuple[str, Any]] = (),
        *,
        theme: Theme,
        value: Any = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.set_options(options)
        if value is not None:
            self.set_value(value)
        self.activated.connect(self._tell)
        theme.changed.connect(self._restyle)
        self._restyle()

    def set_options(self, options: Iterable[tuple[str, Any]]) -> None:
        """Offer other words and values; the chosen value stays where it is still offered."""
        kept = self.value()
        self.blockSignals(True)
        self.clear()
        for words, value in options:
            self.addItem(words, value)
        self.set_value(kept)
        self.blockSignals(False)

    def value(self) -> Any:
        """Return the value of the chosen words, or None."""
        return self.currentData()

    def set_value(self, value: Any) -> None:
        """Choose by value; an unknown one chooses nothing, which is not the first."""
        places = (place for place in range(self.count()) if self.itemData(place) == value)
        self.setCurrentIndex(next(places, -1))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page: a chosen value must not change by scrolling past it."""
        event.ignore()

    def _tell(self) -> None:
        self.chosen.emit(self.value())

    def _restyle(self) -> None:
        self.setFont(self.theme.font("body"))
        self.setMinimumHeight(self.theme.height("control"))
