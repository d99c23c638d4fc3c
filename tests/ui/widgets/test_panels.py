"""Panels in their states, what they tell a screen reader, and work that takes long."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from pytestqt.qtbot import QtBot

from clinic_desktop.ui.theme.theme import THEMES, Theme
from clinic_desktop.ui.widgets.announce import announce
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.long_work import LongWork, time_left
from clinic_desktop.ui.widgets.panel import Panel, StatePanel
from clinic_desktop.ui.widgets.states import BusyLine, HatchBox, LoadingPage, Veil
from tests.ui.widgets.shown import show, texts


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
