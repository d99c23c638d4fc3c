"""What is asked of the audit log and what it answers."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

from clinic_desktop.services.schemas import Input, Row

Source = Literal["changes", "opened"]


class AuditColumn(StrEnum):
    """What the log can be sorted by; nothing else reaches a statement."""

    WHEN = "when"
    WHO = "who"
    PC = "pc"
    PATIENT = "patient"
    WHAT = "what"
    ACTION = "action"
    CATEGORY = "category"


class AuditFilter(Input):
    """Which entries: empty fields leave everything in.

    ``what`` is a table of changes, or the sort of record that was opened; ``action`` is I, U or
    D, or what opening it was; ``category`` a permission.
    """

    source: Source = "changes"
    since: datetime | None = None
    until: datetime | None = None
    login: str = ""
    device: str = ""
    patient_id: UUID | None = None
    what: str = ""
    action: str = ""
    category: str = ""


class AuditPlace(Row):
    """Where a page ended: the value sorted by, and the number of the entry."""

    value: Any
    key: int


class AuditRow(Row):
    """One entry. ``patient`` is empty where the person may not see patients."""

    key: int
    at: datetime
    login: str
    who: str
    device: str
    patient_id: UUID | None
    patient: str
    number: str
    what: str
    row_id: UUID | None
    action: str
    category: str
    fields: tuple[str, ...]


class AuditPage(Row):
    """Entries in the order asked, and where the next ones begin."""

    rows: tuple[AuditRow, ...]
    next: AuditPlace | None


class AuditChoices(Row):
    """What the filters offer: people by login, PCs and sorts of record."""

    people: tuple[tuple[str, str], ...]
