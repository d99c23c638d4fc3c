"""``clinic-desktop doctor``: check the installation and say what to do."""

import argparse
import json
import os
import sys

from clinic_desktop.commands.places import (
    add_server_arguments,
    home_of,
    local_of,
    sentences,
    server_of,
)
from clinic_desktop.i18n import _
from clinic_desktop.services.installation.doctor import Check, examine
from clinic_desktop.services.installation.server_doctor import examine_server

_MARKS = {"good": "ok   ", "note": "note ", "wrong": "WRONG"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the way to a server and the machine-readable form."""
    add_server_arguments(parser)
    parser.add_argument("--json", action="store_true", help="print the checks as JSON")


def run(args: argparse.Namespace) -> int:
    """Run every check; 0 unless something is wrong."""
    with sentences():
        checks = [*_database(args), _display(), _printer()]
    wrong = any(check.state == "wrong" for check in checks)
    if args.json:
        print(json.dumps({"ok": not wrong, "checks": [check.model_dump() for check in checks]}))
    else:
        for check in checks:
            print(f"{_MARKS[check.state]}  {check.name:<13} {check.found}")
            if check.advice:
                print(f"{'':<22}{check.advice}")
    return 1 if wrong else 0


def _database(args: argparse.Namespace) -> list[Check]:
    home = home_of(args)
    if args.dsn is not None:
        return examine_server(server_of(args))
    place = local_of(args)
    try:
        return examine(place, home)
    finally:
        place.leave()


def _display() -> Check:
    if not sys.platform.startswith("linux"):
        return Check(name="display", state="good", found=sys.platform)
    named = os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY")
    if named:
        return Check(name="display", state="good", found=named)
    return Check(
        name="display",
        state="note",
        found=_("There is no display."),
        advice=_("Windows cannot be shown here; commands and the tour work."),
    )


def _printer() -> Check:
    if not (os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from clinic_desktop.ui.documents.printing import printers_found

    names = printers_found()
    if names:
        return Check(name="printer", state="good", found=", ".join(names))
    return Check(
        name="printer",
        state="note",
        found=_("There is no printer."),
        advice=_("Papers can be saved as PDF."),
    )
