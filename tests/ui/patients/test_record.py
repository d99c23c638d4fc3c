"""A patient's record: correcting it, two people at once, alerts, the next patient; by keys."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from clinic_desktop.services import patients
from clinic_desktop.services.patients.schemas import PatientChange
from clinic_desktop.ui.conflict import Side
from clinic_desktop.ui.intent import BookingIntent
from tests.ui.undoing import take_back

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def ines(make_named):
    """Somebody with a phone and an address to be corrected."""
    return make_named(
        "Inês", "Carvalho-Lindqvist", phone="086 555 0142", email="ines.cl@example.org",
        born=date(1984, 9, 3),
    )  # fmt: skip


@pytest.fixture
def record(desktop, ines):
    """The record, opened."""
    screen = desktop.go("patient", patient_id=ines)
    desktop.wait(lambda: screen.patient_in_view() is not None)
    desktop.wait(lambda: not desktop.operations._under_way)
    return screen


def card_of(sign_in, patient):
    with sign_in("u_front").reading() as ctx:
        return patients.open_patient(ctx, patient)


def elsewhere(sign_in, patient, version, **values) -> None:
    """Save from another PC, as the assistant does."""
    with sign_in("u_assistant", device="chair-5").writing() as ctx:
        patients.change(ctx, PatientChange(id=patient, version=version, **values))


def edit(desktop, record) -> None:
    desktop.key("e")
    desktop.wait(lambda: record.tab() is record.edit)
    desktop.wait(lambda: record.edit.form.fields["phone"].editor.hasFocus())


class TestHead:
    def test_who_it_is(self, record, ines) -> None:
        assert record.patient_in_view().name == "Inês Carvalho-Lindqvist"
        assert "born 3 Sep 1984" in record.banner.accessibleName()
        assert record.strip.tags.texts() == ["Allergies: not asked yet"]

    def test_next_patient_of_the_list(self, desktop, ines, make_named) -> None:
        otto = make_named("Otto", "Hall")
        screen = desktop.go("patients")
        desktop.wait(lambda: len(screen.model.patients()) == 2)
        desktop.key(Qt.Key.Key_Return)
        desktop.wait(lambda: desktop.window.stack.name == "patient")
        record = desktop.screen()
        desktop.wait(lambda: record.patient_in_view() is not None)
        assert record.patient_in_view().patient_id == ines
        desktop.key(Qt.Key.Key_PageDown, CTRL)
        desktop.wait(
            lambda: (
                record.patient_in_view() is not None and record.patient_in_view().patient_id == otto
            )
        )
        desktop.key(Qt.Key.Key_PageDown, CTRL)
        assert "last patient" in desktop.desk.messages.current.text

    def test_n_books_for_this_patient(self, desktop, record, ines) -> None:
        desktop.key("n")
        desktop.wait(lambda: desktop.window.stack.name == "calendar")
        assert desktop.screen().asked == [{"book_for": BookingIntent(ines)}]

    def test_a_change_elsewhere_appears(self, desktop, record, ines, sign_in) -> None:
        elsewhere(sign_in, ines, 1, phone="086 555 0199")
        overview = record.tab()
        desktop.wait(lambda: overview._contact.values()["Phone"] == "+353 86 555 0199")


class TestEdit:
    def test_corrected_by_keys_and_taken_back(self, desktop, record, ines, sign_in) -> None:
        edit(desktop, record)
        desktop.write("086 555 0199")
        desktop.key(Qt.Key.Key_Return, CTRL)
        desktop.wait(lambda: record.tab() is not record.edit)
        assert card_of(sign_in, ines).phone == "+353865550199"
        take_back(desktop.qtbot, desktop.desk)
        desktop.wait(lambda: card_of(sign_in, ines).phone == "+353865550142")

    def test_letters_are_typed_not_obeyed(self, desktop, record) -> None:
        edit(desktop, record)
        record.edit.form.fields["city"].editor.setFocus()
        desktop.write("Ennis nay")
        assert record.edit.form.fields["city"].editor.text() == "Ennis nay"
        assert record.tab() is record.edit

    def test_esc_keeps_what_is_typed(self, desktop, record) -> None:
        edit(desktop, record)
        desktop.write("086 555 0199")
        desktop.key(Qt.Key.Key_Escape)
        desktop.wait(lambda: record.tab() is not record.edit)
        edit(desktop, record)
        assert record.edit.form.fields["phone"].editor.text() in (
            "086 555 0199",
            "+353 86 555 0199",
        )
        assert "draft is back" in record.edit.note.text()

    @pytest.mark.parametrize(
        ("field", "typed", "sentence"),
        [("phone", "12", "too short"), ("born", "31/02/1984", "29 days"), ("given", "", "needed"),
         ("email", "x", "name@example.org"), ("city", "x" * 121, "121 characters")],
    )  # fmt: skip
    def test_bad_input_is_said_at_its_field(
        self, desktop, record, ines, sign_in, field: str, typed: str, sentence: str
    ) -> None:
        edit(desktop, record)
        editor = record.edit.form.fields[field].editor
        editor.setText(typed)
        desktop.key(Qt.Key.Key_Return, CTRL)
        assert sentence in record.edit.form.fields[field].sentence()
        assert record.tab() is record.edit
        assert card_of(sign_in, ines).version == 1


class TestConflict:
    def both(self, desktop, record, ines, sign_in, mine: str, **theirs) -> None:
        edit(desktop, record)
        desktop.write(mine)
        elsewhere(sign_in, ines, 1, **theirs)
        desktop.wait(lambda: "meanwhile" in record.edit.note.text())
        # That the draft is kept is said beside it and not instead.
        desktop.wait(lambda: "Draft kept" in record.edit.note.text())
        assert "meanwhile" in record.edit.note.text()
        desktop.key(Qt.Key.Key_Return, CTRL)
        desktop.wait(lambda: record.edit.conflict is not None and record.edit.conflict.isVisible())

    def test_both_versions_are_shown_and_lines_chosen(self, desktop, record, ines, sign_in) -> None:
        self.both(
            desktop, record, ines, sign_in, "086 555 0199", phone="086 555 0177", city="Galway"
        )
        dialog = record.edit.conflict
        assert [line.field for line in dialog.missing()] == ["phone"]
        lines = {row.line.field: row.line for row in dialog.rows}
        assert (lines["phone"].before, lines["phone"].yours, lines["phone"].theirs) == (
            "+353 86 555 0142",
            "+353 86 555 0199",
            "+353 86 555 0177",
        )
        assert "Rui Tavares" in dialog.accessibleDescription()
        assert not dialog.primary().isEnabled()
        next(row for row in dialog.rows if row.line.field == "phone").choose(Side.YOURS)
        dialog.primary().click()
        desktop.wait(lambda: record.tab() is not record.edit)
        card = card_of(sign_in, ines)
        assert (card.phone, card.city) == ("+353865550199", "Galway")

    def test_keep_editing_loses_nothing(self, desktop, record, ines, sign_in) -> None:
        self.both(desktop, record, ines, sign_in, "086 555 0199", phone="086 555 0177")
        record.edit.conflict.close_button.click()
        assert record.tab() is record.edit
        assert "0199" in record.edit.form.fields["phone"].editor.text()
        assert card_of(sign_in, ines).phone == "+353865550177"

    def test_all_theirs_saves_nothing(self, desktop, record, ines, sign_in) -> None:
        self.both(desktop, record, ines, sign_in, "086 555 0199", phone="086 555 0177")
        dialog = record.edit.conflict
        next(b for b in dialog.findChildren(QPushButton) if b.text() == "All theirs").click()
        dialog.primary().click()
        desktop.wait(lambda: record.tab() is not record.edit)
        assert card_of(sign_in, ines).version == 2

    def test_a_review_of_the_alerts_is_no_conflict(self, desktop, record, ines, sign_in) -> None:
        edit(desktop, record)
        desktop.write("086 555 0199")
        with sign_in("u_assistant").writing() as ctx:
            patients.review_alerts(ctx, ines)
        desktop.key(Qt.Key.Key_Return, CTRL)
        desktop.wait(lambda: record.tab() is not record.edit)
        assert card_of(sign_in, ines).phone == "+353865550199"


class TestAlerts:
    def open(self, desktop, record) -> None:
        desktop.key("a")
        desktop.wait(lambda: record.tab() is record.alerts)
        desktop.wait(lambda: record.alerts.text.hasFocus())

    def test_half_typed_is_kept(self, desktop, record) -> None:
        self.open(desktop, record)
        desktop.write("Penicillin: ra")
        desktop.desk.drafts.keep_all()
        page, patient = record.alerts, record.alerts.patient_id
        page.text.clear()
        page.open(patient, page._card)
        assert page.text.text() == "Penicillin: ra"
        desktop.wait(lambda: page.text.isVisible())
        page.text.setFocus()
        desktop.write("sh")
        desktop.key(Qt.Key.Key_Return)
        desktop.wait(lambda: record.strip.tags.texts() == ["Penicillin: rash"])
        desktop.wait(lambda: desktop.desk.drafts.recall("alert", str(patient)) is None)

    def test_added_by_keys_and_taken_back(self, desktop, record) -> None:
        self.open(desktop, record)
        desktop.write("Penicillin: rash")
        desktop.key(Qt.Key.Key_Return)
        desktop.wait(lambda: record.strip.tags.texts() == ["Penicillin: rash"])
        take_back(desktop.qtbot, desktop.desk)
        desktop.wait(lambda: record.strip.tags.texts() == ["Allergies: not asked yet"])

    def test_none_known_is_a_fact_with_its_day(self, desktop, record) -> None:
        self.open(desktop, record)
        record.alerts._none.click()
        desktop.wait(lambda: record.strip.tags.texts()[0].startswith("No known allergies, asked"))

    def test_withdrawn_and_back_by_undo(self, desktop, record) -> None:
        self.open(desktop, record)
        desktop.write("Latex")
        desktop.key(Qt.Key.Key_Return)
        desktop.wait(lambda: record.strip.tags.texts() == ["Latex"])

        def withdraw() -> list[QPushButton]:
            buttons = record.alerts.findChildren(QPushButton)
            return [b for b in buttons if b.text() == "Withdraw" and b.isVisible()]

        desktop.wait(lambda: bool(withdraw()))
        withdraw()[0].click()
        desktop.wait(lambda: "Latex" not in record.strip.tags.texts())
        take_back(desktop.qtbot, desktop.desk)
        desktop.wait(lambda: record.strip.tags.texts() == ["Latex"])

    def test_reviewed_by_whom(self, desktop, record) -> None:
        self.open(desktop, record)
        buttons = record.alerts.findChildren(QPushButton)
        next(b for b in buttons if b.text() == "Reviewed now").click()
        desktop.wait(lambda: "Siobhán Keane" in record.strip._reviewed.text())

    def test_words_are_needed(self, desktop, record) -> None:
        self.open(desktop, record)
        desktop.key(Qt.Key.Key_Return)
        assert record.alerts.field.state() == "error"


class TestFamily:
    def test_relatives_are_opened(self, desktop, ines, make_named) -> None:
        erik = make_named("Erik", "Carvalho-Lindqvist", same_family_as=ines, born=date(2017, 5, 11))
        record = desktop.go("patient", patient_id=ines)
        desktop.wait(lambda: record.patient_in_view() is not None)
        overview = record.tab()
        desktop.wait(lambda: overview.family.state == "content")
        links = overview.family.findChildren(QPushButton)
        next(b for b in links if b.text() == "Erik Carvalho-Lindqvist").click()
        desktop.wait(
            lambda: (
                record.patient_in_view() is not None and record.patient_in_view().patient_id == erik
            )
        )
