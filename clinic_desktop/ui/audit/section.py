"""Settings > Audit: who changed and who opened what, filtered, sorted by every column, exported."""

from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from clinic_desktop.domain.record_words import ACCESSES, CHANGES, TABLES, table_label
from clinic_desktop.errors import ClinicError
from clinic_desktop.i18n import N_, _
from clinic_desktop.services.audit.schemas import (
    AuditChoices,
    AuditColumn,
    AuditFilter,
    AuditPage,
    AuditPlace,
    AuditRow,
)
from clinic_desktop.services.audit.service import choices, entries, report
from clinic_desktop.ui.audit.cells import TITLES, cell_of
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.documents.preview import write_whole
from clinic_desktop.ui.history.view import show_history
from clinic_desktop.ui.patients.parts import FlowLayout
from clinic_desktop.ui.screen import KeyHelp
from clinic_desktop.ui.settings.section import Section
from clinic_desktop.ui.widgets.asking_files import ask_where, papers_folder
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.cells import Cell
from clinic_desktop.ui.widgets.editors import Choice
from clinic_desktop.ui.widgets.paged_model import PagedModel
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.widgets.segmented import Segmented
from clinic_desktop.ui.widgets.table import TableView
from clinic_desktop.ui.written import Written

if TYPE_CHECKING:  # the window is painted before the services are loaded
    from clinic_desktop.services.context import Context

# From how many days ago on; None is from the beginning.
_PERIODS: Final = (
    (N_("Today"), 0),
    (N_("Last 7 days"), 7),
    (N_("Last 30 days"), 30),
    (N_("Last year"), 365),
    (N_("Everything"), None),
)
_OPENED: Final = ("patient", "note_version", "prescription", "document", "patient_merge")


class AuditSection(Section):
    """A table whose head sorts; Enter shows the history of the row."""

    title = N_("Audit")
    wide = True
    sentence = N_("Nothing here can be changed by anybody. Values are in the history of a record.")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._written = Written(desk.who.locale, desk.who.currency, desk.who.zone)
        self._sort, self._descending = AuditColumn.WHEN, True
        self._next: AuditPlace | None = None
        self._asked = AuditFilter()
        self.model: PagedModel[AuditRow] = PagedModel(
            TITLES, self._cell, key=lambda row: (self._asked.source, row.key)
        )
        self.model.wanted_more.connect(self._ask_more)
        self._build()

    def _build(self) -> None:
        theme = self.desk.theme
        self.source = Segmented(
            [(_("Changes"), "changes"), (_("Opened records"), "opened")],
            theme=theme,
            name=_("Which log"),
        )
        self.source.chosen.connect(lambda _value: self._other_source())
        self.period = Choice([(_(words), days) for words, days in _PERIODS], theme=theme, value=7)
        self.person = Choice([(_("Everybody"), "")], theme=theme)
        self.what = Choice([], theme=theme)
        self.action = Choice([], theme=theme)
        self.sort = Choice(
            [(_("Sorted: {column}").format(column=_(words)), one) for one, words in TITLES.items()],
            theme=theme,
            value=AuditColumn.WHEN,
        )
        self.device = QLineEdit()
        self.device.setPlaceholderText(_("PC"))
        self.device.setMaximumWidth(120)
        names = {
            self.period: _("Period"),
            self.person: _("Person"),
            self.what: _("What"),
            self.action: _("Action"),
            self.sort: _("Sorted"),
            self.device: _("PC"),
        }
        filters = QWidget()
        flow = FlowLayout(filters, gap=8)
        flow.addWidget(self.source)
        for editor, name in names.items():
            editor.setAccessibleName(name)
            flow.addWidget(editor)
        for choice in (self.period, self.person, self.what, self.action):
            choice.chosen.connect(lambda _value: self._ask())
        self.sort.chosen.connect(self._sort_by)
        self.device.editingFinished.connect(self._ask)
        self.pdf = Button(_("PDF"), theme=theme, icon="file-text", small=True)
        self.csv = Button(_("CSV"), theme=theme, icon="download", small=True)
        self.pdf.clicked.connect(partial(self.export, "pdf"))
        self.csv.clicked.connect(partial(self.export, "csv"))
        self.table = TableView(theme=theme, name=_("Audit"))
        self.table.setModel(self.model)
        self.table.setMinimumHeight(380)
        self.table.opened.connect(self._open)
        header = self.table.horizontalHeader()
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.sectionClicked.connect(self._head_clicked)
        self.panel = StatePanel(_("Entries"), theme=theme)
        self.panel.add_head(self.pdf)
        self.panel.add_head(self.csv)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(filters)
        column.addWidget(self.panel, 1)
        self._fill_choices()

    def _fill_choices(self) -> None:
        """Offer what the chosen log has."""
        changes = self.source.value() == "changes"
        tables = TABLES if changes else _OPENED
        actions = CHANGES if changes else ACCESSES
        for choice, first, options in (
            (self.what, _("Every record"), [(table_label(name), name) for name in tables]),
            (self.action, _("Every action"), [(_(words), key) for key, words in actions.items()]),
        ):
            before = choice.blockSignals(True)
            choice.clear()
            for words, value in [(first, ""), *sorted(options)]:
                choice.addItem(words, value)
            choice.blockSignals(before)

    # -- asking -----------------------------------------------------------------------------

    def reload(self) -> None:
        """Ask for people and entries."""
        self.desk.operations.query(self, choices, self._show_people, key="people")
        self._ask()

    def _show_people(self, found: AuditChoices) -> None:
        chosen = self.person.currentData()
        before = self.person.blockSignals(True)
        self.person.clear()
        self.person.addItem(_("Everybody"), "")
        for login, name in found.people:
            self.person.addItem(name, login)
        self.person.setCurrentIndex(max(0, self.person.findData(chosen)))
        self.person.blockSignals(before)

    def _other_source(self) -> None:
        self._fill_choices()
        self._ask()

    def asked(self) -> AuditFilter:
        """Return what the filters say."""
        days = self.period.currentData()
        since = None
        if days is not None:
            zone = ZoneInfo(self.desk.who.zone)
            today = self.desk.operations.now().astimezone(zone).date()
            since = datetime.combine(today - timedelta(days=days), time(), zone)
        return AuditFilter(
            source=self.source.value(),
            since=since,
            login=self.person.currentData() or "",
            device=self.device.text().strip(),
            what=self.what.currentData() or "",
            action=self.action.currentData() or "",
        )

    def _ask(self) -> None:
        self._asked = asked = self.asked()
        sort, descending = self._sort, self._descending
        self.panel.show_loading(_("Reading the log…"))
        self.desk.operations.query(
            self,
            lambda ctx: entries(ctx, asked, sort=sort, descending=descending),
            self._show,
            failed=lambda error: self.panel.show_failed(str(error), self._ask),
            key="entries",
        )

    def _ask_more(self) -> None:
        asked, place, sort, descending = self._asked, self._next, self._sort, self._descending
        if place is None:
            return

        def show(page: AuditPage) -> None:
            if (asked, sort, descending) == (self._asked, self._sort, self._descending):
                self._next = page.next
                self.model.add_rows(page.rows, more=page.next is not None)

        self.desk.operations.query(
            self,
            lambda ctx: entries(ctx, asked, sort=sort, descending=descending, after=place),
            show,
            failed=lambda _error: self.model.fetch_failed(),
            key="more",
        )

    # -- showing ----------------------------------------------------------------------------

    def _show(self, page: AuditPage) -> None:
        self._next = page.next
        self.model.set_rows(page.rows, more=page.next is not None)
        header = self.table.horizontalHeader()
        # The arrow of the tables points down where the smallest is on top.
        order = Qt.SortOrder.DescendingOrder if self._descending else Qt.SortOrder.AscendingOrder
        header.setSortIndicator(list(TITLES).index(self._sort), order)
        if page.rows:
            self.panel.show_content(self.table)
            self.table.fit_columns()
            self.table.choose_row(0)
        else:
            self.panel.show_empty(
                _("No entry of this kind"), detail=_("Choose a longer period or other filters.")
            )

    def _cell(self, row: AuditRow, column: AuditColumn) -> Cell:
        return cell_of(row, column, self._asked.source, self._written)

    def _head_clicked(self, section: int) -> None:
        self._sort_by(list(TITLES)[section])
        self.sort.setCurrentIndex(self.sort.findData(self._sort))

    def _sort_by(self, column: AuditColumn) -> None:
        """Sort by a column; the same once more turns the order round."""
        self._descending = not self._descending if column == self._sort else (
            column is AuditColumn.WHEN
        )  # fmt: skip
        self._sort = AuditColumn(column)
        self._ask()

    def _open(self, index: QModelIndex) -> None:
        """Show the history of what was changed, or the record that was opened."""
        row = self.model.row(index.row())
        if row is None:
            return
        if row.row_id is not None:
            words = row.patient or self._written.moment(row.at)
            name = _("{what}, {words}").format(what=table_label(row.what), words=words)
            show_history(self.desk, self, name=name, table=row.what, row_id=row.row_id)
        elif row.patient_id is not None and row.patient:
            self.desk.navigator.open_patient(row.patient_id)

    # -- export -----------------------------------------------------------------------------

    def export(self, form: str) -> None:
        """Ask where and keep the entries of these filters as a file."""
        ask_where(
            self,
            _("Save the audit log"),
            partial(self.save_at, form),
            name=f"{_('Audit')}.{form}",
            folder=papers_folder(),
        )

    def save_at(self, form: str, path: str) -> None:
        """Make the file; that it was taken is written down."""
        asked, sort, descending = self.asked(), self._sort, self._descending

        def call(ctx: "Context") -> tuple[bytes, int]:
            from clinic_desktop.documents.audit import audit_csv, render_audit
            from clinic_desktop.documents.of_clinic import head_of
            from clinic_desktop.services.clinic.service import clinic_card

            rows = report(ctx, asked, sort=sort, descending=descending)
            if form == "csv":
                return audit_csv(asked, rows), len(rows)
            head = head_of(clinic_card(ctx))
            made = render_audit(head, asked, rows, made_at=ctx.now, by=ctx.who.name)
            return made, len(rows)

        self._busy(True)
        self.desk.operations.change(
            self, call, partial(self._save, Path(path)), failed=self._not_saved
        )

    def _save(self, path: Path, made: tuple[bytes, int]) -> None:
        data, count = made
        try:
            write_whole(path, data)
        except OSError as error:
            reason = error.strerror or str(error)
            sentence = _("The file was not saved: {reason}. Choose another place.")
            self._not_saved(ClinicError(sentence.format(reason=reason)))
            return
        self._busy(False)
        self.desk.messages.say(
            _("Saved as {file}, {count} entries. That is in the log too.").format(
                file=path.name, count=count
            ),
            "download",
        )

    def _not_saved(self, error: Exception) -> None:
        self._busy(False)
        self.desk.messages.warn(str(error))

    def _busy(self, busy: bool) -> None:
        for button in (self.pdf, self.csv):
            button.setEnabled(not busy)

    # -- what the window asks ---------------------------------------------------------------

    def start_focus(self) -> None:
        """Begin in the list."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def panes(self) -> list[QWidget]:
        """Return filters and list."""
        return [self.source, self.table]

    def keys(self) -> list[KeyHelp]:
        """Return the keys of the list."""
        return [KeyHelp("Enter", _("history of the row"), _("Audit"))]
