"""The server stops half-way through an act in the calendar: said clearly, nothing typed is lost."""

from datetime import time, timedelta

import pytest
from PySide6.QtCore import Qt

from clinic_desktop.domain.visit_status import VisitStatus
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.ui.appointments.booking import BookingDialog
from clinic_desktop.ui.appointments.cancel import CancelDialog
from clinic_desktop.ui.appointments.series_form import SeriesDialog
from tests.ui.appointments.stopped.begun import Begun, Hand, failure_of, goes_through_later, said_by

K = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


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
        said=lambda: failure_of(search.state),
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
        said=lambda: failure_of(screen.filling.state),
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
        said=lambda: said_by(screen),
        typed=lambda: screen.month.chosen() is not None,
        done=lambda: hand.stored(visit).status == VisitStatus.CONFIRMED,
        operations=screen.desk.operations,
    )


def moved(hand: Hand) -> Begun:
    """An appointment is moved with a key in the day."""
    screen, visit = hand.calendar()
    return Begun(
        act=lambda: hand.qtbot.keyClick(screen.grid, K.Key_Down, ALT),
        said=lambda: said_by(screen),
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
        said=lambda: said_by(screen),
        # The words come back with the dialog.
        typed=lambda: set(reasons) <= {"moved to Cork"},
        done=lambda: hand.stored(visit).reason == "moved to Cork",
        operations=screen.desk.operations,
    )


@pytest.mark.parametrize(
    "begin",
    [series, series_written, free_time, free_time_taken, month, month_moved, moved, cancelled],
)
def test_said_kept_and_done_when_it_is_back(
    begin, server, request, qtbot, desk_of, signed_in, make
) -> None:
    goes_through_later(Hand(request, qtbot, desk_of, signed_in, make), server, begin)


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
        qtbot.waitUntil(lambda: "Wiśniewska stays at 09:00" in said_by(screen))
        assert screen.grid.hand.drag is None
        assert screen.grid.chosen_id == visit
    finally:
        server.start()
    operations.try_now()
    qtbot.waitUntil(lambda: operations.connected and operations.quiet)
    for key in (K.Key_Space, K.Key_Down, K.Key_Return):
        hand.key(key)
    qtbot.waitUntil(lambda: hand.stored(visit).local_start.time() == time(9, 15))
