"""Registering a patient by keys, with look-alikes, drafts and bad input, on a real server."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from clinic_desktop.services import patients
from clinic_desktop.ui.patients.register import RegisterScreen

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def form(desktop):
    """The form, opened by its key from the list."""
    desktop.go("patients")
    desktop.key(Qt.Key.Key_N, CTRL, SHIFT)
    desktop.wait(lambda: desktop.window.stack.name == "new_patient")
    desktop.wait(lambda: desktop.screen().form.given.hasFocus())
    return desktop.screen()


def fill(desktop, given="Ana", family="Reis", born="3.9.84", phone="086 555 0142") -> None:
    """Type the four needed fields, Enter between them."""
    for text in (given, family, born):
        desktop.write(text)
        desktop.key(Qt.Key.Key_Return)
    desktop.write(phone)


def found(sign_in, typed: str):
    with sign_in("u_front").reading() as ctx:
        return patients.find(ctx, typed)


class TestRegister:
    def test_two_keys_and_the_form(self, desktop, form, sign_in) -> None:
        fill(desktop)
        desktop.key(Qt.Key.Key_Return, CTRL)
        desktop.wait(lambda: desktop.window.stack.name == "patient")
        (row,) = found(sign_in, "ana reis")
        assert (row.name, row.born, row.phone) == ("Ana Reis", date(1984, 9, 3), "+353865550142")
        desktop.wait(lambda: desktop.screen().patient_in_view() is not None)
        assert desktop.screen().patient_in_view().patient_id == row.id
        assert row.number in desktop.desk.messages.current.text

    def test_enter_in_the_last_needed_field_registers_once(self, desktop, form, sign_in) -> None:
        fill(desktop)
        desktop.key(Qt.Key.Key_Return)
        desktop.key(Qt.Key.Key_Return)
        desktop.wait(lambda: desktop.window.stack.name == "patient")
        desktop.wait(lambda: not desktop.operations._under_way)
        assert len(found(sign_in, "ana reis")) == 1

    def test_one_name_age_and_no_phone(self, desktop, form, sign_in) -> None:
        desktop.write("Zendaya")
        form.form.one_name.click()
        form.form.born.setFocus()
        desktop.write("41")
        form.form.no_phone.click()
        form.form.reason.set_value(form.form.reason.itemData(1))
        form.form.born.setFocus()
        desktop.key(Qt.Key.Key_Return, CTRL)
        desktop.wait(lambda: desktop.window.stack.name == "patient")
        (row,) = found(sign_in, "zendaya")
        assert (row.family, row.born_estimated, row.phone) == ("", True, "")

    def test_what_is_missing_is_said_at_its_field(self, desktop, form) -> None:
        desktop.key(Qt.Key.Key_Return, CTRL)
        fields = form.form.fields
        assert form.form.given.hasFocus()
        for name in ("given", "family", "born", "phone"):
            assert fields[name].state() == "error", name
        assert desktop.window.stack.name == "new_patient"

    @pytest.mark.parametrize(
        ("field", "typed", "sentence"),
        [
            ("born", "31/02/1984", "February 1984 has 29 days."),
            ("born", "01/01/0001", "or later"),
            ("born", "31/12/9999", "still to come"),
            ("phone", "12", "too short"),
            ("phone", "<b>", "figures"),
            ("email", "ana", "name@example.org"),
            ("given", "x" * 101, "101 characters"),
        ],
    )
    def test_bad_input_gets_a_sentence_and_stays(
        self, desktop, form, field: str, typed: str, sentence: str
    ) -> None:
        editor = form.form.fields[field].editor
        editor.setFocus()
        desktop.write(typed)
        desktop.key(Qt.Key.Key_Tab)
        assert sentence in form.form.fields[field].sentence()
        assert editor.text() == typed
        assert editor.accessibleDescription() == form.form.fields[field].sentence()

    @pytest.mark.parametrize("name", ["😀", "<b>Bold</b>", "A & B", "محمد", "陳"])
    def test_any_name(self, desktop, form, sign_in, name: str) -> None:
        fill(desktop, given=name)
        desktop.key(Qt.Key.Key_Return)
        desktop.wait(lambda: desktop.window.stack.name == "patient")
        assert [row.given for row in found(sign_in, name)] == [name]

    def test_unseen_marks_are_told_and_left_out(self, desktop, form, sign_in) -> None:
        desktop.write("A\u200bna\u202e")
        desktop.key(Qt.Key.Key_Return)
        assert "nobody can see" in form.form.fields["given"].sentence()
        form.form.given.setFocus()
        desktop.key(Qt.Key.Key_Return)
        for text in ("Reis", "41"):
            desktop.write(text)
            desktop.key(Qt.Key.Key_Return)
        desktop.write("0865550142")
        desktop.key(Qt.Key.Key_Return)
        desktop.wait(lambda: desktop.window.stack.name == "patient")
        assert [row.given for row in found(sign_in, "ana")] == ["Ana"]


class TestLookAlikes:
    @pytest.fixture
    def ines(self, make_named):
        return make_named("Inês", "Carvalho-Lindqvist", phone="086 555 0142", born=date(1984, 9, 3))

    def test_they_appear_while_typing(self, desktop, form, ines) -> None:
        desktop.write("Ines")
        desktop.key(Qt.Key.Key_Return)
        desktop.write("Carv")
        desktop.wait(lambda: [one.id for one in form.look_alikes.shown] == [ines])
        assert form.look_alikes.shown[0].reasons == ("begins_alike",)
        desktop.write("alho Lindqvist")
        desktop.wait(lambda: form.look_alikes.shown[0].reasons == ("same_name",))
        desktop.key(Qt.Key.Key_Return)
        desktop.write("3.9.84")
        desktop.wait(lambda: form.look_alikes.shown[0].reasons == ("same_name", "same_born"))

    def test_that_record_is_opened_and_the_draft_stays(self, desktop, form, ines) -> None:
        desktop.write("Ines")
        desktop.key(Qt.Key.Key_Return)
        desktop.write("Carvalho-Lindqvist")
        desktop.wait(lambda: bool(form.look_alikes.shown))
        buttons = form.look_alikes.findChildren(QPushButton)
        next(b for b in buttons if b.text() == "Open that record").click()
        desktop.wait(lambda: desktop.window.stack.name == "patient")
        desktop.go("new_patient")
        assert form.form.family.text() == "Carvalho-Lindqvist"

    def test_same_phone_offers_the_family(self, desktop, form, ines, sign_in) -> None:
        fill(desktop, given="Erik", family="Lund", born="8")
        field = form.form.fields["phone"]
        desktop.wait(lambda: "has this number too" in field.sentence())
        field._act.click()
        assert "Carvalho-Lindqvist" in form._joined_words.text()
        form.form.phone.setFocus()
        desktop.key(Qt.Key.Key_Return)
        desktop.wait(lambda: desktop.window.stack.name == "patient")
        with sign_in("u_front").reading() as ctx:
            assert patients.open_patient(ctx, ines).payer_id == ines
            relatives = patients.overview(ctx, ines).relatives
        assert [one.name for one in relatives] == ["Erik Lund"]


class TestDraft:
    def test_esc_keeps_what_is_typed(self, desktop, form) -> None:
        desktop.write("Ana")
        desktop.key(Qt.Key.Key_Escape)
        desktop.wait(lambda: desktop.window.stack.name == "patients")
        assert desktop.drafts.recall("patient", "new")["given"] == "Ana"
        again = RegisterScreen(desktop.desk)
        assert again.form.given.text() == "Ana"
        assert again._id == form._id
        again.deleteLater()

    def test_a_draft_thrown_away_comes_back_by_undo(self, desktop, form) -> None:
        desktop.write("Ana")
        form._discard.click()
        assert form.form.given.text() == ""
        assert desktop.drafts.recall("patient", "new") is None
        desktop.desk.messages.undo()
        assert form.form.given.text() == "Ana"

    def test_saved_forms_leave_no_draft(self, desktop, form) -> None:
        fill(desktop)
        desktop.key(Qt.Key.Key_Return)
        desktop.wait(lambda: desktop.window.stack.name == "patient")
        assert desktop.drafts.recall("patient", "new") is None
        desktop.go("new_patient")
        assert form.form.is_empty()


def test_from_a_search_in_vain_the_name_comes_along(desktop, make_named) -> None:
    make_named("Otto", "Hall")
    screen = desktop.go("patients")
    desktop.wait(lambda: len(screen.model.patients()) == 1)
    desktop.write("maria silva santos")
    desktop.wait(lambda: screen.panel.state == "empty")
    button = next(
        b
        for b in screen.panel.findChildren(QPushButton)
        if b.text() == "New patient" and b.isVisible()
    )
    button.click()
    desktop.wait(lambda: desktop.window.stack.name == "new_patient")
    form = desktop.screen().form
    assert (form.given.text(), form.family.text()) == ("Maria", "Silva Santos")


def test_palette_finds_and_remembers(desktop, make_named) -> None:
    ines = make_named("Inês", "Carvalho-Lindqvist")
    make_named("Otto", "Hall")
    desktop.go("patients")
    desktop.key("k", CTRL)
    desktop.wait(lambda: desktop.window.palette_overlay.isVisible())
    desktop.write("carv in")
    palette = desktop.window.palette_overlay
    desktop.wait(lambda: "Carvalho" in str(_titles(palette)))
    desktop.key(Qt.Key.Key_Return)
    desktop.wait(lambda: desktop.window.stack.name == "patient")
    desktop.wait(lambda: desktop.screen().patient_in_view() is not None)
    assert desktop.screen().patient_in_view().patient_id == ines
    desktop.go("patients")
    desktop.key("k", CTRL)
    desktop.wait(
        lambda: "Carvalho" in str(_titles(palette)) and "Otto" not in str(_titles(palette))
    )


def _titles(palette) -> list[str]:
    from PySide6.QtWidgets import QAbstractItemView

    view = palette.findChild(QAbstractItemView)
    model = view.model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]
