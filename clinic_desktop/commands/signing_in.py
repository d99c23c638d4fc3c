"""Who a command acts as: a person of the clinic, by user name and password."""

import argparse
import getpass
import os
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from clinic_desktop.commands.places import home_of
from clinic_desktop.errors import SetupError
from clinic_desktop.i18n import _
from clinic_desktop.services.installation.place import Installation
from clinic_desktop.services.installation.sign_in import Doorkeeper, sign_in
from clinic_desktop.services.session import SignedIn


def add_login(parser: argparse.ArgumentParser) -> None:
    """Add who signs in; the password is asked, or read from a file or standard input."""
    parser.add_argument("--login", metavar="NAME", help="your user name at the clinic")
    parser.add_argument("--password-file", type=Path, metavar="F", help="asked for without it")
    parser.add_argument("--code", help="the code of your authenticator app, if you use one")


@contextmanager
def signed_in(place: Installation, args: argparse.Namespace) -> Iterator[SignedIn]:
    """Open the person's own session; every rule of the database holds for commands too."""
    place.start()
    try:
        session = sign_in(
            place,
            Doorkeeper.of(home_of(args)),
            user_name=args.login or getpass.getuser(),
            password=_password(args),
            device=platform.node()[:100] or "command line",
            code=args.code,
        )
        try:
            yield session
        finally:
            session.close()
    finally:
        place.leave()


def _password(args: argparse.Namespace) -> str:
    if args.password_file is not None:
        return read_secret(args.password_file)
    if sys.stdin.isatty():
        return getpass.getpass(_("Password: "))
    return sys.stdin.readline().rstrip("\r\n")


def read_secret(path: Path) -> str:
    """Return the first line of a file; raises SetupError where it cannot be read."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        reason = error.strerror or os.strerror(error.errno or 0)
        raise SetupError(
            _("The file {name} cannot be opened: {reason}.").format(name=path.name, reason=reason)
        ) from error
    return lines[0] if lines else ""
