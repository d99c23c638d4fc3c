"""The clinic's own tags: its list of them, and which patients carry them."""

import unicodedata
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from clinic_desktop.db.failures import constraint_of
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.errors import ConflictError, InvalidError, NotFoundError
from clinic_desktop.i18n import N_, _
from clinic_desktop.models import PatientTag
from clinic_desktop.services.context import Context
from clinic_desktop.services.patients.list_schemas import TagRow, TagUse, TagValues
from clinic_desktop.services.rows import add_row, change_row, restore_row

COLOURS: Final[dict[str, str]] = {
    "plain": N_("White"),
    "accent": N_("Petrol"),
    "info": N_("Blue"),
    "success": N_("Green"),
    "warning": N_("Amber"),
    "danger": N_("Red"),
}
MOST: Final = 24
COUNTED_UP_TO: Final = 10_000
# How many records one transaction gives another tag, so that nobody waits long for any of them.
MERGED_AT_ONCE: Final = 2000
LONGEST_NAME: Final = 40
_LONGEST_LETTER: Final = 2

_LIST: Final = text(
    """
    SELECT t.id, t.version, t.name, t.letter, t.colour FROM patient_tag t
    WHERE t.clinic_id = :clinic AND t.deleted_at IS NULL
    """
)
_USED: Final = text(
    """
    SELECT t.id, t.version, t.name, t.letter, t.colour, t.deleted_at IS NULL AS active,
           (SELECT count(*) FROM (SELECT FROM patient_key k WHERE k.clinic_id = :clinic
            AND k.key = 'tag:' || CAST(t.id AS text) LIMIT :most) counted) AS patients
    FROM patient_tag t WHERE t.clinic_id = :clinic
    """
)
# A tag is put on the record as it is now: that takes nothing from an edit somebody else has open.
_PUT_ON: Final = text(
    """
    UPDATE patient p SET tags = p.tags || CAST(:tag AS uuid), version = p.version + 1
    WHERE p.clinic_id = :clinic AND p.id = :patient AND p.deleted_at IS NULL
      AND NOT CAST(:tag AS uuid) = ANY (p.tags)
    """
)
_TAKE_OFF: Final = text(
    """
    UPDATE patient p SET tags = array_remove(p.tags, CAST(:tag AS uuid)), version = p.version + 1
    WHERE p.clinic_id = :clinic AND p.id = :patient AND p.deleted_at IS NULL
      AND CAST(:tag AS uuid) = ANY (p.tags)
    """
)
_THERE: Final = text(
    "SELECT p.tags FROM patient p WHERE p.clinic_id = :clinic AND p.id = :patient "
    "AND p.deleted_at IS NULL"
)
_MERGE: Final = text(
    """
    UPDATE patient p
    SET tags = CASE WHEN CAST(:into AS uuid) = ANY (p.tags)
                    THEN array_remove(p.tags, CAST(:tag AS uuid))
                    ELSE array_replace(p.tags, CAST(:tag AS uuid), CAST(:into AS uuid)) END,
        version = p.version + 1
    WHERE p.clinic_id = :clinic AND p.id IN (
        SELECT k.patient_id FROM patient_key k
        WHERE k.clinic_id = :clinic AND k.key = 'tag:' || CAST(CAST(:tag AS uuid) AS text)
        ORDER BY k.sort_key, k.patient_id LIMIT :limit)
    """
)


def tags(ctx: Context) -> tuple[TagRow, ...]:
    """Return the clinic's tags in the order of their names."""
    ctx.need(Permission.PATIENTS_READ)
    rows = ctx.connection.execute(_LIST, {"clinic": ctx.clinic_id})
    return tuple(sorted(map(TagRow.model_validate, rows), key=lambda tag: tag.name.casefold()))


def tags_in_use(ctx: Context) -> tuple[TagUse, ...]:
    """Return the tags, those removed last, each with how many patients carry it.

    More than COUNTED_UP_TO are counted as one more.
    """
    ctx.need(Permission.PATIENTS_READ)
    values = {"clinic": ctx.clinic_id, "most": COUNTED_UP_TO + 1}
    found = map(TagUse.model_validate, ctx.connection.execute(_USED, values))
    return tuple(sorted(found, key=lambda tag: (not tag.active, tag.name.casefold())))


def add_tag(ctx: Context, tag_id: UUID, typed: TagValues) -> bool:
    """Add a tag to the clinic's list; False when the same act was sent before.

    Raises InvalidError with the field, also for a name that another tag has.
    """
    ctx.need(Permission.SETTINGS_WRITE)
    values = _checked(typed)
    _refuse_known(ctx, tag_id, typed.name)
    try:
        return add_row(ctx, PatientTag, id=tag_id, **values)
    except IntegrityError as error:
        raise _refused(error) from error


def change_tag(ctx: Context, tag_id: UUID, version: int, typed: TagValues) -> int:
    """Rename or colour a tag for every patient who carries it; return the new version."""
    ctx.need(Permission.SETTINGS_WRITE)
    values = _checked(typed)
    _refuse_known(ctx, tag_id, typed.name)
    try:
        return change_row(ctx, PatientTag, id=tag_id, version=version, **values)
    except IntegrityError as error:
        raise _refused(error) from error


def remove_tag(ctx: Context, tag_id: UUID, version: int) -> int:
    """Take a tag out of use; the records keep it unseen, so that it can be brought back."""
    ctx.need(Permission.SETTINGS_WRITE)
    return change_row(ctx, PatientTag, id=tag_id, version=version, deleted_at=ctx.now)


def restore_tag(ctx: Context, tag_id: UUID, version: int) -> int:
    """Bring a tag back that was removed at ``version``, with everybody who carried it."""
    ctx.need(Permission.SETTINGS_WRITE)
    try:
        return restore_row(ctx, PatientTag, id=tag_id, version=version)
    except IntegrityError as error:
        raise _refused(error) from error


def merge_tags(ctx: Context, tag_id: UUID, into_id: UUID) -> int:
    """Give the patients who carry one tag another instead; return how many were given it now.

    At most MERGED_AT_ONCE in one transaction: it is called again until it returns 0, and then the
    first tag has left the list.
    """
    ctx.need(Permission.SETTINGS_WRITE)
    ctx.need(Permission.PATIENTS_WRITE)
    if tag_id == into_id:
        raise InvalidError(_("These are the same tag. Choose another one."), field="into")
    there = {tag.id: tag for tag in tags(ctx)}
    if into_id not in there:
        raise NotFoundError(_("This tag is no longer in the list."))
    values = {"clinic": ctx.clinic_id, "tag": tag_id, "into": into_id, "limit": MERGED_AT_ONCE}
    done = ctx.connection.execute(_MERGE, values).rowcount
    if not done and tag_id in there:
        change_row(ctx, PatientTag, id=tag_id, version=there[tag_id].version, deleted_at=ctx.now)
    return int(done)


def set_tag(ctx: Context, patient_id: UUID, tag_id: UUID, *, on: bool) -> bool:
    """Put a tag on a patient or take it off; False when it was so before."""
    ctx.need(Permission.PATIENTS_WRITE)
    keys = {"clinic": ctx.clinic_id, "patient": patient_id}
    carried = ctx.connection.execute(_THERE, keys).scalar_one_or_none()
    if carried is None:
        raise NotFoundError(_("The record is no longer there."))
    if on:
        listed = {tag.id for tag in tags(ctx)}
        if tag_id not in listed:
            raise NotFoundError(_("This tag is no longer in the list."))
        # Those out of use are not seen and must not be in the way.
        gone = [one for one in carried if one not in listed]
        if tag_id not in carried and len(carried) >= MOST:
            if not gone:
                raise ConflictError(
                    _("A patient carries {most} tags at most. Take one off first.").format(
                        most=MOST
                    )
                )
            ctx.connection.execute(_TAKE_OFF, {**keys, "tag": gone[0]})
    statement = _PUT_ON if on else _TAKE_OFF
    return ctx.connection.execute(statement, {**keys, "tag": tag_id}).rowcount == 1


def letter_of(name: str) -> str:
    """Return the letter that a tag gets when none is chosen: the first that can be seen."""
    found = next((char for char in name if unicodedata.category(char)[0] in "LN"), "")
    return found.upper()[:1] or "#"


def _checked(typed: TagValues) -> dict[str, str]:
    letter = typed.letter or letter_of(typed.name)
    for field, value, longest in (
        ("name", typed.name, LONGEST_NAME),
        ("letter", letter, _LONGEST_LETTER),
    ):
        if len(value) > longest:
            raise InvalidError(
                _("This is {length} characters long. {longest} fit here.").format(
                    length=len(value), longest=longest
                ),
                field=field,
            )
    if typed.colour not in COLOURS:
        raise ValueError(typed.colour)
    return {"name": typed.name, "letter": letter, "colour": typed.colour}


def _refuse_known(ctx: Context, tag_id: UUID, name: str) -> None:
    """Refuse a name that differs from another tag's by large and small letters alone."""
    if any(t.name.casefold() == name.casefold() and t.id != tag_id for t in tags(ctx)):
        raise _taken()


def _taken() -> InvalidError:
    return InvalidError(_("There is a tag of this name already."), field="name")


def _refused(error: IntegrityError) -> Exception:
    return _taken() if constraint_of(error) == "ix_patient_tag_name" else error
