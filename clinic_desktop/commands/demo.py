"""``clinic-desktop demo``: straight into the sample clinic, made when it is not there yet."""

import argparse

from clinic_desktop import homes


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what installers check a packaged program with."""
    parser.add_argument(
        "--smoke", action="store_true", help="open the window, wait until it is painted, and end"
    )


def run(args: argparse.Namespace) -> int:
    """Open the window on the sample clinic; with --smoke 0 means that it was painted."""
    home = homes.home(args.home)
    # Qt is loaded only by the commands that need it.
    from clinic_desktop.ui import beginning, first_look

    return beginning.run(first_look.Start(home=home, demo=True, smoke=args.smoke))
