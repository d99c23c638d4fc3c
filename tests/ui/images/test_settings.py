"""Images and X-ray in the settings: kept on this computer, tried with a made-up patient."""

import os
import sys

import pytest
from PySide6.QtCore import Qt

from clinic_desktop.config import Settings, XrayProgram
from clinic_desktop.ui.images.settings import ImagesSection
from tests.ui.stage import drafts_store, stage

__all__ = ["drafts_store", "stage"]


@pytest.fixture
def section(stage, tmp_path):
    return lambda: stage(lambda desk: ImagesSection(desk, tmp_path))


class TestFolder:
    def test_kept_when_it_is_there(self, section, tmp_path) -> None:
        staged = section()
        shown = staged.screen
        staged.into(shown.folder, "relative")
        staged.key(Qt.Key.Key_Tab)
        assert Settings.load(tmp_path).scan_folder == ""
        staged.into(shown.folder, str(tmp_path))
        staged.key(Qt.Key.Key_Tab)
        assert Settings.load(tmp_path).scan_folder == str(tmp_path)


class TestPrograms:
    def test_added_tried_and_taken_off(self, section, tmp_path, qtbot) -> None:
        pipe, script = tmp_path / "pipe", tmp_path / "show.py"
        os.mkfifo(pipe)
        script.write_text(f"import sys; open({str(pipe)!r}, 'w').write('|'.join(sys.argv[1:]))")
        staged = section()
        shown = staged.screen
        staged.click(shown.add)
        card = shown.cards[0]
        staged.into(card.name, "Viewer")
        staged.into(card.command, f"{sys.executable} {script} {{phone}}")
        staged.click(card.test)
        assert Settings.load(tmp_path).xray_programs == ()
        command = f"{sys.executable} {script} {{number}} {{born:%d.%m.%Y}}"
        staged.into(card.command, command)
        staged.key(Qt.Key.Key_Tab)
        kept = (XrayProgram(name="Viewer", command=command),)
        assert Settings.load(tmp_path).xray_programs == kept
        staged.click(card.test)
        assert pipe.read_text() == "00001|31.01.1980"
        qtbot.waitUntil(lambda: "was started" in card.said.text())
        staged.click(card.remove)
        assert Settings.load(tmp_path).xray_programs == ()
        staged.desk.messages.undo()
        assert Settings.load(tmp_path).xray_programs == kept
        assert [one.name.text() for one in shown.cards] == ["Viewer"]

    def test_one_that_does_not_start_says_why(self, section, tmp_path, qtbot) -> None:
        Settings.load(tmp_path).save(
            tmp_path, xray_programs=[{"name": "Gone", "command": "/nowhere/x.exe"}]
        )
        staged = section()
        card = staged.screen.cards[0]
        staged.click(card.test)
        qtbot.waitUntil(card.test.isEnabled)
        assert "could not be started" in card.fields["command"].accessibleDescription() or (
            "could not be started" in card.command.accessibleDescription()
        )
