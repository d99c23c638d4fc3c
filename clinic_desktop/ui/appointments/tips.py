"""What a resting pointer is told: the whole of what a sheet has room to write a part of."""

from html import escape

from clinic_desktop.domain.visit_status import word
from clinic_desktop.i18n import _
from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.ui.appointments.geometry import SheetGeometry
from clinic_desktop.ui.appointments.words import also_words, begin_words, change_words


def tip_of_visit(visit: AppointmentRow, locale: str, also: tuple[AppointmentRow, ...] = ()) -> str:
    """Return an appointment in full: who, what, when, with whom, where it stands, and why.

    ``also`` is what else the patient has that day.
    """
    at = _("{time}, {minutes} min").format(time=begin_words(visit, locale), minutes=visit.minutes)
    when = " · ".join((at, visit.provider, word(visit.status)))
    squeezed = _("Squeezed in: {reason}").format(reason=visit.squeeze_reason)
    return _lines(
        visit.patient,
        visit.service,
        when,
        also_words(visit, also, locale),
        squeezed if visit.squeeze_reason else "",
        visit.remark,
    )


def tip_of_days(geometry: SheetGeometry, x: float, y: float, locale: str) -> str:
    """Return what is at a point of the sheet: an appointment, a break, or nothing."""
    cell, block = geometry.cell_at(x, y), geometry.block_at(x, y)
    if block is not None:
        return tip_of_visit(block.visit, locale, block.also)
    if cell is None:
        return ""
    minute = geometry.first + y / geometry.row * geometry.slot
    pauses = geometry.columns[cell.column].pauses
    return _lines(*(one.label for one in pauses if one.span.start <= minute < one.span.end))


def tip_of_head(geometry: SheetGeometry, x: float, locale: str) -> str:
    """Return whose column it is, what stands below the name, and of clocks that are changed."""
    cell = geometry.cell_at(x, 0)
    if cell is None:
        return ""
    column = geometry.columns[cell.column]
    change = column.day.change
    clocks = change_words(change, locale) if change is not None else ""
    return _lines(column.title, column.note, clocks)


def _lines(*lines: str) -> str:
    """Return lines for a tooltip, escaped where Qt would guess that they are markup."""
    said = [line for line in lines if line]
    if any("<" in line or "&" in line for line in said):
        return f"<span>{'<br>'.join(escape(line) for line in said)}</span>"
    return "\n".join(said)
