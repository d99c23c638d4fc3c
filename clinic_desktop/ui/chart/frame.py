"""The parts of the chart screen and where they stand; what they do is said elsewhere."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from clinic_desktop.i18n import _
from clinic_desktop.ui.chart.bars import Bubble, EntryBar, PastBar
from clinic_desktop.ui.chart.composing import Writing
from clinic_desktop.ui.chart.entry_line import EntryLine
from clinic_desktop.ui.chart.history import HistoryBar
from clinic_desktop.ui.chart.legend import Legend
from clinic_desktop.ui.chart.list_model import ListModel
from clinic_desktop.ui.chart.odontogram import Odontogram
from clinic_desktop.ui.chart.treatment_list import TreatmentList
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.labels import Icon, Label
from clinic_desktop.ui.widgets.side import SideSplit
from clinic_desktop.ui.written import Written

_SIDE: Final = 356
# The teeth need this much at their smallest; with less beside them the list becomes a drawer.
_LEAST_WORK: Final = 806
_TOP_AND_BOTTOM: Final = 4


class ChartFrame(QWidget):
    """Entry bar on top, teeth with legend and dates below it, the list at the right."""

    def __init__(self, theme: Theme, writing: Writing, written: Written) -> None:
        super().__init__()
        self.line = EntryLine(theme, writing, written.money)
        self.entry = EntryBar(theme, self.line)
        self.past = PastBar(theme)
        self.reading = _ReadingBar(theme)
        self.bars = _Bars()
        for bar in (self.entry, self.past, self.reading):
            self.bars.addWidget(bar)
        self.bars.setFixedHeight(theme.height("control") + 24)
        self.teeth = Odontogram(theme)
        self.teeth.set_notation(writing.notation)
        self.teeth.setProperty("keys_area", _("Teeth"))
        self.legend = _LegendRows(theme)
        self.history = HistoryBar(theme, writing.locale)
        self.list = TreatmentList(theme, ListModel(writing, written.amount))
        self._work = self._make_work()
        self.split = SideSplit(
            self._work, self.list, theme=theme, width=_SIDE, least=_LEAST_WORK, gutter=0
        )
        self.split.drawer_changed.connect(self.entry.side.setVisible)
        self.entry.side.clicked.connect(self.split.toggle)
        self.bubble = Bubble(theme, self._work)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.split)
        self._theme = theme
        theme.changed.connect(self._restyle)

    def _restyle(self) -> None:
        self.bars.setFixedHeight(self._theme.height("control") + 24)

    def _make_work(self) -> QWidget:
        work = QFrame()
        work.setProperty("kind", "surface")
        column = QVBoxLayout(work)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bars)
        column.addWidget(_line())
        column.addWidget(self._make_scroll(), 1)
        return work

    def _make_scroll(self) -> QScrollArea:
        """Put what does not shrink into a page that scrolls where the window is small."""
        page = QWidget()
        page.setProperty("kind", "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addSpacing(_TOP_AND_BOTTOM)
        column.addWidget(self.teeth, 1)
        column.addSpacing(_TOP_AND_BOTTOM)
        column.addWidget(_line())
        column.addWidget(self.legend)
        column.addWidget(_line())
        column.addWidget(self.history)
        self.area = QScrollArea()
        self.area.setWidget(page)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return self.area

    def reveal(self, fdi: int) -> None:
        """Scroll to a tooth where the window is too small for all of them."""
        rect = self.teeth.tooth_rect(fdi).translated(self.teeth.pos())
        room = self.area.viewport().size()
        if not rect.isEmpty():
            across = min(rect.width() // 2 + 8, room.width() // 2)
            down = min(rect.height() // 2 + 8, room.height() // 2)
            self.area.ensureVisible(rect.center().x(), rect.center().y(), across, down)


class _LegendRows(Legend):
    """The legend, as tall as it needs; a page that scrolls asks for too much of it otherwise."""

    def hasHeightForWidth(self) -> bool:
        """Return False: the height follows the width by itself."""
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the height of the lines at this width."""
        super().resizeEvent(event)
        self.setFixedHeight(self.heightForWidth(self.width()))


class _Bars(QStackedWidget):
    """One bar at a time."""

    def has_focus_inside(self) -> bool:
        """Return whether the keyboard is on one of the bars."""
        focused = self.window().focusWidget()
        return focused is not None and self.isAncestorOf(focused)


class _ReadingBar(QFrame):
    """Stands in place of the entry line for people who may look and not chart."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("kind", "surface")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(10)
        row.addWidget(Icon("eye", theme=theme))
        sentence = _("You may read this chart. Charting is not among your roles.")
        row.addWidget(Label(sentence, theme=theme, role="text_2"), 1)


def _line() -> QFrame:
    line = QFrame()
    line.setProperty("kind", "line")
    line.setFixedHeight(1)
    return line
