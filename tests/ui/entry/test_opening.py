"""While data are opened: the step in words, the busy line below it, the way out below both."""

import pytest

from clinic_desktop.ui.entry.opening import OpeningPage


class TestOpeningPage:
    @pytest.mark.parametrize("words", ["Starting…", "Keeping a backup before the upgrade… " * 5])
    def test_the_line_is_below_the_words(self, qtbot, theme, words) -> None:
        page = OpeningPage("Opening the clinic", theme=theme, on_stop=lambda: None)
        qtbot.addWidget(page)
        page.resize(400, 300)
        page.show()
        page.tell(words)
        page.layout().activate()
        qtbot.waitUntil(lambda: page._told.height() > 0 and page._line.isVisible())

        def edges(part) -> tuple[int, int]:
            top = part.mapTo(page, part.rect().topLeft()).y()
            return top, top + part.height()

        def apart() -> bool:
            told, line, stop = map(edges, (page._told, page._line, page.stop))
            return told[1] < line[0] < line[1] < stop[0]

        qtbot.waitUntil(apart)
        page.set_busy(False)
        assert not page._line.isVisible()
        assert not page._told.isVisible()
