"""A series changed and cancelled, from its form and from one of its appointments."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from clinic_desktop.domain.ids import new_id
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import Move
from clinic_desktop.services.series import service as series
from clinic_desktop.services.series.schemas import Scope, SeriesChange, State
from clinic_desktop.ui.appointments.cancel import CancelDialog
from clinic_desktop.ui.appointments.series_change import SeriesChangeDialog
from clinic_desktop.ui.conflict import ConflictDialog
from tests.ui.appointments.conftest import DAY
from tests.ui.appointments.series.by_keys import (
    choose,
    dialog_of,
    hours,
    of_patient,
    planned,
    press,
    settled,
    write,
)
from tests.ui.undoing import take_back

K = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


class TestChange:
    def open(self, qtbot, calendar, booked) -> SeriesChangeDialog:
        choose(qtbot, calendar, booked.visits[0].id)
        press(qtbot, K.Key_E)
        dialog = dialog_of(qtbot, SeriesChangeDialog)
        planned(qtbot, dialog)
        return dialog

    def test_length_and_time_of_all(self, calendar, qtbot, clinic, signed_in, booked) -> None:
        dialog = self.open(qtbot, calendar, booked)
        assert not dialog.primary().isEnabled(), "nothing is changed yet"
        assert "Every week on Wednesday at 09:00, 5 times" in dialog._sentence.text()
        write(qtbot, dialog.time, "10:15")
        write(qtbot, dialog.minutes, "45")
        qtbot.waitUntil(lambda: dialog.primary().isEnabled())
        assert "at 10:15, 5 times" in dialog.preview.text()
        press(qtbot, K.Key_Return, CONTROL)
        qtbot.waitUntil(lambda: hours(signed_in, clinic) == ["10:15"] * 5)
        assert {one.minutes for one in of_patient(signed_in, clinic)} == {45}

    @pytest.mark.parametrize(
        ("field", "typed", "words"),
        [
            ("minutes", "0", "from 5 to 1440"),
            ("minutes", "1500", "from 5 to 1440"),
            ("time", "25:00", "hours from 0 to 23"),
            ("day", "31/02/2031", "February"),
        ],
    )
    def test_what_is_wrong(self, calendar, qtbot, clinic, booked, field, typed, words) -> None:
        dialog = self.open(qtbot, calendar, booked)
        write(qtbot, dialog._fields[field].editor, typed)
        qtbot.waitUntil(lambda: words in dialog._fields[field].sentence())
        assert not dialog.primary().isEnabled()

    def test_changed_on_another_pc(
        self, calendar, qtbot, clinic, signed_in, sign_in, booked
    ) -> None:
        dialog = self.open(qtbot, calendar, booked)
        write(qtbot, dialog.minutes, "60")
        qtbot.waitUntil(lambda: dialog.primary().isEnabled())
        other = sign_in("u_dentist", device="pc-2")
        visit = booked.visits[0]
        change = SeriesChange(
            series_id=booked.series_id,
            version=1,
            visit_id=visit.id,
            scope=Scope.ALL,
            new_id=new_id(),
            local_start=visit.local_start.replace(hour=14),
            minutes=30,
            provider_id=visit.provider_id,
            chair_id=visit.chair_id,
        )
        with other.writing() as ctx:
            series.change(ctx, change)
        press(qtbot, K.Key_Return, CONTROL)
        conflict = dialog_of(qtbot, ConflictDialog)
        shown = {row.line.field: row.line for row in conflict.rows}
        assert (shown["time"].before, shown["time"].theirs) == ("09:00", "14:00")
        assert (shown["minutes"].yours, shown["minutes"].theirs) == ("60", "30")
        qtbot.keyClick(conflict, K.Key_Return, CONTROL)
        qtbot.waitUntil(lambda: dialog.primary().isEnabled())
        # What one changed is kept, what the other changed too: both stand in the end.
        assert (dialog.time.text(), dialog.minutes.text()) == ("14:00", "60")
        dialog.activateWindow()
        qtbot.waitUntil(dialog.isActiveWindow)
        dialog.minutes.setFocus()
        press(qtbot, K.Key_Return, CONTROL)
        qtbot.waitUntil(lambda: {one.minutes for one in of_patient(signed_in, clinic)} == {60})
        assert hours(signed_in, clinic) == ["14:00"] * 5

    def test_those_moved_by_themselves(self, calendar, qtbot, clinic, signed_in, booked) -> None:
        visit = booked.visits[2]
        change = Move(
            id=visit.id,
            version=1,
            provider_id=visit.provider_id,
            chair_id=visit.chair_id,
            local_start=visit.local_start.replace(hour=16),
            minutes=30,
        )
        with signed_in.writing() as ctx:
            appointments.move(ctx, change)
        dialog = self.open(qtbot, calendar, booked)
        assert "Also 1 that was moved by itself" in dialog.with_apart.text()
        write(qtbot, dialog.time, "10")
        qtbot.waitUntil(lambda: dialog.primary().isEnabled())
        assert "stays" in dialog.dates.list.item(2).text()
        dialog.with_apart.setFocus()
        press(qtbot, K.Key_Space)
        plan = planned(qtbot, dialog)
        assert State.KEPT not in {one.state for one in plan.dates}
        qtbot.waitUntil(lambda: dialog.primary().isEnabled())
        press(qtbot, K.Key_Return, CONTROL)
        qtbot.waitUntil(lambda: hours(signed_in, clinic) == ["10:00"] * 5)


class TestCancel:
    def test_from_the_form_of_the_series(self, calendar, qtbot, clinic, signed_in, booked) -> None:
        choose(qtbot, calendar, booked.visits[0].id)
        press(qtbot, K.Key_E)
        dialog = dialog_of(qtbot, SeriesChangeDialog)
        planned(qtbot, dialog)
        press(qtbot, K.Key_X, ALT)
        cancel = dialog_of(qtbot, CancelDialog)
        cancel._scope.set_value(Scope.ALL.value)
        press(qtbot, K.Key_Return, CONTROL)
        qtbot.waitUntil(
            lambda: {one.status for one in of_patient(signed_in, clinic)} == {"cancelled"}
        )

    def test_this_and_following(self, calendar, qtbot, clinic, signed_in, booked) -> None:
        calendar.open_at(date=DAY.date() + timedelta(days=14))
        settled(qtbot, calendar)
        choose(qtbot, calendar, booked.visits[2].id)
        press(qtbot, K.Key_X)
        dialog = dialog_of(qtbot, CancelDialog)
        dialog._scope.set_value(Scope.FOLLOWING.value)
        assert "(3)" in dialog._scope._group.button(1).text()
        press(qtbot, K.Key_Return, CONTROL)
        statuses = ["pending"] * 2 + ["cancelled"] * 3
        qtbot.waitUntil(lambda: [one.status for one in of_patient(signed_in, clinic)] == statuses)
        qtbot.waitUntil(lambda: "3 appointments" in calendar.desk.messages.current.text)
        take_back(qtbot, calendar.desk)
        qtbot.waitUntil(
            lambda: {one.status for one in of_patient(signed_in, clinic)} == {"pending"}
        )

    def test_this_one_alone(self, calendar, qtbot, clinic, signed_in, booked) -> None:
        choose(qtbot, calendar, booked.visits[0].id)
        press(qtbot, K.Key_X)
        dialog_of(qtbot, CancelDialog)
        press(qtbot, K.Key_Return, CONTROL)
        qtbot.waitUntil(
            lambda: (
                [one.status for one in of_patient(signed_in, clinic)]
                == ["cancelled"] + ["pending"] * 4
            )
        )
