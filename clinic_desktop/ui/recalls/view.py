"""The call list: who is due, the longest overdue first; a figure says what came of a call."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtCore import QModelIndex, QPoint, Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.recalls import OUTCOMES
from clinic_desktop.i18n import N_, _, ngettext
from clinic_desktop.services.context import Context
from clinic_desktop.services.recalls import service as recalls
from clinic_desktop.services.recalls.schemas import DueCount, DueRow, DueSearch, NewAttempt, Pause
from clinic_desktop.ui.booking_lists import ListsBar
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.intent import BookingIntent
from clinic_desktop.ui.recalls.dialogs import PauseDialog
from clinic_desktop.ui.recalls.due_model import Column, Days, due_model
from clinic_desktop.ui.recalls.panel import RecallPanel
from clinic_desktop.ui.screen import KeyHelp, PatientInView, Screen
from clinic_desktop.ui.widgets.fields import Choice
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.widgets.segmented import Segmented
from clinic_desktop.ui.widgets.side import SideSplit
from clinic_desktop.ui.widgets.table import TableView

PAGE: Final = 100
# The figures that record a call, in the order of the keys.
FIGURES: Final = ("no_answer", "message_left", "will_call", "declined", "wrong_number")
_SAID: Final = {
    "no_answer": N_("{name} did not answer."),
    "message_left": N_("A message was left for {name}."),
    "will_call": N_("{name} will call back."),
    "declined": N_("{name} does not want to come."),
    "wrong_number": N_("The number of {name} is wrong."),
}


class RecallScreen(Screen):
    """A table of who is due; 1 to 5 record a call, N books, P holds back, Enter opens."""

    title = N_("Call list")
    topics = frozenset({"recall", "recall_attempt", "recall_type", "appointment", "patient"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._may = desk.who.may("schedule.write")
        zone = ZoneInfo(desk.who.zone)
        self._days = Days(self._today(), zone, desk.who.locale)
        theme = desk.theme
        self.until = Segmented(
            [(_("Overdue"), 0), (_("In 30 days"), 30), (_("In 90 days"), 90)],
            theme=theme,
            value=30,
            name=_("Due until"),
        )
        self.kind = Choice([(_("Every kind"), None)], theme=theme, value=None)
        self.kind.setAccessibleName(_("Kind of recall"))
        self.who = Segmented(
            [(_("To call"), ""), (_("Booked too"), "booked"), (_("Declined too"), "declined")],
            theme=theme,
            name=_("Who is shown"),
        )
        self.model = due_model(self._days)
        self.table = TableView(theme=theme, two_lines=True, name=_("Call list"))
        self.table.setModel(self.model)
        self.table.setProperty("keys_area", _("List"))
        self.panel = StatePanel(theme=theme)
        self._count = Label(theme=theme, size="small", role="text_2", tabular=True)
        self.panel.add_foot(self._count, 1)
        self.side = RecallPanel(desk, self._days)
        self._build()
        self._connect()

    def _build(self) -> None:
        theme = self.desk.theme
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(ListsBar(self.desk, "recalls"))
        head.addStretch(1)
        for widget in (self.kind, self.until, self.who):
            head.addWidget(widget)
        self.split = SideSplit(self.panel, self.side, theme=theme, width=340)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.split, 1)
        self.panel.show_loading(_("Asking who is due…"))

    def _connect(self) -> None:
        for control in (self.kind, self.until, self.who):
            control.chosen.connect(lambda _value: self.refresh())
        self.model.wanted_more.connect(self._ask_more)
        self.table.row_changed.connect(self._chosen)
        self.table.opened.connect(lambda _index: self._open())
        self.table.menu_asked.connect(self._menu)
        if not self._may:
            return
        self.side.acted.connect(self._record)
        self.side.booked.connect(self._book)
        self.side.held_back.connect(self._pause)
        acts: list[tuple[str, Callable[[], None]]] = [("N", self._book), ("P", self._pause)]
        acts += [
            (str(figure), partial(self._record, outcome))
            for figure, outcome in enumerate(FIGURES, start=1)
        ]
        for key, act in acts:
            shortcut = QShortcut(QKeySequence(key), self.table)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(act)

    def _today(self) -> date:
        now = self.desk.operations.now()
        return now.astimezone(ZoneInfo(self.desk.who.zone)).date()

    # -- showing ----------------------------------------------------------------------------

    def reload(self) -> None:
        """Ask again for as many as are shown, as of the day it is by now."""
        self._days.today = self._today()
        shown = max(PAGE, len(self.model.rows()))
        search = self._search(limit=min(shown, 2 * PAGE))
        self.desk.operations.query(
            self,
            lambda ctx: (recalls.due(ctx, search), recalls.due_counts(ctx, search.until)),
            lambda found: self._show(search, *found),
            failed=self._failed,
            key="due",
        )

    def _search(self, *, limit: int = PAGE) -> DueSearch:
        return DueSearch(
            until=self._days.today + timedelta(days=self.until.value()),
            recall_type_id=self.kind.value(),
            booked=self.who.value() == "booked",
            declined=self.who.value() == "declined",
            limit=limit,
        )

    def _show(
        self, search: DueSearch, rows: tuple[DueRow, ...], counts: tuple[DueCount, ...]
    ) -> None:
        before, scrolled = self.row(), self.table.verticalScrollBar().value()
        place = self.table.current_row().row()
        self.model.set_rows(rows, more=len(rows) == search.limit)
        self._offer_kinds(counts)
        if not rows:
            self.panel.show_empty(
                _("Nobody is due"),
                detail=_("Completed work sets the next date; a date can also be set by hand."),
            )
            self.side.show_nobody()
            return
        self.panel.show_content(self.table)
        self.table.fit_columns(stretch=Column.WHAT)
        found = self.model.row_of(before.id) if before is not None else -1
        self.table.choose_row(found if found >= 0 else max(0, min(place, len(rows) - 1)))
        self.table.verticalScrollBar().setValue(scrolled)

    def _offer_kinds(self, counts: tuple[DueCount, ...]) -> None:
        waiting = sum(one.waiting for one in counts)
        every = (_("Every kind, {count}").format(count=waiting), None)
        self.kind.set_options(
            [every, *((f"{one.name}, {one.waiting}", one.recall_type_id) for one in counts)]
        )
        if self.kind.currentIndex() < 0:
            self.kind.set_value(None)
        more = waiting >= recalls.COUNTED_UP_TO
        words = ngettext("{count} waits for a call", "{count} wait for a call", waiting)
        if more:
            words = _("More than {count} wait for a call")
        self._count.setText(words.format(count=waiting))

    def _ask_more(self) -> None:
        rows = self.model.rows()
        if not rows:
            return
        search = self._search().model_copy(update={"after": rows[-1].place})
        self.desk.operations.query(
            self,
            lambda ctx: recalls.due(ctx, search),
            lambda found: self.model.add_rows(found, more=len(found) == search.limit),
            failed=lambda _error: self.model.fetch_failed(),
            key="more",
        )

    def _failed(self, error: Exception) -> None:
        self.panel.show_failed(str(error), self.refresh)

    def row(self) -> DueRow | None:
        """Return the chosen line."""
        return self.model.row(self.table.current_row().row())

    @Slot(QModelIndex)
    def _chosen(self, _index: QModelIndex) -> None:
        row = self.row()
        if row is None:
            self.side.show_nobody()
        else:
            self.side.show_row(row)

    # -- acts -------------------------------------------------------------------------------

    def _record(self, outcome: str) -> None:
        """Record what came of a call; the next line is chosen by itself."""
        row = self.row()
        if row is None or not self._may:
            return
        new = NewAttempt(
            id=new_id(),
            recall_id=row.id,
            patient_id=row.patient_id,
            outcome=outcome,
            channel=self.side.way(),
            remark=self.side.take_remark(),
        )

        def done(_new: bool) -> None:
            self.desk.messages.say(_(_SAID[outcome]).format(name=row.name), "phone-call")
            place = self.table.current_row().row()
            self.table.choose_row(place + 1)
            self.refresh()

        self.desk.operations.change(
            self,
            lambda ctx: recalls.add_attempt(ctx, new),
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
            intent = BookingIntent(
                row.patient_id,
                row.name,
                treatment_ids=row.treatment_ids,
                source="recall",
                recall_id=row.id,
                channel=self.side.way(),
                search=True,
            )
            self.desk.navigator.book(intent=intent)

    def _pause(self) -> None:
        row = self.row()
        if row is None or not self._may:
            return

        def done(version: int) -> None:
            self.desk.messages.undoable(
                _("{name} is held back.").format(name=row.name),
                lambda: self._let_go(row.id, version),
            )
            self.refresh()

        PauseDialog(
            self.desk, row.id, row.version, row.name, done, today=self._days.today, parent=self
        ).open()

    def _let_go(self, recall_id: UUID, version: int) -> None:
        def call(ctx: Context) -> int:
            return recalls.pause(ctx, Pause(id=recall_id, version=version))

        self.desk.operations.change(self, call, lambda _version: self.refresh())

    def _open(self) -> None:
        row = self.row()
        if row is not None:
            self.desk.navigator.open_patient(row.patient_id)

    def _menu(self, _index: QModelIndex, place: QPoint) -> None:
        if self.row() is None:
            return
        menu = QMenu(self)
        acts: list[tuple[str, str, Callable[[], None]]] = [(_("Open"), "Enter", self._open)]
        if self._may:
            acts += [
                (_(OUTCOMES[outcome]), str(figure), partial(self._record, outcome))
                for figure, outcome in enumerate(FIGURES, start=1)
            ]
            acts += [(_("Book"), "N", self._book), (_("Hold back"), "P", self._pause)]
        for words, key, act in acts:
            menu.addAction(f"{words}\t{key}").triggered.connect(lambda _on=False, act=act: act())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    # -- what the window asks ---------------------------------------------------------------

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
        return PatientInView(row.patient_id, row.name) if row is not None else None

    def keys(self) -> list[KeyHelp]:
        """Return the keys of the list."""
        area = _("List")
        keys = [KeyHelp("Enter", _("open the record"), area)]
        if self._may:
            keys = [
                *(
                    KeyHelp(str(figure), _(OUTCOMES[outcome]), area)
                    for figure, outcome in enumerate(FIGURES, start=1)
                ),
                KeyHelp("N", _("book"), area),
                KeyHelp("P", _("hold back"), area),
                *keys,
            ]
        return keys
