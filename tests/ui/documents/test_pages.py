"""The pages on screen: sizes, places, keys, and drawing in small steps."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clinic_desktop.documents.invoice import render_invoice
from clinic_desktop.documents.preview import Preview
from clinic_desktop.ui.documents.pages import ZOOMS, PagesView
from clinic_desktop.ui.theme.theme import Theme
from tests.documents.samples import head, invoice, logo


@pytest.fixture(scope="module")
def preview() -> Iterator[Preview]:
    with Preview(render_invoice(invoice(count=60, head=head(logo=logo())))) as opened:
        yield opened


@pytest.fixture
def pages(qtbot: QtBot, theme: Theme, preview: Preview) -> PagesView:
    view = PagesView(theme)
    qtbot.addWidget(view)
    view.resize(800, 700)
    view.show_preview(preview)
    view.show()
    qtbot.waitExposed(view)
    qtbot.waitUntil(lambda: view.drawn)
    return view


def shown(view: PagesView) -> QImage:
    return view.viewport().grab().toImage()


def ink(image: QImage) -> int:
    """How many dots of a sparse grid are dark."""
    return sum(
        image.pixelColor(x, y).lightness() < 100
        for x in range(0, image.width(), 2)
        for y in range(0, image.height(), 2)
    )


class TestPagesView:
    def test_fits_the_width_of_the_window(self, pages: PagesView, qtbot: QtBot) -> None:
        assert pages.horizontalScrollBar().maximum() == 0
        before = pages.zoom
        pages.resize(500, 700)
        assert pages.zoom < before
        assert pages.horizontalScrollBar().maximum() == 0

    def test_draws_the_page_with_its_logo(self, pages: PagesView) -> None:
        image = shown(pages)
        teal = [
            (x, y)
            for x in range(0, image.width(), 4)
            for y in range(0, image.height(), 4)
            if image.pixelColor(x, y).red() < 60 < image.pixelColor(x, y).green() < 130
        ]
        assert len(teal) > 50
        assert ink(image) > 200

    @pytest.mark.parametrize("name", ["dark", "contrast"])
    def test_paper_is_white_in_every_theme(
        self, pages: PagesView, theme: Theme, name: str, qtbot: QtBot
    ) -> None:
        theme.use(name)
        qtbot.waitUntil(lambda: pages.drawn)
        image = shown(pages)
        middle = image.pixelColor(image.width() // 2, 40)
        assert middle.name() == "#ffffff"
        assert image.pixelColor(3, 3) == theme.color("sunken")

    def test_keys_zoom(self, pages: PagesView, qtbot: QtBot) -> None:
        start = pages.zoom
        qtbot.keyClick(pages, Qt.Key.Key_Plus)
        assert pages.zoom > start
        assert pages.zoom in ZOOMS
        qtbot.keyClick(pages, Qt.Key.Key_Minus)
        qtbot.keyClick(pages, Qt.Key.Key_Minus)
        assert pages.zoom < start
        qtbot.keyClick(pages, Qt.Key.Key_0)
        assert pages._page_rect(0).height() <= pages.viewport().height()
        qtbot.keyClick(pages, Qt.Key.Key_W)
        assert pages.zoom == pytest.approx(start)

    def test_zoom_has_ends(self, pages: PagesView, qtbot: QtBot) -> None:
        for _ in range(20):
            qtbot.keyClick(pages, Qt.Key.Key_Plus)
        assert pages.zoom == ZOOMS[-1]
        for _ in range(20):
            qtbot.keyClick(pages, Qt.Key.Key_Minus)
        assert pages.zoom == ZOOMS[0]
        qtbot.waitUntil(lambda: pages.drawn)

    def test_keys_go_from_page_to_page(self, pages: PagesView, qtbot: QtBot) -> None:
        assert (pages.current, pages.count) == (0, 4)
        qtbot.keyClick(pages, Qt.Key.Key_PageDown)
        assert pages.current == 1
        qtbot.keyClick(pages, Qt.Key.Key_End)
        assert pages.current == 3
        qtbot.keyClick(pages, Qt.Key.Key_PageUp)
        assert pages.current == 2
        qtbot.keyClick(pages, Qt.Key.Key_Home)
        assert pages.current == 0
        qtbot.keyClick(pages, Qt.Key.Key_Down)
        assert pages.verticalScrollBar().value() > 0

    def test_zooming_keeps_the_page_in_view(self, pages: PagesView, qtbot: QtBot) -> None:
        pages.go_to(2)
        for _ in range(3):
            qtbot.keyClick(pages, Qt.Key.Key_Plus)
        assert pages.current == 2

    def test_the_wheel_zooms_with_ctrl_only(self, pages: PagesView) -> None:
        def turn(modifier: Qt.KeyboardModifier, steps: int) -> None:
            place = QPointF(100, 100)
            event = QWheelEvent(
                place, pages.viewport().mapToGlobal(place), QPoint(), QPoint(0, 120 * steps),
                Qt.MouseButton.NoButton, modifier, Qt.ScrollPhase.NoScrollPhase, False,
            )  # fmt: skip
            QApplication.sendEvent(pages.viewport(), event)

        start = pages.zoom
        turn(Qt.KeyboardModifier.NoModifier, -1)
        assert pages.zoom == start
        assert pages.verticalScrollBar().value() > 0
        turn(Qt.KeyboardModifier.ControlModifier, 1)
        assert pages.zoom > start
        turn(Qt.KeyboardModifier.ControlModifier, -1)
        turn(Qt.KeyboardModifier.ControlModifier, -1)
        assert pages.zoom < start

    def test_keeps_a_limited_number_of_pictures(
        self, pages: PagesView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # Less than what is in view, which is kept all the same.
        monkeypatch.setattr("clinic_desktop.ui.documents.pages._KEPT_BYTES", 1_000_000)
        for number in range(pages.count):
            pages.go_to(number)
            pages.viewport().repaint()
            qtbot.waitUntil(lambda: pages.drawn)
        kept = sum(image.sizeInBytes() for image in pages._bands.values())
        assert kept < 6_000_000

    def test_says_where_it_is_to_screen_readers(self, pages: PagesView, qtbot: QtBot) -> None:
        assert pages.accessibleName()
        qtbot.keyClick(pages, Qt.Key.Key_End)
        assert pages.accessibleDescription() == "Page 4 of 4"

    def test_shows_nothing_without_a_paper(self, pages: PagesView, qtbot: QtBot) -> None:
        pages.show_preview(None)
        assert pages.count == 0
        qtbot.keyClick(pages, Qt.Key.Key_Plus)
        qtbot.keyClick(pages, Qt.Key.Key_PageDown)
        pages.viewport().repaint()
        assert pages.drawn
