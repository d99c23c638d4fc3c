"""Keeps the list beside the teeth in step with the chart, and does what is asked on its rows."""

from functools import partial
from typing import TYPE_CHECKING, Final
from uuid import UUID

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QMenu

from clinic_desktop.domain.chart_line import Parsed
from clinic_desktop.domain.teeth.chart import ToothState
from clinic_desktop.domain.teeth.describe import tooth_words
from clinic_desktop.i18n import N_, _
from clinic_desktop.ui.chart import list_rows
from clinic_desktop.ui.chart.acts import ChartActs
from clinic_desktop.ui.chart.composing import Writing
from clinic_desktop.ui.chart.frame import ChartFrame
from clinic_desktop.ui.chart.list_rows import ListFilter, Listing, ListRow
from clinic_desktop.ui.chart.shown import Shown
from clinic_desktop.ui.history.view import show_history
from clinic_desktop.ui.written import Written

if TYPE_CHECKING:  # the window is painted before pydantic is loaded
    from clinic_desktop.services.chart.schemas import ChartItemRow
    from clinic_desktop.services.context import Who

_FLASH_MS: Final = 1600
_NOTHING: Final = {
    ListFilter.OPEN: N_("Nothing is planned or waits to be completed."),
    ListFilter.DONE: N_("No work is charted."),
    ListFilter.CONDITIONS: N_("No condition is charted."),
    ListFilter.ALL: N_("Nothing is charted."),
}


class ListKeeper(QObject):
    """Shows what the chart holds as rows; ``went_back`` asks for the focus in the entry line.

    ``reversal_wanted`` and ``day_wanted`` carry an entry and its words: it was not done after all,
    or is true since another day.
    """

    went_back = Signal()
    past_touched = Signal()
    reversal_wanted = Signal(object, str)
    day_wanted = Signal(object, str)

    def __init__(
        self,
        frame: ChartFrame,
        acts: ChartActs,
        writing: Writing,
        written: Written,
        who: "Who",
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._frame = frame
        self._panel = frame.list
        self._acts = acts
        self._writing = writing
        self._written = written
        self._may_write = who.may("clinical.write")
        self._may_complete = who.may("clinical.complete")
        self._may_reverse = who.may("clinical.reverse")
        self._shown: Shown | None = None
        self._preview: Parsed | None = None
        self._flashing: frozenset[UUID] = frozenset()
        self._flash_over = QTimer(self)
        self._flash_over.setSingleShot(True)
        self._flash_over.setInterval(_FLASH_MS)
        self._flash_over.timeout.connect(self._end_flash)
        self._panel.filtered.connect(self._filtered)
        self._panel.row_chosen.connect(self._row_chosen)
        self._panel.row_opened.connect(self._row_opened)
        self._panel.menu_asked.connect(self._row_menu)
        self._panel.delete_wanted.connect(self._take_back)
        self._panel.left_upwards.connect(self.went_back)

    def write_with(self, writing: Writing) -> None:
        """Write teeth another way: another kind of patient is shown."""
        self._writing = writing

    # -- showing ----------------------------------------------------------------------------

    def start_over(self) -> None:
        """Forget another patient's rows."""
        self._flashing = frozenset()
        self._preview = None
        self._panel.filter.set_value(ListFilter.OPEN)

    def show(self, shown: Shown) -> None:
        """Show the date that is looked at."""
        self._shown = shown
        if shown.is_past:
            self._show_past(shown)
        else:
            self._show_now(shown)

    def flash(self, ids: frozenset[UUID]) -> None:
        """Mark rows that somebody else just changed, once."""
        self._flashing = ids
        self._flash_over.start()

    def show_preview(self, parsed: Parsed | None) -> None:
        """Show the line being typed on top."""
        before, self._preview = self._preview, parsed
        if (before is not None or parsed is not None) and self._shown is not None:
            self.show(self._shown)

    def _filtered(self, _wanted: object) -> None:
        if self._shown is not None:
            self.show(self._shown)

    def _end_flash(self) -> None:
        self._flashing = frozenset()
        if self._shown is not None:
            self.show(self._shown)

    def _show_now(self, shown: Shown) -> None:
        panel, items = self._panel, shown.now
        wanted = panel.filter.value()
        listing = self._listing(shown)
        panel.show_past("", "")
        panel.show_rows(
            list_rows.rows_of(items, wanted, listing, preview=self._preview),
            nothing=_(_NOTHING[wanted]),
            flashing=self._flashing,
        )
        counts = list_rows.counts_of(items)
        panel.show_counts(counts[ListFilter.OPEN], counts[ListFilter.CONDITIONS])
        self._show_today(any(list_rows.is_today(row, listing) for row in items))
        self._show_sum(items)
        unknown = shown.chart.count(ToothState.NOT_EXAMINED)
        panel.show_unexamined(unknown, may_say=self._may_write)

    def _show_today(self, waits: bool) -> None:
        """Name today's visit over the list, and offer to complete it."""
        visit = self._acts.visit
        words = ""
        if visit is not None:
            words = _("Today {time}, {provider}").format(
                time=self._written.clock(visit.local_start), provider=visit.provider
            )
        elif waits:
            words = _("Today")
        self._panel.show_today(words, may_complete=self._may_complete)

    def _show_sum(self, items: "tuple[ChartItemRow, ...]") -> None:
        sums = list_rows.sums_of(items)
        self._panel.show_sum(self._written.money(sums.fee), sums.unknown)

    def _show_past(self, shown: Shown) -> None:
        panel, teeth = self._panel, self._frame.teeth.selection()
        day = self._written.day(shown.day)
        if len(teeth) == 1:
            number, _comma, name = tooth_words(teeth[0], self._writing.notation).partition(", ")
            panel.show_past(number, name)
        else:
            panel.show_past(day, _("read only"))
        rows = list_rows.rows_of_past(
            shown.then,
            shown.since if shown.compare else (),
            self._listing(shown),
            heading=day,
            teeth=teeth,
        )
        panel.show_rows(rows, nothing="")
        panel.show_today("", may_complete=False)
        panel.show_unexamined(0, may_say=False)
        self._show_sum(shown.then)

    def _listing(self, shown: Shown) -> Listing:
        visit = self._acts.visit
        return Listing(
            day=self._written.day,
            clock=lambda item: self._written.clock(item.done_at or item.created_at),
            today=shown.history.today,
            visit_id=visit.id if visit is not None else None,
        )

    # -- on a row ---------------------------------------------------------------------------

    def _row_chosen(self, row: ListRow) -> None:
        if row.tooth is not None and not self._frame.line.text().strip():
            self._frame.teeth.set_selection((row.tooth,))

    def _row_opened(self, row: ListRow) -> None:
        self._row_chosen(row)
        self.went_back.emit()

    def _item(self, row: ListRow) -> "ChartItemRow | None":
        items = self._shown.now if self._shown is not None else ()
        return next((item for item in items if item.id == row.id), None)

    def _row_menu(self, row: ListRow, at: QPoint) -> None:
        item = self._item(row)
        if item is None or self._shown is None or self._shown.is_past or not self._may_write:
            return
        menu = QMenu(self._panel)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if item.done_at is None:
            back = menu.addAction(_("Take back, charted by mistake"))
            back.triggered.connect(partial(self._take_back, row))
        elif self._may_reverse:
            undone = menu.addAction(_("Completed by mistake: take it back…"))
            undone.triggered.connect(partial(self._reverse, row))
        if item.status in {"condition", "existing", "elsewhere"}:
            day = menu.addAction(_("True since another day…"))
            day.triggered.connect(partial(self._change_day, row))
        if item.status == "condition":
            over = menu.addAction(_("No longer true from today"))
            over.triggered.connect(partial(self._end, row))
        history = menu.addAction(_("History"))
        history.triggered.connect(partial(self._show_history, row))
        menu.popup(at)

    def _show_history(self, row: ListRow, _checked: bool = False) -> None:
        item = self._item(row)
        if item is not None:
            name = self._words(row)
            show_history(
                self._acts.desk, self._panel, name=name, table="chart_item", row_id=item.id
            )

    def _take_back(self, row: ListRow, _checked: bool = False) -> None:
        item = self._item(row)
        if self._shown is not None and self._shown.is_past:
            self.past_touched.emit()
        elif item is not None and self._may_write:
            self._acts.take_back(self._together(item), self._words(row))

    def _together(self, item: "ChartItemRow") -> "dict[UUID, int]":
        """Return the versions of the entry and of those charted as one with it: a denture is on
        many teeth.
        """
        items = self._shown.now if self._shown is not None else ()
        return {one.id: one.version for one in items if list_rows.is_one_with(one, item)}

    def _reverse(self, row: ListRow, _checked: bool = False) -> None:
        item = self._item(row)
        if item is not None:
            self.reversal_wanted.emit(item, self._words(row))

    def _change_day(self, row: ListRow, _checked: bool = False) -> None:
        item = self._item(row)
        if item is not None:
            self.day_wanted.emit(item, self._words(row))

    def _end(self, row: ListRow, _checked: bool = False) -> None:
        item = self._item(row)
        if item is not None:
            self._acts.end(item.id, item.version, self._words(row))

    def _words(self, row: ListRow) -> str:
        where = self._writing.where(row.tooth, row.surfaces)
        return f"{where} {row.title}".strip()
