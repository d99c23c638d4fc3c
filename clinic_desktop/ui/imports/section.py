"""Settings: what was imported, by whom, from which file; and taking a run back."""

from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import QModelIndex, QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.i18n import N_, _
from clinic_desktop.services import imports
from clinic_desktop.services.imports.schemas import RunRow, Undone
from clinic_desktop.services.progress import StoppedError
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.exports.bringing import BringInDialog
from clinic_desktop.ui.imports.outcome import Outcome
from clinic_desktop.ui.imports.tables import run_model
from clinic_desktop.ui.keymap.binding import bind
from clinic_desktop.ui.operation import Progress
from clinic_desktop.ui.screen import KeyHelp
from clinic_desktop.ui.settings.section import Section
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.hiding import hide_unless
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.long_work import LongWork
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.widgets.rows_model import keep_place
from clinic_desktop.ui.widgets.table import TableView

# What is written when a record comes back whole.
_BRINGS: Final = (
    "patients.export", "patients.write", "schedule.write", "clinical.write", "billing.post",
    "documents.write", "catalogue.write", "settings.write",
)  # fmt: skip


class TransferSection(Section):
    """Runs of the past, latest first."""

    title = N_("Import and export")
    topics = frozenset({"import_run"})
    wide = True
    sentence = N_("Lists of other systems are brought in whole, and can be taken back whole.")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        theme = desk.theme
        self._steps: Progress | None = None
        self._work: LongWork | None = None
        self.begin = Button(_("Import a file…"), theme=theme, icon="upload", key="N", small=True)
        self.begin.clicked.connect(self.open_import)
        self.bring = Button(
            _("Bring in a record…"), theme=theme, icon="user-plus", key="B", small=True
        )
        self.bring.clicked.connect(self.bring_record)
        hide_unless(self.bring, all(desk.who.may(right) for right in _BRINGS))
        self.undo = Button(_("Undo this run"), theme=theme, icon="undo-2", key="Del", small=True)
        self.undo.clicked.connect(self.undo_run)
        self.model = run_model(desk.who.locale, ZoneInfo(desk.who.zone))
        self.table = TableView(theme=theme, name=_("Imports"))
        self.table.setModel(self.model)
        self.table.setProperty("keys_area", _("Imports"))
        self.table.row_changed.connect(self._row_changed)
        self.panel = StatePanel(_("Imports"), theme=theme)
        self.panel.add_head(self.bring)
        self.panel.add_head(self.begin)
        self.outcome = Outcome(theme)
        self.outcome.hide()
        self.refusal = Label(theme=theme, role="danger", wrap=True)
        self.refusal.hide()
        foot = QWidget()
        row = QHBoxLayout(foot)
        row.setContentsMargins(0, 4, 0, 4)
        row.addWidget(self.refusal, 1)
        row.addStretch(1)
        row.addWidget(self.undo)
        self.panel.add_foot(foot, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.panel, 3)
        column.addWidget(self.outcome, 2)
        self.setMinimumHeight(420)
        for key, act in (
            ("N", self.open_import),
            ("B", self.bring_record),
            ("Del", self.undo_run),
        ):
            bind(self.table, key, act)
        self.undo.setEnabled(False)

    def reload(self) -> None:
        """Ask for the runs again."""
        self.panel.show_loading()
        self.desk.operations.query(
            self,
            imports.runs,
            self._show,
            failed=lambda error: self.panel.show_failed(str(error), self.reload),
            key="runs",
        )

    def _show(self, rows: tuple[RunRow, ...]) -> None:
        if not rows:
            button = Button(_("Import a file…"), theme=self.desk.theme, icon="upload")
            button.clicked.connect(self.open_import)
            self.panel.show_empty(_("Nothing was imported yet."), button)
            self._enable()
            return
        keep_place(self.table, self.model, rows)
        self.panel.show_content(self.table)
        if not self.table.current_row().isValid():
            self.table.choose_row(0)
        self._enable()
        QTimer.singleShot(0, self.table, self.table.fit_columns)

    @Slot(QModelIndex)
    def _row_changed(self, _index: QModelIndex) -> None:
        self._enable()

    def _enable(self) -> None:
        row = self.model.row(self.table.current_row().row())
        self.undo.setEnabled(row is not None and row.state == "done" and self._steps is None)

    @Slot()
    def open_import(self) -> None:
        """Go to the screen that imports."""
        self.desk.navigator.open_screen("import")

    @Slot()
    def bring_record(self) -> None:
        """Ask for the archive of a record and its passphrase."""
        if self.bring.isVisible():
            BringInDialog(self.desk, self).open()

    @Slot()
    def undo_run(self) -> None:
        """Take the chosen run back; what was changed since stays and is named."""
        row = self.model.row(self.table.current_row().row())
        if row is None or row.state != "done" or self._steps is not None:
            return
        self.refusal.hide()
        self._work = LongWork(_("Taking the import back…"), theme=self.desk.theme)
        self._work.stopped.connect(self._stop)
        self.outcome.show_work(self._work)
        self.outcome.show()
        self._steps = self.desk.operations.long(
            self,
            lambda ctx, steps: imports.undo(ctx, row.id, steps),
            self._undone,
            progress=self._moved,
            failed=self._failed,
        )
        self._enable()

    @Slot()
    def _stop(self) -> None:
        if self._steps is not None:
            self._steps.stop()

    @Slot(int, int)
    def _moved(self, done: int, total: int) -> None:
        if self._work is not None:
            self._work.show_progress(done, total)

    def _undone(self, undone: Undone) -> None:
        self._steps = self._work = None
        self.outcome.show_undone(undone)
        self.reload()

    def _failed(self, error: Exception) -> None:
        self._steps = self._work = None
        self.outcome.hide()
        if not isinstance(error, StoppedError):
            self.refusal.setText(str(error))
            self.refusal.show()
        self._enable()

    def start_focus(self) -> None:
        """Begin in the list."""
        self.table.setFocus()

    def keys(self) -> list[KeyHelp]:
        """Return the keys of the list."""
        area = _("Imports")
        return [
            KeyHelp("N", _("import a file"), area),
            *([KeyHelp("B", _("bring in a record"), area)] if not self.bring.isHidden() else []),
            KeyHelp("Del", _("undo this run"), area),
        ]
