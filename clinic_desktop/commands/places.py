"""Which installation a command works on: --home, --profile, and what was used last."""

import argparse
from pathlib import Path

from clinic_desktop import config
from clinic_desktop.config import ComputerProfile, Profile, SampleProfile
from clinic_desktop.db.server import ignore_environment
from clinic_desktop.errors import SetupError
from clinic_desktop.i18n import _
from clinic_desktop.services.installation.local import LocalInstallation
from clinic_desktop.services.installation.place import Installation, installation_of

SAMPLE = SampleProfile(name="sample")
COMPUTER = ComputerProfile(name="computer")


def home_of(args: argparse.Namespace) -> Path:
    """Return the folder of the data, made when it is missing."""
    ignore_environment()
    folder = config.home(args.home)
    config.make_home(folder)
    return folder


def profile_of(args: argparse.Namespace, home: Path, *, usual: Profile = COMPUTER) -> Profile:
    """Return the profile named on the command line, used last, or usual for the command."""
    known: dict[str, Profile] = {one.name.casefold(): one for one in config.load_profiles(home)}
    if args.profile:
        wanted = args.profile.casefold()
        built_in: dict[str, Profile] = {"sample": SAMPLE, "computer": COMPUTER}
        if wanted in known or wanted in built_in:
            return known[wanted] if wanted in known else built_in[wanted]
        return config.find_profile(home, args.profile)
    last = config.Settings.load(home).last_profile
    remembered = known.get((last or "").casefold())
    if remembered is None:
        return usual
    return remembered


def place_of(args: argparse.Namespace, *, usual: Profile = COMPUTER) -> Installation:
    """Return the installation a command works on, not started yet."""
    home = home_of(args)
    return installation_of(home, profile_of(args, home, usual=usual))


def local_of(args: argparse.Namespace) -> LocalInstallation:
    """Return an installation on this computer; raises SetupError for a clinic's server."""
    place = place_of(args)
    if not isinstance(place, LocalInstallation):
        raise SetupError(
            _("This is done on the clinic's server by who looks after it, with --dsn.")
        )
    return place
