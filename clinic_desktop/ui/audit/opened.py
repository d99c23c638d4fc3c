"""Who opened a patient's record, and when: the access log of one record."""

from typing import Final
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from clinic_desktop.i18n import _
from clinic_desktop.services.audit.schemas import AuditColumn, AuditPage, AuditRow
from clinic_desktop.services.audit.service import opened_by
from clinic_desktop.ui.audit.cells import TITLES, cell_of
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.widgets.cells import Cell
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.widgets.rows_model import RowsModel
from clinic_desktop.ui.widgets.table import TableView
from clinic_desktop.ui.written import Written

_COLUMNS: Final = (
    AuditColumn.WHEN, AuditColumn.WHO, AuditColumn.PC, AuditColumn.ACTION, AuditColumn.WHAT,
)  # fmt: skip


class OpenedDialog(Dialog):
    """The latest two hundred; the rest is in Settings, Audit."""

    def __init__(self, desk: Desk, parent: QWidget, patient_id: UUID, name: str) -> None:
        super().__init__(
            _("Who opened the record of {name}").format(name=name),
            theme=desk.theme,
            parent=parent,
            sentence=_("Looking here is written down as well. Older entries are in the audit."),
            icon="eye",
            width=760,
            close_words=_("Close"),
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.desk = desk
        self._patient_id = patient_id
        written = Written(desk.who.locale, desk.who.currency, desk.who.zone)

        def cell(row: AuditRow, column: AuditColumn) -> Cell:
            return cell_of(row, column, "opened", written)

        self.model: RowsModel[AuditRow] = RowsModel(
            {column: TITLES[column] for column in _COLUMNS}, cell, key=lambda row: row.key
        )
        self.table = TableView(theme=desk.theme, name=self.windowTitle())
        self.table.setModel(self.model)
        self.panel = StatePanel(theme=desk.theme)
        self.panel.setMinimumHeight(420)
        self.body.addWidget(self.panel)
        self._ask()

    def _ask(self) -> None:
        patient_id = self._patient_id
        self.panel.show_loading(_("Reading the log…"))
        self.desk.operations.query(
            self,
            lambda ctx: opened_by(ctx, patient_id),
            self._show,
            failed=lambda error: self.panel.show_failed(str(error), self._ask),
            key="opened",
        )

    def _show(self, page: AuditPage) -> None:
        self.model.set_rows(page.rows)
        if not page.rows:
            self.panel.show_empty(_("Nobody has opened this record"))
            return
        self.panel.show_content(self.table)
        self.table.fit_columns()
        self.table.choose_row(0)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
