"""Today: the number strip, the four lanes of the board, what needs attention."""

from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from clinic_desktop.domain.dates import format_long_date
from clinic_desktop.domain.visit_status import VisitStatus
from clinic_desktop.i18n import N_, _
from clinic_desktop.services.today import service as today
from clinic_desktop.services.today.schemas import Board
from clinic_desktop.ui.appointments.visit_acts import VisitActs
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screen import KeyHelp, PatientInView, Screen
from clinic_desktop.ui.today.attention import AttentionPanel, NumbersPanel
from clinic_desktop.ui.today.cards import Card, Lane, Looks, cards_of, settled
from clinic_desktop.ui.today.lane import CardList, LaneView
from clinic_desktop.ui.today.strip import NumberStrip
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.widgets.side import SideSplit

# Waiting times and progress move on though nobody saves anything.
_MINUTE_MS: Final = 60_000


class TodayScreen(Screen):
    """The board of the day; letters, clicks and the palette move visits along it."""

    title = N_("Today")
    topics = frozenset(
        {"appointment", "chair", "provider", "patient_alert", "note", "posting", "invoice_line",
         "stock_balance", "stock_movement", "working_time", "special_time"}
    )  # fmt: skip

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        who = desk.who
        self._looks = Looks(ZoneInfo(who.zone), who.locale, who.currency)
        self._board: Board | None = None
        self._only: frozenset[str] | None = None
        self._acts = VisitActs(desk, self, lambda _row: self.refresh())
        theme = desk.theme
        self._date = Label("", theme=theme, role="text_2")
        self._strip = NumberStrip(theme)
        self._strip.filtered.connect(self._filter)
        titles = {
            Lane.EXPECTED: _("Expected"),
            Lane.WAITING: _("Waiting"),
            Lane.CHAIRS: _("Chairs"),
            Lane.LEAVING: _("Leaving"),
        }
        self.lanes = {lane: LaneView(lane, title, theme) for lane, title in titles.items()}
        self.attention = AttentionPanel(theme)
        self.attention.opened.connect(desk.navigator.open_screen)
        self.numbers = NumbersPanel(theme, self._looks)
        self._content = self._put_together()
        self._state = StatePanel("", theme=theme, framed=False)
        self._state.setProperty("kind", "sunken")  # the cards lie on the window's own ground
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(Label(_("Today"), theme=theme, size="title"))
        head.addWidget(self._date, 1)
        column.addLayout(head)
        column.addWidget(self._state, 1)
        self._state.show_loading(_("Asking for the day…"))
        self._clock = QTimer(self)
        self._clock.setInterval(_MINUTE_MS)
        self._clock.timeout.connect(self.refresh)
        self._clock.start()

    def _put_together(self) -> QWidget:
        board = QWidget()
        lanes = QHBoxLayout(board)
        lanes.setContentsMargins(0, 0, 0, 0)
        lanes.setSpacing(12)
        for view in self.lanes.values():
            lanes.addWidget(view, 1)
            view.list.acted.connect(self._act)
            view.list.opened.connect(self._open)
            view.list.stepped.connect(self._step)
            view.list.selectionModel().currentChanged.connect(self._one_chosen)
        side = QWidget()
        panels = QVBoxLayout(side)
        panels.setContentsMargins(0, 0, 0, 0)
        panels.setSpacing(12)
        panels.addWidget(self.attention)
        panels.addWidget(self.numbers)
        panels.addStretch(1)
        self._split = SideSplit(board, side, theme=self.desk.theme, width=300)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._strip)
        column.addWidget(self._split, 1)
        return content

    # -- showing ------------------------------------------------------------------------------

    def reload(self) -> None:
        """Ask for the board."""
        self.desk.operations.query(self, today.board, self._show, failed=self._failed, key="board")

    def _show(self, board: Board) -> None:
        first = self._board is None
        self._board = board
        self._date.setText(format_long_date(board.day, self._looks.locale))
        self._state.show_content(self._content)
        self._strip.show_numbers(board)
        self.attention.show_attention(board, self._looks)
        self.numbers.show_numbers(board.numbers)
        self._draw()
        if first and self.isVisible() and not self._typing_elsewhere():
            self.start_focus()

    def _typing_elsewhere(self) -> bool:
        focused = QApplication.focusWidget()
        return isinstance(focused, QLineEdit) and not self.isAncestorOf(focused)

    def _draw(self) -> None:
        board = self._board
        if board is None:
            return
        cards = cards_of(board, self._looks)
        notes = {
            Lane.EXPECTED: _("{count} left").format(count=len(cards[Lane.EXPECTED])),
            Lane.WAITING: str(len(cards[Lane.WAITING])),
            Lane.CHAIRS: _("{count} of {all} in use").format(
                count=sum(card.visit is not None for card in cards[Lane.CHAIRS]),
                all=len(board.sheet.chairs),
            ),
            Lane.LEAVING: _("{count} to settle, {gone} gone").format(
                count=len(cards[Lane.LEAVING]), gone=settled(board, self._looks)
            ),
        }
        for lane, view in self.lanes.items():
            shown = [card for card in cards[lane] if self._passes(card)]
            view.show_cards(tuple(shown), notes[lane])

    def _passes(self, card: Card) -> bool:
        if self._only is None:
            return True
        return card.visit is not None and card.visit.status in self._only

    def _filter(self, statuses: frozenset[str] | None) -> None:
        self._only = statuses
        self._draw()

    def _failed(self, error: Exception) -> None:
        seen = f"{self._board.now.astimezone(self._looks.zone):%H:%M}" if self._board else ""
        self._state.show_failed(str(error), self.refresh, seen=seen)

    # -- acting -------------------------------------------------------------------------------

    def _act(self, card: Card, status: VisitStatus) -> None:
        if card.visit is not None:
            self._acts.act(card.visit, status)

    def _open(self, card: Card) -> None:
        if card.visit is not None:
            self.desk.navigator.open_patient(card.visit.patient_id)

    def _step(self, direction: int) -> None:
        """Take the focus to the next lane that has cards."""
        views = list(self.lanes.values())
        place = next((i for i, view in enumerate(views) if view.list.hasFocus()), 0)
        for view in views[place + 1 :] if direction > 0 else reversed(views[:place]):
            if view.list.cards.rowCount():
                view.list.setFocus()
                view.list.choose(max(0, view.list.currentIndex().row()))
                return

    def _one_chosen(self, *_indexes: Any) -> None:
        """Keep one card chosen on the whole board: keys act on what is seen as chosen."""
        focused = next((v.list for v in self.lanes.values() if v.list.hasFocus()), None)
        if focused is None:
            return
        for view in self.lanes.values():
            if view.list is not focused:
                view.list.clearSelection()

    # -- what the shell asks ------------------------------------------------------------------

    def chosen(self) -> Card | None:
        """Return the card that keys act on."""
        for view in self.lanes.values():
            if view.list.hasFocus():
                return view.list.chosen()
        return None

    def patient_in_view(self) -> PatientInView | None:
        """Return whose card is chosen."""
        card = self.chosen()
        if card is None or card.visit is None:
            return None
        return PatientInView(card.visit.patient_id, card.visit.patient)

    def start_focus(self) -> None:
        """Begin where somebody waits, else with who is expected."""
        for lane in (Lane.WAITING, Lane.EXPECTED, Lane.CHAIRS, Lane.LEAVING):
            cards: CardList = self.lanes[lane].list
            if cards.cards.rowCount():
                cards.setFocus()
                cards.choose(max(0, cards.currentIndex().row()))
                return
        self.lanes[Lane.EXPECTED].list.setFocus()

    def open_at(self, **where: Any) -> None:
        """Choose the card of the visit ``appointment_id``."""
        appointment_id: UUID | None = where.get("appointment_id")
        for view in self.lanes.values():
            row = view.list.cards.row_of(appointment_id)
            if row >= 0:
                view.list.setFocus()
                view.list.choose(row)

    def keys(self) -> list[KeyHelp]:
        """Return the letters of the board."""
        area = _("Board")
        return [
            KeyHelp("S", _("seat"), area),
            KeyHelp("A", _("arrived"), area),
            KeyHelp("C", _("confirm"), area),
            KeyHelp("D", _("done"), area),
            KeyHelp("M", _("missed"), area),
            KeyHelp("X", _("cancel"), area),
            KeyHelp("Enter", _("open the record"), area),
            KeyHelp("Ctrl+P", _("day sheet"), area),
        ]

    def panes(self) -> list[QWidget]:
        """Return the lanes and the right side."""
        return [*(view.list for view in self.lanes.values()), self.attention]

    def print_current(self) -> None:
        """Show the sheet of the day on paper."""
        day = self._board.day if self._board is not None else None
        self.desk.navigator.open_screen("day_sheet", date=day, back="today")

    def toggle_side(self) -> None:
        """Show or hide the right side."""
        self._split.toggle()
