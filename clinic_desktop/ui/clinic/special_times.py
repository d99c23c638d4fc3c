"""Settings: dates that differ from the week: holidays, time off, blocked time, other hours."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import IntEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout

from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.hours_text import TypedSpan, format_spans, parse_spans
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import N_, _
from clinic_desktop.services.clinic import service as clinic
from clinic_desktop.services.clinic.schemas import ChairRow, ProviderRow
from clinic_desktop.services.context import Context
from clinic_desktop.services.working_time import service as working_time
from clinic_desktop.services.working_time.schemas import (
    SPECIAL_KINDS,
    BookingsAheadError,
    SpecialTimeRow,
    SpecialTimeValues,
)
from clinic_desktop.ui.clinic.catalogue import CatalogueSection
from clinic_desktop.ui.clinic.record_list import Words
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.keymap.binding import bind
from clinic_desktop.ui.screen import KeyHelp
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.cells import Cell, name_cell, none_cell, tag_cell
from clinic_desktop.ui.widgets.fields import Choice, DateField, Field, LineEdit
from clinic_desktop.ui.widgets.line import problem_of
from clinic_desktop.ui.widgets.rows_model import RowsModel

_ICONS = {
    "holiday": "calendar-off",
    "time_off": "calendar-x",
    "blockout": "lock",
    "open": "clock",
}


class Column(IntEnum):
    """The columns of the dates."""

    WHEN = 0
    KIND = 1
    WHOSE = 2
    WHY = 3


@dataclass(frozen=True)
class Found:
    """What one question brings."""

    rows: tuple[SpecialTimeRow, ...]
    providers: tuple[ProviderRow, ...]
    chairs: tuple[ChairRow, ...]


class SpanLine(LineEdit):
    """One span of a day, or nothing for the whole of it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme=theme, longest=40)
        self.setPlaceholderText(_("all day"))
        self.left.connect(self._write_out)

    def span(self) -> TypedSpan | None:
        """Return what is typed; raises InvalidError where it is not one span."""
        return read_span(self.text())

    def problem(self) -> str | None:
        """Return what is wrong, or None."""
        return problem_of(self.span)

    def _write_out(self) -> None:
        if self.problem() is None and (span := self.span()) is not None:
            self.setText(format_spans((span,)))


def read_span(text: str) -> TypedSpan | None:
    """Return one span of a day, None for an empty text; raises InvalidError."""
    found = parse_spans(text)
    if len(found) > 1:
        raise InvalidError(_("Write one span here, and another line for the next."), field="hours")
    return found[0] if found else None


class SpecialTimesSection(CatalogueSection[SpecialTimeRow]):
    """Each is of the clinic, a provider or a room. What it leaves outside is listed first."""

    title = N_("Days off")
    topics = frozenset({"special_time", "provider", "chair"})
    sentence = N_(
        "Holidays, time off, blocked time, and other hours of one date. They go before the week."
    )
    table_name = "special_time"
    field_places = {
        "kind": (0, 0, 1),
        "whose": (0, 1, 1),
        "starts": (1, 0, 1),
        "ends": (1, 1, 1),
        "hours": (2, 0, 2),
        "label": (3, 0, 2),
    }

    def __init__(self, desk: Desk) -> None:
        theme = desk.theme
        today = desk.operations.now().astimezone(ZoneInfo(desk.who.zone)).date()
        locale = desk.who.locale
        self._locale = locale
        self._short: dict[UUID | None, str] = {}
        self._chairs: frozenset[UUID] = frozenset()
        self._keeping = False
        self.whose = Choice([(_("The clinic"), None)], theme=theme)
        self.keep = Button(_("Save, the bookings stay"), theme=theme, kind="plain")
        kinds = [(_(words), kind) for kind, words in SPECIAL_KINDS.items()]
        first, last = date(1900, 1, 1), date(2998, 12, 31)

        def day() -> DateField:
            return DateField(theme=theme, locale=locale, today=today, earliest=first, latest=last)

        fields = {
            "kind": Field(_("What"), Choice(kinds, theme=theme), theme=theme, required=True),
            "whose": Field(_("Whose"), self.whose, theme=theme),
            "starts": Field(
                _("First day"),
                day(),
                theme=theme, required=True,
            ),
            "ends": Field(
                _("Last day"),
                day(),
                theme=theme, optional=True,
            ),
            "hours": Field(_("From – to"), SpanLine(theme), theme=theme, optional=True),
            "label": Field(_("Reason"), LineEdit(theme=theme, longest=200), theme=theme),
        }  # fmt: skip
        super().__init__(
            desk,
            words=Words(
                many=_("Days off"), new=_("New day off"), none=_("No day differs from the week.")
            ),
            model=RowsModel(
                {
                    Column.WHEN: N_("When"),
                    Column.KIND: N_("What"),
                    Column.WHOSE: N_("Whose"),
                    Column.WHY: N_("Reason"),
                },
                self._cell,
                key=lambda row: row.id,
            ),
            fields=fields,
        )
        self.away.setText(_("Remove"))
        self.keep.clicked.connect(self._save_keeping)
        self.holidays = Button(
            _("Holidays…"), theme=theme, icon="calendar-off", key="H", small=True
        )
        self.bring = Button(_("From a calendar…"), theme=theme, icon="upload", key="B", small=True)
        for button, key, act in (
            (self.holidays, "H", self.open_holidays), (self.bring, "B", self.open_busy),
        ):  # fmt: skip
            self.panel.add_head(button)
            button.clicked.connect(act)
            bind(self.table, key, act)

    @Slot()
    def open_holidays(self) -> None:
        """Find the holidays of a country or of a calendar file."""
        from clinic_desktop.ui.calendars.holidays_dialog import HolidaysDialog

        HolidaysDialog(self.desk, owner=self).open()

    @Slot()
    def open_busy(self) -> None:
        """Bring in busy times of another calendar, for whom the chosen date is."""
        from clinic_desktop.ui.calendars.busy_dialog import BusyDialog

        row = self.record()
        BusyDialog(
            self.desk, owner=self, provider_id=row.provider_id if row is not None else None
        ).open()

    def keys(self) -> list[KeyHelp]:
        """Return the keys of the section."""
        area = self.words.many
        more = [
            KeyHelp("H", _("holidays"), area),
            KeyHelp("B", _("bring busy times in"), area),
        ]
        return [*super().keys(), *more]

    def lay_out_fields(self, column: QVBoxLayout, fields: Mapping[str, Field]) -> None:
        """Put below the fields how a date is saved against its bookings."""
        super().lay_out_fields(column, fields)
        column.addWidget(self.keep)
        self.keep.hide()

    # -- rows -------------------------------------------------------------------------------

    def ask(self, ctx: Context) -> Found:
        """Return the dates from today on, and those to choose from."""
        return Found(
            working_time.special_times(ctx),
            clinic.providers(ctx, inactive=True),
            clinic.chairs(ctx, inactive=True),
        )

    def rows_of(self, found: Any) -> tuple[SpecialTimeRow, ...]:
        """Return the dates in order, and offer providers and rooms."""
        used = {one for row in found.rows for one in (row.provider_id, row.chair_id)}
        offered = [row for row in (*found.providers, *found.chairs) if row.active or row.id in used]
        self._short = {
            None: _("The clinic"),
            **{row.id: row.short_name for row in found.providers},
            **{row.id: row.name for row in found.chairs},
        }
        self._chairs = frozenset(row.id for row in found.chairs)
        self.whose.set_options([(_("The clinic"), None), *((row.name, row.id) for row in offered)])
        rows: tuple[SpecialTimeRow, ...] = found.rows
        return rows

    def values_of(self, row: SpecialTimeRow | None) -> dict[str, Any]:
        """Return the values of the fields."""
        if row is None:
            return {"kind": "time_off", "whose": None}
        first, last, span = parts_of(row)
        return {
            "kind": row.kind,
            "whose": row.provider_id or row.chair_id,
            "starts": first,
            "ends": last if last != first else None,
            "hours": format_spans((span,)) if span is not None else "",
            "label": row.label,
        }

    def name_of(self, row: SpecialTimeRow) -> str:
        """Return what it is and when."""
        return _("{kind}, {when}").format(kind=_(SPECIAL_KINDS[row.kind]), when=self._when(row))

    def is_active(self, row: SpecialTimeRow) -> bool:  # noqa: ARG002 - all that are shown hold
        """Return True: what is taken away is not shown."""
        return True

    def store(
        self, ctx: Context, record: UUID, row: SpecialTimeRow | None, values: dict[str, Any]
    ) -> None:
        """Add or change a date."""
        whose = values["whose"]
        is_chair = whose in self._chairs
        starts, ends = moments_of(values["starts"], values["ends"], read_span(values["hours"]))
        typed = SpecialTimeValues(
            kind=values["kind"],
            provider_id=None if is_chair else whose,
            chair_id=whose if is_chair else None,
            starts=starts,
            ends=ends,
            label=values["label"],
        )
        keeping = self._keeping
        if row is None:
            working_time.add_special(ctx, record, typed, keep_bookings=keeping)
        else:
            working_time.change_special(ctx, record, row.version, typed, keep_bookings=keeping)

    # -- bookings that would lie outside ----------------------------------------------------

    def _begin(self, row: SpecialTimeRow | None) -> None:
        super()._begin(row)
        self.away.setText(_("Remove"))
        self._offer_keeping(offered=False)

    def _refused(self, error: Exception) -> None:
        super()._refused(error)
        self._offer_keeping(offered=isinstance(error, BookingsAheadError) and error.may_keep)

    def _offer_keeping(self, *, offered: bool) -> None:
        self._keeping = False
        self.keep.setVisible(offered)
        if offered:
            self.keep.setFocus()

    @Slot()
    def _save_keeping(self) -> None:
        """Save although bookings lie outside then: they stay, and somebody is called."""
        self._keeping = True
        self.do_primary()

    def _saved(self, record: UUID) -> None:
        self._offer_keeping(offered=False)
        super()._saved(record)

    # -- taking away ------------------------------------------------------------------------

    @Slot()
    def put_away(self) -> None:
        """Take the chosen date away; undo brings it back."""
        row: Any = self.form.row
        if row is None or self.card.busy:
            return

        def done(version: int) -> None:
            def undo() -> None:
                self._wanted = row.id
                self.desk.operations.change(
                    self,
                    lambda ctx: working_time.restore_special(ctx, row.id, version),
                    lambda _none: self.refresh(),
                )

            self.form.saved()
            self.form.drop()
            text = _("{name} is removed.").format(name=self.name_of(row))
            self.desk.messages.undoable(text, undo)
            self.refresh()

        self.desk.operations.change(
            self,
            lambda ctx: working_time.remove_special(ctx, row.id, row.version),
            done,
            failed=self._refused,
        )

    # -- cells ------------------------------------------------------------------------------

    def stretched(self) -> int:
        """Return the column that takes the room left."""
        return Column.WHY

    def _when(self, row: SpecialTimeRow) -> str:
        first, last, span = parts_of(row)
        days = format_date(first, self._locale)
        if last != first:
            days = f"{days} – {format_date(last, self._locale)}"
        return f"{days}, {format_spans((span,))}" if span is not None else days

    def _cell(self, row: SpecialTimeRow, column: Column) -> Cell:
        if column == Column.WHEN:
            return name_cell(self._when(row))
        if column == Column.KIND:
            return tag_cell("soft", _(SPECIAL_KINDS[row.kind]), _ICONS[row.kind])
        if column == Column.WHOSE:
            return Cell(self._short.get(row.provider_id or row.chair_id, ""), role="text_2")
        if row.source:
            return Cell(row.label, after=_(" · from “{name}”").format(name=row.source))
        return Cell(row.label) if row.label else none_cell()


def moments_of(first: date, last: date | None, span: TypedSpan | None) -> tuple[datetime, datetime]:
    """Return the local begin and end of days and, where it is not all day, of hours on them."""
    until = last or first
    if span is None:
        return datetime.combine(first, time()), datetime.combine(until, time()) + timedelta(days=1)
    return datetime.combine(first, span.starts), datetime.combine(until, span.ends)


def parts_of(row: SpecialTimeRow) -> tuple[date, date, TypedSpan | None]:
    """Return the first day, the last one, and from when to when where it is not all day."""
    if row.starts.time() == time() and row.ends.time() == time():
        return row.starts.date(), (row.ends - timedelta(days=1)).date(), None
    return row.starts.date(), row.ends.date(), TypedSpan(row.starts.time(), row.ends.time())
