"""Signing in: the name and password, the wait after failures, the second factor, the PIN."""

import json
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import psycopg
import pyotp
from sqlalchemy import text

from clinic_desktop import files
from clinic_desktop.db.connect import Dsn
from clinic_desktop.db.reach import explain
from clinic_desktop.db.refusal import NOT_PROVED, refusal_of
from clinic_desktop.domain.passwords import (
    PIN_TRIES,
    check_characters,
    hash_pin,
    login_of,
    pin_matches,
    wait_after,
)
from clinic_desktop.errors import ClinicError, InvalidError, NotAllowedError, UnreachableError
from clinic_desktop.i18n import _, ngettext
from clinic_desktop.services.context import Context
from clinic_desktop.services.installation.place import Installation, NetworkInstallation
from clinic_desktop.services.session import SignedIn

NAMES_KEPT: Final = 12
_SECRET = text("SELECT my_secret(:kind)")
_SET_SECRET = text("SELECT set_my_secret(:kind, :value)")
_ACCESS = text("SELECT log_access(:clinic, NULL, :action, 'sign-in')")


@dataclass
class Doorkeeper:
    """Who used this PC last, and how long a name has to wait after failed tries.

    Kept in a file of the home folder: before sign-in there is no connection that could keep it.
    A wait binds this program; raw SQL meets the server's own rules.
    """

    path: Path
    names: list[dict[str, str]] = field(default_factory=list)
    failures: dict[str, tuple[int, float]] = field(default_factory=dict)

    @classmethod
    def of(cls, home: Path) -> "Doorkeeper":
        """Return the doorkeeper of an installation; a damaged file is begun anew."""
        path = home / "sign-in.json"
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            failures = {name: (int(n), float(at)) for name, (n, at) in content["failures"].items()}
            return cls(path, list(content["names"]), failures)
        except (OSError, ValueError, KeyError, TypeError):
            return cls(path)

    def wait(self, login: str) -> timedelta:
        """Return how long this name has to wait before the next try."""
        count, since = self.failures.get(login, (0, 0.0))
        # A clock set back must not lock somebody out for longer than the wait itself.
        elapsed = max(0.0, time.time() - since)
        return max(timedelta(0), wait_after(count) - timedelta(seconds=elapsed))

    def failed(self, login: str) -> None:
        """Count a failed try."""
        count, _since = self.failures.get(login, (0, 0.0))
        self.failures[login] = (count + 1, time.time())
        self._save()

    def let_in(self, login: str, name: str, initials: str) -> None:
        """Forget the failures and put the name at the head of the list."""
        self.failures.pop(login, None)
        mine = {"login": login, "name": name, "initials": initials}
        others = [known for known in self.names if known["login"] != login]
        self.names = [mine, *others][:NAMES_KEPT]
        self._save()

    def forget(self, login: str) -> None:
        """Take a name off the list of this PC."""
        self.names = [known for known in self.names if known["login"] != login]
        self._save()

    def _save(self) -> None:
        try:
            files.replace_text(
                self.path, json.dumps({"names": self.names, "failures": self.failures})
            )
        except OSError as error:
            raise files.refusal(error, self.path.parent) from error


def sign_in(
    installation: Installation,
    doorkeeper: Doorkeeper,
    *,
    user_name: str,
    password: str,
    device: str,
    code: str | None = None,
    clinic_id: UUID | None = None,
) -> SignedIn:
    """Open a person's own connections.

    Raises InvalidError at ``user_name``, ``password`` or ``code`` (a second factor is set up and
    the code is missing or wrong), NotAllowedError, UnreachableError.
    """
    login = login_of(user_name)
    must_not_wait(doorkeeper, login)
    if not password:
        raise InvalidError(_("Type your password."), field="password")
    check_characters(password)
    signed_in = let_in(
        installation, doorkeeper, login=login, password=password, device=device, clinic_id=clinic_id
    )
    try:
        _second_factor(signed_in, doorkeeper, login, code)
    except BaseException:
        signed_in.close()
        raise
    doorkeeper.let_in(login, signed_in.who.name, signed_in.who.initials)
    with signed_in.reading() as ctx:
        ctx.connection.execute(_ACCESS, {"clinic": ctx.clinic_id, "action": "signed in"})
    installation.note_logs()
    signed_in.when_closed(installation.note_logs)
    return signed_in


def let_in(
    installation: Installation,
    doorkeeper: Doorkeeper,
    *,
    login: str,
    password: str,
    device: str,
    clinic_id: UUID | None,
) -> SignedIn:
    """Open connections, starting a server of this computer again that was killed meanwhile.

    Raises InvalidError (field ``password``), which counts as a failed try, UnreachableError.
    """

    def revive() -> Dsn | None:
        # Who is signed in knows the password of now; the address is all that changes.
        return installation.person(login, "") if installation.revive() else None

    def connect() -> SignedIn:
        dsn = installation.person(login, password)
        return SignedIn(dsn, device=device, clinic_id=clinic_id, revive=revive)

    try:
        return connect()
    except UnreachableError as error:
        why = refused(installation, error, installation.person(login, password))
        if why.field == "password":
            doorkeeper.failed(login)
        if why.field == "password" or not installation.revive():
            raise why from error
    try:
        return connect()
    except UnreachableError as error:
        why = refused(installation, error, installation.person(login, password))
        if why.field == "password":
            doorkeeper.failed(login)
        raise why from error


def must_not_wait(doorkeeper: Doorkeeper, login: str) -> None:
    """Raise NotAllowedError (field ``password``) while a name has to wait after failed tries."""
    seconds = round(doorkeeper.wait(login).total_seconds())
    if seconds > 0:
        raise NotAllowedError(
            ngettext(
                "Too many tries. Wait {count} second, then type the password again.",
                "Too many tries. Wait {count} seconds, then type the password again.",
                seconds,
            ).format(count=seconds),
            field="password",
        )


def refused(installation: Installation, error: UnreachableError, dsn: Dsn) -> ClinicError:
    """Return why the server let nobody in: the password, or the way there."""
    refusal = refusal_of(dsn)
    if refusal.code == NOT_PROVED or refusal.login_closed:
        return InvalidError(_("The name or the password is not right."), field="password")
    origin: BaseException | None = error
    while origin is not None and not isinstance(origin, psycopg.OperationalError):
        origin = getattr(origin, "orig", None) or origin.__cause__
    if isinstance(installation, NetworkInstallation) and origin is not None:
        return explain(installation.server, origin, dsn)
    return error


def _second_factor(
    signed_in: SignedIn, doorkeeper: Doorkeeper, login: str, code: str | None
) -> None:
    with signed_in.reading() as ctx:
        seed = ctx.connection.execute(_SECRET, {"kind": "totp"}).scalar()
        if seed is None:
            return
        if not code:
            raise InvalidError(_("Type the six digits of your authenticator app."), field="code")
        if not _is_right(seed, code, ctx):
            doorkeeper.failed(login)
            raise InvalidError(
                _("These six digits are not right. Look at the app again."), field="code"
            )


def _is_right(seed: str, code: str, ctx: Context) -> bool:
    digits = code.replace(" ", "")
    return digits.isascii() and pyotp.TOTP(seed).verify(digits, for_time=ctx.now, valid_window=1)


def new_totp_seed() -> str:
    """Return a fresh seed for an authenticator app (RFC 6238)."""
    return pyotp.random_base32()


def totp_address(seed: str, *, user_name: str, clinic_name: str) -> str:
    """Return what the app scans as a QR code."""
    return pyotp.TOTP(seed).provisioning_uri(name=user_name, issuer_name=clinic_name)


def confirm_totp(ctx: Context, seed: str, code: str) -> None:
    """Turn the second factor on once the app shows the right digits; raises InvalidError."""
    if not _is_right(seed, code, ctx):
        raise InvalidError(
            _("These six digits are not right. Look at the app again."), field="code"
        )
    ctx.connection.execute(_SET_SECRET, {"kind": "totp", "value": seed})


def has_secret(ctx: Context, kind: str) -> bool:
    """Return whether the person has set a ``pin`` or a ``totp`` of their own."""
    return ctx.connection.execute(_SECRET, {"kind": kind}).scalar() is not None


def set_pin(ctx: Context, pin: str | None) -> None:
    """Set the PIN that resumes a locked session, or take it away with None."""
    ctx.connection.execute(
        _SET_SECRET, {"kind": "pin", "value": None if pin is None else hash_pin(pin)}
    )


class Lock:
    """A locked session: the PIN resumes it, five tries, then the password is needed.

    The hash is read while the session is open, so that a lost server does not keep people out.
    """

    def __init__(self, pin_hash: str | None) -> None:
        self._pin_hash = pin_hash
        self._failures = 0

    @property
    def takes_pin(self) -> bool:
        """Whether a PIN is set and tries are left."""
        return self._pin_hash is not None and self._failures < PIN_TRIES

    def resume(self, pin: str) -> None:
        """Return when the PIN is right; raises InvalidError (field ``pin``)."""
        if self._pin_hash is None or not self.takes_pin:
            raise InvalidError(_("Type your password."), field="password")
        if pin_matches(pin, self._pin_hash):
            self._failures = 0
            return
        self._failures += 1
        left = PIN_TRIES - self._failures
        raise InvalidError(
            ngettext(
                "This PIN is not right. {count} try left.",
                "This PIN is not right. {count} tries left.",
                left,
            ).format(count=left),
            field="pin",
        )


def lock_of(ctx: Context) -> Lock:
    """Return the lock of the person's session, ready before it is needed."""
    return Lock(ctx.connection.execute(_SECRET, {"kind": "pin"}).scalar())
