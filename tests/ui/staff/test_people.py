"""People: invited by keys, changed, given a word, deactivated and taken back; versions compared."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from clinic_desktop.domain.ids import new_id
from clinic_desktop.services.session import SignedIn
from clinic_desktop.services.staff import service as staff
from clinic_desktop.services.staff.schemas import NewPerson, PersonChange
from clinic_desktop.ui.conflict import ConflictDialog
from clinic_desktop.ui.staff.people import PeopleSection
from clinic_desktop.ui.staff.people_model import Column, PeopleModel
from clinic_desktop.ui.staff.person_dialog import PersonDialog
from clinic_desktop.ui.staff.word_dialog import WordDialog, print_slip
from clinic_desktop.ui.widgets.dialog import Dialog
from tests.ui.undoing import take_back

KEY = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def open_people(stand):
    def one(login: str = "u_admin"):
        place = stand(login)
        section = PeopleSection(place.desk)
        place.show(section)
        place.qtbot.waitUntil(lambda: section.model.rowCount() > 0, timeout=10_000)
        section.start_focus()
        return place, section

    return one


@pytest.fixture
def helper(signed_in):
    """Somebody whose login belongs to this test alone."""
    user_name = f"mira{new_id().hex[-10:]}"
    with signed_in.writing() as ctx:
        role = next(r for r in staff.roles(ctx) if r.code == "assistant")
        person = NewPerson(
            id=new_id(), name="Mira Holm", initials="MH", job="Assistant", user_name=user_name,
            role_ids=(role.id,),
        )  # fmt: skip
        return staff.invite(ctx, person)


def choose(section, person_id) -> None:
    section.table.choose_row(section.model.row_of(person_id))


class TestModel:
    def test_rows_and_signals(self, signed_in, qtbot) -> None:
        model = PeopleModel()
        QAbstractItemModelTester(model)
        with signed_in.reading() as ctx:
            people = staff.people(ctx)
        with qtbot.waitSignal(model.modelReset):
            model.set_rows(people)
        cells = [
            [model.index(row, column).data() for column in Column] for row in range(len(people))
        ]
        assert ["Ana Reis, Manager", "manager", "Manager", "Works here"] in cells
        assert [model.headerData(c, Qt.Orientation.Horizontal) for c in Column] == [
            "Name", "User name", "Roles", "Sign-in",
        ]  # fmt: skip


class TestInvite:
    def test_by_keys_to_the_word_and_in(self, open_people, database, tmp_path) -> None:
        place, section = open_people()
        place.press(KEY.Key_I)
        form = place.dialog(PersonDialog)
        place.type("Dr Lia Andersen-Ruiz")
        assert form.initials.text() == "LR"
        assert form.user_name.text() == "lia_andersenruiz"
        form.user_name.setText(f"lia{new_id().hex[-10:]}")
        place.press(KEY.Key_Return, CONTROL)
        assert form._no_role.text() == "Choose at least one role."
        dentist = next(b for b in form.boxes.values() if b.text() == "Dentist")
        dentist.setFocus()
        place.press(KEY.Key_Space)
        place.press(KEY.Key_Return, CONTROL)
        word = place.dialog(WordDialog)
        lines = dict(line.split(": ", 1) for line in word.text().splitlines())
        assert lines["Name"] == "Dr Lia Andersen-Ruiz"
        place.press(KEY.Key_C, CONTROL | Qt.KeyboardModifier.ShiftModifier)
        assert QGuiApplication.clipboard().text() == word.text()
        dsn = database.cluster.address.dsn(f"u_{lines['User name']}", lines["Word"], database.name)
        new = SignedIn(dsn, device="pc-2")
        assert new.who.must_change_password
        assert new.who.may("prescriptions.write")
        new.close()
        assert lines["Word"] not in str(place.desk.drafts._store)
        place.press(KEY.Key_Escape)
        place.qtbot.waitUntil(lambda: section.model.row_of(new.who.person_id) >= 0, timeout=10_000)

    @pytest.mark.parametrize("unseen", ["\0", "\u200b", "\u202e"])
    def test_name_that_nobody_can_see(self, open_people, unseen) -> None:
        place, _section = open_people()
        place.press(KEY.Key_I)
        form = place.dialog(PersonDialog)
        form.name.setText(unseen)
        form.initials.setText(unseen)
        form.user_name.setText("somebody")
        next(iter(form.boxes.values())).setChecked(True)
        place.press(KEY.Key_Return, CONTROL)
        assert "is needed" in form.fields["name"].sentence()
        assert "is needed" in form.fields["initials"].sentence()
        place.press(KEY.Key_Escape)

    def test_taken_user_name_is_told_and_nothing_is_lost(self, open_people) -> None:
        place, section = open_people()
        before = section.model.rowCount()
        place.press(KEY.Key_I)
        form = place.dialog(PersonDialog)
        place.type("Otto Hall")
        form.user_name.setText("other")
        next(iter(form.boxes.values())).setChecked(True)
        place.press(KEY.Key_Return, CONTROL)
        place.qtbot.waitUntil(lambda: "somebody else" in form._no_role.text(), timeout=10_000)
        assert form.name.text() == "Otto Hall"
        assert form.primary().isEnabled()
        form.user_name.setText("no blanks")
        place.press(KEY.Key_Return, CONTROL)
        place.qtbot.waitUntil(
            lambda: "without blanks" in form.fields["user_name"].sentence(), timeout=10_000
        )
        place.press(KEY.Key_Escape)
        place.be_active(place.window)
        section.start_focus()
        place.press(KEY.Key_I)
        again = place.dialog(PersonDialog)
        assert again.name.text() == "Otto Hall"
        assert again.new_id == form.new_id
        place.press(KEY.Key_Escape)
        section.refresh()
        place.qtbot.waitUntil(lambda: section.panel.state == "content", timeout=10_000)
        assert section.model.rowCount() == before

    def test_slip_is_printed(self, tmp_path) -> None:
        printer = QPrinter()
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(tmp_path / "slip.pdf"))
        print_slip(printer, "Your first sign-in", [("User name", "lia"), ("Word", "abcd-efgh")])
        assert (tmp_path / "slip.pdf").read_bytes().startswith(b"%PDF")

    @pytest.mark.qt_log_ignore("QPainter::begin")
    def test_slip_that_cannot_be_written_is_told_and_the_word_stays(
        self, stand, helper, tmp_path
    ) -> None:
        place = stand("u_admin")
        WordDialog(place.desk, helper, name="Mira Holm", parent=place.window).open()
        place.window.show()
        word = place.dialog(WordDialog)
        printer = QPrinter()
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(tmp_path / "no such folder" / "slip.pdf"))
        word.print_on(printer)
        place.said("The file slip.pdf cannot be written here. Choose another folder.")
        assert "slip.pdf" in word._sentence.text()
        assert helper.password in word.text()
        assert word.isVisible()
        place.press(KEY.Key_Escape)


class TestChange:
    def test_details_and_roles(self, open_people, signed_in, helper) -> None:
        place, section = open_people()
        choose(section, helper.person_id)
        place.press(KEY.Key_Return)
        form = place.dialog(PersonDialog)
        form.job.setText("Hygienist")
        box = next(b for b in form.boxes.values() if b.text() == "Hygienist")
        box.setChecked(True)
        place.press(KEY.Key_Return, CONTROL)
        place.said("Mira Holm is saved.")
        with signed_in.reading() as ctx:
            person = next(p for p in staff.people(ctx) if p.id == helper.person_id)
        assert person.job == "Hygienist"
        assert set(person.role_names) == {"Assistant", "Hygienist"}

    def test_second_to_save_sees_both_versions(self, open_people, signed_in, helper) -> None:
        place, section = open_people()
        choose(section, helper.person_id)
        place.press(KEY.Key_Return)
        form = place.dialog(PersonDialog)
        form.job.setText("Mine")
        with signed_in.writing() as ctx:
            person = next(p for p in staff.people(ctx) if p.id == helper.person_id)
            values = person.model_dump(include={"id", "version", "name", "initials", "language"})
            staff.change_person(ctx, PersonChange(**values, job="Theirs", email="m@example.org"))
        place.press(KEY.Key_Return, CONTROL)
        both = place.dialog(ConflictDialog)
        assert {row.line.field for row in both.rows if row.line.differs} == {"job", "email"}
        place.press(KEY.Key_M, Qt.KeyboardModifier.AltModifier)
        place.press(KEY.Key_Return, CONTROL)
        place.said("Mira Holm is saved.")
        with signed_in.reading() as ctx:
            person = next(p for p in staff.people(ctx) if p.id == helper.person_id)
        assert person.job == "Mine"

    def test_last_administrator_stays(self, open_people, signed_in) -> None:
        place, section = open_people()
        choose(section, signed_in.who.person_id)
        place.press(KEY.Key_Return)
        form = place.dialog(PersonDialog)
        for box in form.boxes.values():
            box.setChecked(box.text() == "Front desk")
        place.press(KEY.Key_Return, CONTROL)
        place.qtbot.waitUntil(
            lambda: "needs one administrator" in form._no_role.text(), timeout=10_000
        )
        place.press(KEY.Key_Escape)


class TestEnd:
    def test_deactivated_with_undo(self, open_people, helper, database) -> None:
        place, section = open_people()
        dsn = database.cluster.address.dsn(f"u_{helper.user_name}", helper.password, database.name)
        working = SignedIn(dsn, device="pc-2")
        choose(section, helper.person_id)
        place.press(KEY.Key_Delete)
        place.said("no longer signs in; ")
        working.close()
        place.qtbot.waitUntil(
            lambda: not section.model.row(section.model.row_of(helper.person_id)).active,
            timeout=10_000,
        )
        take_back(place.qtbot, place.desk)
        word = place.dialog(WordDialog)
        assert helper.password not in word.text()
        place.press(KEY.Key_Escape)
        place.qtbot.waitUntil(
            lambda: section.model.row(section.model.row_of(helper.person_id)).active,
            timeout=10_000,
        )

    def test_oneself_cannot_be_deactivated(self, open_people, signed_in) -> None:
        place, section = open_people()
        choose(section, signed_in.who.person_id)
        assert not section.acts["end"].isEnabled()
        place.press(KEY.Key_Delete)
        place.said("cannot deactivate yourself")


class TestWord:
    def test_is_asked_about_and_shown_once(self, open_people, helper) -> None:
        place, section = open_people()
        choose(section, helper.person_id)
        place.press(KEY.Key_W)
        question = place.dialog(Dialog)
        assert QApplication.focusWidget() is question.close_button
        place.press(KEY.Key_Return, CONTROL)
        word = place.dialog(WordDialog)
        assert helper.user_name in word.text()
        assert helper.password not in word.text()
        place.press(KEY.Key_Escape)

    def test_authenticator_is_taken_away(self, open_people, helper) -> None:
        place, section = open_people()
        choose(section, helper.person_id)
        section.clear_factor()
        place.dialog(Dialog)
        place.press(KEY.Key_Return, CONTROL)
        place.said("The authenticator of Mira Holm is taken away.")


class TestOthers:
    def test_front_desk_sees_and_changes_nothing(self, open_people) -> None:
        place, section = open_people("u_front")
        assert section.model.rowCount() >= 8
        assert not section.invite.isVisible()
        place.press(KEY.Key_I)
        place.press(KEY.Key_Delete)
        place.press(KEY.Key_Return)
        assert [d for d in place.window.findChildren(Dialog) if d.isVisible()] == []
        assert section.keys() == []
