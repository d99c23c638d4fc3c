"""Importing a file: chosen or dropped, its columns seen through, tried dry, brought in, undone."""

import time
from typing import Any, Final
from uuid import UUID

from PySide6.QtCore import QModelIndex, QTimer, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.money import format_number
from clinic_desktop.i18n import N_, _, language
from clinic_desktop.services import imports
from clinic_desktop.services.imports.schemas import (
    Looked,
    MappedColumn,
    Report,
    Undone,
)
from clinic_desktop.services.imports.targets import TARGETS
from clinic_desktop.services.progress import StoppedError
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.imports.column_form import ColumnForm
from clinic_desktop.ui.imports.outcome import Outcome
from clinic_desktop.ui.imports.tables import ColumnRow, column_model
from clinic_desktop.ui.keymap.binding import bind_within
from clinic_desktop.ui.operation import Progress
from clinic_desktop.ui.screen import KeyHelp, Screen
from clinic_desktop.ui.widgets.asking_files import ask_file
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.fields import Choice
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.long_work import LongWork
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.widgets.rows_model import keep_place
from clinic_desktop.ui.widgets.scroll import scrolled
from clinic_desktop.ui.widgets.table import TableView

TELL_TIME_AFTER_S: Final = 3.0
_LEAST_HEIGHT: Final = 230  # heading, three rows and a foot


class ImportScreen(Screen):
    """File at the top, columns below, and at the bottom what came of trying or doing it."""

    title = N_("Import")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.looked: Looked | None = None
        self.report: Report | None = None
        self._path = ""
        self._styles: dict[int, str] = {}
        self._run_id = new_id()
        self.outcome = Outcome(desk.theme)
        self._work: LongWork | None = None
        self._steps: Progress | None = None
        self._begun = 0.0
        self.setAcceptDrops(True)
        self._build()
        for key, act in (("Ctrl+O", self.choose), ("Ctrl+T", self.try_dry)):
            bind_within(self, key, act)

    # -- what stands where ------------------------------------------------------------------

    def _build(self) -> None:
        theme = self.desk.theme
        self.choose_button = Button(
            _("Choose a file…"), theme=theme, icon="folder-open", key="Ctrl+O"
        )
        self.choose_button.clicked.connect(self.choose)
        self.told = Label(
            _("CSV or XLSX as another system exports it. It can be dropped here as well."),
            theme=theme,
            role="text_2",
        )
        kinds = [(_(one.title), one.kind) for one in TARGETS.values()]
        self.kind = Choice(kinds, theme=theme)
        self.kind.setAccessibleName(_("What the file holds"))
        self.kind.chosen.connect(lambda _value: self._look(kind=self.kind.value()))
        self.sheet = Choice(theme=theme)
        self.sheet.setAccessibleName(_("Sheet of the workbook"))
        self.sheet.chosen.connect(lambda _value: self._look(kind=self.kind.value()))
        self.known = Choice(
            [(_("Leave who is known as they are"), "skip"), (_("Add them once more"), "add")],
            theme=theme,
            value="skip",
        )
        self.known.setMinimumContentsLength(24)
        self.known.setAccessibleName(_("Records that are there already"))
        self.known.chosen.connect(lambda _value: self.outcome.forget())
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Label(_("Import"), theme=theme, size="title"))
        head.addWidget(self.told, 1)
        for widget in (self.kind, self.sheet, self.known, self.choose_button):
            head.addWidget(widget)
        self.model = column_model()
        self.table = TableView(theme=theme, name=_("Columns of the file"))
        self.table.setModel(self.model)
        self.table.setProperty("keys_area", _("Columns of the file"))
        self.form = ColumnForm(theme)
        self.form.chosen.connect(self._map)
        self.table.row_changed.connect(self._row_changed)
        self.table.opened.connect(lambda _index: self.form.start_focus())
        self.columns = StatePanel(_("Columns of the file"), theme=theme)
        self.columns.add_foot(self.form, 1)
        self.outcome.undo.clicked.connect(self.undo_run)
        self.dry = Button(_("Try without importing"), theme=theme, icon="eye", key="Ctrl+T")
        self.dry.clicked.connect(self.try_dry)
        self.go = Button(_("Import"), theme=theme, key="Ctrl+Enter", kind="primary")
        self.go.clicked.connect(self.do_primary)
        self.refusal = Label(theme=theme, role="danger", wrap=True)
        self.refusal.hide()
        foot = QHBoxLayout()
        foot.addWidget(self.refusal, 1)
        foot.addStretch(1)
        foot.addWidget(self.dry)
        foot.addWidget(self.go)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        column.addLayout(head)
        both = QWidget()
        panels = QVBoxLayout(both)
        panels.setContentsMargins(0, 0, 0, 0)
        panels.setSpacing(12)
        panels.addWidget(self.columns, 5)
        panels.addWidget(self.outcome, 4)
        for panel in (self.columns, self.outcome):
            panel.setMinimumHeight(_LEAST_HEIGHT)
        column.addWidget(scrolled(both), 1)
        column.addLayout(foot)
        self._show_nothing()

    def _show_nothing(self) -> None:
        button = Button(_("Choose a file…"), theme=self.desk.theme, icon="folder-open")
        button.clicked.connect(self.choose)
        self.columns.show_empty(
            _("No file yet"), button, detail=_("Nothing is written before you say Import.")
        )
        self._enable()

    def _enable(self) -> None:
        there, busy = self.looked is not None, self._steps is not None
        for widget in (self.kind, self.known, self.dry, self.go):
            widget.setEnabled(there and not busy)
        self.sheet.setVisible(there and len(self.looked.sheets if self.looked else ()) > 1)
        self.choose_button.setEnabled(not busy)
        self.form.setVisible(there)

    # -- the file ---------------------------------------------------------------------------

    def open_at(self, **where: Any) -> None:
        """Begin with a file that was chosen or dropped elsewhere."""
        if where.get("path"):
            self.take(where["path"])

    @Slot()
    def choose(self) -> None:
        """Ask for the file."""
        filters = [_("Lists (*.csv *.txt *.tsv *.xlsx)"), _("All files (*)")]
        ask_file(self, _("Choose the list to import"), self.take, filters=filters)

    @Slot(str)
    def take(self, path: str) -> None:
        """Look at a file."""
        self._path, self.looked, self._styles = path, None, {}
        self._run_id = new_id()
        self.outcome.forget()
        self.sheet.set_options([])
        self._look()

    def _look(self, *, kind: Any = None, chosen: tuple[MappedColumn, ...] | None = None) -> None:
        path, sheet = self._path, self.sheet.value()
        if not path or self._steps is not None:
            return
        self._refuse("")
        self.columns.show_loading(_("Looking at the file…"))
        self.desk.operations.query(
            self,
            lambda ctx: imports.look(ctx, path, kind=kind, sheet=sheet, chosen=chosen),
            self._show_looked,
            failed=self._not_looked,
            key="look",
        )

    def _not_looked(self, error: Exception) -> None:
        self.looked = None
        self.model.set_rows(())
        self.columns.show_failed(str(error), lambda: self._look(kind=self.kind.value()))
        self._enable()

    def _show_looked(self, looked: Looked) -> None:
        self.looked = looked
        self.outcome.forget()
        self.kind.set_value(looked.kind)
        self.sheet.set_options([(name, name) for name in looked.sheets])
        self.sheet.set_value(looked.sheet)
        form = {
            "csv": _("text, {encoding}").format(encoding=looked.encoding.upper()),
            "xlsx": _("workbook"),
        }[looked.form]
        lines = format_number(looked.lines, language())
        words = _("{name} · {form} · about {lines} lines")
        self.told.setText(words.format(name=looked.name, form=form, lines=lines))
        rows = [ColumnRow(looked.kind, one) for one in looked.columns]
        keep_place(self.table, self.model, rows)
        self.columns.show_content(self.table)
        if not self.table.current_row().isValid():
            self.table.choose_row(0)
        else:
            self._row_changed(self.table.current_row())
        self._enable()
        QTimer.singleShot(0, self, self.table.fit_columns)

    @Slot(QModelIndex)
    def _row_changed(self, index: QModelIndex) -> None:
        row = self.model.row(index.row()) if index.isValid() else None
        self.form.show_column(row)

    @Slot(object)
    def _map(self, mapped: MappedColumn) -> None:
        """Let a column be what the person says; another one gives the field up."""
        looked = self.looked
        if looked is None:
            return
        if mapped.style:
            self._styles[mapped.column] = mapped.style
        # What was guessed is guessed anew, so that its doubts are told again.
        others = [
            one.model_copy(update={"style": self._styles.get(one.column, "")})
            for one in looked.plan().columns
            if one.column != mapped.column
            and (one.field, one.person) != (mapped.field, mapped.person)
        ]
        chosen = (*others, mapped) if mapped.field else tuple(others)
        self._look(kind=looked.kind, chosen=chosen)

    # -- trying and doing -------------------------------------------------------------------

    @Slot()
    def try_dry(self) -> None:
        """Go through the whole file and write nothing."""
        self._start(dry=True)

    def do_primary(self) -> None:
        """Import."""
        self._start(dry=False)

    def _start(self, *, dry: bool) -> None:
        if self.looked is None or self._steps is not None:
            return
        plan = self.looked.plan().model_copy(update={"known": self.known.value() or "skip"})
        run_id = self._run_id
        self._refuse("")
        title = _("Going through the file…") if dry else _("Importing…")
        self._show_work(title)
        if dry:
            self._steps = self.desk.operations.long(
                self,
                lambda ctx, steps: imports.check(ctx, plan, steps),
                self._done,
                progress=self._moved,
                failed=self._failed,
                writes=False,
            )
        else:
            self._steps = self.desk.operations.long(
                self,
                lambda ctx, steps: imports.run(ctx, run_id, plan, steps),
                self._done,
                progress=self._moved,
                failed=self._failed,
            )
        self._enable()

    def _show_work(self, title: str) -> None:
        self._begun = time.monotonic()
        self._work = LongWork(title, theme=self.desk.theme)
        self._work.stopped.connect(self._stop)
        self.outcome.show_work(self._work)

    @Slot()
    def _stop(self) -> None:
        if self._steps is not None:
            self._steps.stop()

    @Slot(int, int)
    def _moved(self, done: int, total: int) -> None:
        if self._work is None:
            return
        spent = time.monotonic() - self._begun
        left = spent * (total - done) / done if done and spent > TELL_TIME_AFTER_S else None
        self._work.show_progress(done, total, seconds_left=left)
        if total and done >= total:
            self._work.show_note(_("Writing it down…"))

    def _done(self, report: Report) -> None:
        self._steps = self._work = None
        self.report = report
        self.outcome.show_report(report)
        if not report.dry:
            self._run_id = new_id()
            self.desk.messages.say(
                _("{count} records imported.").format(count=format_number(report.added, language()))
            )
        self._enable()
        (self.go if report.dry else self.outcome.undo).setFocus()

    def _failed(self, error: Exception) -> None:
        self._steps = self._work = None
        self.outcome.forget()
        if isinstance(error, StoppedError):
            self.desk.messages.say(str(error), "info")
        else:
            self._refuse(str(error))
        self._enable()
        self.dry.setFocus()

    def _refuse(self, sentence: str) -> None:
        self.refusal.setText(sentence)
        self.refusal.setVisible(bool(sentence))

    # -- taking it back ---------------------------------------------------------------------

    @Slot()
    def undo_run(self) -> None:
        """Take back what was just imported."""
        run_id: UUID | None = self.report.run_id if self.report is not None else None
        if run_id is None or self._steps is not None:
            return
        self._show_work(_("Taking the import back…"))
        self._steps = self.desk.operations.long(
            self,
            lambda ctx, steps: imports.undo(ctx, run_id, steps),
            self._undone,
            progress=self._moved,
            failed=self._failed,
        )
        self._enable()

    def _undone(self, undone: Undone) -> None:
        self._steps = self._work = None
        self.report = None
        self.outcome.show_undone(undone)
        self._enable()
        self.choose_button.setFocus()

    # -- what the window asks ---------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a file that is dragged over the screen."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Look at the first file that was dropped."""
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            self.take(paths[0])

    def start_focus(self) -> None:
        """Begin where the file is chosen, or in its columns."""
        (self.table if self.looked is not None else self.choose_button).setFocus()

    def panes(self) -> list[QWidget]:
        """Return columns and outcome."""
        return [self.table, self.outcome]

    def keys(self) -> list[KeyHelp]:
        """Return the keys of the screen."""
        return [
            KeyHelp("Ctrl+O", _("choose a file")),
            KeyHelp("Enter", _("say what a column is"), _("Columns of the file")),
            KeyHelp("Ctrl+T", _("try without importing")),
            KeyHelp("Ctrl+Enter", _("import")),
        ]
