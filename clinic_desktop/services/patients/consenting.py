"""What patients said about being contacted: by which way, for what, when, and who wrote it down."""

from typing import Final
from uuid import UUID

from sqlalchemy import text

from clinic_desktop.domain.permissions import Permission
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _
from clinic_desktop.models import PatientConsent
from clinic_desktop.services.context import Context
from clinic_desktop.services.patients.checks import CHANNELS
from clinic_desktop.services.patients.list_schemas import ConsentRow, NewConsent
from clinic_desktop.services.rows import add_row

PURPOSES: Final = ("care", "reminders", "marketing")
ANSWERS: Final = ("given", "refused", "unknown")
HOW: Final = ("spoken", "phone", "form", "message", "imported")
_LONGEST: Final = 500

_SELECT: Final = """
    c.id, c.channel, c.purpose, c.answer, c.how, c.said_on, c.remark, c.created_at AS recorded_at,
    coalesce((SELECT s.name FROM person s
              WHERE s.clinic_id = :clinic AND s.id = c.recorded_by), '') AS by
    FROM patient_consent c WHERE c.clinic_id = :clinic AND c.patient_id = :patient"""
_LATEST: Final = text(
    f"SELECT DISTINCT ON (c.channel, c.purpose) {_SELECT} "
    "ORDER BY c.channel, c.purpose, c.created_at DESC, c.id DESC"
)
_ALL: Final = text(f"SELECT {_SELECT} ORDER BY c.created_at DESC, c.id DESC LIMIT 200")


def consents(ctx: Context, patient_id: UUID) -> tuple[ConsentRow, ...]:
    """Return the last word on each way and purpose; where there is none, nothing was ever said."""
    ctx.need(Permission.PATIENTS_READ)
    keys = {"clinic": ctx.clinic_id, "patient": patient_id}
    return tuple(map(ConsentRow.model_validate, ctx.connection.execute(_LATEST, keys)))


def consent_history(ctx: Context, patient_id: UUID) -> tuple[ConsentRow, ...]:
    """Return everything that was ever said, the latest first."""
    ctx.need(Permission.PATIENTS_READ)
    keys = {"clinic": ctx.clinic_id, "patient": patient_id}
    return tuple(map(ConsentRow.model_validate, ctx.connection.execute(_ALL, keys)))


def may_contact(ctx: Context, patient_id: UUID, channel: str, purpose: str) -> bool:
    """Return whether the patient said yes to this way and purpose; unknown is no yes."""
    return any(
        row.answer == "given" and (row.channel, row.purpose) == (channel, purpose)
        for row in consents(ctx, patient_id)
    )


def record_consent(ctx: Context, new: NewConsent) -> bool:
    """Write down what a patient said; False when the same act was sent before.

    An earlier word stays in the history. Raises InvalidError with the field.
    """
    ctx.need(Permission.PATIENTS_WRITE)
    for value, known in (
        (new.channel, CHANNELS),
        (new.purpose, PURPOSES),
        (new.answer, ANSWERS),
        (new.how, HOW),
    ):
        if value not in known:
            raise ValueError(value)
    today = ctx.now.astimezone(ctx.zone).date()
    said_on = new.said_on or today
    if said_on > today:
        raise InvalidError(_("This day is still to come."), field="said_on")
    if len(new.remark) > _LONGEST:
        raise InvalidError(
            _("This is {length} characters long. {longest} fit here.").format(
                length=len(new.remark), longest=_LONGEST
            ),
            field="remark",
        )
    return add_row(
        ctx,
        PatientConsent,
        id=new.id,
        patient_id=new.patient_id,
        recorded_by=ctx.who.person_id,
        channel=new.channel,
        purpose=new.purpose,
        answer=new.answer,
        how=new.how,
        said_on=said_on,
        remark=new.remark,
    )
