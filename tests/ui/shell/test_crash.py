"""A mistake of the program: typed text is kept, the details hold no values."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit

from clinic_desktop.ui.crash import CrashReporter, describe
from clinic_desktop.ui.drafts import DraftKeeper


def look_up(patient: str) -> str:
    return {}[patient]


def mistake() -> Exception:
    patient = "Featherstonehaugh"
    try:
        look_up(patient)
    except KeyError as cause:
        error = ValueError(f"no {patient}")
        error.__cause__ = cause
        return error
    raise AssertionError


@pytest.fixture
def reporter(shell):
    reporter = CrashReporter(shell.theme, lambda: shell.window)
    reporter.keep_with(shell.drafts)
    yield reporter
    reporter.deleteLater()


class TestDescribe:
    def test_kinds_and_places_without_values(self):
        text = describe(mistake())
        assert "builtins.ValueError" in text
        assert "caused by\nbuiltins.KeyError" in text
        assert "test_crash.py" in text
        assert "Featherstonehaugh" not in text

    def test_no_folder_of_an_account(self):
        assert str(Path(__file__).parent) not in describe(mistake())

    def test_a_circle_of_causes_ends(self):
        one, two = ValueError(), KeyError()
        one.__cause__, two.__cause__ = two, one
        assert describe(one).count("caused by") < 100


class TestReporter:
    def test_bug_of_an_operation_keeps_drafts_and_is_said(self, qtbot, shell, reporter):
        editor = QLineEdit(shell.screen())
        keeper = DraftKeeper(
            shell.drafts, form="f", key="k", read=lambda: {"t": editor.text()}, parent=editor
        )
        keeper.follow(editor)
        qtbot.keyClicks(editor, "half")
        shell.operations.bug.connect(reporter.report)
        shell.operations.change(shell.screen(), lambda ctx: 1 / 0)
        qtbot.waitUntil(lambda: reporter.dialog is not None)
        assert keeper.recall() == {"t": "half"}
        dialog = reporter.dialog
        assert not dialog.text.isVisible()
        qtbot.mouseClick(dialog.fold, Qt.MouseButton.LeftButton)
        assert "ZeroDivisionError" in dialog.text.toPlainText()
        assert "1 / 0" not in dialog.text.toPlainText()
        qtbot.keyClick(
            dialog, "c", Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        )
        assert "ZeroDivisionError" in QGuiApplication.clipboard().text()
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
        qtbot.waitUntil(lambda: reporter.dialog is None)
        assert shell.window.isVisible()

    def test_one_dialog_at_a_time_and_close_program(self, qtbot, reporter):
        reporter.report(mistake())
        first = reporter.dialog
        reporter.report(mistake())
        assert reporter.dialog is first
        with qtbot.waitSignal(reporter.close_program):
            qtbot.mouseClick(first.primary(), Qt.MouseButton.LeftButton)

    def test_hears_of_a_thread(self, qtbot, reporter, monkeypatch):
        monkeypatch.setattr("sys.excepthook", lambda *_: None)
        monkeypatch.setattr("threading.excepthook", lambda *_: None)
        reporter.install()

        def work() -> None:
            raise mistake()

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        qtbot.waitUntil(lambda: reporter.dialog is not None)
        reporter.dialog.reject()

    def test_hears_of_a_slot(self, qtbot, reporter, monkeypatch):
        monkeypatch.setattr("sys.excepthook", lambda *_: None)
        monkeypatch.setattr("threading.excepthook", lambda *_: None)
        reporter.install()
        import sys

        error = mistake()
        sys.excepthook(type(error), error, error.__traceback__)
        qtbot.waitUntil(lambda: reporter.dialog is not None)
        reporter.dialog.reject()

    def test_a_form_that_cannot_be_read_hides_nothing(self, qtbot, shell, reporter):
        editor = QLineEdit(shell.screen())

        def read() -> dict[str, str]:
            raise RuntimeError

        keeper = DraftKeeper(shell.drafts, form="f", key="k", read=read, parent=editor)
        keeper.touched()
        reporter.report(mistake())
        assert reporter.dialog is not None
        keeper.forget()
        reporter.dialog.reject()
