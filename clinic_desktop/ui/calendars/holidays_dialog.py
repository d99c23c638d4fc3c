"""Holidays out of the rules of a country, or of a calendar file: seen first, then closed on."""

from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinic_desktop.i18n import _, ngettext
from clinic_desktop.services.calendars import holidays
from clinic_desktop.services.calendars.schemas import HolidayPreview, HolidayRules
from clinic_desktop.services.context import Context
from clinic_desktop.services.working_time import service as working_time
from clinic_desktop.services.working_time.schemas import Holiday
from clinic_desktop.ui.calendars import told
from clinic_desktop.ui.calendars.bringing import BringingDialog
from clinic_desktop.ui.calendars.preview_panel import PreviewPanel
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.widgets.fields import Choice, Field
from clinic_desktop.ui.widgets.segmented import Segmented

RULES: Final = "rules"
FILE: Final = "file"
YEARS: Final = 6
Places = tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]


class HolidaysDialog(BringingDialog):
    """Space leaves a day out or takes it back; days that are closed already stay as they are."""

    def __init__(self, desk: Desk, *, owner: QWidget) -> None:
        theme = desk.theme
        super().__init__(
            desk,
            owner=owner,
            title=_("Holidays"),
            sentence=_("The clinic is closed on these days. A day that is closed stays as it is."),
            panel=PreviewPanel(
                theme, name=_("Holidays"), nothing=_("Choose a country, or a calendar file.")
            ),
            width=780,
        )
        self.found: HolidayPreview | None = None
        self._out: set[str] = set()
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
        self._lay_out()
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
        self._of_file.setLayout(self.file_row())
        row.addWidget(self._of_file, 6, Qt.AlignmentFlag.AlignBottom)
        for words, choice in ((_("From year"), self.first), (_("To year"), self.last)):
            row.addWidget(Field(words, choice, theme=theme), 1)
        self.body.addLayout(row)
        self.lay_end(_("Close on these days"), _("Close, the bookings stay"))
        self.source.chosen.connect(self._show_source)
        self.country.chosen.connect(self._country_chosen)
        for choice in (self.region, self.first, self.last):
            choice.chosen.connect(self.look)

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
        self._set_rules(shown=source == RULES)
        self.look()

    def _set_rules(self, *, shown: bool) -> None:
        for field in self._rules:
            field.setVisible(shown)
        self._of_file.setVisible(not shown)

    @Slot(str)
    def take(self, path: str) -> None:
        """Look at a file."""
        self.source.set_value(FILE)
        self._set_rules(shown=False)
        super().take(path)

    # -- looking ----------------------------------------------------------------------------

    @Slot()
    def look(self, _value: object = None) -> None:
        """Find the holidays of what is chosen now; nothing is written."""
        self.forget_look()
        self.found = None
        self._out.clear()
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

        self.read(call, self._show)

    def _show(self, found: HolidayPreview) -> None:
        self.found = found
        # What is over need not be closed any more, unless somebody wants it.
        self._out = {row.day.isoformat() for row in found.rows if row.day < self._today}
        self._fill()
        kinds = [row.kind for row in self.panel.model.rows()]
        if "new" in kinds:
            self.panel.table.choose_row(kinds.index("new"))

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
        how = _("Space leaves a day out.")
        self.tell(f"{words} {how}" if new else words)
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
        self.tell("")
        self._fill()

    # -- storing ----------------------------------------------------------------------------

    def write(self, *, keep_bookings: bool) -> None:
        """Close the clinic on the days that were not left out."""
        chosen = self.chosen()
        if chosen:
            self.send(
                lambda ctx: working_time.add_holidays(ctx, chosen, keep_bookings=keep_bookings),
                self._stored,
            )

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
