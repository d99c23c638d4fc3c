"""A backup brought back on the first start, by keys, ending in the signed-in window."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from clinic_desktop.__main__ import main
from clinic_desktop.errors import InvalidError
from clinic_desktop.services.backup.bringing_back import MARK, backups_in
from tests.places import open_folder
from tests.ui.test_app import KEY, start  # noqa: F401 - a fixture: the program and its keys

PASSWORD = "correct horse battery"
PASSPHRASE = "four words and more"


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A folder with a clinic (a) that was backed up to a disk, and room for another (b)."""
    with open_folder() as folder:
        (folder / "usb").mkdir()
        (folder / "b").mkdir(mode=0o711)
        (folder / "pw").write_text(PASSWORD + "\n")
        (folder / "pp").write_text(PASSPHRASE + "\n")

        def run(*words: str) -> None:
            assert main([f"--home={folder / 'a'}", *words]) == 0

        run("db", "init", "--login=maeve", "--clinic=Harbour", "--admin=Maeve",
            f"--password-file={folder / 'pw'}")  # fmt: skip
        run("backup", "key", f"--passphrase-file={folder / 'pp'}")
        run("backup", "place", "USB", f"--folder={folder / 'usb'}")
        run("backup")
        yield folder


def restore_page(driver):
    driver.press(KEY.Key_4)
    driver.wait_page("RestorePage")
    return driver.page


def answer(driver, source: Path, passphrase: str) -> None:
    page = driver.page
    page.source.setFocus()
    driver.fill(str(source))
    page.passphrase.setFocus()
    page.passphrase.clear()
    driver.fill(passphrase)
    driver.press(KEY.Key_Return)
    assert page.busy
    assert page.stop.isVisible()


def ended(driver) -> None:
    driver.qtbot.waitUntil(lambda: not driver.page.busy, timeout=240_000)


class TestBackupsIn:
    def test_newest_first_and_only_whole_ones(self, tmp_path) -> None:
        for name in (
            "clinic-x-20261129T020000Z-full.age", "clinic-x-20261130T020000Z-full.age",
            "clinic-x-20261130T020000Z-0001.age", "clinic-x-20261130T020000Z-full.json", "letter",
        ):  # fmt: skip
            (tmp_path / name).write_text("")
        found = backups_in(tmp_path)
        assert [one.file.name[9:17] for one in found] == ["20261130", "20261129"]
        assert found[0].clinic == "clinic-x"
        with pytest.raises(InvalidError, match="no whole backup"):
            backups_in(tmp_path / "letter")
        with pytest.raises(InvalidError, match="cannot be opened"):
            backups_in(tmp_path / "gone")


class TestRefused:
    """Each in its sentence, with what was typed still there, and nothing made of a clinic."""

    def test_at_the_field(self, start, home) -> None:  # noqa: F811
        driver = start(home / "b")
        page = restore_page(driver)
        answer(driver, home / "usb" / "nowhere", PASSPHRASE)
        ended(driver)
        assert "cannot be opened" in page.fields["source"].sentence()
        answer(driver, home / "usb", "four words and less")
        ended(driver)
        assert "passphrase does not open" in page.fields["passphrase"].sentence()
        assert page.source.text() == str(home / "usb")
        answer(driver, home / "usb", "")
        ended(driver)
        assert "Enter the passphrase" in page.fields["passphrase"].sentence()
        (home / "empty").mkdir()
        answer(driver, home / "empty", PASSPHRASE)
        ended(driver)
        assert "No backup lies in this folder" in page.fields["source"].sentence()
        driver.press(KEY.Key_Escape)
        driver.wait_page("WherePage")

    def test_key_that_is_none_and_backup_cut_short(self, start, home) -> None:  # noqa: F811
        driver = start(home / "b")
        page = restore_page(driver)
        page.key.setText(str(home / "pw"))
        answer(driver, home / "usb", "")
        ended(driver)
        assert "This is no recovery key" in page.fields["key"].sentence()
        page.key.setText("")
        cut = home / "cut"
        cut.mkdir()
        for one in (home / "usb").iterdir():
            if one.is_file():
                (cut / one.name).write_bytes(one.read_bytes())
        whole = next(cut.glob("*-full.age"))
        whole.write_bytes(whole.read_bytes()[:-100])
        answer(driver, cut, PASSPHRASE)
        ended(driver)
        assert "is damaged. Nothing was restored" in page._refusal.accessibleName()

    def test_stopped(self, start, home) -> None:  # noqa: F811
        driver = start(home / "b")
        page = restore_page(driver)
        answer(driver, home / "usb", PASSPHRASE)
        driver.qtbot.mouseClick(page.stop, Qt.MouseButton.LeftButton)
        assert not page.busy
        assert page._refusal.accessibleName() == "Stopped. Nothing was restored."
        assert page.passphrase.text() == PASSPHRASE
        assert not (home / "b" / "computer" / MARK).exists()


class TestRestored:
    """In this order: brought back and left, gone on the next time, signed in."""

    def test_comes_back_whole(self, start, home) -> None:  # noqa: F811
        driver = start(home / "b")
        restore_page(driver)
        answer(driver, home / "usb", PASSPHRASE)
        driver.wait_page("LetInPage", seconds=240)
        assert "rows, all of them compared" in driver.page.sentence.text()
        assert driver.page.who.currentText() == "Maeve · maeve"
        assert (home / "b" / "computer" / MARK).exists()

    def test_left_there_it_goes_on_and_ends_signed_in(self, start, home) -> None:  # noqa: F811
        from clinic_desktop.services.installation import first_run

        first_run.remember(home / "b", first_run.this_computer())
        driver = start(home / "b")
        driver.wait_page("LetInPage", seconds=120)
        page = driver.page
        page.password.setFocus()
        driver.fill("short", "short")
        driver.press(KEY.Key_Return)
        ended(driver)
        assert page.fields["password"].sentence()
        page.password.setFocus()
        driver.fill("another good password", "another good password")
        driver.press(KEY.Key_Return)
        session = driver.wait_in()
        assert session.signed_in.who.name == "Maeve"
        assert session.signed_in.who.clinic_name == "Harbour"
        assert not (home / "b" / "computer" / MARK).exists()
        assert QApplication.activeWindow() is not None
