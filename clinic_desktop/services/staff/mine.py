"""What a person asks about their own sign-in: emergency access that runs, PIN, second factor."""

from sqlalchemy import bindparam, select, text

from clinic_desktop.models import EmergencyAccess
from clinic_desktop.services.context import Context
from clinic_desktop.services.rows import change_row
from clinic_desktop.services.schemas import Row
from clinic_desktop.services.staff.schemas import EmergencyRow

_FACTORS = text("SELECT my_secret('pin') IS NOT NULL AS pin, my_secret('totp') IS NOT NULL AS totp")
_RUNNING = (
    select(
        EmergencyAccess.id,
        EmergencyAccess.reason,
        EmergencyAccess.starts_at,
        EmergencyAccess.ends_at,
    )
    .where(
        EmergencyAccess.clinic_id == bindparam("clinic"),
        EmergencyAccess.person_id == bindparam("person"),
        EmergencyAccess.ends_at > bindparam("now"),
    )
    .order_by(EmergencyAccess.ends_at.desc())
    .limit(1)
)

_MINE = select(EmergencyAccess.id, EmergencyAccess.version).where(
    EmergencyAccess.clinic_id == bindparam("clinic"),
    EmergencyAccess.person_id == bindparam("person"),
    EmergencyAccess.ends_at > bindparam("now"),
)


class Factors(Row):
    """Which secrets a person has set up beside the password."""

    pin: bool
    totp: bool


def my_factors(ctx: Context) -> Factors:
    """Return whether the person has a PIN and an authenticator app."""
    return Factors.model_validate(ctx.connection.execute(_FACTORS).one())


def end_my_emergency(ctx: Context) -> None:
    """End the emergency access that the person has now; what was opened meanwhile stays noted."""
    found = ctx.connection.execute(
        _MINE, {"clinic": ctx.clinic_id, "person": ctx.who.person_id, "now": ctx.now}
    )
    for row in found.all():
        change_row(ctx, EmergencyAccess, id=row.id, version=row.version, ends_at=ctx.now)


def my_emergency(ctx: Context) -> EmergencyRow | None:
    """Return the emergency access that the person has now, or None; ``ends_at`` is in UTC."""
    found = ctx.connection.execute(
        _RUNNING, {"clinic": ctx.clinic_id, "person": ctx.who.person_id, "now": ctx.now}
    ).mappings()
    row = found.one_or_none()
    return (
        None if row is None else EmergencyRow.model_validate({**row, "person_name": ctx.who.name})
    )
