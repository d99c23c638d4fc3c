"""The table of a list of people to call: one key books, a figure records what came of a call."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, ClassVar, Final, Generic, NamedTuple, TypeVar
from uuid import UUID

from PySide6.QtCore import QModelIndex, QPoint, Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from clinic_desktop.domain.recalls import OUTCOMES
from clinic_desktop.i18n import N_, _
from clinic_desktop.services.context import Context
from clinic_desktop.ui.booking_lists import ListsBar
from clinic_desktop.ui.calling.columns import EDGES, fit
from clinic_desktop.ui.calling.days import Days, days_of
from clinic_desktop.ui.calling.panel import FIGURES, CallPanel
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.intent import BookingIntent
from clinic_desktop.ui.keymap.binding import bind
from clinic_desktop.ui.screen import KeyHelp, PatientInView, Screen
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.paged_model import PagedModel
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.widgets.side import SideSplit
from clinic_desktop.ui.widgets.table import TableView

T = TypeVar("T")
_SAID: Final = {
    "no_answer": N_("{name} did not answer."),
    "message_left": N_("A message was left for {name}."),
    "will_call": N_("{name} will call back."),
    "declined": N_("{name} does not want to come."),
    "wrong_number": N_("The number of {name} is wrong."),
}


class Act(NamedTuple):
    """Something done with the chosen line: its words in the menu and in the list of keys."""

    key: str
    words: str
    hint: str
    do: Callable[[], None]


class CallList(Screen, Generic[T]):
    """A table of whom to call. Keys: N books, 1 to 5 record a call, Enter opens the record."""

    name: ClassVar[str] = ""
    """The screen's registered name."""
    page: ClassVar[int] = 100
    stretched: ClassVar[int] = 0
    named: ClassVar[int] = 0
    """The column of the patient's name."""
    asking: ClassVar[str] = ""
    none: ClassVar[tuple[str, str]] = ("", "")
    """The sentence and the detail of an empty list, as ``asking`` untranslated."""

    def __init__(self, desk: Desk, model: PagedModel[T], days: Days, side: CallPanel) -> None:
        super().__init__(desk)
        self.may_book = desk.who.may("schedule.write")
        self.days, self.model, self.side = days, model, side
        theme = desk.theme
        self.table = TableView(theme=theme, two_lines=True, name=_(self.title))
        self.table.setModel(self.model)
        self.table.setProperty("keys_area", _("List"))
        self.panel = StatePanel(theme=theme)
        self.count = Label(theme=theme, size="small", role="text_2", tabular=True)
        self.panel.add_foot(self.count, 1)
        self._connect()

    def lay_out(self, *, beside: Sequence[QWidget] = (), below: Sequence[QWidget] = ()) -> None:
        """Put filters beside the strip of lists or in a row below it, and the table under them."""
        head, filters = QHBoxLayout(), QHBoxLayout()
        head.addWidget(ListsBar(self.desk, self.name))
        head.addStretch(1)
        for row, widgets in ((head, beside), (filters, below)):
            row.setSpacing(12)
            for widget in widgets:
                row.addWidget(widget)
        filters.addStretch(1)
        self.split = SideSplit(self.panel, self.side, theme=self.desk.theme, width=340)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        column.addLayout(head)
        if below:
            column.addLayout(filters)
        column.addWidget(self.split, 1)
        self.panel.show_loading(_(self.asking))

    def _connect(self) -> None:
        self.model.wanted_more.connect(self._ask_more)
        self.table.row_changed.connect(self._chosen)
        self.table.opened.connect(lambda _index: self._open())
        self.table.menu_asked.connect(self._menu)
        if not self.may_book:
            return
        self.side.acted.connect(self._record)
        self.side.booked.connect(self._book)
        for act in self._acts():
            bind(self.table, act.key, act.do)

    # -- what a list gives --------------------------------------------------------------------

    def more_of(self, last: T) -> Callable[[Context], tuple[T, ...]]:
        """Return the question for the page behind a row."""
        raise NotImplementedError

    def patient_of(self, row: T) -> tuple[UUID, str]:
        """Return the patient of a row and their name."""
        raise NotImplementedError

    def key_of(self, row: T) -> UUID:
        """Return what tells rows apart."""
        raise NotImplementedError

    def look_at(self, row: T) -> None:
        """Show a row beside the list."""
        raise NotImplementedError

    def intent_of(self, row: T) -> BookingIntent:
        """Return what is to be booked for a row."""
        raise NotImplementedError

    def attempt(self, row: T, outcome: str, remark: str) -> Callable[[Context], bool]:
        """Return the act that records what came of a call."""
        raise NotImplementedError

    def more_acts(self) -> Sequence[Act]:
        """Return what else this list does with a line, for those who book."""
        return ()

    # -- showing ------------------------------------------------------------------------------

    def shown_count(self) -> int:
        """Return for how many rows to ask again, after bringing the day up to date."""
        self.days.today = days_of(self.desk).today
        return min(max(self.page, len(self.model.rows())), 2 * self.page)

    def show_rows(self, rows: tuple[T, ...], *, more: bool) -> None:
        """Show other rows; the chosen one and the scroll stay where they can."""
        before, scrolled = self.row(), self.table.verticalScrollBar().value()
        place = self.table.current_row().row()
        self.model.set_rows(rows, more=more)
        if not rows:
            sentence, detail = self.none
            self.panel.show_empty(_(sentence), detail=_(detail))
            self.side.show_nobody()
            return
        self.panel.show_content(self.table)
        fit(self.table, stretch=self.stretched, name=self.named, room=self.panel.width() - EDGES)
        found = self.model.row_of(self.key_of(before)) if before is not None else -1
        self.table.choose_row(found if found >= 0 else max(0, min(place, len(rows) - 1)))
        self.table.verticalScrollBar().setValue(scrolled)

    def show_failed(self, error: Exception) -> None:
        """Say why there is no list."""
        self.panel.show_failed(str(error), self.refresh)

    def _ask_more(self) -> None:
        rows = self.model.rows()
        if rows:
            self.desk.operations.query(
                self,
                self.more_of(rows[-1]),
                self.show_more,
                failed=lambda _error: self.model.fetch_failed(),
                key="more",
            )

    def show_more(self, found: tuple[T, ...]) -> None:
        """Put the next page below."""
        self.model.add_rows(found, more=len(found) == self.page)

    def row(self) -> T | None:
        """Return the chosen line."""
        return self.model.row(self.table.current_row().row())

    @Slot(QModelIndex)
    def _chosen(self, _index: QModelIndex) -> None:
        row = self.row()
        if row is None:
            self.side.show_nobody()
        else:
            self.look_at(row)

    # -- acts ---------------------------------------------------------------------------------

    def _acts(self) -> list[Act]:
        figures = [
            Act(str(figure), _(OUTCOMES[outcome]), _(OUTCOMES[outcome]),
                partial(self._record, outcome))
            for figure, outcome in enumerate(FIGURES, start=1)
        ]  # fmt: skip
        return [Act("N", _("Book"), _("book"), self._book), *figures, *self.more_acts()]

    def _record(self, outcome: str) -> None:
        """Record what came of a call; the next line is chosen by itself."""
        row = self.row()
        if row is None or not self.may_book:
            return
        name, remark = self.patient_of(row)[1], self.side.take_remark()

        def done(_new: bool) -> None:
            self.desk.messages.say(_(_SAID[outcome]).format(name=name), "phone-call")
            self.table.choose_row(self.table.current_row().row() + 1)
            self.refresh()

        self.desk.operations.change(
            self,
            self.attempt(row, outcome, remark),
            done,
            failed=partial(self._not_recorded, remark),
        )

    def _not_recorded(self, remark: str, error: Exception) -> None:
        """Give the typed words back: nothing of them is stored."""
        self.side.give_back(remark)
        self.desk.messages.warn(str(error))

    def _book(self) -> None:
        row = self.row()
        if row is not None and self.may_book:
            self.desk.navigator.book(intent=self.intent_of(row))

    def _open(self) -> None:
        row = self.row()
        if row is not None:
            self.desk.navigator.open_patient(self.patient_of(row)[0])

    def _menu(self, _index: QModelIndex, place: QPoint) -> None:
        if self.row() is None:
            return
        menu = QMenu(self)
        acts = [Act("Enter", _("Open"), "", self._open)]
        for act in (*acts, *(self._acts() if self.may_book else ())):
            entry = menu.addAction(f"{act.words}\t{act.key}")
            entry.triggered.connect(lambda _on=False, do=act.do: do())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    # -- what the window asks -----------------------------------------------------------------

    def open_at(self, **_where: Any) -> None:
        """Show the list as of today."""
        self.refresh()

    def start_focus(self) -> None:
        """Begin in the list."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def panes(self) -> list[QWidget]:
        """Return the list and what stands beside it."""
        return [self.table, self.side]

    def toggle_side(self) -> None:
        """Show or hide the patient beside the list."""
        self.split.toggle()

    def patient_in_view(self) -> PatientInView | None:
        """Return whose line is chosen."""
        row = self.row()
        return PatientInView(*self.patient_of(row)) if row is not None else None

    def keys(self) -> list[KeyHelp]:
        """Return the keys of the list."""
        area = _("List")
        opening = KeyHelp("Enter", _("open the record"), area)
        acts = self._acts() if self.may_book else ()
        return [*(KeyHelp(act.key, act.hint, area) for act in acts), opening]
