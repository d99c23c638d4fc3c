"""What the history of a record answers."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from clinic_desktop.services.schemas import Row

Kind = Literal["text", "number", "money", "date", "time", "moment", "flag", "choice", "list"]


class Saved(Row):
    """Who saved a record, and when."""

    at: datetime
    by: str


class Value(Row):
    """A value as it was: ``text`` is ISO for dates, minor units for money, a name for a record."""

    text: str | None


class FieldChange(Row):
    """One field of one change. ``kind`` says how its values are written."""

    field: str
    kind: Kind
    before: Value
    after: Value
    restorable: bool = False


class Change(Row):
    """One entry of the log over a record; ``hidden`` when the person may not read its values."""

    seq: int
    at: datetime
    by: str
    device: str
    table: str
    made: Literal["added", "changed", "removed", "returned"]
    reason: str
    hidden: bool
    fields: tuple[FieldChange, ...]


class Touched(Row):
    """One change of one record, without its values; ``name`` is empty for a record without one."""

    seq: int
    at: datetime
    by: str
    device: str
    table: str
    row_id: UUID
    made: Literal["added", "changed", "removed"]
    name: str


class RecordHistory(Row):
    """A record's changes, the newest first, and the version that a restore is checked against."""

    table: str
    row_id: UUID
    version: int | None
    changes: tuple[Change, ...]
