"""Exams side by side in any width: nothing is scrolled to sideways, nothing of a value is cut."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.perio.exam import Exam, ToothReading
from clinic_desktop.domain.teeth.dentition import PERMANENT
from clinic_desktop.ui.perio.compare import ComparePage
from clinic_desktop.ui.perio.compared_figures import ComparedFigures, halves
from clinic_desktop.ui.written import Written

DAYS = [date(2024, 3, 5), date(2024, 9, 21), date(2025, 4, 9), date(2025, 10, 26),
        date(2026, 5, 14), date(2026, 11, 30)]  # fmt: skip


def exams(count: int) -> list[tuple[str, Exam]]:
    """Exams in which pockets of 16 grow and 36 was never measured."""
    found = []
    for number, day in enumerate(DAYS[:count]):
        teeth = {fdi: ToothReading(fdi, depth=(3,) * 6, margin=(0,) * 6) for fdi in PERMANENT}
        teeth[16] = ToothReading(16, depth=(3 + number, 3, 3, 3, 3, 10), margin=(0,) * 6)
        teeth[36] = ToothReading(36)
        found.append((format_date(day, "en_IE"), Exam(teeth, plaque_looked=number % 2 == 0)))
    return found


@pytest.fixture
def figures(qtbot, theme):
    def made(count: int, width: int, density: str = "regular") -> ComparedFigures:
        theme.use_density(density)
        shown = ComparedFigures(theme, "fdi")
        qtbot.addWidget(shown)
        shown.resize(width, 300)
        shown.show_exams(exams(count))
        shown.show()
        QApplication.processEvents()
        return shown

    yield made
    theme.use_density("regular")


class TestFigures:
    @pytest.mark.parametrize("width", [560, 640, 800, 1000, 1370])
    @pytest.mark.parametrize("count", [2, 4, 6])
    def test_no_width_scrolls_sideways(self, figures, count, width) -> None:
        table = figures(count, width).table
        assert table.horizontalScrollBar().maximum() == 0
        assert table.model().columnCount() in (count + 1, count + 2)

    @pytest.mark.parametrize(
        ("width", "density"),
        [(640, "regular"), (640, "touch"), (1000, "regular"), (1370, "touch")],
    )
    def test_of_six_each_value_and_day_is_read_whole(self, figures, width, density) -> None:
        table = figures(6, width, density).table
        model, header = table.model(), table.horizontalHeader()
        for column in range(1, 7):
            room = header.sectionSize(column)
            for row in range(model.rowCount()):
                assert table.cell_delegate.natural_width(model.index(row, column)) <= room + 1
        assert table.columnWidth(0) >= 100

    def test_folded_a_row_says_the_same(self, figures) -> None:
        wide, narrow = figures(6, 1370), figures(6, 640)
        assert wide.table is wide.plain
        assert narrow.table is narrow.folded

        def said(shown, row: int) -> set[str]:
            model = shown.table.model()
            cells = (model.index(row, n).data() or "" for n in range(model.columnCount()))
            return set(" ".join(cells).replace(",", "").replace(":", "").split())

        assert narrow.table.model().rowCount() == wide.table.model().rowCount() > 10
        for row in range(wide.table.model().rowCount()):
            assert said(narrow, row) == said(wide, row)
        titles = [
            narrow.table.model().headerData(n, Qt.Orientation.Horizontal).replace("\n", " ")
            for n in range(1, 7)
        ]
        assert titles == [day for day, _exam in exams(6)]

    def test_widened_it_unfolds_and_the_keyboard_stays(self, figures) -> None:
        shown = figures(6, 640)
        shown.activateWindow()
        shown.table.setFocus()
        QApplication.processEvents()
        held = shown.table.hasFocus()
        shown.resize(1370, 300)
        QApplication.processEvents()
        assert shown.table is shown.plain
        assert shown.table.hasFocus() is held

    @pytest.mark.parametrize(
        ("words", "lines"),
        [
            ("34 % of 180", ("34 %", "of 180")),
            ("0 % of 180", ("0 %", "of 180")),
            ("not looked for", ("not", "looked for")),
            ("5", ("5", "")),
            ("14 May 2026", ("14 May", "2026")),
        ],
    )
    def test_two_lines_as_short_as_they_can_be(self, words, lines) -> None:
        assert halves(words) == lines


class TestPage:
    @pytest.fixture
    def page(self, qtbot, theme):
        shown = ComparePage(theme, Written("en_IE", "EUR", "Europe/Dublin"), "fdi")
        qtbot.addWidget(shown)
        shown.resize(1370, 800)
        shown.show()
        return shown

    def test_where_it_is_high_both_parts_are_there(self, page) -> None:
        assert page.parts.isHidden()
        assert page.figures.isVisible()
        assert page.faces.isVisible()

    def test_where_it_is_low_one_at_a_time(self, page) -> None:
        page.resize(640, 240)
        QApplication.processEvents()
        assert page.parts.isVisible()
        assert not page.figures.isVisible()
        page.parts.set_value(True)
        page.parts.chosen.emit(True)
        assert page.figures.isVisible()
        assert not page.faces.isVisible()
        page.resize(1370, 800)
        QApplication.processEvents()
        assert page.figures.isVisible()
        assert page.faces.isVisible()
