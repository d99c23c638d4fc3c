"""Editors that choose: a search as one types, and one value out of a list."""

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.theme.tokens import tokens
from clinic_desktop.ui.widgets.labels import plain_tip
from clinic_desktop.ui.widgets.line import LineEdit


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
        self._tip = ""
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.setItemDelegate(QStyledItemDelegate(self))  # the only one the style sheet reaches
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

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the words cut with an ellipsis: a style sheet lets them run under the arrow."""
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        words = self.currentText()
        option.currentText = self.fontMetrics().elidedText(
            words, Qt.TextElideMode.ElideRight, field.width() - 2
        )
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()
        tip = plain_tip(words) if option.currentText != words else ""
        if tip != self._tip:
            self._tip = tip
            self.setToolTip(tip)

    def _tell(self) -> None:
        self.chosen.emit(self.value())

    def _restyle(self) -> None:
        self.setFont(self.theme.font("body"))
        self.setMinimumHeight(self.theme.height("control"))
