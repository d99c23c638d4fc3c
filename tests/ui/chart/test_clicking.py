"""The chart by clicks on a real clinic: teeth, their menus, and the list of work."""

from datetime import timedelta

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from clinic_desktop.domain.teeth.chart import ToothState
from clinic_desktop.ui.chart.list_rows import ListFilter
from tests.ui.chart.by_hand import add, stored, surface
from tests.ui.undoing import take_back


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
