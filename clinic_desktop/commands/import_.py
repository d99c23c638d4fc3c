"""``clinic-desktop import``: bring in a list that another system exported."""

import argparse
import sys
from pathlib import Path

from clinic_desktop.commands.places import place_of
from clinic_desktop.commands.signing_in import add_login, signed_in
from clinic_desktop.domain.ids import new_id
from clinic_desktop.i18n import _
from clinic_desktop.services import imports
from clinic_desktop.services.imports.schemas import Report
from clinic_desktop.services.imports.targets import TARGETS

_SHOWN = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the file, what is in it, and who brings it in."""
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--kind", choices=list(TARGETS), help="guessed from the headers without it")
    parser.add_argument("--sheet", help="which sheet of a workbook; the first without it")
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would happen, write nothing"
    )
    parser.add_argument(
        "--add-known", action="store_true", help="add people who are in the records already as well"
    )
    add_login(parser)


class _Printed:
    """Writes how far it is, on a terminal only."""

    def tell(self, done: int, total: int) -> None:
        """Write the rows read so far over those written before."""
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{done} / {total} ")


def run(args: argparse.Namespace) -> int:
    """Look, then import or try dry; 0 when every row was taken, 3 when some were left out."""
    with signed_in(place_of(args), args) as session:
        with session.reading() as ctx:
            found = imports.look(ctx, str(args.file), kind=args.kind, sheet=args.sheet)
            plan = found.plan().model_copy(update={"known": "add" if args.add_known else "skip"})
            for column in found.columns:
                field = _(TARGETS[found.kind].labels[column.field]) if column.field else "–"
                print(f"{column.header or column.column + 1} → {field} {column.note}".rstrip())
            report = imports.check(ctx, plan, _Printed()) if args.dry_run else None
        if report is None:
            with session.writing() as ctx:
                report = imports.run(ctx, new_id(), plan, _Printed())
    _print(report)
    return 3 if report.refused else 0


def _print(report: Report) -> None:
    for problem in report.problems[:_SHOWN]:
        words = _("row {row}, {column}: {sentence}").format(
            row=problem.row, column=problem.header or "–", sentence=problem.sentence
        )
        sys.stderr.write(f"{words}\n")
    words = (
        _("{records} records read. Would be added: {added}. Known: {known}. Left out: {refused}.")
        if report.dry
        else _("{records} records read. Added: {added}. Known: {known}. Left out: {refused}.")
    )
    print(
        words.format(
            records=report.records,
            added=report.added,
            known=report.known,
            refused=report.refused,
        )
    )
