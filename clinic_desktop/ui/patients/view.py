"""The list of patients: one search field for everything, the rows found, one at a glance."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any, Final
from uuid import UUID

from PySide6.QtCore import QModelIndex, Qt, QTimer, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_desktop.domain.money import symbol_of
from clinic_desktop.i18n import N_, _
from clinic_desktop.services import patients
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.patients.columns import Column
from clinic_desktop.ui.patients.duplicates_search import PairSearch
from clinic_desktop.ui.patients.list_acts import ListActs
from clinic_desktop.ui.patients.list_asking import ListAsking
from clinic_desktop.ui.patients.list_filters import ListFilters
from clinic_desktop.ui.patients.list_head import ListHead
from clinic_desktop.ui.patients.list_panel import ListPanel
from clinic_desktop.ui.patients.list_rows import ListRows
from clinic_desktop.ui.patients.peek import Peek
from clinic_desktop.ui.patients.question import Answer
from clinic_desktop.ui.patients.table_model import PatientTableModel, matches_words
from clinic_desktop.ui.patients.words import Looks
from clinic_desktop.ui.screen import KeyHelp, PatientInView, Screen
from clinic_desktop.ui.widgets.announce import announce
from clinic_desktop.ui.widgets.side import SideSplit
from clinic_desktop.ui.widgets.table import TableView

_MARKED: Final = ("patient_tag", "patient_star", "patient_filter")
# The number on the button is looked for when the list opens, in a part of a large clinic.
PAIRS_STEPS: Final = 12
PAIRS_AGE_S: Final = 600.0


class PatientsScreen(Screen):
    """Search, list and glance. ``pay`` opens a payment, where there is such a screen."""

    title = N_("Patients")
    topics = frozenset({"patient", "patient_alert", "appointment", "posting", *_MARKED})

    def __init__(self, desk: Desk, *, pay: Callable[[Desk, UUID], None] | None = None) -> None:
        super().__init__(desk)
        self._pay = partial(pay, desk) if pay is not None else None
        self._open_first = False
        self.asking = ListAsking(desk, self)
        self.asking.answered.connect(self._show)
        self.asking.more_came.connect(self._show_more)
        self.asking.failed.connect(self._failed)
        self.model = PatientTableModel(currency_sign=symbol_of(desk.who.currency, desk.who.locale))
        self.model.wanted_more.connect(self.asking.ask_more)
        self.asking.more_failed.connect(self.model.fetch_failed)
        self.filters = ListFilters(desk, self)
        self.filters.changed.connect(self._use_filter)
        self.filters.known_changed.connect(self._show_known)
        self._build()
        self.acts: ListActs = ListActs(
            self,
            self.table,
            self.model,
            self.filters,
            below_saved=self.head.below_saved,
            pay=self._pay,
            open_record=self._open,
        )
        self.table.menu_asked.connect(self.acts.popup)
        self._pairs = PairSearch(desk, self)
        self._pairs.changed.connect(self._count_pairs)
        self._pairs_at = float("-inf")
        self._one_opened = False
        desk.navigator.wanted.connect(self._opened_one)

    # -- what stands where ------------------------------------------------------------------

    def _build(self) -> None:
        theme = self.desk.theme
        self.head = ListHead(self.desk)
        self.head.filter_chosen.connect(self.filters.use_status)
        self.head.conditions_wanted.connect(self.filters.open_form)
        self.head.saved_wanted.connect(self.filters.popup)
        self.head.column_shown.connect(
            lambda column, shown: self.table.setColumnHidden(column, not shown)
        )
        self.head.export_wanted.connect(lambda: self.acts.export(self.asking.question))
        self.search = self.head.search
        self.search.searched.connect(self._typed)
        self.search.returnPressed.connect(self._enter)
        self.search.went_down.connect(self._go_down)
        self.table: TableView = TableView(theme=theme, name=_("Patients"))
        self.table.setModel(self.model)
        self.rows = ListRows(self.table, self.model, self)
        self.table.setColumnHidden(Column.BALANCE, not self.desk.who.may("billing.read"))
        self.table.setColumnHidden(Column.TAGS, True)
        self.table.setProperty("keys_area", _("List"))
        self.table.opened.connect(lambda index: self._open_row(index, "overview"))
        self.table.row_changed.connect(self._row_changed)
        self.table.went_up.connect(self.search.setFocus)
        self.panel = ListPanel(self.desk, self.filters, self._register)
        self.peek = Peek(self.desk, pay=self._pay)
        self.peek.opened.connect(self._open)
        self.peek.booked.connect(self.desk.navigator.book)
        self.split = SideSplit(self.panel, self.peek, theme=theme, least=560)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        column.addWidget(self.head)
        column.addWidget(self.split, 1)
        self._show_filter()

    # -- asking -----------------------------------------------------------------------------

    def open_at(self, *, typed: str | None = None, **_where: Any) -> None:
        """Go to the list, with a text in the search field if one is given."""
        if typed is not None:
            self.search.setText(typed)

    def reload(self) -> None:
        """Ask again for what is shown; selection and scroll stay."""
        self.filters.ask()
        self._ask(least=len(self.model.patients()))
        statuses = self.asking.question.statuses
        self.desk.operations.query(
            self,
            lambda ctx: patients.count(ctx, statuses=statuses),
            self.head.show_count,
            failed=lambda _error: self.head.show_count(None),
            key="count",
        )
        if self.peek.patient_id is not None:
            self.peek.ask()
        if time.monotonic() - self._pairs_at > PAIRS_AGE_S:
            self._pairs_at = time.monotonic()
            self._pairs.start(PAIRS_STEPS)

    def _count_pairs(self) -> None:
        pairs = self._pairs
        self.head.show_duplicates(len(pairs.pairs()), complete=pairs.complete)

    @Slot(str)
    def _typed(self, text: str) -> None:
        if self.asking.type(text):
            self._ask()

    def _use_filter(self) -> None:
        self.asking.choose(self.filters.chosen)
        self._show_filter()
        self.refresh()

    def _show_filter(self) -> None:
        filters = self.filters
        self.head.show_filter(filters.chosen.status)
        conditions = filters.conditions()
        self.head.show_conditions(
            filters.title(), " · ".join(conditions), chosen=bool(conditions) or bool(filters.used)
        )

    def _show_known(self) -> None:
        """Show tags, stars and the names of filters, which were read again."""
        shown = bool(self.filters.known.tags) and self.head.is_shown(Column.TAGS)
        hid = self.table.isColumnHidden(Column.TAGS)
        self.table.setColumnHidden(Column.TAGS, not shown)
        self.model.set_marks(self.filters.marks)
        self.peek.set_tags(self.filters.marks.tags)
        self._show_filter()
        if hid == shown:
            self.rows.fit()

    def _ask(self, *, least: int = 0) -> None:
        if not self.model.patients():
            self.panel.show_loading(_("Asking for patients…"))
        self.asking.ask(least=least)

    # -- showing ----------------------------------------------------------------------------

    def _show(self, answer: Answer, same: bool) -> None:
        typed = self.asking.question.typed
        keep = same and not self._nobody_chose()
        self.rows.show(answer, Looks.of(self.desk), typed=typed, same=same, keep=keep)
        if not answer.rows:
            self.peek.look_at(None)
        self._tell(answer)
        if self._open_first:
            self._open_first = False
            self._open_row(self.table.current_row(), "overview")

    def _show_more(self, answer: Answer) -> None:
        self.rows.add(answer)
        self._tell(Answer(self.model.patients(), answer.next))

    def _opened_one(self, screen: str, _where: dict[str, Any]) -> None:
        """Remember that somebody else stands first among those opened last."""
        self._one_opened = self._one_opened or screen == "patient"

    def showEvent(self, event: QShowEvent) -> None:
        """Show whom the person has opened meanwhile."""
        super().showEvent(event)
        if self._one_opened:
            self._one_opened = False
            if self.asking.begun:
                self._ask(least=len(self.model.patients()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the columns to the new width."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self.rows.fit)

    def _tell(self, answer: Answer) -> None:
        """Say how many there are, or that there is nobody."""
        typed = self.asking.question.typed
        words = matches_words(answer.exact, more=answer.more) if typed else ""
        self.search.set_note(words)
        announce(self.search, words)
        self.panel.show_answer(answer, self.table, typed=typed)

    def _failed(self, error: Exception) -> None:
        self._open_first = False
        self.panel.show_failed(str(error), self.refresh)

    # -- choosing and acting ----------------------------------------------------------------

    @Slot(QModelIndex)
    def _row_changed(self, index: QModelIndex) -> None:
        row = self.model.row_at(index.row())
        self.peek.look_at(row.id if row is not None else None)

    def _nobody_chose(self) -> bool:
        """Return whether Enter in the search opens whoever stands first."""
        return self.search.hasFocus() and self.rows.first_is_chosen()

    def _go_down(self) -> None:
        if self.model.patients():
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _enter(self) -> None:
        """Open the first find, of what is typed now even when its answer is still on its way."""
        self._typed(self.search.text().strip())
        if self.asking.waits:
            self._open_first = True
        else:
            self._open_row(self.table.current_row(), "overview")

    def _open_row(self, index: QModelIndex, tab: str) -> None:
        row = self.model.row_at(index.row()) if index.isValid() else None
        if row is not None:
            self._open(row.id, tab)

    def _open(self, patient_id: UUID, tab: str) -> None:
        among = tuple(row.id for row in self.model.patients())
        self.desk.navigator.open_screen("patient", patient_id=patient_id, tab=tab, among=among)

    def _register(self) -> None:
        """Register somebody who was searched for in vain; the typed name comes along."""
        self.desk.navigator.open_screen("new_patient", typed=self.search.text().strip())

    # -- what the window asks ---------------------------------------------------------------

    def start_focus(self) -> None:
        """Begin in the search field, the typed text chosen so that new typing replaces it."""
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)
        self.search.selectAll()

    def find_here(self) -> None:
        """Go to the search field."""
        self.start_focus()

    def toggle_side(self) -> None:
        """Show or hide the glance."""
        self.split.toggle()
        if self.split.is_shown():
            self.peek.ask()

    def panes(self) -> list[QWidget]:
        """Return search, list and glance."""
        return [self.search, self.table, self.peek]

    def patient_in_view(self) -> PatientInView | None:
        """Return the selected patient."""
        row = self.rows.chosen()
        return PatientInView(row.id, row.name) if row is not None else None

    def keys(self) -> list[KeyHelp]:
        """Return the keys of search and list."""
        return self.acts.keys()

    def hint(self) -> str:
        """Return the keys, and that more than names can be typed."""
        return _("{keys} · birth dates and numbers work too: 3.9.84").format(
            keys=" · ".join(f"{key.key} {key.does}" for key in self.keys_now()[:4])
        )
