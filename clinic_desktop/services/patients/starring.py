"""Patients a person keeps at hand: those they starred, those they opened last."""

from typing import Final
from uuid import UUID

from sqlalchemy import text

from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.errors import ConflictError
from clinic_desktop.i18n import _
from clinic_desktop.services.context import Context
from clinic_desktop.services.patients.list_schemas import Beginning
from clinic_desktop.services.patients.lists import some
from clinic_desktop.services.patients.lookups import forwarded_to

MOST: Final = 50
RECENT: Final = 6
# As many openings are looked at: the same records are opened again and again.
LOOKED_AT: Final = 60

_MINE: Final = text(
    """
    SELECT s.patient_id FROM patient_star s
    WHERE s.clinic_id = :clinic AND s.person_id = :person AND s.deleted_at IS NULL
    ORDER BY s.created_at, s.id
    """
)
_ADD: Final = text(
    """
    INSERT INTO patient_star (clinic_id, id, person_id, patient_id)
    VALUES (:clinic, :id, :person, :patient) ON CONFLICT DO NOTHING
    """
)
_TAKE: Final = text(
    """
    UPDATE patient_star s SET deleted_at = now(), version = s.version + 1
    WHERE s.clinic_id = :clinic AND s.person_id = :person AND s.patient_id = :patient
      AND s.deleted_at IS NULL
    """
)
_OPENED: Final = text("SELECT patient_id FROM opened_last(:clinic, :most, :look)")


def stars(ctx: Context) -> tuple[UUID, ...]:
    """Return whom the person starred, the earliest first."""
    ctx.need(Permission.PATIENTS_READ)
    keys = {"clinic": ctx.clinic_id, "person": ctx.who.person_id}
    return tuple(ctx.connection.execute(_MINE, keys).scalars())


def set_star(ctx: Context, patient_id: UUID, *, on: bool) -> bool:
    """Star a patient or take the star away; False when it was so before."""
    ctx.need(Permission.PATIENTS_READ)
    keys = {"clinic": ctx.clinic_id, "person": ctx.who.person_id, "patient": patient_id}
    if not on:
        return ctx.connection.execute(_TAKE, keys).rowcount > 0
    mine = stars(ctx)
    if patient_id in mine:
        return False
    if len(mine) >= MOST:
        raise ConflictError(
            _("{most} patients are starred. Take a star away first.").format(most=MOST)
        )
    return ctx.connection.execute(_ADD, {**keys, "id": new_id()}).rowcount > 0


def opened_last(ctx: Context, most: int = RECENT) -> tuple[UUID, ...]:
    """Return whom the person opened last, on any computer, the latest first.

    A record that was merged since answers with the one that holds its rows.
    """
    ctx.need(Permission.PATIENTS_READ)
    values = {"clinic": ctx.clinic_id, "most": 2 * most, "look": LOOKED_AT}
    opened = ctx.connection.execute(_OPENED, values).scalars().all()
    return tuple(opened)


def beginning(ctx: Context) -> Beginning:
    """Return what stands above the list while nothing is typed."""
    starred, opened = stars(ctx), opened_last(ctx)
    rows = {row.id: row for row in some(ctx, list(dict.fromkeys((*starred, *opened))))}
    recent: dict[UUID, None] = {}
    for one in opened:
        # Asked only for a record that is no longer there: hardly ever.
        target = one if one in rows else forwarded_to(ctx, one)
        if target is not None and target not in rows:
            rows |= {row.id: row for row in some(ctx, [target])}
        if target in rows:
            recent[target] = None
    ordered = sorted((rows[one] for one in starred if one in rows), key=lambda r: r.place)
    return Beginning(
        starred=tuple(ordered), recent=tuple(rows[one] for one in list(recent)[:RECENT])
    )
