"""Settings: each outside thing with its state, last contact and last error, and a true test."""

import time
from enum import IntEnum
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QRectF, Qt, Slot
from PySide6.QtGui import QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_desktop.errors import ClinicError
from clinic_desktop.i18n import N_, _
from clinic_desktop.services.backup import service as backups
from clinic_desktop.services.backup.local import site_of
from clinic_desktop.services.backup.schemas import RunRow
from clinic_desktop.services.context import Context
from clinic_desktop.services.installation.local import LocalInstallation
from clinic_desktop.services.installation.place import Installation, NetworkInstallation
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.entry.tasks import Task, Tasks
from clinic_desktop.ui.integrations.links import (
    ICONS,
    SECTIONS,
    Link,
    contacts_of,
    links_of,
    no_printer,
)
from clinic_desktop.ui.integrations.memory import Contact, Memory
from clinic_desktop.ui.keymap.binding import bind
from clinic_desktop.ui.screen import KeyHelp
from clinic_desktop.ui.settings.section import Section
from clinic_desktop.ui.widgets.announce import announce
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.cells import Cell, none_cell
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.long_work import LongWork
from clinic_desktop.ui.widgets.painting import TagSpec
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.widgets.rows_model import RowsModel, keep_place
from clinic_desktop.ui.widgets.table import TableView
from clinic_desktop.ui.written import Written

RUNS: Final = 100
MARGIN: Final = 0.1


class Column(IntEnum):
    """The columns from left to right."""

    WHAT = 0
    STATE = 1
    CONTACT = 2
    ERROR = 3


TITLES: Final = {
    Column.WHAT: N_("What"),
    Column.STATE: N_("State"),
    Column.CONTACT: N_("Last contact"),
    Column.ERROR: N_("Last error"),
}


class IntegrationsSection(Section):
    """Only what exists is listed; what a test found is remembered on this computer."""

    title = N_("Integrations")
    topics = frozenset({"backup_run"})
    wide = True
    sentence = N_("Everything outside that the program talks to. A test truly tries it.")

    def __init__(self, desk: Desk, home: Path, place: Installation | None) -> None:
        super().__init__(desk)
        theme = desk.theme
        self._home = home
        self._kept = site_of(place).kept if isinstance(place, LocalInstallation) else None
        self._server = place.server.host if isinstance(place, NetworkInstallation) else ""
        self._memory = Memory(home)
        self._tasks = Tasks(self)
        self._tasks.bug.connect(desk.operations.bug)
        self._task: Task | None = None
        self._runs: tuple[RunRow, ...] = ()
        self._contacts: dict[str, Contact] = {}
        self._written = Written(desk.who.locale, desk.who.currency, desk.who.zone)
        self.work: LongWork | None = None
        self.model: RowsModel[Link] = RowsModel(TITLES, self._cell, key=lambda link: link.id)
        self.table = TableView(theme=theme, two_lines=True, name=_("Integrations"))
        self.table.setModel(self.model)
        self.table.setProperty("keys_area", _("Integrations"))
        self.panel = StatePanel(theme=theme)
        self.try_button = Button(_("Test"), theme=theme, icon="plug", key="T", small=True)
        self.open_button = Button(
            _("Open its settings"), theme=theme, icon="settings", key="Enter", small=True
        )
        self.said = Label(theme=theme, role="text_2", wrap=True)
        self.panel.add_foot(self.try_button)
        self.panel.add_foot(self.open_button)
        self.panel.add_foot(QWidget(), 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self._column.addWidget(self.panel, 1)
        self._column.addWidget(self.said)
        self.setMinimumHeight(420)
        self._connect()

    def _connect(self) -> None:
        self.table.row_changed.connect(self._row_changed)
        self.table.opened.connect(self.open_settings)
        self.try_button.clicked.connect(self.try_it)
        self.open_button.clicked.connect(self.open_settings)
        bind(self.table, "T", self.try_it)

    # -- what is shown ----------------------------------------------------------------------

    def reload(self) -> None:
        """Look what there is, and what became of it."""
        self.panel.show_loading()
        home, kept, server = self._home, self._kept, self._server
        # A printer's name may come over the network: not on the GUI thread.
        self._tasks.run(self, lambda _tell: links_of(home, kept, server), self._show, self._failed)
        self.desk.operations.query(
            self, lambda ctx: backups.runs(ctx, most=RUNS), self._show_runs, key="runs",
            failed=lambda _error: self._look_again(),
        )  # fmt: skip

    def _failed(self, error: ClinicError) -> None:
        self.panel.show_failed(str(error), self.reload)

    def _show_runs(self, runs: tuple[RunRow, ...]) -> None:
        self._runs = runs
        self._look_again()

    def _look_again(self) -> None:
        """Take over what tests and backups found."""
        found = dict(contacts_of(self._runs))
        for name, contact in self._memory.read().items():
            found[name] = found.get(name, Contact()).with_newer(contact)
        self._contacts = found
        self.model.redraw()
        self._row_changed()

    def _show(self, links: list[Link]) -> None:
        keep_place(self.table, self.model, links)
        self._look_again()
        self.panel.show_content(self.table)
        self.table.fit_columns(stretch=Column.ERROR)
        if not self.table.current_row().isValid():
            self.table.choose_row(0)
        self._row_changed()

    def _cell(self, link: Link, column: Column) -> Cell:
        contact = self._contacts.get(link.id, Contact())
        match column:
            case Column.WHAT:
                second = f"{_(link.words)} · {link.where}" if link.where else _(link.words)
                return Cell(link.name, second=second, icon=ICONS[link.kind], size="strong")
            case Column.STATE:
                return Cell(tags=(self._state(link, contact),))
            case Column.CONTACT:
                at = contact.good_at
                if link.kind == "server" and self.desk.operations.connected:
                    at = self.desk.operations.now()
                return Cell(self._written.moment(at), tabular=True) if at else none_cell()
            case _:
                if contact.error_at is None:
                    return none_cell()
                return Cell(contact.error, second=self._written.moment(contact.error_at))

    def _state(self, link: Link, contact: Contact) -> TagSpec:
        good = contact.good
        if link.kind == "server":
            good = self.desk.operations.connected
        if good is None:
            return TagSpec("unknown", _("Not tried yet"), "circle-help")
        if good:
            return TagSpec("success", _("Answers"), "check")
        return TagSpec("warning", _("Failed"), "triangle-alert")

    def chosen(self) -> Link | None:
        """Return the thing in view."""
        return self.model.row(self.table.current_row().row())

    @Slot(QModelIndex)
    def _row_changed(self, _index: QModelIndex | None = None) -> None:
        link = self.chosen()
        self.try_button.setEnabled(link is not None and self._task is None)
        self.open_button.setEnabled(link is not None and link.kind in SECTIONS)

    # -- acts -------------------------------------------------------------------------------

    @Slot()
    def open_settings(self) -> None:
        """Go to where the chosen thing is set up."""
        link = self.chosen()
        if link is None:
            return
        if link.kind in SECTIONS:
            self.desk.navigator.open_screen("settings", section=SECTIONS[link.kind])
        else:
            self.desk.messages.say(_("This is set up outside the program."), "info")

    @Slot()
    def try_it(self) -> None:
        """Try the chosen thing and say what happened."""
        link = self.chosen()
        if link is None or self._task is not None or self.work is not None:
            return
        self.said.setText("")
        if link.kind == "server":
            self._try_server(link)
        elif link.kind == "printer":
            self._try_printer(link)
        elif link.test is not None:
            test = link.test
            self._begin(link)
            self._task = self._tasks.run(
                self,
                lambda _tell: test(),
                lambda sentence: self._ended(link, sentence),
                lambda error: self._ended(link, error),
            )
            self._row_changed()

    def _begin(self, link: Link) -> None:
        self.work = LongWork(_("Trying {name}…").format(name=link.name), theme=self.desk.theme)
        self.work.stopped.connect(self._stop)
        self._column.addWidget(self.work)

    def _try_server(self, link: Link) -> None:
        begun = time.monotonic()

        def ask(ctx: Context) -> Any:
            return backups.status(ctx).now

        def done(_now: Any) -> None:
            took = round((time.monotonic() - begun) * 1000)
            self._ended(link, _("The database answered in {took} ms.").format(took=took))

        self.desk.operations.query(
            self, ask, done, failed=lambda error: self._ended(link, error), key="ping"
        )

    def _try_printer(self, link: Link) -> None:
        """Print one page; printing belongs to the GUI thread."""
        printer = QPrinter(QPrinterInfo.printerInfo(link.name))
        title = _("Test page of {clinic}").format(clinic=self.desk.who.clinic_name)
        if print_test(printer, title):
            given = _("{name} was given a page. Look whether it comes out.")
            self._ended(link, given.format(name=link.name))
        else:
            self._ended(link, no_printer(link.name))

    @Slot()
    def _stop(self) -> None:
        """Stop waiting; what was begun outside may still come to its end there."""
        if self._task is not None:
            self._task.stop()
        self._finish()
        self.said.set_role("text_2")
        self.said.setText(_("Stopped. What it would have answered is not known."))

    def _finish(self) -> None:
        self._task = None
        if self.work is not None:
            self.work.hide()
            self.work.deleteLater()
            self.work = None
        self._row_changed()

    def _ended(self, link: Link, outcome: str | Exception) -> None:
        self._finish()
        error = "" if isinstance(outcome, str) else str(outcome)
        self._memory.keep(link.id, self.desk.operations.now(), error)
        self.said.set_role("danger" if error else "text_2")
        self.said.setText(f"{link.name}: {outcome}")
        announce(self.table, self.said.text())
        self._look_again()

    # -- what the settings screen calls -----------------------------------------------------

    def start_focus(self) -> None:
        """Begin in the list."""
        self.table.setFocus()

    def panes(self) -> list[QWidget]:
        """Return the list."""
        return [self.table]

    def do_primary(self) -> None:
        """Try the chosen thing."""
        self.try_it()

    def keys(self) -> list[KeyHelp]:
        """Return the keys of the list."""
        area = _("Integrations")
        return [KeyHelp("T", _("try it"), area), KeyHelp("Enter", _("open its settings"), area)]


def print_test(printer: QPrinter, title: str) -> bool:
    """Print one line; return whether the printer took it."""
    painter = QPainter()
    if not painter.begin(printer):
        return False
    page = painter.viewport()
    edge = page.width() * MARGIN
    painter.drawText(
        QRectF(edge, edge, page.width() - 2 * edge, page.height() - 2 * edge),
        int(Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap),
        title,
    )
    return painter.end()
