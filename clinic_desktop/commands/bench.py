"""``clinic-desktop bench``: ours beside the limit of this machine, as ratios of one run."""

import argparse
import json
import os
import shutil
import tempfile
from pathlib import Path

from clinic_desktop.bench.rows import Line
from clinic_desktop.db.server import ignore_environment
from clinic_desktop.i18n import _
from clinic_desktop.services.installation.local import LocalInstallation
from clinic_desktop.services.sample.load import fill


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add size and form."""
    parser.add_argument("--json", action="store_true", help="print the lines as JSON")
    parser.add_argument("--patients", type=int, default=2_000, help="size of the measured clinic")
    parser.add_argument(
        "--keep", type=Path, help="folder of a measured clinic to keep and use again"
    )


def run(args: argparse.Namespace) -> int:
    """Make a clinic of its own, measure, and print; 0 whether goals are reached or not."""
    ignore_environment()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    folder = args.keep or Path(tempfile.mkdtemp(prefix="clinic-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)
    place = LocalInstallation(folder / "clinic").start()
    try:
        if not place.has_clinic():
            fill(place, patients=args.patients, seed=1, progress=lambda _sentence: None)
        lines = _measure(place)
    finally:
        place.leave()
        if args.keep is None:
            shutil.rmtree(folder, ignore_errors=True)
    if args.json:
        print(json.dumps([line.as_json() for line in lines]))
    else:
        for line in lines:
            mark = _("reached") if line.ok else _("MISSED")
            print(
                f"{line.name:<44} {line.ours_ms:8.2f} ms {line.limit_ms:8.2f} ms "
                f"{line.ratio:6.2f} (<= {line.goal}) {mark}"
            )
    return 0


def _measure(place: LocalInstallation) -> list[Line]:
    from clinic_desktop.bench import screens
    from clinic_desktop.bench.limit import make_limit_database
    from clinic_desktop.bench.services import ServiceBench

    limit = make_limit_database(place.superuser(), place.database)
    services = ServiceBench(place, limit)
    try:
        lines = list(services.lines())
    finally:
        services.close()
    return [*lines, *screens.lines()]
