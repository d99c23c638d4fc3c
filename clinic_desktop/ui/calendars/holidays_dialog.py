"""Holidays out of the rules of a country, or of a calendar file: seen first, then closed on."""

from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from clinic_desktop.i18n import _, ngettext
from clinic_desktop.services.calendars import holidays
from clinic_desktop.services.calendars.schemas import HolidayPreview, HolidayRules
from clinic_desktop.services.context import Context
from clinic_desktop.services.progress import StoppedError
from clinic_desktop.services.working_time import service as working_time
from clinic_desktop.services.working_time.schemas import BookingsAheadError, Holiday
from clinic_desktop.ui.calendars import told
from clinic_desktop.ui.calendars.preview_panel import PreviewPanel, reading_words
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.widgets.announce import announce
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.fields import Choice, Field
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.segmented import Segmented

RULES: Final = "rules"
FILE: Final = "file"
YEARS: Final = 6
_TOLD: Final = 58
Places = tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]


class HolidaysDialog(Dialog):
    """Space leaves a day out or takes it back; days that are closed already stay as they are."""

    def __init__(self, desk: Desk, *, owner: QWidget) -> None:
        super().__init__(
            _("Holidays"),
            theme=desk.theme,
            parent=owner,
            sentence=_("The clinic is closed on these days. A day that is closed stays as it is."),
            icon="calendar-off",
            width=780,
        )
        self._desk, self._owner = desk, owner
        self._path = ""
        self._asked = 0
        self.found: HolidayPreview | None = None
        self._out: set[str] = set()
        theme = desk.theme
        self.source = Segmented(
            [(_("By rules"), RULES), (_("From a file"), FILE)],
            theme=theme,
            name=_("Where the holidays come from"),
        )
        self.country = Choice(theme=theme)
        self.country.setMinimumContentsLength(16)
        self.region = Choice([(_("The whole country"), "")], theme=theme, value="")
        self.region.setMinimumContentsLength(16)
        self._today = desk.operations.now().astimezone(ZoneInfo(desk.who.zone)).date()
        this_year = self._today.year
        years = [(str(year), year) for year in range(this_year, this_year + YEARS)]
        self.first = Choice(years, theme=theme, value=this_year)
        self.last = Choice(years, theme=theme, value=this_year + 1)
        self.choose_button = Button(_("Choose a file…"), theme=theme, icon="folder-open")
        self.choose_button.clicked.connect(self.choose)
        self.file = Label(theme=theme, role="text_2")
        self.panel = PreviewPanel(
            theme, name=_("Holidays"), nothing=_("Choose a country, or a calendar file.")
        )
        self.told = Label(theme=theme, role="text_2", wrap=True)
        # The dialog takes its size before there is anything to tell.
        self.told.setMinimumHeight(_TOLD)
        self._lay_out()
        self.keep = self.add_act(_("Close, the bookings stay"), self._keep)
        self.keep.hide()
        self.go = self.set_primary(_("Close on these days"), self._take)
        self.go.setEnabled(False)
        self.leaving.connect(self._stop)
        self._show_source(RULES)
        desk.operations.query(self, _places_of, self._offer, failed=self._no_places, key="places")

    def _lay_out(self) -> None:
        theme = self._desk.theme
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.source)
        head.addStretch(1)
        self.body.addLayout(head)
        row = QHBoxLayout()
        row.setSpacing(12)
        self._rules = [
            Field(_("Country"), self.country, theme=theme),
            Field(_("Region"), self.region, theme=theme),
        ]
        for field in self._rules:
            row.addWidget(field, 3)
        self._of_file = QWidget()
        files = QHBoxLayout(self._of_file)
        files.setContentsMargins(0, 0, 0, 0)
        files.setSpacing(12)
        files.addWidget(self.choose_button)
        files.addWidget(self.file, 1)
        row.addWidget(self._of_file, 6, Qt.AlignmentFlag.AlignBottom)
        for words, choice in ((_("From year"), self.first), (_("To year"), self.last)):
            row.addWidget(Field(words, choice, theme=theme), 1)
        self.body.addLayout(row)
        self.body.addWidget(self.panel, 1)
        self.body.addWidget(self.told)
        self.source.chosen.connect(self._show_source)
        self.country.chosen.connect(self._country_chosen)
        for choice in (self.region, self.first, self.last):
            choice.chosen.connect(self.look)
        self.panel.table.opened.connect(lambda _index: self.turn())
        space = QShortcut(QKeySequence("Space"), self.panel.table)
        space.setContext(Qt.ShortcutContext.WidgetShortcut)
        space.activated.connect(self.turn)

    # -- where from -------------------------------------------------------------------------

    def _offer(self, places: Places) -> None:
        countries, regions = places
        self.country.set_options(countries)
        self.country.set_value(self._desk.who.country)
        self._offer_regions(regions)
        self.look()

    def _no_places(self, error: Exception) -> None:
        self.panel.show_problem(str(error), self.reject)

    def _offer_regions(self, regions: tuple[tuple[str, str], ...]) -> None:
        self.region.set_options([(_("The whole country"), ""), *regions])
        self.region.set_value("")
        self.region.setEnabled(bool(regions))

    def _country_chosen(self, country: Any) -> None:
        self._offer_regions(holidays.regions(str(country)))
        self.look()

    def _show_source(self, source: Any) -> None:
        for field in self._rules:
            field.setVisible(source == RULES)
        self._of_file.setVisible(source == FILE)
        self.look()

    @Slot()
    def choose(self) -> None:
        """Ask for the file."""
        dialog = QFileDialog(self, _("Choose the calendar file"))
        dialog.setNameFilters([_("Calendars (*.ics *.ical *.ifb)"), _("All files (*)")])
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.take)
        dialog.open()

    @Slot(str)
    def take(self, path: str) -> None:
        """Look at a file."""
        self._path = path
        self.file.setText(path.replace("\\", "/").rpartition("/")[2])
        self.source.set_value(FILE)
        self._show_source(FILE)

    # -- looking ----------------------------------------------------------------------------

    @Slot()
    def look(self, _value: object = None) -> None:
        """Find the holidays of what is chosen now; nothing is written."""
        self._stop()
        self._asked += 1
        asked = self._asked
        self.found = None
        self._out.clear()
        self._tell("")
        self.go.setEnabled(False)
        first, last = self.first.value(), self.last.value()
        path, by_file = self._path, self.source.value() == FILE
        if (by_file and not path) or (not by_file and not self.country.value()):
            self.panel.forget()
            return
        country, region = self.country.value(), self.region.value() or ""

        def call(ctx: Context, steps: Any) -> HolidayPreview:
            if by_file:
                return holidays.from_file(ctx, Path(path), first, last, steps)
            wanted = HolidayRules(country=country, region=region, first_year=first, last_year=last)
            return holidays.by_rules(ctx, wanted)

        steps = self._desk.operations.long(
            self,
            call,
            lambda found: self._show(asked, found),
            progress=self.panel.moved,
            failed=lambda error: self._not_read(asked, error),
            writes=False,
        )
        self.panel.show_work(reading_words(), steps)

    @Slot()
    def _stop(self) -> None:
        if self.panel.steps is not None:
            self.panel.steps.stop()
            self.panel.steps = None

    def _show(self, asked: int, found: HolidayPreview) -> None:
        if asked == self._asked:
            self.found = found
            # What is over need not be closed any more, unless somebody wants it.
            self._out = {row.day.isoformat() for row in found.rows if row.day < self._today}
            self._fill()
            kinds = [row.kind for row in self.panel.model.rows()]
            if "new" in kinds:
                self.panel.table.choose_row(kinds.index("new"))

    def _not_read(self, asked: int, error: Exception) -> None:
        if asked != self._asked:
            return
        if isinstance(error, StoppedError):
            self.panel.forget()
        else:
            self.panel.show_problem(str(error), self.look)

    def _fill(self) -> None:
        found = self.found
        if found is None:
            return
        locale = self._desk.who.locale
        rows = [
            *told.bookings(
                (row for row in found.stranded if row.local_start.date() in self._days()), locale
            ),
            *told.problems(found.problems, found.more_problems),
            *told.holidays(found.rows, self._out, locale),
        ]
        self.panel.show_rows(rows, _("There is no holiday in these years."))
        new, there = len(self.chosen()), sum(row.there for row in found.rows)
        words = ngettext("{count} day is new.", "{count} days are new.", new).format(count=new)
        if there:
            already = ngettext("{count} is closed already.", "{count} are closed already.", there)
            words = f"{words} {already.format(count=there)}"
        if found.timed:
            timed = ngettext(
                "{count} event of some hours is no holiday.",
                "{count} events of some hours are no holidays.",
                found.timed,
            )
            words = f"{words} {timed.format(count=found.timed)}"
        self._tell(f"{words} {_('Space leaves a day out.')}" if new else words)
        self.go.setEnabled(new > 0)

    def _days(self) -> set[Any]:
        return {one.day for one in self.chosen()}

    def chosen(self) -> tuple[Holiday, ...]:
        """Return the days that would be closed."""
        if self.found is None:
            return ()
        return tuple(
            Holiday(day=row.day, name=row.name)
            for row in self.found.rows
            if not row.there and row.day.isoformat() not in self._out
        )

    @Slot()
    def turn(self) -> None:
        """Leave the chosen day out, or take it back in."""
        row = self.panel.row()
        if row is None or row.kind not in ("new", "out"):
            return
        self._out ^= {row.key}
        self._tell("")
        self._fill()

    # -- storing ----------------------------------------------------------------------------

    def _take(self) -> None:
        self._write(keep_bookings=False)

    def _keep(self) -> None:
        self._write(keep_bookings=True)

    def _write(self, *, keep_bookings: bool) -> None:
        chosen = self.chosen()
        if not chosen:
            return
        self._tell("")
        self.set_busy(True)
        self._desk.operations.change(
            self,
            lambda ctx: working_time.add_holidays(ctx, chosen, keep_bookings=keep_bookings),
            self._stored,
            failed=self._refused,
        )

    def _refused(self, error: Exception) -> None:
        self.set_busy(False)
        self._tell(str(error), "danger")
        may_keep = isinstance(error, BookingsAheadError) and error.may_keep
        self.keep.setVisible(may_keep)
        if may_keep:
            self.keep.setFocus()

    def _tell(self, words: str, role: str = "text_2") -> None:
        self.keep.hide()
        self.told.set_role(role)
        self.told.setText(words)
        if words:
            announce(self.panel, words)

    def _stored(self, ids: tuple[Any, ...]) -> None:
        desk, owner = self._desk, self._owner
        words = ngettext(
            "The clinic is closed on {count} more day.",
            "The clinic is closed on {count} more days.",
            len(ids),
        ).format(count=len(ids))

        def undo() -> None:
            desk.operations.change(owner, lambda ctx: working_time.remove_specials(ctx, ids))

        desk.messages.undoable(words, undo)
        self.accept()


def _places_of(ctx: Context) -> Places:
    """Return the countries, named in the clinic's locale, and the regions of its own."""
    return holidays.countries(ctx.who.locale), holidays.regions(ctx.who.country)
