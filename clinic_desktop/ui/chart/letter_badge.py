"""The small box with the letter of a status, in the pattern of the chart."""

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from clinic_desktop.domain.teeth.chart import STATUS_LETTERS, MarkStatus
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.cell_delegate import CellDelegate, Index
from clinic_desktop.ui.widgets.painting import draw_text

BADGE_ROLE: Final = Qt.ItemDataRole.UserRole + 600  # (MarkStatus, letter)
SIZE: Final = 20
_LETTERS: Final = {status: letter.upper() for letter, status in STATUS_LETTERS.items()}
_ROLES: Final = {
    MarkStatus.PLANNED: "chart_planned",
    MarkStatus.IN_PROGRESS: "chart_progress",
    MarkStatus.DONE: "chart_done",
    MarkStatus.EXISTING: "chart_existing",
    MarkStatus.ELSEWHERE: "chart_elsewhere",
    MarkStatus.REFERRED: "chart_referred",
    MarkStatus.CONDITION: "chart_condition",
}
_SOLID: Final = frozenset({MarkStatus.DONE, MarkStatus.CONDITION})


def letter_of(status: MarkStatus, code: str = "") -> str:
    """Return the letter of a status; of graded caries its grade."""
    if status is MarkStatus.CONDITION and len(code) == 2 and code[1].isdigit():
        return code[1]
    return _LETTERS[status]


def draw_badge(
    painter: QPainter, rect: QRectF, status: MarkStatus, letter: str, theme: Theme
) -> None:
    """Draw the letter in the shape of its status: solid, framed, dashed or on enamel."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ink = theme.color(_ROLES[status])
    # The chart's colours are made for enamel; on it they are read in every theme.
    ground = theme.color("tooth_enamel")
    solid = status in _SOLID
    pen = QPen(ink, 2 if status is MarkStatus.EXISTING else 1.4)
    if status is MarkStatus.PLANNED:
        pen.setDashPattern([2.2, 1.6])
    elif status is MarkStatus.ELSEWHERE:
        pen.setDashPattern([1.0, 1.2])
    painter.setPen(Qt.PenStyle.NoPen if solid else pen)
    painter.setBrush(ink if solid else ground)
    radius = theme.radius("tag")
    painter.drawRoundedRect(rect.adjusted(0.7, 0.7, -0.7, -0.7), radius, radius)
    if solid and theme.name != "light":
        # Dark ink on a dark ground needs an edge.
        painter.setPen(QPen(ground, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(0.7, 0.7, -0.7, -0.7), radius, radius)
    text = QColor(ground if solid else ink)
    face = theme.face("small", weight=700)
    draw_text(painter, rect, letter, face, text, align=Qt.AlignmentFlag.AlignHCenter)
    painter.restore()


class BadgeDelegate(CellDelegate):
    """Draws the letters of the status column; everything else as any table does."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw ground and edges of the cell, then the box in its middle."""
        super().paint(painter, option, index)
        found = index.data(BADGE_ROLE)
        if found is None:
            return
        status, letter = found
        centre = QRectF(option.rect).center()
        box = QRectF(round(centre.x() - SIZE / 2), round(centre.y() - SIZE / 2), SIZE, SIZE)
        draw_badge(painter, box, status, letter, self.theme)


class Badge(QWidget):
    """The same box as a widget; the word beside it or the tooltip says what it means."""

    def __init__(
        self,
        status: MarkStatus,
        letter: str,
        words: str,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown = (status, letter)
        self.setFixedSize(SIZE, SIZE)
        self.setAccessibleName(words)
        self.setToolTip(words)
        theme.changed.connect(self.update)

    def paintEvent(self, event: object) -> None:  # noqa: ARG002 - Qt's signature
        """Draw the box."""
        painter = QPainter(self)
        draw_badge(painter, QRectF(self.rect()), *self._shown, self._theme)
        painter.end()
