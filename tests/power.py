"""Loss of power while probing: a program of its own types into an exam and is killed.

``python -m tests.power type …`` is the program at the chair: a window on the perio tab over a real
server, with drafts in the program's own folder. It types one key after the other and writes how
many the server has acknowledged. ``python -m tests.power look …`` is the program after the restart:
it opens the same patient and prints what it finds.
"""

import argparse
import gc
import json
import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from clinic_desktop.domain.perio.exam import Cell
from clinic_desktop.services.session import SignedIn
from clinic_desktop.ui.drafts import FOLDER, DraftFolder, Drafts
from clinic_desktop.ui.perio.saving import State
from clinic_desktop.ui.perio.view import PerioTab
from clinic_desktop.ui.theme.theme import Theme
from tests.cluster import installation_of
from tests.ui.record import Opened

LOGIN, PASSWORD = "u_power", "seven green herons"
LONGEST_S = 300.0


def digit(number: int) -> int:
    """Return what is typed as the site of this number, from 0: no two tens are alike."""
    return (7 * number + number // 10) % 10


class Chair:
    """The program at the chair."""

    def __init__(self, root: Path, home: Path, patient: UUID, key: str) -> None:
        gc.disable()
        self.app = QApplication([])
        theme = Theme()
        theme.apply(self.app)
        installation = installation_of(root).start()
        self.signed_in = SignedIn(installation.person(LOGIN, PASSWORD), device="chair")
        drafts = Drafts(
            person_id=self.signed_in.who.person_id,
            key=key.encode(),
            store=DraftFolder(home / FOLDER),
        )
        self.window = Opened(self.signed_in, theme, home, {"perio": PerioTab}, drafts=drafts)
        self.window.window.show()
        self.tab = self.window.open(patient, "perio")
        self.wait(lambda: self.tab.panel.state in ("content", "empty"))

    @staticmethod
    def wait(until) -> None:
        end = time.monotonic() + LONGEST_S
        while not until():
            if time.monotonic() > end:
                raise TimeoutError
            QTest.qWait(10)

    @property
    def acknowledged(self) -> int:
        """How many keys the server has said are stored."""
        saving = self.tab.saving
        return saving.typed - len(saving._sent) - len(saving._waiting)

    def begin(self) -> None:
        if not self.tab.at_hand.editing:
            self.tab.begin()
            self.wait(lambda: self.tab.at_hand.editing)


def tell(path: Path, words: str) -> None:
    """Write a line that is on the disk before anything else happens."""
    with path.open("a", encoding="ascii") as stream:
        stream.write(f"{words}\n")
        stream.flush()
        os.fsync(stream.fileno())


def type_on(chair: Chair, first: int, last: int, told: Path, *, pause: int) -> None:
    """Type the sites from the first to before the last, telling what was acknowledged."""
    before = chair.acknowledged
    for number in range(first, last):
        QTest.keyClick(chair.tab.grid, str(digit(number)))
        QTest.qWait(pause)
        if chair.acknowledged != before:
            before = chair.acknowledged
            tell(told, str(before))


def run_type(args: argparse.Namespace) -> None:
    """Type until killed. With ``--away`` the last keys are typed when the server is gone."""
    chair = Chair(args.root, args.home, args.patient, args.key)
    chair.begin()
    saving = chair.tab.saving
    usual = args.sites - args.away
    type_on(chair, 0, usual, args.told, pause=args.pause)
    chair.wait(lambda: saving.quiet)
    tell(args.told, str(chair.acknowledged))
    tell(args.told, "stored")
    if args.away:
        chair.wait(args.go.exists)
        type_on(chair, usual, args.sites, args.told, pause=args.pause)
        chair.wait(lambda: saving.state is State.WAITING)
        tell(args.told, "kept")
    chair.wait(lambda: False)


def _told(cell: Cell | None) -> list[object] | None:
    return None if cell is None else [cell.tooth, cell.measure.value, int(cell.place)]


def run_look(args: argparse.Namespace) -> None:
    """Open the patient again and print what is there, once all of it is stored."""
    chair = Chair(args.root, args.home, args.patient, args.key)
    tab = chair.tab
    chair.wait(lambda: tab.at_hand.editing and tab.saving.quiet)
    charting = tab.grid.charting
    found = {
        "values": [charting.exam.value(cell) for cell in charting.walk.sites],
        "cursor": _told(charting.cursor),
        "sites": [_told(cell) for cell in charting.walk.sites],
        "due": tab.side.site.text(),
        "said": chair.window.message,
    }
    chair.window.close()
    chair.signed_in.close()
    sys.stdout.write(json.dumps(found) + "\n")


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("act", choices=("type", "look"))
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--patient", type=UUID, required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--told", type=Path)
    parser.add_argument("--go", type=Path)
    parser.add_argument("--sites", type=int, default=117)
    parser.add_argument("--away", type=int, default=0)
    parser.add_argument("--pause", type=int, default=0)
    args = parser.parse_args()
    with suppress(TimeoutError):
        (run_type if args.act == "type" else run_look)(args)
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
