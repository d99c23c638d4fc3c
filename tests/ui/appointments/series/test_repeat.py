"""An appointment repeated by keys: its rule, its dates, what is against them."""

from datetime import date, datetime, time, timedelta

import pytest
from PySide6.QtCore import Qt

from clinic_desktop.models import SpecialTime
from clinic_desktop.services.series.schemas import Choice, State
from clinic_desktop.ui.appointments.booking import BookingDialog
from clinic_desktop.ui.appointments.series_form import SeriesDialog
from clinic_desktop.ui.intent import BookingIntent
from tests.ui.appointments.conftest import DAY
from tests.ui.appointments.series.by_keys import (
    choose,
    dialog_of,
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
SHIFT = Qt.KeyboardModifier.ShiftModifier


class TestRepeat:
    def test_from_an_appointment_by_keys_and_undone(
        self, calendar, qtbot, clinic, signed_in
    ) -> None:
        visit = clinic.visit(9, chair_id=clinic.chair)
        choose(qtbot, calendar, visit)
        press(qtbot, K.Key_E)
        dialog = dialog_of(qtbot, SeriesDialog)
        assert "Every week on Wednesday at 09:00, 6 times" in dialog.preview.text()
        write(qtbot, dialog.rule.every, "2")
        write(qtbot, dialog.rule.count, "4")
        assert dialog.preview.text() == (
            "Every 2 weeks on Wednesday at 09:00, 4 times, last on 23 Apr 2031"
        )
        plan = planned(qtbot, dialog)
        assert [one.state for one in plan.dates] == [State.KEPT, *[State.FREE] * 3]
        press(qtbot, K.Key_Return, CONTROL)
        qtbot.waitUntil(lambda: len(of_patient(signed_in, clinic)) == 4)
        qtbot.waitUntil(lambda: "a series of 4 appointments" in calendar.desk.messages.current.text)
        assert len({one.series_id for one in of_patient(signed_in, clinic)}) == 1
        take_back(qtbot, calendar.desk)
        qtbot.waitUntil(
            lambda: (
                [one.status for one in of_patient(signed_in, clinic)]
                == ["pending", *["cancelled"] * 3]
            )
        )

    def test_from_the_booking_form(self, open_calendar, qtbot, clinic, signed_in) -> None:
        calendar = open_calendar("u_front", book_for=BookingIntent(clinic.patient))
        form = dialog_of(qtbot, BookingDialog).form
        qtbot.waitUntil(lambda: len(form._treatments) == 1)
        form.service.set_value(clinic.treatment)
        form.minutes.set_value(45)
        press(qtbot, K.Key_R, ALT)
        dialog = dialog_of(qtbot, SeriesDialog)
        assert "Zofia" in dialog._sentence.text()
        assert "45 min" in dialog._sentence.text()
        planned(qtbot, dialog)
        press(qtbot, K.Key_Return, CONTROL)
        qtbot.waitUntil(lambda: len(of_patient(signed_in, clinic)) == 6)
        settled(qtbot, calendar)
        assert {(one.minutes, one.service) for one in of_patient(signed_in, clinic)} == {
            (45, "Composite, 3 surfaces")
        }

    def test_esc_keeps_what_was_written(self, calendar, qtbot, clinic) -> None:
        visit = clinic.visit(9)
        choose(qtbot, calendar, visit)
        press(qtbot, K.Key_E)
        dialog = dialog_of(qtbot, SeriesDialog)
        write(qtbot, dialog.rule.count, "17")
        press(qtbot, K.Key_Escape)
        choose(qtbot, calendar, visit)
        press(qtbot, K.Key_E)
        again = dialog_of(qtbot, SeriesDialog)
        assert again.rule.count.text() == "17"
        planned(qtbot, again)

    @pytest.mark.parametrize(
        ("field", "typed", "sentence"),
        [
            ("count", "10000", "1 to 200 appointments"),
            ("count", "0", "has to be from 1"),
            ("count", "", "Say when the series ends"),
            ("every", "99", "from 1 to 52"),
            ("every", "", "Every 1 to 52 weeks"),
        ],
    )
    def test_what_is_wrong_stands_at_its_field(
        self, calendar, qtbot, clinic, field, typed, sentence
    ) -> None:
        choose(qtbot, calendar, clinic.visit(9))
        press(qtbot, K.Key_E)
        dialog = dialog_of(qtbot, SeriesDialog)
        write(qtbot, dialog._fields[field].editor, typed)
        assert sentence in dialog._fields[field].sentence()
        assert not dialog.primary().isEnabled()
        assert dialog.preview.text() == ""

    def test_until_a_day(self, calendar, qtbot, clinic, signed_in) -> None:
        choose(qtbot, calendar, clinic.visit(9, chair_id=clinic.chair))
        press(qtbot, K.Key_E)
        dialog = dialog_of(qtbot, SeriesDialog)
        dialog.rule.end.setFocus()
        press(qtbot, K.Key_Down)
        assert dialog.rule.until.text() == "16 Apr 2031", "as six times would have it"
        write(qtbot, dialog.rule.until, "")
        assert "Say when the series ends" in dialog._fields["until"].sentence()
        write(qtbot, dialog.rule.until, "1.3.31")
        assert "12 Mar 2031 or later" in dialog._fields["until"].sentence()
        write(qtbot, dialog.rule.until, "26.3.31")
        assert "3 times, last on 26 Mar 2031" in dialog.preview.text()
        planned(qtbot, dialog)
        press(qtbot, K.Key_Return, CONTROL)
        qtbot.waitUntil(lambda: len(of_patient(signed_in, clinic)) == 3)

    def test_every_six_months_by_keys(self, calendar, qtbot, clinic) -> None:
        calendar.open_at(date=date(2031, 8, 31))
        settled(qtbot, calendar)
        visit = clinic.visit(9, days=172, chair_id=clinic.chair)
        choose(qtbot, calendar, visit)
        press(qtbot, K.Key_E)
        dialog = dialog_of(qtbot, SeriesDialog)
        write(qtbot, dialog.rule.every, "6")
        dialog.rule.unit.setFocus()
        press(qtbot, K.Key_Down)
        assert dialog.preview.text() == (
            "Every 6 months on day 31, or the month's last day at 09:00, 6 times, "
            "last on 28 Feb 2034"
        )
        assert dialog.rule.month_day.itemText(1) == "the month's last Sunday"
        planned(qtbot, dialog)

    def test_no_weekday(self, calendar, qtbot, clinic) -> None:
        choose(qtbot, calendar, clinic.visit(9))
        press(qtbot, K.Key_E)
        dialog = dialog_of(qtbot, SeriesDialog)
        box = dialog.rule.days[2]
        box.setFocus()
        press(qtbot, K.Key_Space)
        assert "Choose the days" in dialog._fields["weekdays"].sentence()

    def test_conflicts_are_answered_by_keys(self, calendar, qtbot, clinic, signed_in, make) -> None:
        other = make.patient(given="Otto", family="Neighbour")
        visit = clinic.visit(9, chair_id=clinic.chair)
        clinic.visit(9, days=7, patient=other)
        closed = datetime.combine(DAY.date() + timedelta(days=14), time())
        make.row(
            SpecialTime,
            kind="holiday",
            starts=closed,
            ends=closed + timedelta(days=1),
            label="Fair",
        )
        choose(qtbot, calendar, visit)
        press(qtbot, K.Key_E)
        dialog = dialog_of(qtbot, SeriesDialog)
        write(qtbot, dialog.rule.count, "4")
        plan = planned(qtbot, dialog)
        assert [one.state.value for one in plan.dates] == ["kept", "taken", "closed", "free"]
        assert "2 dates need an answer" in dialog.dates.note.text()
        assert not dialog.primary().isEnabled()
        dates = dialog.dates.list
        dates.setFocus()
        assert "Otto Neighbour at 09:00" in dates.currentItem().text()
        press(qtbot, K.Key_S)
        qtbot.waitUntil(
            lambda: "One" in dialog.dates.note.text() or "1 date" in dialog.dates.note.text()
        )
        dates.setCurrentRow(2)
        assert dialog.dates.buttons[Choice.NEXT_DAY].isVisible()
        assert not dialog.dates.buttons[Choice.OUTSIDE].isVisible(), "no right for that"
        press(qtbot, K.Key_D)
        qtbot.waitUntil(lambda: dialog.primary().isEnabled())
        assert dialog.primary().text().startswith("Book 3")
        press(qtbot, K.Key_Return, CONTROL)
        qtbot.waitUntil(lambda: len(of_patient(signed_in, clinic)) == 4)
        assert [f"{one.local_start:%d %H:%M}" for one in of_patient(signed_in, clinic)] == [
            "12 09:00",
            "19 09:30",
            "27 09:00",
            "02 09:00",
        ]

    def test_outside_asks_for_a_reason(self, open_calendar, qtbot, clinic, signed_in) -> None:
        calendar = open_calendar("u_manager")
        visit = clinic.visit(19)
        choose(qtbot, calendar, visit)
        press(qtbot, K.Key_E)
        dialog = dialog_of(qtbot, SeriesDialog)
        write(qtbot, dialog.rule.count, "3")
        planned(qtbot, dialog)
        dialog.dates.list.setFocus()
        press(qtbot, K.Key_O, SHIFT)
        qtbot.waitUntil(lambda: dialog.primary().isEnabled())
        assert dialog._reason.isVisible()
        press(qtbot, K.Key_Return, CONTROL)
        assert dialog._reason.state() == "error"
        write(qtbot, dialog.reason, "late shift")
        press(qtbot, K.Key_Return, CONTROL)
        qtbot.waitUntil(lambda: len(of_patient(signed_in, clinic)) == 3)

    def test_whoever_may_not_book(self, open_calendar, qtbot, clinic) -> None:
        calendar = open_calendar("u_compliance")
        choose(qtbot, calendar, clinic.visit(9))
        press(qtbot, K.Key_E)
        assert "do not allow booking" in calendar.desk.messages.current.text


def test_a_screen_reader_hears_that_it_belongs_to_a_series(calendar, qtbot, booked, clinic) -> None:
    clinic.visit(11)
    choose(qtbot, calendar, booked.visits[0].id)
    spoken = [item.name for part in calendar.grid.parts() for item in part.items]
    assert [one.endswith("of a series") for one in spoken] == [True, False]
