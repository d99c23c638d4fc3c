"""The left side of a section with records: its table, found through by the search above."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_desktop.domain.folding import fold
from clinic_desktop.i18n import _
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.fields import SearchField
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.widgets.rows_model import RowsModel, keep_place
from clinic_desktop.ui.widgets.table import TableView

T = TypeVar("T")


@dataclass(frozen=True)
class Words:
    """What this kind of record is called, already translated; without ``search`` there is none."""

    many: str
    new: str
    none: str
    search: str = ""


class RecordList(QWidget, Generic[T]):
    """``filling`` is True while the program, not a person, changes the rows.

    ``searched`` returns the words by which a record is found, ``stretched`` the column that takes
    the room left.
    """

    def __init__(
        self,
        words: Words,
        model: RowsModel[T],
        *,
        theme: Theme,
        searched: Callable[[T], str],
        stretched: Callable[[], int],
    ) -> None:
        super().__init__()
        self._words, self._model = words, model
        self._searched, self._stretched = searched, stretched
        self.rows: tuple[T, ...] = ()
        self.filling = False
        self.table = TableView(theme=theme, name=words.many)
        self.table.setProperty("keys_area", words.many)
        self.table.setModel(model)
        self.panel = StatePanel(words.many, theme=theme)
        self.new = Button(words.new, theme=theme, icon="plus", key="N", small=True)
        self.panel.add_head(self.new)
        self.search = SearchField(words.search or words.many, theme=theme, key="Ctrl+F")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        if words.search:
            column.addWidget(self.search)
        else:
            self.search.hide()
        column.addWidget(self.panel, 1)
        self.table.went_up.connect(self.find_here)
        self.search.searched.connect(lambda _text: self.fill())
        self.search.went_down.connect(self.table.setFocus)

    def show_rows(self, rows: tuple[T, ...]) -> None:
        """Show other records."""
        self.rows = rows
        self.fill()

    def fill(self) -> None:
        """Show the records that are searched for, and say where there are none."""
        wanted = fold(self.search.text()) if self._words.search else ""
        rows = tuple(row for row in self.rows if wanted in fold(self._searched(row)))
        self.filling = True
        keep_place(self.table, self._model, rows)
        self.filling = False
        self.table.fit_columns(stretch=self._stretched())
        if rows:
            self.panel.show_content(self.table)
        elif self.rows:
            self.panel.show_empty(_("Nothing here is called “{text}”.").format(text=wanted))
        else:
            self.panel.show_empty(self._words.none)
        self.panel.set_note(str(len(rows)) if rows else "")

    def go_to(self, record: UUID) -> bool:
        """Choose a record, whatever is searched for; return whether it is there."""
        if self._model.row_of(record) < 0:
            self.search.clear()
            self.fill()
        place = self._model.row_of(record)
        if place >= 0:
            self.table.choose_row(place)
        return place >= 0

    def record(self) -> T | None:
        """Return the chosen record."""
        return self._model.row(self.table.current_row().row())

    def find_here(self) -> None:
        """Go to the search."""
        if self._words.search:
            self.search.setFocus()
            self.search.selectAll()
