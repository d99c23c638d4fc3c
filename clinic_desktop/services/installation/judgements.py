"""What the doctor's measurements mean: each takes what was found, and says what to do."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final, Literal

from clinic_desktop.db.server import OLDEST
from clinic_desktop.i18n import _
from clinic_desktop.services.installation.anchors import Finding
from clinic_desktop.services.schemas import Row

State = Literal["good", "note", "wrong"]

NEWEST: Final = 18
LITTLE_DISK: Final = 2 * 1024**3
SLOW_FLUSH: Final = timedelta(milliseconds=5)
MOST_SKEW: Final = timedelta(minutes=2)
# A server's log must not quote what people typed; reliability asks for these.
LOG_SETTINGS: Final = {
    "log_min_error_statement": {"panic", "fatal"},
    "log_error_verbosity": {"terse"},
    "log_parameter_max_length_on_error": {"0"},
    "log_statement": {"none"},
    "log_min_duration_statement": {"-1"},
}
# With any other value triggers, policies or pages are passed over, or somebody's code is loaded.
SAFE_SETTINGS: Final = {
    "session_replication_role": {"origin"},
    "row_security": {"on"},
    "allow_system_table_mods": {"off"},
    "ignore_checksum_failure": {"off"},
    "zero_damaged_pages": {"off"},
    "session_preload_libraries": {""},
    "local_preload_libraries": {""},
}
NEAR: Final = ("", "127.0.0.1")
LOOSE_METHODS: Final = ("trust", "password", "md5")


class Check(Row):
    """One line of the report; ``advice`` is empty where nothing is to be done."""

    name: str
    state: State
    found: str
    advice: str = ""


def version(major: int, told: str) -> Check:
    """Judge the server's version."""
    found = _("PostgreSQL {version}").format(version=told)
    if OLDEST <= major <= NEWEST:
        return Check(name="server", state="good", found=found)
    return Check(
        name="server",
        state="wrong",
        found=found,
        advice=_("Use PostgreSQL {oldest} to {newest}.").format(oldest=OLDEST, newest=NEWEST),
    )


def log_settings(found: Mapping[str, str]) -> Check:
    """Judge what the server's log may quote."""
    loose = [f"{name} = {found[name]}" for name in LOG_SETTINGS if _is_loose(found, name)]
    if not loose:
        return Check(
            name="log settings", state="good", found=_("The server's log quotes no values.")
        )
    return Check(
        name="log settings",
        state="wrong",
        found=", ".join(loose),
        advice=_("Set {settings} on the server: its log would quote what people typed.").format(
            settings=", ".join(
                f"{name} = {sorted(good)[-1]}" for name, good in LOG_SETTINGS.items()
            )
        ),
    )


def _is_loose(found: Mapping[str, str], name: str) -> bool:
    return found[name] not in {**LOG_SETTINGS, **SAFE_SETTINGS}[name]


def safe_settings(found: Mapping[str, str], by_hand: Sequence[str] = ()) -> Check:
    """Judge what could switch the protection off; ``by_hand`` are settings of ALTER SYSTEM."""
    loose = [f"{name} = {found[name]}" for name in SAFE_SETTINGS if _is_loose(found, name)]
    loose += [f"ALTER SYSTEM SET {name}" for name in by_hand]
    if not loose:
        return Check(
            name="settings", state="good", found=_("No setting switches the protection off.")
        )
    return Check(
        name="settings",
        state="wrong",
        found=", ".join(loose),
        advice=_(
            "Somebody changed settings of the server. Take them back with ALTER SYSTEM RESET and "
            "ALTER ROLE … RESET, and find out who has the password of a superuser."
        ),
    )


def rules(found: Sequence[tuple[int, str, str]]) -> Check:
    """Judge who may sign in how: line, method and error of each rule in pg_hba.conf."""
    loose = [
        f"{line}: {method} {error}".strip()
        for line, method, error in found
        if error or method in LOOSE_METHODS
    ]
    if not loose:
        return Check(
            name="sign-in rules", state="good", found=_("Whoever comes needs a password by SCRAM.")
        )
    return Check(
        name="sign-in rules",
        state="wrong",
        found="; ".join(loose),
        advice=_("Change these lines of pg_hba.conf to scram-sha-256, then reload."),
    )


def near_alone(addresses: str) -> Check:
    """Judge where the embedded server listens: it has no TLS, so the network is not for it."""
    if addresses in NEAR:
        return Check(
            name="tls",
            state="good",
            found=_("The server answers on this computer alone, not on the network."),
        )
    return Check(
        name="tls",
        state="wrong",
        found=_("The server listens on the network ({addresses}) without TLS.").format(
            addresses=addresses
        ),
        advice=_(
            "Take listen_addresses out of {file} and restart the computer. Many computers need a "
            "server of their own: docs/server.md."
        ).format(file="postgresql.auto.conf"),
    )


def damage(*, checksums: bool, failures: int) -> Check:
    """Judge whether pages of the data were found damaged."""
    if checksums and failures == 0:
        return Check(name="data", state="good", found=_("No damaged page was read."))
    return Check(
        name="data",
        state="wrong" if failures else "note",
        found=_("{count} damaged pages were read, checksums are {state}.").format(
            count=failures, state="on" if checksums else "off"
        ),
        advice=_("Replace the disk and restore the last backup.")
        if failures
        else _("Turn data checksums on with pg_checksums while the server is stopped."),
    )


def clock(skew: timedelta) -> Check:
    """Judge how far this computer's clock and the server's differ."""
    found = _("This computer and the server differ by {seconds} s.").format(
        seconds=round(abs(skew).total_seconds(), 1)
    )
    if abs(skew) <= MOST_SKEW:
        return Check(name="clock", state="good", found=found)
    return Check(name="clock", state="wrong", found=found, advice=_("Set this computer's clock."))


def disk(free: int) -> Check:
    """Judge how many bytes are free."""
    found = _("{count} GB free").format(count=round(free / 1024**3, 1))
    if free >= LITTLE_DISK:
        return Check(name="disk", state="good", found=found)
    return Check(name="disk", state="wrong", found=found, advice=_("Make room on the disk."))


def flush(each: timedelta) -> Check:
    """Judge how long the disk takes to keep a change."""
    milliseconds = each.total_seconds() * 1000
    found = _("{time} ms to keep a change").format(time=round(milliseconds, 2))
    if each <= SLOW_FLUSH:
        return Check(name="flush", state="good", found=found)
    return Check(
        name="flush",
        state="note",
        found=found,
        advice=_("About {count} changes a second can be saved. A faster disk saves more.").format(
            count=round(1000 / milliseconds)
        ),
    )


def logs(findings: Sequence[Finding], *, known: int, files: Sequence[str] = ()) -> Check:
    """Judge the logs against where they stood, as the ``files`` of the anchors remember it."""
    if findings:
        return Check(
            name="logs",
            state="wrong",
            found=" ".join(dict.fromkeys(one.sentence for one in findings)),
            advice=_(
                "Somebody changed a log, or replaced the data by others. Run “clinic-desktop "
                "verify”. If you replaced the data yourself, move these files away: {files}"
            ).format(files=", ".join(files)),
        )
    if known == 0:
        return Check(
            name="logs",
            state="note",
            found=_("Nobody has noted yet where the logs stand."),
            advice=_("It is noted when somebody signs in, or by “clinic-desktop verify”."),
        )
    return Check(
        name="logs", state="good", found=_("The logs hold what was there when last noted.")
    )
