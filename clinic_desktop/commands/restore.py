"""``clinic-desktop restore``: bring a backup back into a folder or server without a clinic."""

import argparse
import sys
import tempfile
from pathlib import Path

from clinic_desktop.commands.backup import read_secret
from clinic_desktop.commands.places import (
    add_server_arguments,
    home_of,
    local_of,
    sentences,
    server_of,
)
from clinic_desktop.config import ComputerProfile, Settings, load_profiles, save_profile
from clinic_desktop.db import cluster
from clinic_desktop.db.connect import Dsn
from clinic_desktop.domain.passwords import check_password, login_of
from clinic_desktop.errors import SetupError
from clinic_desktop.i18n import _
from clinic_desktop.services.backup import erased
from clinic_desktop.services.backup.local import restore_here
from clinic_desktop.services.backup.people import administrators, let_in
from clinic_desktop.services.backup.restore import (
    Chain,
    Target,
    read_chain,
    restore,
)
from clinic_desktop.services.backup.schemas import Restored
from clinic_desktop.services.backup.settings import Kept
from clinic_desktop.services.backup.taking import Taken, take, take_file
from clinic_desktop.services.installation.administered import AdministeredServer
from clinic_desktop.services.installation.local import MIGRATOR, LocalInstallation


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what to restore, with which key, and who is let in first."""
    parser.add_argument("source", help="the backup's file, or the name of a place")
    parser.add_argument("--identity", type=Path, help="file of the recovery key")
    parser.add_argument("--passphrase-file", type=Path, help="file with the key's passphrase")
    parser.add_argument("--admin", help="user name of the administrator who is let in first")
    parser.add_argument("--password-file", type=Path, help="file with that person's new password")
    add_server_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Restore; 0 when it worked."""
    login, password = _first(args)
    if args.dsn:
        return _to_server(args, login, password)
    place = local_of(args).start()
    try:
        with tempfile.TemporaryDirectory(dir=place.root) as folder:
            taken = _taken(args, Kept(place.root), Path(folder))
            back = restore_here(
                place, taken.files, taken.identities, lists=taken.erased, tell=_tell
            )
        _let_in(place.superuser(), login, password)
        _remember(args, place)
    finally:
        place.leave()
    return _say(back, taken)


def _first(args: argparse.Namespace) -> tuple[str | None, str]:
    """Return who is let in and the new password, checked before anything is done."""
    if not args.admin:
        return None, ""
    login, password = login_of(args.admin.removeprefix("u_")), read_secret(args.password_file)
    if password is None:
        raise SetupError(_("Give the administrator's new password with --password-file."))
    check_password(password, login=login, name=login)
    return login, password


def _taken(args: argparse.Namespace, kept: Kept, folder: Path) -> Taken:
    passphrase = read_secret(args.passphrase_file)
    file, settings = Path(args.source), kept.read()
    if not file.exists() and any(p.name == args.source for p in settings.places):
        return take(
            settings, kept, args.source, folder, identity=args.identity, passphrase=passphrase
        )
    return take_file(file, identity=args.identity, passphrase=passphrase)


def _tell(sentence: str) -> None:
    print(sentence, flush=True)


def _let_in(admin: Dsn, login: str | None, password: str) -> None:
    if login is None:
        names = ", ".join(one[0].removeprefix("u_") for one in administrators(admin))
        print(
            _("Nobody may sign in yet. Let an administrator in with --admin: {names}.").format(
                names=names
            )
        )
        return
    let_in(admin, login, password)


def _remember(args: argparse.Namespace, place: LocalInstallation) -> None:
    """Let the program open these data from now on."""
    home = home_of(args)
    if not any(isinstance(p, ComputerProfile) for p in load_profiles(home)):
        profile = ComputerProfile(name=_("This computer"))
        if profile.folder(home) == place.root:
            save_profile(home, profile)
            Settings.load(home).save(home, last_profile=profile.name)


def _to_server(args: argparse.Namespace, login: str | None, password: str) -> int:
    server = server_of(args)
    taken = take_file(
        Path(args.source), identity=args.identity, passphrase=read_secret(args.passphrase_file)
    )
    chain = read_chain(taken.files, taken.identities, tell=_tell)
    with sentences():
        back = _fill_server(server, chain, taken)
        _let_in(server.superuser(), login, password)
    print(_("Give the machine logins their secrets with “clinic-desktop db init --dsn”."))
    return _say(back, taken)


def _fill_server(server: AdministeredServer, chain: Chain, taken: Taken) -> Restored:
    admin = server.superuser("postgres")
    if cluster.has_database(admin, server.database):
        if cluster.has_schema(server.superuser()):
            raise SetupError(
                _("The server has a clinic in the database {name} already. Name another one.")
                .format(name=server.database)
            )  # fmt: skip
        if not cluster.is_empty(server.superuser()):
            raise SetupError(
                _("The database {name} belongs to another program. Name another one.").format(
                    name=server.database
                )
            )
    cluster.make_roles(admin)
    target = Target(
        superuser=admin,
        database=server.database,
        # The migrator's secret may be in use by another clinic's database of this server.
        migrator=lambda name: {**server.superuser(name), "options": f"-c role={MIGRATOR}"},
    )
    gone = erased.read(taken.erased)
    return restore(chain, taken.identities, target, gone=gone, tell=_tell)


def _say(back: Restored, taken: Taken) -> int:
    print(
        _("Restored: the clinic as it was at {time}, {rows} rows.").format(
            time=back.until, rows=back.rows
        )
    )
    if back.erased_again:
        print(
            _("Records erased again because they were erased after this backup: {count}.").format(
                count=back.erased_again
            )
        )
    if back.missing:
        sys.stderr.write(back.missing + "\n")
    if taken.missing:
        sys.stderr.write(
            _("The segment {file} is missing; what was done after it was not restored.").format(
                file=taken.missing
            )
            + "\n"
        )
    print(
        _("{count} people are known and may not sign in before they get a new password.").format(
            count=len(back.logins)
        )
    )
    return 0
