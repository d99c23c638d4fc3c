"""``clinic-desktop db``: set up, upgrade, check and fill a database, and tell a login's way in."""

import argparse
import getpass
import json
import sys
from collections.abc import Callable
from pathlib import Path

from psycopg.conninfo import make_conninfo

from clinic_desktop.commands.places import COMPUTER, home_of, local_of, place_of, profile_of
from clinic_desktop.config import SampleProfile
from clinic_desktop.db import catalogue, cluster, migrate
from clinic_desktop.db.connect import open_connection
from clinic_desktop.db.server import limits
from clinic_desktop.domain.passwords import check_password, login_of
from clinic_desktop.errors import NotAllowedError, SetupError
from clinic_desktop.i18n import _
from clinic_desktop.models import Model
from clinic_desktop.services.installation import provision
from clinic_desktop.services.installation.local import MIGRATOR, LocalInstallation, reachable
from clinic_desktop.services.installation.place import Installation


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what each step takes."""
    steps = parser.add_subparsers(dest="step", required=True, metavar="STEP")
    init = steps.add_parser("init", help="make server, roles and database, and a clinic")
    init.add_argument("--clinic", help="name of the clinic to make")
    init.add_argument("--admin", help="name of its first administrator")
    init.add_argument("--login", help="user name of the administrator")
    init.add_argument(
        "--password-file", type=Path, help="file with the password, instead of asking"
    )
    init.add_argument("--dsn", help="for a server: connection of an administrator of PostgreSQL")
    steps.add_parser("upgrade", help="bring the database to this program's version")
    down = steps.add_parser("downgrade", help="take the database back to an older version")
    down.add_argument("target", help="version, or base")
    check = steps.add_parser("check", help="compare the database with what this program made")
    check.add_argument(
        "--record", type=Path, help="for developers: write the catalogue of a fresh database here"
    )
    seed = steps.add_parser("seed", help="fill an empty database with a made-up clinic")
    seed.add_argument("--patients", type=int, default=300)
    seed.add_argument("--seed", type=int, default=1)
    dsn = steps.add_parser("dsn", help="print the connection of a login")
    dsn.add_argument("--login", required=True)


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
    return steps[args.step](args)


def _password(args: argparse.Namespace) -> str:
    if args.password_file is not None:
        text: str = args.password_file.read_text(encoding="utf-8")
        return text.rstrip("\n")
    if not sys.stdin.isatty():
        raise SetupError(_("There is nobody to ask for the password. Give --password-file."))
    first = getpass.getpass(_("Password: "))
    if getpass.getpass(_("The same again: ")) != first:
        raise SetupError(_("The two passwords differ."))
    return first


def _init(args: argparse.Namespace) -> int:
    if args.dsn:
        return _init_server(args)
    place = local_of(args).start()
    try:
        if args.clinic:
            _make_clinic(args, place)
        print(_("Ready: {folder}").format(folder=place.root))
    finally:
        place.leave()
    return 0


def _make_clinic(args: argparse.Namespace, place: LocalInstallation) -> None:
    if place.has_clinic():
        raise SetupError(_("This database has a clinic already."))
    name, login = args.admin or "Administrator", login_of(args.login or "admin")
    password = _password(args)
    check_password(password, login=login, name=name)
    admin = provision.NewAdmin(name=name, initials=name[:2], login=login, password=password)
    provision.make_clinic(place.machine(MIGRATOR), provision.NewClinic(name=args.clinic), admin)


def _init_server(args: argparse.Namespace) -> int:
    """Prepare a clinic's server: roles, database and schema, by an administrator's connection."""
    from psycopg.conninfo import conninfo_to_dict

    admin = {key: str(value) for key, value in conninfo_to_dict(args.dsn).items()}
    cluster.make_roles(admin)
    password = _password(args)
    verifier = cluster.verifier(admin, MIGRATOR, password)
    cluster.set_verifier(admin, MIGRATOR, verifier)
    if not cluster.has_database(admin, cluster.DATABASE):
        cluster.make_database(admin, cluster.DATABASE)
    migrate.upgrade({**admin, "user": MIGRATOR, "password": password, "dbname": cluster.DATABASE})
    print(_("Ready: database {name}").format(name=cluster.DATABASE))
    return 0


def _upgrade(args: argparse.Namespace) -> int:
    place = local_of(args).start()
    try:
        print(_("The database is at {version}.").format(version=migrate.head()))
    finally:
        place.leave()
    return 0


def _downgrade(args: argparse.Namespace) -> int:
    place = local_of(args).start()
    try:
        migrate.downgrade(place.machine(MIGRATOR), args.target)
        print(_("The database is at {version}.").format(version=args.target))
    finally:
        place.leave()
    return 0


def _check(args: argparse.Namespace) -> int:
    place = local_of(args).start()
    try:
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
    finally:
        place.leave()
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

    place = local_of(args).start()
    try:
        told = fill(
            place,
            patients=args.patients,
            seed=args.seed,
            progress=lambda sentence: print(sentence, flush=True),
        )
    finally:
        place.leave()
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
