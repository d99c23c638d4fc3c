"""What the lists to book from share: pages, filters, one key that books, figures that record."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any, ClassVar, Final, Generic, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtCore import QModelIndex, QPoint, Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.recalls import OUTCOMES
from clinic_desktop.i18n import N_, _, ngettext
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import People
from clinic_desktop.services.context import Context
from clinic_desktop.services.to_book import service as to_book
from clinic_desktop.services.to_book.schemas import AttemptRow, NewAttempt, Reach
from clinic_desktop.ui.booking_lists import ListsBar
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.intent import BookingIntent
from clinic_desktop.ui.recalls.due_model import Days
from clinic_desktop.ui.screen import KeyHelp, PatientInView, Screen
from clinic_desktop.ui.to_book.panel import FIGURES, ReachPanel
from clinic_desktop.ui.widgets.fields import Choice
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.paged_model import PagedModel
from clinic_desktop.ui.widgets.painting import TagSpec
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.widgets.segmented import Segmented
from clinic_desktop.ui.widgets.side import SideSplit
from clinic_desktop.ui.widgets.table import TableView

T = TypeVar("T")
PAGE: Final = 100
_YEAR: Final = 365
_SAID: Final = {
    "no_answer": N_("{name} did not answer."),
    "message_left": N_("A message was left for {name}."),
    "will_call": N_("{name} will call back."),
    "declined": N_("{name} does not want to come."),
    "wrong_number": N_("The number of {name} is wrong."),
}


class BookingList(Screen, Generic[T]):
    """A table of whom to book. Keys: N looks for a time with everything filled in, 1 to 5 record
    a try, Enter opens the record.
    """

    name: ClassVar[str] = ""
    """The screen's registered name."""
    stretched: ClassVar[int] = 0
    none: ClassVar[tuple[str, str]] = ("", "")
    """The sentence and the detail of an empty list, untranslated."""

    def __init__(self, desk: Desk, model: PagedModel[T], days: Days) -> None:
        super().__init__(desk)
        self._may = desk.who.may("schedule.write")
        self.days, self.model = days, model
        theme = desk.theme
        self.provider = Choice([(_("Every provider"), None)], theme=theme, value=None)
        self.provider.setAccessibleName(_("Provider"))
        self.age = Choice(
            [
                (_("Of any age"), ""),
                (_("Last 30 days"), "30"),
                (_("Last 90 days"), "90"),
                (_("Last year"), "365"),
                (_("Older than 90 days"), "old"),
            ],
            theme=theme,
            value="",
        )
        self.age.setAccessibleName(_("Age of the entry"))
        self.order = Segmented(
            [(_("Newest first"), True), (_("Oldest first"), False)], theme=theme, name=_("Order")
        )
        self.who = Segmented(
            [(_("To call"), False), (_("Declined too"), True)],
            theme=theme,
            name=_("Who is shown"),
        )
        self.table = TableView(theme=theme, two_lines=True, name=_(self.title))
        self.table.setModel(self.model)
        self.table.setProperty("keys_area", _("List"))
        self.panel = StatePanel(theme=theme)
        self._count = Label(theme=theme, size="small", role="text_2", tabular=True)
        self.panel.add_foot(self._count, 1)
        self.side = ReachPanel(desk, days)
        self._build()
        self._connect()

    def _build(self) -> None:
        filters = QHBoxLayout()
        filters.setSpacing(12)
        for widget in (self.provider, self.age, self.order, self.who):
            filters.addWidget(widget)
        filters.addStretch(1)
        head = QHBoxLayout()
        head.addWidget(ListsBar(self.desk, self.name))
        head.addStretch(1)
        self.split = SideSplit(self.panel, self.side, theme=self.desk.theme, width=340)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        column.addLayout(head)
        column.addLayout(filters)
        column.addWidget(self.split, 1)
        self.panel.show_loading(_("Asking whom to book…"))

    def _connect(self) -> None:
        for control in (self.provider, self.age, self.order, self.who):
            control.chosen.connect(lambda _value: self._filter())
        self.model.wanted_more.connect(self._ask_more)
        self.table.row_changed.connect(self._chosen)
        self.table.opened.connect(lambda _index: self._open())
        self.table.menu_asked.connect(self._menu)
        if not self._may:
            return
        self.side.acted.connect(self._record)
        self.side.booked.connect(self._book)
        acts: list[tuple[str, Callable[[], None]]] = [("N", self._book)]
        acts += [
            (str(figure), partial(self._record, outcome))
            for figure, outcome in enumerate(FIGURES, start=1)
        ]
        for key, act in acts:
            shortcut = QShortcut(QKeySequence(key), self.table)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(act)

    # -- what a list gives --------------------------------------------------------------------

    def ask(self, ctx: Context, values: dict[str, Any], after: T | None) -> tuple[T, ...]:
        """Return the rows behind one, from the first on where it is None."""
        raise NotImplementedError

    def reach_of(self, row: T) -> Reach:
        """Return who the patient of a row is."""
        raise NotImplementedError

    def patient_of(self, row: T) -> UUID:
        """Return the patient of a row."""
        raise NotImplementedError

    def broken_of(self, row: T) -> UUID | None:
        """Return the broken appointment of a row, where it is one."""
        raise NotImplementedError

    def key_of(self, row: T) -> UUID:
        """Return what tells rows apart."""
        raise NotImplementedError

    def facts_of(self, row: T) -> tuple[str, list[tuple[str, str | TagSpec]]]:
        """Return the work in words, and what is known of it."""
        raise NotImplementedError

    def intent_of(self, row: T) -> BookingIntent:
        """Return what is to be booked for a row."""
        raise NotImplementedError

    # -- showing ------------------------------------------------------------------------------

    def _filter(self) -> None:
        self.table.verticalScrollBar().setValue(0)
        self.model.set_rows((), more=False)
        self.refresh()

    def _values(self, limit: int = PAGE) -> dict[str, Any]:
        today, age = self.days.today, self.age.value()
        first = last = None
        if age == "old":
            last = today - timedelta(days=90)
        elif age:
            first = today - timedelta(days=int(age))
        return {
            "provider_id": self.provider.value(),
            "first_day": first,
            "last_day": last,
            "newest": self.order.value(),
            "declined": self.who.value(),
            "limit": limit,
        }

    def reload(self) -> None:
        """Ask again for as many as are shown, as of the day it is by now."""
        now = self.desk.operations.now()
        self.days.today = now.astimezone(ZoneInfo(self.desk.who.zone)).date()
        shown = max(PAGE, len(self.model.rows()))
        values = self._values(min(shown, 2 * PAGE))
        self.desk.operations.query(
            self,
            lambda ctx: (self.ask(ctx, values, None), appointments.people(ctx)),
            lambda found: self._show(values["limit"], *found),
            failed=lambda error: self.panel.show_failed(str(error), self.refresh),
            key="rows",
        )

    def _show(self, limit: int, rows: tuple[T, ...], people: People) -> None:
        before, scrolled = self.row(), self.table.verticalScrollBar().value()
        place = self.table.current_row().row()
        self.model.set_rows(rows, more=len(rows) == limit)
        self.provider.set_options(
            [(_("Every provider"), None), *((name, one) for one, name in people.providers)]
        )
        if self.provider.currentIndex() < 0:
            self.provider.setCurrentIndex(0)
        self._tell_count()
        if not rows:
            sentence, detail = self.none
            self.panel.show_empty(_(sentence), detail=_(detail))
            self.side.show_nobody()
            return
        self.panel.show_content(self.table)
        self.table.fit_columns(stretch=self.stretched)
        found = self.model.row_of(self.key_of(before)) if before is not None else -1
        self.table.choose_row(found if found >= 0 else max(0, min(place, len(rows) - 1)))
        self.table.verticalScrollBar().setValue(scrolled)

    def _tell_count(self) -> None:
        count = len(self.model.rows())
        words = ngettext("{count} to book", "{count} to book", count)
        if self.model.more:
            words = _("The first {count}; more as you scroll")
        self._count.setText(words.format(count=count))

    def _ask_more(self) -> None:
        rows = self.model.rows()
        if not rows:
            return
        values, last = self._values(), rows[-1]
        self.desk.operations.query(
            self,
            lambda ctx: self.ask(ctx, values, last),
            self._show_more,
            failed=lambda _error: self.model.fetch_failed(),
            key="more",
        )

    def _show_more(self, found: tuple[T, ...]) -> None:
        self.model.add_rows(found, more=len(found) == PAGE)
        self._tell_count()

    def row(self) -> T | None:
        """Return the chosen line."""
        return self.model.row(self.table.current_row().row())

    @Slot(QModelIndex)
    def _chosen(self, _index: QModelIndex) -> None:
        row = self.row()
        if row is None:
            self.side.show_nobody()
            return
        key, patient_id, broken_id = self.key_of(row), self.patient_of(row), self.broken_of(row)
        work, facts = self.facts_of(row)
        self.side.show_row(key, self.reach_of(row), work, facts)

        def read(ctx: Context) -> tuple[AttemptRow, ...]:
            return to_book.attempts_of(ctx, patient_id, broken_id)

        self.desk.operations.query(
            self.side,
            read,
            lambda found: self.side.show_tries(key, found),
            failed=lambda _error: None,
            key="tries",
        )

    # -- acts ---------------------------------------------------------------------------------

    def _record(self, outcome: str) -> None:
        """Record what came of a try; the next line is chosen by itself."""
        row = self.row()
        if row is None or not self._may:
            return
        name = self.reach_of(row).name
        new = NewAttempt(
            id=new_id(),
            patient_id=self.patient_of(row),
            appointment_id=self.broken_of(row),
            outcome=outcome,
            channel=self.side.way(),
            remark=self.side.take_remark(),
        )

        def done(_new: bool) -> None:
            self.desk.messages.say(_(_SAID[outcome]).format(name=name), "phone-call")
            self.table.choose_row(self.table.current_row().row() + 1)
            self.refresh()

        self.desk.operations.change(
            self,
            lambda ctx: to_book.add_attempt(ctx, new),
            done,
            failed=partial(self._not_recorded, new.remark),
        )

    def _not_recorded(self, remark: str, error: Exception) -> None:
        """Give the typed words back: nothing of them is stored."""
        self.side.give_back(remark)
        self.desk.messages.warn(str(error))

    def _book(self) -> None:
        row = self.row()
        if row is not None and self._may:
            self.desk.navigator.book(intent=self.intent_of(row))

    def _open(self) -> None:
        row = self.row()
        if row is not None:
            self.desk.navigator.open_patient(self.patient_of(row))

    def _menu(self, _index: QModelIndex, place: QPoint) -> None:
        if self.row() is None:
            return
        menu = QMenu(self)
        acts: list[tuple[str, str, Callable[[], None]]] = [(_("Open"), "Enter", self._open)]
        if self._may:
            acts.append((_("Book"), "N", self._book))
            acts += [
                (_(OUTCOMES[outcome]), str(figure), partial(self._record, outcome))
                for figure, outcome in enumerate(FIGURES, start=1)
            ]
        for words, key, act in acts:
            menu.addAction(f"{words}\t{key}").triggered.connect(lambda _on=False, act=act: act())
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
        if row is None:
            return None
        return PatientInView(self.patient_of(row), self.reach_of(row).name)

    def keys(self) -> list[KeyHelp]:
        """Return the keys of the list."""
        area = _("List")
        keys = [KeyHelp("Enter", _("open the record"), area)]
        if not self._may:
            return keys
        return [
            KeyHelp("N", _("book"), area),
            *(
                KeyHelp(str(figure), _(OUTCOMES[outcome]), area)
                for figure, outcome in enumerate(FIGURES, start=1)
            ),
            *keys,
        ]


def days_of(desk: Desk) -> Days:
    """Return how days are written at the clinic."""
    zone = ZoneInfo(desk.who.zone)
    return Days(desk.operations.now().astimezone(zone).date(), zone, desk.who.locale)
