"""From a clinic to a disk and back in another home, by the command line."""

from pathlib import Path

import pytest

from clinic_desktop.__main__ import main
from clinic_desktop.config import load_profiles
from tests.places import open_folder

PASSWORD = "correct horse battery"
PASSPHRASE = "four words and more"


@pytest.fixture
def homes(monkeypatch):
    with open_folder() as folder:
        (folder / "usb").mkdir()
        (folder / "pw").write_text(PASSWORD + "\n")
        (folder / "pp").write_text(PASSPHRASE + "\n")
        (folder / "wrong").write_text("four words and less\n")
        yield folder


def command(folder: Path, home: str, *words: str) -> int:
    return main([f"--home={folder / home}", *words])


class TestCommands:
    def test_there_and_back(self, homes, capsys) -> None:
        def run(home: str, *words: str) -> tuple[int, str]:
            code = command(homes, home, *words)
            told = capsys.readouterr()
            return code, told.out + told.err

        first = ("--clinic=Harbour", "--admin=Maeve", f"--password-file={homes / 'pw'}")
        assert run("a", "db", "init", "--login=maeve", *first)[0] == 0
        code, told = run("a", "backup")
        assert code == 1
        assert "recovery key" in told
        key = f"--passphrase-file={homes / 'pp'}"
        assert "AGE-SECRET-KEY-" in run("a", "backup", "key", key)[1]
        assert run("a", "backup", "place", "USB", f"--folder={homes / 'usb'}")[0] == 0
        assert run("a", "db", "downgrade", "2026_11_20_protection", "--yes")[0] == 0
        assert run("a", "db", "upgrade")[0] == 0
        kept = homes / "a" / "computer" / "backup" / "before-upgrade"
        assert len(list(kept.glob("clinic-*-full.age"))) == 1
        assert "USB: stored" in run("a", "backup")[1]
        file = str(next((homes / "usb").glob("clinic-*-full.age")))
        assert Path(file).name in run("a", "backup", "list")[1]

        code, told = run("a", "restore", file, key)
        assert code == 1
        assert "has a clinic already" in told
        code, told = run("b", "restore", file, f"--passphrase-file={homes / 'wrong'}")
        assert code == 1
        assert "passphrase does not open" in told
        code, told = run(
            "b", "restore", file, key, "--admin=maeve", f"--password-file={homes / 'pw'}"
        )
        assert code == 0, told
        assert [one.kind for one in load_profiles(homes / "b")] == ["computer"]
        assert "whole" in run("b", "verify")[1]
