"""The kill test: program and server are killed at random under a writing load.

``python -m tests.kill --kills 100`` prints what was lost (nothing may be); the server is the one
that ``tests.cluster`` chooses. Each writer commits a
patient together with a balanced charge, and writes the id to a file of its own only when the
commit was acknowledged.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psutil
import psycopg

from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import ClinicError
from clinic_desktop.models import Patient
from clinic_desktop.services.billing.schemas import Charge
from clinic_desktop.services.billing.service import post_charges
from clinic_desktop.services.installation import provision
from clinic_desktop.services.installation.local import BACKUP, MIGRATOR, LocalInstallation
from clinic_desktop.services.installation.verify import Anchors, verify
from clinic_desktop.services.rows import add_row
from clinic_desktop.services.session import SignedIn
from tests.cluster import SERVER, installation_of

PASSWORD = "seven green herons"
WRITERS = 2
LONGEST_WAIT = 30.0


@dataclass(frozen=True)
class Outcome:
    """What the kills did; ``lost`` and ``half`` must be zero, ``findings`` empty."""

    server: str
    kills: int
    acknowledged: int
    lost: int
    half: int
    findings: tuple[str, ...]
    slowest_restart_s: float


def write(root: Path, acknowledged: Path) -> None:
    """Be a writer: commit and acknowledge until killed."""
    installation = installation_of(root)
    signed_in: SignedIn | None = None
    with acknowledged.open("a", encoding="ascii") as told:
        while True:
            try:
                if signed_in is None:
                    installation.start()
                    signed_in = SignedIn(installation.person("u_kill", PASSWORD), device="writer")
                told.write(f"{_one(signed_in)}\n")
                told.flush()
                os.fsync(told.fileno())
            except (ClinicError, psycopg.Error):
                # The server was killed under us: what was not acknowledged may be there or not.
                if signed_in is not None:
                    signed_in.close()
                signed_in = None


def _one(signed_in: SignedIn) -> str:
    patient = new_id()
    with signed_in.writing() as ctx:
        add_row(
            ctx, Patient, id=patient, number="", given="Kill", phone="1", sort_key="kill",
            words=["kill"],
        )  # fmt: skip
        charge = Charge(
            posting_id=new_id(), chart_item_id=None, provider_id=None, text="x", amount=100
        )
        post_charges(
            ctx, patient_id=patient, act=f"k:{patient}", day=date(2026, 3, 12), charges=[charge]
        )
    return str(patient)


def _writer(root: Path, acknowledged: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.kill", "--write", str(root), str(acknowledged)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _wait_for_work(files: list[Path]) -> None:
    """Wait until something was acknowledged since the last kill: idle programs show nothing."""

    def acknowledged() -> int:
        return sum(file.stat().st_size for file in files if file.exists())

    before, until = acknowledged(), time.monotonic() + LONGEST_WAIT
    while acknowledged() == before and time.monotonic() < until:
        time.sleep(0.02)


def _postmaster(root: Path) -> int | None:
    try:
        return int((root / "pg16" / "postmaster.pid").read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return None


def run(kills: int, seed: int) -> Outcome:
    """Make a clinic, kill that often, and count."""
    rng = random.Random(seed)
    home = Path(tempfile.mkdtemp(prefix="kill-"))
    home.chmod(0o711)
    root = home / "clinic"
    installation = installation_of(root).start()
    admin = provision.NewAdmin(name="Kill", initials="K", login="u_kill", password=PASSWORD)
    provision.make_clinic(installation.machine(MIGRATOR), provision.NewClinic(name="Kill"), admin)
    files = [home / f"acknowledged-{index}" for index in range(WRITERS)]
    writers = [_writer(root, file) for file in files]
    slowest = 0.0
    try:
        for _kill in range(kills):
            _wait_for_work(files)
            time.sleep(rng.uniform(0.0, 0.4))
            if rng.random() < 0.5:
                index = rng.randrange(WRITERS)
                writers[index].kill()
                writers[index].wait()
                writers[index] = _writer(root, files[index])
            else:
                pid = _postmaster(root)
                if pid is not None and psutil.pid_exists(pid):
                    os.kill(pid, signal.SIGKILL)
                began = time.monotonic()
                installation.start()
                slowest = max(slowest, time.monotonic() - began)
    finally:
        for writer in writers:
            writer.kill()
            writer.wait()
    outcome = _count(installation, files, kills, slowest)
    installation.leave()
    shutil.rmtree(home, ignore_errors=True)
    return outcome


def _count(
    installation: LocalInstallation, files: list[Path], kills: int, slowest: float
) -> Outcome:
    installation.start()
    acknowledged = {line for file in files if file.exists() for line in file.read_text().split()}
    with open_connection(installation.superuser()) as connection:
        there = {str(row[0]) for row in connection.execute("SELECT id FROM clinic.patient")}
        half = connection.execute(
            "SELECT count(*) FROM clinic.patient p WHERE (SELECT count(*) FROM clinic.posting x"
            " JOIN clinic.journal_entry e ON e.id = x.journal_entry_id"
            " WHERE e.patient_id = p.id) <> 2"
            " OR NOT EXISTS (SELECT FROM clinic.change_log l WHERE l.row_id = p.id)"
        ).fetchone()
    results = verify(installation.machine(BACKUP), Anchors(installation.root / "anchors.json"))
    return Outcome(
        server=SERVER,
        kills=kills,
        acknowledged=len(acknowledged),
        lost=len(acknowledged - there),
        half=half[0] if half else -1,
        findings=tuple(r.finding.sentence for r in results if r.finding is not None),
        slowest_restart_s=round(slowest, 2),
    )


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", nargs=2, type=Path, metavar=("ROOT", "FILE"))
    args = parser.parse_args()
    if args.write:
        write(*args.write)
    outcome = run(args.kills, args.seed)
    sys.stdout.write(json.dumps(outcome.__dict__) + "\n")
    return 1 if outcome.lost or outcome.half or outcome.findings else 0


if __name__ == "__main__":
    sys.exit(main())
