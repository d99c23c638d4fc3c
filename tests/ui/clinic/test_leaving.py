"""A provider or a chair with bookings ahead is put away by keys: given to others, or cancelled."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu

from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.clinic import service as clinic_service
from clinic_desktop.services.to_book import service as to_book
from clinic_desktop.services.to_book.schemas import BrokenSearch
from clinic_desktop.ui.clinic.leaving import Column, LeavingDialog
from clinic_desktop.ui.clinic.providers import ProvidersSection
from clinic_desktop.ui.clinic.rooms import RoomsSection
from tests.services.leaving.test_leaving import Clinic
from tests.ui.clinic.test_sections import open_section  # noqa: F401 - a fixture

CONTROL = Qt.KeyboardModifier.ControlModifier
K = Qt.Key


@pytest.fixture
def clinic(make, sign_in) -> Clinic:
    return Clinic(make, sign_in)


@pytest.fixture
def dialog_of(open_section):  # noqa: F811 - the fixture
    """Put a record away by Del, and return the window with the bookings in its way."""

    def put_away(section_class, record) -> tuple:
        one, section = open_section(section_class)
        section.open_at(record=record)
        one.settle()
        section.table.setFocus()
        one.key(K.Key_Delete)
        one.qtbot.waitUntil(lambda: section.findChild(LeavingDialog) is not None)
        dialog = section.findChild(LeavingDialog)
        one.qtbot.waitUntil(dialog.isActiveWindow)
        one.settle()
        return one, dialog

    return put_away


def becomes(dialog) -> list[str]:
    return [dialog.model.index(row, Column.GOES).data() for row in range(dialog.model.rowCount())]


class TestProvider:
    def test_the_free_ones_go_at_once_and_a_conflict_elsewhere(
        self, clinic, dialog_of, make, signed_in
    ) -> None:
        visits = [clinic.visit(9), clinic.visit(10), clinic.visit(11)]
        clinic.visit(10, clinic.heir, patient=make.patient("Rui", "Costa"))
        one, dialog = dialog_of(ProvidersSection, clinic.leaver)
        first, second, third = becomes(dialog)
        assert first == third == "Dr Park, at the same time"
        assert second.startswith("Dr Park already has Rui Costa")
        assert dialog.primary().text() == "Do this with 2"
        # The second one: Enter offers other places, the first of them is somebody free then.
        one.key(K.Key_Down)
        one.key(K.Key_Return)
        one.qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
        assert QApplication.activePopupWidget().actions()[0].text() == "Dr Lee · at the same time"
        one.qtbot.keyClick(QApplication.activePopupWidget(), K.Key_Return)
        one.qtbot.waitUntil(lambda: becomes(dialog)[1] == "Dr Lee, at the same time")
        assert dialog.primary().text() == "Do this and put Dr Nwosu away"
        one.key(K.Key_Return, CONTROL)
        one.qtbot.waitUntil(lambda: not dialog.isVisible())
        one.settle()
        with signed_in.reading() as ctx:
            rows = [appointments.appointment(ctx, visit) for visit in visits]
            left = [row.short_name for row in clinic_service.providers(ctx)]
        assert [row.provider for row in rows] == ["Dr Park", "Dr Lee", "Dr Park"]
        assert left == ["Dr Park", "Dr Lee"]
        assert "is put away: 3 given to others, 0 cancelled" in one.said
        one.desk.messages.undo()
        one.settle()
        with signed_in.reading() as ctx:
            rows = [appointments.appointment(ctx, visit) for visit in visits]
            left = [row.short_name for row in clinic_service.providers(ctx)]
        assert [row.provider for row in rows] == ["Dr Nwosu"] * 3
        assert left == ["Dr Nwosu", "Dr Park", "Dr Lee"]

    def test_cancelled_with_a_reason_and_on_the_list(self, clinic, dialog_of, signed_in) -> None:
        visit = clinic.visit(9)
        one, dialog = dialog_of(ProvidersSection, clinic.leaver)
        one.key(K.Key_X)
        assert becomes(dialog) == ["cancelled"]
        one.key(K.Key_Return, CONTROL)
        assert dialog.reason_field.sentence() == "Say why they are cancelled."
        one.type("Dr Nwosu leaves")
        one.key(K.Key_Return, CONTROL)
        one.qtbot.waitUntil(lambda: not dialog.isVisible())
        one.settle()
        with signed_in.reading() as ctx:
            (broken,) = to_book.broken(ctx, BrokenSearch())
        assert (broken.id, broken.reason) == (visit, "Dr Nwosu leaves")

    def test_some_of_them_now_the_others_later(self, clinic, dialog_of, signed_in) -> None:
        first, second = clinic.visit(9), clinic.visit(10)
        one, dialog = dialog_of(ProvidersSection, clinic.leaver)
        one.key(K.Key_Space)
        assert becomes(dialog)[0] == "Stays for now"
        assert dialog.primary().text() == "Do this with 1"
        one.key(K.Key_Return, CONTROL)
        one.qtbot.waitUntil(lambda: dialog.model.rowCount() == 1)
        assert dialog.isVisible()
        with signed_in.reading() as ctx:
            assert appointments.appointment(ctx, first).provider_id == clinic.leaver
            assert appointments.appointment(ctx, second).provider_id == clinic.heir

    def test_a_refusal_names_the_booking_and_nothing_is_done(
        self, clinic, dialog_of, make, signed_in
    ) -> None:
        first = clinic.visit(9)
        clinic.visit(10)
        one, dialog = dialog_of(ProvidersSection, clinic.leaver)
        clinic.visit(10, clinic.heir, patient=make.patient("Rui", "Costa"))
        one.key(K.Key_Return, CONTROL)
        one.qtbot.waitUntil(lambda: "Rui Costa" in dialog.problem.text())
        one.settle()
        assert dialog.problem.text().startswith("Zofia Wiśniewska, ")
        assert dialog.chosen().row.local_start == clinic.at(10)
        with signed_in.reading() as ctx:
            assert appointments.appointment(ctx, first).provider_id == clinic.leaver

    def test_with_nobody_else(self, clinic, dialog_of, signed_in, make) -> None:
        clinic.visit(9)
        one, dialog = dialog_of(ProvidersSection, clinic.leaver)
        dialog.to.setCurrentIndex(0)
        dialog.to.activated.emit(0)
        one.settle()
        assert becomes(dialog) == ["not decided"]
        assert not dialog.primary().isEnabled()


class TestChair:
    def test_moves_to_another_chair(self, clinic, dialog_of, signed_in) -> None:
        visit = clinic.visit(9, chair_id=clinic.chair)
        one, dialog = dialog_of(RoomsSection, clinic.chair)
        index = dialog.to.findText("Chair 3")
        dialog.to.setCurrentIndex(index)
        dialog.to.activated.emit(index)
        one.settle()
        assert becomes(dialog) == ["Chair 3, at the same time"]
        one.key(K.Key_Return, CONTROL)
        one.qtbot.waitUntil(lambda: not dialog.isVisible())
        one.settle()
        with signed_in.reading() as ctx:
            row = appointments.appointment(ctx, visit)
            names = [chair.name for chair in clinic_service.chairs(ctx)]
        assert (row.chair_id, row.provider_id) == (clinic.spare, clinic.leaver)
        assert "Chair 2" not in names
