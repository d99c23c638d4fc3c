"""The booking form by keys: what is typed wrongly is said at its field, and nothing is lost."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from clinic_desktop.domain.visit_status import VisitStatus
from clinic_desktop.models import WorkingTime
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.ui.appointments.booking import BookingDialog
from clinic_desktop.ui.appointments.booking_form import Slot
from clinic_desktop.ui.appointments.cancel import CancelDialog
from clinic_desktop.ui.appointments.visit_acts import VisitActs

CONTROL = Qt.KeyboardModifier.ControlModifier
START = datetime(2031, 3, 12, 10, tzinfo=ZoneInfo("Europe/Dublin"))


@pytest.fixture
def clinic(make):
    class Clinic:
        chair = make.chair("Chair 2")
        one = make.provider("Dr Amara Nwosu", chair_id=chair, position=1)
        other = make.provider("Dr Tomás Echeverría", position=2)
        treatment = make.treatment(minutes=45)
        patient = make.patient(given="Zofia", family="Wiśniewska", words=["zofia", "wisniewska"])

    made = Clinic()
    for weekday in range(7):
        make.row(WorkingTime, provider_id=made.one, weekday=weekday, starts=time(8), ends=time(18))
    return made


class Form:
    """Opens the form again and again, as one person does."""

    def __init__(self, qtbot, desk, window) -> None:
        self.qtbot, self.desk, self.window = qtbot, desk, window
        self.booked: list = []
        self.bugs: list = []
        desk.operations.bug.connect(self.bugs.append)

    def open(self, clinic, *, start=START, known=True) -> BookingDialog:
        with self.desk.operations._opener.reading() as ctx:
            sheet = appointments.day(ctx, start.date())
        who = (clinic.patient, "Zofia Wiśniewska") if known else (None, "")
        dialog = BookingDialog(
            self.desk, sheet, Slot(start, clinic.one, *who), self.booked.append, parent=self.window
        )
        dialog.open()
        self.qtbot.waitUntil(dialog.isActiveWindow)
        self.qtbot.waitUntil(lambda: len(dialog.form._treatments) == 1)
        return dialog

    def write(self, editor, text: str) -> None:
        editor.setFocus()
        editor.selectAll()
        self.qtbot.keyClick(editor, Qt.Key.Key_Delete)
        self.qtbot.keyClicks(editor, text)

    def save(self) -> None:
        self.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, CONTROL)

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: self.desk.operations.quiet, timeout=10_000)


@pytest.fixture
def form(qtbot, desk_of):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1000, 800)
    window.show()
    return Form(qtbot, desk_of("u_front"), window)


def wrong(dialog) -> dict[str, str]:
    return {n: f.sentence() for n, f in dialog.form.fields.items() if f.state() == "error"}


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("minutes", "x", "Write a whole number in figures."),
        ("minutes", "0", "The number has to be from 5 to 1440."),
        ("minutes", "1500", "The number has to be from 5 to 1440."),
        ("time", "25:00", "hours from 0 to 23"),
        ("time", "", "Time is needed."),
        ("day", "31/02/2031", "February"),
        ("day", "", "Day is needed."),
    ],
)
def test_each_mistake_is_said_at_its_field(form, clinic, name, typed, sentence) -> None:
    dialog = form.open(clinic)
    form.write(dialog.form.fields[name].editor, typed)
    form.save()
    assert list(wrong(dialog)) == [name]
    assert sentence in wrong(dialog)[name]
    assert dialog.form.fields[name].editor.hasFocus()
    assert dialog.form.fields[name].editor.text() == typed
    form.write(
        dialog.form.fields[name].editor, {"minutes": "40", "time": "11"}.get(name, "12.3.31")
    )
    form.save()
    form.qtbot.waitUntil(lambda: len(form.booked) == 1)
    assert not form.bugs


def test_every_mistake_is_said_at_once(form, clinic) -> None:
    dialog = form.open(clinic, known=False)
    form.write(dialog.form.minutes, "x")
    form.write(dialog.form.time, "noon-ish")
    form.save()
    assert list(wrong(dialog)) == ["patient_id", "minutes", "time"]
    assert dialog.form.patient.search.hasFocus()


@pytest.mark.parametrize("typed", ["1/1/0001", "31/12/9999"])
def test_the_ends_of_the_calendar(form, clinic, typed) -> None:
    dialog = form.open(clinic)
    form.write(dialog.form.day, typed)
    form.save()
    form.settle()
    assert wrong(dialog)
    assert not form.bugs
    assert dialog.primary().isEnabled()


def test_everything_typed_is_there_again(form, clinic) -> None:
    dialog = form.open(clinic, known=False)
    dialog.form.patient.set_patient(clinic.patient, "Zofia Wiśniewska")
    dialog.form.service.set_value(clinic.treatment)
    dialog.form.service.activated.emit(dialog.form.service.currentIndex())
    dialog.form.provider.set_value(clinic.other)
    dialog.form.provider.activated.emit(dialog.form.provider.currentIndex())
    form.write(dialog.form.minutes, "50")
    form.write(dialog.form.time, "11:45")
    form.write(dialog.form.remark, "Rings twice")
    form.qtbot.keyClick(dialog.form.remark, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    again = form.open(clinic, known=False)
    assert again.form.texts() == dialog.form.texts()
    assert again.form.patient.patient_id == clinic.patient
    assert (again.form.minutes.text(), again.form.time.text()) == ("50", "11:45")
    again.reject()
    # Another slot was chosen by hand: its time stands, the rest is there.
    later = form.open(clinic, known=False, start=START.replace(hour=15))
    assert (later.form.time.text(), later.form.provider.value()) == ("15:00", clinic.one)
    assert (later.form.minutes.text(), later.form.remark.text()) == ("50", "Rings twice")


def test_reason_of_a_cancellation_is_kept_until_it_is_done(form, clinic, make) -> None:
    visit_id = make.appointment(clinic.patient, clinic.one, starts_at=START, minutes=30)
    acts = VisitActs(form.desk, form.window, lambda _row: None)
    with form.desk.operations._opener.reading() as ctx:
        visit = appointments.appointment(ctx, visit_id)

    def ask() -> CancelDialog:
        acts.act(visit, VisitStatus.CANCELLED)
        dialog = form.window.findChildren(CancelDialog)[-1]
        form.qtbot.waitUntil(dialog.isActiveWindow)
        return dialog

    dialog = ask()
    form.write(dialog.words, "Moved aw")
    form.qtbot.keyClick(dialog.words, Qt.Key.Key_Escape)
    dialog = ask()
    assert dialog.words.text() == "Moved aw"
    form.save()
    form.settle()
    with form.desk.operations._opener.reading() as ctx:
        assert appointments.appointment(ctx, visit_id).status == VisitStatus.CANCELLED
    assert form.desk.drafts.recall("cancel", str(visit_id)) is None


def test_works_again_after_a_mistake_of_the_program(form, clinic, monkeypatch) -> None:
    dialog = form.open(clinic)
    with monkeypatch.context() as broken:
        broken.setattr(appointments, "book", lambda _ctx, _booking: 1 / 0)
        form.save()
        form.settle()
    assert [type(bug).__name__ for bug in form.bugs] == ["ZeroDivisionError"]
    assert wrong(dialog) == {"time": "The program made a mistake. Your text is kept."}
    assert dialog.primary().isEnabled()
    form.save()
    form.qtbot.waitUntil(lambda: len(form.booked) == 1)
