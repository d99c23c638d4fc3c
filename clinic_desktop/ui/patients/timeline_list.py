"""The list of what happened with a patient, with its filter; on the overview and on its tab."""

from enum import IntEnum
from functools import partial
from typing import Final
from uuid import UUID

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QHeaderView

from clinic_desktop.i18n import N_, _
from clinic_desktop.services.timeline.schemas import Filter, TimelineEntry, TimelinePage
from clinic_desktop.services.timeline.service import timeline
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.patients.timeline_words import TABS, heading_of, line_of
from clinic_desktop.ui.patients.words import Looks
from clinic_desktop.ui.widgets.cells import Cell, none_cell
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.paged_model import PagedModel
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.widgets.segmented import Segmented
from clinic_desktop.ui.widgets.table import TableView

TOPICS: Final = frozenset(
    {
        "appointment", "note", "chart_item", "journal_entry", "invoice", "prescription",
        "document", "patient_alert", "patient", "patient_consent", "patient_merge",
    }
)  # fmt: skip
FILTERS: Final[tuple[tuple[str, Filter], ...]] = (
    (N_("All"), "all"),
    (N_("Clinical"), "clinical"),
    (N_("Money"), "money"),
    (N_("Messages"), "messages"),
)
_MISSING: Final = {
    "visit": N_("visits"),
    "note": N_("notes"),
    "chart": N_("the chart"),
    "money": N_("the account"),
    "invoice": N_("invoices"),
    "prescription": N_("prescriptions"),
    "document": N_("documents"),
}
_PAGE: Final = 40


class Column(IntEnum):
    """The columns from left to right."""

    TIME = 0
    WHAT = 1
    AMOUNT = 2


class TimelineList(StatePanel):
    """A panel that asks a page at a time; Enter on an entry opens its tab."""

    tab_wanted = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Timeline"), theme=desk.theme)
        self.desk = desk
        self._patient: UUID | None = None
        self._page: TimelinePage | None = None
        self.filter = Segmented(
            [(_(words), value) for words, value in FILTERS],
            theme=desk.theme,
            name=_("What of the timeline is shown"),
            small=True,
        )
        self.filter.chosen.connect(lambda _value: self._ask())
        self.add_head(self.filter)
        self.model: PagedModel[TimelineEntry] = PagedModel(
            dict.fromkeys(Column, ""),
            self._cell,
            key=lambda entry: (entry.kind, entry.event, entry.row_id, entry.at),
            heading=lambda entry: heading_of(entry, Looks.of(desk)),
            right=frozenset({Column.AMOUNT}),
        )
        self.model.wanted_more.connect(self._ask_more)
        self.table = TableView(theme=desk.theme, two_lines=True, name=_("Timeline"))
        self.table.setModel(self.model)
        self.table.horizontalHeader().hide()
        self.table.opened.connect(self._open)
        self._note = Label(theme=desk.theme, size="small", role="text_2")
        self.add_foot(self._note, 1)
        self._foot.hide()

    def show_patient(self, patient_id: UUID) -> None:
        """Show what happened with another patient."""
        if patient_id != self._patient:
            self._patient = patient_id
            self.model.set_rows(())
        self._ask()

    def _ask(self) -> None:
        patient, show = self._patient, self.filter.value()
        if patient is None:
            return
        # What was paged in already is asked for again, so that scroll and choice stay.
        limit = max(_PAGE, len(self.model.rows()))
        self.show_loading(_("Asking what happened…"))
        self.desk.operations.query(
            self,
            lambda ctx: timeline(ctx, patient, show=show, limit=limit),
            partial(self._show, patient, show),
            failed=lambda error: self.show_failed(str(error), self._ask),
            key=f"timeline {id(self)}",
        )

    def _ask_more(self) -> None:
        patient, show, page = self._patient, self.filter.value(), self._page
        if patient is None or page is None or page.next is None:
            return
        place = page.next
        self.desk.operations.query(
            self,
            lambda ctx: timeline(ctx, patient, show=show, before=place, limit=_PAGE),
            partial(self._show_more, patient, show),
            failed=lambda _error: self.model.fetch_failed(),
            key=f"timeline more {id(self)}",
        )

    def _show(self, patient: UUID, show: Filter, page: TimelinePage) -> None:
        if (patient, show) != (self._patient, self.filter.value()):
            return
        before = self.model.row(self.table.current_row().row())
        scrolled = self.table.verticalScrollBar().value()
        self._page = page
        self.model.set_rows(page.entries, more=page.next is not None)
        self._fit()
        if before is not None:
            key = (before.kind, before.event, before.row_id, before.at)
            self.table.choose_row(max(0, self.model.row_of(key)))
        self.table.verticalScrollBar().setValue(scrolled)
        self._tell_missing(page)
        if page.entries:
            self.show_content(self.table)
        elif show == "messages":
            self.show_empty(
                _("No message is kept here"),
                detail=_("Messages to and from the patient appear here once they are sent."),
            )
        else:
            self.show_empty(_("Nothing of this kind has happened"))

    def _show_more(self, patient: UUID, show: Filter, page: TimelinePage) -> None:
        if (patient, show) == (self._patient, self.filter.value()):
            self._page = page
            self.model.add_rows(page.entries, more=page.next is not None)

    def _tell_missing(self, page: TimelinePage) -> None:
        names = ", ".join(_(_MISSING[kind]) for kind in page.missing if kind in _MISSING)
        self._foot.setVisible(bool(names))
        self._note.setText(
            _("Not shown, your roles do not include it: {kinds}.").format(kinds=names)
        )

    def _fit(self) -> None:
        self.table.fit_columns(stretch=Column.WHAT)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(Column.WHAT, QHeaderView.ResizeMode.Stretch)
        money = any(entry.amount is not None for entry in self.model.rows())
        self.table.setColumnHidden(Column.AMOUNT, not money)

    def _cell(self, entry: TimelineEntry, column: Column) -> Cell:
        looks = Looks.of(self.desk)
        if column is Column.TIME:
            if not entry.exact:
                return none_cell()
            return Cell(looks.time(entry.at), tabular=True, role="text_2")
        if column is Column.WHAT:
            return line_of(entry, looks)
        if entry.amount is None:
            return Cell(right=True)
        return Cell(looks.amount(entry.amount), tabular=True, right=True) if entry.amount else (
            none_cell(right=True)
        )  # fmt: skip

    def _open(self, index: QModelIndex) -> None:
        entry = self.model.row(index.row())
        if entry is not None and entry.kind in TABS:
            self.tab_wanted.emit(TABS[entry.kind])
