"""Making a clinic: its row, roles, first administrator, hours and note templates."""

from collections.abc import Mapping
from datetime import time
from typing import Any, Final
from uuid import UUID, uuid5

from psycopg import sql
from sqlalchemy import Connection, Table, insert, text

from clinic_desktop.db import cluster
from clinic_desktop.db.connect import Dsn, open_connection
from clinic_desktop.db.engine import Link
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.permissions import MACHINE_RIGHTS, ROLES
from clinic_desktop.domain.usual_notes import usual_templates
from clinic_desktop.i18n import _
from clinic_desktop.models import (
    Chair,
    Clinic,
    ClinicModel,
    NoteTemplate,
    Person,
    PersonRole,
    StaffRight,
    StaffRole,
    WorkingTime,
)
from clinic_desktop.services.schemas import Input, Line

WEEKDAYS: Final = range(5)
OPENS, CLOSES = time(8), time(18)


class NewClinic(Input):
    """What set-up asks and assumes about a clinic."""

    name: Line
    site: Line = ""
    zone: str = "Europe/Dublin"
    locale: str = "en_IE"
    country: str = "IE"
    currency: str = "EUR"
    notation: str = "fdi"
    paper: str = "A4"


class NewAdmin(Input):
    """The first person of a clinic; the password is turned into a verifier at once."""

    name: Line
    initials: Line
    login: str
    password: str
    language: str = "en"


def make_clinic(
    migrator: Dsn, clinic: NewClinic, admin: NewAdmin, *, clinic_id: UUID | None = None
) -> UUID:
    """Make a clinic with its roles, one chair, usual hours, templates and first administrator.

    ``migrator`` is the sign-in of clinic_migrator. Returns the clinic's id.
    """
    of_clinic = clinic_id or new_id()
    link = Link(migrator, device="set-up")
    try:
        with link.transaction("Set-up of the clinic") as connection:
            add_clinic(connection, migrator, clinic, admin, clinic_id=of_clinic)
    finally:
        link.close()
    return of_clinic


def add_clinic(
    connection: Connection, migrator: Dsn, clinic: NewClinic, admin: NewAdmin, *, clinic_id: UUID
) -> Mapping[str, UUID]:
    """Make a clinic in an open transaction of clinic_migrator; return its roles, code -> id."""
    _add(connection, Clinic, clinic_id, clinic_id, **clinic.model_dump())
    roles = _make_roles(connection, clinic_id)
    _make_hours(connection, clinic_id)
    _make_templates(connection, clinic_id, clinic.locale)
    _add(connection, Chair, clinic_id, new_id(), name=_("Chair {n}").format(n=1))
    make_person(connection, migrator, clinic_id, admin, roles=(roles["admin"],))
    return roles


def template_id(clinic_id: UUID, code: str) -> UUID:
    """Return the key of a usual template of this clinic, so that a price list can name it."""
    return uuid5(clinic_id, f"note_template {code}")


def make_person(
    connection: Connection,
    migrator: Dsn,
    clinic_id: UUID,
    person: NewAdmin,
    *,
    roles: tuple[UUID, ...],
    job: str = "",
) -> UUID:
    """Make a person with a login in an open transaction of clinic_migrator; return the id."""
    make_login(connection, person.login, cluster.verifier(migrator, person.login, person.password))
    person_id = new_id()
    _add(
        connection,
        Person,
        clinic_id,
        person_id,
        name=person.name,
        initials=person.initials,
        job=job,
        login=person.login,
        language=person.language,
    )
    for role in roles:
        _add(connection, PersonRole, clinic_id, new_id(), person_id=person_id, staff_role_id=role)
    return person_id


def make_login(connection: Connection, login: str, verifier: str) -> None:
    """Create the database login of a person, as the role that may manage it later."""
    # The role that creates a login may alter it on PostgreSQL 16 and later; nobody else may.
    statement = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {} CONNECTION LIMIT 50 IN ROLE clinic_staff")
    raw = connection.connection.driver_connection
    filled = statement.format(sql.Identifier(login), sql.Literal(verifier)).as_string(raw)
    connection.exec_driver_sql("SET LOCAL ROLE clinic_people")
    connection.execute(text(filled.replace(":", r"\:")))
    connection.exec_driver_sql("RESET ROLE")


def login_exists(dsn: Dsn, login: str) -> bool:
    """Return whether the cluster has this login already."""
    with open_connection(dsn) as connection:
        found = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (login,))
        return found.fetchone() is not None


def _make_roles(connection: Connection, clinic_id: UUID) -> Mapping[str, UUID]:
    made: dict[str, UUID] = {}
    for code, (name, permissions) in ROLES.items():
        made[code] = new_id()
        _add(
            connection,
            StaffRole,
            clinic_id,
            made[code],
            code=code,
            name=_(name),
            permissions=sorted({str(permission) for permission in permissions}),
        )
    rights = [
        {"login": login, "permission": str(permission), "clinic_id": clinic_id}
        for login, permissions in MACHINE_RIGHTS.items()
        for permission in dict.fromkeys(permissions)
    ]
    connection.execute(insert(_table(StaffRight)), rights)
    return made


def _make_hours(connection: Connection, clinic_id: UUID) -> None:
    for weekday in WEEKDAYS:
        _add(
            connection,
            WorkingTime,
            clinic_id,
            new_id(),
            weekday=weekday,
            starts=OPENS,
            ends=CLOSES,
        )


def _make_templates(connection: Connection, clinic_id: UUID, locale: str) -> None:
    rows = [
        {
            "clinic_id": clinic_id,
            "id": template_id(clinic_id, one.code),
            "name": one.name,
            "body": one.body,
        }
        for one in usual_templates(locale)
    ]
    connection.execute(insert(_table(NoteTemplate)), rows)


def _table(model: type[Any]) -> Table:
    table: Table = model.__table__
    return table


def _add(
    connection: Connection, model: type[ClinicModel], clinic_id: UUID, row_id: UUID, **values: Any
) -> None:
    connection.execute(insert(_table(model)).values(clinic_id=clinic_id, id=row_id, **values))
