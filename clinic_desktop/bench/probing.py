"""A key of the periodontal chart, from press to paint, beside a bare widget that does as much."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QApplication, QWidget

from clinic_desktop.domain.perio.exam import Exam, ToothReading
from clinic_desktop.domain.perio.rules import Path
from clinic_desktop.domain.teeth.dentition import PERMANENT
from clinic_desktop.ui.perio.grid import PerioGrid
from clinic_desktop.ui.theme.theme import Theme

_SIZE: Final = (1044, 690)
_COLUMN: Final = 60
_TEXTS: Final = 24


class Probing:
    """A full mouth that is typed into, site by site, again and again."""

    def __init__(self, theme: Theme) -> None:
        self.grid = PerioGrid(theme)
        theme.dress(self.grid)
        self.grid.resize(*_SIZE)
        self._begin()
        self.grid.show()
        self._typed = 0

    def _begin(self) -> None:
        exam = Exam({fdi: ToothReading(fdi) for fdi in PERMANENT})
        self.grid.show_exam(exam, Path.RIGHT_LEFT, resume=None, read_only=False)

    def key(self) -> None:
        """Press a digit and paint what it changed."""
        if self.grid.charting.at_end:
            self._begin()
        _press(self.grid, str(self._typed % 9))
        self._typed += 1


class Bare(QWidget):
    """Paints one column with as many texts and two outlines at each key, and knows nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.resize(*_SIZE)
        self._place = 0
        points = ((0, 0), (20, 2), (26, 20), (14, 34), (2, 22))
        self._shape = QPolygonF([QPointF(x, y) for x, y in points])
        self.show()

    def key(self) -> None:
        """Press a key and paint the next column."""
        _press(self, "3")

    def keyPressEvent(self, _event: QKeyEvent) -> None:
        """Ask for the next column to be painted."""
        self._place = (self._place + 1) % 16
        self.update(self._place * _COLUMN, 0, _COLUMN, self.height() // 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the column."""
        left = event.rect().left()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(event.rect(), QColor("white"))
            painter.setBrush(QColor(240, 230, 200))
            for down in (60, 100):
                painter.drawPolygon(self._shape.translated(left + 15, down))
            for place in range(_TEXTS):
                box = QRectF(left + place % 3 * 20, place // 3 * 17, 20, 17)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "3")


def _press(widget: QWidget, text: str) -> None:
    key = Qt.Key(Qt.Key.Key_0.value + int(text))
    event = QKeyEvent(QKeyEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text)
    QApplication.sendEvent(widget, event)
    QApplication.processEvents()
