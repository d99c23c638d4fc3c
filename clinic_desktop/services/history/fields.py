"""What the models say about a field's values: their kind, what they point at, what goes back."""

from datetime import date, datetime, time
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, Date, DateTime, Integer, Time, Uuid
from sqlalchemy.dialects.postgresql import ARRAY

from clinic_desktop.models import ClinicModel, Model
from clinic_desktop.models.base import Money
from clinic_desktop.services.history.schemas import Kind

# Records whose name stands for them, and the columns of that name.
NAMED: Final[dict[str, tuple[str, ...]]] = {
    "patient": ("given", "family"),
    "household": ("name",),
    "person": ("name",),
    "provider": ("name",),
    "chair": ("name",),
    "treatment": ("name",),
    "product": ("name",),
    "staff_role": ("name",),
    "clinic": ("name",),
    "patient_tag": ("name",),
    # A visit is called by its time.
    "appointment": ("local_start",),
}
# Fields that mean the same by themselves, so that one can be put back without its neighbours. Times
# of visits, statuses, money and what was signed or issued have acts of their own.
RESTORABLE: Final[dict[str, frozenset[str]]] = {
    "patient": frozenset(
        {
            "given", "family", "other_name", "sex", "species", "born", "phone", "email", "address",
            "city", "postcode", "country", "language", "prefers", "status", "sticky_note",
        }
    ),
    "patient_alert": frozenset({"severity", "text", "substance", "noted_on"}),
    "appointment": frozenset({"remark"}),
    "chart_item": frozenset({"remark"}),
    "product": frozenset({"sku", "barcode", "name", "unit", "reorder_level", "cost"}),
    "treatment": frozenset({"code", "name", "minutes", "price"}),
    "chair": frozenset({"name"}),
    "provider": frozenset({"name", "short_name", "registration"}),
    "person": frozenset({"name", "initials", "job", "email"}),
    "household": frozenset({"name"}),
    "clinic": frozenset(
        {
            "name", "site", "address", "phone", "email", "tax_number", "bank_account",
            "legal_line", "locale", "notation", "margin_sign", "paper", "slot_minutes",
            "lock_minutes",
        }
    ),
    "patient_tag": frozenset({"letter", "colour"}),
    "setting": frozenset({"value"}),
}  # fmt: skip
# Keys, counts and what the program computes for itself: no person changed them.
_MACHINERY: Final = frozenset(
    {
        "id", "clinic_id", "version", "created_at", "updated_at", "deleted_at", "sort_key",
        "words", "moved", "before", "taken", "merged_into_id", "act", "sha256", "local_start",
        "zone",
    }
)  # fmt: skip


def model_of(table: str) -> type[ClinicModel] | None:
    """Return the model of a clinic's table; None for a name that is none."""
    for mapper in Model.registry.mappers:
        found = mapper.class_
        if issubclass(found, ClinicModel) and found.__tablename__ == table:
            return found
    return None


def is_shown(name: str) -> bool:
    """Return whether a field is something a person changed."""
    return name not in _MACHINERY


def refers_to(model: type[ClinicModel], name: str) -> str | None:
    """Return the table a field points at, also one of a list; None for a plain value."""
    if model.__tablename__ == "patient" and name == "tags":
        return "patient_tag"
    column = model.__table__.columns.get(name)
    if column is None or name == "clinic_id" or not isinstance(column.type, Uuid):
        return None
    targets = {key.column.table.name for key in column.foreign_keys}
    return next(iter(targets), "patient" if name == "payer_id" else None)


def title_columns(model: type[ClinicModel], table: str) -> list[ColumnElement[Any]]:
    """Return the columns of a record's name."""
    return [model.__table__.columns[name] for name in NAMED[table]]


def kind_of(model: type[ClinicModel], name: str) -> Kind:
    """Return how a field's values are written."""
    column = model.__table__.columns[name]
    kinds: tuple[tuple[type, Kind], ...] = (
        (Money, "money"),
        (Boolean, "flag"),
        (Integer, "number"),
        (DateTime, "moment"),
        (Date, "date"),
        (Time, "time"),
        (ARRAY, "list"),
    )
    for type_, kind in kinds:
        if isinstance(column.type, type_):
            return kind
    return "choice" if _has_words(model, name) else "text"


def _has_words(model: type[ClinicModel], name: str) -> bool:
    """Return whether a check allows certain words only."""
    return any(
        str(getattr(one, "sqltext", "")).startswith(f"{name} IN (")
        for one in model.__table__.constraints  # type: ignore[attr-defined]  # a table, not a join
    )


def from_json(model: type[ClinicModel], name: str, value: Any) -> Any:
    """Return a value of the log as the column takes it."""
    if value is None:
        return None
    type_ = model.__table__.columns[name].type
    if isinstance(type_, DateTime):
        return datetime.fromisoformat(value)
    if isinstance(type_, Date):
        return date.fromisoformat(value)
    if isinstance(type_, Time):
        return time.fromisoformat(value)
    if isinstance(type_, Uuid):
        return UUID(value)
    return value
