"""Complete, the note that waits, its open places by Tab, signed: counted in keys."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from sqlalchemy import text

from clinic_desktop.models import NoteTemplate
from clinic_desktop.services.notes import service as notes
from tests.ui.chart.test_completion import press_complete

CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
BODY = (
    "{tooth} {surfaces}: {procedure}.\n"
    "Anaesthetic: {? anaesthetic: none / articaine 4 %}\n"
    "Shade: {? shade}"
)


@pytest.fixture
def templated(clinic):
    """Composite fillings open a note from a template."""
    template = clinic.make.row(NoteTemplate, name="Composite", body=BODY)
    with clinic.admin.writing() as ctx:
        ctx.connection.execute(
            text(
                "UPDATE treatment SET note_template_id = :t, version = version + 1 WHERE id = :id"
            ),
            {"t": template, "id": clinic.treatments["RST-020"]},
        )
    return template


def stored(clinic):
    with clinic.admin.reading() as ctx:
        return [(row.body, row.status, row.number) for row in notes.notes_of(ctx, clinic.patient)]


class Hands:
    """Presses keys where the focus is, and counts them."""

    def __init__(self, qtbot, window) -> None:
        self._qtbot, self._window, self.count = qtbot, window, 0

    def press(self, key, held=Qt.KeyboardModifier.NoModifier) -> None:
        self.count += 1
        self._qtbot.keyClick(QApplication.focusWidget() or self._window.window, key, held)

    def write(self, words: str) -> None:
        """Type words: typing is free."""
        self._qtbot.keyClicks(QApplication.focusWidget(), words)


@pytest.fixture
def noted(open_chart, clinic, templated, qtbot):
    """The notes tab after completing a filling with one key."""
    clinic.item("RST-020", 36, "MOD", "done")
    window, tab = open_chart()
    qtbot.waitUntil(tab.frame.line.hasFocus)
    press_complete(qtbot, window)
    qtbot.waitUntil(lambda: window.record.shown is window.record.made("notes"))
    shown = window.record.shown
    window.window.activateWindow()
    qtbot.waitUntil(lambda: shown.page.text.text() != "")
    qtbot.waitUntil(shown.page.text.hasFocus)
    return window, shown


class TestNoteOfVisit:
    def test_it_waits_with_its_open_places_named(self, noted, clinic) -> None:
        _window, tab = noted
        assert tab.page.text.text() == (
            "36 MOD: Composite filling.\nAnaesthetic: {? anaesthetic: none / articaine 4 %}\n"
            "Shade: {? shade}"
        )
        assert tab.page.state_word() == "Unsigned"
        assert tab.page.open_sentence() == "Open: anaesthetic, shade. Tab goes to the next."
        assert len(tab.page.text.extraSelections()) == 2
        assert [(status, number) for _body, status, number in stored(clinic)] == [("draft", 1)]

    def test_filled_and_signed_in_four_keys(self, noted, clinic, qtbot) -> None:
        window, tab = noted
        hands = Hands(qtbot, window)
        hands.press(Qt.Key.Key_Tab)
        assert tab.page.open_sentence() == (
            "anaesthetic: 1 none, 2 articaine 4 %; or type over it. Tab goes on."
        )
        hands.press(Qt.Key.Key_2)
        assert tab.page.text.place_selected().words == "shade"
        hands.write("A2")
        assert tab.page.open_sentence() == ""
        hands.press(Qt.Key.Key_Return, CONTROL)
        qtbot.waitUntil(tab.sign_dialog.close_button.hasFocus)
        hands.press(Qt.Key.Key_Return, CONTROL)
        said = "36 MOD: Composite filling.\nAnaesthetic: articaine 4 %\nShade: A2"
        qtbot.waitUntil(lambda: stored(clinic) == [(said, "signed", 2)])
        assert hands.count == 4, "Tab, the answer, sign, confirm"

    def test_signing_says_what_is_open_and_goes_there_when_it_is_not_done(
        self, noted, clinic, qtbot
    ) -> None:
        window, tab = noted
        hands = Hands(qtbot, window)
        hands.press(Qt.Key.Key_Return, CONTROL)
        qtbot.waitUntil(tab.sign_dialog.close_button.hasFocus)
        assert "Still open: anaesthetic, shade." in tab.sign_dialog.accessibleDescription()
        hands.press(Qt.Key.Key_Escape)
        qtbot.waitUntil(lambda: tab.page.text.place_selected() is not None)
        assert tab.page.text.place_selected().words == "anaesthetic"
        assert stored(clinic)[0][1] == "draft"

    def test_tab_leaves_behind_the_last_place(self, noted, qtbot) -> None:
        window, tab = noted
        hands = Hands(qtbot, window)
        for words in ("anaesthetic", "shade"):
            hands.press(Qt.Key.Key_Tab)
            assert tab.page.text.place_selected().words == words
        hands.press(Qt.Key.Key_Tab)
        assert not tab.page.text.hasFocus()

    def test_a_place_that_is_left_is_found_again_behind_an_emoji(self, noted, qtbot) -> None:
        _window, tab = noted
        tab.page.text.setText("🦷🦷 {tooth} and {? shade}")
        assert tab.page.text.go_to_next()
        assert tab.page.text.textCursor().selectedText() == "{tooth}"
        tab.page.text.textCursor().insertText("🦷")
        assert tab.page.text.go_to_next()
        assert tab.page.text.textCursor().selectedText() == "{? shade}"


class TestInsert:
    def test_any_note_takes_a_template_by_keys(self, open_as, clinic, templated, qtbot) -> None:
        window = open_as("u_dentist")
        tab = window.open(clinic.patient, "notes")
        qtbot.waitUntil(lambda: tab.panel.state == "content")
        window.window.activateWindow()
        tab.start_focus()
        hands = Hands(qtbot, window)
        hands.press(Qt.Key.Key_N, ALT)
        qtbot.waitUntil(tab.page.text.hasFocus)
        hands.write("Seen today.")
        hands.press(Qt.Key.Key_T, ALT)
        qtbot.waitUntil(lambda: tab.templates.dialog is not None)
        qtbot.waitUntil(tab.templates.dialog.line.hasFocus)
        hands.write("compos")
        assert [one.split("\n")[0] for one in tab.templates.dialog.shown()] == ["Composite"]
        hands.press(Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: "Shade" in tab.page.text.text())
        assert tab.page.text.text().startswith("Seen today.\n{tooth} {surfaces}: {procedure}.")
        assert tab.page.text.place_selected().words == "tooth"
        assert hands.count == 3, "new, template, take"
