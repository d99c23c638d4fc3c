"""The call list as a table: who is due for what, how to reach them, what came of it so far."""

from datetime import date
from enum import IntEnum
from typing import Final

from clinic_desktop.domain.phones import show_phone
from clinic_desktop.domain.recalls import OUTCOMES, WAYS
from clinic_desktop.i18n import N_, _, ngettext
from clinic_desktop.services.recalls.schemas import DueRow
from clinic_desktop.ui.calling.days import Days
from clinic_desktop.ui.widgets.cells import Cell, name_cell, none_cell, unknown_cell
from clinic_desktop.ui.widgets.paged_model import PagedModel
from clinic_desktop.ui.widgets.painting import TagSpec

# Overdue by this many days turns amber, by this many red with its word.
LATE_DAYS: Final = 30
VERY_LATE_DAYS: Final = 180


class Column(IntEnum):
    """The columns from left to right."""

    DUE = 0
    PATIENT = 1
    WHAT = 2
    PHONE = 3
    TRIED = 4
    NEXT = 5


_TITLES: Final = {
    Column.DUE: N_("Due"),
    Column.PATIENT: N_("Patient"),
    Column.WHAT: N_("For"),
    Column.PHONE: N_("Phone"),
    Column.TRIED: N_("Last try"),
    Column.NEXT: N_("Next visit"),
}


def overdue_tag(due_on: date, today: date) -> TagSpec:
    """Return how late somebody is, in words and in a tone."""
    late = (today - due_on).days
    if late < 0:
        words = ngettext("in {count} day", "in {count} days", -late).format(count=-late)
        return TagSpec("soft", words)
    if late == 0:
        return TagSpec("plain", _("today"))
    words = ngettext("{count} day over", "{count} days over", late).format(count=late)
    if late >= VERY_LATE_DAYS:
        return TagSpec("danger", words, "clock")
    if late >= LATE_DAYS:
        return TagSpec("warning", words, "clock")
    return TagSpec("plain", words)


def due_model(days: Days) -> PagedModel[DueRow]:
    """Return the model of the call list."""
    return PagedModel(_TITLES, lambda row, column: _cell(row, column, days), key=lambda row: row.id)


def _cell(row: DueRow, column: Column, days: Days) -> Cell:
    if column == Column.DUE:
        return Cell(days.day(row.due_on), tabular=True, tags=(overdue_tag(row.due_on, days.today),))
    if column == Column.PATIENT:
        return name_cell(row.name, second=_("No. {number}").format(number=row.number))
    if column == Column.WHAT:
        last = _("last {day}").format(day=days.day(row.last_on)) if row.last_on else ""
        return Cell(row.type_name, second=" · ".join(filter(None, (last, row.remark))))
    if column == Column.PHONE:
        return _phone(row)
    if column == Column.TRIED:
        return _tried(row, days)
    if row.next_visit is None:
        return none_cell()
    mark = (TagSpec("success", _("fits"), "check"),) if row.booked else ()
    return Cell(days.day(days.of(row.next_visit)), tabular=True, tags=mark)


def _phone(row: DueRow) -> Cell:
    prefers = _("prefers {way}").format(way=_(WAYS[row.prefers])) if row.prefers in WAYS else ""
    if row.phone:
        return Cell(show_phone(row.phone), second=prefers, tabular=True)
    if row.no_phone_reason:
        return Cell(_("No phone"), second=row.email or prefers, role="text_2")
    return unknown_cell(_("Not recorded"))


def _tried(row: DueRow, days: Days) -> Cell:
    if row.last_outcome is None or row.last_at is None:
        return Cell(_("Not called yet"), role="text_2")
    count = ngettext("{count} try", "{count} tries", row.attempts).format(count=row.attempts)
    when = days.day(days.of(row.last_at))
    return Cell(_(OUTCOMES[row.last_outcome]), second=f"{when} · {count}")
