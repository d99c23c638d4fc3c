"""The history of one record: each change with its fields, and an earlier value put back."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Final
from uuid import UUID

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QHeaderView, QWidget

from clinic_desktop.errors import StaleError
from clinic_desktop.i18n import N_, _
from clinic_desktop.services.history.schemas import Change, FieldChange, RecordHistory
from clinic_desktop.services.history.service import history_of, put_back
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.history.words import MADE, field_label, value_text
from clinic_desktop.ui.widgets.cells import Cell, none_cell, unknown_cell
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.paged_model import PagedModel
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.widgets.table import TableView
from clinic_desktop.ui.written import Written

_WIDTH: Final = 880
_HEIGHT: Final = 460


class Column(IntEnum):
    """The columns from left to right."""

    FIELD = 0
    BEFORE = 1
    AFTER = 2


TITLES: Final = {
    Column.FIELD: N_("What"),
    Column.BEFORE: N_("Before"),
    Column.AFTER: N_("After"),
}


@dataclass(frozen=True)
class Line:
    """One field of one change; ``field`` is None for a change without any to show."""

    change: Change
    field: FieldChange | None


def lines_of(history: RecordHistory) -> tuple[Line, ...]:
    """Return a line for each field that was changed, the newest change first."""
    return tuple(
        Line(change, field)
        for change in history.changes
        for field in (change.fields if change.fields and not change.hidden else (None,))
    )


class HistoryDialog(Dialog):
    """Who, when, from which PC and why stand above the fields of a change.

    ``renewed`` is called when a value was put back, so that the screen behind reads again.
    """

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        *,
        name: str,
        table: str,
        row_id: UUID,
        renewed: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(
            _("History of {name}").format(name=name),
            theme=desk.theme,
            parent=parent,
            sentence=_("Nothing here can be edited. A value put back is a change like any other."),
            icon="history",
            width=_WIDTH,
            close_words=_("Close"),
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.desk = desk
        self._table, self._row_id, self._renewed = table, row_id, renewed
        who = desk.who
        self._written = Written(who.locale, who.currency, who.zone)
        self._history: RecordHistory | None = None
        self.model: PagedModel[Line] = PagedModel(
            TITLES,
            self._cell,
            key=lambda line: (line.change.seq, line.field.field if line.field else ""),
            heading=self.heading,
        )
        self.table = TableView(theme=desk.theme, name=self.windowTitle())
        self.table.setModel(self.model)
        self.table.row_changed.connect(self._row_changed)
        self.panel = StatePanel(theme=desk.theme)
        self.panel.setMinimumHeight(_HEIGHT)
        self.body.addWidget(self.panel)
        self.back = self.set_primary(_("Put this value back"), self._put_back, icon="undo-2")
        self.back.setEnabled(False)
        self._ask()

    def _ask(self) -> None:
        table, row_id = self._table, self._row_id
        self.panel.show_loading(_("Asking for the history…"))
        self.desk.operations.query(
            self,
            lambda ctx: history_of(ctx, table, row_id),
            self._show,
            failed=lambda error: self.panel.show_failed(str(error), self._ask),
            key="history",
        )

    def _show(self, history: RecordHistory) -> None:
        self._history = history
        self.model.set_rows(lines_of(history))
        if not history.changes:
            self.panel.show_empty(
                _("Nothing was changed yet"),
                detail=_("Records that came with an opening balance or an import begin here."),
            )
            return
        self.panel.show_content(self.table)
        self.table.fit_columns(stretch=Column.AFTER)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(Column.BEFORE, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(120)
        self.table.choose_row(0)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def heading(self, line: Line) -> str:
        """Return who made a change, when, where and why."""
        change = line.change
        parts = [_(MADE[change.made]), self._written.moment(change.at), change.by]
        parts += [part for part in (change.device, change.reason) if part]
        return " · ".join(parts)

    def _cell(self, line: Line, column: Column) -> Cell:
        change, field = line.change, line.field
        if field is None:
            if column is not Column.FIELD:
                return Cell()
            if change.hidden:
                return unknown_cell(_("Your roles do not include these values"))
            return Cell(_("Nothing that is shown on a form"), role="text_3")
        if column is Column.FIELD:
            return Cell(field_label(field.field), size="strong")
        value = field.before if column is Column.BEFORE else field.after
        text = value_text(change.table, field, value, self._written)
        return Cell(text, tabular=True) if text else none_cell()

    def chosen(self) -> Line | None:
        """Return the line in view."""
        return self.model.row(self.table.current_row().row())

    def _row_changed(self, _index: QModelIndex) -> None:
        line = self.chosen()
        self.back.setEnabled(line is not None and line.field is not None and line.field.restorable)

    def _put_back(self) -> None:
        line, history = self.chosen(), self._history
        if line is None or line.field is None or history is None or history.version is None:
            return
        version, seq, field = history.version, line.change.seq, line.field.field
        table, row_id = self._table, self._row_id
        self.set_busy(True)
        self.desk.operations.change(
            self,
            lambda ctx: put_back(ctx, table, row_id, version=version, seq=seq, field=field),
            lambda _version: self._is_back(line),
            failed=self._refused,
            reason=_("Put back from the history"),
        )

    def _is_back(self, line: Line) -> None:
        if line.field is not None:
            self.panel.set_note("")
            self.desk.messages.say(
                _("{field} is as it was before.").format(field=field_label(line.field.field)),
                "undo-2",
            )
        if self._renewed is not None:
            self._renewed()
        self._ask()

    def _refused(self, error: Exception) -> None:
        self.set_busy(False)
        sentence = str(error)
        if isinstance(error, StaleError):
            sentence = _("Somebody saved this record just now. Look at the history again.")
        self.panel.show_failed(sentence, self._ask, title=_("Not put back"))


def show_history(
    desk: Desk,
    parent: QWidget,
    *,
    name: str,
    table: str,
    row_id: UUID,
    renewed: Callable[[], None] | None = None,
) -> HistoryDialog:
    """Open the history of a record over the window of ``parent``."""
    dialog = HistoryDialog(desk, parent, name=name, table=table, row_id=row_id, renewed=renewed)
    dialog.open()
    return dialog
