"""What the embedded server is told at every start: its settings and who may connect how."""

import sys
from pathlib import Path
from typing import Final

from clinic_desktop import files
from clinic_desktop.db.embedded.accounts import Account

# The password of a login is the only way in, from wherever it comes.
HBA: Final = """\
# Written by Clinic Desktop at every start.
local all all scram-sha-256
local replication all scram-sha-256
host all all 127.0.0.1/32 scram-sha-256
host replication all 127.0.0.1/32 scram-sha-256
"""

SETTINGS: Final = {
    "max_connections": "100",
    "shared_buffers": "128MB",
    "max_wal_size": "1GB",
    "wal_level": "replica",
    "password_encryption": "scram-sha-256",
    # A killed or sleeping program must not hold its locks for longer than this.
    "idle_in_transaction_session_timeout": "10s",
    "jit": "off",  # the queries of a clinic are over before a compiler has started
    "timezone": "UTC",
    "lc_messages": "C",
    "default_text_search_config": "pg_catalog.simple",
    # The log names what happened and never what somebody typed: statements, values and the
    # messages of refused statements (which quote values) stay out of it.
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "postgresql-%a.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
}
# Tests throw their clusters away, so theirs need not survive a power cut; a kill they do survive.
FAST: Final = {"fsync": "off", "full_page_writes": "off"}


def listening(socket: Path | None, port: int) -> dict[str, str]:
    """Return the settings for the one place where the server answers."""
    if socket is None:
        return {
            "listen_addresses": "127.0.0.1",
            "port": str(port),
            "unix_socket_directories": "",
        }
    return {
        "listen_addresses": "",
        "port": str(port),
        "unix_socket_directories": str(socket),
        "unix_socket_permissions": "0700",
    }


def text(settings: dict[str, str]) -> str:
    """Return the settings in the form of postgresql.conf."""
    lines = ["# Written by Clinic Desktop at every start; what is changed here does not stay."]
    for name, value in settings.items():
        quoted = value.replace("'", "''")
        lines.append(f"{name} = '{quoted}'")
    return "\n".join(lines) + "\n"


def write(
    data: Path, *, socket: Path | None, port: int, fast: bool, account: Account | None
) -> None:
    """Write both files of the data folder, each replaced in one step."""
    settings = SETTINGS | listening(socket, port) | (FAST if fast else {})
    if sys.platform != "win32":
        # The query of a program that is gone ends by itself; Windows cannot notice.
        settings["client_connection_check_interval"] = "2s"
    owner = (account.uid, account.gid) if account is not None else None
    files.replace_text(data / "postgresql.conf", text(settings), owner=owner)
    files.replace_text(data / "pg_hba.conf", HBA, owner=owner)
