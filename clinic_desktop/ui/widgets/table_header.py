"""The heads of a table's columns."""

from typing import Final

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QHeaderView, QWidget

from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.cell_delegate import PADDING, is_right
from clinic_desktop.ui.widgets.painting import draw_icon, draw_text

_ARROW: Final = 14


class TableHeader(QHeaderView):
    """Words in the smallest type, the arrow of the sorted one beside its words.

    A line break in a title is kept: two lines have room.
    """

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self.setHighlightSections(False)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setSectionsClickable(False)
        self.setStretchLastSection(True)
        theme.changed.connect(self._restyle)
        self._restyle()

    def paintSection(self, painter: QPainter, rect: QRect, column: int) -> None:  # noqa: N802 - Qt's name
        """Draw words, arrow and the line below."""
        if not rect.isValid():
            return
        theme = self._theme
        painter.save()
        painter.fillRect(rect, theme.color("surface"))
        words = str(self._data(column, Qt.ItemDataRole.DisplayRole) or "")
        right = is_right(self._data(column, Qt.ItemDataRole.TextAlignmentRole))
        box = QRect(rect).adjusted(PADDING, 0, -PADDING, -1)
        sorted_here = self.isSortIndicatorShown() and self.sortIndicatorSection() == column
        if sorted_here and right:
            box.setRight(box.right() - _ARROW - 2)
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        lines = words.split("\n")
        each = box.toRectF()
        each.setHeight(each.height() / len(lines))
        taken = 0.0
        for line in lines:
            width = draw_text(
                painter, each, line, theme.face("micro"), theme.color("text_2"), align=side
            )
            taken = max(taken, width)
            each.translate(0, each.height())
        if sorted_here:
            down = self.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder
            left = box.right() + 2 if right else box.left() + int(taken) + 4
            at = QPoint(left, box.center().y() - _ARROW // 2 + 1).toPointF()
            draw_icon(
                painter, at, "chevron-down" if down else "chevron-up", "text_2", theme, _ARROW
            )
        painter.setPen(QPen(theme.color("border_strong"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.restore()

    def _data(self, column: int, role: Qt.ItemDataRole) -> object:
        if self.model() is None:
            return None
        return self.model().headerData(column, Qt.Orientation.Horizontal, role)

    def _restyle(self) -> None:
        self.setFont(self._theme.font("micro"))
        self.setFixedHeight(max(30, self._theme.height("row") - 6))
