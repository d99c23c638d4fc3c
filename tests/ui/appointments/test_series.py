"""Series from the calendar: repeated by key, asked beside the place, changed, cancelled, undone."""

from datetime import date, datetime, time, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.recurrence import Rule, Unit
from clinic_desktop.domain.schedule import Span
from clinic_desktop.models import SpecialTime
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import Move
from clinic_desktop.services.series import service as series
from clinic_desktop.services.series.schemas import Choice, Scope, SeriesBooking, SeriesChange, State
from clinic_desktop.ui.appointments.booking import BookingDialog
from clinic_desktop.ui.appointments.cancel import CancelDialog
from clinic_desktop.ui.appointments.geometry import Cell
from clinic_desktop.ui.appointments.series_change import SeriesChangeDialog
from clinic_desktop.ui.appointments.series_form import SeriesDialog
from clinic_desktop.ui.appointments.series_question import SeriesQuestion
from clinic_desktop.ui.conflict import ConflictDialog
from clinic_desktop.ui.intent import BookingIntent
from tests.ui.appointments.conftest import DAY
from tests.ui.undoing import take_back

K = Qt.Key
ALT, CONTROL, SHIFT = (
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


@pytest.fixture
def booked(clinic, signed_in):
    """Five Wednesdays at nine with the first provider."""
    booking = SeriesBooking(
        id=new_id(),
        patient_id=clinic.patient,
        provider_id=clinic.one,
        chair_id=clinic.chair,
        local_start=datetime.combine(DAY.date(), time(9)),
        minutes=30,
        rule=Rule(Unit.WEEK, 1, (2,), count=5),
    )
    with signed_in.writing() as ctx:
        return series.book(ctx, booking)


def settled(qtbot, screen) -> None:
    qtbot.waitUntil(lambda: screen.desk.operations.quiet, timeout=10_000)


def dialog_of(qtbot, kind):
    found: list = []

    def look() -> bool:
        found[:] = [one for one in QApplication.topLevelWidgets() if isinstance(one, kind)]
        found[:] = [one for one in found if one.isVisible() and one.isActiveWindow()]
        return bool(found)

    qtbot.waitUntil(look)
    return found[0]


def press(qtbot, key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(QApplication.focusWidget(), key, modifier)


def write(qtbot, editor, text: str) -> None:
    editor.setFocus()
    editor.selectAll()
    qtbot.keyClick(editor, K.Key_Delete)
    qtbot.keyClicks(editor, text)


def choose(qtbot, screen, visit_id) -> None:
    screen.refresh()
    settled(qtbot, screen)
    screen.activateWindow()
    qtbot.waitUntil(screen.isActiveWindow)
    screen.grid.choose(visit_id)
    screen.grid.setFocus()


def planned(qtbot, dialog):
    qtbot.waitUntil(lambda: dialog.dates.plan is not None and not dialog._ask_soon.isActive())
    qtbot.waitUntil(lambda: dialog._desk.operations.quiet)
    return dialog.dates.plan


def of_patient(signed_in, clinic) -> list:
    with signed_in.reading() as ctx:
        return list(reversed(appointments.visits_of(ctx, clinic.patient)))


def hours(signed_in, clinic) -> list[str]:
    return [f"{one.local_start:%H:%M}" for one in of_patient(signed_in, clinic)]


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


class TestQuestion:
    def question(self, qtbot, calendar) -> SeriesQuestion:
        qtbot.waitUntil(lambda: calendar.repeats.question is not None)
        return calendar.repeats.question

    def lower(self, qtbot, calendar, booked) -> None:
        choose(qtbot, calendar, booked.visits[0].id)
        press(qtbot, K.Key_Down, ALT)

    def test_this_one(self, calendar, qtbot, clinic, signed_in, booked) -> None:
        self.lower(qtbot, calendar, booked)
        self.question(qtbot, calendar)
        press(qtbot, K.Key_1)
        qtbot.waitUntil(lambda: hours(signed_in, clinic)[0] != "09:00")
        assert hours(signed_in, clinic)[1:] == ["09:00"] * 4

    def test_all_of_them_and_undone(self, calendar, qtbot, clinic, signed_in, booked) -> None:
        self.lower(qtbot, calendar, booked)
        question = self.question(qtbot, calendar)
        assert question.isVisible()
        assert not question.isModal()
        press(qtbot, K.Key_3)
        qtbot.waitUntil(lambda: len(set(hours(signed_in, clinic)) | {"09:00"}) == 2)
        qtbot.waitUntil(lambda: "5 appointments" in calendar.desk.messages.current.text)
        take_back(qtbot, calendar.desk)
        qtbot.waitUntil(lambda: hours(signed_in, clinic) == ["09:00"] * 5)

    def test_esc_lets_it_stay(self, calendar, qtbot, clinic, signed_in, booked) -> None:
        self.lower(qtbot, calendar, booked)
        self.question(qtbot, calendar)
        press(qtbot, K.Key_Escape)
        assert calendar.repeats.question is None
        assert "stays where it was" in calendar.desk.messages.current.text
        assert calendar.grid.hasFocus()
        settled(qtbot, calendar)
        assert hours(signed_in, clinic) == ["09:00"] * 5

    def test_by_the_mouse_beside_the_place(
        self, calendar, qtbot, clinic, signed_in, booked
    ) -> None:
        choose(qtbot, calendar, booked.visits[0].id)
        grid = calendar.grid
        start = grid.place_of(booked.visits[0].id).toPoint()
        target = start + QPoint(0, 8 * grid.geometry_of_day.row)
        view = grid.viewport()
        qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
        qtbot.mouseMove(view, start + QPoint(9, 9))
        qtbot.mouseMove(view, target)
        qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=target)
        question = self.question(qtbot, calendar)
        box = grid.geometry_of_day.box_of(0, Span(11 * 60, 11 * 60 + 30))
        there = calendar.mapFromGlobal(view.mapToGlobal(grid.on_screen(box).center().toPoint()))
        assert abs(question.geometry().center().y() - there.y()) < 40
        qtbot.mouseClick(question.buttons[Scope.FOLLOWING], Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: set(hours(signed_in, clinic)) == {"11:00"})

    def test_against_one_of_them_the_list_is_shown(
        self, calendar, qtbot, clinic, signed_in, booked, make
    ) -> None:
        other = make.patient(given="Otto", family="Neighbour")
        step = calendar.choices.view.slot
        clinic.visit(9.5, days=14, patient=other)
        choose(qtbot, calendar, booked.visits[0].id)
        press(qtbot, K.Key_Down, ALT)
        self.question(qtbot, calendar)
        press(qtbot, K.Key_3)
        dialog = dialog_of(qtbot, SeriesChangeDialog)
        plan = planned(qtbot, dialog)
        assert [one.state.value for one in plan.dates].count("taken") == 1
        assert hours(signed_in, clinic) == ["09:00"] * 5
        dialog.dates.list.setFocus()
        press(qtbot, K.Key_L)
        qtbot.waitUntil(lambda: dialog.primary().isEnabled())
        press(qtbot, K.Key_Return, CONTROL)
        later = f"09:{step:02}"
        qtbot.waitUntil(lambda: hours(signed_in, clinic) == [later, later, "09:00", later, later])


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


def test_a_screen_reader_hears_that_it_belongs_to_a_series(calendar, qtbot, booked, clinic) -> None:
    clinic.visit(11)
    choose(qtbot, calendar, booked.visits[0].id)
    spoken = [item.name for part in calendar.grid.parts() for item in part.items]
    assert [one.endswith("of a series") for one in spoken] == [True, False]


class TestParked:
    """One of a series that is put down out of the parking asks what a drag asks."""

    @pytest.fixture
    def question(self, calendar, qtbot, booked):
        """Parked by its key, put down two hours later by V: the question stands there."""
        visit = booked.visits[1].id
        calendar._walking.go(DAY.date() + timedelta(days=7))
        settled(qtbot, calendar)
        choose(qtbot, calendar, visit)
        press(qtbot, K.Key_P)
        assert calendar.parked.holds(visit)
        calendar.grid.go(Cell(0, 11 * 60))
        press(qtbot, K.Key_V)
        qtbot.waitUntil(lambda: calendar.repeats.question is not None)
        assert isinstance(calendar.repeats.question, SeriesQuestion)
        return visit

    def test_this_one_and_back(self, calendar, qtbot, clinic, signed_in, question) -> None:
        press(qtbot, K.Key_1)
        settled(qtbot, calendar)
        assert hours(signed_in, clinic) == ["09:00", "11:00", "09:00", "09:00", "09:00"]
        assert not calendar.parked.holds(question)
        calendar.desk.messages.undo()
        settled(qtbot, calendar)
        assert hours(signed_in, clinic) == ["09:00"] * 5
        assert calendar.parked.holds(question)

    def test_this_and_following_and_back(
        self, calendar, qtbot, clinic, signed_in, question
    ) -> None:
        press(qtbot, K.Key_2)
        qtbot.waitUntil(lambda: hours(signed_in, clinic)[-1] == "11:00")
        settled(qtbot, calendar)
        assert hours(signed_in, clinic) == ["09:00", *["11:00"] * 4]
        assert not calendar.parked.holds(question)
        calendar.desk.messages.undo()
        qtbot.waitUntil(lambda: hours(signed_in, clinic) == ["09:00"] * 5)
        settled(qtbot, calendar)
        assert calendar.parked.holds(question)
        calendar.desk.messages.redo()
        qtbot.waitUntil(lambda: hours(signed_in, clinic)[-1] == "11:00")
        settled(qtbot, calendar)
        assert not calendar.parked.holds(question)

    def test_esc_leaves_it_parked(self, calendar, qtbot, clinic, signed_in, question) -> None:
        press(qtbot, K.Key_Escape)
        settled(qtbot, calendar)
        assert calendar.parked.holds(question)
        assert hours(signed_in, clinic) == ["09:00"] * 5
