"""Everything that was changed in a section of the settings; each record opens its own history."""

from collections.abc import Callable
from enum import IntEnum
from typing import Final

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QWidget

from clinic_desktop.i18n import N_, _
from clinic_desktop.services.history.schemas import Touched
from clinic_desktop.services.history.section import changes_in
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.history.view import show_history
from clinic_desktop.ui.history.words import MADE, table_label
from clinic_desktop.ui.widgets.cells import Cell
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.widgets.rows_model import RowsModel
from clinic_desktop.ui.widgets.table import TableView
from clinic_desktop.ui.written import Written

_WIDTH: Final = 820
_HEIGHT: Final = 420


class Column(IntEnum):
    """The columns from left to right."""

    WHEN = 0
    WHO = 1
    WHAT = 2
    MADE = 3


TITLES: Final = {
    Column.WHEN: N_("When"),
    Column.WHO: N_("Who"),
    Column.WHAT: N_("What"),
    Column.MADE: N_("Change"),
}


class SectionHistoryDialog(Dialog):
    """The newest changes first; Enter shows the fields of a record and puts values back."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        *,
        name: str,
        tables: tuple[str, ...],
        renewed: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(
            _("Changes of {name}").format(name=name),
            theme=desk.theme,
            parent=parent,
            sentence=_("Open a change to see its values before and after, and to put one back."),
            icon="history",
            width=_WIDTH,
            close_words=_("Close"),
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.desk, self._tables, self._renewed = desk, tables, renewed
        who = desk.who
        self._written = Written(who.locale, who.currency, who.zone)
        self.model: RowsModel[Touched] = RowsModel(TITLES, self._cell, key=lambda row: row.seq)
        self.table = TableView(theme=desk.theme, name=self.windowTitle())
        self.table.setModel(self.model)
        self.table.opened.connect(self._open)
        self.panel = StatePanel(theme=desk.theme)
        self.panel.setMinimumHeight(_HEIGHT)
        self.body.addWidget(self.panel)
        self.see = self.set_primary(_("Show the values"), self._open_chosen)
        self.see.setEnabled(False)
        self._ask()

    def _ask(self) -> None:
        tables = self._tables
        self.panel.show_loading(_("Asking for the history…"))
        self.desk.operations.query(
            self,
            lambda ctx: changes_in(ctx, tables),
            self._show,
            failed=lambda error: self.panel.show_failed(str(error), self._ask),
            key="changes",
        )

    def _show(self, rows: tuple[Touched, ...]) -> None:
        self.model.set_rows(rows)
        self.see.setEnabled(bool(rows))
        if not rows:
            self.panel.show_empty(_("Nothing was changed yet"))
            return
        self.panel.show_content(self.table)
        self.table.fit_columns(stretch=Column.WHAT)
        self.table.choose_row(0)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _cell(self, row: Touched, column: Column) -> Cell:
        match column:
            case Column.WHEN:
                return Cell(self._written.moment(row.at), tabular=True)
            case Column.WHO:
                device = f" · {row.device}" if row.device else ""
                return Cell(row.by or _("The program"), after=device)
            case Column.WHAT:
                return Cell(row.name or table_label(row.table), size="strong")
            case _:
                return Cell(_(MADE[row.made]))

    def _open_chosen(self) -> None:
        self._open(self.table.current_row())

    def _open(self, index: QModelIndex) -> None:
        row = self.model.row(index.row())
        if row is not None:
            show_history(
                self.desk,
                self,
                name=row.name or table_label(row.table),
                table=row.table,
                row_id=row.row_id,
                renewed=self._ask,
            )
