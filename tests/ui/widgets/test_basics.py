"""Buttons, labels, tags: what they say, how large they are, and that text stays text."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.ui.theme.theme import THEMES, Theme
from clinic_desktop.ui.widgets.buttons import KINDS, Button
from clinic_desktop.ui.widgets.labels import KeyHint, Label, Tag, plain_tip
from clinic_desktop.ui.widgets.painting import TAG_KINDS, TagSpec, lay_out, one_line, tag_width
from clinic_desktop.ui.widgets.pictures import Avatar, Icon

ABSURD = (
    "", " ", "<b>bold</b>", "&amp; & && &x", "\0", "a\nb\r\nc\td", "\u202eevil\u202c",
    "\u200b\u200f", "😀" * 300, "x" * 20_000, "\ud800",
    "محمد الحسيني <i>1</i> 陳美玲", "\U0010ffff",
)  # fmt: skip


class TestButton:
    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("name", THEMES)
    def test_every_kind_is_drawn_in_every_theme(
        self, qtbot: QtBot, theme: Theme, kind: str, name: str
    ) -> None:
        theme.use(name)
        button = Button("Take & print", theme=theme, icon="printer", key="Ctrl+Enter", kind=kind)
        qtbot.addWidget(button)
        shown = button.grab().toImage()
        button.setEnabled(False)
        assert button.grab().toImage() != shown

    def test_an_arrow_with_ctrl_is_the_screens(self, qtbot: QtBot, theme: Theme) -> None:
        """Qt moves the focus by any arrow: Ctrl+Right on Try again is to be the next day."""
        heard: list[int] = []

        class Page(QWidget):
            def keyPressEvent(self, event: QKeyEvent) -> None:
                heard.append(event.key())

        page = Page()
        qtbot.addWidget(page)
        row = QHBoxLayout(page)
        first, second = Button("Try again", theme=theme), Button("Details", theme=theme)
        row.addWidget(first)
        row.addWidget(second)
        page.show()
        first.setFocus()
        qtbot.keyClick(first, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
        assert Qt.Key.Key_Right in heard

    def test_an_ampersand_is_an_ampersand(self, qtbot: QtBot, theme: Theme) -> None:
        button = Button("Sign & print", theme=theme)
        qtbot.addWidget(button)
        assert button.text() == "Sign & print"
        assert button.shortcut().isEmpty()

    def test_the_key_is_in_tooltip_and_description(self, qtbot: QtBot, theme: Theme) -> None:
        button = Button("Pay", theme=theme, key="Y")
        qtbot.addWidget(button)
        assert button.toolTip() == "Pay (Y)"
        assert button.accessibleDescription() == "Key: Y"

    def test_an_icon_alone_has_a_name(self, qtbot: QtBot, theme: Theme) -> None:
        button = Button(theme=theme, icon="phone", name="Call")
        qtbot.addWidget(button)
        assert button.accessibleName() == "Call"
        assert button.toolTip() == "Call"
        assert button.sizeHint().width() >= 28

    def test_click_and_space_press_it(self, qtbot: QtBot, theme: Theme) -> None:
        button = Button("Seat", theme=theme)
        qtbot.addWidget(button)
        with qtbot.waitSignal(button.clicked):
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        with qtbot.waitSignal(button.clicked):
            qtbot.keyClick(button, Qt.Key.Key_Space)

    def test_a_bound_key_presses_it(self, qtbot: QtBot, theme: Theme) -> None:
        window = QWidget()
        qtbot.addWidget(window)
        row = QHBoxLayout(window)
        button = Button("Find", theme=theme, key="Ctrl+J", shortcut=True)
        row.addWidget(button)
        with qtbot.waitExposed(window):
            window.show()
        window.activateWindow()
        with qtbot.waitSignal(button.clicked):
            qtbot.keyClick(window, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)

    @pytest.mark.parametrize("density", ["compact", "regular", "touch"])
    def test_targets_are_large_enough(self, qtbot: QtBot, theme: Theme, density: str) -> None:
        theme.use_density(density)
        least = 48 if density == "touch" else 28
        for small in (False, True):
            for made in (
                Button("OK", theme=theme, small=small),
                Button(theme=theme, icon="x", name="Close", small=small),
            ):
                qtbot.addWidget(made)
                assert made.sizeHint().height() >= least
                assert made.sizeHint().width() >= least

    def test_the_key_gives_way_before_the_words(self, qtbot: QtBot, theme: Theme) -> None:
        with_key = Button("Take payment", theme=theme, key="Ctrl+Enter")
        without = Button("Take payment", theme=theme)
        for button in (with_key, without):
            qtbot.addWidget(button)
        assert with_key.minimumSizeHint().width() == pytest.approx(
            without.sizeHint().width(), abs=1
        )


class TestLabel:
    @pytest.mark.parametrize("text", ABSURD)
    @pytest.mark.parametrize("wrap", [False, True])
    def test_absurd_text_is_drawn_as_text(
        self, qtbot: QtBot, theme: Theme, text: str, wrap: bool
    ) -> None:
        label = Label(text, theme=theme, wrap=wrap, lines=2)
        qtbot.addWidget(label)
        label.resize(120, 40)
        label.grab()
        assert label.textFormat() == Qt.TextFormat.PlainText

    def test_markup_is_shown_literally(self, qtbot: QtBot, theme: Theme) -> None:
        marked, plain = Label("<b>Ana</b>", theme=theme), Label("Ana", theme=theme)
        for label in (marked, plain):
            qtbot.addWidget(label)
        assert marked.sizeHint().width() > plain.sizeHint().width() + 20

    def test_what_is_cut_is_told_whole(self, qtbot: QtBot, theme: Theme) -> None:
        name = "Bartholomew <Featherstonehaugh>-Okonkwo"
        label = Label(name, theme=theme)
        qtbot.addWidget(label)
        label.resize(400, 18)
        label.show()
        assert label.toolTip() == ""
        label.resize(80, 18)
        assert label.toolTip() == "<span>Bartholomew &lt;Featherstonehaugh&gt;-Okonkwo</span>"
        assert label.text() == name

    def test_wrapped_text_gets_the_height_it_needs(self, qtbot: QtBot, theme: Theme) -> None:
        label = Label("one two three four five six " * 8, theme=theme, wrap=True)
        qtbot.addWidget(label)
        line = theme.line_height("body")
        assert label.heightForWidth(2000) == line
        assert label.heightForWidth(120) % line == 0
        assert label.heightForWidth(120) > label.heightForWidth(240) > line

    def test_lines_are_limited(self, qtbot: QtBot, theme: Theme) -> None:
        label = Label("one two three four five six " * 8, theme=theme, wrap=True, lines=2)
        qtbot.addWidget(label)
        assert label.heightForWidth(100) == 2 * theme.line_height("body")

    def test_follows_the_theme(self, qtbot: QtBot, theme: Theme) -> None:
        label = Label("Today", theme=theme, size="title")
        qtbot.addWidget(label)
        before = label.grab().toImage()
        theme.use("dark")
        assert label.grab().toImage() != before
        theme.use_density("touch")
        assert label.font().pixelSize() == 23


class TestTag:
    @pytest.mark.parametrize("kind", TAG_KINDS)
    @pytest.mark.parametrize("name", THEMES)
    def test_every_kind_in_every_theme(
        self, qtbot: QtBot, theme: Theme, kind: str, name: str
    ) -> None:
        theme.use(name)
        tag = Tag(kind, "info", "Not recorded", theme=theme)
        qtbot.addWidget(tag)
        image = tag.grab().toImage()
        assert len({image.pixel(x, 10) for x in range(image.width())}) > 3
        assert tag.accessibleName() == "Not recorded"

    def test_unknown_is_hatched_without_colour(self, qtbot: QtBot, theme: Theme) -> None:
        def greys(kind: str) -> int:
            tag = Tag(kind, None, " " * 20, theme=theme)
            qtbot.addWidget(tag)
            image = tag.grab().toImage()
            return len({image.pixelColor(x, 10).lightness() for x in range(5, image.width() - 5)})

        assert greys("unknown") >= 2
        assert greys("danger") == 1

    def test_changes_what_it_says(self, qtbot: QtBot, theme: Theme) -> None:
        tag = Tag("plain", None, "Active", theme=theme)
        qtbot.addWidget(tag)
        tag.set_tag("warning", "door-open", "Arrived")
        assert (tag.text(), tag.kind(), tag.accessibleName()) == ("Arrived", "warning", "Arrived")
        assert tag.sizeHint().width() == round(
            tag_width(TagSpec("warning", "Arrived", "door-open"), theme) + 1
        )

    @pytest.mark.parametrize("text", ABSURD)
    def test_absurd_text(self, qtbot: QtBot, theme: Theme, text: str) -> None:
        tag = Tag("unknown", "circle-help", text, theme=theme)
        qtbot.addWidget(tag)
        tag.resize(90, 20)
        tag.grab()


class TestSmallOnes:
    def test_key_icon_and_initials_are_drawn(self, qtbot: QtBot, theme: Theme) -> None:
        for made in (
            KeyHint("Ctrl+Shift+N", theme=theme),
            Icon("tooth", theme=theme, role="accent", size=24, name="Clinic Desktop"),
            Avatar("SK", theme=theme),
            Avatar("😀", theme=theme, size=44),
        ):
            qtbot.addWidget(made)
            image = made.grab().toImage()
            assert len({image.pixel(x, image.height() // 2) for x in range(image.width())}) > 1


class TestText:
    def test_one_line(self) -> None:
        assert one_line("a\r\n\tb\u2028c") == "a b c"

    def test_a_right_to_left_line_has_its_own_direction(
        self, theme: Theme, qapp: QApplication
    ) -> None:
        arabic = lay_out("محمد الحسيني (3)", theme.font("body"), 400)[0]
        latin = lay_out("Mohammed (3)", theme.font("body"), 400)[0]
        assert arabic.lineAt(0).cursorToX(0)[0] > arabic.lineAt(0).cursorToX(8)[0]
        assert latin.lineAt(0).cursorToX(0)[0] < latin.lineAt(0).cursorToX(8)[0]

    def test_a_tooltip_is_never_read_as_markup(self) -> None:
        assert plain_tip("Ana Reis") == "Ana Reis"
        assert plain_tip("<img src=x>") == "<span>&lt;img src=x&gt;</span>"
