"""The palette: newest question only, everything by keys."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from clinic_desktop.ui.shell.palette_list import Heading, Note, spoken, utf16_range
from clinic_desktop.ui.shell.registry import PaletteEntry
from tests.ui.shell.conftest import INES

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def palette(qtbot, shell):
    qtbot.keyClick(shell.screen().board, "k", CTRL)
    palette = shell.window.palette_overlay
    assert palette.is_open
    assert palette.input.hasFocus()
    return palette


def lines(palette) -> list[str]:
    model = palette.model
    return [spoken(model.line(row)) for row in range(model.rowCount())]


def kinds(palette) -> list[type]:
    return [type(palette.model.line(row)) for row in range(palette.model.rowCount())]


def chosen(palette) -> str:
    return spoken(palette.model.line(palette.view.currentIndex().row()))


class TestAsking:
    def test_patients_first_then_actions_then_screens(self, qtbot, shell, palette):
        qtbot.keyClicks(palette.input, "ines")
        qtbot.waitUntil(lambda: not palette._inquiry.outstanding and "Patients" in lines(palette))
        assert lines(palette) == [
            "Patients",
            "Inês Carvalho-Lindqvist",
            "Marines Oduya-Price",
            "Thu Hà Ines Tran",
            f"With {INES.name}",
            "Take payment",
        ]
        assert chosen(palette) == "Inês Carvalho-Lindqvist"

    def test_screen_by_two_beginnings(self, qtbot, shell, palette):
        qtbot.keyClicks(palette.input, "cal")
        qtbot.waitUntil(lambda: chosen(palette) == "Calendar")
        qtbot.keyClick(palette.input, Qt.Key.Key_Return)
        assert shell.window.stack.name == "calendar"
        assert shell.screen().board.hasFocus()

    def test_prefix_asks_actions_only(self, qtbot, shell, palette):
        qtbot.keyClicks(palette.input, ">lock")
        qtbot.waitUntil(lambda: lines(palette) == ["Actions", "Lock"])
        with qtbot.waitSignal(shell.windows.lock_wanted):
            qtbot.keyClick(palette.input, Qt.Key.Key_Return)

    def test_number_prefix_reaches_its_source_without_the_prefix(self, qtbot, shell, palette):
        qtbot.keyClicks(palette.input, "#tran")
        qtbot.waitUntil(lambda: lines(palette) == ["Patients", "Thu Hà Ines Tran"])

    def test_nothing_found_says_what_was_asked(self, qtbot, palette):
        qtbot.keyClicks(palette.input, "lin cra <b>")
        qtbot.waitUntil(
            lambda: lines(palette) == ["No patient, action or screen matches “lin cra <b>”."]
        )

    def test_late_answer_is_dropped(self, qtbot, shell, palette):
        shell.people.late = []
        qtbot.keyClicks(palette.input, "marines")
        qtbot.waitUntil(lambda: bool(shell.people.late))
        first = shell.people.late[0]
        palette.input.selectAll()
        qtbot.keyClicks(palette.input, "tran")
        qtbot.waitUntil(lambda: palette._inquiry._question.text == "tran")
        shell.people.late[-1]()
        first()
        assert lines(palette) == ["Patients", "Thu Hà Ines Tran"]

    def test_enter_waits_for_the_answer_to_what_was_typed(self, qtbot, shell, palette):
        qtbot.keyClicks(palette.input, "ines carv")
        qtbot.waitUntil(lambda: chosen(palette).startswith("Inês"))
        shell.people.late = []
        palette.input.selectAll()
        qtbot.keyClicks(palette.input, "tran")
        qtbot.keyClick(palette.input, Qt.Key.Key_Return)
        assert shell.people.opened == []
        shell.people.late[-1]()
        assert shell.people.opened == ["Thu Hà Ines Tran"]
        assert not palette.is_open

    def test_esc_takes_a_waiting_enter_back(self, qtbot, shell, palette):
        shell.people.late = []
        qtbot.keyClicks(palette.input, "tran")
        qtbot.keyClick(palette.input, Qt.Key.Key_Return)
        qtbot.keyClick(palette.input, Qt.Key.Key_Escape)
        for answer in shell.people.late:
            answer()
        assert shell.people.opened == []

    def test_silence_is_a_sentence_and_takes_older_lines_away(self, qtbot, shell, palette):
        qtbot.keyClicks(palette.input, "ines")
        qtbot.waitUntil(lambda: "Marines Oduya-Price" in lines(palette))
        shell.people.late = []
        qtbot.keyClicks(palette.input, " tran")
        qtbot.waitUntil(lambda: "Asking the server…" in lines(palette))
        assert "Marines Oduya-Price" not in lines(palette)


class TestKeys:
    def test_arrows_skip_headings_and_go_round(self, qtbot, palette):
        qtbot.keyClicks(palette.input, "ines")
        qtbot.waitUntil(lambda: chosen(palette).startswith("Inês"))
        qtbot.keyClick(palette.input, Qt.Key.Key_Up)
        assert chosen(palette) == "Take payment"
        qtbot.keyClick(palette.input, Qt.Key.Key_Down)
        assert chosen(palette).startswith("Inês")

    def test_tab_offers_the_actions_on_the_patient(self, qtbot, shell, palette):
        qtbot.keyClicks(palette.input, "tran")
        qtbot.waitUntil(lambda: chosen(palette) == "Thu Hà Ines Tran")
        qtbot.keyClick(palette.input, Qt.Key.Key_Tab)
        qtbot.waitUntil(lambda: lines(palette) == ["With Thu Hà Ines Tran", "Take payment"])
        assert palette.patient_label.text() == "Thu Hà Ines Tran"
        qtbot.keyClick(palette.input, Qt.Key.Key_Return)
        assert [name for name, _patient in shell.done] == ["pay"]

    def test_backspace_leaves_the_patient(self, qtbot, palette):
        qtbot.keyClicks(palette.input, "tran")
        qtbot.waitUntil(lambda: chosen(palette) == "Thu Hà Ines Tran")
        qtbot.keyClick(palette.input, Qt.Key.Key_Tab)
        qtbot.keyClick(palette.input, Qt.Key.Key_Backspace)
        assert palette.patient_label.isHidden()

    def test_esc_gives_the_focus_back(self, qtbot, shell, palette):
        qtbot.keyClick(palette.input, Qt.Key.Key_Escape)
        assert not palette.is_open
        assert QApplication.focusWidget() is shell.screen().board

    def test_keys_stay_in_the_palette(self, qtbot, shell, palette):
        qtbot.keyClicks(palette.input, "s")
        qtbot.keyClick(palette.input, "p", CTRL)
        qtbot.keyClick(palette.input, Qt.Key.Key_Return, CTRL | Qt.KeyboardModifier.ShiftModifier)
        assert shell.screen().asked == ["reload"]

    def test_click_opens_and_click_beside_closes(self, qtbot, shell, palette):
        qtbot.keyClicks(palette.input, "tran")
        qtbot.waitUntil(lambda: chosen(palette) == "Thu Hà Ines Tran")
        place = palette.view.visualRect(palette.view.currentIndex()).center()
        qtbot.mouseClick(palette.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert shell.people.opened == ["Thu Hà Ines Tran"]
        shell.window.open_palette()
        qtbot.mouseClick(palette, Qt.MouseButton.LeftButton, pos=palette.rect().bottomLeft())
        assert not palette.is_open

    def test_search_of_the_top_bar_opens_it(self, qtbot, shell):
        qtbot.mouseClick(shell.window.top.search, Qt.MouseButton.LeftButton)
        assert shell.window.palette_overlay.is_open


class TestModel:
    def test_model(self, qtbot, palette, qtmodeltester):
        entry = PaletteEntry("Inês", "users", lambda: None, "41 y")
        with qtbot.waitSignal(palette.model.modelReset):
            palette.model.set_lines([Heading("Patients"), entry, Note("3 sound like it.")])
        qtmodeltester.check(palette.model)
        assert lines(palette) == ["Patients", "Inês, 41 y", "3 sound like it."]
        assert kinds(palette) == [Heading, PaletteEntry, Note]
        flags = [palette.model.flags(palette.model.index(row)) for row in range(3)]
        assert [bool(flag & Qt.ItemFlag.ItemIsSelectable) for flag in flags] == [False, True, False]

    def test_ranges_count_an_emoji_as_qt_does(self):
        assert utf16_range("🦷 Inês", 2, 4) == (3, 4)
