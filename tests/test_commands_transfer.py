"""Importing and exporting from the command line, in processes of its own."""

import os
import shutil
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

import pytest

from clinic_desktop.commands.places import place_of
from clinic_desktop.commands.signing_in import signed_in
from clinic_desktop.domain.ids import new_id
from clinic_desktop.services.clinic import service as clinic
from clinic_desktop.services.clinic.schemas import ProviderValues
from clinic_desktop.services.installation.local import LocalInstallation
from tests.scratch import scratch
from tests.test_commands import run


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    folder = scratch("transfer ")
    yield folder
    shutil.rmtree(folder)


def test_import_then_export(home, request) -> None:
    """One walk, because every step needs the one before."""
    password, login = home / "password", f"ana{os.getpid()}"
    password.write_text("seven green herons\n")
    made = run(
        home, "db", "init", "--clinic", "Quay Dental", "--admin", "Ana Reis", "--login", login,
        "--password-file", str(password),
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    # Joined from here on, so that each command does not start the server anew.
    here = LocalInstallation(home / "computer").start()
    request.addfinalizer(here.leave)
    who = ("--login", login, "--password-file", str(password))
    table = home / "list.csv"
    table.write_text("No;Name;DOB\n41;Reis, Eva;1990-02-01\n42;Sá, Rui;31/02/1990\n")

    dry = run(home, "import", str(table), "--dry-run", *who)
    assert dry.returncode == 3, dry.stderr
    assert "Would be added: 1" in dry.stdout
    assert "row 3, DOB" in dry.stderr
    done = run(home, "import", str(table), *who)
    assert "Added: 1" in done.stdout
    again = run(home, "import", str(table), *who)
    assert "Known: 1" in again.stdout
    other = run(home, "import", str(password.parent / "gone.csv"), *who)
    assert other.returncode == 1
    assert "cannot be opened" in other.stderr

    phrase, out = home / "phrase", home / "record.age"
    phrase.write_text("correct horse battery\n")
    secret = ("--passphrase-file", str(phrase))
    written = run(home, "export", "--patient", "00041", "--out", str(out), *secret, *who)
    assert written.returncode == 0, written.stderr
    assert out.read_bytes().startswith(b"age-encryption")
    refused = run(home, "export", "--take-in", str(out), *secret, *who)
    assert refused.returncode == 1
    assert "already" in refused.stderr

    calendar = home / "park.ics"
    nobody = run(home, "export", "ical", "--provider", "Nobody", "--out", str(calendar), *who)
    assert nobody.returncode == 1
    assert "“Nobody” means nobody or more than one here" in nobody.stderr
    half = run(home, "export", "ical", "--patient", "00041", "--out", str(calendar), *who)
    assert half.returncode == 1
    assert "export ical --provider NAME --out FILE" in half.stderr
    args = Namespace(home=home, profile=None, login=login, password_file=password, code=None)
    with signed_in(place_of(args), args) as session, session.writing() as ctx:
        clinic.add_provider(ctx, new_id(), ProviderValues(name="Dr Hyejin Park", short_name="Park"))
    made = run(home, "export", "ical", "--provider", "park", "--out", str(calendar), *who)
    assert made.returncode == 0, made.stderr
    assert calendar.read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    open_phrase = run(home, "export", "--patient", "00041", "--out", str(out), *who)
    assert "Say with --passphrase-file" in open_phrase.stderr
