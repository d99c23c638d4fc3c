"""Today: the number strip, the four lanes of the board, what needs attention."""

from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from clinic_desktop.domain.dates import format_long_date
from clinic_desktop.i18n import N_, _, ngettext
from clinic_desktop.services.today import service as today
from clinic_desktop.services.today.schemas import Board
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.keymap.binding import bind_within
from clinic_desktop.ui.screen import KeyHelp, PatientInView, Screen
from clinic_desktop.ui.today.acts import BoardActs
from clinic_desktop.ui.today.attention import AttentionPanel, NumbersPanel
from clinic_desktop.ui.today.cards import Card, Lane, Looks, cards_of, gone_cards, of_provider
from clinic_desktop.ui.today.carrying import CardGhost, Target, target_of
from clinic_desktop.ui.today.lane import CardList, LaneView
from clinic_desktop.ui.today.strip import NumberStrip
from clinic_desktop.ui.today.visit_list import VisitList
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.fields import Choice
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.widgets.segmented import Segmented
from clinic_desktop.ui.widgets.side import SideSplit

# Waiting times and progress move on though nobody saves anything.
_MINUTE_MS: Final = 60_000


class TodayScreen(Screen):
    """The board of the day; letters, clicks and the palette move visits along it."""

    title = N_("Today")
    topics = frozenset(
        {"appointment", "chair", "provider", "patient_alert", "note", "posting", "invoice_line",
         "stock_balance", "stock_movement", "working_time", "special_time", "waiting_request",
         "waiting_offer"}
    )  # fmt: skip

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        who = desk.who
        self._looks = Looks(ZoneInfo(who.zone), who.locale, who.currency)
        self._board: Board | None = None
        self._only: frozenset[str] | None = None
        self._gone_shown = False
        self._acts = BoardActs(desk, self, self.refresh)
        theme = desk.theme
        self._date = Label("", theme=theme, role="text_2")
        self._strip = NumberStrip(theme, self._looks, books=who.may("schedule.write"))
        self._strip.filtered.connect(self._filter)
        self._strip.slot_wanted.connect(self._acts.book_slot)
        titles = {
            Lane.EXPECTED: _("Expected"),
            Lane.WAITING: _("Waiting"),
            Lane.CHAIRS: _("Chairs"),
            Lane.LEAVING: _("Leaving"),
        }
        self.lanes = {lane: LaneView(lane, title, theme) for lane, title in titles.items()}
        self.lanes[Lane.LEAVING].more.clicked.connect(self._toggle_gone)
        self.visits = VisitList(theme, self._looks)
        self._ghost = CardGhost(theme, self)
        self.attention = AttentionPanel(theme)
        self.attention.opened.connect(desk.navigator.open_screen)
        self.numbers = NumbersPanel(theme, self._looks)
        self.layouts = Segmented(
            [(_("Board"), "board"), (_("List"), "list")],
            theme=theme,
            icons={"board": "layout-dashboard", "list": "list"},
            name=_("How the day is shown"),
        )
        self.layouts.chosen.connect(self._lay_out)
        self.provider = Choice([(_("All providers"), None)], theme=theme, value=None)
        self.provider.setAccessibleName(_("Provider"))
        self.provider.chosen.connect(lambda _id: self._draw())
        self._content = self._put_together()
        self._state = StatePanel("", theme=theme, framed=False)
        self._state.setProperty("kind", "sunken")  # the cards lie on the window's own ground
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(12)
        column.addLayout(self._head())
        column.addWidget(self._state, 1)
        self._state.show_loading(_("Asking for the day…"))
        self._bind_keys()
        self._clock = QTimer(self)
        self._clock.setInterval(_MINUTE_MS)
        self._clock.timeout.connect(self.refresh)
        self._clock.start()

    def _head(self) -> QHBoxLayout:
        theme = self.desk.theme
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(Label(_("Today"), theme=theme, size="title"))
        head.addWidget(self._date, 1)
        head.addWidget(self.layouts)
        head.addWidget(self.provider)
        sheet = Button(_("Day sheet"), theme=theme, icon="printer", key="Ctrl+P")
        sheet.clicked.connect(self.print_current)
        head.addWidget(sheet)
        return head

    def _put_together(self) -> QWidget:
        board = QWidget()
        lanes = QHBoxLayout(board)
        lanes.setContentsMargins(0, 0, 0, 0)
        lanes.setSpacing(12)
        for view in self.lanes.values():
            lanes.addWidget(view, 1)
            view.list.acted.connect(self._acts.act)
            view.list.chair_asked.connect(self._choose_chair)
            view.list.opened.connect(self._open)
            view.list.stepped.connect(self._step)
            view.list.carried.connect(self._carry)
            view.list.put_down.connect(self._put_down)
            view.list.put_back.connect(self._put_back)
            view.list.selectionModel().currentChanged.connect(self._one_chosen)
        self.visits.acted.connect(self._acts.act)
        self.visits.chair_asked.connect(self._choose_chair)
        self.visits.wanted.connect(self._open)
        self._pages = QStackedWidget()
        self._pages.addWidget(board)
        self._pages.addWidget(self.visits)
        side = QWidget()
        panels = QVBoxLayout(side)
        panels.setContentsMargins(0, 0, 0, 0)
        panels.setSpacing(12)
        panels.addWidget(self.attention)
        panels.addWidget(self.numbers)
        panels.addStretch(1)
        self._split = SideSplit(self._pages, side, theme=self.desk.theme, width=300)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._strip)
        column.addWidget(self._split, 1)
        return content

    def _bind_keys(self) -> None:
        for key, act in (("F", self._strip.book_next), ("L", self._other_layout)):
            bind_within(self, key, act)

    # -- showing ------------------------------------------------------------------------------

    def reload(self) -> None:
        """Ask for the board."""
        self.desk.operations.query(self, today.board, self._show, failed=self._failed, key="board")

    def _show(self, board: Board) -> None:
        first = self._board is None
        self._board = board
        self._date.setText(format_long_date(board.day, self._looks.locale))
        self._state.show_content(self._content)
        self._offer_providers(board)
        self.attention.show_attention(board, self._looks)
        self.numbers.show_numbers(board.numbers)
        self._draw()
        if first and self.isVisible() and not self._typing_elsewhere():
            self.start_focus()

    def _typing_elsewhere(self) -> bool:
        focused = QApplication.focusWidget()
        return isinstance(focused, QLineEdit) and not self.isAncestorOf(focused)

    def _offer_providers(self, board: Board) -> None:
        chosen = self.provider.value()
        offered = [(column.name, column.provider_id) for column in board.sheet.columns]
        self.provider.set_options([(_("All providers"), None), *offered])
        if chosen not in {provider_id for _name, provider_id in offered}:
            self.provider.set_value(None)

    def _draw(self) -> None:
        whole = self._board
        if whole is None:
            return
        board = of_provider(whole, self.provider.value())
        self._strip.show_numbers(board, board.visits)
        if self._as_list:
            visits = (visit for visit in board.visits if visit.status != "rescheduled")
            shown = (v for v in visits if self._only is None or v.status in self._only)
            self.visits.show_visits(whole, tuple(shown))
            return
        cards = cards_of(board, self._looks, whole)
        gone = gone_cards(board, self._looks, whole)
        notes = {
            Lane.EXPECTED: _("{count} left").format(count=len(cards[Lane.EXPECTED])),
            Lane.WAITING: str(len(cards[Lane.WAITING])),
            Lane.CHAIRS: _("{count} of {all} in use").format(
                count=sum(card.visit is not None for card in cards[Lane.CHAIRS]),
                all=len(board.sheet.chairs),
            ),
            Lane.LEAVING: _("{count} to settle").format(count=len(cards[Lane.LEAVING])),
        }
        if self._gone_shown:
            cards[Lane.LEAVING] += gone
        for lane, view in self.lanes.items():
            passing = [card for card in cards[lane] if self._passes(card)]
            view.show_cards(tuple(passing), notes[lane])
        self._offer_gone(len(gone))

    def _offer_gone(self, count: int) -> None:
        words = ngettext("{count} settled and gone", "{count} more settled and gone", count)
        if self._gone_shown:
            words = _("Hide who is gone")
        self.lanes[Lane.LEAVING].show_more(words.format(count=count) if count else "")

    def _toggle_gone(self) -> None:
        self._gone_shown = not self._gone_shown
        self._draw()

    def _lay_out(self, how: str) -> None:
        """Show the day as a board or as a list, with the same visit chosen."""
        card = self.chosen()
        self._pages.setCurrentIndex(1 if how == "list" else 0)
        self._draw()
        self.open_at(appointment_id=card.visit.id if card is not None and card.visit else None)
        if self.chosen() is None:
            self.start_focus()

    @property
    def _as_list(self) -> bool:
        return self._pages.currentIndex() == 1

    def _other_layout(self) -> None:
        self.layouts.set_value("board" if self._as_list else "list")
        self._lay_out(self.layouts.value())

    def _passes(self, card: Card) -> bool:
        if self._only is None:
            return True
        return card.visit is not None and card.visit.status in self._only

    def _filter(self, statuses: frozenset[str] | None) -> None:
        self._only = statuses
        self._draw()

    def _failed(self, error: Exception) -> None:
        seen = f"{self._board.now.astimezone(self._looks.zone):%H:%M}" if self._board else ""
        title = _("The day could not be read")
        self._state.show_failed(str(error), self.refresh, title=title, seen=seen)

    # -- acting -------------------------------------------------------------------------------

    def _choose_chair(self, card: Card) -> None:
        if self._board is not None:
            view = next((v.list for v in self.lanes.values() if v.list.hasFocus()), self.visits)
            at = view.viewport().mapToGlobal(view.visualRect(view.currentIndex()).center())
            self._acts.choose_chair(card, self._board, at)

    # -- carrying a card ----------------------------------------------------------------------

    def _below(self, card: Card, at: QPoint) -> Target:
        """Return what putting the card down at a place of the screen does."""
        assert self._board is not None  # noqa: S101 - cards come from a board
        for lane, view in self.lanes.items():
            if view.rect().contains(view.mapFromGlobal(at)):
                index = view.list.indexAt(view.list.viewport().mapFromGlobal(at))
                return target_of(card, lane, view.list.cards.card(index.row()), self._board)
        return target_of(card, None, None, self._board)

    def _carry(self, card: Card, at: QPoint) -> None:
        self._ghost.hang(card, self._below(card, at), at)

    def _put_down(self, card: Card, at: QPoint) -> None:
        self._ghost.hide()
        target = self._below(card, at)
        if target.act is None:
            self.desk.messages.say(_("Nothing was moved: {why}.").format(why=target.words), "info")
            return
        self._acts.put(card, target)

    def _put_back(self) -> None:
        self._ghost.hide()
        self.desk.messages.say(_("Nothing was moved."), "info")

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
        if self._as_list:
            return self.visits.chosen()
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
        if self._as_list:
            self.visits.setFocus()
            return
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
        if appointment_id is None:
            return
        if self._as_list:
            if self.visits.choose_visit(appointment_id):
                self.visits.setFocus()
            return
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
            KeyHelp("Y", _("settle"), area),
            KeyHelp("N", _("book the next visit"), area),
            KeyHelp("G", _("note"), area),
            KeyHelp("W", _("who to call about a free time"), area),
            KeyHelp("I", _("make anew for another time"), area),
            KeyHelp("F", _("book the next free time"), area),
            KeyHelp("Shift+S", _("seat in a chair to be chosen"), area),
            KeyHelp("L", _("board or list"), area),
            KeyHelp("Enter", _("open the record"), area),
            KeyHelp("Ctrl+P", _("day sheet"), area),
        ]

    def panes(self) -> list[QWidget]:
        """Return the numbers, the lanes or the list, and the right side."""
        shown: list[QWidget] = [view.list for view in self.lanes.values()]
        if self._as_list:
            shown = [self.visits]
        return [self._strip.widgets()[0], *shown, self.attention]

    def print_current(self) -> None:
        """Show the sheet of the day on paper."""
        day = self._board.day if self._board is not None else None
        self.desk.navigator.open_screen("day_sheet", date=day, back="today")

    def toggle_side(self) -> None:
        """Show or hide the right side."""
        self._split.toggle()
