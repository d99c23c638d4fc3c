"""The columns of the sheet: a day of a provider or of a chair, and what stands in it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from enum import StrEnum
from typing import Final
from uuid import UUID

from clinic_desktop.domain.dates import format_weekday
from clinic_desktop.domain.local_time import LocalDay, local_of
from clinic_desktop.domain.schedule import Span, booked_share, merge, subtract
from clinic_desktop.domain.working_time import Pause
from clinic_desktop.i18n import _, ngettext
from clinic_desktop.services.appointments.doubles import others_of_day
from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.services.appointments.sheet_schemas import ChairSlot, DaySheet, ProviderColumn

# What gave its time away is not drawn.
_ELSEWHERE: Final = frozenset({"cancelled", "rescheduled"})
_NOON: Final = 12 * 60


class By(StrEnum):
    """Whose columns they are."""

    PROVIDER = "provider"
    CHAIR = "chair"


@dataclass(frozen=True, slots=True, eq=False)
class SheetColumn:
    """A day of a provider or of a chair. Its spans are minutes of the common axis.

    ``shift`` is added to a minute of this day to find it on the axis: beside other days, a day
    whose clocks change is drawn by what the clocks show at noon.
    """

    sheet: DaySheet
    day: LocalDay
    shift: int
    title: str
    note: str
    short: tuple[str, str]
    """Title and note where there is little room: whose column it is comes before its figures."""
    figure: str
    """How much is booked in the fewest signs, below the name of its day."""
    is_today: bool
    provider: ProviderColumn | None
    """Whose column it is, None for a chair's."""
    chair_id: UUID | None
    """The provider's usual chair, or the chair whose column it is."""
    usual: ProviderColumn | None
    """Who is booked here when nobody is named."""
    working: tuple[Span, ...]
    pauses: tuple[Pause, ...]
    visits: tuple[AppointmentRow, ...]
    also: Mapping[UUID, tuple[AppointmentRow, ...]]
    """Of a visit whose patient has others that day: these."""

    def booked_span(self, visit: AppointmentRow) -> Span:
        """Return when a visit was booked for."""
        return self.on_axis(visit.booked_span(self.day))

    def on_axis(self, span: Span) -> Span:
        """Return a span of the day as one of the axis."""
        return span.moved_to(span.start + self.shift)

    def of_day(self, span: Span) -> Span:
        """Return a span of the axis as one of the day."""
        return span.moved_to(span.start - self.shift)

    def local_at(self, minute: int) -> datetime:
        """Return what the clocks show at a minute of the axis; naive."""
        return self.day.local_at(minute - self.shift)

    def is_second(self, minute: int) -> bool:
        """Return whether a minute of the axis is the second one with its time."""
        return self.day.is_second(minute - self.shift)

    def minute_of(self, instant: datetime) -> int:
        """Return the minute of the axis at an instant, outside the day as well."""
        return self.day.minute_of(instant) + self.shift


def columns_of(
    sheets: Sequence[DaySheet], *, by: By, shown: Collection[UUID] = (), locale: str = "en"
) -> tuple[SheetColumn, ...]:
    """Return the columns of these days; ``shown`` leaves out others, unless it fits nobody."""
    makers = [_Day(sheet, sheets, by, shown, locale) for sheet in sheets]
    found = tuple(column for maker in makers for column in maker.columns())
    if not found and shown:
        return columns_of(sheets, by=by, locale=locale)
    return found


class _Day:
    """Makes the columns of one day among others."""

    def __init__(
        self,
        sheet: DaySheet,
        sheets: Sequence[DaySheet],
        by: By,
        shown: Collection[UUID],
        locale: str,
    ) -> None:
        self._sheet, self._by, self._shown, self._locale = sheet, by, shown, locale
        self._many = len(sheets) > 1
        self._day = sheet.local_day
        self._visits = [visit for visit in sheet.visits if visit.status not in _ELSEWHERE]
        self._also = others_of_day(sheet.visits)
        self._is_today = local_of(sheet.now, self._day.zone).date() == sheet.day
        noon = self._day.minute_at(time(12))
        self._shift = _NOON - noon if self._many else 0
        in_use = {chair.chair_id for chair in sheet.chairs}
        self._homeless = any(
            visit.chair_id not in in_use and visit.status not in _ELSEWHERE
            for one in sheets
            for visit in one.visits
        )

    def columns(self) -> Iterable[SheetColumn]:
        if self._by is By.PROVIDER:
            own = [one for one in self._sheet.columns if self._is_shown(one.provider_id)]
            return [self._of_provider(one, alone=len(own) == 1) for one in own]
        chairs: list[ChairSlot | None] = [
            one for one in self._sheet.chairs if self._is_shown(one.chair_id)
        ]
        if self._homeless and not self._shown:
            chairs.append(None)
        return [self._of_chair(one, alone=len(chairs) == 1) for one in chairs]

    def _is_shown(self, one: UUID) -> bool:
        return not self._shown or one in self._shown

    def _of_provider(self, one: ProviderColumn, *, alone: bool) -> SheetColumn:
        visits = [visit for visit in self._visits if visit.provider_id == one.provider_id]
        note = short = self._count(visits, one.booked)
        if not self._many:
            share = (
                _("{percent} % booked").format(percent=one.booked)
                if one.booked is not None
                else _("does not work today")
            )
            note = " · ".join(filter(None, (one.chair, share)))
            brief = f"{one.booked} %" if one.booked is not None else ""
            short = " · ".join(filter(None, (one.chair, brief))) if brief else share
        return self._column(
            self._title(one.name if not self._many else one.short_name, alone=alone),
            note,
            visits,
            short=self._short(one.short_name, short, alone=alone),
            share=one.booked,
            provider=one,
            chair_id=one.chair_id,
            usual=one,
            working=one.working,
            pauses=one.pauses,
        )

    def _of_chair(self, chair: ChairSlot | None, *, alone: bool) -> SheetColumn:
        columns = self._sheet.columns
        if chair is None:
            in_use = {one.chair_id for one in self._sheet.chairs}
            visits = [visit for visit in self._visits if visit.chair_id not in in_use]
        else:
            visits = [visit for visit in self._visits if visit.chair_id == chair.chair_id]
        active = [one for one in columns if one.active]
        working = merge(span for one in active for span in one.working)
        if chair is not None and chair.working is not None:
            working = subtract(working, subtract(working, chair.working))
        busy = [visit.span(self._day) for visit in visits if visit.blocks_chair]
        chair_id = chair.chair_id if chair is not None else None
        usual = next((one for one in active if chair_id and one.chair_id == chair_id), None)
        name = chair.name if chair is not None else _("No chair yet")
        share = booked_share(working, busy)
        return self._column(
            self._title(name, alone=alone),
            count := self._count(visits, share),
            visits,
            short=self._short(name, count, alone=alone),
            share=share,
            provider=None,
            chair_id=chair_id,
            usual=usual or next(iter(active), None),
            working=tuple(working),
            pauses=chair.pauses if chair is not None else (),
        )

    def _title(self, name: str, *, alone: bool) -> str:
        if not self._many:
            return name
        return self._day_words() if alone else f"{self._day_words()} · {name}"

    def _short(self, name: str, note: str, *, alone: bool) -> tuple[str, str]:
        """Return the head of a narrow column: several of one day differ by the name."""
        if not self._many:
            return name, note
        return self._day_words(), note if alone else name

    def _day_words(self) -> str:
        day = format_weekday(self._sheet.day, self._locale)
        return _("{day}, today").format(day=day) if self._is_today else day

    def _count(self, visits: Sequence[AppointmentRow], share: int | None) -> str:
        if share is None and not visits:
            return _("closed")
        words = ngettext("{count} booked", "{count} booked", len(visits)).format(count=len(visits))
        return words if share is None else f"{words} · {share} %"

    def _figure(self, visits: Sequence[AppointmentRow], share: int | None) -> str:
        if share is not None:
            return f"{share} %"
        return "" if visits else _("closed")

    def _column(
        self,
        title: str,
        note: str,
        visits: Sequence[AppointmentRow],
        *,
        short: tuple[str, str],
        share: int | None,
        provider: ProviderColumn | None,
        chair_id: UUID | None,
        usual: ProviderColumn | None,
        working: Iterable[Span],
        pauses: Iterable[Pause],
    ) -> SheetColumn:
        shift = self._shift
        return SheetColumn(
            sheet=self._sheet,
            day=self._day,
            shift=shift,
            title=title,
            note=note,
            short=short,
            figure=self._figure(visits, share),
            is_today=self._is_today,
            provider=provider,
            chair_id=chair_id,
            usual=usual,
            working=tuple(span.moved_to(span.start + shift) for span in working),
            pauses=tuple(
                replace(pause, span=pause.span.moved_to(pause.span.start + shift))
                for pause in pauses
            ),
            visits=tuple(visits),
            also=self._also,
        )
