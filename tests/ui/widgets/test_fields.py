"""Fields driven by keys: what is read, when it is checked, what is said."""

from datetime import date, time

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.errors import InvalidError
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.fields import (
    Choice,
    DateField,
    Field,
    LineEdit,
    MoneyField,
    NumberField,
    SearchField,
    TextArea,
    TimeField,
)

TODAY = date(2026, 3, 12)


def born(theme: Theme) -> DateField:
    return DateField(
        theme=theme, locale="en_IE", today=TODAY, earliest=date(1900, 1, 1), latest=TODAY
    )


def money(theme: Theme, **more: object) -> MoneyField:
    return MoneyField(theme=theme, currency="EUR", locale="en_IE", **more)  # type: ignore[arg-type]  # tests


class Form(QWidget):
    """A form of one field and a second line to go to."""

    def __init__(self, field: Field, theme: Theme) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.addWidget(field)
        self.next = LineEdit(theme=theme)
        column.addWidget(self.next)


@pytest.fixture
def form(qtbot: QtBot, theme: Theme):
    def make(field: Field) -> Form:
        made = Form(field, theme)
        qtbot.addWidget(made)
        with qtbot.waitExposed(made):
            made.show()
        made.activateWindow()
        field.editor.setFocus()
        qtbot.waitUntil(field.editor.hasFocus)
        return made

    return make


class TestDate:
    @pytest.mark.parametrize("typed", ["3.9.84", "1984-09-03", "03/09/1984", "3 sep 1984"])
    def test_usual_ways_are_written_out_on_leaving(
        self, qtbot: QtBot, theme: Theme, form, typed: str
    ) -> None:
        field = Field("Birth date", born(theme), theme=theme)
        form(field)
        qtbot.keyClicks(field.editor, typed)
        qtbot.keyClick(field.editor, Qt.Key.Key_Tab)
        assert field.editor.text() == "3 Sep 1984"
        assert field.editor.value() == date(1984, 9, 3)
        assert field.state() == ""

    def test_a_wrong_day_is_said_on_leaving_and_checked_while_mended(
        self, qtbot: QtBot, theme: Theme, form
    ) -> None:
        field = Field("Birth date", born(theme), theme=theme)
        window = form(field)
        qtbot.keyClicks(field.editor, "31.02.198")
        assert field.sentence() == ""
        qtbot.keyClicks(field.editor, "4")
        qtbot.keyClick(field.editor, Qt.Key.Key_Tab)
        assert window.next.hasFocus()
        assert field.sentence() == "February 1984 has 29 days."
        assert field.editor.accessibleDescription() == "February 1984 has 29 days."
        assert field.editor.property("state") == "error"
        assert field.editor.text() == "31.02.1984"
        field.editor.setFocus()
        field.editor.setCursorPosition(2)
        qtbot.keyClick(field.editor, Qt.Key.Key_Backspace)
        assert field.sentence() == ""
        assert field.editor.accessibleDescription() == ""
        assert field.editor.property("state") == ""

    @pytest.mark.parametrize("typed", ["1.1.0001", "31.12.9999", "13.3.2026"])
    def test_outside_the_limits(self, qtbot: QtBot, theme: Theme, form, typed: str) -> None:
        field = Field("Birth date", born(theme), theme=theme)
        form(field)
        qtbot.keyClicks(field.editor, typed)
        qtbot.keyClick(field.editor, Qt.Key.Key_Tab)
        assert field.state() == "error"
        assert field.editor.text() == typed
        with pytest.raises(InvalidError):
            field.editor.value()

    def test_empty_is_none(self, qtbot: QtBot, theme: Theme) -> None:
        editor = born(theme)
        qtbot.addWidget(editor)
        assert editor.value() is None
        editor.set_value(date(2020, 2, 29))
        assert editor.text() == "29 Feb 2020"


class TestTimeAndNumber:
    def test_time_is_written_out(self, qtbot: QtBot, theme: Theme, form) -> None:
        field = Field("From", TimeField(theme=theme), theme=theme)
        form(field)
        qtbot.keyClicks(field.editor, "930")
        qtbot.keyClick(field.editor, Qt.Key.Key_Tab)
        assert (field.editor.text(), field.editor.value()) == ("09:30", time(9, 30))

    def test_a_time_that_is_none(self, qtbot: QtBot, theme: Theme, form) -> None:
        field = Field("From", TimeField(theme=theme), theme=theme)
        form(field)
        qtbot.keyClicks(field.editor, "25:00")
        qtbot.keyClick(field.editor, Qt.Key.Key_Tab)
        assert field.sentence() == "A day has hours from 0 to 23."

    def test_arrows_count_within_the_limits(self, qtbot: QtBot, theme: Theme) -> None:
        editor = NumberField(theme=theme, least=5, most=15, step=5, unit="min")
        qtbot.addWidget(editor)
        seen = []
        for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Down):
            qtbot.keyClick(editor, key)
            seen.append(editor.value())
        assert seen == [5, 10, 15, 15, 10]

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [("4", "The number has to be from 5 to 15."), ("x", "Write a whole number in figures."),
         ("1.5", "Write a whole number in figures.")],
    )  # fmt: skip
    def test_other_numbers_are_refused(
        self, qtbot: QtBot, theme: Theme, typed: str, sentence: str
    ) -> None:
        editor = NumberField(theme=theme, least=5, most=15)
        qtbot.addWidget(editor)
        qtbot.keyClicks(editor, typed)
        assert editor.problem() == sentence


class TestMoney:
    @pytest.mark.parametrize("typed", ["1234.5", "1,234.50", "EUR 1234,50"])
    def test_read_in_minor_units_and_written_out(
        self, qtbot: QtBot, theme: Theme, form, typed: str
    ) -> None:
        field = Field("Amount", money(theme), theme=theme)
        form(field)
        qtbot.keyClicks(field.editor, typed)
        qtbot.keyClick(field.editor, Qt.Key.Key_Tab)
        assert field.editor.value() == 123450
        assert field.editor.text() == "1,234.50"

    def test_below_zero_only_where_it_makes_sense(self, qtbot: QtBot, theme: Theme) -> None:
        plain, adjusting = money(theme, value=-500), money(theme, value=-500, negative=True)
        for editor in (plain, adjusting):
            qtbot.addWidget(editor)
        assert plain.problem() == "The amount cannot be below zero."
        assert adjusting.value() == -500

    def test_the_figures_stand_clear_of_the_sign(self, qtbot: QtBot, theme: Theme) -> None:
        editor = money(theme, value=18400, large=True)
        qtbot.addWidget(editor)
        editor.grab()
        assert editor.textMargins().left() > 10


class TestField:
    def test_required_is_said_and_marked(self, qtbot: QtBot, theme: Theme, form) -> None:
        field = Field("First name", LineEdit(theme=theme), theme=theme, required=True)
        form(field)
        assert field.editor.accessibleName() == "First name, required"
        qtbot.keyClicks(field.editor, "  ")
        qtbot.keyClick(field.editor, Qt.Key.Key_Tab)
        assert field.sentence() == "First name is needed."
        field.editor.setFocus()
        qtbot.keyClicks(field.editor, "Ines")
        assert field.sentence() == ""
        assert field.validate()

    def test_the_forms_own_check(self, qtbot: QtBot, theme: Theme) -> None:
        field = Field("Reason", TextArea(theme=theme), theme=theme)
        qtbot.addWidget(field)
        field.set_check(lambda: None if len(field.editor.text()) > 9 else "Ten letters or more.")
        assert not field.validate()
        assert field.sentence() == "Ten letters or more."
        qtbot.keyClicks(field.editor, "because it hurts")
        assert field.sentence() == ""

    def test_a_refusal_from_the_server_stays_until_it_is_asked_again(
        self, qtbot: QtBot, theme: Theme, form
    ) -> None:
        field = Field("Record number", LineEdit("10482", theme=theme), theme=theme)
        form(field)
        field.show_error("Number 10482 is taken.")
        qtbot.keyClick(field.editor, Qt.Key.Key_Tab)
        assert field.sentence() == "Number 10482 is taken."
        qtbot.keyClicks(field.editor, "3")
        assert field.sentence() == ""
        field.show_error("The server does not answer.")
        assert field.validate()
        assert field.sentence() == ""

    def test_a_warning_offers_an_act_and_does_not_block(self, qtbot: QtBot, theme: Theme) -> None:
        asked: list[bool] = []
        field = Field("Mobile", LineEdit("086", theme=theme), theme=theme, hint="With prefix")
        qtbot.addWidget(field)
        field.show()
        field.show_warning("Erik has this number too.", "Same family?", lambda: asked.append(True))
        act = next(b for b in field.findChildren(QWidget) if getattr(b, "_kind", "") == "link")
        assert act.isVisible()
        qtbot.mouseClick(act, Qt.MouseButton.LeftButton)
        assert asked == [True]
        assert field.problem() is None
        field.clear()
        assert (field.sentence(), act.isVisible()) == ("With prefix", False)

    def test_a_choice_of_nothing_is_nothing(self, qtbot: QtBot, theme: Theme) -> None:
        choice = Choice([("Portuguese", "pt"), ("English", "en")], theme=theme)
        field = Field("Language", choice, theme=theme, required=True)
        qtbot.addWidget(field)
        assert choice.value() is None
        assert not field.validate()
        with qtbot.waitSignal(choice.chosen) as told:
            qtbot.keyClick(choice, Qt.Key.Key_Down)
        assert told.args == ["pt"]
        assert field.state() == ""

    def test_a_choice_keeps_its_value_when_the_options_change(
        self, qtbot: QtBot, theme: Theme
    ) -> None:
        choice = Choice([("A", 1), ("B", 2)], theme=theme, value=2)
        qtbot.addWidget(choice)
        choice.set_options([("C", 3), ("B", 2)])
        assert choice.value() == 2
        choice.set_options([("C", 3)])
        assert choice.value() is None

    @pytest.mark.parametrize("text", ["<b>x</b>", "😀" * 200, "\u202e", "\0a", "x" * 5000])
    def test_absurd_text_is_kept_as_text(self, qtbot: QtBot, theme: Theme, text: str) -> None:
        line, area = LineEdit(text, theme=theme), TextArea(text, theme=theme)
        for editor in (line, area):
            qtbot.addWidget(editor)
            editor.grab()
        assert len(line.text()) <= 500
        assert area.text() == text.replace("\0", "\0")

    def test_tab_leaves_a_text_area(self, qtbot: QtBot, theme: Theme, form) -> None:
        field = Field("Note", TextArea(theme=theme), theme=theme)
        window = form(field)
        qtbot.keyClick(field.editor, Qt.Key.Key_Tab)
        assert window.next.hasFocus()

    def test_too_long_a_text_is_said(self, qtbot: QtBot, theme: Theme) -> None:
        area = TextArea("x" * 12, theme=theme, longest=10)
        qtbot.addWidget(area)
        assert area.problem() == "The text is 2 characters too long."


class TestSearch:
    def test_asks_once_after_the_last_key(self, qtbot: QtBot, theme: Theme) -> None:
        search = SearchField("Find", theme=theme, key="Ctrl+K")
        qtbot.addWidget(search)
        asked: list[str] = []
        search.searched.connect(asked.append)
        with qtbot.waitSignal(search.searched):
            qtbot.keyClicks(search, " lin car ")
        assert asked == ["lin car"]

    def test_enter_does_not_wait(self, qtbot: QtBot, theme: Theme) -> None:
        search = SearchField("Find", theme=theme)
        qtbot.addWidget(search)
        qtbot.keyClicks(search, "ines")
        with qtbot.waitSignal(search.searched, timeout=20) as told:
            qtbot.keyClick(search, Qt.Key.Key_Return)
        assert told.args == ["ines"]

    def test_escape_clears_and_down_goes_to_the_list(self, qtbot: QtBot, theme: Theme) -> None:
        search = SearchField("Find", theme=theme)
        qtbot.addWidget(search)
        qtbot.keyClicks(search, "x")
        qtbot.keyClick(search, Qt.Key.Key_Escape)
        assert search.text() == ""
        with qtbot.waitSignal(search.went_down):
            qtbot.keyClick(search, Qt.Key.Key_Down)

    def test_the_text_stays_clear_of_the_note(self, qtbot: QtBot, theme: Theme) -> None:
        search = SearchField("Find", theme=theme, large=True)
        qtbot.addWidget(search)
        before = search.textMargins().right()
        search.set_note("9 matches, 38 ms")
        assert search.textMargins().right() > before + 60
        assert search.childAt(QPoint(5, 5)) is None
