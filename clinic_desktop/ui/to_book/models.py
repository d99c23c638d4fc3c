"""The lists to book from as tables: who, what, since when, how to reach them, what was tried."""

from datetime import datetime
from enum import IntEnum
from typing import Final

from clinic_desktop.domain.money import format_money
from clinic_desktop.domain.phones import show_phone
from clinic_desktop.domain.recalls import OUTCOMES, WAYS
from clinic_desktop.domain.times import format_time
from clinic_desktop.domain.visit_status import VisitStatus
from clinic_desktop.i18n import N_, _, ngettext
from clinic_desktop.services.to_book.schemas import BrokenRow, PlannedRow, Reach, Tried
from clinic_desktop.ui.calling.days import Days
from clinic_desktop.ui.widgets.cells import Cell, money_cell, name_cell, none_cell, unknown_cell
from clinic_desktop.ui.widgets.paged_model import PagedModel
from clinic_desktop.ui.widgets.painting import TagSpec

_SHOWN_WORK: Final = 3


class PlannedColumn(IntEnum):
    """The columns of planned treatment from left to right."""

    PATIENT = 0
    WHAT = 1
    VALUE = 2
    SINCE = 3
    PHONE = 4
    TRIED = 5
    NEXT = 6


class BrokenColumn(IntEnum):
    """The columns of broken appointments from left to right."""

    WAS = 0
    PATIENT = 1
    WHAT = 2
    WHY = 3
    PHONE = 4
    TRIED = 5
    NEXT = 6


_PLANNED: Final = {
    PlannedColumn.PATIENT: N_("Patient"),
    PlannedColumn.WHAT: N_("Planned"),
    PlannedColumn.VALUE: N_("Value"),
    PlannedColumn.SINCE: N_("Since"),
    PlannedColumn.PHONE: N_("Phone"),
    PlannedColumn.TRIED: N_("Last try"),
    PlannedColumn.NEXT: N_("Next visit"),
}
_BROKEN: Final = {
    BrokenColumn.WAS: N_("Was on"),
    BrokenColumn.PATIENT: N_("Patient"),
    BrokenColumn.WHAT: N_("For"),
    BrokenColumn.WHY: N_("What happened"),
    BrokenColumn.PHONE: N_("Phone"),
    BrokenColumn.TRIED: N_("Last try"),
    BrokenColumn.NEXT: N_("Next visit"),
}


def planned_model(days: Days, currency: str) -> PagedModel[PlannedRow]:
    """Return the model of planned treatment."""
    return PagedModel(
        _PLANNED,
        lambda row, column: _planned_cell(row, column, days, currency),
        key=lambda row: row.patient_id,
        right=frozenset({PlannedColumn.VALUE}),
    )


def broken_model(days: Days) -> PagedModel[BrokenRow]:
    """Return the model of broken appointments."""
    return PagedModel(
        _BROKEN, lambda row, column: _broken_cell(row, column, days), key=lambda row: row.id
    )


def _planned_cell(row: PlannedRow, column: PlannedColumn, days: Days, currency: str) -> Cell:
    if column == PlannedColumn.PATIENT:
        return name_cell(row.who.name, second=_("No. {number}").format(number=row.who.number))
    if column == PlannedColumn.WHAT:
        return Cell(work_words(row), second=_minutes(row))
    if column == PlannedColumn.VALUE:
        return money_cell(format_money(row.fee, currency, days.locale), due=True)
    if column == PlannedColumn.SINCE:
        return Cell(days.day(row.since), second=_ago(days, row), tabular=True)
    return _reach_cell(column.name, row.who, row.tried, row.next_visit, days)


def _broken_cell(row: BrokenRow, column: BrokenColumn, days: Days) -> Cell:
    if column == BrokenColumn.WAS:
        at = format_time(row.local_start.time(), days.locale)
        return Cell(days.day(row.local_start.date()), second=at, tabular=True)
    if column == BrokenColumn.PATIENT:
        return name_cell(row.who.name, second=_("No. {number}").format(number=row.who.number))
    if column == BrokenColumn.WHAT:
        length = _("{count} min").format(count=row.minutes)
        return Cell(row.service or _("No service yet"), second=f"{row.provider} · {length}")
    if column == BrokenColumn.WHY:
        missed = row.status == VisitStatus.MISSED
        tag = (
            TagSpec("danger", _("missed"), "user-x")
            if missed
            else TagSpec("plain", _("cancelled"), "calendar-x")
        )
        second = " · ".join(filter(None, (row.reason, often_words(row))))
        return Cell(second=second, tags=(tag,))
    return _reach_cell(column.name, row.who, row.tried, row.next_visit, days)


def _reach_cell(
    name: str, who: Reach, tried: Tried, next_visit: datetime | None, days: Days
) -> Cell:
    if name == "PHONE":
        return _phone(who)
    if name == "TRIED":
        return _tried(tried, days)
    if next_visit is None:
        return none_cell()
    return Cell(days.day(days.of(next_visit)), tabular=True)


def work_words(row: PlannedRow) -> str:
    """Return the first of the planned work, and how much more there is."""
    words = ", ".join(one.words for one in row.work[:_SHOWN_WORK])
    more = len(row.work) - _SHOWN_WORK
    if more <= 0:
        return words
    return ngettext("{work} and {count} more", "{work} and {count} more", more).format(
        work=words, count=more
    )


def _minutes(row: PlannedRow) -> str:
    return _("{count} min").format(count=sum(one.minutes for one in row.work))


def _ago(days: Days, row: PlannedRow) -> str:
    count = (days.today - row.since).days
    if count <= 0:
        return _("today")
    return ngettext("{count} day ago", "{count} days ago", count).format(count=count)


def often_words(row: BrokenRow) -> str:
    """Return how often within two years, nothing where it was the first time."""
    if row.missed + row.cancelled <= 1:
        return ""
    return _("{missed} missed, {cancelled} cancelled in 2 years").format(
        missed=row.missed, cancelled=row.cancelled
    )


def _phone(who: Reach) -> Cell:
    prefers = _("prefers {way}").format(way=_(WAYS[who.prefers])) if who.prefers in WAYS else ""
    if who.phone:
        return Cell(show_phone(who.phone), second=prefers, tabular=True)
    if who.no_phone_reason:
        return Cell(_("No phone"), second=who.email or prefers, role="text_2")
    return unknown_cell(_("Not recorded"))


def _tried(tried: Tried, days: Days) -> Cell:
    if tried.outcome is None or tried.at is None:
        return Cell(_("Not called yet"), role="text_2")
    count = ngettext("{count} try", "{count} tries", tried.attempts).format(count=tried.attempts)
    return Cell(_(OUTCOMES[tried.outcome]), second=f"{days.day(days.of(tried.at))} · {count}")
