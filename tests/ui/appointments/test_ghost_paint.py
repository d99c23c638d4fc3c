"""A drag paints its ghost alone, and what is then on the screen is what painting all would show."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QImage, QRegion
from PySide6.QtWidgets import QApplication

from clinic_desktop.bench.dragging import Led
from clinic_desktop.bench.screens import DAY, sheet_of
from clinic_desktop.ui.appointments.grid import DayGrid
from tests.ui.appointments.test_moving import drag, place


class Painted(QObject):
    """Keeps a picture of a viewport by painting into it what the viewport itself paints anew."""

    def __init__(self, grid: DayGrid) -> None:
        super().__init__()
        self._grid = grid
        self.regions: list[QRegion] = []
        view = grid.viewport()
        self.seen = QImage(view.size(), QImage.Format.Format_ARGB32_Premultiplied)
        self.seen.fill(Qt.GlobalColor.white)
        self._whole(self.seen)
        view.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.regions.append(QRegion(event.region()))
        return False

    def catch_up(self) -> int:
        """Paint what was asked for since; return how many pixels it is."""
        QApplication.processEvents()
        regions, self.regions = self.regions, []
        self._grid.viewport().removeEventFilter(self)
        pixels = 0
        for region in regions:
            corner = region.boundingRect().topLeft()
            self._grid.viewport().render(self.seen, corner, region)
            box = region.boundingRect()
            pixels += box.width() * box.height()
        self._grid.viewport().installEventFilter(self)
        return pixels

    def _whole(self, picture: QImage) -> None:
        self._grid.viewport().render(picture)

    def alike(self) -> bool:
        """Return whether the picture is what painting all would show."""
        self._grid.viewport().removeEventFilter(self)
        whole = QImage(self.seen.size(), self.seen.format())
        whole.fill(Qt.GlobalColor.white)
        self._whole(whole)
        self._grid.viewport().installEventFilter(self)
        here, there = (
            np.frombuffer(one.constBits(), np.uint8).astype(int) for one in (self.seen, whole)
        )
        return int(np.abs(here - there).max()) <= 3


def week():
    return [sheet_of(5, 30, DAY.replace(day=DAY.day + day)) for day in range(7)]


@pytest.fixture
def led(qtbot, theme):
    made = Led(theme, week(), week()[0].now)
    qtbot.addWidget(made.grid)
    return made


def test_each_move_paints_where_it_was_and_where_it_is(led) -> None:
    led.take()
    painted = Painted(led.grid)
    seen = led.grid.viewport().rect()
    for at in led.path()[3:40:4]:
        led.lead(at)
        painted.catch_up()
        assert painted.alike(), at
    # Down a column two ghosts are all of it.
    led.lead(led.path()[1])
    painted.catch_up()
    led.lead(led.path()[2])
    assert 0 < painted.catch_up() < seen.width() * seen.height() / 50


def test_all_of_it_when_it_is_taken_and_let_go(led) -> None:
    painted = Painted(led.grid)
    led.take()
    painted.catch_up()
    assert painted.alike()
    led.grid.hand.forget()
    painted.catch_up()
    assert painted.alike()


def test_the_edge_and_a_drawn_span_too(calendar, qtbot, clinic) -> None:
    visit = clinic.visit(9, minutes=45)
    calendar.refresh()
    grid = calendar.grid
    qtbot.waitUntil(lambda: grid.geometry_of_day.block_of(visit) is not None)
    painted = Painted(grid)
    drag(qtbot, grid, place(grid, 1, 600), place(grid, 1, 660))
    qtbot.waitUntil(lambda: grid.hand.drag.known)
    painted.catch_up()
    assert painted.alike()
    for minute in (720, 615, 540):
        qtbot.mouseMove(grid.viewport(), place(grid, 1, minute))
        painted.catch_up()
        assert painted.alike()
    grid.hand.forget()
    rect = grid.on_screen(grid.geometry_of_day.block_of(visit).box)
    start = QPoint(int(rect.center().x()), int(rect.bottom()) - 2)
    drag(qtbot, grid, start, start + QPoint(0, 90))
    painted.catch_up()
    assert painted.alike()
