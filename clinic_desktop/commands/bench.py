"""``clinic-desktop bench``: ours beside the limit of this machine, as ratios of one run."""

import argparse
import json
import os
import shutil
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from clinic_desktop.db.server import ignore_environment
from clinic_desktop.i18n import _
from clinic_desktop.services.installation.local import LocalInstallation

if TYPE_CHECKING:
    from clinic_desktop.bench.rows import Line

PARTS: Final = (
    "services", "filters", "together", "seen", "opened", "backups", "imports", "screens", "desktop",
)  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add size, place and form."""
    parser.add_argument("--json", action="store_true", help="print the lines as JSON")
    parser.add_argument("--patients", type=int, default=2_000, help="size of the measured clinic")
    parser.add_argument(
        "--keep", type=Path, help="folder of a measured clinic to keep and use again"
    )
    parser.add_argument(
        "--server", type=Path, help="folder of another PostgreSQL's programs to measure with"
    )
    parser.add_argument(
        "--only", choices=PARTS, action="append", help="measure this part alone; may be repeated"
    )


def run(args: argparse.Namespace) -> int:
    """Make a clinic of its own, measure, and print; 0 whether goals are reached or not."""
    from clinic_desktop.bench.place import place_at
    from clinic_desktop.services.sample.load import fill

    ignore_environment()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    folder = args.keep or Path(tempfile.mkdtemp(prefix="clinic-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)
    place = place_at(folder, args.server).start()
    try:
        if not place.has_clinic():
            fill(place, patients=args.patients, seed=1, progress=lambda _sentence: None)
        told = []
        for line in _measure(place, args.only or PARTS, args.patients):
            told.append(line.as_json())
            if not args.json:
                mark = _("reached") if line.ok else _("MISSED")
                print(
                    f"{line.name:<56} {line.ours_ms:8.2f} {line.unit} "
                    f"{line.limit_ms:8.2f} {line.unit} {line.ratio:6.2f} ({line.wanted}) {mark}",
                    flush=True,
                )
    finally:
        place.leave()
        if args.keep is None:
            shutil.rmtree(folder, ignore_errors=True)
    if args.json:
        print(json.dumps(told))
    return 0


def _measure(place: LocalInstallation, parts: Collection[str], patients: int) -> Iterator["Line"]:
    """Yield each line; what draws is loaded only when it is asked for."""
    if {"services", "filters", "together", "seen", "opened", "backups", "imports"} & set(parts):
        yield from _of_services(place, parts, patients)
    if "screens" in parts:
        from clinic_desktop.bench import screens

        yield from screens.lines()
    if "desktop" in parts:
        from clinic_desktop.bench import desktop

        yield from desktop.lines()


def _of_services(
    place: LocalInstallation, parts: Collection[str], patients: int
) -> Iterator["Line"]:
    from clinic_desktop.bench.limit import make_limit_database
    from clinic_desktop.bench.services import ServiceBench

    services = ServiceBench(place, make_limit_database(place.superuser(), place.database))
    try:
        if "services" in parts:
            from clinic_desktop.bench import slots

            yield from services.lines()
            yield from slots.lines(
                place.superuser(), services.signed_in, services.day_behind_bookings()
            )
        if "filters" in parts:
            from clinic_desktop.bench import filters

            yield from filters.lines(services)
        if "together" in parts:
            from clinic_desktop.bench import together

            yield from together.lines(services)
        if "seen" in parts:
            from clinic_desktop.bench import seen

            yield seen.line(services)
        if "opened" in parts:
            from clinic_desktop.bench import opened

            yield opened.line(services)
        if "backups" in parts:
            from clinic_desktop.bench import backups

            yield from backups.lines(services, place)
        if "imports" in parts:
            from clinic_desktop.bench import bringing

            # Last, because it doubles the clinic.
            yield from bringing.lines(place, services, patients)
    finally:
        services.close()
