"""The chart by keys on a real clinic: what is typed is stored, shown and taken back."""

import pytest
from PySide6.QtCore import Qt

from clinic_desktop.domain.teeth.chart import MarkStatus, ToothState
from tests.ui.chart.by_hand import ALT, CONTROL, ENTER, SHIFT, add, items, press, stored


class TestTyping:
    @pytest.mark.parametrize(
        ("line", "wanted"),
        [
            ("36 mod comp", ("done", 36, "MOD", "RST-020")),
            ("p 16 crown", ("planned", 16, "", "RST-070")),
            ("e 37 o comp", ("existing", 37, "O", "COMP")),
            ("w 25 ik", ("elsewhere", 25, "", "ABUT_IMP")),
            ("i 45 do gic", ("in_progress", 45, "DO", "RST-030")),
            ("r 43 b graft", ("referred", 43, "B", "PER-080")),
            ("26 o i4", ("condition", 26, "O", "I4")),
            ("18s x", ("done", 118, "", "SUR-010")),
            ("d opg", ("done", None, "", "IMG-040")),
        ],
    )
    def test_a_line_and_enter_is_an_entry(self, open_chart, clinic, qtbot, line, wanted) -> None:
        window, tab = open_chart()
        add(qtbot, tab, line)
        assert stored(clinic) == [wanted]
        assert tab.frame.line.text() == ""
        assert window.message.startswith("Charted: ")

    def test_two_teeth_are_marked_missing_with_one_line(self, open_chart, clinic, qtbot) -> None:
        _window, tab = open_chart()
        add(qtbot, tab, "14+26 /m")
        assert stored(clinic) == [
            ("condition", 14, "", "MISSING"),
            ("condition", 26, "", "MISSING"),
        ]
        chart_shown = tab.frame.teeth.chart()
        assert chart_shown.view(14).state is ToothState.MISSING
        assert chart_shown.view(36).state is ToothState.NOT_EXAMINED

    def test_done_work_belongs_to_the_visit_and_planned_work_does_not(
        self, open_chart, clinic, qtbot
    ) -> None:
        visit = clinic.visit()
        _window, tab = open_chart()
        add(qtbot, tab, "36 mod comp")
        add(qtbot, tab, "p 16 crown")
        found = {row.tooth: row for row in items(clinic)}
        assert (found[36].appointment_id, found[16].appointment_id) == (visit, None)
        assert (found[36].fee, found[16].fee) == (14000, 52000)
        assert found[36].provider == "Dr Amara Nwosu"

    def test_the_preview_is_on_tooth_and_list_before_enter(self, open_chart, clinic, qtbot) -> None:
        _window, tab = open_chart()
        qtbot.keyClicks(tab.frame.line, "36 mod comp")
        (ghost,) = tab.frame.teeth._ghosts[36]
        assert (ghost.surfaces, ghost.paint, ghost.status) == ("MOD", "COMP", MarkStatus.DONE)
        assert tab.frame.teeth.selection() == (36,)
        assert tab.frame.list.model.rows()[0].second == "not saved yet"
        assert stored(clinic) == []

    def test_a_wrong_word_stays_with_its_sentence(self, open_chart, clinic, qtbot) -> None:
        _window, tab = open_chart()
        qtbot.keyClicks(tab.frame.line, "36 mod cmop")
        sentence = '"cmop" is not known. Did you mean comp (composite)?'
        assert tab.frame.bubble.text() == sentence
        assert tab.frame.line.accessibleDescription() == sentence
        qtbot.keyClick(tab.frame.line, ENTER)
        assert tab.frame.line.text() == "36 mod cmop"
        assert stored(clinic) == []
        qtbot.keyClick(tab.frame.line, Qt.Key.Key_Escape)
        assert tab.frame.bubble.text() == ""
        assert tab.frame.line.text() == "36 mod cmop"

    def test_what_is_missing_is_said_on_enter_alone(self, open_chart, qtbot) -> None:
        _window, tab = open_chart()
        qtbot.keyClicks(tab.frame.line, "36 comp")
        assert tab.frame.bubble.text() == ""
        qtbot.keyClick(tab.frame.line, ENTER)
        assert tab.frame.bubble.text().startswith("On which surfaces?")

    def test_letters_typed_anywhere_go_to_the_line(self, open_chart, qtbot) -> None:
        window, tab = open_chart()
        for place in (tab.frame.teeth, tab.frame.history.slider, tab.frame.list.filter):
            place.setFocus()
            tab.frame.line.write("")
            press(qtbot, window, Qt.Key.Key_3)
            assert tab.frame.line.hasFocus()
            press(qtbot, window, Qt.Key.Key_6)
            assert tab.frame.line.text() == "36"

    def test_enter_pressed_twice_adds_once(self, open_chart, clinic, qtbot) -> None:
        _window, tab = open_chart()
        qtbot.keyClicks(tab.frame.line, "36 mod comp")
        qtbot.keyClick(tab.frame.line, ENTER)
        qtbot.keyClick(tab.frame.line, ENTER)
        qtbot.waitUntil(lambda: len(items(clinic)) == 1 and not tab.acts.busy)
        assert len(stored(clinic)) == 1

    def test_the_half_typed_line_is_there_again(self, open_chart, clinic, qtbot) -> None:
        window, tab = open_chart()
        qtbot.keyClicks(tab.frame.line, "36 mod")
        window.open(clinic.make.patient("Yuki", "Tanabe"))
        qtbot.waitUntil(lambda: tab.frame.line.text() == "")
        window.open(clinic.patient)
        qtbot.waitUntil(lambda: tab.frame.line.text() == "36 mod")

    def test_the_focus_starts_in_the_line(self, open_chart, qtbot) -> None:
        _window, tab = open_chart()
        qtbot.waitUntil(tab.frame.line.hasFocus)


class TestKeys:
    def test_status_letters(self, open_chart, qtbot) -> None:
        window, tab = open_chart()
        qtbot.waitUntil(tab.frame.line.hasFocus)
        for key, status in (
            (Qt.Key.Key_P, MarkStatus.PLANNED),
            (Qt.Key.Key_E, MarkStatus.EXISTING),
            (Qt.Key.Key_W, MarkStatus.ELSEWHERE),
            (Qt.Key.Key_C, MarkStatus.CONDITION),
            (Qt.Key.Key_R, MarkStatus.REFERRED),
            (Qt.Key.Key_I, MarkStatus.IN_PROGRESS),
            (Qt.Key.Key_D, MarkStatus.DONE),
        ):
            press(qtbot, window, key, ALT)
            assert tab.frame.entry.switch.value() is status
            assert tab.frame.line.reading().status is status

    def test_arrows_move_the_tooth_only_while_the_line_is_empty(self, open_chart, qtbot) -> None:
        _window, tab = open_chart()
        line, teeth = tab.frame.line, tab.frame.teeth
        teeth.set_selection((36,))
        qtbot.keyClick(line, Qt.Key.Key_Left)
        assert teeth.selection() == (35,)
        qtbot.keyClick(line, Qt.Key.Key_Up)
        assert teeth.selection() == (25,)
        qtbot.keyClick(line, Qt.Key.Key_Right, SHIFT)
        assert teeth.selection() == (25, 26)
        qtbot.keyClicks(line, "comp")
        qtbot.keyClick(line, Qt.Key.Key_Left)
        assert teeth.selection() == (25, 26)
        assert line.cursorPosition() == 3

    def test_delete_marks_missing_with_one_key(self, open_chart, clinic, qtbot) -> None:
        window, tab = open_chart()
        qtbot.keyClick(tab.frame.line, Qt.Key.Key_Delete)
        assert window.message.startswith("Select a tooth first")
        tab.frame.teeth.set_selection((38,))
        before = tab._shown.history
        qtbot.keyClick(tab.frame.line, Qt.Key.Key_Delete)
        qtbot.waitUntil(lambda: tab._shown.history is not before)
        assert stored(clinic) == [("condition", 38, "", "MISSING")]
        tab.frame.teeth.setFocus()
        press(qtbot, window, Qt.Key.Key_Delete)
        assert window.message == "Charted as missing already."

    def test_tab_and_right_take_the_completion(self, open_chart, qtbot) -> None:
        _window, tab = open_chart()
        line = tab.frame.line
        for key in (Qt.Key.Key_Tab, Qt.Key.Key_Right):
            line.write("")
            qtbot.keyClicks(line, "36 mod comp")
            qtbot.keyClick(line, key)
            assert line.text() == "36 mod composite filling"
            assert line.hasFocus()

    def test_down_goes_through_what_the_word_can_mean(self, open_chart, clinic, qtbot) -> None:
        _window, tab = open_chart()
        qtbot.keyClicks(tab.frame.line, "p 16 crown")
        codes = [tab.frame.line.parsed().entry.code]
        for _press in range(3):
            qtbot.keyClick(tab.frame.line, Qt.Key.Key_Down)
            codes.append(tab.frame.line.parsed().entry.code)
        assert codes[0] == "RST-070"
        assert {"RST-080", "RST-090"} < set(codes)

    def test_undo_and_redo(self, open_chart, clinic, qtbot) -> None:
        window, tab = open_chart()
        qtbot.waitUntil(tab.frame.line.hasFocus)
        add(qtbot, tab, "36 mod comp")
        press(qtbot, window, Qt.Key.Key_Z, CONTROL)
        qtbot.waitUntil(lambda: stored(clinic) == [])
        qtbot.waitUntil(lambda: tab.frame.teeth.chart().view(36).marks == ())
        press(qtbot, window, Qt.Key.Key_Y, CONTROL)
        qtbot.waitUntil(lambda: len(stored(clinic)) == 1)
        qtbot.waitUntil(lambda: len(tab.frame.teeth.chart().view(36).marks) == 1)
        assert window.message == "Done again: 36 MOD Composite filling."
        press(qtbot, window, Qt.Key.Key_Z, CONTROL)
        qtbot.waitUntil(lambda: stored(clinic) == [])
