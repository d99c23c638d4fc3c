"""Looking a clinic's server over: what crosses the network, and who may sign in how."""

from collections.abc import Iterator
from typing import Any, Final

import psycopg

from clinic_desktop.db.connect import Dsn, open_connection
from clinic_desktop.errors import ClinicError
from clinic_desktop.i18n import _
from clinic_desktop.services.installation.administered import AdministeredServer
from clinic_desktop.services.installation.doctor import Check, of_computer, of_database
from clinic_desktop.services.installation.judgements import LOOSE_METHODS
from clinic_desktop.services.installation.local import BACKUP

Connection = psycopg.Connection[tuple[Any, ...]]

OLD_TLS: Final = ("", "TLSv1", "TLSv1.1")
_RULES: Final = """
SELECT line_number, type, array_to_string(database, ','), array_to_string(user_name, ','),
       coalesce(address, ''), auth_method, coalesce(error, '')
FROM pg_hba_file_rules WHERE auth_method IS DISTINCT FROM 'reject' ORDER BY line_number
"""
_NEAR: Final = ("127.0.0.1", "::1", "samehost", "localhost")
_GOOD_METHODS: Final = ("scram-sha-256", "cert")


def examine_server(server: AdministeredServer) -> list[Check]:
    """Return what was found on a server that others run, and on this computer."""
    try:
        server.start()
        backup = server.machine(BACKUP)
    except ClinicError as error:
        return [
            Check(
                name="server",
                state="wrong",
                found=str(error),
                advice=_("Nothing else can be checked before."),
            ),
            *of_computer(),
        ]
    return [
        *of_database(server.superuser(), backup, server.anchors),
        *_crossing(server.superuser()),
        *of_computer(),
    ]


def _crossing(superuser: Dsn) -> Iterator[Check]:
    with open_connection(superuser) as connection:
        yield _tls(connection)
        yield _verifiers(connection)
        yield _rules(connection)


def _show(connection: Connection, name: str) -> str:
    row = connection.execute("SELECT current_setting(%s)", (name,)).fetchone()
    return str(row[0]) if row else ""


def _tls(connection: Connection) -> Check:
    if _show(connection, "ssl") != "on":
        return Check(
            name="tls",
            state="wrong",
            found=_("The server offers no TLS."),
            advice=_(
                "Give it a certificate and set ssl = on: patients' data would cross the network "
                "readable by others, and Clinic Desktop refuses to."
            ),
        )
    oldest = _show(connection, "ssl_min_protocol_version")
    if oldest in OLD_TLS:
        return Check(
            name="tls",
            state="wrong",
            found=_("The server allows {version}.").format(version=oldest or "SSL"),
            advice=_("Set ssl_min_protocol_version = 'TLSv1.2'."),
        )
    row = connection.execute(
        "SELECT version, cipher FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl"
    ).fetchone()
    if row is not None:
        return Check(
            name="tls",
            state="good",
            found=_("This connection crosses the network in {version}, {cipher}.").format(
                version=row[0], cipher=row[1]
            ),
        )
    return Check(
        name="tls",
        state="note",
        found=_("The server offers TLS; this connection does not use it."),
        advice=_("Run this from another computer too, to try the certificate."),
    )


def _verifiers(connection: Connection) -> Check:
    found = _show(connection, "password_encryption")
    if found == "scram-sha-256":
        return Check(name="passwords", state="good", found=found)
    return Check(
        name="passwords",
        state="wrong",
        found=found,
        advice=_("Set password_encryption = 'scram-sha-256'."),
    )


def _rules(connection: Connection) -> Check:
    """Read pg_hba.conf as the server does."""
    try:
        rules = connection.execute(_RULES).fetchall()
    except psycopg.errors.InsufficientPrivilege:
        return Check(
            name="sign-in rules",
            state="note",
            found=_("This login may not read pg_hba.conf."),
            advice=_("Run this as a superuser of the server."),
        )
    loose = [
        f"{line}: {kind} {database} {user} {address} {method} {error}".strip()
        for line, kind, database, user, address, method, error in rules
        if error or _is_loose(kind, address, method)
    ]
    if not loose:
        return Check(
            name="sign-in rules",
            state="good",
            found=_("Whoever comes over the network needs TLS and a password by SCRAM."),
        )
    return Check(
        name="sign-in rules",
        state="wrong",
        found="; ".join(loose),
        advice=_("Change these lines of pg_hba.conf to hostssl and scram-sha-256, then reload."),
    )


def _is_loose(kind: str, address: str, method: str) -> bool:
    """Whether a rule lets somebody in without a proof, or from elsewhere without TLS and SCRAM."""
    if kind == "local" or address in _NEAR:
        return method in LOOSE_METHODS
    return kind != "hostssl" or method not in _GOOD_METHODS
