"""The server stops half-way through a list of whom to book: said clearly, nothing typed is lost."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from clinic_desktop.domain.ids import new_id
from clinic_desktop.services.recalls import service as recalls
from clinic_desktop.services.recalls import types
from clinic_desktop.services.recalls.schemas import NewRecall
from clinic_desktop.services.to_book import service as to_book
from clinic_desktop.services.waiting import service as waiting
from clinic_desktop.services.waiting.schemas import FreeTime, NewRequest
from clinic_desktop.ui.recalls.dialogs import PauseDialog
from clinic_desktop.ui.recalls.view import RecallScreen
from clinic_desktop.ui.to_book.broken import BrokenScreen
from clinic_desktop.ui.to_book.planned import PlannedScreen
from clinic_desktop.ui.waiting.request_dialog import RequestDialog
from clinic_desktop.ui.waiting.view import WaitingScreen
from clinic_desktop.ui.waiting.who_to_call import WhoToCallDialog
from tests.services.to_book.conftest import Clinic
from tests.ui.appointments.stopped.begun import Begun, Hand, goes_through_later, said_by

K = Qt.Key


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
        said=lambda: said_by(screen),
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
        said=lambda: said_by(screen),
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


@pytest.mark.parametrize(
    "begin",
    [waiting_list, waiting_request, whom_to_call, call_list, held_back, planned_list, broken_list],
)
def test_said_kept_and_done_when_it_is_back(
    begin, server, request, qtbot, desk_of, signed_in, make
) -> None:
    goes_through_later(Hand(request, qtbot, desk_of, signed_in, make), server, begin)
