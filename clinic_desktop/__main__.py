"""The command line, and the composition root of the desktop.

Only the module of the command that was asked for is loaded, so that a window opens at once.
"""

import argparse
import importlib
import keyword
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final

from clinic_desktop import __version__
from clinic_desktop.errors import ClinicError
from clinic_desktop.services.installation import upgrades

if TYPE_CHECKING:  # every command would wait for it
    from clinic_desktop.services.installation.local import LocalInstallation

COMMANDS: Final = {
    "window": "open the program (also without any command)",
    "demo": "open the program with the sample clinic",
    "tour": "walk through a working day in the real window and keep pictures of it",
    "db": "set up, upgrade, check and fill a database",
    "import": "bring in a list that another system exported",
    "export": "write a patient's whole record as an encrypted archive, a provider's calendar",
    "doctor": "check the installation and say what to do",
    "verify": "check that the change log is whole",
    "backup": "make a backup, list and try backups, choose their key and places",
    "restore": "bring a backup back where no clinic is yet",
    "worker": "do what is due by itself: backups, drills, the pack for tomorrow",
    "bench": "measure beside the limit of this machine",
}


def _module(command: str) -> ModuleType:
    # A command that is a word of the language has a line behind the name of its module.
    module = f"{command}_" if keyword.iskeyword(command) else command
    return importlib.import_module(f"clinic_desktop.commands.{module}")


def _parser(command: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="clinic-desktop")
    parser.add_argument("--version", action="version", version=f"clinic-desktop {__version__}")
    parser.add_argument("--home", type=Path, help="folder of the data (CLINIC_DESKTOP_HOME)")
    parser.add_argument("--profile", help="name of the connection to use")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name, summary in COMMANDS.items():
        added = commands.add_parser(name, help=summary, description=summary)
        if name == command:
            _module(name).add_arguments(added)
    return parser


def _asked(arguments: Sequence[str]) -> str | None:
    """Return the command among the arguments without parsing the rest."""
    return next((argument for argument in arguments if argument in COMMANDS), None)


def _keep(place: "LocalInstallation") -> None:
    """Make a backup before an upgrade; loaded only then."""
    from clinic_desktop.services.backup.local import keep_before_upgrade

    keep_before_upgrade(place)


def _open_streams() -> None:
    """Make the terminal take what commands say."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            # The program in Windows' start menu has no terminal: what is said there goes nowhere.
            nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - until the end
            setattr(sys, name, nowhere)
        elif hasattr(stream, "reconfigure"):
            # A name in any script must not end a command on a terminal with an old code page.
            stream.reconfigure(encoding="utf-8", errors="replace")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return the exit code, 0 when it worked."""
    # There are none, and looking through all packages for them takes longer than a window.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    given = list(sys.argv[1:] if arguments is None else arguments)
    _open_streams()
    args = _parser(_asked(given)).parse_args(given)
    upgrades.do_before(_keep)
    command = args.command or "window"
    if args.command is None:
        args = _parser("window").parse_args([*given, "window"])
    try:
        result: int = _module(command).run(args)
    except ClinicError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return result


if __name__ == "__main__":
    sys.exit(main())
