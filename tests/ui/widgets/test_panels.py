"""Panels in their states, segmented controls, tabs, the focus ring, dialogs, the side panel."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import dump

from clinic_desktop.ui.theme.theme import THEMES, Theme
from clinic_desktop.ui.widgets.announce import announce
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.fields import Field, LineEdit, TextArea
from clinic_desktop.ui.widgets.focus_ring import FocusRing
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.long_work import LongWork, time_left
from clinic_desktop.ui.widgets.panel import Panel, StatePanel
from clinic_desktop.ui.widgets.segmented import Segmented
from clinic_desktop.ui.widgets.side import SideSplit
from clinic_desktop.ui.widgets.states import BusyLine, HatchBox, LoadingPage, Veil
from clinic_desktop.ui.widgets.tabs import Tabs


def show(qtbot: QtBot, widget: QWidget, width: int = 600, height: int = 400) -> None:
    qtbot.addWidget(widget)
    widget.resize(width, height)
    with qtbot.waitExposed(widget):
        widget.show()
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow)


def texts(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(Label) if label.isVisible()]


class TestPanel:
    def test_head_foot_and_tone(self, qtbot: QtBot, theme: Theme) -> None:
        panel = Panel("Contact", theme=theme, note="3", icon="user", padded=True)
        panel.add_head(Button("Edit", theme=theme, key="E", small=True))
        panel.add_foot(Label("Saved 14:07", theme=theme))
        panel.set_content(Label("Mobile", theme=theme))
        show(qtbot, panel)
        assert set(texts(panel)) == {"Contact", "3", "Mobile", "Saved 14:07"}
        assert panel.accessibleName() == "Contact"
        before = panel.grab().toImage()
        panel.set_selected(True)
        assert panel.grab().toImage().pixelColor(1, 200) == theme.color("accent")
        panel.set_selected(False)
        panel.set_tone("danger")
        assert panel.grab().toImage() != before


class TestStates:
    @pytest.fixture
    def panel(self, qtbot: QtBot, theme: Theme) -> StatePanel:
        made = StatePanel("Lab cases", theme=theme)
        show(qtbot, made)
        return made

    def test_loading_says_nothing_then_bars_then_a_sentence(
        self, qtbot: QtBot, panel: StatePanel
    ) -> None:
        page = panel.findChild(LoadingPage)
        panel.show_loading("Asking the server for lab cases…")
        assert panel.state == "loading"
        assert not page.isVisible()
        qtbot.waitUntil(page.isVisible, timeout=1000)
        assert texts(page) == [""]
        qtbot.waitUntil(lambda: "Asking the server for lab cases…" in texts(page), timeout=4000)

    def test_a_quick_answer_shows_no_bars(self, qtbot: QtBot, theme: Theme, panel) -> None:
        panel.show_loading()
        panel.show_content(Label("Crown 14", theme=theme))
        qtbot.wait(200)
        assert not panel.findChild(LoadingPage).isVisible()
        assert "Crown 14" in texts(panel)

    def test_asking_again_keeps_what_is_there(
        self, qtbot: QtBot, theme: Theme, panel: StatePanel
    ) -> None:
        panel.show_content(Label("Crown 14", theme=theme))
        panel.show_loading()
        line = panel.findChild(BusyLine)
        qtbot.waitUntil(line.isVisible, timeout=1000)
        assert "Crown 14" in texts(panel)
        panel.show_content()
        assert not line.isVisible()

    def test_less_motion_stands_still(self, qtbot: QtBot, theme: Theme, panel: StatePanel) -> None:
        theme.use_less_motion(True)
        panel.show_content(Label("Crown 14", theme=theme))
        panel.show_loading()
        line = panel.findChild(BusyLine)
        qtbot.waitUntil(line.isVisible, timeout=1000)
        assert line.grab().toImage().pixelColor(300, 0) == theme.color("accent")
        panel.show_content()

    def test_empty_is_one_sentence_and_one_act(
        self, qtbot: QtBot, theme: Theme, panel: StatePanel
    ) -> None:
        act = Button("New lab case", theme=theme, key="N")
        panel.show_empty("No lab case is open", act, detail="Cases appear here.")
        assert texts(panel)[-2:] == ["No lab case is open", "Cases appear here."]
        with qtbot.waitSignal(act.clicked):
            qtbot.mouseClick(act, Qt.MouseButton.LeftButton)
        panel.show_empty("No lab case is open")
        assert "Cases appear here." not in texts(panel)

    def test_failed_says_why_and_keeps_the_older_data_paled(
        self, qtbot: QtBot, theme: Theme, panel: StatePanel
    ) -> None:
        asked: list[bool] = []
        panel.show_content(Label("Crown 14", theme=theme))
        panel.show_failed("The server did not answer.", lambda: asked.append(True), seen="13:40")
        said = texts(panel)
        assert "Not loaded" in said
        assert "Last seen at 13:40, may have changed:" in said
        assert "Crown 14" in said
        assert panel.findChild(Veil).isVisible()
        again = next(b for b in panel.findChildren(Button) if b.text() == "Try again")
        qtbot.mouseClick(again, Qt.MouseButton.LeftButton)
        assert asked == [True]
        panel.show_content()
        assert not panel.findChild(Veil).isVisible()
        assert "Not loaded" not in texts(panel)

    def test_failed_with_nothing_older(self, qtbot: QtBot, panel: StatePanel) -> None:
        panel.show_failed("The server did not answer.")
        assert "The server did not answer." in texts(panel)
        assert not any(b.isVisible() for b in panel.findChildren(Button))

    @pytest.mark.parametrize("name", THEMES)
    def test_unknown_is_hatched(
        self, qtbot: QtBot, theme: Theme, panel: StatePanel, name: str
    ) -> None:
        theme.use(name)
        panel.show_unknown("Nobody has asked yet.", title="Not asked yet")
        box = panel.findChild(HatchBox)
        image = box.grab().toImage()
        row = [image.pixelColor(x, image.height() - 6).lightness() for x in range(60, 160)]
        assert len(set(row)) >= 2
        assert "Not asked yet" in texts(panel)

    def test_stale_stands_beside_the_title(
        self, qtbot: QtBot, theme: Theme, panel: StatePanel
    ) -> None:
        panel.show_content(Label("Crown 14", theme=theme))
        panel.mark_stale("13:40")
        assert panel._stale.isVisible()
        assert panel._stale.text() == "As of 13:40"
        panel.mark_stale(None)
        assert not panel._stale.isVisible()


class TestAnnounce:
    @pytest.mark.parametrize("urgent", [False, True])
    def test_a_screen_reader_is_told(self, qtbot: QtBot, theme: Theme, urgent: bool) -> None:
        label = Label("Today", theme=theme)
        show(qtbot, label, 100, 20)
        QAccessible.setActive(True)
        try:
            announce(label, "Zofia Wiśniewska arrived.", urgent=urgent)
            announce(label, "")
        finally:
            QAccessible.setActive(False)


class TestLongWork:
    def test_counts_and_stops_once(self, qtbot: QtBot, theme: Theme) -> None:
        work = LongWork("Importing patients", theme=theme, stop_words="Stop and keep 0")
        show(qtbot, work, 300, 200)
        work.show_progress(18240, 41306, seconds_left=125)
        work.show_note("112 lines need a look")
        assert {"18,240 of 41,306 · about 2 min left", "112 lines need a look"} <= set(texts(work))
        assert theme.color("accent").name() in {
            work.grab().toImage().pixelColor(20, y).name() for y in range(200)
        }
        with qtbot.waitSignal(work.stopped):
            qtbot.mouseClick(work.stop_button, Qt.MouseButton.LeftButton)
        assert not work.stop_button.isEnabled()

    @pytest.mark.parametrize(
        ("seconds", "words"),
        [(3, "a few seconds left"), (40, "less than a minute left"), (61, "about 1 min left")],
    )
    def test_time_left_in_words(self, seconds: float, words: str) -> None:
        assert time_left(seconds) == words

    def test_nothing_to_do_is_done(self, qtbot: QtBot, theme: Theme) -> None:
        work = LongWork("Importing patients", theme=theme)
        qtbot.addWidget(work)
        work.show_progress(0, 0)
        assert work._bar.value() == work._bar.maximum()


class TestSegmented:
    def test_click_and_arrows_choose(self, qtbot: QtBot, theme: Theme) -> None:
        made = Segmented([("Day", 1), ("3 days", 3), ("Week", 7)], theme=theme, name="View")
        show(qtbot, made, 300, 32)
        assert made.value() == 1
        parts = made._group.buttons()
        with qtbot.waitSignal(made.chosen) as told:
            qtbot.mouseClick(parts[2], Qt.MouseButton.LeftButton)
        assert (told.args, made.value()) == ([7], 7)
        with qtbot.waitSignal(made.chosen) as told:
            qtbot.keyClick(parts[2], Qt.Key.Key_Left)
        assert (told.args, made.value()) == ([3], 3)
        assert parts[1].hasFocus()

    def test_tab_stops_once(self, qtbot: QtBot, theme: Theme) -> None:
        made = Segmented([("Day", 1), ("Week", 7)], theme=theme, value=7)
        qtbot.addWidget(made)
        reached = [bool(p.focusPolicy() & Qt.FocusPolicy.TabFocus) for p in made._group.buttons()]
        assert reached == [False, True]

    def test_choosing_moves_nothing(self, qtbot: QtBot, theme: Theme) -> None:
        made = Segmented([("Day", 1), ("Week & more", 7)], theme=theme)
        qtbot.addWidget(made)
        before = made.sizeHint()
        made.set_value(7)
        assert made.sizeHint() == before
        made.set_words(7, "Week 12")
        assert made.sizeHint() != before

    @pytest.mark.parametrize("name", THEMES)
    def test_the_chosen_one_has_a_line(self, qtbot: QtBot, theme: Theme, name: str) -> None:
        theme.use(name)
        made = Segmented([("Day", 1), ("Week", 7)], theme=theme)
        show(qtbot, made, 200, 32)
        image = made.grab().toImage()
        assert image.pixelColor(20, 30) == theme.color("accent")
        assert image.pixelColor(made.width() - 20, 30) != theme.color("accent")


class TestTabs:
    def test_keys_and_clicks(self, qtbot: QtBot, theme: Theme) -> None:
        tabs = Tabs([("Overview", "o"), ("Plan", "p"), ("Ledger", "l")], theme=theme)
        show(qtbot, tabs, 500, 38)
        told: list[str] = []
        tabs.chosen.connect(told.append)
        tabs.set_value("p")
        assert told == []
        qtbot.keyClick(tabs, Qt.Key.Key_End)
        qtbot.keyClick(tabs, Qt.Key.Key_Left)
        qtbot.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(0).center())
        assert (told, tabs.value()) == (["l", "p", "o"], "o")

    def test_a_note_widens_its_tab(self, qtbot: QtBot, theme: Theme) -> None:
        tabs = Tabs([("Overview", "o"), ("Plan", "p")], theme=theme)
        show(qtbot, tabs, 500, 38)
        before = tabs.tabRect(1).width()
        tabs.set_note("p", "1 open")
        assert tabs.tabRect(1).width() > before + 20
        assert tabs.accessibleTabName(1) == "Plan 1 open"

    def test_a_tab_without_the_right_is_not_there(self, qtbot: QtBot, theme: Theme) -> None:
        tabs = Tabs([("Overview", "o"), ("Notes", "n"), ("Ledger", "l")], theme=theme)
        show(qtbot, tabs, 500, 38)
        tabs.set_shown("n", False)
        qtbot.keyClick(tabs, Qt.Key.Key_Right)
        assert tabs.value() == "l"


class TestFocusRing:
    def around(self, ring: FocusRing, widget: QWidget) -> bool:
        window = widget.window()
        box = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
        return ring.rect() == box.adjusted(-4, -4, 4, 4)

    def test_follows_the_focus(self, qtbot: QtBot, theme: Theme, ring: FocusRing) -> None:
        window = QWidget()
        column = QVBoxLayout(window)
        made = [
            LineEdit(theme=theme),
            Button("Pay", theme=theme),
            TextArea(theme=theme),
            Segmented([("A", 1), ("B", 2)], theme=theme),
        ]
        for widget in made:
            column.addWidget(widget)
        show(qtbot, window)
        made[0].setFocus()
        qtbot.waitUntil(lambda: self.around(ring, made[0]))
        qtbot.keyClick(made[0], Qt.Key.Key_Tab)
        qtbot.waitUntil(lambda: self.around(ring, made[1]))
        qtbot.keyClick(made[1], Qt.Key.Key_Tab)
        qtbot.waitUntil(lambda: self.around(ring, made[2]))
        overlay = window.findChild(QWidget, "focus_ring")
        image = window.grab().toImage()
        edge = overlay.geometry()
        assert image.pixelColor(edge.left() + 1, edge.center().y()) == theme.color("focus")

    def test_moves_with_the_layout_and_goes_with_its_widget(
        self, qtbot: QtBot, theme: Theme, ring: FocusRing
    ) -> None:
        window = QWidget()
        column = QVBoxLayout(window)
        line = LineEdit(theme=theme)
        column.addWidget(line)
        show(qtbot, window)
        line.setFocus()
        qtbot.waitUntil(lambda: self.around(ring, line))
        window.resize(300, 200)
        qtbot.waitUntil(lambda: self.around(ring, line))
        window.hide()
        qtbot.waitUntil(lambda: ring.rect().isEmpty())

    def test_is_cut_where_the_scroll_area_ends(
        self, qtbot: QtBot, theme: Theme, ring: FocusRing
    ) -> None:
        area, page = QScrollArea(), QWidget()
        column = QVBoxLayout(page)
        lines = [LineEdit(theme=theme) for _ in range(20)]
        for line in lines:
            column.addWidget(line)
        area.setWidget(page)
        area.setWidgetResizable(True)
        window = QWidget()
        QVBoxLayout(window).addWidget(area)
        show(qtbot, window, 300, 200)
        lines[2].setFocus()
        qtbot.waitUntil(lambda: self.around(ring, lines[2]))
        bar = area.verticalScrollBar()
        bar.setValue(lines[2].y() + 10)
        qtbot.waitUntil(lambda: not self.around(ring, lines[2]))
        qtbot.waitUntil(lambda: ring.rect().height() < 34)
        bar.setValue(bar.maximum())
        qtbot.waitUntil(lambda: ring.rect().isEmpty())

    def test_a_widget_that_draws_its_own_has_none(
        self, qtbot: QtBot, theme: Theme, ring: FocusRing
    ) -> None:
        window = QWidget()
        column = QVBoxLayout(window)
        line, area = LineEdit(theme=theme), TextArea(theme=theme)
        line.setProperty("focus_ring", "none")
        area.setProperty("focus_ring", "inside")
        column.addWidget(line)
        column.addWidget(area)
        show(qtbot, window)
        area.setFocus()
        qtbot.waitUntil(lambda: ring.rect() == area.geometry())
        line.setFocus()
        qtbot.waitUntil(lambda: ring.rect().isEmpty())

    def test_survives_a_widget_that_goes(self, qtbot: QtBot, theme: Theme, ring: FocusRing) -> None:
        window = QWidget()
        column = QVBoxLayout(window)
        line = LineEdit(theme=theme)
        column.addWidget(line)
        column.addWidget(Button("Pay", theme=theme))
        show(qtbot, window)
        line.setFocus()
        qtbot.waitUntil(lambda: self.around(ring, line))
        line.deleteLater()
        qtbot.waitUntil(lambda: not ring.rect().isEmpty() and ring.rect().y() > 100, timeout=2000)


class TestDialog:
    @pytest.fixture
    def window(self, qtbot: QtBot, theme: Theme) -> QWidget:
        made = QWidget()
        QVBoxLayout(made).addWidget(LineEdit(theme=theme))
        show(qtbot, made, 900, 600)
        return made

    def opened(self, qtbot: QtBot, theme: Theme, window: QWidget, **more: object) -> Dialog:
        dialog = Dialog("Two versions", theme=theme, parent=window, **more)  # type: ignore[arg-type]  # tests
        dialog.name = Field("Name", LineEdit(theme=theme), theme=theme)
        dialog.body.addWidget(dialog.name)
        dialog.pressed = []
        dialog.set_primary("Save", lambda: dialog.pressed.append("save"))
        dialog.add_act("All mine", lambda: dialog.pressed.append("mine"), key="Alt+M")
        dialog.open()
        qtbot.waitUntil(dialog.isActiveWindow)
        return dialog

    def test_focus_starts_in_the_first_field(
        self, qtbot: QtBot, theme: Theme, window: QWidget
    ) -> None:
        dialog = self.opened(qtbot, theme, window)
        assert dialog.name.editor.hasFocus()
        reached = []
        for _turn in range(4):
            reached.append(dialog.focusWidget())
            qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
        words = [w.text() if isinstance(w, Button) else "field" for w in reached]
        assert words == ["field", "Cancel", "All mine", "Save"]
        dialog.reject()

    def test_a_careful_one_starts_on_the_way_out(
        self, qtbot: QtBot, theme: Theme, window: QWidget
    ) -> None:
        dialog = self.opened(qtbot, theme, window, careful=True, close_words="Keep editing")
        assert dialog.close_button.hasFocus()
        assert dialog.close_button.text() == "Keep editing"
        dialog.reject()

    def test_keys_press_the_acts_from_a_field(
        self, qtbot: QtBot, theme: Theme, window: QWidget
    ) -> None:
        dialog = self.opened(qtbot, theme, window)
        editor = dialog.name.editor
        qtbot.keyClick(editor, Qt.Key.Key_Return)
        assert dialog.pressed == []
        qtbot.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        qtbot.keyClick(editor, Qt.Key.Key_M, Qt.KeyboardModifier.AltModifier)
        assert dialog.pressed == ["save", "mine"]
        dialog.set_busy(True)
        qtbot.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert dialog.pressed == ["save", "mine"]
        dialog.accept()

    def test_escape_leaves_after_saying_so(
        self, qtbot: QtBot, theme: Theme, window: QWidget
    ) -> None:
        dialog = self.opened(qtbot, theme, window)
        qtbot.keyClicks(dialog.name.editor, "half")
        kept: list[str] = []
        dialog.leaving.connect(lambda: kept.append(dialog.name.editor.text()))
        qtbot.keyClick(dialog.name.editor, Qt.Key.Key_Escape)
        assert kept == ["half"]
        assert not dialog.isVisible()
        assert dialog._scrim is None

    def test_stays_inside_a_small_window(self, qtbot: QtBot, theme: Theme, window: QWidget) -> None:
        dialog = self.opened(qtbot, theme, window, width=1200)
        for _turn in range(12):
            dialog.body.addWidget(Field("More", LineEdit(theme=theme), theme=theme))
        window.resize(720, 450)
        qtbot.waitUntil(lambda: dialog.width() <= 720 and dialog.height() <= 450)
        assert dialog.primary() is not None
        assert dialog.primary().isVisible()
        dialog.reject()

    def test_it_belongs_to_its_window(self, qtbot: QtBot, theme: Theme, window: QWidget) -> None:
        """A dialog that its own button owned was taken away with the garbage while it was open."""
        dialog = self.opened(qtbot, theme, window)
        owner = next(line for line in dump(dialog).splitlines() if line.startswith("parent"))
        assert owner.split()[-1] == f"{hex(id(window))}>"
        dialog.reject()

    def test_markup_in_a_title_is_text(self, qtbot: QtBot, theme: Theme, window: QWidget) -> None:
        dialog = Dialog(
            "<b>Ana</b>", theme=theme, parent=window, sentence="<img src=x>", icon="info"
        )
        dialog.open()
        assert {"<b>Ana</b>", "<img src=x>"} <= set(texts(dialog))
        dialog.reject()


class TestSide:
    @pytest.fixture
    def split(self, qtbot: QtBot, theme: Theme) -> SideSplit:
        work, side = LineEdit(theme=theme), Panel("Peek", theme=theme, padded=True)
        side.inner = LineEdit(theme=theme)
        side.set_content(side.inner)
        side.setFocusProxy(side.inner)
        made = SideSplit(work, side, theme=theme)
        made.side_kept = side
        show(qtbot, made, 1200, 500)
        return made

    def test_stands_beside_the_work_where_there_is_room(
        self, qtbot: QtBot, split: SideSplit
    ) -> None:
        assert not split.is_drawer()
        assert split.side_kept.width() == 320
        split.toggle()
        assert not split.is_shown()
        split.toggle()
        assert split.is_shown()

    def test_what_is_higher_than_the_window_scrolls(
        self, qtbot: QtBot, split: SideSplit, theme: Theme
    ) -> None:
        button = Button("Issue", theme=theme)
        filler = Label("much", theme=theme)
        filler.setMinimumHeight(600)
        split.side_kept.set_content(filler)
        split.side_kept.set_content(button)
        area = split.findChild(QScrollArea)
        qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() > 0)
        area.ensureWidgetVisible(button)
        assert area.viewport().rect().contains(button.mapTo(area.viewport(), QPoint(2, 2)))

    def test_becomes_a_drawer_that_gives_the_focus_back(
        self, qtbot: QtBot, split: SideSplit
    ) -> None:
        split.resize(800, 500)
        qtbot.waitUntil(split.is_drawer)
        assert not split.side_kept.isVisible()
        split._work.setFocus()
        qtbot.waitUntil(split._work.hasFocus)
        split.toggle()
        assert split.side_kept.isVisible()
        assert split.side_kept.mapTo(split, QPoint(split.side_kept.width(), 0)).x() <= 800
        qtbot.waitUntil(split.side_kept.inner.hasFocus)
        qtbot.keyClick(split.side_kept.inner, Qt.Key.Key_Escape)
        assert not split.side_kept.isVisible()
        assert split._work.hasFocus()
        split.resize(1200, 500)
        qtbot.waitUntil(split.side_kept.isVisible)
        assert not split.is_drawer()
