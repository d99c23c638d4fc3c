"""The database stops half-way through a screen of booking: said clearly, nothing typed is lost.

Each case begins something, the server stops, the act fails with a sentence at its place, what was
typed stands as it was; the server starts again, and the same act goes through.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.visit_status import VisitStatus
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.recalls import service as recalls
from clinic_desktop.services.recalls import types
from clinic_desktop.services.recalls.schemas import NewRecall
from clinic_desktop.services.to_book import service as to_book
from clinic_desktop.services.waiting import service as waiting
from clinic_desktop.services.waiting.schemas import FreeTime, NewRequest
from clinic_desktop.ui.appointments.booking import BookingDialog
from clinic_desktop.ui.appointments.cancel import CancelDialog
from clinic_desktop.ui.appointments.series_form import SeriesDialog
from clinic_desktop.ui.recalls.dialogs import PauseDialog
from clinic_desktop.ui.recalls.view import RecallScreen
from clinic_desktop.ui.to_book.broken import BrokenScreen
from clinic_desktop.ui.to_book.planned import PlannedScreen
from clinic_desktop.ui.waiting.request_dialog import RequestDialog
from clinic_desktop.ui.waiting.view import WaitingScreen
from clinic_desktop.ui.waiting.who_to_call import WhoToCallDialog
from tests.services.to_book.conftest import Clinic

K = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
# What the program says of a server that is away; never a driver's words.
SAID = ("server", "connection")
DRIVERS = ("psycopg", "socket", "FATAL", "Traceback", "sqlalchemy")


@dataclass
class Begun:
    """Something half done: its act, where it says why not, what was typed, and how it ended."""

    act: Callable[[], None]
    said: Callable[[], str]
    typed: Callable[[], object]
    done: Callable[[], bool]
    operations: object
    ready: Callable[[], bool] = lambda: True
    """Whether the act can be pressed again."""


class Hand:
    """What a test needs to begin something: the clinic, its screens, and keys."""

    def __init__(self, request, qtbot, desk_of, signed_in, make) -> None:
        self.request, self.qtbot, self.desk_of = request, qtbot, desk_of
        self.signed_in, self.make = signed_in, make

    def screen(self, kind, count: int):
        """Return a list in front, with so many lines."""
        screen = kind(self.desk_of("u_front"))
        self.qtbot.addWidget(screen)
        screen.resize(1368, 800)
        screen.show()
        screen.activateWindow()
        self.qtbot.waitUntil(screen.isActiveWindow)
        screen.refresh()
        self.qtbot.waitUntil(
            lambda: screen.model.rowCount() == count and screen.desk.operations.quiet
        )
        screen.start_focus()
        return screen

    def calendar(self):
        """Return the calendar with an appointment at nine chosen, and its id."""
        clinic = self.request.getfixturevalue("clinic")
        visit = clinic.visit(9, chair_id=clinic.chair)
        screen = self.request.getfixturevalue("open_calendar")("u_front")
        self.qtbot.waitUntil(lambda: screen.desk.operations.quiet)
        screen.grid.choose(visit)
        screen.grid.setFocus()
        return screen, visit

    def dialog(self, kind):
        def found():
            shown = [one for one in QApplication.topLevelWidgets() if isinstance(one, kind)]
            return next((one for one in shown if one.isVisible() and one.isActiveWindow()), None)

        self.qtbot.waitUntil(lambda: found() is not None)
        return found()

    def key(self, key, held=Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(QApplication.focusWidget(), key, held)

    def stored(self, visit):
        with self.signed_in.reading() as ctx:
            return appointments.appointment(ctx, visit)

    def read(self, call):
        with self.signed_in.reading() as ctx:
            return call(ctx)


def _said(screen) -> str:
    current = screen.desk.messages.current
    return current.text if current is not None else ""


def _patients(hand: Hand) -> None:
    with hand.signed_in.writing() as ctx:
        types.add_usual_types(ctx)
        kind = types.recall_types(ctx)[0]
        due = recalls.today(ctx) - timedelta(days=9)
    for name in ("Ana", "Rui"):
        patient = hand.make.patient(name, "Quinn")
        with hand.signed_in.writing() as ctx:
            new = NewRecall(id=new_id(), patient_id=patient, recall_type_id=kind.id, due_on=due)
            recalls.set_recall(ctx, new)


def _wishes(hand: Hand) -> None:
    for name in ("Ana", "Rui"):
        patient = hand.make.patient(name, "Quinn")
        with hand.signed_in.writing() as ctx:
            waiting.add_request(ctx, NewRequest(id=new_id(), patient_id=patient, minutes=30))


def _of_list(hand: Hand, screen, tries: Callable[[object], int]) -> Begun:
    """A remark is typed beside a list; 2 records that a message was left."""
    hand.qtbot.keyClicks(screen.side.remark, "after five")
    return Begun(
        act=lambda: hand.qtbot.keyClick(screen.table, K.Key_2),
        said=lambda: _said(screen),
        typed=screen.side.remark.text,
        done=lambda: hand.read(tries) == 1,
        operations=screen.desk.operations,
    )


def call_list(hand: Hand) -> Begun:
    _patients(hand)
    screen = hand.screen(RecallScreen, 2)
    row = screen.row()
    return _of_list(
        hand, screen, lambda ctx: len(recalls.recalls_of(ctx, row.patient_id)[0].attempts)
    )


def held_back(hand: Hand) -> Begun:
    """A recall is held back, with the reason."""
    _patients(hand)
    screen = hand.screen(RecallScreen, 2)
    patient = screen.row().patient_id
    hand.qtbot.keyClick(screen.table, K.Key_P)
    dialog = hand.dialog(PauseDialog)
    dialog.reason.setText("at sea until spring")
    return Begun(
        act=dialog.save,
        said=dialog.fields["reason"].sentence,
        typed=lambda: (dialog.isVisible(), dialog.reason.text()),
        done=lambda: (
            hand.read(lambda ctx: recalls.recalls_of(ctx, patient))[0].pause_reason
            == "at sea until spring"
        ),
        operations=screen.desk.operations,
    )


def planned_list(hand: Hand) -> Begun:
    clinic = Clinic(hand.make, hand.request.getfixturevalue("sign_in"))
    for name in ("Ana", "Rui"):
        clinic.plan(hand.make.patient(name, "Quinn"))
    screen = hand.screen(PlannedScreen, 2)
    patient = screen.row().patient_id
    return _of_list(hand, screen, lambda ctx: len(to_book.attempts_of(ctx, patient)))


def broken_list(hand: Hand) -> Begun:
    clinic = Clinic(hand.make, hand.request.getfixturevalue("sign_in"))
    for name in ("Ana", "Rui"):
        clinic.broke(hand.make.patient(name, "Quinn"), -3)
    screen = hand.screen(BrokenScreen, 2)
    row = screen.row()
    return _of_list(hand, screen, lambda ctx: len(to_book.attempts_of(ctx, row.patient_id, row.id)))


def waiting_list(hand: Hand) -> Begun:
    """A line is taken off the list."""
    _wishes(hand)
    screen = hand.screen(WaitingScreen, 2)
    return Begun(
        act=lambda: hand.qtbot.keyClick(screen.table, K.Key_X),
        said=lambda: _said(screen),
        typed=screen.row,
        done=lambda: len(hand.read(waiting.waiting_list)) == 1,
        operations=screen.desk.operations,
    )


def waiting_request(hand: Hand) -> Begun:
    """A wish is written."""
    _wishes(hand)
    screen = hand.screen(WaitingScreen, 2)
    hand.qtbot.keyClick(screen.table, K.Key_E)
    dialog = hand.dialog(RequestDialog)
    hand.qtbot.waitUntil(lambda: screen.desk.operations.quiet)
    dialog.remark.setText("rings before noon")
    dialog.days[1].setChecked(True)
    return Begun(
        act=dialog.save,
        said=dialog.fields["remark"].sentence,
        typed=lambda: (dialog.isVisible(), dialog.remark.text(), dialog.days[1].isChecked()),
        done=lambda: any(
            one.remark == "rings before noon" for one in hand.read(waiting.waiting_list)
        ),
        operations=screen.desk.operations,
    )


def whom_to_call(hand: Hand) -> Begun:
    """The first candidate has accepted, with a remark."""
    clinic = Clinic(hand.make, hand.request.getfixturevalue("sign_in"))
    _wishes(hand)
    screen = hand.screen(WaitingScreen, 2)
    free = FreeTime(
        local_start=clinic.at(3),
        provider_id=clinic.one,
        chair_id=clinic.chair,
        minutes=30,
    )
    booked = []
    dialog = WhoToCallDialog(screen.desk, free, "Dr Nwosu", booked.append, parent=screen)
    dialog.open()
    hand.qtbot.waitUntil(lambda: dialog.model.rowCount() == 2 and dialog.table.hasFocus())
    dialog.remark.setText("at work")
    return Begun(
        act=dialog.book,
        said=dialog.problem.text,
        typed=lambda: (dialog.isVisible(), dialog.remark.text(), dialog.chosen() is not None),
        done=lambda: len(booked) == 1,
        operations=screen.desk.operations,
    )


def series(hand: Hand) -> Begun:
    """A series is written and looked through; it is sent when the server is away."""
    screen, visit = hand.calendar()
    hand.key(K.Key_E)
    dialog = hand.dialog(SeriesDialog)
    dialog.rule.count.setFocus()
    dialog.rule.count.selectAll()
    hand.qtbot.keyClicks(dialog.rule.count, "4")
    hand.qtbot.waitUntil(
        lambda: (
            dialog.primary().isEnabled()
            and len(dialog.dates.plan.dates) == 4
            and not dialog._ask_soon.isActive()
            and screen.desk.operations.quiet
        )
    )
    return Begun(
        act=dialog.save,
        said=dialog.dates.note.text,
        typed=lambda: (dialog.isVisible(), dialog.rule.count.text()),
        done=lambda: hand.stored(visit).series_id is not None,
        operations=screen.desk.operations,
        ready=lambda: dialog.primary().isEnabled(),
    )


def series_written(hand: Hand) -> Begun:
    """A series is still being written: its dates cannot be asked for meanwhile."""
    screen, _visit = hand.calendar()
    hand.key(K.Key_E)
    dialog = hand.dialog(SeriesDialog)
    hand.qtbot.waitUntil(lambda: dialog.dates.plan is not None and screen.desk.operations.quiet)
    dialog.rule.count.setFocus()

    def write() -> None:
        dialog.rule.count.selectAll()
        hand.qtbot.keyClicks(dialog.rule.count, "9")

    return Begun(
        act=write,
        # The rule in words gives way to the sentence.
        said=lambda: dialog.preview.text() if "Every" not in dialog.preview.text() else "",
        typed=lambda: dialog.isVisible(),
        done=lambda: dialog.dates.plan is not None and len(dialog.dates.plan.dates) == 9,
        operations=screen.desk.operations,
    )


def free_time(hand: Hand) -> Begun:
    """A free time is looked for: the length is typed."""
    screen, _visit = hand.calendar()
    hand.key(K.Key_F)
    search = screen.side.search
    hand.qtbot.waitUntil(lambda: bool(search.answers.slots) and screen.desk.operations.quiet)

    def write() -> None:
        search.form.minutes.setFocus()
        search.form.minutes.selectAll()
        hand.qtbot.keyClicks(search.form.minutes, "50")
        hand.key(K.Key_Return)

    return Begun(
        act=write,
        said=lambda: _panel(search.state),
        typed=lambda: (screen.finding.is_open, search.form.service.value()),
        done=lambda: (
            search.state.state == "content"
            and bool(search.answers.slots)
            and search.answers.slots[0].minutes == 50
        ),
        operations=screen.desk.operations,
    )


def free_time_taken(hand: Hand) -> Begun:
    """A free time was found for somebody, and is booked with one key."""
    screen, _visit = hand.calendar()
    hand.key(K.Key_F)
    answers = screen.side.search.answers
    hand.qtbot.waitUntil(lambda: bool(answers.slots) and screen.desk.operations.quiet)
    hand.key(K.Key_Return)
    dialog = hand.dialog(BookingDialog)
    clinic = hand.request.getfixturevalue("clinic")
    dialog.form.patient.set_patient(clinic.patient, "Zofia Wiśniewska")
    hand.qtbot.waitUntil(lambda: screen.desk.operations.quiet)
    dialog.form.remark.setText("rings before noon")
    return Begun(
        act=dialog.save,
        said=lambda: "".join(field.sentence() for field in dialog.form.fields.values()),
        typed=lambda: (
            dialog.isVisible(), dialog.form.remark.text(), dialog.form.patient.patient_id,
        ),
        done=lambda: any(
            one.remark == "rings before noon"
            for one in hand.read(lambda ctx: appointments.visits_of(ctx, clinic.patient))
        ),
        operations=screen.desk.operations,
    )  # fmt: skip


def month(hand: Hand) -> Begun:
    """The month is shown; the next one is wanted."""
    screen, _visit = hand.calendar()
    hand.key(K.Key_0)
    hand.qtbot.waitUntil(
        lambda: screen.month.layout_of_month is not None and screen.desk.operations.quiet
    )
    wanted = screen._walking.day.replace(day=1) + timedelta(days=32)
    return Begun(
        act=lambda: screen._walking.go(wanted),
        said=lambda: _panel(screen.filling.state),
        typed=lambda: screen.is_month,
        done=lambda: (
            screen.filling.state.state == "content"
            and screen.month.layout_of_month.cells[10].day.day.month == wanted.month
        ),
        operations=screen.desk.operations,
    )


def month_moved(hand: Hand) -> Begun:
    """An appointment is done with a key in the month."""
    screen, visit = hand.calendar()
    hand.key(K.Key_0)
    hand.qtbot.waitUntil(
        lambda: screen.month.layout_of_month is not None and screen.desk.operations.quiet
    )
    screen.month.choose(visit)
    screen.month.setFocus()
    return Begun(
        act=lambda: hand.qtbot.keyClick(screen.month, K.Key_C),
        said=lambda: _said(screen),
        typed=lambda: screen.month.chosen() is not None,
        done=lambda: hand.stored(visit).status == VisitStatus.CONFIRMED,
        operations=screen.desk.operations,
    )


def moved(hand: Hand) -> Begun:
    """An appointment is moved with a key in the day."""
    screen, visit = hand.calendar()
    return Begun(
        act=lambda: hand.qtbot.keyClick(screen.grid, K.Key_Down, ALT),
        said=lambda: _said(screen),
        typed=lambda: screen.grid.chosen_id == visit,
        done=lambda: hand.stored(visit).local_start.time() == time(9, 15),
        operations=screen.desk.operations,
    )


def cancelled(hand: Hand) -> Begun:
    """An appointment is given up, with a reason in words of one's own."""
    screen, visit = hand.calendar()
    reasons: list[str] = []

    def give_up() -> None:
        screen.activateWindow()
        screen.grid.choose(visit)
        hand.qtbot.keyClick(screen.grid, K.Key_X)
        dialog = hand.dialog(CancelDialog)
        if not reasons:
            hand.qtbot.keyClicks(dialog.words, "moved to Cork")
        reasons.append(dialog.words.text())
        hand.key(K.Key_Return, CONTROL)

    return Begun(
        act=give_up,
        said=lambda: _said(screen),
        # The words come back with the dialog.
        typed=lambda: set(reasons) <= {"moved to Cork"},
        done=lambda: hand.stored(visit).reason == "moved to Cork",
        operations=screen.desk.operations,
    )


def _panel(panel) -> str:
    return panel._failed._sentence.text() if panel.state == "failed" else ""


@pytest.mark.parametrize(
    "begin",
    [
        waiting_list, waiting_request, whom_to_call, call_list, held_back, planned_list,
        broken_list, series, series_written, free_time, free_time_taken, month, month_moved, moved,
        cancelled,
    ],
)  # fmt: skip
def test_said_kept_and_done_when_it_is_back(
    begin, server, request, qtbot, desk_of, signed_in, make
) -> None:
    hand = Hand(request, qtbot, desk_of, signed_in, make)
    begun = begin(hand)
    operations, bugs = begun.operations, []
    operations.bug.connect(bugs.append)
    refused: list[Exception] = []
    # What a screen leaves to its window, which says it below.
    operations.refused.connect(lambda _owner, error: refused.append(error))

    quiet = begun.said()

    def said() -> str:
        own = begun.said()
        return own if own != quiet else "".join(str(one) for one in refused[-1:])

    before = begun.typed()
    server.stop()
    try:
        begun.act()
        qtbot.waitUntil(lambda: bool(said()))
        words = said()
        assert any(one in words.casefold() for one in SAID), words
        assert not any(one in words for one in DRIVERS), words
        assert words.rstrip().endswith("."), words
        assert begun.typed() == before
        qtbot.waitUntil(lambda: not operations.connected)
    finally:
        server.start()
    operations.try_now()
    qtbot.waitUntil(lambda: operations.connected and operations.quiet)
    assert begun.typed() == before, "it is still there when the screens ask anew"
    if not begun.done():
        qtbot.waitUntil(begun.ready)
        begun.act()
    qtbot.waitUntil(begun.done)
    assert not bugs


def test_what_is_held_when_it_stops_stays_where_it_was(
    server, request, qtbot, desk_of, signed_in, make
) -> None:
    hand = Hand(request, qtbot, desk_of, signed_in, make)
    screen, visit = hand.calendar()
    operations = screen.desk.operations
    hand.key(K.Key_Space)
    hand.key(K.Key_Down)
    qtbot.waitUntil(lambda: operations.quiet)
    server.stop()
    try:
        hand.key(K.Key_Down)
        qtbot.waitUntil(lambda: "Wiśniewska stays at 09:00" in _said(screen))
        assert screen.grid.hand.drag is None
        assert screen.grid.chosen_id == visit
    finally:
        server.start()
    operations.try_now()
    qtbot.waitUntil(lambda: operations.connected and operations.quiet)
    for key in (K.Key_Space, K.Key_Down, K.Key_Return):
        hand.key(key)
    qtbot.waitUntil(lambda: hand.stored(visit).local_start.time() == time(9, 15))
