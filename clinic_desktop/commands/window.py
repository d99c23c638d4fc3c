"""``clinic-desktop``: open the program; without a connection it asks where the data will live."""

import argparse

from clinic_desktop import homes


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add nothing: the profile says it all."""
    parser.set_defaults(command="window")


def run(args: argparse.Namespace) -> int:
    """Open the window and stay until it is closed."""
    home = homes.home(args.home)
    # Qt is loaded only by the commands that need it.
    from clinic_desktop.ui import beginning, first_look

    return beginning.run(first_look.Start(home=home, profile=args.profile))
