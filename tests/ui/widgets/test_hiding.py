"""Parts that are left out of a screen, and what showing a part too early would do."""

import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_desktop.ui.widgets import buttons
from clinic_desktop.ui.widgets.hiding import hide_unless


class TestHiding:
    def test_only_what_is_not_wanted_is_hidden(self, qtbot, theme) -> None:
        page = QWidget()
        qtbot.addWidget(page)
        kept, left_out = (buttons.Button(words, theme=theme) for words in ("One", "Two"))
        hide_unless(kept, True)
        hide_unless(left_out, False)
        column = QVBoxLayout(page)
        column.addWidget(kept)
        column.addWidget(left_out)
        page.show()
        assert kept.isVisible()
        assert not left_out.isVisible()

    def test_a_part_shown_by_itself_fails_the_test(self, theme) -> None:
        """The watch over every test of a screen sees it, whoever of the program shows it."""
        part = buttons.Button("Alone", theme=theme)
        code = compile("part.setVisible(True)", buttons.__file__, "exec")
        with pytest.raises(AssertionError, match="is no window"):
            exec(code, {"part": part})  # noqa: S102 - our own line, as if it stood there
        part.deleteLater()
