"""What the list beside the teeth shows: entries of the chart, sorted into groups, as values."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING, Final
from uuid import UUID

from clinic_desktop.domain.chart_details import detail_words
from clinic_desktop.domain.chart_line import Parsed
from clinic_desktop.domain.teeth.chart import STATE_CODES, MarkStatus
from clinic_desktop.domain.teeth.dentition import arch_key
from clinic_desktop.domain.teeth.describe import STATUS_WORDS
from clinic_desktop.domain.teeth.of_items import EXAMINED, mark_of, paint_of, settled
from clinic_desktop.domain.vocabulary import terms
from clinic_desktop.i18n import _, ngettext

if TYPE_CHECKING:  # the window is painted before pydantic is loaded
    from clinic_desktop.services.chart.schemas import ChartItemRow

_OPEN: Final = (MarkStatus.IN_PROGRESS, MarkStatus.PLANNED, MarkStatus.REFERRED)
# What is drawn over several teeth and listed once.
_OVER_TEETH: Final = frozenset({"arch", "tooth_range"})
_MADE: Final = (MarkStatus.DONE, MarkStatus.EXISTING, MarkStatus.ELSEWHERE)


class ListFilter(StrEnum):
    """Which entries the list shows."""

    OPEN = "open"
    DONE = "done"
    CONDITIONS = "conditions"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class ListRow:
    """One entry, a heading (without ``status``), or the line being typed (without ``id``)."""

    title: str
    second: str = ""
    tooth: int | None = None
    surfaces: str = ""
    status: MarkStatus | None = None
    paint: str = ""
    fee: int | None = None
    priced: bool = False
    quiet: bool = False
    id: UUID | None = None

    @property
    def is_heading(self) -> bool:
        """Whether it stands over a group."""
        return self.status is None


@dataclass(frozen=True, slots=True)
class Listing:
    """How rows are written here."""

    day: Callable[[date], str]
    clock: Callable[["ChartItemRow"], str]
    today: date
    visit_id: UUID | None = None
    """Today's appointment, whose planned work is today's."""


@dataclass(frozen=True, slots=True)
class Sums:
    """What is open: how many, for how much, and how many of them at a price nobody knows."""

    count: int
    fee: int
    unknown: int


def as_one(item: "ChartItemRow") -> tuple[str, ...] | None:
    """Return what entries share that are one thing on several teeth, charted by one line."""
    term = terms().get(paint_of(item))
    if term is None or term.scope not in _OVER_TEETH or not item.act:
        return None
    return (item.act, item.code, item.status, item.detail)


def is_one_with(one: "ChartItemRow", other: "ChartItemRow") -> bool:
    """Return whether two entries are taken back together."""
    return one.id == other.id or (as_one(other) is not None and as_one(one) == as_one(other))


def is_today(row: "ChartItemRow", listing: Listing) -> bool:
    """Return whether an entry is work of today that is not completed yet."""
    if row.waits_for_completion:
        return True
    planned = row.status in {"planned", "in_progress"}
    return planned and listing.visit_id is not None and row.appointment_id == listing.visit_id


def sums_of(items: Iterable["ChartItemRow"]) -> Sums:
    """Return the sum of what is planned or under way."""
    open_now = [row for row in items if row.status in {"planned", "in_progress"}]
    fees = [row.fee for row in open_now if row.fee is not None]
    return Sums(len(open_now), sum(fees), len(open_now) - len(fees))


def counts_of(items: Sequence["ChartItemRow"]) -> Counter[ListFilter]:
    """Return how many entries wait under each filter."""
    over = settled(items)
    return Counter(
        {
            ListFilter.OPEN: sum(row.status in _OPEN or row.waits_for_completion for row in items),
            ListFilter.CONDITIONS: sum(
                row.status == MarkStatus.CONDITION and row.id not in over and not _is_state(row)
                for row in items
            ),
        }
    )


def rows_of(
    items: Sequence["ChartItemRow"],
    wanted: ListFilter,
    listing: Listing,
    *,
    preview: Parsed | None = None,
) -> tuple[ListRow, ...]:
    """Return headings and rows of a filter; ``preview`` is the line being typed, on top."""
    maker = _Maker(listing, settled(items))
    known = [row for row in items if row.code != EXAMINED or wanted is ListFilter.ALL]
    groups = {
        ListFilter.OPEN: maker.open,
        ListFilter.DONE: maker.made,
        ListFilter.CONDITIONS: maker.conditions,
        ListFilter.ALL: maker.everything,
    }[wanted](known)
    coming = maker.preview(preview) if preview is not None else []
    found: list[ListRow] = []
    for heading, rows in groups:
        found.append(ListRow(heading))
        if heading == _("Today") and preview is not None and preview.status is MarkStatus.DONE:
            found += coming
            coming = []
        found += rows
    return (*coming, *found)


Group = tuple[str, list[ListRow]]


class _Maker:
    def __init__(self, listing: Listing, over: frozenset[UUID]) -> None:
        self._listing = listing
        self._over = over

    def open(self, items: Sequence["ChartItemRow"]) -> list[Group]:
        today = [row for row in items if is_today(row, self._listing)]
        rest = [row for row in items if row.status in _OPEN and row not in today]
        groups = [(_("Today"), today)]
        groups += [(_(STATUS_WORDS[one]), _of(rest, one)) for one in _OPEN]
        return self._filled(groups)

    def made(self, items: Sequence["ChartItemRow"]) -> list[Group]:
        return self._filled([(_(STATUS_WORDS[one]), _of(items, one, last=True)) for one in _MADE])

    def conditions(self, items: Sequence["ChartItemRow"]) -> list[Group]:
        charted = _of(items, MarkStatus.CONDITION)
        over = [row for row in charted if row.id in self._over]
        states = [row for row in charted if _is_state(row)]
        return self._filled(
            [
                (_("Found"), [row for row in charted if row not in over and row not in states]),
                (_("State of the teeth"), states),
                (_("Treated since, or gone with the tooth"), over),
            ]
        )

    def everything(self, items: Sequence["ChartItemRow"]) -> list[Group]:
        latest = sorted(items, key=lambda row: row.since, reverse=True)
        return [
            (self._listing.day(day), self.rows(list(rows), dated=False))
            for day, rows in groupby(latest, key=lambda row: row.since)
        ]

    def _filled(self, groups: Iterable[tuple[str, list["ChartItemRow"]]]) -> list[Group]:
        return [(heading, self.rows(rows)) for heading, rows in groups if rows]

    def rows(self, items: Sequence["ChartItemRow"], *, dated: bool = True) -> list[ListRow]:
        """Return a row for each entry, one for what is over several teeth."""
        shared = [as_one(item) for item in items]
        counts = Counter(shared)
        listed = set()
        found: list[ListRow] = []
        for item, key in zip(items, shared, strict=True):
            if key is None:
                found.append(self.row(item, dated=dated))
            elif key not in listed:
                listed.add(key)
                found.append(self.row(item, dated=dated, together=counts[key]))
        return found

    def row(self, item: "ChartItemRow", *, dated: bool = True, together: int = 1) -> ListRow:
        mark = mark_of(item)
        title = _title(item)
        more = detail_words(mark.paint, item.detail)
        if together > 1:
            words = ngettext("{count} tooth", "{count} teeth", together).format(count=together)
            more = f"{more}, {words}" if more else words
        if more and (item.treatment is None or together > 1):
            title = f"{title}, {more}"
        return ListRow(
            title=title[:1].upper() + title[1:],
            second=self._second(item) if dated else self._status(item),
            tooth=item.tooth if together == 1 else None,
            surfaces=item.surfaces,
            status=mark.status,
            paint=paint_of(item),
            fee=item.fee,
            priced=item.status in {"planned", "in_progress", "done"},
            quiet=item.id in self._over,
            id=item.id,
        )

    def _second(self, item: "ChartItemRow") -> str:
        """Return when and by whom; of today's work the hour, of what waits that it does."""
        today = item.since == self._listing.today
        when = self._listing.clock(item) if today else self._listing.day(item.since)
        parts = [when, item.provider or "", item.remark]
        return " · ".join(part for part in parts if part)

    def _status(self, item: "ChartItemRow") -> str:
        """Return status and provider, below a heading that is the date."""
        parts = [_(STATUS_WORDS[MarkStatus(item.status)]), item.provider or "", item.remark]
        return " · ".join(part for part in parts if part)

    def preview(self, parsed: Parsed) -> list[ListRow]:
        """Return the line being typed as it would stand here, a row for each of its entries."""
        return [row for one in parsed.each() for row in self._preview_one(one)]

    def _preview_one(self, parsed: Parsed) -> list[ListRow]:
        if parsed.line is None or parsed.entry is None:
            return []
        count = len(parsed.teeth)
        second = _("not saved yet")
        if count > 1:
            words = ngettext("{count} tooth, not saved yet", "{count} teeth, not saved yet", count)
            second = words.format(count=count)
        return [
            ListRow(
                title=parsed.entry.name[:1].upper() + parsed.entry.name[1:],
                second=second,
                tooth=parsed.teeth[0] if count == 1 else None,
                surfaces=parsed.surfaces,
                status=parsed.status,
                paint=parsed.entry.paint,
                fee=parsed.fee,
                priced=parsed.fee is not None,
            )
        ]


def _title(item: "ChartItemRow") -> str:
    """Return the treatment, or the short name of a finding."""
    if item.code == EXAMINED:
        return _("Examined")
    term = terms().get(item.code)
    return item.treatment or (term.word if term is not None else item.code)


def _is_state(row: "ChartItemRow") -> bool:
    """Return whether an entry says how a tooth is there and not what is wrong with it."""
    return row.kind == "state" or row.code in STATE_CODES


def _of(
    items: Iterable["ChartItemRow"], status: MarkStatus, *, last: bool = False
) -> list["ChartItemRow"]:
    """Return the entries of a status, by tooth, or the latest first."""
    found = [row for row in items if row.status == status]
    if last:
        return sorted(found, key=lambda row: row.since, reverse=True)
    return sorted(found, key=lambda row: (row.tooth is None, arch_key(row.tooth or 11)))


def rows_of_past(
    then: Sequence["ChartItemRow"],
    since: Sequence["ChartItemRow"],
    listing: Listing,
    *,
    heading: str,
    teeth: tuple[int, ...],
) -> tuple[ListRow, ...]:
    """Return what was true on a past date, and what came since when two dates are compared.

    With teeth selected only theirs.
    """
    maker = _Maker(listing, settled(then))

    def rows(items: Sequence["ChartItemRow"]) -> list[ListRow]:
        return maker.rows([row for row in items if not teeth or row.tooth in teeth])

    found = [ListRow(heading), *rows(then)]
    later = rows(since)
    if later:
        found += [ListRow(_("Since then")), *later]
    return tuple(found)
