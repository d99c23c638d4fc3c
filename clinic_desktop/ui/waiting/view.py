"""The waiting list: who waits, for what, when they can come, what was offered so far."""

from collections.abc import Callable
from enum import IntEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.phones import show_phone
from clinic_desktop.i18n import N_, _, ngettext
from clinic_desktop.services.waiting import service as waiting
from clinic_desktop.services.waiting.schemas import RequestRow
from clinic_desktop.ui.booking_lists import ListsBar
from clinic_desktop.ui.calling.columns import EDGES, fit
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.intent import BookingIntent
from clinic_desktop.ui.keymap.binding import bind_within
from clinic_desktop.ui.screen import KeyHelp, PatientInView, Screen
from clinic_desktop.ui.waiting.request_dialog import RequestDialog
from clinic_desktop.ui.waiting.words import offers_words, when_words
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.cells import Cell, name_cell
from clinic_desktop.ui.widgets.hiding import hide_unless
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.painting import TagSpec
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.widgets.rows_model import RowsModel, keep_place
from clinic_desktop.ui.widgets.table import TableView


class Column(IntEnum):
    """The columns from left to right."""

    PATIENT = 0
    WHAT = 1
    WHEN = 2
    SINCE = 3
    ASKED = 4


_TITLES: Final = {
    Column.PATIENT: N_("Patient"),
    Column.WHAT: N_("For"),
    Column.WHEN: N_("Can come"),
    Column.SINCE: N_("Waits since"),
    Column.ASKED: N_("Asked"),
}


class WaitingScreen(Screen):
    """Urgent ones first; N puts somebody on the list, E changes, X takes off, B books now."""

    title = N_("Waiting list")
    topics = frozenset({"waiting_request", "waiting_offer", "appointment", "patient"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._may = desk.who.may("schedule.write")
        theme = desk.theme
        self.model: RowsModel[RequestRow] = RowsModel(_TITLES, self._cell, key=lambda row: row.id)
        self.table = TableView(theme=theme, two_lines=True, name=_("Waiting list"))
        self.table.setModel(self.model)
        self.table.setProperty("keys_area", _("List"))
        self.table.opened.connect(lambda _index: self._open())
        self.table.menu_asked.connect(self._menu)
        self.panel = StatePanel(theme=theme)
        self._count = Label(theme=theme, role="text_2", tabular=True)
        self.new = Button(_("Put on the list"), theme=theme, icon="plus", key="N", kind="primary")
        self.new.clicked.connect(self.add)
        hide_unless(self.new, self._may)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(ListsBar(desk, "waiting"))
        head.addWidget(self._count, 1)
        head.addWidget(self.new)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.panel, 1)
        self.panel.show_loading(_("Asking who waits…"))
        if self._may:
            acts = (("N", self.add), ("E", self.edit), ("X", self.withdraw), ("B", self.book))
            for key, act in acts:
                bind_within(self, key, act)

    # -- showing ----------------------------------------------------------------------------

    def reload(self) -> None:
        """Ask who waits."""
        self.desk.operations.query(
            self,
            waiting.waiting_list,
            self._show,
            failed=lambda error: self.panel.show_failed(str(error), self.refresh),
            key="list",
        )

    def _show(self, rows: tuple[RequestRow, ...]) -> None:
        words = ngettext("{count} waits", "{count} wait", len(rows))
        self._count.setText(words.format(count=len(rows)))
        keep_place(self.table, self.model, rows)
        if not rows:
            self.panel.show_empty(
                _("Nobody waits"),
                detail=_("Put somebody on the list who would come sooner."),
            )
            return
        self.panel.show_content(self.table)
        room = self.panel.width() - EDGES
        fit(self.table, stretch=Column.WHEN, name=Column.PATIENT, room=room, least=220)
        if not self.table.current_row().isValid():
            self.table.choose_row(0)

    def _cell(self, row: RequestRow, column: Column) -> Cell:
        who = self.desk.who
        if column == Column.PATIENT:
            return name_cell(row.name, second=show_phone(row.phone) or _("Not recorded"))
        if column == Column.WHAT:
            parts = (row.provider, _("{count} min").format(count=row.minutes))
            tags = (TagSpec("danger", _("urgent")),) if row.urgent else ()
            second = " · ".join(part for part in parts if part)
            return Cell(row.service or _("No service yet"), second=second, tags=tags)
        if column == Column.WHEN:
            return Cell(when_words(row, who.locale), second=row.remark)
        if column == Column.SINCE:
            day = row.since.astimezone(ZoneInfo(who.zone)).date()
            visit = ""
            if row.visit_at is not None:
                at = row.visit_at.astimezone(ZoneInfo(who.zone)).date()
                visit = _("has a visit on {day}").format(day=format_date(at, who.locale))
            return Cell(format_date(day, who.locale), second=visit, tabular=True)
        return Cell(offers_words(row), role="text_2")

    def row(self) -> RequestRow | None:
        """Return the chosen row."""
        return self.model.row(self.table.current_row().row())

    # -- acts -------------------------------------------------------------------------------

    def add(self) -> None:
        """Put somebody on the list."""
        RequestDialog(self.desk, self.refresh, parent=self).open()

    def edit(self) -> None:
        """Change what the chosen one waits for."""
        row = self.row()
        if row is not None:
            RequestDialog(self.desk, self.refresh, row=row, parent=self).open()

    def withdraw(self) -> None:
        """Take the chosen one off the list; undo puts them back."""
        row = self.row()
        if row is None:
            return

        def done(version: int) -> None:
            def undo() -> None:
                self.desk.operations.change(
                    self,
                    lambda ctx: waiting.wait_again(ctx, row.id, version),
                    lambda _version: self.refresh(),
                )

            self.desk.messages.undoable(
                _("{name} is off the waiting list.").format(name=row.name), undo
            )
            self.refresh()

        self.desk.operations.change(
            self, lambda ctx: waiting.withdraw(ctx, row.id, row.version), done
        )

    def book(self) -> None:
        """Look for a time for the chosen one; whoever has a later visit is moved instead."""
        row = self.row()
        if row is None or not self._may:
            return
        if row.appointment_id is not None:
            words = _("{name} has a visit that would be brought on: W offers a free time.")
            self.desk.messages.say(words.format(name=row.name), "info")
            return
        intent = BookingIntent(
            row.patient_id,
            row.name,
            treatment_ids=(row.treatment_id,) if row.treatment_id is not None else (),
            minutes=row.minutes,
            provider_id=row.provider_id,
            source="waiting_list",
            request_id=row.id,
            search=True,
        )
        self.desk.navigator.book(intent=intent)

    def _open(self) -> None:
        row = self.row()
        if row is not None:
            self.desk.navigator.open_patient(row.patient_id)

    def _menu(self, _index: QModelIndex, place: QPoint) -> None:
        menu = QMenu(self)
        acts: list[tuple[str, str, Callable[[], None]]] = [(_("Open"), "Enter", self._open)]
        if self._may:
            acts += [(_("Change"), "E", self.edit), (_("Take off the list"), "X", self.withdraw)]
            acts.append((_("Book"), "B", self.book))
        for words, key, act in acts:
            menu.addAction(f"{words}\t{key}").triggered.connect(lambda _on=False, act=act: act())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    # -- what the window asks ---------------------------------------------------------------

    def open_at(self, **_where: Any) -> None:
        """Show who waits now."""
        self.refresh()

    def start_focus(self) -> None:
        """Begin in the list."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def panes(self) -> list[QWidget]:
        """Return the list."""
        return [self.table]

    def patient_in_view(self) -> PatientInView | None:
        """Return who is chosen."""
        row = self.row()
        return PatientInView(row.patient_id, row.name) if row is not None else None

    def keys(self) -> list[KeyHelp]:
        """Return the keys of the list."""
        area = _("List")
        keys = [KeyHelp("Enter", _("open the record"), area)]
        if self._may:
            keys = [
                KeyHelp("N", _("put on the list"), area),
                KeyHelp("E", _("change"), area),
                KeyHelp("X", _("take off the list"), area),
                KeyHelp("B", _("book"), area),
                *keys,
            ]
        return keys
