"""The day as a list: every visit in one table, by time, with the letters of the board."""

from dataclasses import replace
from enum import IntEnum
from typing import Final

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent

from clinic_desktop.domain.phones import show_phone
from clinic_desktop.domain.visit_status import KEYS, VisitStatus
from clinic_desktop.i18n import N_, _
from clinic_desktop.services.appointments.doubles import Others, others_of_day
from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.services.today.schemas import Board
from clinic_desktop.ui.appointments.words import also_words
from clinic_desktop.ui.keymap.keymap import meant_key
from clinic_desktop.ui.patients.words import VISITS
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.today.cards import ERRAND_KEYS, Card, Looks, card_of_visit
from clinic_desktop.ui.widgets.cells import Cell, name_cell, none_cell
from clinic_desktop.ui.widgets.painting import TagSpec
from clinic_desktop.ui.widgets.rows_model import RowsModel, keep_place
from clinic_desktop.ui.widgets.table import TableView


class Column(IntEnum):
    """The columns of the list."""

    TIME = 0
    PATIENT = 1
    STATUS = 2
    STATE = 3
    SERVICE = 4
    PROVIDER = 5
    CHAIR = 6
    PHONE = 7


_TITLES: Final = {
    Column.TIME: N_("Time"),
    Column.PATIENT: N_("Patient"),
    Column.STATUS: N_("Status"),
    Column.STATE: "",
    Column.SERVICE: N_("Service"),
    Column.PROVIDER: N_("Provider"),
    Column.CHAIR: N_("Chair"),
    Column.PHONE: N_("Phone"),
}

_FALLEN: Final = ("soft", "x", N_("Cancelled"))


class VisitList(TableView):
    """The visits of the board as rows; the same letters act on the chosen one."""

    acted = Signal(object, object)
    """Card and the status it is to have, or the errand to run."""
    chair_asked = Signal(object)
    wanted = Signal(object)
    """Card whose patient is to be opened."""

    def __init__(self, theme: Theme, looks: Looks) -> None:
        super().__init__(theme=theme, name=_("Visits of the day"))
        self._looks = looks
        self._board: Board | None = None
        self._chairs: dict[object, str] = {}
        self._others: Others = {}
        self.visits: RowsModel[AppointmentRow] = RowsModel(
            _TITLES, self._cell, key=lambda visit: visit.id
        )
        self.setModel(self.visits)
        self.setProperty("keys_area", _("Board"))
        self.opened.connect(self._open)

    def show_visits(self, board: Board, visits: tuple[AppointmentRow, ...]) -> None:
        """Show these visits of the board; the chosen one stays chosen."""
        first = self._board is None
        self._board = board
        self._chairs = {chair.chair_id: chair.name for chair in board.sheet.chairs}
        self._others = others_of_day(board.visits)
        keep_place(self, self.visits, visits)
        if first:
            self.fit_columns(stretch=Column.SERVICE)

    def chosen(self) -> Card | None:
        """Return the chosen visit as a card."""
        visit = self.visits.row(self.current_row().row())
        if visit is None or self._board is None:
            return None
        return card_of_visit(visit, self._board, self._looks)

    def choose_visit(self, visit_id: object) -> bool:
        """Choose a visit; return whether it is in the list."""
        row = self.visits.row_of(visit_id)
        if row >= 0:
            self.choose_row(row)
        return row >= 0

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Act by the letters of the board."""
        card, key = self.chosen(), meant_key(self, event)
        wanted = KEYS.get(key) or ERRAND_KEYS.get(key)
        shift = event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        if card is None or wanted is None:
            super().keyPressEvent(event)
        elif shift and wanted == VisitStatus.IN_CHAIR:
            self.chair_asked.emit(card)
        else:
            self.acted.emit(card, wanted)

    def _open(self, _index: QModelIndex) -> None:
        card = self.chosen()
        if card is not None:
            self.wanted.emit(card)

    def _cell(self, visit: AppointmentRow, column: Column) -> Cell:
        if column == Column.TIME:
            return Cell(self._looks.clock(visit.starts_at), tabular=True, band=visit.colour)
        if column == Column.PATIENT:
            return self._name(visit)
        if column == Column.STATUS:
            kind, icon, title = VISITS.get(visit.status, _FALLEN)
            return Cell(tags=(TagSpec(kind, _(title), icon),))
        if column == Column.STATE:
            return self._state(visit)
        words = {
            Column.SERVICE: visit.service,
            Column.PROVIDER: visit.provider,
            Column.CHAIR: self._chairs.get(visit.chair_id, ""),
            Column.PHONE: show_phone(visit.phone),
        }[column]
        return Cell(words, role="text_2", tabular=column == Column.PHONE) if words else none_cell()

    def _name(self, visit: AppointmentRow) -> Cell:
        """Return the patient, with what else they have today."""
        also = also_words(visit, self._others.get(visit.id, ()), self._looks.locale)
        return replace(name_cell(visit.patient), after=f" · {also}" if also else "")

    def _state(self, visit: AppointmentRow) -> Cell:
        if self._board is None:
            return Cell()
        card = card_of_visit(visit, self._board, self._looks)
        if card.tag is not None:
            return Cell(tags=(card.tag,))
        return Cell(card.after, role="text_2", tabular=True)
