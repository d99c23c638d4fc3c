"""Settings: what leaves the clinic as calendar feeds, and which calendars were brought in."""

from enum import IntEnum
from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtCore import QModelIndex, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_desktop.i18n import N_, _
from clinic_desktop.services.calendars import busy, feeds
from clinic_desktop.services.calendars.schemas import (
    BusyCalendar,
    FeedRules,
)
from clinic_desktop.services.clinic import service as clinic
from clinic_desktop.services.clinic.schemas import ProviderRow
from clinic_desktop.services.context import Context
from clinic_desktop.ui.calendars.busy_dialog import BusyDialog, offer_undo
from clinic_desktop.ui.calendars.feeds_panel import FeedsPanel
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.keymap.binding import bind
from clinic_desktop.ui.screen import KeyHelp
from clinic_desktop.ui.settings.section import Section
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.cells import Cell, name_cell
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.widgets.rows_model import RowsModel, keep_place
from clinic_desktop.ui.widgets.table import TableView
from clinic_desktop.ui.written import Written


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
        self._written = Written(desk.who.locale, desk.who.currency, desk.who.zone)
        self.feeds = FeedsPanel(desk, root)
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
        self.panel.add_head(self.bring_button)
        self.panel.add_foot(QWidget(), 1)
        self.panel.add_foot(self.away)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.feeds)
        column.addWidget(self.panel, 1)
        self.panel.setMinimumHeight(260)
        self._hours = self.desk.who.may("catalogue.write")
        self.bring_button.setEnabled(self._hours)

    def _connect(self) -> None:
        self.feeds.changed.connect(self.reload)
        self.bring_button.clicked.connect(self.bring)
        self.away.clicked.connect(self.take_away)
        self.table.row_changed.connect(self._row_changed)
        for key, act in (("N", self.bring), ("W", self.feeds.write), ("Del", self.take_away)):
            bind(self.table, key, act)

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
        self.feeds.show_rules(found.rules, found.providers)
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

    # -- calendars brought in ---------------------------------------------------------------

    @Slot()
    def bring(self) -> None:
        """Bring busy times in for the chosen provider."""
        if self._hours:
            row = self._chosen()
            provider = row.provider_id if row is not None else self.feeds.provider.value()
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
            failed=lambda error: self.feeds.refuse(str(error)),
        )

    # -- what the settings screen calls -----------------------------------------------------

    def start_focus(self) -> None:
        """Begin with what feeds tell, or in the list where that is not for this person."""
        (self.feeds.shown if self.feeds.may_decide else self.table).setFocus()

    def panes(self) -> list[QWidget]:
        """Return the two parts."""
        return [self.feeds.shown, self.table]

    def save_now(self) -> None:
        """Let feeds tell what is chosen."""
        self.feeds.save_now()

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
