"""The command line as administrators use it, in processes of its own."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from clinic_desktop.__main__ import main
from tests.scratch import scratch

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    folder = scratch("home ä ")
    yield folder
    shutil.rmtree(folder)


def run(home: Path, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "clinic_desktop", "--home", str(home), *arguments],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"},
        input=typed,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=180,
        check=False,
    )


def test_from_nothing_to_a_verified_clinic(home) -> None:
    """One walk, because every step needs the one before."""
    password = home / "password"
    password.write_text("seven green herons\n")
    made = run(
        home, "db", "init", "--clinic", "Quay Dental", "--admin", "Maeve Quinn",
        "--login", f"maeve{os.getpid()}", "--password-file", str(password),
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    again = run(home, "db", "init", "--clinic", "Other", "--password-file", str(password))
    assert again.returncode == 1
    assert "already" in again.stderr

    checked = run(home, "db", "check")
    assert checked.returncode == 0, checked.stdout

    examined = run(home, "doctor", "--json")
    report = json.loads(examined.stdout)
    assert examined.returncode == 0
    assert report["ok"]
    assert {"server", "catalogue", "keyring", "printer"} <= {c["name"] for c in report["checks"]}

    verified = run(home, "verify")
    assert verified.returncode == 0
    assert "whole" in verified.stdout
    assert (home / "computer" / "anchors.json").exists()

    kept = run(home, "db", "downgrade", "base")
    assert kept.returncode == 1
    assert "--yes" in kept.stderr
    assert "whole" in run(home, "verify").stdout

    refused = run(home, "db", "dsn", "--login", f"maeve{os.getpid()}", typed="wrong\n")
    assert refused.returncode == 1


def test_sample_clinic_and_the_way_in(home) -> None:
    seeded = run(home, "--profile", "sample", "db", "seed", "--patients", "20")
    assert seeded.returncode == 0, seeded.stderr
    assert "rows/s" in seeded.stdout
    people = json.loads((home / "sample" / "secrets" / "people.json").read_text())
    told = run(home, "--profile", "sample", "db", "dsn", "--login", people[0]["login"])
    assert told.returncode == 0, told.stderr
    assert people[0]["password"] in told.stdout
    assert psycopg.conninfo.conninfo_to_dict(told.stdout.strip())["user"] == people[0]["login"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("seed", "--patients", "0"), "from 1 to"),
        (("downgrade", "nonsense", "--yes"), "no version “nonsense”"),
        (("downgrade", "base"), "--yes"),
        (("init", "--clinic", "C", "--password-file", "/missing"), "/missing"),
        (("init", "--clinic", "C", "--password-file", "/bin/sh"), "no text file"),
        (("init", "--clinic", "C", "--country", "XX"), "XX"),
        (("init", "--clinic", "C", "--zone", "Mars/Olympus"), "Mars/Olympus"),
        (("init", "--clinic", " ", "--password-file", "{password}"), "clinic's name"),
        (("init", "--clinic", "C", "--login", "a b", "--password-file", "{password}"), "letters"),
        (("check", "--record", "/missing/file"), "/missing/file"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(home, capsys, words, sentence) -> None:
    (home / "password").write_text("seven green herons\n")
    typed = [word.format(password=home / "password") for word in words]
    # A database of its own, without a clinic.
    code = main(["--home", str(home / "empty"), "db", *typed])
    said = capsys.readouterr().err.strip()
    assert code == 1
    assert sentence in said
    assert len(said.splitlines()) == 1


def test_a_program_without_a_terminal_refuses_in_silence(home, monkeypatch) -> None:
    """As the one in Windows' start menu."""
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert main(["--home", str(home), "--profile", "nowhere", "doctor"]) == 1
    for stream in (sys.stdout, sys.stderr):
        stream.close()


def test_unknown_profile_is_a_sentence(home) -> None:
    refused = run(home, "--profile", "nowhere", "doctor")
    assert refused.returncode == 1
    assert "nowhere" in refused.stderr
    assert "Traceback" not in refused.stderr
