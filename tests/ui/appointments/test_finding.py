"""Looking for a free time by keys: how many it takes, what is shown, what is booked."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication

from clinic_desktop.domain.ids import new_id
from clinic_desktop.models import ChartItem, WorkingTime
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import Booking
from clinic_desktop.services.to_book import service as to_book
from clinic_desktop.services.to_book.schemas import BrokenSearch, PlannedSearch
from clinic_desktop.ui.appointments.booking import BookingDialog
from clinic_desktop.ui.appointments.choices import Kind
from clinic_desktop.ui.appointments.geometry import Cell
from clinic_desktop.ui.appointments.mini_month import MonthSheet
from clinic_desktop.ui.intent import BookingIntent
from tests.ui.appointments.conftest import DAY

K = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


class Presses(QObject):
    """Counts the keys that are acts: typing into a line is free, what ends it is not."""

    def __init__(self, qtbot) -> None:
        super().__init__()
        self._qtbot = qtbot
        self.count = 0

    def press(self, key, held=Qt.KeyboardModifier.NoModifier) -> None:
        self.count += 1
        self._qtbot.keyClick(QApplication.focusWidget(), key, held)

    def type(self, text: str) -> None:
        self._qtbot.keyClicks(QApplication.focusWidget(), text)


@pytest.fixture
def keys(qtbot) -> Presses:
    return Presses(qtbot)


@pytest.fixture
def shown(qtbot):
    """Wait until the search of a calendar has come to rest, with so many answers."""

    def wait(calendar, count: int = 9) -> None:
        qtbot.waitUntil(
            lambda: (
                calendar.desk.operations.quiet and len(calendar.side.search.answers.slots) == count
            ),
            timeout=10_000,
        )

    return wait


def _form(calendar, qtbot) -> BookingDialog:
    qtbot.waitUntil(lambda: calendar.findChild(BookingDialog) is not None)
    dialog = calendar.findChild(BookingDialog)
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def _plan(make, clinic, **values):
    return make.row(
        ChartItem,
        **{
            "patient_id": clinic.patient,
            "kind": "procedure",
            "code": "crown",
            "tooth": 36,
            "status": "planned",
            "since": date(2026, 1, 5),
            "treatment_id": clinic.treatment,
            "provider_id": clinic.one,
            **values,
        },
    )


class TestGoldenPath:
    def test_next_free_with_a_provider_is_three_keys(
        self, calendar, qtbot, clinic, keys, shown
    ) -> None:
        clinic.visit(8, minutes=60)
        calendar.grid.current = Cell(0, 8 * 60)
        calendar.refresh()
        qtbot.waitUntil(lambda: len(calendar.grid.geometry_of_day.blocks) == 1)
        keys.press(K.Key_F)
        shown(calendar)
        keys.press(K.Key_Return)
        dialog = _form(calendar, qtbot)
        keys.type("zof")
        qtbot.waitUntil(lambda: dialog.form.patient.finds.count() == 1)
        keys.press(K.Key_Return)
        qtbot.waitUntil(lambda: len(calendar.grid.geometry_of_day.blocks) == 2)
        assert keys.count == 3
        visit = calendar.grid.chosen()
        assert (visit.provider, f"{visit.local_start:%H:%M}") == ("Dr Amara Nwosu", "09:00")
        assert not calendar.finding.is_open

    def test_next_free_for_a_service_of_a_known_patient_is_three_keys(
        self, open_calendar, qtbot, clinic, keys, shown
    ) -> None:
        """The first key is that of the list or of the record, which opened the search."""
        keys.count = 1
        calendar = open_calendar(
            book_for=BookingIntent(clinic.patient, "Zofia Wiśniewska", search=True)
        )
        shown(calendar)
        keys.type("comp")
        keys.press(K.Key_Return)
        shown(calendar)
        qtbot.waitUntil(lambda: calendar.side.search.answers.slots[0].minutes == 45)
        assert calendar.side.search.answers.hasFocus()
        keys.press(K.Key_Return)
        qtbot.waitUntil(lambda: "is booked for" in calendar.desk.messages.current.text)
        assert keys.count == 3
        with calendar.desk.operations._opener.reading() as ctx:
            (row,) = appointments.visits_of(ctx, clinic.patient)
        assert (row.service, row.minutes) == ("Composite, 3 surfaces", 45)

    def test_planned_work_is_two_keys_and_is_shown_where_it_was_booked(
        self, open_calendar, qtbot, clinic, make, keys, shown
    ) -> None:
        item = _plan(make, clinic)
        intent = BookingIntent(
            clinic.patient, planned=(item,), source="planned", provider_id=clinic.one, search=True
        )
        keys.count = 1
        calendar = open_calendar(book_for=intent)
        shown(calendar)
        form = calendar.side.search.form
        assert form.whom.text() == "Zofia Wiśniewska"
        assert form.work.text() == "36 Composite, 3 surfaces"
        keys.press(K.Key_Return)
        qtbot.waitUntil(lambda: calendar.grid.chosen() is not None)
        assert keys.count == 2
        visit = calendar.grid.chosen()
        assert (visit.patient, visit.source, visit.minutes) == (
            "Zofia Wiśniewska", "planned", 45,
        )  # fmt: skip
        with calendar.desk.operations._opener.reading() as ctx:
            assert to_book.planned(ctx, PlannedSearch()) == ()
            (attempt,) = to_book.attempts_of(ctx, clinic.patient)
        assert attempt.outcome == "booked"


class TestAnswers:
    def test_ghosts_follow_the_chosen_answer_to_its_day(
        self, calendar, qtbot, clinic, keys, shown
    ) -> None:
        clinic.visit(8, minutes=590)
        calendar.grid.current = Cell(0, 8 * 60)
        keys.press(K.Key_F)
        shown(calendar)
        # The day is full for half an hour: the first answer is tomorrow's, and it is shown.
        next_day = (DAY + timedelta(days=1)).date()
        qtbot.waitUntil(lambda: calendar.grid.current_day() == next_day)
        assert [ghost.number for ghost in calendar.grid.ghosts] == list(range(1, 10))
        assert [ghost.chosen for ghost in calendar.grid.ghosts][:2] == [True, False]
        keys.press(K.Key_3)
        assert calendar.grid.ghosts[2].chosen
        keys.press(K.Key_Escape)
        assert calendar.grid.ghosts == ()
        assert calendar.grid.hasFocus()
        assert calendar.parking.isVisible()

    def test_more(self, calendar, qtbot, keys, shown) -> None:
        keys.press(K.Key_F)
        shown(calendar)
        keys.press(K.Key_End)
        keys.press(K.Key_Return)
        shown(calendar, 18)
        answers = calendar.side.search.answers
        assert answers.currentRow() == 9
        assert len(set(answers.slots)) == 18

    def test_mornings_on_some_weekdays_from_a_day(self, calendar, qtbot, keys, shown) -> None:
        keys.press(K.Key_F)
        shown(calendar)
        form = calendar.side.search.form
        form.part.set_value("afternoon")
        form.weekdays.set_values({0, 4})
        form.first_day.setText("20/03/2031")
        qtbot.waitUntil(
            lambda: (
                {slot.local_start.weekday() for slot in calendar.side.search.answers.slots} == {4}
            )
        )
        slots = calendar.side.search.answers.slots
        assert f"{slots[0].local_start:%d.%m. %H:%M}" == "21.03. 12:00"
        assert all(slot.local_start.hour >= 12 for slot in slots)

    def test_nothing_free_says_what_to_try(self, calendar, qtbot, keys, shown) -> None:
        keys.press(K.Key_F)
        shown(calendar)
        form = calendar.side.search.form
        form.minutes.setText("480")
        form.weekdays.set_values({2})
        form.part.set_value("afternoon")
        form.part.chosen.emit("afternoon")
        qtbot.waitUntil(lambda: calendar.side.search.state.state == "empty")
        assert calendar.grid.ghosts == ()
        assert not calendar.side.search.book.isEnabled()

    def test_a_crown_in_two_visits_fourteen_days_apart(
        self, open_calendar, qtbot, clinic, make, keys, shown
    ) -> None:
        item = _plan(make, clinic)
        intent = BookingIntent(clinic.patient, planned=(item,), source="planned", search=True)
        calendar = open_calendar(book_for=intent)
        shown(calendar)
        form = calendar.side.search.form
        form.visits.set_value(2)
        form.visits.chosen.emit(2)
        form.later.setText("30")
        qtbot.waitUntil(
            lambda: (
                [
                    one.minutes
                    for slot in calendar.side.search.answers.slots[:1]
                    for one in slot.then
                ]
                == [30]
            )
        )
        shown(calendar)
        slot = calendar.side.search.answers.slots[0]
        assert (slot.then[0].local_start.date() - slot.local_start.date()).days == 14
        assert "then" in calendar.side.search.answers.item(0).text()
        calendar.side.search.answers.setFocus()
        keys.press(K.Key_Return)
        qtbot.waitUntil(lambda: "is booked for" in calendar.desk.messages.current.text)
        with calendar.desk.operations._opener.reading() as ctx:
            visits = appointments.visits_of(ctx, clinic.patient)
        assert sorted(visit.minutes for visit in visits) == [30, 45]
        assert all(visit.service == "Composite, 3 surfaces" for visit in visits)

    def test_somebody_takes_it_first(
        self, open_calendar, qtbot, clinic, make, sign_in, keys, shown
    ) -> None:
        item = _plan(make, clinic)
        intent = BookingIntent(
            clinic.patient, planned=(item,), source="planned", provider_id=clinic.one, search=True
        )
        calendar = open_calendar(book_for=intent)
        shown(calendar)
        # What the other PC does is not heard of here yet.
        calendar.desk.operations.changed.disconnect(calendar._changed)
        first = calendar.side.search.answers.slots[0]
        other = make.patient(given="Bo", family="Lund")
        with sign_in("u_dentist", device="other").writing() as ctx:
            appointments.book(
                ctx,
                Booking(
                    id=new_id(), patient_id=other, provider_id=first.provider_id,
                    local_start=first.local_start, minutes=30,
                ),
            )  # fmt: skip
        keys.press(K.Key_Return)
        qtbot.waitUntil(lambda: "Bo Lund" in calendar.desk.messages.current.text)
        qtbot.waitUntil(
            lambda: calendar.side.search.answers.slots[0].local_start > first.local_start
        )
        assert calendar.finding.is_open
        keys.press(K.Key_Return)
        qtbot.waitUntil(lambda: "Zofia" in calendar.desk.messages.current.text)

    def test_by_the_form_first(self, open_calendar, qtbot, clinic, make, keys, shown) -> None:
        item = _plan(make, clinic)
        intent = BookingIntent(clinic.patient, planned=(item,), source="planned", search=True)
        calendar = open_calendar(book_for=intent)
        shown(calendar)
        keys.press(K.Key_Return, SHIFT)
        dialog = _form(calendar, qtbot)
        qtbot.waitUntil(lambda: len(dialog.form.work.chosen()) == 1)
        assert dialog.form.minutes.value() == 45
        dialog.save()
        qtbot.waitUntil(lambda: not calendar.finding.is_open)
        with calendar.desk.operations._opener.reading() as ctx:
            assert to_book.planned(ctx, PlannedSearch()) == ()

    def test_a_broken_one_is_made_anew(
        self, open_calendar, qtbot, clinic, make, keys, shown
    ) -> None:
        made = datetime(2026, 1, 1, tzinfo=UTC)
        broken = make.appointment(
            clinic.patient, clinic.one, starts_at=datetime(2026, 3, 2, 10, tzinfo=UTC),
            status="missed", created_at=made, status_at=datetime(2026, 3, 2, 11, tzinfo=UTC),
        )  # fmt: skip
        intent = BookingIntent(
            clinic.patient, treatment_ids=(clinic.treatment,), minutes=40,
            broken_id=broken, source="rebooked", search=True,
        )  # fmt: skip
        calendar = open_calendar(book_for=intent)
        shown(calendar)
        assert calendar.side.search.answers.slots[0].minutes == 40
        keys.press(K.Key_Return)
        qtbot.waitUntil(lambda: "is booked for" in calendar.desk.messages.current.text)
        with calendar.desk.operations._opener.reading() as ctx:
            assert to_book.broken(ctx, BrokenSearch()) == ()


class TestMonth:
    @pytest.fixture
    def weekdays_only(self, make):
        """A third provider who works on Mondays alone."""
        provider = make.provider("Dr Lee", position=3)
        make.row(WorkingTime, provider_id=provider, weekday=0, starts=time(8), ends=time(12))
        return provider

    def _month(self, calendar) -> MonthSheet:
        return calendar.side.month.sheet

    def test_free_days_are_marked_and_what_is_not_known_is_not_free(
        self, weekdays_only, calendar, qtbot, keys, shown
    ) -> None:
        month = self._month(calendar)
        qtbot.waitUntil(lambda: month.state(DAY.date()) == "free")
        keys.press(K.Key_F)
        form = calendar.side.search.form
        form.provider.set_value(weekdays_only)
        form.provider.chosen.emit(weekdays_only)
        qtbot.waitUntil(lambda: month.state(DAY.date()) == "full")
        assert month.state(date(2031, 3, 17)) == "free"
        # Another month is not known until it was asked for.
        month.step_month(1)
        assert month.state(date(2031, 4, 14)) == "unknown"
        assert "not known yet" in month.words(date(2031, 4, 14))
        qtbot.waitUntil(lambda: month.state(date(2031, 4, 14)) == "free")
        assert month.state(date(2031, 4, 15)) == "full"

    def test_by_keys(self, calendar, qtbot, keys) -> None:
        month = self._month(calendar)
        month.setFocus()
        for key in (K.Key_Down, K.Key_Right, K.Key_Return):
            keys.press(key)
        qtbot.waitUntil(lambda: calendar.grid.current_day() == date(2031, 3, 20))
        assert calendar.grid.hasFocus()

    def test_not_loaded_stays_unknown(self, calendar, qtbot, monkeypatch) -> None:
        month = self._month(calendar)
        qtbot.waitUntil(lambda: month.state(DAY.date()) == "free")
        monkeypatch.setattr(
            "clinic_desktop.services.appointments.slots.free_days",
            lambda _ctx, _search: appointments.appointment(_ctx, new_id()),
        )
        month.step_month(1)
        qtbot.waitUntil(lambda: calendar.desk.operations.quiet)
        assert month.state(date(2031, 4, 14)) == "unknown"


class TestViews:
    def test_from_the_month_and_in_a_narrow_window(self, calendar, qtbot, keys, shown) -> None:
        keys.press(K.Key_0)
        qtbot.waitUntil(lambda: calendar.is_month and calendar.month.layout_of_month is not None)
        calendar.resize(880, 700)
        keys.press(K.Key_F)
        shown(calendar)
        assert calendar.choices.view.kind is Kind.DAY
        assert calendar.side.search.answers.hasFocus()
        keys.press(K.Key_Escape)
        assert not calendar.side.isVisible()

    def test_who_may_not_book_is_told(self, open_calendar, qtbot, keys, shown) -> None:
        calendar = open_calendar("u_compliance")
        keys.press(K.Key_F)
        shown(calendar)
        keys.press(K.Key_Return)
        assert "do not allow booking" in calendar.desk.messages.current.text

    def test_keys_are_told(self, calendar) -> None:
        helped = calendar.keys_now()
        told = {one.key: one.does for one in helped}
        assert told["F"] == "find a slot"
        assert told["Shift+Enter"] == "book it by the form"
