"""The waiting list and whom to call, by keys and clicks on a real clinic."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from clinic_desktop.domain.ids import new_id
from clinic_desktop.services.waiting import service as waiting
from clinic_desktop.services.waiting.schemas import FreeTime, NewRequest
from clinic_desktop.ui.calling.columns import LEAST_NAME
from clinic_desktop.ui.waiting.request_dialog import RequestDialog
from clinic_desktop.ui.waiting.view import Column, WaitingScreen
from clinic_desktop.ui.waiting.who_to_call import WhoToCallDialog
from tests.ui.undoing import take_back

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def clinic(signed_in, make):
    """Two people who wait, the second one urgently, and a free time tomorrow."""

    class Clinic:
        provider = make.provider()
        chair = make.chair()
        service = make.treatment("PRV-010", "Prophylaxis adult", minutes=30)

        def __init__(self) -> None:
            self.first = self.add("First")
            self.urgent = self.add("Urgent", urgent=True)
            with signed_in.reading() as ctx:
                tomorrow = ctx.now.astimezone(ctx.zone).date() + timedelta(days=1)
            while tomorrow.weekday() > 4:
                tomorrow += timedelta(days=1)
            self.free = FreeTime(
                local_start=datetime.combine(tomorrow, time(10)),
                provider_id=self.provider,
                chair_id=self.chair,
                minutes=30,
            )

        def add(self, name, **values):
            request = new_id()
            new = NewRequest(
                id=request,
                patient_id=make.patient(given=name, family="Quinn"),
                treatment_id=self.service,
                **values,
            )
            with signed_in.writing() as ctx:
                waiting.add_request(ctx, new)
            return request

        def rows(self):
            with signed_in.reading() as ctx:
                return waiting.waiting_list(ctx)

    return Clinic()


@pytest.fixture
def screen(qtbot, desk_of, clinic) -> WaitingScreen:
    """The waiting list of the front desk, loaded."""
    shown = WaitingScreen(desk_of("u_front"))
    qtbot.addWidget(shown)
    shown.resize(1200, 700)
    shown.show()
    shown.reload()
    qtbot.waitUntil(lambda: shown.model.rowCount() == 2)
    shown.start_focus()
    return shown


class TestScreen:
    def test_urgent_ones_first(self, screen) -> None:
        QAbstractItemModelTester(screen.model)
        assert [row.given for row in screen.model.rows()] == ["Urgent", "First"]
        assert "urgent" in screen.model.index(0, 1).data()
        assert screen.model.index(0, 2).data() == "any time"

    def test_put_on_the_list(self, screen, qtbot, clinic, make) -> None:
        patient = make.patient(given="New", family="Quinn")
        qtbot.keyClick(screen.table, Qt.Key.Key_N)
        dialog = screen.findChild(RequestDialog)
        qtbot.waitUntil(dialog.isActiveWindow)
        qtbot.keyClick(dialog.remark, Qt.Key.Key_Return, CONTROL)
        assert dialog.fields["patient_id"].state() == "error", "nobody is chosen"
        dialog.patient.set_patient(patient, "New Quinn")
        qtbot.waitUntil(lambda: dialog.service.count() > 1)
        dialog.service.set_value(clinic.service)
        dialog._usual_minutes()
        assert dialog.minutes.value() == 30
        dialog.not_after.setText("12")
        dialog.days[1].setChecked(True)
        dialog.save()
        qtbot.waitUntil(lambda: screen.model.rowCount() == 3)
        row = next(one for one in clinic.rows() if one.given == "New")
        assert (row.weekdays, row.not_after) == ((1,), time(12))

    def test_changed(self, screen, qtbot, clinic) -> None:
        qtbot.keyClick(screen.table, Qt.Key.Key_E)
        dialog = screen.findChild(RequestDialog)
        qtbot.waitUntil(dialog.isActiveWindow)
        qtbot.waitUntil(lambda: dialog.service.value() == clinic.service)
        dialog.not_before.setText("14")
        dialog.not_after.setText("9")
        dialog.save()
        qtbot.waitUntil(lambda: dialog.fields["not_after"].state() == "error")
        dialog.not_after.setText("18")
        dialog.fields["not_after"].clear()
        dialog.save()
        qtbot.waitUntil(lambda: clinic.rows()[0].not_before == time(14))
        qtbot.waitUntil(lambda: "14:00" in screen.model.index(0, 2).data())

    def test_taken_off_and_back(self, screen, qtbot, clinic) -> None:
        qtbot.keyClick(screen.table, Qt.Key.Key_X)
        qtbot.waitUntil(lambda: [row.given for row in screen.model.rows()] == ["First"])
        take_back(qtbot, screen.desk)
        qtbot.waitUntil(lambda: screen.model.rowCount() == 2)


class TestWhoToCall:
    @pytest.fixture
    def dialog(self, qtbot, screen, clinic) -> WhoToCallDialog:
        self.booked = []
        shown = WhoToCallDialog(
            screen.desk, clinic.free, "Dr Nwosu", self.booked.append, parent=screen
        )
        shown.open()
        qtbot.waitUntil(lambda: shown.model.rowCount() == 2)
        qtbot.waitUntil(shown.isActiveWindow)
        qtbot.waitUntil(shown.table.hasFocus)
        return shown

    def test_an_answer_is_recorded_and_the_next_one_chosen(self, dialog, qtbot, clinic) -> None:
        assert dialog.chosen().request.given == "Urgent"
        assert "fits the length" in dialog.model.index(0, 2).data()
        dialog.remark.setText("at work")
        qtbot.keyClick(dialog.table, Qt.Key.Key_1)
        qtbot.waitUntil(lambda: clinic.rows()[0].last_answer == "no_answer")
        qtbot.waitUntil(lambda: "No answer" in dialog.model.index(0, 3).data())
        assert dialog.remark.text() == ""

    def test_who_accepts_is_booked(self, dialog, qtbot, clinic) -> None:
        qtbot.keyClick(dialog.table, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: len(self.booked) == 1)
        assert self.booked[0].patient == "Urgent Quinn"
        assert not dialog.isVisible()
        assert [row.given for row in clinic.rows()] == ["First"]

    def test_a_time_that_is_taken_meanwhile(self, dialog, qtbot, clinic, make) -> None:
        make.appointment(
            make.patient(given="Quick"),
            clinic.provider,
            starts_at=clinic.free.local_start.replace(tzinfo=ZoneInfo("Europe/Dublin")),
        )
        dialog.remark.setText("is glad")
        qtbot.keyClick(dialog.table, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: "Quick" in dialog.problem.text())
        assert dialog.isVisible()
        assert dialog.remark.text() == "is glad"
        assert len(clinic.rows()) == 2


def test_a_long_name_leaves_room_for_why(screen, qtbot, clinic) -> None:
    clinic.add("Bartholomew Maximilian Alexander Featherstonehaugh-Cholmondeley de la Vega")
    screen.reload()
    qtbot.waitUntil(lambda: screen.model.rowCount() == 3)
    screen.resize(700, 700)
    screen.reload()
    qtbot.waitUntil(lambda: screen.desk.operations.quiet)
    header = screen.table.horizontalHeader()
    assert header.sectionSize(Column.WHEN) >= 220
    assert header.sectionSize(Column.PATIENT) >= LEAST_NAME
