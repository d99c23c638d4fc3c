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
from clinic_desktop.ui.chart.chairside import ChairsideButtons, ChairsidePanel
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
    """Entry bar on top, teeth with legend and dates below it, the list at the right.

    In touch sizes large buttons are below the teeth and the tooth in hand is beside them.
    """

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
        self.chairside = ChairsidePanel(theme, writing.locale)
        self.chairside.hide()
        self._theme = theme
        self._work = self._make_work()
        self.split = SideSplit(
            self._work, self._make_side(), theme=theme, width=_SIDE, least=_LEAST_WORK, gutter=0
        )
        self.split.drawer_changed.connect(self.entry.side.setVisible)
        self.entry.side.clicked.connect(self.split.toggle)
        self.bubble = Bubble(theme, self._work)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.split)
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
        # In touch sizes legend and dates move behind the large buttons.
        self._behind = QWidget()
        self._behind_column = QVBoxLayout(self._behind)
        self._behind_column.setContentsMargins(0, 0, 0, 0)
        self._behind_column.setSpacing(0)
        self.buttons = ChairsideButtons(self._theme, self._behind)
        self.buttons.line_wanted.connect(self._fit_bars)
        self.buttons.hide()
        column.addWidget(self.buttons)
        return work

    def _make_side(self) -> QWidget:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)
        column.addWidget(self.chairside)
        side.setFocusProxy(self.list)
        return side

    # -- touch ------------------------------------------------------------------------------

    @property
    def is_touch(self) -> bool:
        """Whether the chart is used by fingers."""
        return self._theme.density == "touch"

    def lay_for_touch(self) -> None:
        """Put legend and dates where they belong in these sizes, and show the buttons or not."""
        moved = self.is_touch != (self.legend.parentWidget() is self._behind)
        if moved:
            column = self._behind_column if self.is_touch else self._page_column
            for part in self._below:
                column.addWidget(part)
            self.buttons.dates.setChecked(False)
            self.buttons.line.setChecked(False)
        self.buttons.setVisible(self.is_touch)
        if not self.is_touch:
            self.show_in_hand(False)
        self._fit_bars()

    def show_in_hand(self, in_hand: bool) -> None:
        """Show the tooth in hand in place of the list."""
        self.chairside.setVisible(in_hand)
        self.list.setVisible(not in_hand)
        if in_hand and self.split.is_drawer() and not self.split.is_shown():
            self.split.toggle()

    def show_line(self) -> None:
        """Show the line to type into, which touch sizes leave out until it is wanted."""
        if self.is_touch:
            self.buttons.line.setChecked(True)

    def focus_line(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> bool:
        """Go on in the line; where fingers hide it, on the teeth. Return whether it is shown."""
        there = not self.bars.isHidden()
        (self.line if there else self.teeth).setFocus(reason)
        return there

    def _fit_bars(self, _wanted: bool = False) -> None:
        entry = self.bars.currentWidget() is self.entry
        self.bars.setVisible(not (self.is_touch and entry) or self.buttons.line.isChecked())
        self.entry.switch.setVisible(not self.is_touch)
        self.entry.add.setVisible(not self.is_touch)

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
        self._below = (_line(), self.legend, _line(), self.history)
        for part in self._below:
            column.addWidget(part)
        self._page_column = column
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
