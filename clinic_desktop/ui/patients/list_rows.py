"""The rows of the list as they come: who was chosen stays chosen, what changed is lit."""

from typing import Final
from uuid import UUID

from PySide6.QtCore import QObject, QTimer

from clinic_desktop.domain.search_terms import beginnings_of, read_terms
from clinic_desktop.services.patients.schemas import PatientRow
from clinic_desktop.ui.patients.list_fit import fit_list
from clinic_desktop.ui.patients.question import Answer
from clinic_desktop.ui.patients.table_model import PatientTableModel
from clinic_desktop.ui.patients.words import Looks
from clinic_desktop.ui.widgets.table import TableView

FLASH_MS: Final = 2500


class ListRows(QObject):
    """Puts answers into the table; the first row is chosen until a person chooses another."""

    def __init__(self, table: TableView, model: PatientTableModel, parent: QObject) -> None:
        super().__init__(parent)
        self._table, self._model = table, model
        self._first: UUID | None = None
        self._unflash = QTimer(self)
        self._unflash.setSingleShot(True)
        self._unflash.setInterval(FLASH_MS)
        self._unflash.timeout.connect(lambda: model.flash(frozenset()))

    def chosen(self) -> PatientRow | None:
        """Return the selected patient."""
        return self._model.row_at(self._table.current_row().row())

    def first_is_chosen(self) -> bool:
        """Return whether the choice is still on whoever stood first."""
        return self._chosen_id() == self._first

    def _chosen_id(self) -> UUID | None:
        row = self.chosen()
        return row.id if row is not None else None

    def show(self, answer: Answer, looks: Looks, *, typed: str, same: bool, keep: bool) -> None:
        """Show an answer; of the ``same`` question in place, ``keep`` finds the choice again."""
        chosen = self._chosen_id() if keep else None
        if same and self._model.renew_rows(
            answer.rows, looks=looks, more=answer.more, top=answer.top
        ):
            self._unflash.start()
        else:
            self._reset(answer, looks, typed, chosen)

    def _reset(self, answer: Answer, looks: Looks, typed: str, chosen: UUID | None) -> None:
        """Show other rows; a choice made by a person is found again, else the first is chosen."""
        table, model = self._table, self._model
        scrolled = table.verticalScrollBar().value() if chosen is not None else 0
        terms = read_terms(typed, locale=looks.locale, today=looks.today)
        model.set_rows(
            answer.rows,
            looks=looks,
            more=answer.more,
            typed=typed,
            beginnings=beginnings_of(terms),
            top=answer.top,
        )
        self.fit()
        place = model.place_of(chosen) if chosen is not None else -1
        table.choose_row(place if place >= 0 else model.first_row())
        if place < 0:
            self._first = self._chosen_id()
        if chosen is not None:
            table.verticalScrollBar().setValue(scrolled)

    def add(self, answer: Answer) -> None:
        """Show a page below the others; who only sounds like it stands on the first alone."""
        rows = tuple(row for row in answer.rows if not row.sounds_like)
        begins = not self._model.patients() and bool(rows)
        self._model.add_rows(rows, more=answer.more)
        if begins:
            self.fit()
            self._table.choose_row(self._model.first_row())

    def fit(self) -> None:
        """Give columns their content's width; where there is too little, names and phones yield."""
        if self._model.rowCount():
            fit_list(self._table, self._model)
