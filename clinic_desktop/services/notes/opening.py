"""Notes that completing opens: a draft of whoever completed, and what becomes of it afterwards.

The note has the id of the act that opened it, so that the act sent twice has one note, and so that
taking the act back finds it.
"""

from typing import Final
from uuid import UUID

from sqlalchemy import text

from clinic_desktop.db.prepared import Prepared
from clinic_desktop.domain.ids import new_id
from clinic_desktop.models import Note
from clinic_desktop.services.context import Context
from clinic_desktop.services.notes.schemas import Left
from clinic_desktop.services.rows import change_row

_OPEN: Final = Prepared(
    text(
        """
        WITH opened AS (
            INSERT INTO note (clinic_id, id, patient_id, appointment_id, author_id, filled)
            VALUES (:clinic, :note, :patient, CAST(:appointment AS uuid), :author, 1)
            RETURNING clinic_id, id, patient_id)
        INSERT INTO note_version (clinic_id, id, patient_id, note_id, number, body)
        SELECT o.clinic_id, :version, o.patient_id, o.id, 1, :body FROM opened o
        """
    )
)
_REFILL: Final = text(
    """
    INSERT INTO note_version (clinic_id, id, patient_id, note_id, number, body)
    SELECT n.clinic_id, :version, n.patient_id, n.id, :number, :body
    FROM note n WHERE n.clinic_id = :clinic AND n.id = :note
    """
)
# Whoever saves or signs at this moment is waited for, so that what they wrote is seen then.
_LOCKED: Final = text(
    """
    SELECT n.version, n.status, n.filled, n.author_id FROM note n
    WHERE n.clinic_id = :clinic AND n.id = :note AND n.patient_id = :patient
      AND n.deleted_at IS NULL
    FOR UPDATE
    """
)
_LATER: Final = text(
    """
    SELECT 1 FROM note_version
    WHERE clinic_id = :clinic AND note_id = :note AND number > :filled LIMIT 1
    """
)
_THERE: Final = text(
    "SELECT 1 FROM note WHERE clinic_id = :clinic AND id = :note AND deleted_at IS NULL"
)


def open_note(
    ctx: Context, note_id: UUID, *, patient_id: UUID, appointment_id: UUID | None, body: str
) -> None:
    """Write the draft of a note in one's own name, in one statement."""
    _OPEN.count(
        ctx.connection,
        clinic=ctx.clinic_id,
        note=note_id,
        version=new_id(),
        patient=patient_id,
        appointment=appointment_id,
        author=ctx.who.person_id,
        body=body,
    )


def was_opened(ctx: Context, note_id: UUID) -> bool:
    """Return whether an act opened a note that is still there."""
    keys = {"clinic": ctx.clinic_id, "note": note_id}
    return ctx.connection.execute(_THERE, keys).first() is not None


def take_back(ctx: Context, note_id: UUID, *, patient_id: UUID, rest: str) -> Left:
    """Take an untouched draft back, or leave of it what is still done: ``rest``, its new text.

    What somebody wrote or signed is left alone.
    """
    keys = {"clinic": ctx.clinic_id, "note": note_id, "patient": patient_id}
    state = ctx.connection.execute(_LOCKED, keys).one_or_none()
    if state is None:
        return Left.NONE
    if state.status == "signed":
        return Left.SIGNED
    later = ctx.connection.execute(_LATER, {**keys, "filled": state.filled}).first()
    if later is not None or state.filled == 0:
        return Left.EDITED
    if not rest:
        change_row(ctx, Note, id=note_id, version=state.version, deleted_at=ctx.now)
        return Left.TAKEN
    if state.author_id != ctx.who.person_id:
        return Left.OTHERS
    number = state.filled + 1
    change_row(ctx, Note, id=note_id, version=state.version, filled=number)
    ctx.connection.execute(_REFILL, {**keys, "version": new_id(), "number": number, "body": rest})
    return Left.SHORTENED
