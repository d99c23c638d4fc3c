"""Which installation a command works on: --home, --profile, and what was used last."""

import argparse
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy.exc import DBAPIError

from clinic_desktop import config
from clinic_desktop.config import ComputerProfile, Profile, SampleProfile
from clinic_desktop.db.cluster import DATABASE
from clinic_desktop.db.server import ignore_environment
from clinic_desktop.errors import SetupError
from clinic_desktop.i18n import _
from clinic_desktop.services.installation.administered import AdministeredServer, administrator
from clinic_desktop.services.installation.local import BACKUP, LocalInstallation
from clinic_desktop.services.installation.place import Installation, installation_of

SAMPLE = SampleProfile(name="sample")
COMPUTER = ComputerProfile(name="computer")


def home_of(args: argparse.Namespace) -> Path:
    """Return the folder of the data, made when it is missing."""
    ignore_environment()
    folder = config.home(args.home)
    config.make_home(folder)
    return folder


def profile_of(args: argparse.Namespace, home: Path, *, usual: Profile = COMPUTER) -> Profile:
    """Return the profile named on the command line, used last, or usual for the command."""
    known: dict[str, Profile] = {one.name.casefold(): one for one in config.load_profiles(home)}
    if args.profile:
        wanted = args.profile.casefold()
        built_in: dict[str, Profile] = {"sample": SAMPLE, "computer": COMPUTER}
        if wanted in known or wanted in built_in:
            return known[wanted] if wanted in known else built_in[wanted]
        return config.find_profile(home, args.profile)
    last = config.Settings.load(home).last_profile
    remembered = known.get((last or "").casefold())
    if remembered is None:
        return usual
    return remembered


def place_of(args: argparse.Namespace, *, usual: Profile = COMPUTER) -> Installation:
    """Return the installation a command works on, not started yet."""
    home = home_of(args)
    return installation_of(home, profile_of(args, home, usual=usual))


def local_of(args: argparse.Namespace) -> LocalInstallation:
    """Return an installation on this computer; raises SetupError for a clinic's server."""
    place = place_of(args)
    if not isinstance(place, LocalInstallation):
        raise SetupError(
            _("This is done on the clinic's server by who looks after it, with --dsn.")
        )
    return place


def add_server_arguments(parser: argparse.ArgumentParser) -> None:
    """Add how a server that others run is reached by who looks after it."""
    parser.add_argument(
        "--dsn", help="for a server: connection of an administrator of PostgreSQL, as libpq reads"
    )
    parser.add_argument("--database", default=DATABASE, help="with --dsn: the clinic's database")
    parser.add_argument(
        "--folder", type=Path, help="with --dsn: where the machine logins' secrets are kept"
    )


def server_of(args: argparse.Namespace) -> AdministeredServer:
    """Return the server that --dsn names, its secrets below the home unless --folder says where."""
    admin = administrator(args.dsn)
    name = "-".join((admin.get("host", "local"), admin.get("port", "5432"), args.database))
    folder = args.folder or home_of(args) / "servers" / re.sub(r"[^\w.-]+", "_", name).strip("_")
    return AdministeredServer(admin, folder.absolute(), database=args.database)


@contextmanager
def administered(args: argparse.Namespace) -> Iterator[LocalInstallation | AdministeredServer]:
    """Open the clinic that an administrator's command works on: of this computer, or by --dsn."""
    ignore_environment()
    place = server_of(args) if args.dsn is not None else local_of(args)
    place.start()
    try:
        yield place
    finally:
        place.leave()


@contextmanager
def worked_on(args: argparse.Namespace) -> Iterator[LocalInstallation | AdministeredServer]:
    """Open the clinic for what machine logins do: of this computer, or on the server of --dsn.

    What --dsn says of a user is not needed: the secret of clinic_backup opens the server.
    """
    ignore_environment()
    place: LocalInstallation | AdministeredServer
    place = server_of(args).reach(BACKUP) if args.dsn is not None else local_of(args).start()
    try:
        yield place
    finally:
        place.leave()


@contextmanager
def sentences() -> Iterator[None]:
    """Say in one sentence what driver and system say in a traceback; what they quote stays out."""
    try:
        yield
    except DBAPIError as error:
        origin = error.orig
        raise _refused(origin if isinstance(origin, psycopg.Error) else None) from error
    except psycopg.Error as error:
        raise _refused(error) from error
    except OSError as error:
        raise SetupError(
            _("{file} cannot be used: {reason}.").format(
                file=error.filename or "?", reason=error.strerror or type(error).__name__
            )
        ) from error


def _refused(error: psycopg.Error | None) -> SetupError:
    said = error.diag.message_primary if error is not None else None
    if said is None:
        return SetupError(
            _("The database went away. Look at the server with “clinic-desktop doctor”, try again.")
        )
    return SetupError(
        _("The database refused: {said}. Look at it with “clinic-desktop doctor”.").format(
            said=said
        )
    )
