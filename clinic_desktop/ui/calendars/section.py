"""Settings: what leaves the clinic as calendar feeds, and which calendars were brought in."""

from enum import IntEnum
from pathlib import Path
from typing import Any, Final, NamedTuple

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.errors import ClinicError, StaleError
from clinic_desktop.i18n import N_, _, ngettext
from clinic_desktop.services.calendars import busy, feeds
from clinic_desktop.services.calendars.folder import FeedFolder
from clinic_desktop.services.calendars.schemas import (
    SHOWN_WORDS,
    BusyCalendar,
    FeedRules,
    FeedRuleValues,
    Shown,
)
from clinic_desktop.services.clinic import service as clinic
from clinic_desktop.services.clinic.schemas import ProviderRow
from clinic_desktop.services.context import Context
from clinic_desktop.ui.calendars.busy_dialog import BusyDialog, offer_undo
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.exports.saving import ask_where
from clinic_desktop.ui.screen import KeyHelp
from clinic_desktop.ui.settings.section import Section
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.cells import Cell, name_cell
from clinic_desktop.ui.widgets.fields import Choice, Field
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.panel import Panel, StatePanel
from clinic_desktop.ui.widgets.rows_model import RowsModel, keep_place
from clinic_desktop.ui.widgets.table import TableView
from clinic_desktop.ui.written import Written

_HINTS: Final = {
    Shown.BUSY: N_("Whoever reads the feed sees when a provider is taken, and nothing else."),
    Shown.TREATMENT: N_("Treatments leave the clinic. Nobody is named, but few may be meant."),
    Shown.NAMES: N_(
        "Names of patients leave the clinic, and with them that they are treated. Whoever writes "
        "such a feed needs the right to export patients."
    ),
}


class Column(IntEnum):
    """The columns of calendars that were brought in."""

    WHOSE = 0
    NAME = 1
    COUNT = 2
    UNTIL = 3


class Found(NamedTuple):
    """What one question brings."""

    rules: FeedRules
    providers: tuple[ProviderRow, ...]
    calendars: tuple[BusyCalendar, ...]


class CalendarsSection(Section):
    """Above what goes out, below what came in. ``root`` is where this computer keeps the data."""

    title = N_("Calendars")
    topics = frozenset({"setting", "provider", "special_time"})
    logged = ("setting",)
    wide = True
    sentence = N_("Appointments as feeds for other programs, and busy times out of theirs.")

    def __init__(self, desk: Desk, root: Path | None = None) -> None:
        super().__init__(desk)
        theme = desk.theme
        self._folder = FeedFolder(root) if root is not None else None
        self._rules = FeedRules()
        self._typed = False
        self._written = Written(desk.who.locale, desk.who.currency, desk.who.zone)
        self.shown = Choice([(_(words), one) for one, words in SHOWN_WORDS.items()], theme=theme)
        self.meaning = Label(theme=theme, size="small", role="text_2", wrap=True)
        self.refusal = Label(theme=theme, role="danger", wrap=True)
        self.save_button = Button(_("Save"), theme=theme, kind="primary", key="Ctrl+S")
        self.provider = Choice(theme=theme)
        self.provider.setMinimumContentsLength(20)
        self.write_button = Button(
            _("Write a file…"), theme=theme, icon="download", key="W", small=True
        )
        self.folder_button = Button(_("Keep in a folder…"), theme=theme, icon="folder", small=True)
        self.no_folder = Button(_("Keep none"), theme=theme, kind="plain", small=True)
        self.kept = Label(theme=theme, role="text_2", wrap=True)
        self.model: RowsModel[BusyCalendar] = RowsModel(
            {
                Column.WHOSE: N_("Whose time"),
                Column.NAME: N_("Calendar"),
                Column.COUNT: N_("Busy times"),
                Column.UNTIL: N_("Until"),
            },
            self._cell,
            key=lambda row: (row.provider_id, row.source),
            right=frozenset({Column.COUNT}),
        )
        self.table = TableView(theme=theme, two_lines=True, name=_("Calendars brought in"))
        self.table.setModel(self.model)
        self.table.setProperty("keys_area", _("Calendars brought in"))
        self.panel = StatePanel(_("Calendars brought in"), theme=theme)
        self.bring_button = Button(
            _("Bring one in…"), theme=theme, icon="upload", key="N", small=True
        )
        self.away = Button(_("Take away"), theme=theme, icon="trash-2", key="Del", small=True)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        theme, may = self.desk.theme, self.desk.who.may
        out = Panel(_("Feeds of appointments"), theme=theme, padded=True)
        out.body.setSpacing(10)
        first = QHBoxLayout()
        first.setSpacing(12)
        field = Field(_("What a feed tells"), self.shown, theme=theme)
        first.addWidget(field, 1)
        first.addWidget(self.save_button, 0, Qt.AlignmentFlag.AlignBottom)
        out.body.addLayout(first)
        out.body.addWidget(self.meaning)
        out.body.addWidget(Field(_("Whose appointments"), self.provider, theme=theme))
        # Below the field, not beside it: at twice the size there is no room for both.
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.write_button, self.folder_button, self.no_folder):
            buttons.addWidget(button)
        buttons.addStretch(1)
        out.body.addLayout(buttons)
        out.body.addWidget(self.kept)
        out.body.addWidget(self.refusal)
        self.refusal.hide()
        self.panel.add_head(self.bring_button)
        self.panel.add_foot(QWidget(), 1)
        self.panel.add_foot(self.away)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(out)
        column.addWidget(self.panel, 1)
        self.setMinimumHeight(520)
        # What a role cannot do is seen and says why it is off.
        self._settings, self._hours = may("settings.write"), may("catalogue.write")
        for widget in (self.shown, self.save_button):
            widget.setEnabled(self._settings)
        self.folder_button.setVisible(self._folder is not None and self._settings)
        self.bring_button.setEnabled(self._hours)
        self.save_button.hide()

    def _connect(self) -> None:
        self.shown.chosen.connect(self._touched)
        self.save_button.clicked.connect(self.save_now)
        self.write_button.clicked.connect(self.write)
        self.folder_button.clicked.connect(self.ask_folder)
        self.no_folder.clicked.connect(lambda: self.keep_in(None))
        self.bring_button.clicked.connect(self.bring)
        self.away.clicked.connect(self.take_away)
        self.table.row_changed.connect(self._row_changed)
        for key, act in (("N", self.bring), ("W", self.write), ("Del", self.take_away)):
            shortcut = QShortcut(QKeySequence(key), self.table)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(act)

    # -- what is shown ----------------------------------------------------------------------

    def reload(self) -> None:
        """Ask again; what is being chosen stays."""
        self.panel.show_loading()

        def found(ctx: Context) -> Found:
            return Found(feeds.rules(ctx), clinic.providers(ctx), busy.calendars(ctx))

        self.desk.operations.query(
            self, found, self._show, key="calendars",
            failed=lambda error: self.panel.show_failed(str(error), self.reload),
        )  # fmt: skip

    def _show(self, found: Found) -> None:
        if not self._typed:
            self._rules = found.rules
            self.shown.set_value(found.rules.shown)
        self._show_hint()
        self.provider.set_options([(row.name, row.id) for row in found.providers])
        if self.provider.value() is None and found.providers:
            mine = self.desk.who.provider_id
            self.provider.set_value(mine or found.providers[0].id)
        self.write_button.setEnabled(bool(found.providers))
        self._show_folder()
        self._show_calendars(found.calendars)

    def _show_calendars(self, rows: tuple[BusyCalendar, ...]) -> None:
        if rows:
            keep_place(self.table, self.model, rows)
            self.panel.show_content(self.table)
            if not self.table.current_row().isValid():
                self.table.choose_row(0)
            self.table.fit_columns(stretch=Column.NAME)
        else:
            self.model.set_rows(())
            self.panel.show_empty(
                _("No calendar was brought in."),
                detail=_("Busy times of another calendar keep its owner from being booked."),
            )
        self._row_changed()

    def _show_hint(self) -> None:
        shown = self.shown.value() or Shown.BUSY
        self.meaning.setText(_(_HINTS[shown]))
        self.meaning.set_role("warning" if shown == Shown.NAMES else "text_2")
        self.save_button.setVisible(self._typed)

    def _show_folder(self) -> None:
        """Say where feeds are kept, since when, and what went wrong."""
        self.no_folder.hide()
        if self._folder is None:
            self.kept.setText(_("Feeds are kept in a folder by the computer that has the data."))
            return
        try:
            where = self._folder.read().folders.get(self.desk.who.clinic_id)
        except ClinicError as error:
            self._refuse(str(error))
            return
        if where is None:
            self.kept.setText(_("No folder is kept up to date. A file can be written at any time."))
            return
        self.no_folder.setVisible(self._settings)
        last = self._folder.written()
        self.kept.set_role("danger" if last.error else "text_2")
        if last.error:
            self.kept.setText(last.error)
            return
        when = self._written.moment(last.at) if last.at is not None else _("not yet")
        self.kept.setText(
            _("Every 15 minutes into {folder}. Last: {when}.").format(folder=where, when=when)
        )

    def _cell(self, row: BusyCalendar, column: Column) -> Cell:
        if column == Column.WHOSE:
            return name_cell(row.provider)
        if column == Column.NAME:
            brought = _("brought in {when}").format(when=self._written.moment(row.brought_at))
            return Cell(row.source, second=brought)
        if column == Column.COUNT:
            return Cell(str(row.count), tabular=True, right=True)
        return Cell(self._written.day(row.until.date()), tabular=True)

    @Slot(QModelIndex)
    def _row_changed(self, _index: QModelIndex | None = None) -> None:
        self.away.setEnabled(self._hours and self._chosen() is not None)

    def _chosen(self) -> BusyCalendar | None:
        return self.model.row(self.table.current_row().row())

    def _refuse(self, sentence: str) -> None:
        self.refusal.setText(sentence)
        self.refusal.setVisible(bool(sentence))

    # -- what feeds tell --------------------------------------------------------------------

    @Slot()
    def _touched(self, _value: object = None) -> None:
        self._typed = self.shown.value() != self._rules.shown
        self._refuse("")
        self._show_hint()

    def save_now(self) -> None:
        """Let feeds tell what is chosen, from the next time they are written."""
        if not self._typed:
            return
        version, values = self._rules.version, FeedRuleValues(shown=self.shown.value())
        self.save_button.setEnabled(False)
        self.desk.operations.change(
            self, lambda ctx: feeds.change_rules(ctx, version, values), self._saved,
            failed=self._not_saved,
        )  # fmt: skip

    def _saved(self, _none: None) -> None:
        self._typed = False
        self.save_button.setEnabled(True)
        self.desk.messages.say(_("Saved."), "check")
        self.reload()

    def _not_saved(self, error: Exception) -> None:
        self.save_button.setEnabled(True)
        self._refuse(str(error))
        if isinstance(error, StaleError):
            self._typed = False
            self.reload()

    # -- writing them -----------------------------------------------------------------------

    @Slot()
    def write(self) -> None:
        """Ask where the feed of the chosen provider is to stand."""
        provider = self.provider.value()
        if provider is None:
            return
        name = feeds.file_name(self.provider.currentText(), provider)
        dialog = ask_where(self, _("Where the feed is to stand"), name, [_("Calendar (*.ics)")])
        dialog.fileSelected.connect(self.write_to)

    @Slot(str)
    def write_to(self, path: str) -> None:
        """Write the feed of the chosen provider to a file."""
        provider, whose = self.provider.value(), self.provider.currentText()
        self._refuse("")

        def call(ctx: Context) -> int:
            made = feeds.feed(ctx, provider, before=Path(path))
            feeds.put(made, Path(path))
            return made.events

        def done(count: int) -> None:
            words = ngettext(
                "{count} appointment of {name} written to {file}.",
                "{count} appointments of {name} written to {file}.",
                count,
            )
            self.desk.messages.say(
                words.format(count=count, name=whose, file=Path(path).name), "check"
            )

        self.desk.operations.query(self, call, done, failed=lambda e: self._refuse(str(e)))

    @Slot()
    def ask_folder(self) -> None:
        """Ask for the folder in which feeds are kept."""
        dialog = QFileDialog(self, _("The folder for the feeds"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.keep_in)
        dialog.open()

    def keep_in(self, path: str | None) -> None:
        """Keep every provider's feed in a folder from now on, written at once; or in none."""
        folder = self._folder
        if folder is None:
            return
        self._refuse("")
        clinic_id = self.desk.who.clinic_id

        def call(ctx: Context) -> int:
            ctx.need("settings.write")
            folder.choose(clinic_id, Path(path) if path else None)
            if path is None:
                return 0
            count = feeds.write_all(ctx, Path(path))
            folder.note(ctx.now)
            return count

        def done(count: int) -> None:
            if path is not None:
                words = ngettext("{count} feed written.", "{count} feeds written.", count)
                self.desk.messages.say(words.format(count=count), "check")
            self._show_folder()

        self.desk.operations.query(self, call, done, failed=self._not_kept, key="folder")

    def _not_kept(self, error: Exception) -> None:
        self._refuse(str(error))
        self._show_folder()

    # -- calendars brought in ---------------------------------------------------------------

    @Slot()
    def bring(self) -> None:
        """Bring busy times in for the chosen provider."""
        if self._hours:
            row = self._chosen()
            provider = row.provider_id if row is not None else self.provider.value()
            BusyDialog(self.desk, owner=self, provider_id=provider).open()

    @Slot()
    def take_away(self) -> None:
        """Take every busy time of the chosen calendar away; undo brings them back."""
        row = self._chosen()
        if row is None or not self._hours:
            return

        def done(taken: Any) -> None:
            words = _("The busy times of “{name}” are taken away.").format(name=row.source)
            offer_undo(self.desk, self, taken, words)
            self.reload()

        self.desk.operations.change(
            self,
            lambda ctx: busy.forget(ctx, row.provider_id, row.source),
            done,
            failed=lambda error: self._refuse(str(error)),
        )

    # -- what the settings screen calls -----------------------------------------------------

    def start_focus(self) -> None:
        """Begin with what feeds tell, or in the list where that is not for this person."""
        (self.shown if self._settings else self.table).setFocus()

    def panes(self) -> list[QWidget]:
        """Return the two parts."""
        return [self.shown, self.table]

    def do_primary(self) -> None:
        """Save what is chosen."""
        self.save_now()

    def keys(self) -> list[KeyHelp]:
        """Return the keys of the list."""
        area = _("Calendars brought in")
        return [
            KeyHelp("W", _("write a feed"), area),
            KeyHelp("N", _("bring a calendar in"), area),
            KeyHelp("Del", _("take it away"), area),
        ]
