"""What the tooth chart draws: each state and word tells itself apart without colour."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtGui import QImage, QPainter
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
    framed,
)
from clinic_desktop.domain.teeth.dentition import PERMANENT
from clinic_desktop.domain.vocabulary import terms
from clinic_desktop.ui.chart.chart_painter import ChartPainter, Scene
from clinic_desktop.ui.chart.inks import make_inks
from clinic_desktop.ui.chart.odontogram import Odontogram
from clinic_desktop.ui.theme.theme import THEMES, Theme
from tests.ui.chart.odontogram.charts import Making, mark, of_tooth, picture, with_marks


@contextmanager
def unwatched() -> Iterator[None]:
    """Without coverage or a debugger looking at each line, which takes longer than the drawing."""
    tracer = sys.gettrace()
    sys.settrace(None)
    yield
    sys.settrace(tracer)


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
