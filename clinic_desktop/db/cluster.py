"""The cluster's roles and databases, made by an administrator's login before any migration."""

from importlib.resources import files
from typing import Final

from psycopg import sql

from clinic_desktop.db.connect import Dsn, open_connection

MACHINES: Final = ("clinic_migrator", "clinic_worker", "clinic_api", "clinic_backup")
DATABASE: Final = "clinic"


def make_roles(dsn: Dsn) -> None:
    """Create the roles that are missing; ``dsn`` is a superuser's."""
    script = files("clinic_desktop.db").joinpath("sql/roles.sql").read_bytes()
    with open_connection(dsn) as connection:
        connection.execute(script)


def set_verifier(dsn: Dsn, login: str, verifier: str) -> None:
    """Give a machine login its secret, as a SCRAM verifier."""
    with open_connection(dsn) as connection:
        connection.execute(
            sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(
                sql.Identifier(login), sql.Literal(verifier)
            )
        )


def verifier(dsn: Dsn, login: str, password: str) -> str:
    """Return the SCRAM verifier of a password; the password itself never reaches the server."""
    with open_connection(dsn) as connection:
        return connection.pgconn.encrypt_password(
            password.encode(), login.encode(), b"scram-sha-256"
        ).decode()


def has_database(dsn: Dsn, database: str) -> bool:
    """Return whether the cluster has a database of this name."""
    with open_connection(dsn) as connection:
        found = connection.execute("SELECT FROM pg_database WHERE datname = %s", (database,))
        return found.fetchone() is not None


def has_schema(dsn: Dsn) -> bool:
    """Return whether the database has the clinic's schema: a killed set-up may have left none."""
    with open_connection(dsn) as connection:
        row = connection.execute("SELECT to_regnamespace('clinic') IS NOT NULL").fetchone()
        return bool(row and row[0])


def is_empty(dsn: Dsn) -> bool:
    """Return whether the database of this sign-in holds no table, view or sequence of anybody."""
    with open_connection(dsn) as connection:
        row = connection.execute(
            "SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema')"
        ).fetchone()
        return not (row and row[0])


def make_database(dsn: Dsn, database: str) -> None:
    """Create an empty database for a clinic and the schema in it."""
    make_bare_database(dsn, database)
    open_schema({**dsn, "dbname": database}, database)


def make_bare_database(dsn: Dsn, database: str) -> None:
    """Create a database with nothing in it, as a backup is restored into.

    Collation C: SQL never folds case and never sorts names, it sorts keys that we computed.
    """
    with open_connection(dsn) as connection:
        connection.execute(
            sql.SQL(
                "CREATE DATABASE {} OWNER clinic_owner TEMPLATE template0 ENCODING 'UTF8' "
                "LC_COLLATE 'C' LC_CTYPE 'C'"
            ).format(sql.Identifier(database))
        )


def rename_database(dsn: Dsn, database: str, name: str) -> None:
    """Give a database that nobody uses another name."""
    with open_connection(dsn) as connection:
        connection.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                sql.Identifier(database), sql.Identifier(name)
            )
        )


def open_schema(dsn: Dsn, database: str) -> None:
    """Create the clinic's schema, closed to everybody but our roles."""
    with open_connection(dsn) as connection:
        connection.execute(
            sql.SQL(
                """
                REVOKE ALL ON DATABASE {database} FROM PUBLIC;
                GRANT CONNECT ON DATABASE {database}
                    TO clinic_staff, clinic_api, clinic_worker, clinic_backup, clinic_migrator;
                GRANT CREATE, TEMPORARY ON DATABASE {database} TO clinic_migrator;
                GRANT TEMPORARY ON DATABASE {database} TO clinic_staff, clinic_worker;
                REVOKE CREATE ON SCHEMA public FROM PUBLIC;
                CREATE SCHEMA IF NOT EXISTS clinic AUTHORIZATION clinic_owner;
                CREATE SCHEMA IF NOT EXISTS jobs AUTHORIZATION clinic_worker;
                GRANT USAGE ON SCHEMA clinic TO clinic_staff, clinic_api, clinic_worker,
                    clinic_backup, clinic_log, clinic_reader, clinic_people, clinic_migrator;
                GRANT CREATE ON SCHEMA clinic
                    TO clinic_migrator, clinic_log, clinic_reader, clinic_people;
                """
            ).format(database=sql.Identifier(database))
        )


def drop_database(dsn: Dsn, database: str) -> None:
    """Drop a database, ending its connections."""
    with open_connection(dsn) as connection:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database))
        )
