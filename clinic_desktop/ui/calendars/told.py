"""What a calendar was found to hold, as rows of one table: what asks for attention comes first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum
from typing import Final

from clinic_desktop.domain.dates import format_date, format_days, format_weekday_name
from clinic_desktop.domain.times import format_time
from clinic_desktop.i18n import N_, _, ngettext
from clinic_desktop.services.calendars.schemas import (
    BusyBlock,
    BusyPreview,
    FoundHoliday,
    HandChange,
    Problem,
)
from clinic_desktop.services.working_time.schemas import Stranded
from clinic_desktop.ui.widgets.cells import Cell, name_cell, tag_cell

TAGS: Final = {
    "booking": ("warning", N_("Booking"), "triangle-alert"),
    "problem": ("unknown", N_("Not read"), "circle-help"),
    "changed": ("info", N_("Changed"), "arrow-right"),
    "hand": ("accent", N_("Changed here"), "user"),
    "theirs": ("info", N_("The calendar's"), "arrow-right"),
    "new": ("success", N_("New"), "plus"),
    "there": ("soft", N_("Already there"), "check"),
    "out": ("plain", N_("Left out"), "x"),
}


class Column(IntEnum):
    """The columns from left to right."""

    KIND = 0
    WHEN = 1
    WORDS = 2


TITLES: Final = {
    Column.KIND: N_("What"),
    Column.WHEN: N_("When"),
    Column.WORDS: N_("Title"),
}


@dataclass(frozen=True)
class Told:
    """One row; ``key`` tells it from the others."""

    key: str
    kind: str
    when: str
    words: str
    holiday: FoundHoliday | None = None


def cell_of(row: Told, column: Column) -> Cell:
    """Return one cell of the table."""
    if column == Column.KIND:
        kind, words, icon = TAGS[row.kind]
        return tag_cell(kind, _(words), icon)
    if column == Column.WHEN:
        return name_cell(row.when)
    return Cell(row.words, strike=row.kind == "out")


def bookings(rows: Iterable[Stranded], locale: str) -> list[Told]:
    """Return the bookings that would stand in closed time."""
    return [
        Told(
            str(row.id),
            "booking",
            _("{day} at {time}").format(
                day=format_date(row.local_start.date(), locale),
                time=format_time(row.local_start.time(), locale),
            ),
            f"{row.patient} · {row.provider}",
        )
        for row in rows
    ]


def problems(rows: Iterable[Problem], more: int) -> list[Told]:
    """Return what could not be read, each with its line."""
    found = [
        Told(f"line {n}", "problem", _("Line {line}").format(line=row.line), row.sentence)
        for n, row in enumerate(rows)
    ]
    if more:
        words = ngettext("{count} more is not listed.", "{count} more are not listed.", more)
        found.append(Told("more", "problem", "", words.format(count=more)))
    return found


def blocks(kind: str, rows: Iterable[BusyBlock], locale: str) -> list[Told]:
    """Return busy times."""
    return [Told(row.uid, kind, when_of(row, locale), row.title or _("Busy")) for row in rows]


def by_hand(rows: Iterable[HandChange], theirs: Iterable[str], locale: str) -> list[Told]:
    """Return what somebody changed here; ``theirs`` are those of which the calendar's is taken."""
    wanted = frozenset(theirs)
    found = []
    for row in rows:
        taken = row.uid in wanted
        shown = row.there if taken and row.there is not None else row.here
        found.append(
            Told(
                row.uid,
                "theirs" if taken else "hand",
                when_of(shown, locale),
                _hand_words(row, locale, taken=taken),
            )
        )
    return found


def _hand_words(row: HandChange, locale: str, *, taken: bool) -> str:
    here = row.here.title or _("Busy")
    if taken:
        words = _("goes, as it did there")
        if row.there is not None:
            words = _("taken from the calendar")
        return f"{here} · {words}"
    if row.removed:
        words = _("taken away here by {name}, stays away").format(name=row.who)
    else:
        words = _("changed here by {name}, stays").format(name=row.who)
    there = _("gone there")
    if row.there is not None:
        there = _("there: {moment}").format(moment=when_of(row.there, locale))
    return f"{here} · {words} ({there})"


def when_of(row: BusyBlock, locale: str) -> str:
    """Return from when to when somebody is busy."""
    first = row.starts.date()
    if row.whole_day:
        last = (row.ends - timedelta(days=1)).date()
        return format_date(first, locale) if last == first else format_days(first, last, locale)
    begins, ends = (format_time(one.time(), locale) for one in (row.starts, row.ends))
    day = format_date(first, locale)
    if row.ends.date() == first:
        return f"{day}, {begins}–{ends}"
    return f"{day}, {begins} – {format_date(row.ends.date(), locale)}, {ends}"


def holidays(rows: Iterable[FoundHoliday], out: Iterable[str], locale: str) -> list[Told]:
    """Return holidays; ``out`` are the keys of those that somebody left out."""
    left = frozenset(out)
    found = []
    for row in rows:
        key = row.day.isoformat()
        kind = "there" if row.there else "out" if key in left else "new"
        when = f"{format_date(row.day, locale)}, {format_weekday_name(row.day, locale)}"
        found.append(Told(key, kind, when, row.name, row))
    return found


def summary(found: BusyPreview, locale: str) -> str:
    """Return in a few sentences what bringing a calendar in would change."""
    plan = found.plan
    count = len(plan.blocks)
    head = ngettext(
        "“{name}” has {count} busy time from {first} to {last}.",
        "“{name}” has {count} busy times from {first} to {last}.",
        count,
    ).format(
        name=plan.source,
        count=count,
        first=format_date(plan.first, locale),
        last=format_date(plan.last, locale),
    )
    parts = [head]
    if found.seen_before:
        parts.append(
            _(
                "It was brought in before: {new} new, {changed} changed, {same} as they were."
            ).format(new=len(found.new), changed=len(found.changed), same=found.same)
        )
    if found.gone:
        gone = ngettext(
            "{count} is gone there and goes here too.",
            "{count} are gone there and go here too.",
            found.gone,
        )
        parts.append(gone.format(count=found.gone))
    if not plan.whole:
        parts.append(_("The file is not whole: nothing goes here for being missing in it."))
    left = _left_out(found)
    if left:
        parts.append(_("Left out: {what}.").format(what=left))
    return " ".join(parts)


def _left_out(found: BusyPreview) -> str:
    left = found.left_out
    named = (
        (left.elsewhen, _("{count} at other times")),
        (left.free, _("{count} shown as free")),
        (left.cancelled, _("{count} cancelled")),
        (left.no_time, _("{count} without a length")),
    )
    return ", ".join(words.format(count=count) for count, words in named if count)
