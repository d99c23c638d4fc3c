"""``clinic-desktop export``: a patient's record as an encrypted archive, a provider's calendar."""

import argparse
from pathlib import Path

from sqlalchemy import text

from clinic_desktop.commands.places import place_of
from clinic_desktop.commands.signing_in import add_login, read_secret, signed_in
from clinic_desktop.documents.of_record import record_archive
from clinic_desktop.errors import InvalidError, NotFoundError
from clinic_desktop.i18n import _, ngettext
from clinic_desktop.services.calendars import feeds
from clinic_desktop.services.exports.archive import unseal, write
from clinic_desktop.services.exports.take_in import take_in

_BY_NUMBER = text(
    "SELECT id FROM patient WHERE clinic_id = :clinic AND number = :number AND deleted_at IS NULL"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add whose record or calendar, where to, and the passphrase's file."""
    parser.add_argument(
        "what", nargs="?", choices=("record", "ical"), default="record",
        help="a record (as long as nothing is said), or a provider's appointments as .ics",
    )  # fmt: skip
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--patient", metavar="NO", help="record number")
    which.add_argument("--provider", metavar="NAME", help="with ical: whose appointments")
    which.add_argument(
        "--take-in", type=Path, metavar="FILE", help="bring an archive into a clinic"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="for example 00042.age, park.ics")
    parser.add_argument(
        "--passphrase-file", type=Path, metavar="F",
        help="its first line is the passphrase, 12 characters or more",
    )  # fmt: skip
    add_login(parser)


def run(args: argparse.Namespace) -> int:
    """Write the archive or the calendar, or take an archive in; 0 when it is done."""
    if (args.what == "ical") != (args.provider is not None):
        raise InvalidError(_("A calendar is written with: export ical --provider NAME --out FILE."))
    if args.what == "ical":
        return _calendar(args)
    if args.passphrase_file is None:
        raise InvalidError(_("Say with --passphrase-file where the passphrase stands."))
    passphrase = read_secret(args.passphrase_file)
    if args.take_in is not None:
        return _take_in(args, passphrase)
    if args.out is None:
        raise InvalidError(_("Say with --out where the archive is to stand."))
    with signed_in(place_of(args), args) as session, session.reading() as ctx:
        values = {"clinic": ctx.clinic_id, "number": args.patient}
        patient_id = ctx.connection.execute(_BY_NUMBER, values).scalar()
        if patient_id is None:
            raise NotFoundError(_("This patient is not in the records."))
        sealed = record_archive(ctx, patient_id, passphrase)
        write(args.out, sealed)
    print(_("Written: {file}").format(file=args.out))
    return 0


def _calendar(args: argparse.Namespace) -> int:
    if args.out is None:
        raise InvalidError(_("Say with --out where the calendar is to stand."))
    with signed_in(place_of(args), args) as session, session.reading() as ctx:
        made = feeds.feed(ctx, feeds.provider_named(ctx, args.provider), before=args.out)
    feeds.put(made, args.out)
    words = ngettext(
        "Written: {file}, {count} appointment", "Written: {file}, {count} appointments", made.events
    )
    print(words.format(file=args.out, count=made.events))
    return 0


def _take_in(args: argparse.Namespace, passphrase: str) -> int:
    try:
        sealed = args.take_in.read_bytes()
    except OSError as error:
        raise InvalidError(
            _("The file {name} cannot be opened: {reason}.").format(
                name=args.take_in.name, reason=error.strerror or type(error).__name__
            )
        ) from error
    record, summary = unseal(sealed, passphrase)
    with signed_in(place_of(args), args) as session, session.writing() as ctx:
        told = take_in(ctx, record, summary)
    print(
        _(
            "{name} is in the records. {count} notes, invoices and prescriptions stay on paper."
        ).format(name=told.name, count=told.kept_as_document)
    )
    return 0
