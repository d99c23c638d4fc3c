"""Where an appointment would stand on the sheet, and what is known against it at once."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from clinic_desktop.domain.assist import own_minutes
from clinic_desktop.domain.schedule import Span, is_inside
from clinic_desktop.i18n import _
from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.services.appointments.sheet_schemas import ProviderColumn
from clinic_desktop.ui.appointments.columns import SheetColumn


@dataclass(frozen=True, slots=True)
class Target:
    """With whom, in which chair and when; ``local_start`` is what the clocks show."""

    provider_id: UUID | None
    chair_id: UUID | None
    local_start: datetime
    second_hour: bool
    minutes: int


def stands_at(visit: AppointmentRow, target: Target) -> bool:
    """Return whether an appointment is there already; of an hour that comes twice, in the same."""
    return target == Target(
        visit.provider_id,
        visit.chair_id,
        visit.local_start,
        visit.is_second_hour,
        visit.minutes,
    )


def target_of(column: SheetColumn, span: Span, visit: AppointmentRow | None = None) -> Target:
    """Return the place of a span in a column, for an appointment or for a new one.

    With another provider it takes that provider's chair; another chair leaves it its provider.
    """
    if visit is None:
        usual = column.usual
        provider_id = usual.provider_id if usual is not None else None
        chair_id = column.chair_id
    elif column.provider is not None:
        provider_id = column.provider.provider_id
        chair_id = visit.chair_id if provider_id == visit.provider_id else column.chair_id
    else:
        provider_id = visit.provider_id
        here = any(one.id == visit.id for one in column.visits)
        chair_id = visit.chair_id if here else column.chair_id
    return Target(
        provider_id,
        chair_id,
        column.local_at(span.start),
        column.is_second(span.start),
        span.length,
    )


def refusal(
    column: SheetColumn,
    span: Span,
    target: Target,
    *,
    now: datetime,
    visit: AppointmentRow | None = None,
) -> str:
    """Return why an appointment cannot be there, as far as this sheet knows; the server decides.

    ``visit`` is the appointment that is moved.
    """
    sheet = column.sheet
    wanted = column.of_day(span)
    holder = _holder(column, wanted, target, visit)
    if holder is not None:
        if holder.provider_id == target.provider_id:
            words = _("{provider} has {patient}")
            return words.format(provider=holder.provider, patient=holder.patient)
        chair = next((one.name for one in sheet.chairs if one.chair_id == holder.chair_id), "")
        return _("{patient} is in {chair}").format(patient=holder.patient, chair=chair)
    provider = next((one for one in sheet.columns if one.provider_id == target.provider_id), None)
    if provider is not None:
        closed = _closed(provider, wanted)
        if closed:
            return closed
    room = next((one for one in sheet.chairs if one.chair_id == target.chair_id), None)
    if room is not None and not room.is_free(wanted):
        pause = next((one for one in room.pauses if one.span.overlaps(wanted)), None)
        return (pause.label if pause is not None else "") or _("{chair} is not in use then").format(
            chair=room.name
        )
    stays = visit is not None and (visit.local_start, visit.is_second_hour) == (
        target.local_start,
        target.second_hour,
    )
    if not stays and wanted.start < column.day.minute_of(now) - sheet.slot_minutes:
        return _("This time is past")
    return ""


def _closed(provider: ProviderColumn, wanted: Span) -> str:
    for pause in provider.pauses:
        if pause.span.overlaps(wanted):
            return pause.label or _("Break")
    if not is_inside(wanted, provider.working):
        return _("{provider} does not work then").format(provider=provider.short_name)
    return ""


def _holder(
    column: SheetColumn, wanted: Span, target: Target, but: AppointmentRow | None
) -> AppointmentRow | None:
    squeezed = but is not None and bool(but.squeeze_reason)
    # Minutes of the assistant alone leave the provider free, and the chair taken.
    own = own_minutes(wanted, but.assist if but is not None else "")
    for visit in column.sheet.visits:
        if (but is not None and visit.id == but.id) or not visit.span(column.day).overlaps(wanted):
            continue
        of_provider = (
            visit.provider_id == target.provider_id
            and visit.blocks_provider
            and not squeezed
            and any(one.overlaps(two) for one in own for two in visit.own_spans(column.day))
        )
        of_chair = target.chair_id is not None and visit.chair_id == target.chair_id
        if of_provider or (of_chair and visit.blocks_chair):
            return visit
    return None
