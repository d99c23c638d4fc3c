"""The chart beyond one line: several entries, asking, undo after a restart, times, paper, help."""

from datetime import date

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible, QMouseEvent
from PySide6.QtWidgets import QApplication

from clinic_desktop.domain.chart_details import details
from clinic_desktop.domain.chart_words import neutral_lexicon
from clinic_desktop.domain.teeth.chart import ToothState
from clinic_desktop.domain.teeth.numbering import Species
from clinic_desktop.domain.vocabulary import procedures, terms
from clinic_desktop.services.chart import service as chart
from clinic_desktop.ui.chart.composing import Writing
from clinic_desktop.ui.chart.help_page import help_html
from tests.ui.chart.by_hand import CONTROL, ENTER, add, items, press, stored


class TestSeveral:
    def test_two_entries_in_one_line_are_one_act(self, open_chart, clinic, qtbot) -> None:
        window, tab = open_chart()
        add(qtbot, tab, "36 mod comp; e 37 o amal @2019")
        assert stored(clinic) == [
            ("existing", 37, "O", "AMAL"),
            ("done", 36, "MOD", "RST-020"),
        ]
        assert {row.since for row in items(clinic) if row.tooth == 37} == {date(2019, 1, 1)}
        press(qtbot, window, Qt.Key.Key_Z, CONTROL)
        qtbot.waitUntil(lambda: stored(clinic) == [])

    def test_a_full_stop_says_the_last_thing_again(self, open_chart, clinic, qtbot) -> None:
        _window, tab = open_chart()
        add(qtbot, tab, "e 36 o amal")
        qtbot.keyClicks(tab.frame.line, "e 37 .")
        assert tab.frame.line.text() == "e 37 o amalgam"
        add(qtbot, tab, "")
        assert [row[1:] for row in stored(clinic)] == [(36, "O", "AMAL"), (37, "O", "AMAL")]

    def test_a_denture_is_one_row_with_one_fee(self, open_chart, clinic, qtbot) -> None:
        _window, tab = open_chart()
        add(qtbot, tab, "e upper df")
        assert len(items(clinic)) == 16
        tab.frame.list.filter._group.button(1).click()
        rows = [row for row in tab.frame.list.model.rows() if row.id is not None]
        assert [row.title for row in rows] == ["Complete denture, 16 teeth"]


class TestAsking:
    def test_what_does_not_fit_is_asked_and_the_same_line_answers(
        self, open_chart, clinic, qtbot
    ) -> None:
        _window, tab = open_chart()
        add(qtbot, tab, "36 /m")
        qtbot.keyClicks(tab.frame.line, "p 36 crown")
        qtbot.keyClick(tab.frame.line, ENTER)
        assert tab.frame.bubble.text() == "36 is missing. Enter again charts it all the same."
        assert len(stored(clinic)) == 1
        add(qtbot, tab, "")
        assert len(stored(clinic)) == 2


class TestUndoAfterRestart:
    def test_control_z_in_a_new_window_takes_back_what_the_log_knows(
        self, open_chart, clinic, qtbot
    ) -> None:
        _first, tab = open_chart()
        add(qtbot, tab, "e 36 o amal")
        add(qtbot, tab, "e 37 o amal")
        # Another program knows nothing of what was done in this one.
        window, tab = open_chart()
        qtbot.waitUntil(tab.frame.line.hasFocus)
        press(qtbot, window, Qt.Key.Key_Z, CONTROL)
        qtbot.waitUntil(lambda: [row[1] for row in stored(clinic)] == [36])
        qtbot.waitUntil(lambda: window.message.startswith("Taken back: 37 O"))
        press(qtbot, window, Qt.Key.Key_Y, CONTROL)
        qtbot.waitUntil(lambda: [row[1] for row in stored(clinic)] == [36, 37])


class TestTimes:
    def test_as_known_then(self, open_chart, clinic, qtbot) -> None:
        _window, tab = open_chart()
        add(qtbot, tab, "e 36 o amal @2019")
        tab.dates.offer_known()
        qtbot.waitUntil(lambda: tab.dates._known is not None)
        menu = QApplication.activePopupWidget()
        if menu is not None:
            menu.close()
        tab.frame.history.slider.setValue(0)
        assert tab._shown.day == date(2019, 1, 1)
        assert tab.frame.teeth.chart().view(36).marks != ()
        tab.dates.choose("then")
        assert tab.frame.teeth.chart().view(36).marks == ()
        assert "As known then" in tab.frame.past.sentence()
        tab.dates.choose(None)
        assert tab.frame.teeth.chart().view(36).marks != ()

    def test_a_slider_dragged_to_and_fro_shows_where_it_stands(
        self, open_chart, clinic, qtbot
    ) -> None:
        _window, tab = open_chart()
        for year, tooth in ((2012, 14), (2015, 17), (2018, 26)):
            add(qtbot, tab, f"e {tooth} o amal @{year}")
        slider = tab.frame.history.slider
        for place in (0, 2, 1, 3, 0, 1, 2, 0, 1):
            slider.setValue(place)
            count = sum(len(view.marks) for view in tab.frame.teeth.chart().teeth)
            assert count == min(place, 2) + 1

    def test_pulled_to_and_fro_by_the_pointer_faster_than_it_is_drawn(
        self, open_chart, clinic, qtbot
    ) -> None:
        """Two hundred moves without a frame between them: the picture is that of the last place."""
        _window, tab = open_chart()
        for year, tooth in ((2012, 14), (2015, 17), (2018, 26)):
            add(qtbot, tab, f"e {tooth} o amal @{year}")
        slider = tab.frame.history.slider
        spots, height = slider.spots(), slider.height() // 2
        days = []
        slider.day_chosen.connect(days.append)
        at = [QPoint(round(spots[-1 if move % 2 else move % 3]), height) for move in range(200)]
        qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=at[0])
        for point in at:
            move = QMouseEvent(
                QEvent.Type.MouseMove, point.toPointF(), slider.mapToGlobal(point).toPointF(),
                Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton,
                Qt.KeyboardModifier.NoModifier,
            )  # fmt: skip
            QApplication.sendEvent(slider, move)
            count = sum(len(view.marks) for view in tab.frame.teeth.chart().teeth)
            assert count == min(slider.value(), 2) + 1
        qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=at[-1])
        assert len(days) >= 199
        assert tab._shown.day is None

    def test_two_past_dates_are_compared(self, open_chart, clinic, qtbot) -> None:
        _window, tab = open_chart()
        add(qtbot, tab, "e 14 o amal @2012")
        add(qtbot, tab, "e 17 o amal @2015")
        add(qtbot, tab, "e 26 o amal @2018")
        tab.frame.history.slider.setValue(0)
        tab.frame.history.compare.click()
        assert tab._shown.changed == {17, 26}
        tab.dates.other_chosen.emit(date(2015, 1, 1))
        assert tab._shown.changed == {17}
        assert "compared with 1 Jan 2015" in tab.frame.past.title()


class TestPaper:
    def test_what_is_shown_is_printed(self, open_chart, clinic, qtbot) -> None:
        _window, tab = open_chart()
        add(qtbot, tab, "e 36 o amal @2019; p 16 crown zirc; 26 o i4")
        tab.print_current()
        qtbot.waitUntil(lambda: tab.printed.in_view)
        tab.printed.paper.left.emit()
        assert not tab.printed.in_view


class TestHelp:
    def test_the_page_names_everything_that_can_be_typed(self) -> None:
        page = help_html(Writing("fdi", "en_IE"), neutral_lexicon())
        for term in terms().values():
            assert f"<b>{term.key}, {term.word}</b>" in page
        for known in details().values():
            assert all(one.code in page for one in known)
        for code in procedures():
            assert code.lower() in page


class TestSurfacesByKeyboard:
    def test_arrows_reach_each_surface_and_space_picks_it(self, open_chart, qtbot) -> None:
        _window, tab = open_chart()
        teeth = tab.frame.teeth
        teeth.set_selection((36,))
        teeth.setFocus()
        found = []
        for key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Left,
                    Qt.Key.Key_Right, Qt.Key.Key_Right):  # fmt: skip
            qtbot.keyClick(teeth, key, CONTROL)
            found.append(teeth.surface())
        assert found == ["L", "O", "B", "M", "O", "D"]
        interface = QAccessible.queryAccessibleInterface(teeth)
        tooth = interface.focusChild()
        names = {tooth.child(at).text(QAccessible.Text.Name): tooth.child(at).state().focused
                 for at in range(tooth.childCount())}  # fmt: skip
        assert names["distal of 36. not examined"]
        assert sum(names.values()) == 1
        qtbot.keyClick(teeth, Qt.Key.Key_Space)
        assert tab.entering._picked == "D"


class TestAnimals:
    @pytest.mark.parametrize(("species", "count", "tooth"), [("dog", 42, 1108), ("cat", 30, 2108)])
    def test_an_animal_has_its_own_chart(
        self, open_chart, clinic, make, qtbot, species, count, tooth
    ) -> None:
        animal = make.patient(given="Rex")
        window, tab = open_chart(patient=animal)
        tab.entering.species_wanted.emit(Species(species))
        qtbot.waitUntil(lambda: len(tab.frame.teeth.chart().teeth) != 32)
        assert len(tab.frame.teeth.chart().teeth) == count
        add(qtbot, tab, "108 /m")
        view = tab.frame.teeth.chart().view(tooth)
        assert view.state is ToothState.MISSING
        with clinic.admin.reading() as ctx:
            (row,) = chart.chart_of(ctx, animal).items
        assert row.tooth == tooth
        tab.entering.species_wanted.emit(Species.HUMAN)
        qtbot.waitUntil(lambda: "charted already" in window.message)
