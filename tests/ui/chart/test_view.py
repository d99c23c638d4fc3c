"""The chart by keys and clicks on a real clinic: what is typed is stored, shown and taken back."""

from datetime import date, timedelta

import pytest
from psycopg import sql
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QMenu

from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.teeth.chart import MarkStatus, ToothState
from clinic_desktop.services.chart import service as chart
from clinic_desktop.services.chart.schemas import NewChartItem
from clinic_desktop.ui.chart.list_rows import ListFilter
from tests.ui.undoing import take_back

ENTER, ALT = Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def items(clinic, patient=None):
    with clinic.admin.reading() as ctx:
        return chart.chart_of(ctx, patient or clinic.patient).items


def stored(clinic) -> list[tuple]:
    return [(row.status, row.tooth, row.surfaces, row.code) for row in items(clinic)]


def add(qtbot, tab, text: str) -> None:
    """Type a line, press Enter, and wait until it is stored and shown."""
    before = tab._shown.history.items
    qtbot.keyClicks(tab.frame.line, text)
    qtbot.keyClick(tab.frame.line, ENTER)
    # Another reading of the same chart may be on its way: what is shown has to be another one.
    qtbot.waitUntil(lambda: tab._shown.history.items != before and not tab.acts.busy)


def press(qtbot, window, key, held=Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key where the focus is, as a person does."""
    qtbot.keyClick(QApplication.focusWidget() or window.window, key, held)


def surface(qtbot, tab, fdi: int, code: str, held=Qt.KeyboardModifier.NoModifier) -> None:
    teeth = tab.frame.teeth
    at, middle = teeth.surface_point(fdi, code), teeth.picture().by_tooth[fdi].middle.toPoint()
    if code in "MDBL":
        at = QPoint((at.x() * 3 + middle.x()) // 4, (at.y() * 3 + middle.y()) // 4)
    qtbot.mouseClick(teeth, Qt.MouseButton.LeftButton, held, at)


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


class TestClicks:
    def test_tooth_surfaces_treatment_add(self, open_chart, clinic, qtbot) -> None:
        _window, tab = open_chart()
        surface(qtbot, tab, 36, "O")
        surface(qtbot, tab, 36, "M")
        (ghost,) = tab.frame.teeth._ghosts[36]
        assert (ghost.surfaces, ghost.paint) == ("MO", "")
        assert tab.frame.line.accessibleDescription() == "36, M O"
        quick = tab.frame.list.quick
        assert quick.isVisible()
        button = next(
            one for one in quick.findChildren(type(quick.more)) if one.text() == "Composite"
        )
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert tab.frame.line.text() == "36 mo composite"
        surface(qtbot, tab, 36, "D")
        assert tab.frame.line.text() == "36 mod composite"
        before = tab._shown.history
        qtbot.mouseClick(tab.frame.entry.add, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: tab._shown.history is not before)
        assert stored(clinic) == [("done", 36, "MOD", "RST-020")]

    def test_a_surface_clicked_again_is_taken_away(self, open_chart, qtbot) -> None:
        _window, tab = open_chart()
        for code in "MOM":
            surface(qtbot, tab, 36, code)
        assert tab.frame.line.accessibleDescription() == "36, O"
        surface(qtbot, tab, 37, "B")
        assert tab.frame.line.accessibleDescription() == "37, B"

    def test_what_is_typed_after_clicks_goes_on_from_them(self, open_chart, clinic, qtbot) -> None:
        _window, tab = open_chart()
        surface(qtbot, tab, 36, "M")
        add(qtbot, tab, "comp")
        assert stored(clinic) == [("done", 36, "M", "RST-020")]

    def test_another_tooth_clicked_replaces_the_one_typed(self, open_chart, qtbot) -> None:
        _window, tab = open_chart()
        qtbot.keyClicks(tab.frame.line, "36 o comp")
        rect = tab.frame.teeth.tooth_rect(26)
        qtbot.mouseClick(
            tab.frame.teeth, Qt.MouseButton.LeftButton, pos=rect.topLeft() + QPoint(20, 20)
        )
        assert tab.frame.line.text() == "26 o comp"
        assert tab.frame.teeth.selection() == (26,)

    def test_the_menu_of_a_tooth(self, open_chart, qtbot) -> None:
        _window, tab = open_chart()
        tab.frame.teeth.set_selection((16,))
        tab.frame.teeth.menu_asked.emit(16, QPoint(100, 100))
        menu = next(one for one in tab.frame.findChildren(QMenu) if one.isVisible())
        crown = next(action for action in menu.actions() if action.text() == "Crown")
        crown.trigger()
        menu.close()
        assert tab.frame.line.text() == "16 crown"

    def test_everything_is_in_the_menu_beside_the_line(self, open_chart, qtbot) -> None:
        _window, tab = open_chart()
        qtbot.mouseClick(tab.frame.entry.menu, Qt.MouseButton.LeftButton)
        menu = next(one for one in tab.frame.findChildren(QMenu) if one.isVisible())
        titles = [action.text() for action in menu.actions()]
        assert {"Restoration", "Surgery", "Conditions", "Tooth states"} <= set(titles)
        below = menu.actions()[titles.index("Images")].menu()
        next(one for one in below.actions() if one.text() == "Panoramic image").trigger()
        menu.close()
        assert tab.frame.line.text() == "panoramic image"


class TestList:
    def test_groups_counts_and_sum(self, open_chart, clinic, qtbot) -> None:
        clinic.item("RST-020", 33, "B5", "done")
        clinic.item("RST-070", 16, status="planned")
        clinic.item("RST-030", 45, "DO", "in_progress", fee=None)
        clinic.item("PER-080", 43, "B", "referred")
        clinic.item("CARIES", 26, "O")
        clinic.item("MISSING", 18, kind="state")
        clinic.visit()
        _window, tab = open_chart()
        panel = tab.frame.list
        shown = [(row.title, row.tooth) for row in panel.model.rows()]
        assert shown == [
            ("Today", None),
            ("Composite filling", 33),
            ("In progress", None),
            ("Glass ionomer filling", 45),
            ("Planned", None),
            ("Crown, ceramic", 16),
            ("Referred", None),
            ("Soft tissue graft", 43),
        ]
        assert panel._today_words.text() == "Today 14:00, Dr Amara Nwosu"
        assert panel._sum.text() == "€\xa0520.00"
        assert panel._sum_unknown.text() == "without 1 not known"
        qtbot.keyClick(panel.filter, Qt.Key.Key_Right)
        for value, titles in (
            (ListFilter.CONDITIONS, ["Found", "Caries", "State of the teeth", "Missing"]),
            (ListFilter.DONE, ["Done", "Composite filling"]),
        ):
            panel.filter._group.button(panel.filter._values.index(value)).click()
            assert [row.title for row in panel.model.rows()] == titles

    def test_a_row_selects_its_tooth_and_delete_takes_it_back(
        self, open_chart, clinic, qtbot
    ) -> None:
        clinic.item("RST-070", 16, status="planned")
        window, tab = open_chart()
        tab.frame.list.list.choose_row(0)
        assert tab.frame.teeth.selection() == (16,)
        qtbot.keyClick(tab.frame.list.list, Qt.Key.Key_Delete)
        qtbot.waitUntil(lambda: stored(clinic) == [])
        qtbot.waitUntil(lambda: window.message == "Taken back: 16 Crown, ceramic.")
        take_back(qtbot, window.desk)
        qtbot.waitUntil(lambda: len(stored(clinic)) == 1)

    def test_completed_work_is_not_taken_back(self, open_chart, clinic, qtbot) -> None:
        with clinic.admin.reading() as ctx:
            now = ctx.now
        clinic.item("RST-070", 16, status="done", done_at=now)
        window, tab = open_chart()
        tab.frame.list.filter._group.button(1).click()
        tab.frame.list.list.choose_row(0)
        qtbot.keyClick(tab.frame.list.list, Qt.Key.Key_Delete)
        qtbot.waitUntil(lambda: "Take the completion back" in window.message)
        assert len(stored(clinic)) == 1

    def test_a_finding_that_is_no_longer_true(self, open_chart, clinic, qtbot) -> None:
        clinic.item("TTP", 36, since=clinic.today - timedelta(days=30))
        window, tab = open_chart()
        tab.frame.list.filter._group.button(2).click()
        row = tab.frame.list.model.rows()[1]
        tab.frame.list.menu_asked.emit(row, QPoint(10, 10))
        menu = next(one for one in tab.findChildren(QMenu) if one.isVisible())
        next(a for a in menu.actions() if a.text() == "No longer true from today").trigger()
        menu.close()
        qtbot.waitUntil(lambda: stored(clinic) == [])
        qtbot.waitUntil(lambda: "No longer true" in window.message)
        take_back(qtbot, window.desk)
        qtbot.waitUntil(lambda: len(stored(clinic)) == 1)


class TestDates:
    @pytest.fixture
    def old(self, clinic):
        clinic.item("EXAMINED", kind="state", since=date(2014, 5, 6))
        clinic.item("CARIES", 46, "O", since=date(2023, 11, 14))
        clinic.item("COMP", 24, "MO", "existing", kind="procedure", since=date(2023, 11, 14))
        clinic.item("RST-070", 46, status="done", since=date(2024, 1, 27))
        return clinic

    def test_one_dot_for_each_date_and_keys_between_them(self, open_chart, old, qtbot) -> None:
        window, tab = open_chart()
        slider = tab.frame.history.slider
        assert slider.maximum() == 3
        qtbot.waitUntil(tab.frame.line.hasFocus)
        press(qtbot, window, Qt.Key.Key_Left, ALT)
        assert tab._shown.day == date(2024, 1, 27)
        press(qtbot, window, Qt.Key.Key_Left, ALT)
        assert tab.frame.past.isVisible()
        assert tab.frame.past.title() == "Chart as of 14 Nov 2023"
        marks = tab.frame.teeth.chart().view(46).marks
        assert [mark.paint for mark in marks] == ["CARIES"]
        press(qtbot, window, Qt.Key.Key_Right, ALT)
        assert tab._shown.day == date(2024, 1, 27)
        press(qtbot, window, Qt.Key.Key_Home, ALT)
        assert tab._shown.day == date(2014, 5, 6)

    def test_the_past_is_read_only_and_says_so(self, open_chart, old, clinic, qtbot) -> None:
        window, tab = open_chart()
        qtbot.waitUntil(tab.frame.line.hasFocus)
        press(qtbot, window, Qt.Key.Key_Left, ALT)
        assert "Read only" in tab.frame.past.sentence()
        before = stored(clinic)
        press(qtbot, window, Qt.Key.Key_X)
        assert window.message == "The past is read only. Esc goes back to today."
        press(qtbot, window, Qt.Key.Key_Delete)
        press(qtbot, window, Qt.Key.Key_Return, CONTROL)
        assert tab.finishing.dialog is None
        assert stored(clinic) == before
        press(qtbot, window, Qt.Key.Key_Escape)
        assert tab._shown.day is None
        assert tab.frame.line.hasFocus()

    def test_the_line_is_kept_while_the_past_is_looked_at(self, open_chart, old, qtbot) -> None:
        window, tab = open_chart()
        qtbot.keyClicks(tab.frame.line, "36 mod")
        press(qtbot, window, Qt.Key.Key_Left, ALT)
        press(qtbot, window, Qt.Key.Key_Escape)
        assert tab.frame.line.text() == "36 mod"

    def test_compare_frames_the_teeth_that_changed(self, open_chart, old, qtbot) -> None:
        _window, tab = open_chart()
        tab.frame.history.slider.setFocus()
        slider = tab.frame.history.slider
        spot = QPoint(round(slider.spots()[1]), 24)
        qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=spot)
        assert tab._shown.day == date(2023, 11, 14)
        qtbot.mouseClick(tab.frame.history.compare, Qt.MouseButton.LeftButton)
        changed = [view.tooth for view in tab.frame.teeth.chart().teeth if view.changed]
        assert changed == [46]
        assert "1 tooth changed since" in tab.frame.past.sentence()
        tab.frame.teeth.set_selection((46,))
        assert [row.title for row in tab.frame.list.model.rows()] == [
            "14 Nov 2023",
            "Caries",
            "Since then",
            "Crown, ceramic",
        ]
        tab.frame.past.sides._group.button(1).click()
        marks = tab.frame.teeth.chart().view(46).marks
        assert [mark.paint for mark in marks] == ["CROWN"]
        qtbot.mouseClick(tab.frame.past.back, Qt.MouseButton.LeftButton)
        assert not tab.frame.history.compare.isChecked()
        assert not any(view.changed for view in tab.frame.teeth.chart().teeth)

    def test_compare_from_today_goes_to_the_date_before(self, open_chart, old, qtbot) -> None:
        _window, tab = open_chart()
        qtbot.mouseClick(tab.frame.history.compare, Qt.MouseButton.LeftButton)
        assert tab._shown.day == date(2024, 1, 27)

    def test_without_a_past_there_is_nothing_to_slide(self, open_chart) -> None:
        _window, tab = open_chart()
        assert not tab.frame.history.slider.isEnabled()
        assert not tab.frame.history.compare.isEnabled()


class TestNotExamined:
    def test_teeth_nobody_looked_at_are_counted_and_one_click_says_they_were(
        self, open_chart, clinic, qtbot
    ) -> None:
        clinic.item("I4", 26, "O")
        window, tab = open_chart()
        panel = tab.frame.list
        assert panel._unexamined_words.text() == "31 teeth are not examined."
        qtbot.mouseClick(panel.examined, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: not panel._unexamined.isVisible())
        assert tab.frame.teeth.chart().count(ToothState.PRESENT) == 32
        take_back(qtbot, window.desk)
        qtbot.waitUntil(lambda: panel._unexamined.isVisible())


class TestOthers:
    def test_a_change_elsewhere_repaints_and_keeps_what_is_half_done(
        self, open_chart, clinic, sign_in, qtbot
    ) -> None:
        window, tab = open_chart()
        qtbot.keyClicks(tab.frame.line, "36 mo")
        other = sign_in("u_dentist2", device="chair-1")
        with other.writing() as ctx:
            chart.add(
                ctx,
                clinic.patient,
                [
                    NewChartItem(
                        id=clinic.provider, kind="condition", code="CARIES", tooth=26,
                        surfaces="O", status="condition",
                    )
                ],
            )  # fmt: skip
        qtbot.waitUntil(lambda: tab.frame.teeth.chart().view(26).marks != ())
        assert tab.frame.line.text() == "36 mo"
        assert tab.frame.teeth.selection() == (36,)
        assert tab.frame.teeth._ghosts[36]
        assert window.message == "Somebody else charted just now: 26."

    def test_ones_own_change_is_no_news(self, open_chart, clinic, qtbot) -> None:
        window, tab = open_chart()
        add(qtbot, tab, "36 mod comp")
        qtbot.waitUntil(lambda: window.operations.connected)
        qtbot.wait(400)
        assert window.message.startswith("Charted: 36 MOD")

    def test_a_new_price_is_known_at_once(self, open_chart, clinic, qtbot) -> None:
        _window, tab = open_chart()
        clinic.make.treatment("ZYG-010", "Zygoma implant", area="tooth", price=99000)
        qtbot.waitUntil(lambda: bool(tab.frame.line.reading().lexicon.by_code("ZYG-010")))


class TestRights:
    def test_front_desk_sees_a_sentence_instead_of_teeth(self, open_as, clinic, qtbot) -> None:
        window = open_as("u_front")
        tab = window.open(clinic.patient)
        qtbot.waitUntil(lambda: tab.panel.state == "empty")
        assert not tab.frame.isVisible()
        window.record.do_primary()
        press(qtbot, window, Qt.Key.Key_X)

    def test_who_may_only_read_has_no_line(self, open_chart, clinic, qtbot) -> None:
        clinic.item("CARIES", 26, "O")
        window, tab = open_chart("u_compliance")
        assert not tab.frame.line.isVisible()
        assert tab.frame.reading.isVisible()
        assert not tab.frame.list.complete.isVisible()
        tab.frame.teeth.setFocus()
        press(qtbot, window, Qt.Key.Key_X)
        press(qtbot, window, Qt.Key.Key_Delete)
        assert stored(clinic) == [("condition", 26, "O", "CARIES")]

    def test_an_assistant_charts_and_does_not_complete(self, open_chart, clinic, qtbot) -> None:
        clinic.visit()
        window, tab = open_chart("u_assistant")
        add(qtbot, tab, "36 mod comp")
        (row,) = items(clinic)
        assert row.provider == "Dr Amara Nwosu"  # the provider of the visit
        assert not tab.frame.list.complete.isVisible()
        window.record.do_primary()
        assert tab.finishing.dialog is None


class TestServerAway:
    @pytest.fixture
    def server(self, database):
        class Server:
            def allow(self, connection, allowed: bool) -> None:
                connection.execute(
                    sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}").format(
                        sql.Identifier(database.name), sql.Literal(allowed)
                    )
                )

            def close(self) -> None:
                with open_connection(database.cluster.address.superuser_dsn()) as connection:
                    self.allow(connection, False)
                    connection.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                        (database.name,),
                    )

            def open(self) -> None:
                with open_connection(database.cluster.address.superuser_dsn()) as connection:
                    self.allow(connection, True)

        return Server()

    def test_a_line_that_was_not_stored_comes_back_and_is_sent_once(
        self, open_chart, clinic, server, qtbot
    ) -> None:
        window, tab = open_chart()
        server.close()
        qtbot.keyClicks(tab.frame.line, "36 mod comp")
        qtbot.keyClick(tab.frame.line, ENTER)
        qtbot.waitUntil(lambda: tab.frame.line.text() != "", timeout=15_000)
        assert tab.frame.bubble.text() != ""
        server.open()
        window.operations.try_now()
        qtbot.waitUntil(lambda: window.operations.connected, timeout=15_000)
        qtbot.keyClick(tab.frame.line, ENTER)
        qtbot.waitUntil(lambda: len(tab.frame.teeth.chart().view(36).marks) == 1, timeout=15_000)
        assert stored(clinic) == [("done", 36, "MOD", "RST-020")]

    def test_a_chart_that_cannot_be_read_says_so(self, open_chart, server, qtbot) -> None:
        window, tab = open_chart()
        server.close()
        tab.reload()
        qtbot.waitUntil(lambda: tab.panel.state == "failed", timeout=15_000)
        server.open()
        window.operations.try_now()
        qtbot.waitUntil(lambda: tab.panel.state == "content", timeout=15_000)
