"""Writing, signing and amending clinical notes; a signed one is locked by the database."""

from uuid import UUID

from sqlalchemy import Table, insert, text

from clinic_desktop.domain.permissions import Permission
from clinic_desktop.errors import InvalidError, NotAllowedError, NotFoundError, StaleError
from clinic_desktop.i18n import _
from clinic_desktop.models import Note, NoteVersion
from clinic_desktop.services.context import Context
from clinic_desktop.services.notes.schemas import NoteRow, NoteText
from clinic_desktop.services.rows import add_row, change_row, restore_row

_VERSIONS: Table = NoteVersion.__table__  # type: ignore[assignment]  # declared as the wider FromClause

# read_note_version writes the access entry: there is no other way to the text.
_OF_PATIENT = text(
    """
    SELECT n.id, n.version, v.number, n.author_id, a.name AS author, n.status, v.body,
           n.created_at, n.signed_at, s.name AS signer, n.amends_id, n.appointment_id
    FROM note n
    JOIN (SELECT DISTINCT ON (r.note_id) r.note_id, r.number, r.body
          FROM read_note_version(:clinic, :patient) r
          ORDER BY r.note_id, r.number DESC) v ON v.note_id = n.id
    JOIN person a ON a.clinic_id = n.clinic_id AND a.id = n.author_id
    LEFT JOIN person s ON s.clinic_id = n.clinic_id AND s.id = n.signed_by
    WHERE n.clinic_id = :clinic AND n.patient_id = :patient AND n.deleted_at IS NULL
    ORDER BY n.created_at DESC, n.id DESC
    """
)
_LAST = text(
    """
    SELECT coalesce(max(number), 0) FROM note_version
    WHERE clinic_id = :clinic AND note_id = :note
    """
)
_KNOWN = text("SELECT 1 FROM note_version WHERE clinic_id = :clinic AND id = :version")
_THERE = text(
    "SELECT author_id, version, deleted_at FROM note WHERE clinic_id = :clinic AND id = :note"
)
_STATE = text("SELECT version, status FROM note WHERE clinic_id = :clinic AND id = :note")


def notes_of(ctx: Context, patient_id: UUID) -> tuple[NoteRow, ...]:
    """Return a patient's notes, latest first; reading them is written to the access log."""
    ctx.need(Permission.CLINICAL_READ)
    keys = {"clinic": ctx.clinic_id, "patient": patient_id}
    return tuple(map(NoteRow.model_validate, ctx.connection.execute(_OF_PATIENT, keys)))


def write(ctx: Context, note: NoteText) -> int:
    """Keep the text of a note as a new version; return its number.

    The first version makes the note. Raises InvalidError (``body``) for an empty one,
    ConflictError when the note is signed, NotAllowedError for somebody else's draft, StaleError
    when another version was kept after the one that was edited.
    """
    ctx.need(Permission.CLINICAL_WRITE)
    if not note.body:
        raise InvalidError(_("The note is empty."), field="body")
    keys = {"clinic": ctx.clinic_id, "note": note.id}
    add_row(
        ctx,
        Note,
        id=note.id,
        patient_id=note.patient_id,
        appointment_id=note.appointment_id,
        author_id=ctx.who.person_id,
        amends_id=note.amends_id,
    )
    there = ctx.connection.execute(_THERE, keys).one()
    if there.author_id != ctx.who.person_id:
        raise NotAllowedError(_("Only its author changes a draft. Write a note of your own."))
    if there.deleted_at is not None:
        # It went with work that was taken back while it was being written in: the words stay.
        restore_row(ctx, Note, id=note.id, version=there.version)
    last: int = ctx.connection.execute(_LAST, keys).scalar_one()
    known = {"clinic": ctx.clinic_id, "version": note.version_id}
    if ctx.connection.execute(_KNOWN, known).first() is not None:
        return last
    if note.after is not None and note.after != last:
        raise StaleError(_("This note was changed at another window. Choose what to keep."))
    ctx.connection.execute(
        insert(_VERSIONS).values(
            clinic_id=ctx.clinic_id,
            id=note.version_id,
            patient_id=note.patient_id,
            note_id=note.id,
            number=last + 1,
            body=note.body,
        )
    )
    return last + 1


def sign(ctx: Context, note_id: UUID, version: int) -> int:
    """Sign a note in one's own name; from then on it is locked and only amended."""
    ctx.need(Permission.CLINICAL_SIGN)
    return change_row(
        ctx,
        Note,
        id=note_id,
        version=version,
        status="signed",
        signed_by=ctx.who.person_id,
        signed_at=ctx.now,
    )


def sign_text(ctx: Context, note: NoteText) -> None:
    """Keep the text as the last version of a note and sign it, in one act; twice is once."""
    ctx.need(Permission.CLINICAL_SIGN)
    write(ctx, note)
    state = ctx.connection.execute(_STATE, {"clinic": ctx.clinic_id, "note": note.id}).one()
    if state.status != "signed":
        sign(ctx, note.id, state.version)


def sign_last(ctx: Context, note_id: UUID, number: int) -> None:
    """Sign a note whose last version is ``number``; twice is once.

    Raises StaleError when another version was kept meanwhile.
    """
    ctx.need(Permission.CLINICAL_SIGN)
    keys = {"clinic": ctx.clinic_id, "note": note_id}
    state = ctx.connection.execute(_STATE, keys).one_or_none()
    if state is None:
        raise NotFoundError(_("This note is not there."))
    if state.status == "signed":
        return
    if ctx.connection.execute(_LAST, keys).scalar_one() != number:
        raise StaleError(_("This note was changed at another window. Choose what to keep."))
    sign(ctx, note_id, state.version)
