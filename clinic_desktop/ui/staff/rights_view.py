"""The grid of ticks: arrows move, Space or a click changes."""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from clinic_desktop.i18n import _
from clinic_desktop.ui.staff.roles_model import RightsModel
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.painting import draw_icon, draw_layout, draw_text, lay_out

BOX: Final = 18
LEAST_COLUMN: Final = 92


class RightsView(QTableView):
    """Paints ticks; ``toggled`` carries the index that somebody wants changed."""

    toggled = Signal(QModelIndex)

    def __init__(self, *, theme: Theme, changeable: bool) -> None:
        super().__init__()
        self.theme = theme
        self.changeable = changeable
        self.setItemDelegate(_TickDelegate(self))
        self.setProperty("focus_ring", "none")
        self.setAccessibleName(_("Rights of each role"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalHeader(_RoleHeader(self))
        self.setVerticalHeader(_RightHeader(self))
        theme.changed.connect(self.restyle)
        self.restyle()

    def rights(self) -> RightsModel:
        """Return the model."""
        model = self.model()
        if not isinstance(model, RightsModel):
            raise TypeError(type(model).__name__)
        return model

    def restyle(self) -> None:
        """Take the measures of the density in force."""
        self.verticalHeader().setDefaultSectionSize(self.theme.height("row"))
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Change on Space and Enter; the arrows are Qt's."""
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._toggle(self.currentIndex())
            event.accept()
            return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Change on release; a pointer moved off cancels."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index == self.currentIndex():
            self._toggle(index)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Arrive on a tick, so that the arrow keys have somewhere to start."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.model() is not None:
            self.setCurrentIndex(self.model().index(1, 0))

    def _toggle(self, index: QModelIndex) -> None:
        if index.isValid() and self.rights().permission(index.row()) is not None:
            self.toggled.emit(index)


class _TickDelegate(QStyledItemDelegate):
    """Draws a box with its tick; a heading is an empty strip."""

    def __init__(self, view: RightsView) -> None:
        super().__init__(view)
        self._view = view

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw one cell."""
        theme, model = self._view.theme, self._view.rights()
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if model.permission(index.row()) is None:
            painter.fillRect(rect, theme.color("canvas"))
            painter.restore()
            return
        painter.fillRect(rect, theme.color("surface"))
        painter.setPen(QPen(theme.color("grid"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        fixed = model.fixed(index.column()) or not self._view.changeable
        there = model.has(index.row(), index.column())
        box = QRectF(0, 0, BOX, BOX)
        box.moveCenter(rect.toRectF().center())
        if there and fixed:
            draw_icon(painter, box.topLeft(), "check", "text_2", theme, BOX)
        elif not fixed:
            painter.setPen(QPen(theme.color("accent" if there else "border_control"), 1))
            painter.setBrush(theme.color("accent" if there else "surface"))
            painter.drawRoundedRect(box, theme.radius("tag"), theme.radius("tag"))
            if there:
                inner = box.adjusted(2, 2, -2, -2)
                draw_icon(painter, inner.topLeft(), "check", "on_accent", theme, BOX - 4)
        if index == self._view.currentIndex() and self._view.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRoundedRect(rect.toRectF().adjusted(2, 2, -2, -3), 5, 5)
        painter.restore()


class _RoleHeader(QHeaderView):
    """Role names, broken into two lines where they are long."""

    def __init__(self, view: RightsView) -> None:
        super().__init__(Qt.Orientation.Horizontal, view)
        self._view = view
        self.setHighlightSections(False)
        self.setMinimumSectionSize(LEAST_COLUMN)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.setFixedHeight(48)

    def paintSection(self, painter: QPainter, rect: QRect, column: int) -> None:  # noqa: N802 - Qt's name
        """Draw the name of a role."""
        theme = self._view.theme
        painter.fillRect(rect, theme.color("surface"))
        words = str(self.model().headerData(column, Qt.Orientation.Horizontal))
        height = theme.line_height("small")
        layout, taken = lay_out(
            words, theme.font("small", weight=600), rect.width() - 12, line_height=height,
            max_lines=2,
        )  # fmt: skip
        used = max(layout.lineAt(n).naturalTextWidth() for n in range(layout.lineCount()))
        at = QRectF(rect).center()
        at.setX(at.x() - used / 2)
        at.setY(at.y() - taken / 2)
        draw_layout(painter, layout, at, theme.color("text"))
        painter.setPen(QPen(theme.color("border_strong"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())


class _RightHeader(QHeaderView):
    """Permissions beside the rows, groups in strong type."""

    def __init__(self, view: RightsView) -> None:
        super().__init__(Qt.Orientation.Vertical, view)
        self._view = view
        self.setHighlightSections(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def sizeHint(self) -> QSize:
        """Return the width of the longest permission."""
        metrics = QFontMetrics(self._view.theme.font("strong"))
        model = self.model()
        if model is None:
            return QSize(200, 0)
        widest = max(
            metrics.horizontalAdvance(str(model.headerData(row, Qt.Orientation.Vertical)))
            for row in range(model.rowCount())
        )
        return QSize(min(300, widest + 28), 0)

    def paintSection(self, painter: QPainter, rect: QRect, row: int) -> None:  # noqa: N802 - Qt's name
        """Draw the words of a row."""
        theme, model = self._view.theme, self._view.rights()
        heading = model.heading(row)
        painter.fillRect(rect, theme.color("canvas" if heading else "surface"))
        words = str(model.headerData(row, Qt.Orientation.Vertical))
        font = theme.font("strong" if heading else "body")
        box = QRectF(rect).adjusted(12, 0, -8, 0)
        draw_text(painter, box, words, font, theme.color("text_2" if heading else "text"))
        painter.setPen(QPen(theme.color("grid"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
