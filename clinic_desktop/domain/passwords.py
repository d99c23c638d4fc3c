"""Rules for passwords, PINs and user names, and how long a failed sign-in has to wait."""

import hashlib
import hmac
import re
import secrets
import unicodedata
from datetime import timedelta
from functools import cache
from itertools import pairwise
from typing import Final

from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _
from clinic_desktop.resources import resource

SHORTEST: Final = 8
LONGEST: Final = 200
PIN_TRIES: Final = 5
# Failures are free until a person could have mistyped; then the wait doubles.
FREE_FAILURES: Final = 3
FIRST_WAIT: Final = timedelta(seconds=2)
LONGEST_WAIT: Final = timedelta(minutes=15)

_SCRYPT: Final = {"n": 2**14, "r": 8, "p": 1}


@cache
def _commonest() -> frozenset[str]:
    """Return the passwords that everybody tries first, lower case."""
    text = resource("reference", "common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(text.split())


def check_characters(password: str, *, field: str = "password") -> None:
    """Raise InvalidError (at ``field``) for control characters and halves of characters.

    The driver hands a password over as C text, which ends at a NUL: what was typed after it would
    not count.
    """
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in password):
        raise InvalidError(
            _("It holds a character that cannot be part of a password. Type it by hand."),
            field=field,
        )


def check_password(password: str, *, login: str, name: str) -> None:
    """Raise InvalidError (field ``password``) with what is missing.

    At least eight characters, not among the commonest, not the person's own name: NIST SP 800-63B
    5.1.1.2 asks for length and a blocklist, and for no rules about kinds of characters.
    """
    check_characters(password)
    folded = unicodedata.normalize("NFKC", password).casefold()
    if len(password) < SHORTEST:
        raise InvalidError(
            _("A password has at least {count} characters.").format(count=SHORTEST),
            field="password",
        )
    if len(password) > LONGEST:
        raise InvalidError(
            _("A password has at most {count} characters.").format(count=LONGEST),
            field="password",
        )
    if folded in _commonest() or len(set(folded)) < 4:
        raise InvalidError(_("Everybody tries this password first."), field="password")
    parts = re.split(r"\W+", f"{login.removeprefix('u_')} {name}".casefold())
    if any(len(part) >= 4 and part in folded and len(folded) - len(part) < 4 for part in parts):
        raise InvalidError(_("A password is not the name it belongs to."), field="password")


def check_pin(pin: str) -> None:
    """Raise InvalidError (field ``pin``) unless it is 4 to 12 digits and not a simple row."""
    if not re.fullmatch(r"[0-9]{4,12}", pin):
        raise InvalidError(_("A PIN is 4 to 12 digits."), field="pin")
    steps = {int(b) - int(a) for a, b in pairwise(pin)}
    if steps in ({0}, {1}, {-1}):
        raise InvalidError(_("A PIN is not one digit repeated or counted."), field="pin")


def login_of(user_name: str) -> str:
    """Return the database login of a user name as typed; raises InvalidError (``user_name``)."""
    bare = user_name.strip().casefold()
    if not re.fullmatch(r"[a-z0-9][a-z0-9_]{0,40}", bare):
        raise InvalidError(
            _("A user name is letters a to z, digits and _, without blanks."), field="user_name"
        )
    return f"u_{bare}"


def user_name_of(login: str) -> str:
    """Return the user name as people type it."""
    return login.removeprefix("u_")


def hash_pin(pin: str) -> str:
    """Return a salted scrypt hash of a PIN as text."""
    salt = secrets.token_bytes(16)
    return f"scrypt${salt.hex()}${hashlib.scrypt(pin.encode(), salt=salt, **_SCRYPT).hex()}"


def pin_matches(pin: str, hashed: str) -> bool:
    """Return whether a PIN is the one that was hashed."""
    _kind, salt, digest = hashed.split("$")
    found = hashlib.scrypt(pin.encode(errors="replace"), salt=bytes.fromhex(salt), **_SCRYPT)
    return hmac.compare_digest(found.hex(), digest)


def wait_after(failures: int) -> timedelta:
    """Return how long the next try has to wait after so many failures in a row."""
    beyond = failures - FREE_FAILURES
    if beyond < 0:
        return timedelta(0)
    doubled: timedelta = FIRST_WAIT * (2 ** min(beyond, 12))
    return min(LONGEST_WAIT, doubled)
