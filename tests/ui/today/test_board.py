"""The board of the day on a real clinic, by keys and clicks."""

import time
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QMenu

from clinic_desktop.domain.visit_status import VisitStatus
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import StatusChange
from clinic_desktop.ui.appointments.booking import BookingDialog
from clinic_desktop.ui.today.card_delegate import tag_in
from clinic_desktop.ui.today.card_model import CardModel, Roles
from clinic_desktop.ui.today.cards import Card, Lane, chair_for
from clinic_desktop.ui.today.view import TodayScreen
from clinic_desktop.ui.widgets.painting import TagSpec, tag_width
from tests.ui.undoing import take_back


@pytest.fixture
def day(make):
    """Three visits of today at the clinic: one expected, one waiting, one in the chair."""
    # The board is always today's: what the clinic's clock says while the test runs.
    now = datetime.fromtimestamp(time.time(), UTC)

    class Day:
        chair = make.chair("Chair 2")
        other_chair = make.chair("Chair 9")
        provider = make.provider()
        other_provider = make.provider("Lena Björk")
        start = now.replace(minute=0, second=0, microsecond=0)
        patients: ClassVar[dict] = {}

        def visit(self, name: str, minutes: int, status: str, **stamps) -> object:
            patient = make.patient(given=name, family="Quinn")
            self.patients[name] = patient
            return make.appointment(
                patient,
                self.provider,
                chair_id=self.chair,
                starts_at=self.start + timedelta(minutes=minutes),
                minutes=5,
                status=status,
                **stamps,
            )

        def next_visit(self, name: str) -> None:
            make.appointment(
                self.patients[name],
                self.provider,
                chair_id=self.chair,
                starts_at=self.start + timedelta(days=30),
                minutes=5,
                status="pending",
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


def _visit(signed_in, visit_id):
    with signed_in.reading() as ctx:
        return appointments.appointment(ctx, visit_id)


def _status(signed_in, visit_id) -> str:
    return _visit(signed_in, visit_id).status


def _at(screen: TodayScreen, lane: Lane, name: str) -> QPoint:
    cards = screen.lanes[lane].list
    row = _names(screen, lane).index(name)
    return cards.viewport().mapToGlobal(cards.visualRect(cards.cards.index(row)).center())


class Carrying:
    """A mouse that carries a card from one place of the screen to another."""

    def __init__(self, qtbot, screen: TodayScreen, lane: Lane, name: str) -> None:
        self._bot, self._cards = qtbot, screen.lanes[lane].list
        self._from = self._cards.viewport().mapFromGlobal(_at(screen, lane, name))
        qtbot.mousePress(self._cards.viewport(), Qt.MouseButton.LeftButton, pos=self._from)

    def move(self, to: QPoint) -> None:
        port = self._cards.viewport()
        for place in (self._from + QPoint(12, 0), port.mapFromGlobal(to)):
            event = QMouseEvent(
                QMouseEvent.Type.MouseMove,
                QPointF(place),
                QPointF(port.mapToGlobal(place)),
                Qt.MouseButton.NoButton,
                Qt.MouseButton.LeftButton,
                Qt.KeyboardModifier.NoModifier,
            )
            QApplication.sendEvent(port, event)

    def let_go(self, at: QPoint) -> None:
        port = self._cards.viewport()
        self._bot.mouseRelease(port, Qt.MouseButton.LeftButton, pos=port.mapFromGlobal(at))

    def escape(self) -> None:
        self._bot.keyClick(self._cards, Qt.Key.Key_Escape)


class TestCarrying:
    def test_onto_a_chair(self, board, qtbot, signed_in, day) -> None:
        chair = _at(board, Lane.CHAIRS, "Chair 9 ready")
        carrying = Carrying(qtbot, board, Lane.WAITING, "Waiting Quinn")
        carrying.move(chair)
        assert board._ghost.isVisible()
        assert board._ghost.accessibleName() == "Waiting Quinn. Seat in Chair 9"
        carrying.let_go(chair)
        qtbot.waitUntil(lambda: _status(signed_in, day.waiting) == "in_chair")
        assert _visit(signed_in, day.waiting).chair_id == day.other_chair
        assert not board._ghost.isVisible()

    def test_onto_somebody_is_refused_in_words(self, board, qtbot, signed_in, day) -> None:
        seated = _at(board, Lane.CHAIRS, "Seated Quinn")
        carrying = Carrying(qtbot, board, Lane.WAITING, "Waiting Quinn")
        carrying.move(seated)
        assert board._ghost.accessibleName() == "Waiting Quinn. Seated Quinn sits here"
        carrying.let_go(seated)
        assert "Seated Quinn sits here" in board.desk.messages.current.text
        assert _status(signed_in, day.waiting) == "arrived"

    def test_back_to_the_lane_before(self, board, qtbot, signed_in, day) -> None:
        waiting = _at(board, Lane.WAITING, "Waiting Quinn")
        carrying = Carrying(qtbot, board, Lane.CHAIRS, "Seated Quinn")
        carrying.move(waiting)
        carrying.let_go(waiting)
        qtbot.waitUntil(lambda: _status(signed_in, day.seated) == "arrived")

    def test_escape_and_a_drop_outside_change_nothing(self, board, qtbot, signed_in, day) -> None:
        outside = board.mapToGlobal(QPoint(10, 10))
        carrying = Carrying(qtbot, board, Lane.WAITING, "Waiting Quinn")
        carrying.move(_at(board, Lane.CHAIRS, "Chair 9 ready"))
        carrying.escape()
        assert not board._ghost.isVisible()
        carrying.let_go(_at(board, Lane.CHAIRS, "Chair 9 ready"))
        carrying = Carrying(qtbot, board, Lane.WAITING, "Waiting Quinn")
        carrying.move(outside)
        carrying.let_go(outside)
        assert "Nothing was moved" in board.desk.messages.current.text
        assert _status(signed_in, day.waiting) == "arrived"


class TestList:
    def test_letters_act_on_the_chosen_row(self, board, qtbot, signed_in, day) -> None:
        board.lanes[Lane.EXPECTED].list.setFocus()
        board.lanes[Lane.EXPECTED].list.choose(0)
        qtbot.keyClick(board.lanes[Lane.EXPECTED].list, Qt.Key.Key_L)
        assert board.visits.hasFocus()
        assert board.chosen().name == "Expected Quinn", "the chosen visit stays chosen"
        assert board.visits.visits.rowCount() == 3
        qtbot.keyClick(board.visits, Qt.Key.Key_A)
        qtbot.waitUntil(lambda: _status(signed_in, day.expected) == "arrived")

    def test_a_number_filters_the_rows(self, board, qtbot) -> None:
        board._other_layout()
        waiting = board._strip.widgets()[1]
        qtbot.mouseClick(waiting, Qt.MouseButton.LeftButton)
        assert [visit.status for visit in board.visits.visits.rows()] == ["arrived"]
        qtbot.mouseClick(waiting, Qt.MouseButton.LeftButton)
        assert board.visits.visits.rowCount() == 3


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


class TestTwiceToday:
    """Whoever is booked twice today is told so, wherever the other appointment is."""

    @pytest.fixture
    def twice(self, board, day, make, qtbot) -> TodayScreen:
        """The one who waits is booked with somebody else at the same time."""
        make.appointment(
            day.patients["Waiting"],
            day.other_provider,
            chair_id=day.other_chair,
            starts_at=day.start + timedelta(minutes=22),
            minutes=5,
            status="confirmed",
        )
        qtbot.waitUntil(lambda: "Waiting Quinn" in _names(board, Lane.EXPECTED))
        return board

    def test_on_the_card_in_words_and_as_an_icon(self, twice, day) -> None:
        cards = twice.lanes[Lane.WAITING].list.cards
        card = cards.card(0)
        assert card.also.startswith("at the same time ")
        assert card.also.endswith(" with Lena Björk")
        assert card.also_icon == "copy"
        assert card.also in cards.index(0).data()
        assert card.also in cards.index(0).data(Qt.ItemDataRole.ToolTipRole)
        others = twice.lanes[Lane.EXPECTED].list.cards
        alone = others.card(_names(twice, Lane.EXPECTED).index("Expected Quinn"))
        assert (alone.also, alone.also_icon) == ("", "")

    def test_where_one_provider_alone_is_shown(self, twice, day) -> None:
        twice.provider.set_value(day.provider)
        twice._draw()
        assert _names(twice, Lane.EXPECTED) == ["Expected Quinn"]
        assert "Lena Björk" in twice.lanes[Lane.WAITING].list.cards.card(0).also

    def test_in_the_list(self, twice, day) -> None:
        twice._other_layout()
        row = twice.visits.visits.row_of(day.waiting)
        spoken = twice.visits.visits.index(row, 1).data()
        assert spoken.startswith("Waiting Quinn, at the same time ")


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

    def test_seated_where_a_chair_is_free(self, board, qtbot, signed_in, day) -> None:
        """Somebody sits in the booked chair: the button names another one, and S takes it."""
        cards = board.lanes[Lane.WAITING].list
        other = chair_for(board._board.visits[1], board._board)
        assert cards.cards.card(0).act.word == f"Seat in {other.name}"
        cards.setFocus()
        cards.choose(0)
        qtbot.keyClick(cards, Qt.Key.Key_S)
        qtbot.waitUntil(lambda: _status(signed_in, day.waiting) == "in_chair")
        assert _visit(signed_in, day.waiting).chair_id == other.chair_id != day.chair
        qtbot.waitUntil(lambda: _names(board, Lane.WAITING) == [])
        take_back(qtbot, board.desk)
        qtbot.waitUntil(lambda: _status(signed_in, day.waiting) == "arrived")
        assert _visit(signed_in, day.waiting).chair_id == day.chair

    def test_the_chair_is_chosen_by_its_figure(self, board, qtbot, signed_in, day) -> None:
        cards = board.lanes[Lane.EXPECTED].list
        cards.setFocus()
        cards.choose(0)
        qtbot.keyClick(cards, Qt.Key.Key_S, Qt.KeyboardModifier.ShiftModifier)
        menu = board.findChild(QMenu)
        qtbot.waitUntil(menu.isVisible)
        figure = next(a.text()[1] for a in menu.actions() if "Chair 9" in a.text())
        qtbot.keyClick(menu, figure)
        qtbot.waitUntil(lambda: _status(signed_in, day.expected) == "in_chair")
        assert _visit(signed_in, day.expected).chair_id == day.other_chair

    def test_errands_lead_to_the_record(self, board, qtbot, day) -> None:
        wanted: list[tuple[str, dict]] = []
        board.desk.navigator.wanted.connect(lambda name, where: wanted.append((name, where)))
        cards = board.lanes[Lane.CHAIRS].list
        cards.setFocus()
        cards.choose(_names(board, Lane.CHAIRS).index("Seated Quinn"))
        qtbot.keyClick(cards, Qt.Key.Key_Y)
        assert wanted[-1][1]["tab"] == "ledger"
        with qtbot.waitSignal(board.desk.navigator.booking_wanted):
            qtbot.keyClick(cards, Qt.Key.Key_N)

    def test_only_one_provider(self, board, day) -> None:
        board.provider.set_value(day.provider)
        board._draw()
        assert _names(board, Lane.EXPECTED) == ["Expected Quinn"]
        board.provider.set_value(day.other_provider)
        board._draw()
        assert _names(board, Lane.EXPECTED) == []
        assert "Chair 2 ready" not in _names(board, Lane.CHAIRS), "somebody else's patient sits"

    def test_who_is_gone_can_be_shown(self, board, qtbot, day) -> None:
        lane = board.lanes[Lane.LEAVING]
        day.visit("Gone", 0, "done", arrived_at=day.start, done_at=day.start)
        day.next_visit("Gone")
        qtbot.waitUntil(lambda: lane.more.isVisible(), timeout=8000)
        assert _names(board, Lane.LEAVING) == []
        qtbot.mouseClick(lane.more, Qt.MouseButton.LeftButton)
        assert _names(board, Lane.LEAVING) == ["Gone Quinn"]

    def test_the_next_free_time_is_one_key(self, board, qtbot) -> None:
        assert board._strip.book.isEnabled()
        board.lanes[Lane.WAITING].list.setFocus()
        qtbot.keyClick(board.lanes[Lane.WAITING].list, Qt.Key.Key_F)
        qtbot.waitUntil(lambda: board.findChild(BookingDialog) is not None)
        dialog = board.findChild(BookingDialog)
        free = board._board.next_free
        assert dialog.form.time.value() == free.local_start.time()
        assert dialog.form.provider.value() == free.provider_id

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


def test_a_narrow_card_cuts_no_figure(theme) -> None:
    tag = TagSpec("warning", "42 min, too long", "clock")
    card = Card(None, "Ana", "", "", "circle", tag=tag, brief="42 min")
    whole = tag_width(tag, theme)
    shown = [tag_in(card, tag, room, theme) for room in (whole, whole - 1, 40)]
    assert [one.text for one in shown] == ["42 min, too long", "42 min", "42 min"]
    assert [one.icon for one in shown] == ["clock", "clock", None]
