"""Notes by keys on a real clinic: written, kept, saved on leaving, signed, amended, read only."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from sqlalchemy import text

from clinic_desktop.domain.ids import new_id
from clinic_desktop.services.notes import service as notes
from clinic_desktop.services.notes.schemas import NoteText
from clinic_desktop.ui.conflict import ConflictDialog
from clinic_desktop.ui.notes.drafting import NoteDraft, kept_draft
from clinic_desktop.ui.notes.rows import NoteFilter, NoteState

CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def write(signed_in, patient, body, *, sign=False, **more):
    note = NoteText(id=new_id(), version_id=new_id(), patient_id=patient, body=body, **more)
    with signed_in.writing() as ctx:
        (notes.sign_text if sign else notes.write)(ctx, note)
    return note.id


def stored(clinic):
    with clinic.admin.reading() as ctx:
        return [(row.body, row.status, row.number) for row in notes.notes_of(ctx, clinic.patient)]


def press(qtbot, window, key, held=Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(QApplication.focusWidget() or window.window, key, held)


def begin(qtbot, window, tab, words: str) -> None:
    window.window.activateWindow()
    tab.start_focus()
    press(qtbot, window, Qt.Key.Key_N, ALT)
    qtbot.waitUntil(tab.page.text.hasFocus)
    qtbot.keyClicks(tab.page.text, words)


class TestWriting:
    def test_an_empty_record_says_so(self, open_notes) -> None:
        _window, tab = open_notes()
        assert tab.page_panel.state == "empty"

    def test_a_note_is_a_draft_then_a_version_then_signed(self, open_notes, clinic, qtbot) -> None:
        window, tab = open_notes()
        begin(qtbot, window, tab, "36 MOD, articaine 1.7 ml")
        assert [line.state for line in tab.model.lines()] == [NoteState.DRAFT]
        assert tab.page.state_word() == "Draft"
        qtbot.waitUntil(lambda: kept_draft(window.drafts, clinic.patient) is not None)
        assert tab.page.footer.text().startswith("Draft kept ")
        assert stored(clinic) == []
        press(qtbot, window, Qt.Key.Key_S, CONTROL)
        qtbot.waitUntil(lambda: stored(clinic) == [("36 MOD, articaine 1.7 ml", "draft", 1)])
        qtbot.waitUntil(lambda: tab.page.state_word() == "Unsigned")
        assert tab.page.footer.text().startswith("Saved ")
        assert kept_draft(window.drafts, clinic.patient) is None
        press(qtbot, window, Qt.Key.Key_Return, CONTROL)
        dialog = tab.sign_dialog
        assert dialog.primary().text() == "Sign and lock"
        qtbot.waitUntil(dialog.close_button.hasFocus)
        qtbot.keyClick(dialog.close_button, Qt.Key.Key_Return, CONTROL)
        qtbot.waitUntil(lambda: stored(clinic) == [("36 MOD, articaine 1.7 ml", "signed", 1)])
        qtbot.waitUntil(lambda: tab.page.text.isReadOnly())
        assert tab.page.sentence().startswith("Signed by Dr Amara Nwosu")
        assert window.message.startswith("Signed and locked.")

    def test_signing_takes_what_was_typed_last(self, open_notes, clinic, qtbot) -> None:
        window, tab = open_notes()
        begin(qtbot, window, tab, "one")
        press(qtbot, window, Qt.Key.Key_S, CONTROL)
        qtbot.waitUntil(lambda: len(stored(clinic)) == 1 and not tab.writing.busy)
        qtbot.keyClicks(tab.page.text, " and two")
        press(qtbot, window, Qt.Key.Key_Return, CONTROL)
        tab.sign_dialog.primary().click()
        qtbot.waitUntil(lambda: stored(clinic) == [("one and two", "signed", 2)])

    def test_leaving_makes_a_version(self, open_notes, clinic, qtbot) -> None:
        window, tab = open_notes()
        begin(qtbot, window, tab, "left in the middle")
        window.open(clinic.patient, "chart")
        qtbot.waitUntil(lambda: stored(clinic) == [("left in the middle", "draft", 1)])
        qtbot.waitUntil(lambda: kept_draft(window.drafts, clinic.patient) is None)

    def test_another_patient_makes_a_version_too(self, open_notes, clinic, qtbot) -> None:
        window, tab = open_notes()
        begin(qtbot, window, tab, "for the first patient")
        window.open(clinic.make.patient("Yuki", "Tanabe"), "notes")
        qtbot.waitUntil(lambda: stored(clinic) == [("for the first patient", "draft", 1)])
        qtbot.waitUntil(lambda: kept_draft(window.drafts, clinic.patient) is None)
        qtbot.waitUntil(lambda: tab.page_panel.state == "empty")

    def test_a_closed_window_keeps_a_draft_and_no_version(self, open_notes, clinic, qtbot) -> None:
        window, tab = open_notes()
        begin(qtbot, window, tab, "the computer is locked now")
        window.windows.cover()
        kept = kept_draft(window.drafts, clinic.patient)
        assert kept is not None
        assert kept.body == "the computer is locked now"
        window.windows.uncover()
        assert tab.page.text.text() == "the computer is locked now"
        assert stored(clinic) == []
        tab.writing.discard()

    def test_another_note_chosen_stores_the_first(self, open_notes, clinic, sign_in, qtbot) -> None:
        write(sign_in("u_dentist2"), clinic.patient, "signed before", sign=True)
        window, tab = open_notes()
        begin(qtbot, window, tab, "half of it")
        tab.list.setFocus()
        press(qtbot, window, Qt.Key.Key_Down)
        qtbot.waitUntil(lambda: tab.page.text.isReadOnly())
        assert tab.page.text.text() == "signed before"
        assert ("half of it", "draft", 1) in stored(clinic)

    def test_discard_and_undo(self, open_notes, clinic, qtbot) -> None:
        window, tab = open_notes()
        begin(qtbot, window, tab, "not this")
        qtbot.mouseClick(tab.page.discard, Qt.MouseButton.LeftButton)
        assert tab.page_panel.state == "empty"
        assert window.message == "Draft discarded."
        window.desk.messages.undo()
        assert tab.page.text.text() == "not this"
        assert tab.page_panel.state == "content"
        qtbot.mouseClick(tab.page.discard, Qt.MouseButton.LeftButton)
        assert stored(clinic) == []

    def test_an_empty_note_is_not_signed(self, open_notes, clinic, qtbot) -> None:
        window, tab = open_notes()
        begin(qtbot, window, tab, " ")
        press(qtbot, window, Qt.Key.Key_Return, CONTROL)
        assert tab.page.refusal().startswith("The note is empty.")
        assert stored(clinic) == []

    def test_two_windows_of_one_author(self, open_notes, clinic, sign_in, qtbot) -> None:
        dentist = sign_in("u_dentist")
        note_id = write(dentist, clinic.patient, "before both")
        window, tab = open_notes()
        tab.page.text.moveCursor(tab.page.text.textCursor().MoveOperation.End)
        qtbot.keyClicks(tab.page.text, " mine")
        with dentist.writing() as ctx:
            notes.write(
                ctx,
                NoteText(
                    id=note_id, version_id=new_id(), patient_id=clinic.patient,
                    body="before both theirs", after=1,
                ),
            )  # fmt: skip
        press(qtbot, window, Qt.Key.Key_S, CONTROL)
        qtbot.waitUntil(lambda: tab.findChild(ConflictDialog) is not None)
        dialog = tab.findChild(ConflictDialog)
        assert tab.page.text.text() == "before both mine"
        dialog._take("yours")
        dialog.primary().click()
        qtbot.waitUntil(lambda: stored(clinic) == [("before both mine", "draft", 3)])


class TestReading:
    def test_somebody_elses_draft_is_read_only(self, open_notes, clinic, sign_in, qtbot) -> None:
        write(sign_in("u_dentist2"), clinic.patient, "of a colleague")
        _window, tab = open_notes()
        assert tab.page.text.isReadOnly()
        assert tab.page.sentence().startswith("A draft of Dr Tomás Echeverría")
        assert not tab.page.addendum.isVisible()
        assert [line.state for line in tab.model.lines()] == [NoteState.UNSIGNED]

    def test_an_addendum_to_a_signed_note(self, open_notes, clinic, sign_in, qtbot) -> None:
        write(sign_in("u_dentist2"), clinic.patient, "Crown cemented.", sign=True)
        window, tab = open_notes()
        qtbot.waitUntil(tab.list.hasFocus)
        press(qtbot, window, Qt.Key.Key_A, ALT)
        qtbot.waitUntil(tab.page.text.hasFocus)
        assert tab.page.title().startswith("Addendum to ")
        qtbot.keyClicks(tab.page.text, "Occlusion checked again.")
        press(qtbot, window, Qt.Key.Key_Return, CONTROL)
        tab.sign_dialog.primary().click()
        qtbot.waitUntil(lambda: len(stored(clinic)) == 2)
        qtbot.waitUntil(lambda: [line.amended for line in tab.model.lines()] == [False, True])
        assert [line.addendum for line in tab.model.lines()] == [True, False]
        tab.list.choose_row(1)
        assert "Crown cemented." in tab.page.text.text()
        assert "Occlusion checked again." in tab.page.text.text()

    def test_a_note_of_another_pc_appears_and_typing_stays(
        self, open_notes, clinic, sign_in, qtbot
    ) -> None:
        window, tab = open_notes()
        begin(qtbot, window, tab, "mine")
        write(sign_in("u_dentist2"), clinic.patient, "theirs", sign=True)
        qtbot.waitUntil(lambda: tab.model.rowCount() == 2)
        assert tab.page.text.text() == "mine"
        assert tab.writing.draft is not None
        tab.writing.discard()

    def test_filters(self, open_notes, clinic, sign_in, qtbot) -> None:
        write(sign_in("u_dentist2"), clinic.patient, "theirs", sign=True)
        write(sign_in("u_dentist"), clinic.patient, "mine")
        _window, tab = open_notes()
        for value, bodies in (
            (NoteFilter.MINE, ["mine"]),
            (NoteFilter.UNSIGNED, ["mine"]),
            (NoteFilter.ALL, ["mine", "theirs"]),
        ):
            tab.filter._group.button(tab.filter._values.index(value)).click()
            assert [line.body for line in tab.model.lines()] == bodies

    def test_how_many_are_unsigned_is_told(self, open_notes, clinic, sign_in, qtbot) -> None:
        told: list[str] = []
        _window, tab = open_notes()
        tab.noted.connect(told.append)
        write(sign_in("u_dentist2"), clinic.patient, "x")
        qtbot.waitUntil(lambda: told[-1:] == ["1 unsigned"])

    def test_reading_is_logged(self, open_notes, clinic, sign_in) -> None:
        write(sign_in("u_dentist2"), clinic.patient, "x", sign=True)
        open_notes()
        with clinic.admin.reading() as ctx:
            logins = ctx.connection.execute(
                text(
                    "SELECT login FROM access_log WHERE patient_id = :p AND category = "
                    "'note_version'"
                ),
                {"p": clinic.patient},
            ).scalars()
            assert "u_dentist" in set(logins)

    def test_front_desk_sees_a_sentence(self, open_as, clinic, qtbot) -> None:
        window = open_as("u_front")
        tab = window.open(clinic.patient, "notes")
        qtbot.waitUntil(lambda: tab.panel.state == "empty")
        press(qtbot, window, Qt.Key.Key_N, ALT)
        assert tab.writing.draft is None

    def test_who_may_not_write_reads(self, open_notes, clinic, sign_in, qtbot) -> None:
        write(sign_in("u_dentist"), clinic.patient, "x", sign=True)
        _window, tab = open_notes("u_compliance")
        assert not tab.new.isVisible()
        assert not tab.page.addendum.isVisible()

    def test_an_assistant_does_not_sign(self, open_notes, clinic, qtbot) -> None:
        window, tab = open_notes("u_assistant")
        begin(qtbot, window, tab, "prepared the tray")
        assert not tab.page.sign.isVisible()
        press(qtbot, window, Qt.Key.Key_Return, CONTROL)
        assert not hasattr(tab, "sign_dialog")
        press(qtbot, window, Qt.Key.Key_S, CONTROL)
        qtbot.waitUntil(lambda: len(stored(clinic)) == 1)


def test_a_draft_survives_as_text() -> None:
    draft = NoteDraft(new_id(), "a\nb", 3, new_id(), None)
    assert NoteDraft.from_data(draft.to_data()) == draft


@pytest.mark.parametrize("body", ["<b>bold</b> & co", "\u202eright to left\u202c", "🦷" * 400])
def test_any_text_is_shown_as_it_is(open_notes, clinic, sign_in, body) -> None:
    write(sign_in("u_dentist2"), clinic.patient, body, sign=True)
    _window, tab = open_notes()
    assert tab.page.text.text() == body
    assert tab.model.lines()[0].excerpt == body[:160]
