"""What goes into the staff service and what comes out."""

from datetime import datetime
from uuid import UUID

from clinic_desktop.services.schemas import Input, Line, Name, Row


class PersonRow(Row):
    """A person with the roles they have."""

    id: UUID
    version: int
    name: str
    initials: str
    job: str
    email: str
    language: str
    login: str | None
    active: bool
    must_change_password: bool
    role_ids: tuple[UUID, ...]
    role_names: tuple[str, ...]


class RoleRow(Row):
    """A role and what it allows."""

    id: UUID
    version: int
    code: str
    name: str
    permissions: frozenset[str]


class NewPerson(Input):
    """Somebody who starts at the clinic."""

    id: UUID
    name: Name
    initials: Name
    job: Line = ""
    email: Line = ""
    language: str = "en"
    user_name: str
    role_ids: tuple[UUID, ...]


class PersonChange(Input):
    """New details of a person, as they were read at ``version``."""

    id: UUID
    version: int
    name: Name
    initials: Name
    job: Line = ""
    email: Line = ""
    language: str = "en"


class Invitation(Row):
    """What the new person is told: a user name and a word that works once, until ``ends_at``."""

    person_id: UUID
    user_name: str
    password: str
    ends_at: datetime


class EmergencyRow(Row):
    """Emergency access that somebody took."""

    id: UUID
    person_name: str
    reason: str
    starts_at: datetime
    ends_at: datetime
