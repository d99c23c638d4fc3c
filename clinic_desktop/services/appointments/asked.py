"""A time that somebody asks for, turned into instants and checked for what needs no database."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.local_time import instant_of
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _
from clinic_desktop.services.appointments.schemas import LONGEST_MINUTES, When
from clinic_desktop.services.context import Context

EARLIEST: Final = date(1900, 1, 1)
AHEAD: Final = timedelta(days=3653)


@dataclass(frozen=True)
class Asked:
    """Where and when an appointment is wanted."""

    provider_id: UUID
    chair_id: UUID | None
    local: datetime
    starts_at: datetime
    minutes: int
    is_past: bool
    """Whether it begins before the slot now under way."""
    squeezed: bool = False
    """Whether the provider may be double-booked for it, though never the chair."""
    assist: str = ""
    """Minutes from the start in which an assistant alone works."""

    @property
    def ends_at(self) -> datetime:
        """The instant at which it ends."""
        return self.starts_at + timedelta(minutes=self.minutes)


def asked_of(
    ctx: Context,
    when: When,
    *,
    minutes: int,
    provider_id: UUID,
    chair_id: UUID | None,
    squeezed: bool = False,
    assist: str = "",
) -> Asked:
    """Return the asked time as instants.

    Raises InvalidError for a time the clocks skip, a date far away, or a length over a day.
    """
    local = when.local_start.replace(second=0, microsecond=0, tzinfo=None, fold=0)
    latest = (ctx.now + AHEAD).date()
    if not EARLIEST <= local.date() <= latest:
        raise InvalidError(
            _("Appointments are booked up to {day}.").format(
                day=format_date(latest, ctx.who.locale)
            ),
            field="day",
        )
    if not 0 < minutes <= LONGEST_MINUTES:
        raise InvalidError(_("An appointment lasts from 5 minutes to a day."), field="minutes")
    starts_at = instant_of(local, ctx.zone, second=when.second_hour, locale=ctx.who.locale)
    slot = timedelta(minutes=ctx.who.slot_minutes)
    return Asked(
        provider_id=provider_id,
        chair_id=chair_id,
        local=local,
        starts_at=starts_at,
        minutes=minutes,
        is_past=starts_at < ctx.now - slot,
        squeezed=squeezed,
        assist=assist,
    )
