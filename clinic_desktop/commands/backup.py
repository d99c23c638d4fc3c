"""``clinic-desktop backup``: make a backup now, list what there is, try one by restoring it."""

import argparse
import sys
import tempfile
from pathlib import Path

from clinic_desktop.commands.places import add_server_arguments, administered, worked_on
from clinic_desktop.documents.downtime import KEY, store_pack
from clinic_desktop.domain.passwords import check_password, login_of
from clinic_desktop.errors import SetupError
from clinic_desktop.i18n import _
from clinic_desktop.services.backup.downtime import open_pack, set_passphrase
from clinic_desktop.services.backup.keys import make_key
from clinic_desktop.services.backup.local import drill, site_of
from clinic_desktop.services.backup.people import let_in
from clinic_desktop.services.backup.retention import stamp
from clinic_desktop.services.backup.run import Site, back_up
from clinic_desktop.services.backup.settings import FolderPlace, S3Place
from clinic_desktop.services.backup.taking import set_key, take


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the steps; without one a backup is made."""
    add_server_arguments(parser)
    parser.add_argument("--to", metavar="PLACE", help="to this place alone")
    parser.add_argument("--tail", action="store_true", help="only what changed since the last one")
    steps = parser.add_subparsers(dest="step", metavar="STEP")
    steps.add_parser("list", help="list the backups of each place")
    tried = steps.add_parser("drill", help="restore a backup on a scratch server and compare")
    tried.add_argument("--place", help="take it from this place (needs the key)")
    tried.add_argument("--identity", type=Path, help="file of the recovery key")
    tried.add_argument("--passphrase-file", type=Path, help="file with the key's passphrase")
    key = steps.add_parser("key", help="make the recovery key and print it")
    key.add_argument("--passphrase-file", type=Path, required=True)
    key.add_argument("--again", action="store_true", help="make a new one in place of the old")
    admit = steps.add_parser("admit", help="after a restore: let an administrator in")
    admit.add_argument("admin", help="user name")
    admit.add_argument("--password-file", type=Path, required=True)
    pack = steps.add_parser("pack", help="make tomorrow's pack now, or open one")
    pack.add_argument("--passphrase-file", type=Path, help="set its passphrase, or open with it")
    pack.add_argument("--open", type=Path, metavar="FILE", help="open this pack")
    pack.add_argument("--into", type=Path, metavar="PDF", help="where the opened paper goes")
    place = steps.add_parser("place", help="add a place")
    place.add_argument("name")
    place.add_argument("--folder", type=Path, dest="where")
    place.add_argument("--bucket")
    place.add_argument("--endpoint", default="")
    place.add_argument("--prefix", default="")
    place.add_argument("--access-key", default="")
    place.add_argument("--secret-file", type=Path)
    place.add_argument("--keeps", action="store_true", help="nothing is ever removed there")


def run(args: argparse.Namespace) -> int:
    """Run a step; 0 when it worked."""
    if args.step == "admit":
        return _admit(args)
    if args.step == "pack" and args.open:
        return _open_pack(args)
    steps = {
        "pack": _pack,
        None: _now,
        "list": _list,
        "drill": _drill,
        "key": _key,
        "place": _place,
    }
    with worked_on(args) as place:
        return steps[args.step](args, site_of(place))


def _admit(args: argparse.Namespace) -> int:
    """Give an administrator a new password as the owner of the data's folder or the server."""
    login, password = login_of(args.admin), read_secret(args.password_file) or ""
    check_password(password, login=login, name=login)
    with administered(args) as place:
        let_in(place.superuser(), login, password)
    print(_("{login} may sign in with the new password.").format(login=args.admin))
    return 0


def _pack(args: argparse.Namespace, site: Site) -> int:
    if args.passphrase_file is not None:
        set_passphrase(site.kept, read_secret(args.passphrase_file) or "")
    for one in store_pack(site):
        print(f"{one.place}: {_('stored') if one.good else one.sentence}")
    return 0


def _open_pack(args: argparse.Namespace) -> int:
    paper = args.into or args.open.with_suffix("")
    key = args.open.with_name(KEY)
    paper.write_bytes(open_pack(args.open, key, read_secret(args.passphrase_file) or ""))
    print(_("Opened: {file}. Remove it when the screens are back.").format(file=paper))
    return 0


def _now(args: argparse.Namespace, site: Site) -> int:
    outcome = back_up(site, whole=not args.tail, only=args.to)
    if outcome is None:
        print(_("Nothing has changed since the last backup."))
        return 0
    print(
        _("{name}: {size} MB in {seconds} s").format(
            name=outcome.name, size=outcome.size // 1_000_000, seconds=round(outcome.seconds, 1)
        )
    )
    for one in outcome.places:
        print(f"{one.place}: {_('stored') if one.good else one.sentence}")
    return 0 if outcome.good else 1


def _list(_args: argparse.Namespace, site: Site) -> int:
    for place in site.kept.read().places:
        names = site.kept.store(place).names()
        found = [one for one in names if one.name.endswith(".age") and stamp(one.name)]
        print(place.name)
        for one in sorted(found, key=lambda one: one.name):
            print(f"  {one.name}  {one.size / 1_000_000:.1f} MB")
    return 0


def read_secret(file: Path | None) -> str | None:
    """Return the text of a file without its line end, or None for none."""
    if file is None:
        return None
    try:
        return file.read_text(encoding="utf-8").rstrip("\r\n")
    except OSError as error:
        raise SetupError(
            _("The file {file} cannot be read ({reason}).").format(file=file, reason=error.strerror)
        ) from error


def _drill(args: argparse.Namespace, site: Site) -> int:
    def tell(sentence: str) -> None:
        print(sentence, flush=True)

    if args.place is None:
        back = drill(site, tell=tell)
    else:
        with tempfile.TemporaryDirectory(dir=site.kept.folder) as folder:
            taken = take(
                site.kept.read(),
                site.kept,
                args.place,
                Path(folder),
                identity=args.identity,
                passphrase=read_secret(args.passphrase_file),
            )
            back = drill(site, files=taken.files, identities=taken.identities, tell=tell)
    print(
        _("Verified: {rows} rows as they were at {time}.").format(rows=back.rows, time=back.until)
    )
    return 0


def _key(args: argparse.Namespace, site: Site) -> int:
    key = make_key(read_secret(args.passphrase_file) or "")
    set_key(site.kept, key, again=args.again)
    sys.stdout.write(f"{key.secret}\n")
    print(_("Keep this line on paper, away from this computer: it opens every backup."))
    return 0


def _place(args: argparse.Namespace, site: Site) -> int:
    chosen: FolderPlace | S3Place
    if args.where is not None:
        chosen = FolderPlace(name=args.name, folder=args.where.absolute(), keeps=args.keeps)
    elif args.bucket:
        chosen = S3Place(
            name=args.name,
            bucket=args.bucket,
            endpoint=args.endpoint,
            prefix=args.prefix,
            access_key=args.access_key,
            keeps=args.keeps,
        )
    else:
        raise SetupError(_("Say where with --folder or --bucket."))
    site.kept.add_place(chosen, secret=read_secret(args.secret_file) or "")
    print(_("Backups go to {place} from now on.").format(place=args.name))
    return 0
