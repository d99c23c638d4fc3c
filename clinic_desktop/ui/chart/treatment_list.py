"""The list beside the teeth: today's work, what is open, done, found; its sum; treatments."""

from typing import Final
from uuid import UUID

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QHeaderView, QVBoxLayout, QWidget

from clinic_desktop.i18n import _, ngettext
from clinic_desktop.ui.chart.letter_badge import BadgeDelegate
from clinic_desktop.ui.chart.list_model import Column, ListModel
from clinic_desktop.ui.chart.list_rows import ListFilter, ListRow
from clinic_desktop.ui.chart.quick import QuickBox
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Label, Tag
from clinic_desktop.ui.widgets.rule import rule
from clinic_desktop.ui.widgets.segmented import Segmented
from clinic_desktop.ui.widgets.states import HatchBox
from clinic_desktop.ui.widgets.table import TableView

_WIDTHS: Final = {Column.TOOTH: 64, Column.STATUS: 30, Column.FEE: 76}
_HEAD: Final = 56


class RowList(TableView):
    """The rows; what is typed on them goes to the entry line, Delete takes an entry back."""

    typed = Signal(str)
    delete_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme=theme, two_lines=True, name=_("Chart entries"))
        self.cell_delegate = BadgeDelegate(theme, self, two_lines=True)
        self.setItemDelegate(self.cell_delegate)
        self.horizontalHeader().hide()
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setProperty("keys_area", _("List"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give letters and figures to the entry line."""
        if event.key() == Qt.Key.Key_Delete and not event.modifiers():
            self.delete_wanted.emit()
            return
        text = event.text()
        command = event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        )
        if text.isprintable() and text.strip() and not command:
            self.typed.emit(text)
            return
        if event.key() == Qt.Key.Key_Escape:
            event.ignore()
            return
        super().keyPressEvent(event)


class TreatmentList(QFrame):
    """Filter, today's head with its one act, rows, treatments to click, and the sum.

    ``filtered`` carries the filter; ``row_chosen`` and ``row_opened`` a ListRow;
    ``menu_asked`` a ListRow and where.
    """

    filtered = Signal(object)
    row_chosen = Signal(object)
    row_opened = Signal(object)
    menu_asked = Signal(object, QPoint)
    delete_wanted = Signal(object)
    complete_wanted = Signal()
    examined_wanted = Signal()
    typed = Signal(str)
    left_upwards = Signal()

    def __init__(self, theme: Theme, model: ListModel) -> None:
        super().__init__()
        self.setProperty("kind", "surface")
        self._theme = theme
        self.model = model
        self._showing = False
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(rule(vertical=True))
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        row.addLayout(column, 1)
        column.addWidget(self._make_head())
        column.addWidget(rule())
        column.addWidget(self._make_today())
        self.list = RowList(theme)
        self.list.setModel(model)
        self._fit_columns()
        column.addWidget(self.list, 1)
        self._nothing = Label(theme=theme, role="text_2", wrap=True)
        self._nothing.setContentsMargins(16, 12, 16, 12)
        column.addWidget(self._nothing)
        column.addStretch()
        column.addWidget(self._make_unexamined())
        self.quick = QuickBox(theme)
        self._quick_line = rule()
        column.addWidget(self._quick_line)
        column.addWidget(self.quick)
        column.addWidget(rule())
        column.addWidget(self._make_foot())
        self.hide_quick()
        self._connect()

    # -- building ---------------------------------------------------------------------------

    def _make_head(self) -> QWidget:
        head = QWidget()
        head.setMinimumHeight(_HEAD)
        row = QHBoxLayout(head)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(8)
        words = [
            (_("Open"), ListFilter.OPEN),
            (_("Done"), ListFilter.DONE),
            (_("Conditions"), ListFilter.CONDITIONS),
            (_("All"), ListFilter.ALL),
        ]
        self.filter = Segmented(words, theme=self._theme, name=_("Entries shown"), small=True)
        self._title = Label(theme=self._theme, size="heading")
        self._detail = Label(theme=self._theme, role="text_2")
        row.addWidget(self.filter)
        row.addWidget(self._title)
        row.addWidget(self._detail, 1)
        row.addStretch()
        return head

    def _make_today(self) -> QWidget:
        self._today = QFrame()
        self._today.setProperty("kind", "sunken")
        row = QHBoxLayout(self._today)
        row.setContentsMargins(12, 4, 8, 4)
        self._today_words = Label(theme=self._theme, size="small", role="text_2", weight=600)
        row.addWidget(self._today_words, 1)
        self.complete = Button(_("Complete"), theme=self._theme, key="Ctrl+Enter", small=True)
        row.addWidget(self.complete)
        return self._today

    def _make_unexamined(self) -> QWidget:
        self._unexamined = QWidget()
        column = QVBoxLayout(self._unexamined)
        column.setContentsMargins(12, 8, 12, 8)
        box = HatchBox(self._theme)
        inside = QVBoxLayout(box)
        inside.setContentsMargins(10, 8, 10, 8)
        inside.setSpacing(6)
        self._unexamined_words = Label(
            theme=self._theme, size="small", role="on_unknown_soft", wrap=True
        )
        inside.addWidget(self._unexamined_words)
        self.examined = Button(
            _("All looked at, the rest is sound"), theme=self._theme, icon="eye", small=True
        )
        inside.addWidget(self.examined, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(box)
        return self._unexamined

    def _make_foot(self) -> QWidget:
        foot = QWidget()
        row = QHBoxLayout(foot)
        row.setContentsMargins(12, 10, 12, 10)
        row.setSpacing(8)
        self._sum_words = Label(_("Open"), theme=self._theme)
        self._sum_unknown = Tag("unknown", None, "", theme=self._theme)
        self._sum = Label(theme=self._theme, size="strong", tabular=True)
        row.addWidget(self._sum_words, 1)
        row.addWidget(self._sum_unknown)
        row.addWidget(self._sum)
        return foot

    def _fit_columns(self) -> None:
        header = self.list.horizontalHeader()
        header.setMinimumSectionSize(20)
        header.setStretchLastSection(False)
        # Written below the tooth; a column of its own for whoever has the list read aloud.
        self.list.setColumnHidden(Column.SURFACES, True)
        for column in Column:
            if column in _WIDTHS:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
                header.resizeSection(column, round(_WIDTHS[column] * self._theme.scale))
            else:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)

    def _connect(self) -> None:
        self._theme.changed.connect(self._fit_columns)
        self.filter.chosen.connect(self.filtered)
        self.complete.clicked.connect(self.complete_wanted)
        self.examined.clicked.connect(self.examined_wanted)
        self.list.row_changed.connect(self._tell_row)
        self.list.opened.connect(self._tell_opened)
        self.list.menu_asked.connect(self._tell_menu)
        self.list.delete_wanted.connect(self._tell_delete)
        self.list.typed.connect(self.typed)
        self.list.went_up.connect(self.left_upwards)

    # -- content ----------------------------------------------------------------------------

    def show_rows(
        self,
        rows: tuple[ListRow, ...],
        *,
        nothing: str,
        flashing: frozenset[UUID] = frozenset(),
    ) -> None:
        """Show these rows; the chosen one and the scroll position stay where they were."""
        chosen = self.chosen_id()
        at = self.list.verticalScrollBar().value()
        self._showing = True
        if self.model.show(rows, flashing=flashing):
            place = self.model.place_of(chosen) if chosen is not None else -1
            if place >= 0:
                self.list.setCurrentIndex(self.model.index(place, 0))
            self.list.verticalScrollBar().setValue(at)
        self._showing = False
        self._leave_out_double()
        self.list.setVisible(bool(rows))
        self._nothing.setText(nothing)
        self._nothing.setVisible(not rows)

    def chosen_id(self) -> UUID | None:
        """Return the entry that is chosen."""
        row = self.model.row_at(self.list.currentIndex())
        return row.id if row is not None else None

    def show_counts(self, open_count: int, conditions: int) -> None:
        """Write the counts into the filter."""
        words = {
            ListFilter.OPEN: (_("Open"), open_count),
            ListFilter.CONDITIONS: (_("Conditions"), conditions),
        }
        for value, (word, count) in words.items():
            self.filter.set_words(value, f"{word} {count}" if count else word)

    def show_today(self, words: str, *, may_complete: bool) -> None:
        """Name today's work and offer to complete it; an empty text takes the strip away."""
        self._today.setVisible(bool(words))
        self._today_words.setText(words)
        self.complete.setVisible(may_complete)
        self._leave_out_double()

    def _leave_out_double(self) -> None:
        """Leave out the first heading where the strip above the list says the same."""
        rows = self.model.rows()
        double = bool(rows) and rows[0].is_heading and rows[0].title == _("Today")
        if rows:
            self.list.setRowHidden(0, double and not self._today.isHidden())

    def show_sum(self, amount: str, unknown: int) -> None:
        """Write the sum of what is open, and how many entries it leaves out."""
        self._sum.setText(amount)
        self._sum_unknown.setVisible(bool(unknown))
        if unknown:
            words = ngettext("without {count} not known", "without {count} not known", unknown)
            self._sum_unknown.set_tag("unknown", None, words.format(count=unknown))

    def show_unexamined(self, count: int, *, may_say: bool) -> None:
        """Say how many teeth nobody has looked at, and offer to say that somebody has."""
        self._unexamined.setVisible(count > 0)
        sentence = ngettext(
            "{count} tooth is not examined.", "{count} teeth are not examined.", count
        )
        self._unexamined_words.setText(sentence.format(count=count))
        self.examined.setVisible(may_say)

    def show_past(self, title: str, detail: str) -> None:
        """Write a title in place of the filter; an empty one brings the filter back."""
        self.filter.setVisible(not title)
        self._title.setVisible(bool(title))
        self._detail.setVisible(bool(title))
        self._title.setText(title)
        self._detail.setText(detail)

    def show_quick(self) -> None:
        """Show the treatments to click."""
        self._quick_line.show()
        self.quick.show()

    def hide_quick(self) -> None:
        """Take the treatments to click away."""
        self._quick_line.hide()
        self.quick.hide()

    # -- signals ----------------------------------------------------------------------------

    def _tell_row(self, index: QModelIndex) -> None:
        row = self.model.row_at(index)
        if row is not None and row.id is not None and not self._showing:
            self.row_chosen.emit(row)

    def _tell_opened(self, index: QModelIndex) -> None:
        row = self.model.row_at(index)
        if row is not None and row.id is not None:
            self.row_opened.emit(row)

    def _tell_menu(self, index: QModelIndex, at: QPoint) -> None:
        row = self.model.row_at(index)
        if row is not None and row.id is not None:
            self.menu_asked.emit(row, at)

    def _tell_delete(self) -> None:
        row = self.model.row_at(self.list.currentIndex())
        if row is not None and row.id is not None:
            self.delete_wanted.emit(row)
