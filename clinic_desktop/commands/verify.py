"""``clinic-desktop verify``: check that no entry of the change log was altered, removed or cut."""

import argparse

from clinic_desktop.commands.places import add_server_arguments, administered, sentences
from clinic_desktop.i18n import _
from clinic_desktop.services.installation.local import BACKUP
from clinic_desktop.services.installation.verify import verify


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the way to a server."""
    add_server_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Walk the log of every clinic; 0 when all are whole."""
    with sentences(), administered(args) as place:
        results = verify(place.machine(BACKUP), place.anchors)
    for result in results:
        state = result.finding.sentence if result.finding else _("whole")
        print(
            _("Clinic {clinic}: {count} entries, {erased} of them erased, {state}").format(
                clinic=result.clinic_id, count=result.entries, erased=result.erased, state=state
            )
        )
    return 1 if any(result.finding for result in results) else 0
