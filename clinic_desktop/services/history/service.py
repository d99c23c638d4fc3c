"""Who changed a record, when, from where, before and after; an earlier value put back.

Values are read through ``read_history`` alone, which leaves out those of tables that the person
may not read, and writes the access entry.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import IntegrityError
from sqlalchemy.types import Uuid

from clinic_desktop.domain.names import full_name
from clinic_desktop.errors import ConflictError, InvalidError, NotFoundError, StaleError
from clinic_desktop.i18n import _
from clinic_desktop.models import ClinicModel
from clinic_desktop.services.context import Context
from clinic_desktop.services.history.fields import (
    NAMED,
    RESTORABLE,
    from_json,
    is_shown,
    kind_of,
    model_of,
    refers_to,
    title_columns,
)
from clinic_desktop.services.history.schemas import (
    Change,
    FieldChange,
    RecordHistory,
    Saved,
    Value,
)
from clinic_desktop.services.patients.schemas import PatientChange
from clinic_desktop.services.patients.service import change as change_patient
from clinic_desktop.services.rows import change_row

__all__ = ["Saved", "history_of", "last_save", "put_back"]

_LAST_SAVE: Final = text(
    """
    SELECT l.at, coalesce(s.name, l.login) AS by
    FROM change_log l
    LEFT JOIN person s ON s.clinic_id = l.clinic_id AND s.id = l.person_id
    WHERE l.clinic_id = :clinic AND l.tbl = :table AND l.row_id = :row
    ORDER BY l.seq DESC LIMIT 1
    """
)
_HISTORY: Final = text(
    """
    SELECT h.*, coalesce(s.name, h.login) AS by
    FROM read_history(:clinic, :table, :row) h
    LEFT JOIN person s ON s.clinic_id = :clinic AND s.id = h.person_id
    ORDER BY h.seq DESC
    """
)


def last_save(ctx: Context, table: str, row_id: UUID) -> Saved | None:
    """Return who saved a row last, for the conflict screen; None where the log is not readable."""
    found = ctx.connection.execute(
        _LAST_SAVE, {"clinic": ctx.clinic_id, "table": table, "row": row_id}
    ).first()
    return Saved.model_validate(found) if found is not None else None


def history_of(ctx: Context, table: str, row_id: UUID) -> RecordHistory:
    """Return the changes of a record, the newest first, with names in place of references.

    Raises InvalidError for something that has no history.
    """
    model = model_of(table)
    if model is None:
        raise InvalidError(_("This has no history."))
    rows = _entries(ctx, table, row_id)
    names = _names(ctx, model, rows)
    may_write = any(ctx.who.may(one) for one in model.protection.write)
    version = None if model.protection.guarded else _version(ctx, model, row_id)
    restorable = RESTORABLE.get(table, frozenset()) if may_write and version else frozenset()
    return RecordHistory(
        table=table,
        row_id=row_id,
        version=version,
        changes=tuple(_change(model, row, names, restorable) for row in rows),
    )


def put_back(ctx: Context, table: str, row_id: UUID, *, version: int, seq: int, field: str) -> int:
    """Give a field the value it had before the change ``seq``, as a new change.

    ``version`` is that of the history looked at. Raises StaleError when the record was saved
    since, ConflictError when the value does not fit any more, InvalidError for a field that is
    not put back by itself.
    """
    model = model_of(table)
    if model is None or field not in RESTORABLE.get(table, frozenset()):
        raise InvalidError(_("This is not put back by itself. Change it in its form."))
    ctx.need(*model.protection.write)
    rows = _entries(ctx, table, row_id)
    entry = next((row for row in rows if row["seq"] == seq), None)
    if entry is None or entry["hidden"] or field not in (entry["before"] or {}):
        raise NotFoundError(_("This change is not in the history."))
    value = from_json(model, field, entry["before"][field])
    try:
        if table == "patient":
            return change_patient(
                ctx, PatientChange.model_validate({"id": row_id, "version": version, field: value})
            )
        return change_row(ctx, model, id=row_id, version=version, **{field: value})
    except StaleError:
        raise
    except IntegrityError as error:
        raise ConflictError(_("The earlier value does not fit any more.")) from error


# -- inside ---------------------------------------------------------------------------------------


def _entries(ctx: Context, table: str, row_id: UUID) -> list[dict[str, Any]]:
    values = {"clinic": ctx.clinic_id, "table": table, "row": row_id}
    return [dict(row) for row in ctx.connection.execute(_HISTORY, values).mappings()]


def _version(ctx: Context, model: type[ClinicModel], row_id: UUID) -> int | None:
    statement = select(model.version).where(
        model.clinic_id == ctx.clinic_id, model.id == row_id, model.deleted_at.is_(None)
    )
    found = ctx.connection.execute(statement).scalar()
    return int(found) if found is not None else None


def _change(
    model: type[ClinicModel],
    row: Mapping[str, Any],
    names: Mapping[UUID, str],
    restorable: frozenset[str],
) -> Change:
    before, after = row["before"] or {}, row["after"] or {}
    made = {"I": "added", "D": "removed"}.get(row["op"], "changed")
    if "deleted_at" in after and row["op"] == "U":
        made = "removed" if after["deleted_at"] is not None else "returned"
    changed = [
        name
        for name in model.__table__.columns.keys()  # noqa: SIM118 - not a mapping
        if (name in before or name in after)
        and is_shown(name)
        and (row["op"] == "U" or after.get(name, before.get(name)) not in (None, "", []))
    ]
    return Change.model_validate(
        {
            "seq": row["seq"],
            "at": row["at"],
            "by": row["by"],
            "device": row["device"] or "",
            "table": row["tbl"],
            "made": made,
            "reason": row["reason"] or "",
            "hidden": row["hidden"],
            "fields": tuple(
                FieldChange(
                    field=name,
                    kind=kind_of(model, name),
                    before=_value(model, name, before.get(name), names),
                    after=_value(model, name, after.get(name), names),
                    restorable=row["op"] == "U" and name in restorable,
                )
                for name in changed
            ),
        }
    )


def _value(model: type[ClinicModel], name: str, value: Any, names: Mapping[UUID, str]) -> Value:
    if value is None or value == "":
        return Value(text=None)
    if isinstance(value, bool):
        return Value(text="yes" if value else "no")
    if name == "photo_id":
        # A picture has no name; which one it was is seen in the record.
        return Value(text=_("A photo"))
    if isinstance(value, list) and refers_to(model, name) is not None:
        return Value(text=", ".join(names.get(UUID(str(one)), "?") for one in value))
    if refers_to(model, name) is not None:
        # A record that the person may not read keeps its name to itself.
        return Value(text=names.get(UUID(str(value)), "?"))
    if isinstance(value, dict):  # a setting without columns of its own
        pairs = (f"{key}: {one}" for key, one in value.items() if one not in (None, ""))
        return Value(text=", ".join(pairs))
    if isinstance(value, list):
        return Value(text=", ".join(str(one) for one in value))
    return Value(text=str(value))


def _names(
    ctx: Context, model: type[ClinicModel], rows: Iterable[Mapping[str, Any]]
) -> dict[UUID, str]:
    """Return the names of the records that the values point at, as far as they may be read."""
    wanted: dict[str, set[UUID]] = {}
    for row in rows:
        for values in (row["before"] or {}, row["after"] or {}):
            for name, value in values.items():
                target = refers_to(model, name) if value is not None else None
                if target in NAMED:
                    pointed = value if isinstance(value, list) else [value]
                    wanted.setdefault(target, set()).update(UUID(str(one)) for one in pointed)
    found: dict[UUID, str] = {}
    for target, ids in wanted.items():
        other = model_of(target)
        if other is None:
            continue
        columns = title_columns(other, target)
        statement = select(other.id, *columns).where(
            other.clinic_id == bindparam("clinic"),
            other.id == bindparam("ids", type_=ARRAY(Uuid)).any_(),
        )
        for one in ctx.connection.execute(statement, {"clinic": ctx.clinic_id, "ids": list(ids)}):
            words = tuple(one)[1:]
            if isinstance(words[0], datetime):
                found[one.id] = f"{words[0]:%Y-%m-%d %H:%M}"
            else:
                found[one.id] = full_name(*words) if target == "patient" else str(words[0])
    return found
