"""Opening the X-ray program of this computer with a patient's data."""

from typing import Final
from uuid import UUID

from sqlalchemy import text

from clinic_desktop.domain.permissions import Permission
from clinic_desktop.errors import NotFoundError
from clinic_desktop.i18n import _
from clinic_desktop.integrations import xray
from clinic_desktop.services.context import Context

_WHOSE: Final = text(
    """
    SELECT number, family, given, born, sex FROM patient
    WHERE clinic_id = :clinic AND id = :patient AND deleted_at IS NULL
    """
)
_LOG: Final = text("SELECT log_access(:clinic, :patient, 'hand over', 'xray')")


def open_xray(ctx: Context, patient_id: UUID, command: str) -> str:
    """Start the program with the patient's data and return its name.

    That the data went to another program is written to the access log. Raises InvalidError and
    SetupError as ``integrations.xray.start``.
    """
    ctx.need(Permission.DOCUMENTS_READ)
    keys = {"clinic": ctx.clinic_id, "patient": patient_id}
    row = ctx.connection.execute(_WHOSE, keys).one_or_none()
    if row is None:
        raise NotFoundError(_("This patient is not there."))
    patient = xray.XrayPatient(row.number, row.family, row.given, row.born, row.sex)
    xray.arguments(command, patient)  # what cannot be started is not logged as handed over
    ctx.connection.execute(_LOG, keys)
    return xray.start(command, patient)
