"""Power is lost at site 117: what was acknowledged is there, and the exam goes on at site 118."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.fernet import Fernet

from clinic_desktop.domain.ids import new_id
from clinic_desktop.models import Patient
from clinic_desktop.services.installation import provision
from clinic_desktop.services.installation.local import MIGRATOR, LocalInstallation
from clinic_desktop.services.rows import add_row
from clinic_desktop.services.session import SignedIn
from clinic_desktop.ui.drafts import FOLDER
from tests.cluster import installation_of
from tests.places import open_folder
from tests.power import LOGIN, PASSWORD, digit

SITES = 117
LONGEST = 400.0


@dataclass
class Clinic:
    """A clinic on a server of its own, and programs at its chair."""

    folder: Path
    installation: LocalInstallation
    key: str
    programs: list[subprocess.Popen[str]]

    @property
    def root(self) -> Path:
        return self.folder / "clinic"

    def patient(self) -> UUID:
        signed_in = SignedIn(self.installation.person(LOGIN, PASSWORD), device="desk")
        made = new_id()
        with signed_in.writing() as ctx:
            add_row(
                ctx, Patient, id=made, number="", given="Inês", phone="1", sort_key="ines",
                words=["ines"],
            )  # fmt: skip
        signed_in.close()
        return made

    def program(self, act: str, patient: UUID, *more: str) -> subprocess.Popen[str]:
        """Start a program in an interpreter of its own."""
        started = subprocess.Popen(
            [
                sys.executable, "-m", "tests.power", act, "--root", str(self.root), "--home",
                str(self.folder / "home"), "--patient", str(patient), "--key", self.key, *more,
            ],
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
            stdout=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        self.programs.append(started)
        return started

    def look(self, patient: UUID) -> dict:
        """Open the patient in a second program and return what it finds."""
        with self.program("look", patient) as started:
            said, _none = started.communicate(timeout=LONGEST)
        assert started.returncode == 0
        return json.loads(said.splitlines()[-1])

    def cut_server(self) -> None:
        """Kill the postmaster, as a power cut does; nobody starts it again."""
        pid = int((self.root / "pg16" / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, signal.SIGKILL)


def lines(path: Path) -> list[str]:
    # A line is whole when its end is there.
    return path.read_text().split("\n")[:-1] if path.exists() else []


def wait_for(path: Path, started: subprocess.Popen[str], found) -> list[str]:
    until = time.monotonic() + LONGEST
    while not found(lines(path)):
        assert started.poll() is None, "the program ended by itself"
        assert time.monotonic() < until, lines(path)[-3:]
        time.sleep(0.02)  # another process tells by a file
    return lines(path)


def kill(started: subprocess.Popen[str]) -> None:
    """Kill a program that may have ended already."""
    if started.poll() is None:
        os.kill(started.pid, signal.SIGKILL)
        started.wait()
    if started.stdout is not None:
        started.stdout.close()


@pytest.fixture(scope="module")
def clinic() -> Iterator[Clinic]:
    with open_folder() as folder:
        installation = installation_of(folder / "clinic").start()
        admin = provision.NewAdmin(name="Power", initials="P", login=LOGIN, password=PASSWORD)
        provision.make_clinic(
            installation.machine(MIGRATOR), provision.NewClinic(name="Power"), admin
        )
        made = Clinic(folder, installation, Fernet.generate_key().decode(), [])
        yield made
        for started in made.programs:
            kill(started)
        installation.leave()


def typed(found: dict) -> int:
    """Return how many sites are filled, after checking that they are those typed, in order."""
    count = sum(value is not None for value in found["values"])
    assert found["values"][:count] == [digit(number) for number in range(count)]
    assert not any(value is not None for value in found["values"][count:])
    return count


def test_program_and_server_die_at_site_117_and_it_goes_on_at_118(clinic, tmp_path) -> None:
    patient, told = clinic.patient(), tmp_path / "told"
    started = clinic.program("type", patient, "--told", str(told), "--sites", str(SITES))
    said = wait_for(told, started, lambda lines: "stored" in lines)
    clinic.cut_server()
    kill(started)
    assert said[-2] == str(SITES)
    found = clinic.look(patient)
    assert typed(found) == SITES
    assert found["cursor"] == found["sites"][SITES]


def test_killed_in_the_middle_of_typing_nothing_acknowledged_is_lost(clinic, tmp_path) -> None:
    patient, told, least = clinic.patient(), tmp_path / "told", 31
    started = clinic.program(
        "type", patient, "--told", str(told), "--sites", str(SITES), "--pause", "15"
    )
    wait_for(
        told, started, lambda lines: any(line.isdigit() and int(line) >= least for line in lines)
    )
    kill(started)
    acknowledged = max(int(line) for line in lines(told) if line.isdigit())
    found = clinic.look(patient)
    stored = typed(found)
    # What was on its way may have come in; what was acknowledged has.
    assert stored >= acknowledged >= least
    assert found["cursor"] == found["sites"][stored]


def test_typed_without_a_server_it_is_kept_here_and_stored_after_the_restart(
    clinic, tmp_path
) -> None:
    patient, told, go = clinic.patient(), tmp_path / "told", tmp_path / "go"
    more = ("--told", str(told), "--go", str(go), "--sites", str(SITES), "--away", "7")
    started = clinic.program("type", patient, *more)
    said = wait_for(told, started, lambda lines: "stored" in lines)
    assert said[-2] == str(SITES - 7)
    clinic.cut_server()
    go.touch()
    said = wait_for(told, started, lambda lines: "kept" in lines)
    # The server acknowledged none of the last seven.
    assert max(int(line) for line in said if line.isdigit()) == SITES - 7
    kill(started)
    (draft,) = (clinic.folder / "home" / FOLDER).iterdir()
    assert b"depth" not in draft.read_bytes()
    assert draft.stat().st_mode & 0o077 == 0
    found = clinic.look(patient)
    assert typed(found) == SITES
    assert found["cursor"] == found["sites"][SITES]
    assert "7 values that were not stored before are stored now." in found["said"]
    assert not draft.exists()
    # And it is in the server now: a third program without the draft sees the same.
    again = clinic.look(patient)
    assert (typed(again), again["cursor"]) == (SITES, again["sites"][SITES])
