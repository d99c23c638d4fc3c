"""The people of a restored clinic: roles are not in a dump, so their logins are made anew."""

from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from clinic_desktop.db import cluster
from clinic_desktop.db.connect import Dsn, open_connection
from clinic_desktop.errors import SetupError
from clinic_desktop.i18n import _

Connection = psycopg.Connection[tuple[Any, ...]]


def make_logins(admin: Dsn, *, instead_of: str = "") -> tuple[str, ...]:
    """Make the logins of the restored people and return those who need a new password.

    Logins are the server's, not the database's: where another database of it has the same clinic,
    its people go on with their passwords; ``instead_of`` is the database that this one replaces.
    Raises SetupError for the login of another clinic. The role that creates a login may alter it
    later on PostgreSQL 16, so it is made as that role.
    """
    with open_connection(admin) as connection:
        wanted = _logins(connection)
        there = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        used = _used_elsewhere(connection, admin, wanted & there, instead_of)
        logins = sorted(wanted - used)
        connection.execute("SET ROLE clinic_people")
        for login in logins:
            form = (
                "ALTER ROLE {} NOLOGIN PASSWORD NULL"
                if login in there
                else "CREATE ROLE {} NOLOGIN CONNECTION LIMIT 50 IN ROLE clinic_staff"
            )
            connection.execute(sql.SQL(form).format(sql.Identifier(login)))
        connection.execute("RESET ROLE")
        return tuple(logins)


def _logins(connection: Connection) -> set[str]:
    found = connection.execute(
        "SELECT DISTINCT login FROM clinic.person WHERE login ~ '^u_[a-z0-9][a-z0-9_]*$'"
    )
    return {row[0] for row in found}


def _used_elsewhere(
    restored: Connection, admin: Dsn, logins: set[str], instead_of: str
) -> set[str]:
    """Return which of the logins people of the same clinic use in another database."""
    if not logins:
        return set()
    clinics = _clinics(restored)
    others = restored.execute(
        "SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate"
        " AND datname <> current_database() AND datname <> %s ORDER BY 1",
        (instead_of,),
    ).fetchall()
    used: set[str] = set()
    for (name,) in others:
        theirs, of_clinics = _people_of({**admin, "dbname": name})
        shared = theirs & logins
        if shared and not clinics & of_clinics:
            raise SetupError(
                _(
                    "{login} is somebody of another clinic on this server (database {name}). "
                    "Restore on a server of its own."
                ).format(login=min(shared).removeprefix("u_"), name=name)
            )
        used |= shared
    return used


def _people_of(dsn: Dsn) -> tuple[set[str], set[UUID]]:
    """Return logins and clinics of a database, both empty where it is no clinic's."""
    try:
        with open_connection(dsn) as connection:
            here = connection.execute("SELECT to_regclass('clinic.person') IS NOT NULL").fetchone()
            if not here or not here[0]:
                return set(), set()
            return _logins(connection), _clinics(connection)
    except psycopg.OperationalError as error:
        raise SetupError(
            _(
                "The database {name} of this server cannot be looked into, and its people may have "
                "the same user names. Let this login in there, or restore on a server of its own."
            ).format(name=dsn["dbname"])
        ) from error


def _clinics(connection: Connection) -> set[UUID]:
    return {row[0] for row in connection.execute("SELECT id FROM clinic.clinic")}


def administrators(admin: Dsn) -> list[tuple[str, str]]:
    """Return login and name of the people who may manage staff."""
    with open_connection(admin) as connection:
        found = connection.execute(
            "SELECT p.login, p.name FROM clinic.person p JOIN clinic.staff_right r"
            " ON r.login = p.login AND r.clinic_id = p.clinic_id"
            " WHERE r.permission = 'staff.write' AND r.until IS NULL AND p.active ORDER BY p.login"
        )
        return [(row[0], row[1]) for row in found]


def let_in(admin: Dsn, login: str, password: str) -> None:
    """Give the first administrator after a restore a password; raises SetupError for another."""
    known = administrators(admin)
    if login not in {one[0] for one in known}:
        raise SetupError(
            _("{login} is no administrator of this clinic. Choose one of: {names}.").format(
                login=login, names=", ".join(one[0] for one in known)
            )
        )
    proof = cluster.verifier(admin, login, password)
    with open_connection(admin) as connection:
        connection.execute("SET ROLE clinic_people")
        connection.execute(
            sql.SQL("ALTER ROLE {} LOGIN PASSWORD {} VALID UNTIL 'infinity'").format(
                sql.Identifier(login), sql.Literal(proof)
            )
        )
