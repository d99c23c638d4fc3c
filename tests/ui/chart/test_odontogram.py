"""The tooth chart driven by clicks and keys, what it draws, and what it tells a screen reader."""

import gc
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QContextMenuEvent, QHelpEvent, QImage, QKeyEvent, QPainter
from PySide6.QtWidgets import QApplication, QToolTip, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.domain.chart_line import parse
from clinic_desktop.domain.chart_words import neutral_lexicon
from clinic_desktop.domain.teeth.chart import (
    STATE_CODES,
    ChartMark,
    MarkStatus,
    ToothChart,
    ToothState,
    ToothView,
    adult_chart,
    chart_for_age,
    framed,
)
from clinic_desktop.domain.teeth.dentition import LOWER, PERMANENT, UPPER
from clinic_desktop.domain.vocabulary import terms
from clinic_desktop.ui.chart.chart_painter import ChartPainter, Scene
from clinic_desktop.ui.chart.inks import make_inks
from clinic_desktop.ui.chart.legend import Legend
from clinic_desktop.ui.chart.odontogram import Odontogram
from clinic_desktop.ui.theme.theme import THEMES, Theme

Making = Callable[..., Odontogram]
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def make(qtbot: QtBot, theme: Theme) -> Making:
    """A chart of present teeth on the screen, 1028 by 542."""

    def made(chart: ToothChart | None = None, *, mini: bool = False) -> Odontogram:
        teeth = Odontogram(theme, mini=mini)
        qtbot.addWidget(teeth)
        teeth.resize(640, 190) if mini else teeth.resize(1028, 542)
        teeth.set_chart(chart or adult_chart(ToothState.PRESENT))
        teeth.show()
        return teeth

    return made


def mark(fdi: int, code: str, status: str = "done", surfaces: str = "") -> ChartMark:
    return ChartMark(fdi, surfaces, code, MarkStatus(status), code, code.lower())


def with_marks(fdi: int, *marks: ChartMark, state: ToothState = ToothState.PRESENT) -> ToothChart:
    return adult_chart(ToothState.PRESENT).with_views(ToothView(fdi, state, marks))


def picture(teeth: Odontogram) -> QImage:
    return teeth.grab().toImage()


def of_tooth(teeth: Odontogram, fdi: int) -> QImage:
    """One column and its surroundings, in grey: colour alone must not tell things apart."""
    box = teeth.tooth_rect(fdi).adjusted(-12, -4, 12, 4)
    return picture(teeth).copy(box).convertToFormat(QImage.Format.Format_Grayscale8)


def click(
    qtbot: QtBot,
    teeth: Odontogram,
    fdi: int,
    held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    qtbot.mouseClick(teeth, Qt.MouseButton.LeftButton, held, teeth.tooth_rect(fdi).center())


@contextmanager
def unwatched() -> Iterator[None]:
    """Without coverage or a debugger looking at each line, which takes longer than the drawing."""
    tracer = sys.gettrace()
    sys.settrace(None)
    yield
    sys.settrace(tracer)


class TestClicks:
    def test_a_click_selects_the_tooth_and_names_the_surface(
        self, qtbot: QtBot, make: Making
    ) -> None:
        teeth = make()
        for fdi, code in ((36, "O"), (36, "M"), (11, "I"), (18, "B"), (45, "D")):
            with qtbot.waitSignal(teeth.tooth_clicked) as clicked:
                at = teeth.surface_point(fdi, code)
                if code in "MDB":
                    inner = teeth.surface_point(fdi, "I" if fdi == 11 else "O")
                    at = QPoint(at.x() * 3 // 4 + inner.x() // 4, at.y() * 3 // 4 + inner.y() // 4)
                qtbot.mouseClick(teeth, Qt.MouseButton.LeftButton, pos=at)
            assert clicked.args == [fdi, code]
            assert teeth.selection() == (fdi,)

    def test_a_click_on_the_side_view_names_the_tooth_alone(
        self, qtbot: QtBot, make: Making
    ) -> None:
        teeth = make()
        with qtbot.waitSignal(teeth.tooth_clicked) as clicked:
            at = teeth.picture().by_tooth[26].neck.toPoint()
            qtbot.mouseClick(teeth, Qt.MouseButton.LeftButton, pos=at)
        assert clicked.args == [26, ""]

    def test_control_adds_and_takes_away(self, qtbot: QtBot, make: Making) -> None:
        teeth = make()
        click(qtbot, teeth, 36)
        click(qtbot, teeth, 14, CONTROL)
        assert teeth.selection() == (14, 36)
        click(qtbot, teeth, 36, CONTROL)
        assert teeth.selection() == (14,)

    def test_shift_selects_along_the_arch(self, qtbot: QtBot, make: Making) -> None:
        teeth = make()
        click(qtbot, teeth, 13)
        click(qtbot, teeth, 23, SHIFT)
        assert teeth.selection() == (13, 12, 11, 21, 22, 23)
        click(qtbot, teeth, 12, SHIFT)
        assert teeth.selection() == (13, 12)
        click(qtbot, teeth, 42, SHIFT)
        assert teeth.selection() == (13, 12, 43, 42)

    def test_a_finger_moved_off_cancels(self, qtbot: QtBot, make: Making) -> None:
        teeth = make()
        with qtbot.assertNotEmitted(teeth.tooth_clicked):
            qtbot.mousePress(teeth, Qt.MouseButton.LeftButton, pos=teeth.tooth_rect(36).center())
            qtbot.mouseRelease(teeth, Qt.MouseButton.LeftButton, pos=teeth.tooth_rect(37).center())
        assert teeth.selection() == ()

    def test_beside_the_teeth_nothing_is_selected(self, qtbot: QtBot, make: Making) -> None:
        teeth = make()
        click(qtbot, teeth, 36)
        qtbot.mouseClick(teeth, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
        assert teeth.selection() == ()

    def test_the_context_menu_is_asked_for_the_tooth_below_the_pointer(
        self, qtbot: QtBot, make: Making
    ) -> None:
        teeth = make()
        at = teeth.tooth_rect(46).center()
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, teeth.mapToGlobal(at))
        with qtbot.waitSignal(teeth.menu_asked) as asked:
            QApplication.sendEvent(teeth, event)
        assert asked.args is not None
        assert asked.args[0] == 46
        assert teeth.selection() == (46,)


class TestKeys:
    def test_arrows_walk_as_the_picture_goes(self, qtbot: QtBot, make: Making) -> None:
        teeth = make()
        teeth.set_selection((11,))
        for key, expected in (
            (Qt.Key.Key_Right, 21),
            (Qt.Key.Key_Left, 11),
            (Qt.Key.Key_Left, 12),
            (Qt.Key.Key_Down, 42),
            (Qt.Key.Key_Left, 43),
            (Qt.Key.Key_Up, 13),
            (Qt.Key.Key_Home, 18),
            (Qt.Key.Key_Left, 18),
            (Qt.Key.Key_End, 28),
        ):
            qtbot.keyClick(teeth, key)
            assert teeth.selection() == (expected,)
            assert teeth.current() == expected

    def test_shift_extends(self, qtbot: QtBot, make: Making) -> None:
        teeth = make()
        teeth.set_selection((12,))
        for _step in range(3):
            qtbot.keyClick(teeth, Qt.Key.Key_Right, SHIFT)
        assert teeth.selection() == (12, 11, 21, 22)
        qtbot.keyClick(teeth, Qt.Key.Key_Left, SHIFT)
        assert teeth.selection() == (12, 11, 21)
        qtbot.keyClick(teeth, Qt.Key.Key_End, SHIFT)
        assert teeth.selection() == UPPER[6:]

    def test_all_none_and_one_by_one(self, qtbot: QtBot, make: Making) -> None:
        teeth = make()
        qtbot.keyClick(teeth, Qt.Key.Key_A, CONTROL)
        assert teeth.selection() == PERMANENT
        qtbot.keyClick(teeth, Qt.Key.Key_Escape)
        assert teeth.selection() == ()
        teeth.set_selection((36,))
        qtbot.keyClick(teeth, Qt.Key.Key_Space)
        assert teeth.selection() == ()
        qtbot.keyClick(teeth, Qt.Key.Key_Space)
        assert teeth.selection() == (36,)

    def test_enter_opens_the_tooth(self, qtbot: QtBot, make: Making) -> None:
        teeth = make()
        teeth.set_selection((36,))
        with qtbot.waitSignal(teeth.tooth_activated) as opened:
            qtbot.keyClick(teeth, Qt.Key.Key_Return)
        assert opened.args == [36]

    def test_letters_belong_to_the_entry_line(self, qtbot: QtBot, make: Making) -> None:
        teeth = make()
        for text in ("3", "p", "/"):
            with qtbot.waitSignal(teeth.typed) as typed:
                qtbot.keyClick(teeth, text)
            assert typed.args == [text]

    def test_keys_of_the_screen_pass_through(self, qtbot: QtBot, theme: Theme) -> None:
        class Screen(QWidget):
            keys: list[int] = []

            def keyPressEvent(self, event: QKeyEvent) -> None:
                if event.key() not in {Qt.Key.Key_Alt, Qt.Key.Key_Control}:
                    self.keys.append(event.key())

        screen = Screen()
        qtbot.addWidget(screen)
        teeth = Odontogram(theme, screen)
        with qtbot.assertNotEmitted(teeth.typed):
            qtbot.keyClick(teeth, Qt.Key.Key_Delete)
            qtbot.keyClick(teeth, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
            qtbot.keyClick(teeth, Qt.Key.Key_Return, CONTROL)
            qtbot.keyClick(teeth, Qt.Key.Key_Escape)
        assert screen.keys == [
            Qt.Key.Key_Delete,
            Qt.Key.Key_Left,
            Qt.Key.Key_Return,
            Qt.Key.Key_Escape,
        ]

    def test_the_entry_line_can_move_it(self, make: Making) -> None:
        teeth = make()
        teeth.set_selection((36,))
        teeth.move_current(-1)
        assert teeth.selection() == (35,)
        teeth.move_current(other_jaw=True, extend=True)
        assert teeth.selection() == (25, 35)

    def test_getting_the_keyboard_takes_a_tooth_in_hand_without_selecting(
        self, qtbot: QtBot, make: Making
    ) -> None:
        teeth = make()
        teeth.clearFocus()
        teeth.setFocus()
        qtbot.waitUntil(lambda: teeth.current() == 18)
        assert teeth.selection() == ()


class TestChart:
    def test_teeth_that_stay_stay_selected(self, qtbot: QtBot, make: Making) -> None:
        teeth = make()
        teeth.set_selection((36, 35, 99))
        assert teeth.selection() == (35, 36)
        with qtbot.waitSignal(teeth.selection_changed) as changed:
            teeth.set_chart(chart_for_age(7 * 12, ToothState.PRESENT))
        assert changed.args == [(36,)]
        with qtbot.assertNotEmitted(teeth.selection_changed):
            teeth.set_chart(chart_for_age(7 * 12, ToothState.PRESENT))

    def test_an_empty_chart_and_keys(self, qtbot: QtBot, make: Making) -> None:
        teeth = make(ToothChart(teeth=()))
        for key in (Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Home, Qt.Key.Key_Space):
            qtbot.keyClick(teeth, key)
        assert teeth.selection() == ()
        assert not picture(teeth).isNull()
        assert teeth.tooth_rect(36).isNull()

    def test_sizes_follow_the_limits_of_the_scale(self, make: Making) -> None:
        teeth = make()
        least, usual = teeth.minimumSizeHint(), teeth.sizeHint()
        assert least.width() <= 632  # what a window of 1440 leaves at 200 %
        assert usual.width() <= 1028
        assert usual.height() <= 545

    def test_the_tooltip_is_plain_words(self, qtbot: QtBot, make: Making) -> None:
        bad = ChartMark(36, "O", "X", MarkStatus.DONE, "COMP", "<b>bold</b> & more")
        teeth = make(with_marks(36, bad))
        at = teeth.tooth_rect(36).center()
        QApplication.sendEvent(teeth, QHelpEvent(QEvent.Type.ToolTip, at, teeth.mapToGlobal(at)))
        assert "&lt;b&gt;bold&lt;/b&gt; &amp; more" in QToolTip.text()
        assert "lower left first molar" in QToolTip.text()
        QApplication.sendEvent(
            teeth, QHelpEvent(QEvent.Type.ToolTip, QPoint(2, 2), teeth.mapToGlobal(QPoint(2, 2)))
        )

    def test_the_miniature_is_clickable_and_takes_no_keyboard(
        self, qtbot: QtBot, make: Making
    ) -> None:
        teeth = make(mini=True)
        assert teeth.focusPolicy() is Qt.FocusPolicy.NoFocus
        with qtbot.waitSignal(teeth.tooth_clicked) as clicked:
            click(qtbot, teeth, 36)
        assert clicked.args == [36, ""]
        assert teeth.sizeHint().height() < 220


class TestDrawing:
    def test_each_state_looks_different_without_colour(self, make: Making) -> None:
        teeth = make()
        seen: list[QImage] = []
        for state in ToothState:
            teeth.set_chart(with_marks(36, state=state))
            image = of_tooth(teeth, 36)
            assert image not in seen, state
            seen.append(image)

    @pytest.mark.parametrize("theme_name", THEMES)
    def test_each_status_looks_different_without_colour(
        self, make: Making, theme: Theme, theme_name: str
    ) -> None:
        teeth = make()
        theme.use(theme_name)
        seen: list[QImage] = []
        for status in MarkStatus:
            teeth.set_chart(with_marks(36, mark(36, "COMP", status, "MOB")))
            image = of_tooth(teeth, 36)
            assert image not in seen, status
            seen.append(image)

    @pytest.mark.parametrize("code", sorted(set(terms()) - set(STATE_CODES)))
    def test_every_word_of_the_vocabulary_is_drawn(self, make: Making, code: str) -> None:
        teeth = make()
        plain = of_tooth(teeth, 36)
        scope = terms()[code].scope
        finding = terms()[code].is_finding
        surfaces = "O" if scope.startswith("surface") else ""
        status = "condition" if finding else "existing"
        teeth.set_chart(with_marks(36, mark(36, code, status, surfaces)))
        assert of_tooth(teeth, 36) != plain

    @pytest.mark.parametrize("code", ["MISSING", "IMPLANT", "CROWN", "RCT", "COMP"])
    def test_what_is_planned_is_drawn_on_the_side_view_too(self, make: Making, code: str) -> None:
        teeth = make(mini=True)
        plain = of_tooth(teeth, 36)
        teeth.set_chart(with_marks(36, mark(36, code, "planned", "MOD" if code == "COMP" else "")))
        assert of_tooth(teeth, 36) != plain

    def test_every_tooth_is_drawn_in_every_state(self, make: Making) -> None:
        teeth = make()
        numbers = [*PERMANENT, *range(51, 56), *range(81, 86), 118, 161]
        for state in ToothState:
            views = tuple(ToothView(fdi, state) for fdi in numbers)
            teeth.set_chart(ToothChart(teeth=()).with_views(*views))
            assert not picture(teeth).isNull()

    def test_a_mark_without_drawing_still_shows_its_surfaces(self, make: Making) -> None:
        teeth = make()
        plain = of_tooth(teeth, 43)
        graft = ChartMark(43, "B", "PER-080", MarkStatus.REFERRED, "", "Soft tissue graft")
        teeth.set_chart(with_marks(43, graft))
        assert of_tooth(teeth, 43) != plain

    def test_a_preview_is_fainter_than_the_real_thing_and_framed(self, make: Making) -> None:
        teeth = make()
        line = parse("36 mod comp", notation="fdi", locale="en", lexicon=neutral_lexicon())
        plain = of_tooth(teeth, 36)
        teeth.set_ghost(line.marks())
        ghost = of_tooth(teeth, 36)
        at = teeth.surface_point(36, "O")
        faint = picture(teeth).pixelColor(at).lightness()
        teeth.set_ghost(())
        assert of_tooth(teeth, 36) == plain
        teeth.set_chart(with_marks(36, *line.marks()))
        assert of_tooth(teeth, 36) not in (plain, ghost)
        assert picture(teeth).pixelColor(at).lightness() < faint

    def test_a_preview_of_a_state_shows_the_tooth_as_it_will_be(self, make: Making) -> None:
        teeth = make()
        plain = of_tooth(teeth, 36)
        teeth.set_ghost((mark(36, "MISSING", "condition"),))
        assert of_tooth(teeth, 36) != plain
        teeth.set_ghost((ChartMark(None, "", "IMG-040", MarkStatus.DONE, "", "Panoramic image"),))
        assert of_tooth(teeth, 36) == plain

    def test_selection_and_change_are_drawn_around_the_tooth(self, make: Making) -> None:
        teeth = make()
        plain = of_tooth(teeth, 36)
        teeth.set_selection((36,))
        selected = of_tooth(teeth, 36)
        teeth.set_selection(())
        teeth.set_chart(framed(teeth.chart(), frozenset({36})))
        changed = of_tooth(teeth, 36)
        assert plain not in (selected, changed)
        assert selected != changed

    def test_numbers_follow_the_notation(self, make: Making) -> None:
        teeth = make()
        fdi = picture(teeth)
        teeth.set_notation("universal")
        universal = picture(teeth)
        teeth.set_notation("palmer")
        assert len({id(fdi), id(universal)}) == 2
        assert fdi != universal
        assert universal != picture(teeth)
        assert teeth.notation() == "palmer"

    def test_a_bridge_joins_its_members(self, make: Making) -> None:
        members = [
            ToothView(16, ToothState.PRESENT, (mark(16, "BR_ABUT", "existing"),)),
            ToothView(15, ToothState.MISSING, (mark(15, "BR_PONT", "existing"),)),
            ToothView(14, ToothState.PRESENT, (mark(14, "BR_ABUT", "existing"),)),
        ]
        base = adult_chart(ToothState.PRESENT)
        teeth = make(base.with_views(*members))
        joined = of_tooth(teeth, 15)
        crowns = [
            ToothView(view.tooth, view.state, (mark(view.tooth, "CROWN", "existing"),))
            for view in members
        ]
        teeth.set_chart(base.with_views(*crowns))
        assert of_tooth(teeth, 15) != joined

    def test_a_theme_is_taken_on_at_once(self, make: Making, theme: Theme) -> None:
        teeth = make()
        light = picture(teeth)
        theme.use("dark")
        assert picture(teeth) != light

    def test_a_frame_of_nothing_new_is_not_drawn_again(self, make: Making, theme: Theme) -> None:
        """It comes from the picture kept; ``bench`` says how long drawing anew may take."""
        marks = [
            mark(fdi, "COMP", status, "MODBL"[index % 5])
            for fdi in PERMANENT
            for index, status in enumerate(["done", "planned", "existing"])
        ]
        views = [
            ToothView(fdi, ToothState.PRESENT, tuple(one for one in marks if one.tooth == fdi))
            for fdi in PERMANENT
        ]
        teeth = make(ToothChart(teeth=()).with_views(*views))
        painter = ChartPainter(make_inks(theme), contrast=False)
        image = QImage(teeth.size(), QImage.Format.Format_ARGB32_Premultiplied)

        def draw() -> float:
            start = time.thread_time()
            device = QPainter(image)
            painter.paint(device, teeth.picture(), Scene())
            device.end()
            return time.thread_time() - start

        def repaint() -> float:
            start = time.thread_time()
            teeth.grab()
            return time.thread_time() - start

        with unwatched():
            anew = min(draw() for _run in range(12))
            repaint()
            kept = min(repaint() for _run in range(12))
        assert kept < 0.7 * anew, (kept, anew)


class TestAccessibility:
    def test_teeth_and_surfaces_are_children_with_names(self, make: Making) -> None:
        teeth = make(with_marks(36, mark(36, "COMP", "done", "MO")))
        chart = QAccessible.queryAccessibleInterface(teeth)
        assert chart.role() is QAccessible.Role.List
        assert chart.text(QAccessible.Text.Name) == "Teeth"
        assert chart.childCount() == 32
        tooth = chart.child(PERMANENT.index(36))
        assert tooth.text(QAccessible.Text.Name) == (
            "36, lower left first molar. present. Done: comp, mesial, occlusal"
        )
        assert tooth.parent() is chart
        assert chart.indexOfChild(tooth) == PERMANENT.index(36)
        names = [
            tooth.child(index).text(QAccessible.Text.Name) for index in range(tooth.childCount())
        ]
        assert names == [
            "mesial of 36. Done: comp, mesial, occlusal",
            "occlusal of 36. Done: comp, mesial, occlusal",
            "distal of 36",
            "buccal of 36",
            "lingual of 36",
        ]
        assert chart.child(32) is None
        assert tooth.child(5) is None

    def test_places_are_those_on_the_screen(self, make: Making) -> None:
        teeth = make()
        chart = QAccessible.queryAccessibleInterface(teeth)
        tooth = chart.child(PERMANENT.index(36))
        middle = tooth.rect().center()
        assert teeth.tooth_rect(36).contains(teeth.mapFromGlobal(middle))
        assert chart.childAt(middle.x(), middle.y()) is tooth
        surface = tooth.child(1)
        at = surface.rect().center()
        assert tooth.childAt(at.x(), at.y()) is surface
        assert surface.parent() is tooth

    def test_selection_and_keyboard_are_states(self, qtbot: QtBot, make: Making) -> None:
        teeth = make()
        teeth.setFocus()
        qtbot.waitUntil(teeth.hasFocus)
        teeth.set_selection((35, 36))
        chart = QAccessible.queryAccessibleInterface(teeth)
        state = chart.child(PERMANENT.index(36)).state()
        assert (state.selected, state.focused, state.selectable) == (True, True, True)
        assert not chart.child(PERMANENT.index(35)).state().focused
        assert chart.focusChild() is chart.child(PERMANENT.index(36))

    def test_children_follow_a_chart_with_fewer_teeth(self, make: Making) -> None:
        teeth = make()
        chart = QAccessible.queryAccessibleInterface(teeth)
        last = chart.child(31)
        assert last.isValid()
        teeth.set_chart(chart_for_age(24))
        assert chart.childCount() == 20
        assert not last.isValid()
        assert last.text(QAccessible.Text.Name) == ""
        assert last.state().invalid
        assert chart.child(0).text(QAccessible.Text.Name).startswith("55, ")

    def test_the_keyboards_way_is_told(self, make: Making) -> None:
        QAccessible.setActive(True)
        try:
            teeth = make()
            teeth.set_selection((36,))
            teeth.move_current(1)
            assert teeth.current() == 37
        finally:
            QAccessible.setActive(False)

    def test_nothing_of_it_outlives_the_chart(self, theme: Theme) -> None:
        for _round in range(20):
            teeth = Odontogram(theme)
            chart = QAccessible.queryAccessibleInterface(teeth)
            numbers = [QAccessible.uniqueId(chart)]
            for index in (0, 31):
                tooth = chart.child(index)
                numbers += [QAccessible.uniqueId(tooth), QAccessible.uniqueId(tooth.child(0))]
            del chart, tooth
            teeth.deleteLater()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
            del teeth
            gc.collect()
            assert [QAccessible.accessibleInterface(one) for one in numbers] == [None] * 5


class TestLegend:
    def test_names_every_sign(self, qtbot: QtBot, theme: Theme) -> None:
        legend = Legend(theme)
        qtbot.addWidget(legend)
        assert legend.accessibleDescription() == (
            "P Planned, I In progress, D Done, E Existing here, W Existing elsewhere, "
            "R Referred, 4 Condition, ICDAS 0–6, ? Not examined"
        )

    def test_breaks_where_it_is_narrow(self, qtbot: QtBot, theme: Theme) -> None:
        legend = Legend(theme)
        qtbot.addWidget(legend)
        assert legend.sizeHint().width() <= 1028
        assert legend.heightForWidth(1028) == legend.sizeHint().height()
        assert legend.heightForWidth(500) > legend.heightForWidth(1028)
        assert legend.hasHeightForWidth()

    def test_takes_on_a_theme(self, qtbot: QtBot, theme: Theme) -> None:
        box = QWidget()
        qtbot.addWidget(box)
        layout = QVBoxLayout(box)
        legend = Legend(theme, box)
        layout.addWidget(legend)
        box.resize(900, 120)
        box.show()
        light = legend.grab().toImage()
        theme.use("contrast")
        assert legend.grab().toImage() != light
        assert legend.minimumSizeHint().width() < 250


def test_faces_and_clicks_agree(qtbot: QtBot, make: Making) -> None:
    teeth = make()
    for fdi in (*UPPER, *LOWER):
        cell = teeth.picture().by_tooth[fdi]
        code = teeth.picture().face_at(cell, QPointF(cell.middle))
        assert code in "OI"


def test_in_small_an_unexamined_tooth_is_no_sound_one(qtbot: QtBot, theme: Theme) -> None:
    """The small picture has no diagrams, so the crown itself has to say it."""
    teeth = Odontogram(theme, mini=True)
    qtbot.addWidget(teeth)
    teeth.resize(620, 220)
    sound = adult_chart(ToothState.PRESENT)
    teeth.set_chart(sound)
    before = picture(teeth)
    teeth.set_chart(sound.with_views(ToothView(11, ToothState.NOT_EXAMINED, ())))
    assert picture(teeth) != before
