"""Two records of one person made one, and taken apart again exactly.

What moves is decided in the database, from its foreign keys (``migrations/sql/
2026_11_30_merging.sql``); here stand the rights, the fields that a person chooses, the sentences.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid

from clinic_desktop.domain.names import full_name
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.errors import ConflictError, InvalidError, NotFoundError
from clinic_desktop.i18n import _
from clinic_desktop.models import Patient
from clinic_desktop.services.context import Context
from clinic_desktop.services.patients.lookups import forwarded_to
from clinic_desktop.services.patients.merge_allergies import restore_allergies, settle_allergies
from clinic_desktop.services.patients.merge_schemas import (
    Gone,
    Merged,
    MergePreview,
    MergeSide,
    PastMerge,
    Unmerged,
)
from clinic_desktop.services.patients.service import keys_of
from clinic_desktop.services.rows import change_row

# The fields of which one record's value is chosen. A name, a birth and a phone each go together
# with what qualifies them.
CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "name": ("given", "family"),
    "other_name": ("other_name",),
    "sex": ("sex",),
    "born": ("born", "born_estimated"),
    "phone": ("phone", "no_phone_reason"),
    "email": ("email",),
    "address": ("address", "city", "postcode", "country"),
    "language": ("language",),
    "prefers": ("prefers",),
    "status": ("status", "deceased_on"),
    "household": ("household_id",),
    "guardian": ("guardian_id",),
    "sticky_note": ("sticky_note",),
    "alerts_reviewed": ("alerts_reviewed_at", "alerts_reviewed_by"),
}
# What nobody has to choose: the tags of both, and the only picture there is.
_JOINED: Final = ("tags", "photo_id")
_MOST_TAGS: Final = 48
_FIELDS: Final = (*(field for fields in CHOICES.values() for field in fields), *_JOINED)
_KEYED: Final = frozenset({"given", "family", "other_name", "phone", "email", "born"})
_RECORDS: Final = select(
    Patient.id,
    Patient.number,
    Patient.version,
    Patient.created_at,
    Patient.merged_into_id,
    Patient.deleted_at,
    Patient.species,
    *(getattr(Patient, field) for field in _FIELDS),
).where(
    Patient.clinic_id == bindparam("clinic"),
    Patient.id == bindparam("ids", type_=ARRAY(Uuid)).any_(),
)
# A patient's rows by kind, for the sentence of what goes where. None where a right is missing.
_COUNTS: Final = text(
    """
    SELECT (SELECT count(*) FROM appointment r WHERE r.clinic_id = :clinic
            AND r.patient_id = :patient AND r.deleted_at IS NULL) AS visits,
           (SELECT count(*) FROM patient_alert r WHERE r.clinic_id = :clinic
            AND r.patient_id = :patient AND r.deleted_at IS NULL) AS alerts,
           CASE WHEN :clinical THEN
               (SELECT count(*) FROM chart_item r WHERE r.clinic_id = :clinic
                AND r.patient_id = :patient AND r.deleted_at IS NULL) END AS chart_items,
           CASE WHEN :clinical THEN
               (SELECT count(*) FROM note r WHERE r.clinic_id = :clinic
                AND r.patient_id = :patient AND r.deleted_at IS NULL) END AS notes,
           CASE WHEN :prescriptions THEN
               (SELECT count(*) FROM prescription r WHERE r.clinic_id = :clinic
                AND r.patient_id = :patient AND r.deleted_at IS NULL) END AS prescriptions,
           CASE WHEN :documents THEN
               (SELECT count(*) FROM document r WHERE r.clinic_id = :clinic
                AND r.patient_id = :patient AND r.deleted_at IS NULL) END AS documents,
           CASE WHEN :money THEN
               (SELECT count(*) FROM invoice r WHERE r.clinic_id = :clinic
                AND r.patient_id = :patient AND r.deleted_at IS NULL) END AS invoices,
           CASE WHEN :money THEN
               (SELECT coalesce(sum(r.amount), 0)::bigint FROM posting r
                WHERE r.clinic_id = :clinic AND r.patient_id = :patient) END AS balance,
           (SELECT concat_ws(' ', g.given, NULLIF(g.family, '')) FROM patient g
            WHERE g.clinic_id = :clinic AND g.id = CAST(:guardian AS uuid)) AS guardian,
           (SELECT h.name FROM household h
            WHERE h.clinic_id = :clinic AND h.id = CAST(:household AS uuid)) AS household
    """
)
_MERGE: Final = text(
    """
    SELECT merge_patients(:clinic, :merge, :survivor, :merged, CAST(:before AS jsonb),
                          CAST(:taken AS jsonb)) AS moved
    """
)
_UNMERGE: Final = text("SELECT unmerge_patients(:clinic, :merge) AS moved")
_ONE_MERGE: Final = text(
    """
    SELECT m.survivor_id, m.merged_id, m.before, m.taken, m.undone_at, m.created_at,
           s.merged_into_id AS later
    FROM patient_merge m
    JOIN patient s ON s.clinic_id = m.clinic_id AND s.id = m.survivor_id
    WHERE m.clinic_id = :clinic AND m.id = :merge
    """
)
_MERGES: Final = text(
    """
    SELECT m.id, m.survivor_id, m.merged_id, m.created_at AS at, p.number, p.given, p.family,
           (SELECT coalesce(s.name, l.login) FROM change_log l
            LEFT JOIN person s ON s.clinic_id = l.clinic_id AND s.id = l.person_id
            WHERE l.clinic_id = m.clinic_id AND l.tbl = 'patient_merge' AND l.row_id = m.id
            ORDER BY l.seq LIMIT 1) AS by
    FROM patient_merge m
    JOIN patient p ON p.clinic_id = m.clinic_id AND p.id = m.merged_id
    WHERE m.clinic_id = :clinic AND m.survivor_id = :patient AND m.undone_at IS NULL
    ORDER BY m.created_at DESC, m.id
    """
)
_TAGS_OF_MERGED: Final = text(
    """
    SELECT DISTINCT unnest(p.tags) FROM patient p
    WHERE p.clinic_id = :clinic AND p.merged_into_id = :survivor
    """
)


def preview_merge(ctx: Context, survivor_id: UUID, merged_id: UUID) -> MergePreview:
    """Return both records side by side: their fields, and how much of what would move.

    Raises ConflictError for a record with itself or one that is merged already, NotFoundError
    for one that is not there.
    """
    ctx.need(Permission.PATIENTS_MERGE)
    survivor, merged = _both(ctx, survivor_id, merged_id)
    return MergePreview(survivor=_side(ctx, survivor), merged=_side(ctx, merged))


def merge(
    ctx: Context,
    *,
    id: UUID,  # noqa: A002 - the column's name
    survivor_id: UUID,
    merged_id: UUID,
    take: Sequence[str] = (),
) -> Merged:
    """Make ``merged_id`` forward to ``survivor_id``, which gets everything that was its own.

    ``take`` names the CHOICES of which the merged record's value is kept; the survivor's number
    stays. The same ``id`` sent twice is one act. Raises ConflictError as ``preview_merge`` does.
    """
    ctx.need(Permission.PATIENTS_MERGE)
    unknown = [name for name in take if name not in CHOICES]
    if unknown:
        raise ValueError(f"no such choice: {unknown}")
    again = ctx.connection.execute(_ONE_MERGE, {"clinic": ctx.clinic_id, "merge": id}).first()
    if again is not None and (again.survivor_id, again.merged_id) == (survivor_id, merged_id):
        return Merged(id=id, survivor_id=survivor_id, moved=0, again=True)
    survivor, merged = _both(ctx, survivor_id, merged_id)
    before, taken = _chosen(survivor, merged, take)
    before["withdrawn"] = settle_allergies(ctx, survivor_id, merged_id)
    moved = ctx.connection.execute(
        _MERGE,
        {
            "clinic": ctx.clinic_id,
            "merge": id,
            "survivor": survivor_id,
            "merged": merged_id,
            "before": _as_json(before),
            "taken": _as_json(taken),
        },
    ).scalar_one()
    if taken:
        _write(ctx, survivor, taken)
    return Merged(id=id, survivor_id=survivor_id, moved=_count(moved), again=False)


def unmerge(ctx: Context, merge_id: UUID) -> Unmerged:
    """Take a merge apart: everything that was the merged record's is its own again.

    What was written since stays with the survivor, except what was written about something that
    moved: a version of its note, the paper of its invoice, the reversal of its payment. A field
    that was changed since keeps its newer value. Raises ConflictError when that merge was taken
    apart before, or when the survivor was merged later.
    """
    ctx.need(Permission.PATIENTS_MERGE)
    one = ctx.connection.execute(_ONE_MERGE, {"clinic": ctx.clinic_id, "merge": merge_id}).first()
    if one is None:
        raise NotFoundError(_("There was no such merge."))
    if one.undone_at is not None:
        raise ConflictError(_("This merge was already taken apart."))
    if one.later is not None:
        into = _record(ctx, forwarded_to(ctx, one.later) or one.later)
        raise ConflictError(
            _(
                "This record was itself merged into No. {number} later. Take that apart first."
            ).format(number=into["number"])
        )
    moved = ctx.connection.execute(
        _UNMERGE, {"clinic": ctx.clinic_id, "merge": merge_id}
    ).scalar_one()
    survivor = _record(ctx, one.survivor_id)
    current = json.loads(_as_json(survivor))
    back = _from_json({f: one.before[f] for f, value in one.taken.items() if current[f] == value})
    if "tags" in one.taken:
        back["tags"] = _tags_without(ctx, survivor, one)
    if back:
        _write(ctx, survivor, back)
    both = (one.survivor_id, one.merged_id)
    restore_allergies(ctx, one.before.get("withdrawn", ()), both)
    return Unmerged(survivor_id=one.survivor_id, patient_id=one.merged_id, moved=_count(moved))


def merges(ctx: Context, patient_id: UUID) -> tuple[PastMerge, ...]:
    """Return the records that were merged into this one and can be taken out, the latest first."""
    ctx.need(Permission.PATIENTS_READ)
    rows = ctx.connection.execute(_MERGES, {"clinic": ctx.clinic_id, "patient": patient_id})
    return tuple(
        PastMerge(
            id=row.id,
            patient_id=row.merged_id,
            number=row.number,
            name=full_name(row.given, row.family),
            at=row.at,
            by=row.by or "",
        )
        for row in rows
    )


def where_is(ctx: Context, patient_id: UUID) -> Gone | None:
    """Return the record that a merged one forwards to; None for a record in use."""
    ctx.need(Permission.PATIENTS_READ)
    target = forwarded_to(ctx, patient_id)
    if target is None:
        return None
    old, new = _record(ctx, patient_id), _record(ctx, target)
    return Gone(
        number=old["number"],
        into_id=target,
        into_number=new["number"],
        into_name=full_name(new["given"], new["family"]),
    )


# -- inside ---------------------------------------------------------------------------------------


def _both(ctx: Context, one: UUID, other: UUID) -> tuple[dict[str, Any], dict[str, Any]]:
    if one == other:
        raise ConflictError(_("These are the same record. Choose another one."))
    survivor, merged = _record(ctx, one), _record(ctx, other)
    for record in (survivor, merged):
        if record["merged_into_id"] is not None:
            into = _record(ctx, forwarded_to(ctx, record["id"]) or record["merged_into_id"])
            raise ConflictError(
                _("No. {number} was already merged into No. {other}. Open that record.").format(
                    number=record["number"], other=into["number"]
                )
            )
        if record["deleted_at"] is not None:
            raise NotFoundError(_("The record is no longer there."))
    if survivor["species"] != merged["species"]:
        # Their teeth have other numbers: what moved would stand on teeth that are not there.
        raise ConflictError(
            _("These two are of different species. Correct that in one of the records first.")
        )
    return survivor, merged


def _record(ctx: Context, patient_id: UUID) -> dict[str, Any]:
    found = ctx.connection.execute(_RECORDS, {"clinic": ctx.clinic_id, "ids": [patient_id]}).first()
    if found is None:
        raise NotFoundError(_("The record is no longer there."))
    return found._asdict()


def _side(ctx: Context, record: dict[str, Any]) -> MergeSide:
    may = ctx.who.may
    counts = ctx.connection.execute(
        _COUNTS,
        {
            "clinic": ctx.clinic_id,
            "patient": record["id"],
            "guardian": record["guardian_id"],
            "household": record["household_id"],
            "clinical": may(Permission.CLINICAL_READ),
            "prescriptions": may(Permission.PRESCRIPTIONS_READ),
            "documents": may(Permission.DOCUMENTS_READ),
            "money": may(Permission.BILLING_READ),
        },
    ).one()
    return MergeSide.model_validate({**record, **counts._asdict()})


def _chosen(
    survivor: Mapping[str, Any], merged: Mapping[str, Any], take: Sequence[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the fields of the survivor that change: as they were and as they become."""
    taken = {field: merged[field] for name in take for field in CHOICES[name]}
    if taken.get("phone") == "" and not taken.get("no_phone_reason"):
        raise InvalidError(_("The other record has no phone."), field="phone")
    # Nobody is their own guardian, now that both are one.
    guardian = taken.get("guardian_id", survivor["guardian_id"])
    if guardian in (survivor["id"], merged["id"]):
        taken["guardian_id"] = None
    if survivor["alerts_reviewed_at"] is None and merged["alerts_reviewed_at"] is not None:
        taken |= {field: merged[field] for field in CHOICES["alerts_reviewed"]}
    taken |= _joined(survivor, merged)
    taken = {field: value for field, value in taken.items() if value != survivor[field]}
    return {field: survivor[field] for field in taken}, taken


def _joined(survivor: Mapping[str, Any], merged: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tags of both records and a picture that only the other one had."""
    tags = list(dict.fromkeys((*survivor["tags"], *merged["tags"])))
    if len(tags) > _MOST_TAGS:
        raise ConflictError(_("Together the records carry too many tags. Take some off first."))
    return {"tags": tags, "photo_id": survivor["photo_id"] or merged["photo_id"]}


def _tags_without(ctx: Context, survivor: Mapping[str, Any], one: Any) -> list[UUID]:
    """Return the survivor's tags without those that only the record taken out had brought."""
    brought = set(one.taken["tags"]) - set(one.before["tags"])
    theirs = {str(tag) for tag in _record(ctx, one.merged_id)["tags"]}
    keys = {"clinic": ctx.clinic_id, "survivor": one.survivor_id}
    others = {str(tag) for tag in ctx.connection.execute(_TAGS_OF_MERGED, keys).scalars()}
    gone = (brought & theirs) - others
    return [tag for tag in survivor["tags"] if str(tag) not in gone]


def _write(ctx: Context, survivor: Mapping[str, Any], values: dict[str, Any]) -> None:
    if _KEYED & values.keys():
        values = {**values, **keys_of(ctx, {**survivor, **values})}
    change_row(ctx, Patient, id=survivor["id"], version=survivor["version"], **values)


def _as_json(values: Mapping[str, Any]) -> str:
    return json.dumps(values, default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


def _from_json(values: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(values)
    for field, value in values.items():
        if value is None:
            continue
        if field in ("born", "deceased_on"):
            found[field] = date.fromisoformat(value)
        elif field == "alerts_reviewed_at":
            found[field] = datetime.fromisoformat(value)
        elif field in ("household_id", "guardian_id", "alerts_reviewed_by", "photo_id"):
            found[field] = UUID(value)
        elif field == "tags":
            found[field] = [UUID(one) for one in value]
    return found


def _count(moved: Mapping[str, Sequence[str]]) -> int:
    return sum(len(ids) for ids in moved.values())
