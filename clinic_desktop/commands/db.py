"""``clinic-desktop db``: set up, upgrade, check and fill a database, and tell a login's way in."""

import argparse
import getpass
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from psycopg.conninfo import make_conninfo

from clinic_desktop import files
from clinic_desktop.commands.places import (
    COMPUTER,
    add_server_arguments,
    administered,
    home_of,
    local_of,
    place_of,
    profile_of,
    sentences,
    server_of,
)
from clinic_desktop.config import SampleProfile
from clinic_desktop.db import catalogue, migrate
from clinic_desktop.db.connect import open_connection
from clinic_desktop.db.server import limits
from clinic_desktop.domain.passwords import login_of
from clinic_desktop.errors import InvalidError, NotAllowedError, SetupError
from clinic_desktop.i18n import _
from clinic_desktop.models import Model
from clinic_desktop.services.installation import first_run
from clinic_desktop.services.installation.administered import Administered
from clinic_desktop.services.installation.local import MIGRATOR, LocalInstallation, reachable
from clinic_desktop.services.installation.place import Installation

MOST_PATIENTS: Final = 5_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what each step takes."""
    steps = parser.add_subparsers(dest="step", required=True, metavar="STEP")
    init = steps.add_parser("init", help="make server, roles and database, and a clinic")
    init.add_argument("--clinic", help="name of the clinic to make")
    init.add_argument("--admin", default="Administrator", help="name of its first administrator")
    init.add_argument("--login", default="admin", help="user name of the administrator")
    init.add_argument(
        "--password-file", type=Path, help="file with the password, instead of asking"
    )
    init.add_argument("--country", default="", help="two letters, for currency, zone and paper")
    init.add_argument("--zone", default="", help="the clinic's time zone, like Europe/Madrid")
    init.add_argument(
        "--new-secrets", action="store_true", help="with --dsn: replace the machine logins' secrets"
    )
    up = steps.add_parser("upgrade", help="bring the database to this program's version")
    down = steps.add_parser("downgrade", help="take the database back to an older version")
    down.add_argument("target", help="version, or base")
    down.add_argument("--yes", action="store_true", help="do it although data are lost")
    check = steps.add_parser("check", help="compare the database with what this program made")
    check.add_argument(
        "--record", type=Path, help="for developers: write the catalogue of a fresh database here"
    )
    seed = steps.add_parser("seed", help="fill an empty database with a made-up clinic")
    seed.add_argument("--patients", type=int, default=300)
    seed.add_argument("--seed", type=int, default=1)
    dsn = steps.add_parser("dsn", help="print the connection of a login")
    dsn.add_argument("--login", required=True)
    for step in (init, up, down, check, seed):
        add_server_arguments(step)


def run(args: argparse.Namespace) -> int:
    """Run one step; 0 when it worked."""
    steps: dict[str, Callable[[argparse.Namespace], int]] = {
        "init": _init,
        "upgrade": _upgrade,
        "downgrade": _downgrade,
        "check": _check,
        "seed": _seed,
        "dsn": _dsn,
    }
    with sentences():
        return steps[args.step](args)


def _password(args: argparse.Namespace) -> str:
    if args.password_file is not None:
        try:
            text: str = args.password_file.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise InvalidError(
                _("{file} is no text file with a password.").format(file=args.password_file)
            ) from error
        return text.rstrip("\r\n")
    if not sys.stdin.isatty():
        raise SetupError(_("There is nobody to ask for the password. Give --password-file."))
    first = getpass.getpass(_("Password: "))
    if getpass.getpass(_("The same again: ")) != first:
        raise SetupError(_("The two passwords differ."))
    return first


def _init(args: argparse.Namespace) -> int:
    # What was typed is looked at before anything is made.
    person = _first_person(args) if args.clinic is not None else None
    if args.dsn is not None:
        server = server_of(args).prepare(new_secrets=args.new_secrets)
        _make_clinic(args, server, person)
        print(
            _(
                "Ready: database {name}. The secrets of the machine logins are in {folder}; "
                "keep a copy where nobody else reads it."
            ).format(name=server.database, folder=server.root / "secrets")
        )
        return 0
    place = local_of(args).start()
    try:
        _make_clinic(args, place, person)
        print(_("Ready: {folder}").format(folder=place.root))
    finally:
        place.leave()
    return 0


def _first_person(args: argparse.Namespace) -> first_run.FirstPerson:
    first_run.check_clinic(args.clinic)
    first_run.check_place(country=args.country, zone=args.zone)
    person = first_run.FirstPerson(name=args.admin, user_name=args.login, password=_password(args))
    first_run.check_person(person)
    return person


def _make_clinic(
    args: argparse.Namespace, place: Administered, person: first_run.FirstPerson | None
) -> None:
    if person is None:
        return
    if place.has_clinic():
        raise SetupError(_("This database has a clinic already."))
    first_run.make_first_clinic(
        place,
        name=args.clinic,
        assumed=first_run.assume(country=args.country, zone=args.zone, language="en"),
        person=person,
        tell=lambda _sentence: None,
    )


def _upgrade(args: argparse.Namespace) -> int:
    with administered(args) as place:
        migrate.upgrade(place.machine(MIGRATOR))
        print(_("The database is at {version}.").format(version=migrate.head()))
    return 0


def _downgrade(args: argparse.Namespace) -> int:
    with administered(args) as place:
        if not args.yes:
            _must_lose_nothing(place, args.target)
        migrate.downgrade(place.machine(MIGRATOR), args.target)
        print(_("The database is at {version}.").format(version=args.target))
    return 0


def _must_lose_nothing(place: Administered, target: str) -> None:
    if place.has_clinic():
        raise SetupError(
            _(
                "The database holds a clinic, and an older version keeps less of it or nothing. "
                "Make a backup, then say --yes."
            )
        )
    if target == "base":
        raise SetupError(_("This drops every table of the database. Say --yes to do it."))


def _check(args: argparse.Namespace) -> int:
    with administered(args) as place:
        found = migrate.drift(place.machine(MIGRATOR), Model.metadata)
        with open_connection(place.superuser()) as connection:
            objects = catalogue.objects(connection)
        if args.record is not None:
            args.record.write_text(
                json.dumps(objects, indent=0, sort_keys=True) + "\n", encoding="utf-8"
            )
        found += [
            f"{kind}: {name}" for kind, name in catalogue.differences(objects, catalogue.shipped())
        ]
    for line in found:
        print(line)
    if not found:
        print(
            _("Models, migrations and catalogue agree: {fingerprint}").format(
                fingerprint=catalogue.fingerprint(objects)
            )
        )
    return 1 if found else 0


def _seed(args: argparse.Namespace) -> int:
    from clinic_desktop.services.sample.load import fill

    if not 1 <= args.patients <= MOST_PATIENTS:
        raise InvalidError(
            _("Give --patients a number from 1 to {most}.").format(most=MOST_PATIENTS)
        )
    with administered(args) as place:
        files.make_folder(place.root / "secrets")
        told = fill(
            place,
            patients=args.patients,
            seed=args.seed,
            progress=lambda sentence: print(sentence, flush=True),
        )
    print(
        _("{rows} rows in {seconds} s, {rate} rows/s").format(
            rows=told.rows, seconds=round(told.seconds, 1), rate=round(told.rows / told.seconds)
        )
    )
    return 0


def _sample_password(place: Installation, login: str) -> str | None:
    """Return the password that this installation's sample clinic was made with, if any."""
    from clinic_desktop.services.sample.opening import sample_people

    if not isinstance(place, LocalInstallation):
        return None
    return next((one.password for one in sample_people(place) if one.login == login), None)


def _dsn(args: argparse.Namespace) -> int:
    """Print the connection of a login, its password included: for administrators' tools."""
    home = home_of(args)
    place = place_of(args).start()
    try:
        login = args.login if args.login.startswith("u_") else login_of(args.login)
        password = None
        if isinstance(profile_of(args, home, usual=COMPUTER), SampleProfile):
            password = _sample_password(place, login)
        if password is None:
            if not sys.stdin.isatty():
                password = sys.stdin.readline().rstrip("\n")
            else:
                password = getpass.getpass(_("Password: "))
        dsn = place.person(login, password)
        if not reachable(dsn):
            raise NotAllowedError(_("The name or the password is not right."))
        print(make_conninfo("", **limits(dsn)))
    finally:
        place.leave()
    return 0
