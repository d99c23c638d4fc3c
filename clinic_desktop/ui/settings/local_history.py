"""The history of this computer's settings: who, when, before and after, and a value put back."""

from collections.abc import Callable
from enum import IntEnum
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QWidget

from clinic_desktop.errors import ClinicError
from clinic_desktop.i18n import N_, _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.settings.local_log import LocalChange, LocalLog
from clinic_desktop.ui.widgets.cells import Cell, none_cell
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.rows_model import RowsModel
from clinic_desktop.ui.widgets.table import TableView
from clinic_desktop.ui.written import Written

_WIDTH: Final = 820
_HEIGHT: Final = 380
FIELDS: Final = {
    "language": N_("Language before sign-in"),
    "theme": N_("Theme before sign-in"),
    "scale": N_("Size of everything"),
    "device_name": N_("Name of this computer"),
    "scan_folder": N_("Scan folder"),
    "xray_programs": N_("X-ray programs"),
}


class Column(IntEnum):
    """The columns from left to right."""

    WHEN = 0
    WHO = 1
    FIELD = 2
    BEFORE = 3
    AFTER = 4


TITLES: Final = {
    Column.WHEN: N_("When"),
    Column.WHO: N_("Who"),
    Column.FIELD: N_("What"),
    Column.BEFORE: N_("Before"),
    Column.AFTER: N_("After"),
}


class LocalHistoryDialog(Dialog):
    """``renewed`` is called when a value was put back, so that the section reads again."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        *,
        home: Path,
        fields: frozenset[str],
        renewed: Callable[[], None],
    ) -> None:
        super().__init__(
            _("Changes of this computer"),
            theme=desk.theme,
            parent=parent,
            sentence=_("A value put back is a change like any other."),
            icon="history",
            width=_WIDTH,
            close_words=_("Close"),
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.desk, self._log, self._fields, self._renewed = desk, LocalLog(home), fields, renewed
        who = desk.who
        self._written = Written(who.locale, who.currency, who.zone)
        self.model: RowsModel[LocalChange] = RowsModel(TITLES, self._cell, key=_key)
        self.table = TableView(theme=desk.theme, name=self.windowTitle())
        self.table.setModel(self.model)
        self.table.setMinimumHeight(_HEIGHT)
        self.table.opened.connect(lambda _index: self.put_back())
        self.table.row_changed.connect(self._row_changed)
        self.refusal = Label(theme=desk.theme, role="danger", wrap=True)
        self.body.addWidget(self.table)
        self.body.addWidget(self.refusal)
        self.refusal.hide()
        self.back = self.set_primary(_("Put this value back"), self.put_back, icon="undo-2")
        self._show()

    def _show(self) -> None:
        self.model.set_rows(self._log.changes(self._fields))
        self.table.fit_columns(stretch=Column.AFTER)
        self.table.choose_row(0)
        self._row_changed()

    def _row_changed(self, _index: QModelIndex | None = None) -> None:
        self.back.setEnabled(self.model.row(self.table.current_row().row()) is not None)

    def _cell(self, row: LocalChange, column: Column) -> Cell:
        match column:
            case Column.WHEN:
                return Cell(self._written.moment(row.at), tabular=True)
            case Column.WHO:
                return Cell(row.by)
            case Column.FIELD:
                return Cell(_(FIELDS[row.field]), size="strong")
            case _:
                text = _words(row.before if column is Column.BEFORE else row.after)
                return Cell(text) if text else none_cell()

    def put_back(self) -> None:
        """Give the setting the value it had before the chosen change."""
        row = self.model.row(self.table.current_row().row())
        if row is None:
            return
        try:
            self._log.keep(
                self.desk.who.name, self.desk.operations.now(), **{row.field: row.before}
            )
        except (ClinicError, ValueError) as error:
            self.refusal.setText(
                str(error)
                if isinstance(error, ClinicError)
                else _("The earlier value does not fit any more.")
            )
            self.refusal.show()
            return
        self.refusal.hide()
        self.desk.messages.say(
            _("{field} is as it was before.").format(field=_(FIELDS[row.field])), "undo-2"
        )
        self._renewed()
        self._show()


def _key(row: LocalChange) -> tuple[str, str]:
    return row.at.isoformat(), row.field


def _words(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(one.get("name", one)) for one in value)
    return "" if value is None else str(value)
