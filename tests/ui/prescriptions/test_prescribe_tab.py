"""Writing prescriptions by keys and clicks, on the real records."""

from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt

from clinic_desktop.domain.ids import new_id
from clinic_desktop.models import PatientAlert
from clinic_desktop.services.documents import service as documents
from clinic_desktop.services.patients import add_alert
from clinic_desktop.services.patients.schemas import NewAlert
from clinic_desktop.services.prescriptions import service as prescriptions
from clinic_desktop.ui.prescriptions.prescribe_tab import PrescribeTab
from tests.documents.reading import whole_text, words
from tests.ui.stage import opener

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def dentist(sign_in, make):
    make.provider("Dr Tomás Echeverría", login="u_dentist", registration="IE-39216")
    return sign_in("u_dentist")


@pytest.fixture
def child(make, signed_in):
    """A child of seven, whenever the test runs."""
    born = signed_in.clock.now().date() - timedelta(days=7 * 365 + 180)
    return make.patient("Mateo", "Quispe Huamán", born=born)


@pytest.fixture
def adult(make):
    return make.patient("Inês <b>", "Carvalho & Söhne", born=date(1984, 9, 3))


@pytest.fixture
def allergic(make, adult):
    make.row(
        PatientAlert,
        patient_id=adult,
        kind="allergy",
        severity="stop",
        text="anaphylaxis",
        substance="Penicillin",
        noted_on=date(2019, 1, 1),
    )
    return adult


@pytest.fixture
def write(stage, dentist):
    def open_one(patient, who=dentist):
        return stage(opener(PrescribeTab, patient), who)

    return open_one


def issued(signed_in, patient):
    with signed_in.reading() as ctx:
        return prescriptions.prescriptions_of(ctx, patient)


def enter(one, text: str) -> None:
    one.screen.writing.entry.setFocus()
    one.type(text)
    one.key(Qt.Key.Key_Return)
    one.settle()


class TestUsual:
    def test_two_strokes_write_sign_and_print(self, write, dentist, adult) -> None:
        one = write(adult)
        assert one.screen.writing.entry.hasFocus()
        one.type("1")
        one.key(Qt.Key.Key_Return)
        one.settle()
        one.primary()
        one.settle()
        (row,) = issued(dentist, adult)
        assert [(item.drug, item.quantity) for item in row.items] == [("Paracetamol", 24)]
        tab = one.screen
        assert tab.pages.currentWidget() is tab.paper
        assert "No printer" in tab.paper.preview.notice.text()
        with dentist.reading() as ctx:
            text = words(whole_text(documents.content(ctx, adult, row.document_id)))
        for part in ("Inês <b> Carvalho & Söhne", "Paracetamol, 500 mg tablets", row.label,
                     "2 tablets (1,000 mg) by mouth every 6 hours"):  # fmt: skip
            assert part in text, part

    def test_by_weight_asks_for_it_first(self, write, child, dentist) -> None:
        one = write(child)
        enter(one, "1")
        assert "weight" in one.screen.writing.refusal.text()
        assert one.screen.writing.weight.hasFocus()
        one.type("22.4")
        enter(one, "")
        one.screen.writing.entry.setFocus()
        one.key(Qt.Key.Key_Return)
        one.settle()
        (card,) = one.screen.writing.cards
        assert "14 ml (336 mg)" in card.dose.text()
        assert card.arithmetic[0] == "22.4 kg × 15 mg/kg = 336 mg"
        one.primary()
        one.settle()
        assert issued(dentist, child)[0].weight_grams == 22400

    def test_a_weight_that_does_not_fit_is_asked_about_and_blocks_nothing(
        self, write, child, dentist
    ) -> None:
        one = write(child)
        writing = one.screen.writing
        one.into(writing.weight, "64")
        enter(one, "1")
        assert "64 kg at 7 years is unusual" in writing.doubt.text()
        assert writing.weight.accessibleDescription() == writing.doubt.text()
        assert writing.sign.isEnabled()
        one.into(writing.weight, "24")
        assert writing.doubt.text() == ""
        one.into(writing.weight, "6")
        writing.entry.setFocus()
        assert "6 kg at 7 years is unusual" in writing.doubt.text()
        one.primary()
        one.settle()
        assert issued(dentist, child)[0].weight_grams == 6000
        assert writing.doubt.text() == ""

    def test_a_click_on_the_list(self, write, adult) -> None:
        one = write(adult)
        one.click_row(one.screen.usual_table, 1)
        assert [card.drug.text() for card in one.screen.writing.cards] == ["Ibuprofen"]

    def test_a_narrow_card_keeps_the_name_whole(self, write, adult) -> None:
        one = write(adult)
        enter(one, "1")
        (card,) = one.screen.writing.cards
        card.setFixedWidth(600)
        one.qtbot.waitUntil(lambda: card.state.x() > card.title_label.x())
        card.setFixedWidth(300)
        one.qtbot.waitUntil(lambda: card.state.y() > card.title_label.y())
        assert card.title_label.width() > 150

    def test_signing_twice_is_one(self, write, adult, dentist) -> None:
        one = write(adult)
        enter(one, "2")
        one.primary()
        one.primary()
        one.settle()
        assert len(issued(dentist, adult)) == 1

    def test_printing_again_shows_the_same_bytes(self, write, adult) -> None:
        one = write(adult)
        enter(one, "2")
        one.primary()
        one.settle()
        first = one.screen.paper.preview._data
        one.key(Qt.Key.Key_Escape)
        one.key(Qt.Key.Key_Escape)
        one.settle()
        assert one.screen.writing.cards == []
        one.screen.before_table.setFocus()
        one.key(Qt.Key.Key_Return)
        one.settle()
        assert one.screen.paper.preview._data == first


class TestEntry:
    def test_completed_in_grey(self, write, adult) -> None:
        one = write(adult)
        line = one.screen.writing.entry
        one.type("ac")
        assert line.rest() == "iclovir"
        one.key(Qt.Key.Key_Down)
        assert line.rest() == "iclovir 5% topical"
        one.key(Qt.Key.Key_Tab)
        assert line.hasFocus()
        assert line.text() == "aciclovir 5% topical "
        one.key(Qt.Key.Key_Return)
        assert one.screen.writing.cards[0].drug.text() == "Aciclovir 5% topical"

    def test_a_name_begun_and_its_fields(self, write, adult, dentist) -> None:
        one = write(adult)
        enter(one, "clinda")
        (card,) = one.screen.writing.cards
        assert card.drug.text() == "Clindamycin"
        assert "300 mg every 6 h" in card.dose.text()
        assert not one.screen.writing.sign.isEnabled()
        assert "not complete" in one.screen.writing.why.text()
        one.into(card.quantity, "28")
        one.into(card.unit, "capsules")
        one.into(card.form, "300 mg")
        one.key(Qt.Key.Key_Return)
        assert card.hasFocus()
        one.primary()
        one.settle()
        assert issued(dentist, adult)[0].items[0].quantity == 28

    def test_what_is_on_no_list_is_hatched(self, write, adult, dentist) -> None:
        one = write(adult)
        enter(one, "Hausmittel <b> & more")
        (card,) = one.screen.writing.cards
        assert card.state.kind() == "unknown"
        assert any("compared with nothing" in line for line in one.screen.safety.said())
        one.into(card.dose, "1 spoon <daily>")
        one.into(card.quantity, "1")
        one.primary()
        one.settle()
        row = issued(dentist, adult)[0]
        assert row.items[0].drug == "Hausmittel <b> & more"
        with dentist.reading() as ctx:
            text = words(whole_text(documents.content(ctx, adult, row.document_id)))
        assert "Hausmittel <b> & more" in text
        assert "1 spoon <daily>" in text

    def test_any_script(self, write, adult) -> None:
        one = write(adult)
        one.screen.writing.entry.setFocus()
        one.type("مسكن 💊")
        one.key(Qt.Key.Key_Return)
        assert one.screen.writing.cards[0].drug.text() == "مسكن 💊"

    def test_a_quantity_that_cannot_be(self, write, adult, dentist) -> None:
        one = write(adult)
        enter(one, "2")
        card = one.screen.writing.cards[0]
        one.click(card.edit)
        one.into(card.quantity, "99999")
        one.primary()
        one.settle()
        assert "10000" in card.fields["quantity"].sentence()
        assert issued(dentist, adult) == ()

    def test_a_changed_dose_takes_its_arithmetic_away(self, write, child) -> None:
        one = write(child)
        one.into(one.screen.writing.weight, "22,4")
        enter(one, "1")
        card = one.screen.writing.cards[0]
        one.click(card.edit)
        one.into(card.dose, "10 ml every 8 hours")
        assert card.arithmetic == ()
        assert card.item().arithmetic == ""

    def test_removed_and_taken_back(self, write, adult) -> None:
        one = write(adult)
        enter(one, "1")
        enter(one, "2")
        one.screen.writing.cards[0].setFocus()
        one.key(Qt.Key.Key_Delete)
        assert [card.drug.text() for card in one.screen.writing.cards] == ["Ibuprofen"]
        one.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert [card.drug.text() for card in one.screen.writing.cards] == [
            "Paracetamol",
            "Ibuprofen",
        ]

    def test_half_written_is_kept(self, write, adult) -> None:
        one = write(adult)
        enter(one, "1")
        one.screen.leaving()
        again = write(adult)
        assert [card.drug.text() for card in again.screen.writing.cards] == ["Paracetamol"]
        assert again.screen.writing.cards[0].is_whole()

    def test_another_patient_gets_none_of_it(self, write, adult, child) -> None:
        one = write(adult)
        enter(one, "1")
        one.screen.open(child)
        one.settle()
        assert one.screen.writing.cards == []
        one.screen.open(adult)
        one.settle()
        assert len(one.screen.writing.cards) == 1


class TestSafety:
    def test_a_stop_needs_a_reason(self, write, allergic, dentist) -> None:
        one = write(allergic)
        enter(one, "3")
        tab = one.screen
        assert tab.safety.stop.isVisible()
        assert not tab.writing.sign.isEnabled()
        one.primary()
        one.settle()
        assert tab.safety.reason.hasFocus()
        one.type("tested")
        assert not tab.writing.sign.isEnabled()
        one.type(" negative in 2025")
        assert tab.writing.sign.isEnabled()
        one.primary()
        one.settle()
        assert issued(dentist, allergic)[0].overrides == "tested negative in 2025"

    def test_the_alternative(self, write, allergic, dentist) -> None:
        one = write(allergic)
        enter(one, "3")
        one.key(Qt.Key.Key_A, ALT)
        assert [card.drug.text() for card in one.screen.writing.cards] == ["Clarithromycin"]
        assert not one.screen.safety.stop.isVisible()
        one.primary()
        one.settle()
        assert issued(dentist, allergic)[0].overrides == ""

    def test_never_asked_is_hatched(self, write, adult) -> None:
        one = write(adult)
        assert one.screen.safety.said()[0] == "Allergies: nobody has asked yet"
        enter(one, "1")
        assert one.screen.writing.cards[0].state.text() == "Not asked"

    def test_asked_and_none(self, write, adult, signed_in) -> None:
        with signed_in.writing() as ctx:
            add_alert(ctx, NewAlert(id=new_id(), patient_id=adult, kind="no_known_allergies"))
        one = write(adult)
        assert one.screen.safety.said()[0].startswith("No known allergies: asked")
        enter(one, "1")
        assert one.screen.writing.cards[0].state.text() == "Checked"

    def test_an_allergy_recorded_elsewhere_meanwhile(self, write, adult, signed_in) -> None:
        one = write(adult)
        enter(one, "3")
        assert not one.screen.writing.cards[0].conflicts
        with signed_in.writing() as ctx:
            add_alert(
                ctx,
                NewAlert(
                    id=new_id(),
                    patient_id=adult,
                    kind="allergy",
                    severity="stop",
                    text="Penicillin: rash",
                ),
            )
        one.qtbot.waitUntil(lambda: bool(one.screen.writing.cards[0].conflicts), timeout=5000)
        assert one.screen.safety.stop.isVisible()

    def test_list_and_date_are_always_there(self, write, adult) -> None:
        one = write(adult)
        text = one.screen.safety.list_words.text()
        assert "2026-11" in text
        assert "1 Nov 2026" in text


class TestRights:
    def test_who_only_reads(self, write, adult, dentist, sign_in) -> None:
        one = write(adult)
        enter(one, "1")
        one.primary()
        one.settle()
        reading = write(adult, sign_in("u_hygienist"))
        tab = reading.screen
        assert not tab.writing.entry.isVisible()
        assert "in their own name" in tab.writing.nothing.text()
        assert tab.before.rowCount() == 1
        reading.primary()
        reading.settle()
        assert len(issued(dentist, adult)) == 1
