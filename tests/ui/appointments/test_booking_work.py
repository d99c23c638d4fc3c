"""The booking form with planned work, what is booked ahead and what is owed; whom to call by W."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from clinic_desktop.domain.ids import new_id
from clinic_desktop.models import ChartItem
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.rows import change_row
from clinic_desktop.services.to_book import service as to_book
from clinic_desktop.services.waiting import service as waiting
from clinic_desktop.services.waiting.schemas import NewRequest
from clinic_desktop.ui.appointments.booking import BookingDialog
from clinic_desktop.ui.appointments.cancel import CancelDialog
from clinic_desktop.ui.appointments.geometry import Cell
from clinic_desktop.ui.appointments.view import CalendarScreen
from clinic_desktop.ui.intent import BookingIntent
from clinic_desktop.ui.shell.layout import Layout
from clinic_desktop.ui.waiting.who_to_call import WhoToCallDialog, call_from
from tests.ui.appointments.conftest import DAY

K = Qt.Key


@pytest.fixture
def plan(make, clinic):
    def one(tooth: int = 36, **values):
        return make.row(
            ChartItem,
            **{
                "patient_id": clinic.patient,
                "kind": "procedure",
                "code": "crown",
                "tooth": tooth,
                "status": "planned",
                "since": date(2026, 1, 5),
                "treatment_id": clinic.treatment,
                "provider_id": clinic.one,
                **values,
            },
        )

    return one


def form_of(calendar, qtbot, *, work: int) -> BookingDialog:
    qtbot.waitUntil(lambda: calendar.findChild(BookingDialog) is not None)
    dialog = calendar.findChild(BookingDialog)
    qtbot.waitUntil(dialog.isActiveWindow)
    qtbot.waitUntil(lambda: dialog.form.work.count() == work and calendar.desk.operations.quiet)
    return dialog


class TestForm:
    def test_ticked_work_says_how_long_and_is_held(
        self, open_calendar, qtbot, clinic, plan
    ) -> None:
        plan(36)
        plan(16, surfaces="MOD")
        calendar = open_calendar(book_for=BookingIntent(clinic.patient))
        dialog = form_of(calendar, qtbot, work=2)
        assert dialog.form.work.box(1).text() == "16 MOD Composite, 3 surfaces · 45 min"
        for place in (0, 1):
            dialog.form.work.box(place).setFocus()
            qtbot.keyClick(dialog.form.work.box(place), K.Key_Space)
        assert dialog.form.minutes.value() == 90
        qtbot.keyClick(dialog.form.work.box(1), K.Key_Return)
        qtbot.waitUntil(lambda: calendar.grid.chosen() is not None)
        with calendar.desk.operations._opener.reading() as ctx:
            found = to_book.facts(ctx, clinic.patient)
        assert all(one.held_at is not None for one in found.work)
        assert calendar.grid.chosen().service == "Composite, 3 surfaces, Composite, 3 surfaces"

    def test_what_an_intent_names_is_ticked(self, open_calendar, qtbot, clinic, plan) -> None:
        item = plan(36)
        plan(16)
        calendar = open_calendar(
            book_for=BookingIntent(clinic.patient, planned=(item,), provider_id=clinic.other)
        )
        dialog = form_of(calendar, qtbot, work=2)
        assert [one.item_id for one in dialog.form.work.chosen()] == [item]
        assert (dialog.form.minutes.value(), dialog.form.provider.value()) == (45, clinic.other)

    def test_visits_ahead_and_balance_are_in_view(self, open_calendar, qtbot, clinic, plan) -> None:
        clinic.visit(15)
        clinic.visit(9, days=7)
        calendar = open_calendar(book_for=BookingIntent(clinic.patient))
        dialog = form_of(calendar, qtbot, work=0)
        qtbot.waitUntil(lambda: "15:00" in dialog.facts.visits.text())
        assert dialog.facts.visits.text().splitlines()[1].startswith("Wed, 19 Mar, 09:00")
        assert dialog.facts.money.values()["Balance"].endswith("0.00")
        assert dialog.form.fields["planned"].isHidden()

    def test_who_may_not_see_accounts_sees_no_balance(self, open_calendar, qtbot, clinic) -> None:
        calendar = open_calendar("u_assistant", book_for=BookingIntent(clinic.patient))
        dialog = form_of(calendar, qtbot, work=0)
        qtbot.waitUntil(lambda: "Nothing is booked" in dialog.facts.visits.text())
        assert dialog.facts.money.values() == {}

    def test_not_loaded_is_neither_empty_nor_settled(
        self, open_calendar, qtbot, clinic, monkeypatch
    ) -> None:
        monkeypatch.setattr(
            to_book, "facts", lambda ctx, _patient: appointments.appointment(ctx, new_id())
        )
        calendar = open_calendar(book_for=BookingIntent(clinic.patient))
        dialog = form_of(calendar, qtbot, work=0)
        qtbot.waitUntil(lambda: "no longer there" in dialog.facts.visits.text())
        assert dialog.facts.money.values() == {"Balance": "Not loaded"}

    def test_another_patient_has_other_work(self, open_calendar, qtbot, clinic, plan, make) -> None:
        plan(36)
        other = make.patient(given="Bo", family="Lund")
        calendar = open_calendar(book_for=BookingIntent(clinic.patient))
        dialog = form_of(calendar, qtbot, work=1)
        dialog.form.work.box(0).setChecked(True)
        dialog.form.patient.set_patient(other, "Bo Lund")
        qtbot.waitUntil(lambda: dialog.form.work.count() == 0)
        assert dialog.form.work.chosen() == ()

    def test_completed_meanwhile_is_said_at_the_work(
        self, open_calendar, qtbot, clinic, plan, signed_in
    ) -> None:
        item = plan(36)
        calendar = open_calendar(book_for=BookingIntent(clinic.patient, planned=(item,)))
        dialog = form_of(calendar, qtbot, work=1)
        with signed_in.writing() as ctx:
            change_row(ctx, ChartItem, id=item, version=1, until=date(2026, 6, 1))
        dialog.save()
        qtbot.waitUntil(lambda: dialog.form.fields["planned"].state() == "error")
        assert "not planned any more" in dialog.form.fields["planned"].sentence()


class TestWhoToCall:
    @pytest.fixture
    def calendar(self, qtbot, desk_of, clinic, tmp_path) -> CalendarScreen:
        desk = desk_of("u_front")
        screen = CalendarScreen(desk, Layout(tmp_path, desk.who.person_id), whom=call_from(desk))
        qtbot.addWidget(screen)
        screen.resize(1320, 860)
        screen.open_at(date=DAY.date())
        screen.show()
        screen.activateWindow()
        qtbot.waitUntil(screen.isActiveWindow)
        qtbot.waitUntil(lambda: screen._walking.day is not None and desk.operations.quiet)
        screen.start_focus()
        return screen

    @pytest.fixture
    def waits(self, clinic, make, signed_in):
        patient = make.patient(given="Bo", family="Lund")
        with signed_in.writing() as ctx:
            waiting.add_request(ctx, NewRequest(id=new_id(), patient_id=patient, minutes=30))
        return patient

    def test_a_cancelled_time_is_offered_in_two_keys(self, calendar, qtbot, clinic, waits) -> None:
        visit = clinic.visit(9)
        calendar.refresh()
        qtbot.waitUntil(lambda: len(calendar.grid.geometry_of_day.blocks) == 1)
        calendar.grid.choose(visit)
        qtbot.keyClick(calendar.grid, K.Key_X)
        cancel = calendar.findChild(CancelDialog)
        qtbot.waitUntil(cancel.isActiveWindow)
        qtbot.keyClicks(cancel.words, "Ill")
        qtbot.keyClick(cancel.words, K.Key_Return, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: not calendar.grid.geometry_of_day.blocks)
        qtbot.keyClick(calendar.grid, K.Key_W)
        qtbot.waitUntil(lambda: calendar.findChild(WhoToCallDialog) is not None)
        dialog = calendar.findChild(WhoToCallDialog)
        qtbot.waitUntil(lambda: dialog.model.rowCount() == 1)
        dialog.book()
        qtbot.waitUntil(lambda: len(calendar.grid.geometry_of_day.blocks) == 1)
        assert calendar.grid.chosen().patient == "Bo Lund"

    def test_on_empty_time_and_on_a_taken_one(self, calendar, qtbot, clinic, waits) -> None:
        clinic.visit(9)
        calendar.refresh()
        qtbot.waitUntil(lambda: len(calendar.grid.geometry_of_day.blocks) == 1)
        calendar.grid.go(Cell(0, 9 * 60))
        qtbot.keyClick(calendar.grid, K.Key_W)
        assert "This time is taken" in calendar.desk.messages.current.text
        calendar.grid.go(Cell(1, 11 * 60))
        qtbot.keyClick(calendar.grid, K.Key_W)
        dialog = calendar.findChild(WhoToCallDialog)
        assert dialog.windowTitle().startswith("Call for 11:00")
        assert QApplication.activeModalWidget() is dialog
