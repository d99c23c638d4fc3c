"""The board of the day on a real clinic, by keys and clicks."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from clinic_desktop.domain.visit_status import VisitStatus
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import StatusChange
from clinic_desktop.ui.today.card_model import CardModel, Roles
from clinic_desktop.ui.today.cards import Card, Lane
from clinic_desktop.ui.today.view import TodayScreen
from tests.ui.undoing import take_back


@pytest.fixture
def day(make):
    """Three visits of today at the clinic: one expected, one waiting, one in the chair."""
    # The board is always today's: what the clinic's clock says while the test runs.
    now = datetime.fromtimestamp(time.time(), UTC)

    class Day:
        chair = make.chair("Chair 2")
        provider = make.provider()
        start = now.replace(minute=0, second=0, microsecond=0)

        def visit(self, name: str, minutes: int, status: str, **stamps) -> object:
            patient = make.patient(given=name, family="Quinn")
            return make.appointment(
                patient,
                self.provider,
                chair_id=self.chair,
                starts_at=self.start + timedelta(minutes=minutes),
                minutes=5,
                status=status,
                **stamps,
            )

    made = Day()
    made.expected = made.visit("Expected", 30, "confirmed")
    made.waiting = made.visit("Waiting", 20, "arrived", arrived_at=now - timedelta(minutes=20))
    made.seated = made.visit("Seated", 10, "in_chair", arrived_at=now, seated_at=now)
    return made


@pytest.fixture
def board(qtbot, desk_of, day) -> TodayScreen:
    """The screen of the front desk, loaded."""
    screen = TodayScreen(desk_of("u_front"))
    qtbot.addWidget(screen)
    screen.resize(1300, 760)
    screen.show()
    qtbot.waitUntil(lambda: screen.lanes[Lane.WAITING].list.cards.rowCount() == 1)
    return screen


def _names(screen: TodayScreen, lane: Lane) -> list[str]:
    cards = screen.lanes[lane].list.cards
    return [cards.card(row).name for row in range(cards.rowCount())]


def _status(signed_in, visit_id) -> str:
    with signed_in.reading() as ctx:
        return appointments.appointment(ctx, visit_id).status


class TestModel:
    def test_rows_are_cards(self) -> None:
        model = CardModel()
        QAbstractItemModelTester(model)
        model.set_cards((Card(None, "Chair 2 ready", "Next: Ana, 14:00", "", "armchair"),))
        assert model.rowCount() == 1
        assert model.index(0).data() == "Chair 2 ready. Next: Ana, 14:00"
        assert model.index(0).data(Roles.CARD).name == "Chair 2 ready"

    def test_reset_is_told(self, qtbot) -> None:
        model = CardModel()
        with qtbot.waitSignal(model.modelReset):
            model.set_cards(())


class TestBoard:
    def test_everybody_in_their_lane(self, board) -> None:
        assert _names(board, Lane.EXPECTED) == ["Expected Quinn"]
        assert _names(board, Lane.WAITING) == ["Waiting Quinn"]
        assert "Seated Quinn" in _names(board, Lane.CHAIRS)

    def test_focus_begins_with_who_waits(self, board) -> None:
        board.start_focus()
        assert board.chosen().name == "Waiting Quinn"

    def test_one_letter_moves_a_visit_and_undo_takes_it_back(
        self, board, qtbot, signed_in, day
    ) -> None:
        cards = board.lanes[Lane.EXPECTED].list
        cards.setFocus()
        cards.choose(0)
        qtbot.keyClick(cards, Qt.Key.Key_A)
        qtbot.waitUntil(lambda: len(_names(board, Lane.WAITING)) == 2)
        assert _status(signed_in, day.expected) == "arrived"
        take_back(qtbot, board.desk)
        qtbot.waitUntil(lambda: _names(board, Lane.EXPECTED) == ["Expected Quinn"])
        assert _status(signed_in, day.expected) == "confirmed"
        board.desk.messages.redo()
        qtbot.waitUntil(lambda: len(_names(board, Lane.WAITING)) == 2)
        assert _status(signed_in, day.expected) == "arrived"

    def test_the_button_on_a_card(self, board, qtbot, signed_in, day) -> None:
        cards = board.lanes[Lane.CHAIRS].list
        row = _names(board, Lane.CHAIRS).index("Seated Quinn")
        qtbot.mouseClick(cards.viewport(), Qt.MouseButton.LeftButton, pos=cards.act_place(row))
        qtbot.waitUntil(lambda: _status(signed_in, day.seated) == "done")

    def test_cancelling_asks_why(self, board, qtbot, signed_in, day) -> None:
        cards = board.lanes[Lane.EXPECTED].list
        cards.setFocus()
        cards.choose(0)
        qtbot.keyClick(cards, Qt.Key.Key_X)
        from clinic_desktop.ui.appointments.cancel import CancelDialog

        dialog = board.findChild(CancelDialog)
        qtbot.waitUntil(dialog.isActiveWindow)
        qtbot.keyClick(dialog.usual, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: _status(signed_in, day.expected) == "cancelled")

    def test_another_pc(self, board, qtbot, sign_in, day) -> None:
        with sign_in("u_hygienist", device="chair").writing() as ctx:
            visit = appointments.appointment(ctx, day.expected)
            appointments.set_status(
                ctx, StatusChange(id=visit.id, version=visit.version, to=VisitStatus.ARRIVED)
            )
        qtbot.waitUntil(lambda: len(_names(board, Lane.WAITING)) == 2, timeout=8000)

    def test_long_wait_is_said_in_words(self, board) -> None:
        card = board.lanes[Lane.WAITING].list.cards.card(0)
        # The clock goes on while the board is made.
        waited = int(card.tag.text.split()[0])
        assert 20 <= waited < 25
        assert card.tag.kind == "warning"
