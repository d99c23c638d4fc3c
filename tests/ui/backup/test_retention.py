"""How long backups are kept, changed in the section with what the change would remove."""

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from clinic_desktop.services.backup.settings import FolderPlace, Rules
from clinic_desktop.ui.backup.retention import RetentionDialog
from tests.ui.backup.test_section import click, section  # noqa: F401 - a fixture

START = datetime(2026, 11, 1, 2, tzinfo=UTC)
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def places(qtbot, section, tmp_path):  # noqa: F811
    kept = section._site().kept
    for name, keeps in (("Blue", False), ("Archive", True)):
        folder = tmp_path / name
        folder.mkdir()
        kept.add_place(FolderPlace(name=name, folder=folder, keeps=keeps))
        for night in range(12):
            at = START + timedelta(days=night)
            (folder / f"clinic-0a1b2c3d-{at:%Y%m%dT%H%M%SZ}-full.age").write_bytes(b"x")
    section.reload()
    qtbot.waitUntil(lambda: section.places.state == "content")
    return kept


def dialog_of(qtbot) -> RetentionDialog:
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), RetentionDialog))
    dialog = QApplication.activeModalWidget()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog)
    return dialog


def type_in(qtbot, dialog, name: str, text: str) -> None:
    editor = dialog.fields[name].editor
    editor.setFocus()
    editor.selectAll()
    qtbot.keyClicks(editor, text)


class TestRetention:
    def test_shows_what_would_go_before_it_is_kept(self, qtbot, section, places) -> None:  # noqa: F811
        click(qtbot, section.rules)
        dialog = dialog_of(qtbot)
        type_in(qtbot, dialog, "daily", "60")
        qtbot.waitUntil(lambda: "Blue: nothing would go, 12 stay." in dialog.told.text())
        type_in(qtbot, dialog, "daily", "4")
        type_in(qtbot, dialog, "weekly", "0")
        type_in(qtbot, dialog, "monthly", "0")
        qtbot.waitUntil(lambda: "Blue: 8 backups would go" in dialog.told.text())
        assert "Archive: nothing is ever removed there, 12 stay." in dialog.told.text()
        assert places.read().daily == 7
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, CTRL)
        assert places.read().rules_of(None) == Rules(daily=4, weekly=0, monthly=0)
        assert "removed with the next backup" in section.desk.messages.current.text

    def test_wrong_numbers_are_told_at_their_field(self, qtbot, section, places) -> None:  # noqa: F811
        click(qtbot, section.rules)
        dialog = dialog_of(qtbot)
        type_in(qtbot, dialog, "daily", "0")
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, CTRL)
        assert dialog.fields["daily"].sentence()
        assert dialog.isVisible()
        dialog.reject()
        assert places.read().daily == 7

    def test_one_place_has_its_own_and_gives_them_up(self, qtbot, section, places) -> None:  # noqa: F811
        section.ask_rules("Blue")
        dialog = dialog_of(qtbot)
        type_in(qtbot, dialog, "daily", "3")
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, CTRL)
        settings = places.read()
        assert settings.rules_of(settings.places[0]).daily == 3
        assert settings.daily == 7
        section.ask_rules("Blue")
        dialog = dialog_of(qtbot)
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)
        assert places.read().places[0].rules is None
