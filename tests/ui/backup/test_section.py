"""The backup section on a real clinic: key, place, backup and its result, by clicks."""

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt

from clinic_desktop.secrets import OwnerFile
from clinic_desktop.services.backup.schemas import RunRow, Status
from clinic_desktop.ui.backup.dialogs import PassphraseDialog, PlaceDialog, RecoverySheet
from clinic_desktop.ui.backup.section import BackupSection
from clinic_desktop.ui.backup.words import item_of
from tests.cluster import PASSWORD
from tests.places import place_of

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)


def run(kind: str, hours: float, *, good: bool = True, sentence: str = "") -> RunRow:
    at = NOW - timedelta(hours=hours)
    return RunRow(
        kind=kind, name="x", started_at=at, ended_at=at, good=good, sentence=sentence, size=5,
        places=(),
    )  # fmt: skip


def status(full=None, good_full=None, drill=None) -> Status:
    return Status(full=full, good_full=good_full, drill=drill, tail=None, pack=None, now=NOW)


class TestWords:
    @pytest.mark.parametrize(
        ("found", "words", "state"),
        [
            (status(), "No backup yet", "warning"),
            (
                status(run("full", 7), run("full", 7), run("drill", 6.9)),
                "Backup 02:00, verified",
                "ok",
            ),
            (status(run("full", 7), run("full", 7)), "Backup 02:00, not tried yet", "plain"),
            (
                status(run("full", 7), run("full", 7), run("drill", 31)),
                "Backup 02:00, not tried yet",
                "plain",
            ),
            (
                status(run("full", 7), run("full", 7), run("drill", 6, good=False)),
                "Backup 02:00, test failed",
                "warning",
            ),
            (
                status(run("full", 7, good=False, sentence="full disk"), run("full", 31)),
                "Backup failed 02:00",
                "warning",
            ),
            (status(run("full", 31), run("full", 31)), "Last backup 29 Nov 2026 02:00", "warning"),
        ],
    )
    def test_age_and_result(self, found, words, state) -> None:
        item = item_of(found, "UTC", "en_IE")
        assert (item.text, item.state) == (words, state)


@pytest.fixture
def section(qtbot, desk_of, database, tmp_path):
    place = place_of(database)
    place.root = tmp_path
    (tmp_path / "secrets").mkdir()
    OwnerFile(tmp_path / "secrets" / "clinic_backup").write(PASSWORD)
    made = BackupSection(desk_of("u_admin"), place)
    made.resize(640, 800)
    qtbot.addWidget(made)
    made.show()
    made.reload()
    qtbot.waitUntil(lambda: made.runs.state == "empty")
    yield made
    made._tasks.close()


def click(qtbot, button) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


class TestSection:
    def test_nothing_is_chosen_yet(self, section) -> None:
        assert section.fact.text() == "No backup yet"
        assert not section.now.isEnabled()
        assert section.places.state == "empty"

    def test_key_place_and_backup(self, qtbot, section, tmp_path) -> None:
        click(qtbot, section.make)
        asked = section.findChild(PassphraseDialog)
        qtbot.keyClicks(asked.new, "short")
        qtbot.keyClicks(asked.again, "short")
        asked._primary.click()
        assert "at least 10" in asked.fields["passphrase"].sentence()
        for line in (asked.new, asked.again):
            line.clear()
            qtbot.keyClicks(line, "four words and more")
        asked._primary.click()
        sheet = section.findChild(RecoverySheet)
        assert sheet.secret.startswith("AGE-SECRET-KEY-")
        sheet.reject()
        kept = section._site().kept.read()
        assert kept.recipient
        assert sheet.secret not in kept.model_dump_json()

        disk = tmp_path / "usb"
        click(qtbot, section.add)
        dialog = section.findChild(PlaceDialog)
        qtbot.keyClicks(dialog.lines["name"], "Blue disk")
        qtbot.keyClicks(dialog.lines["folder"], str(disk))
        dialog._primary.click()
        qtbot.waitUntil(lambda: "Plug the disk in" in dialog.fields["folder"].sentence())
        disk.mkdir()
        dialog._primary.click()
        qtbot.waitUntil(lambda: section.places.state == "content")

        assert section.now.isEnabled()
        click(qtbot, section.now)
        qtbot.waitUntil(lambda: "not tried yet" in section.fact.text(), timeout=30_000)
        assert [file.suffix for file in sorted(disk.glob("clinic-*"))] == [".age", ".json"]
        assert section.runs.state == "content"
