"""The parts of the chart screen and where they stand; what they do is said elsewhere."""

from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from clinic_desktop.domain.teeth.numbering import tooth
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
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.pictures import Icon
from clinic_desktop.ui.widgets.rule import rule
from clinic_desktop.ui.widgets.side import SideSplit
from clinic_desktop.ui.written import Written

_SIDE: Final = 356
# The teeth need this much at their smallest; with less beside them the list becomes a drawer.
_LEAST_WORK: Final = 806
_TOP_AND_BOTTOM: Final = 4
_NARROW: Final = 700


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
        self.split.drawer_changed.connect(self._place_for_fingers)
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
        column.addWidget(rule())
        column.addWidget(self._make_scroll(), 1)
        # In touch sizes legend and dates move behind the large buttons.
        self._behind = QWidget()
        self._behind_column = QVBoxLayout(self._behind)
        self._behind_column.setContentsMargins(0, 0, 0, 0)
        self._behind_column.setSpacing(0)
        self.buttons = ChairsideButtons(self._theme, self._behind)
        self.buttons.line_wanted.connect(self._fit_bars)
        self.buttons.hide()
        self._work_column = column
        column.addWidget(self.buttons)
        return work

    def _make_side(self) -> QWidget:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)
        column.addWidget(self.chairside)
        self._side_column = column
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
        self._place_for_fingers()
        self.buttons.setVisible(self.is_touch)
        if not self.is_touch:
            self.show_in_hand(False)
        self._fit_bars()

    def show_in_hand(self, in_hand: bool) -> None:
        """Show the tooth in hand in place of the list, or below the teeth."""
        came = in_hand and self.chairside.isHidden()
        self.chairside.setVisible(in_hand)
        self.list.setVisible(self._hand_below or not in_hand)
        if came and self._hand_below:
            QTimer.singleShot(0, self.chairside, self._show_hand)

    @property
    def _hand_below(self) -> bool:
        """Whether the tooth in hand stands below the teeth: a drawer would lie over them."""
        return self.is_touch and self.split.is_drawer()

    def _place_for_fingers(self, _drawer: bool = False) -> None:
        """Put what fingers use beside the teeth, or below them where the window is small."""
        below = self._hand_below
        if below is (self.chairside.parentWidget() is self._page):
            return
        # What gets another parent is hidden by that.
        in_hand = not self.chairside.isHidden()
        if below:
            place = self._page_column.indexOf(self.teeth) + 2  # behind the space below the teeth
            self._page_column.insertWidget(place, self.chairside)
            self._page_column.insertWidget(place + 1, self.buttons)
            self._fit_buttons()
        else:
            self._side_column.addWidget(self.chairside)
            self._work_column.addWidget(self.buttons)
            self.buttons.fit(self.width())
        self.buttons.setVisible(self.is_touch)
        self.show_in_hand(in_hand)

    def _fit_buttons(self) -> None:
        """Lay the buttons for the width that is seen, where they are a part of the page."""
        seen = self.area.viewport().width()
        self.history.set_narrow(narrow=seen < _NARROW)
        if self._hand_below:
            self.buttons.fit(seen)

    def _show_hand(self) -> None:
        """Scroll on from the tooth that was tapped to its surfaces."""
        room = self.area.viewport().height()
        shown = self.chairside.y() + min(self.chairside.height(), room)
        self.area.verticalScrollBar().setValue(shown - room)

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
        page = self._page = QWidget()
        page.setProperty("kind", "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addSpacing(_TOP_AND_BOTTOM)
        column.addWidget(self.teeth, 1)
        column.addSpacing(_TOP_AND_BOTTOM)
        self._below = (rule(), self.legend, rule(), self.history)
        for part in self._below:
            column.addWidget(part)
        self._page_column = column
        self.area = _Sight(self.teeth)
        self.area.resized.connect(self._fit_buttons)
        self.area.setWidget(page)
        self.area.verticalScrollBar().rangeChanged.connect(self._show_again)
        return self.area

    def _show_again(self) -> None:
        """Show the tooth in hand after the room changed, or both rows of numbers and diagrams."""
        current = self.teeth.current()
        if current is not None and self.teeth.selection():
            self.reveal(current)
        else:
            middle = self.teeth.y() + self.teeth.picture().midline.y()
            bar = self.area.verticalScrollBar()
            higher = self.teeth.height() > self.area.viewport().height()
            bar.setValue(round(middle - self.area.viewport().height() / 2) if higher else 0)

    def reveal(self, fdi: int) -> None:
        """Scroll to a tooth where the window is too small for all of them.

        Of a tooth that is longer than what is seen at once, number and diagram are shown.
        """
        rect = self.teeth.tooth_rect(fdi).adjusted(-8, -8, 8, 8).translated(self.teeth.pos())
        room = self.area.viewport().size()
        if self.teeth.tooth_rect(fdi).isEmpty():
            return
        if rect.height() > room.height():
            if tooth(fdi).upper:
                rect.setTop(rect.bottom() - room.height() + 1)
            else:
                rect.setHeight(room.height())
        across, down = min(rect.width(), room.width()) // 2, rect.height() // 2
        self.area.ensureVisible(rect.center().x(), rect.center().y(), across, down)


class _Sight(QScrollArea):
    """Shows a part of the page where the window is low; its teeth know how much is seen at once."""

    resized = Signal()

    def __init__(self, teeth: Odontogram) -> None:
        super().__init__()
        self._teeth = teeth
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell the teeth what is seen of them at once."""
        super().resizeEvent(event)
        self._teeth.set_sight(self.viewport().height() - 2 * _TOP_AND_BOTTOM)
        self.resized.emit()


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
