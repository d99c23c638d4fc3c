"""Whom to call about a free time: the best first with the reasons; who accepts is booked."""

from collections.abc import Callable
from enum import IntEnum
from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.folding import isolate
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.phones import show_phone
from clinic_desktop.domain.times import format_time
from clinic_desktop.i18n import N_, _
from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.services.waiting import service as waiting
from clinic_desktop.services.waiting.schemas import Answer, Candidate, FreeTime
from clinic_desktop.ui.calling.columns import EDGES, fit
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.keymap.binding import bind
from clinic_desktop.ui.waiting.words import offers_words, reason_tags
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.cells import Cell, name_cell
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.line import LineEdit
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.widgets.rows_model import RowsModel, keep_place
from clinic_desktop.ui.widgets.table import TableView

FIGURES: Final = ("no_answer", "message_left", "declined")
_WORDS: Final = {
    "no_answer": N_("No answer"),
    "message_left": N_("Message left"),
    "declined": N_("Declined"),
}


class Column(IntEnum):
    """The columns from left to right."""

    PATIENT = 0
    WHAT = 1
    WHY = 2
    ASKED = 3


_TITLES: Final = {
    Column.PATIENT: N_("Patient"),
    Column.WHAT: N_("For"),
    Column.WHY: N_("Why"),
    Column.ASKED: N_("Asked"),
}


class WhoToCallDialog(Dialog):
    """Candidates for one free time; 1 to 3 record an answer, Enter books who accepts."""

    def __init__(
        self,
        desk: Desk,
        free: FreeTime,
        provider: str,
        on_booked: Callable[[AppointmentRow], None],
        *,
        parent: QWidget,
    ) -> None:
        locale = desk.who.locale
        super().__init__(
            _("Call for {time}, {provider}").format(
                time=format_time(free.local_start.time(), locale), provider=isolate(provider)
            ),
            theme=desk.theme,
            parent=parent,
            sentence=_("{day}, {count} min free").format(
                day=format_date(free.local_start.date(), locale), count=free.minutes
            ),
            icon="list-checks",
            width=980,
            close_words=_("Close"),
        )
        self._desk, self._free, self._on_booked = desk, free, on_booked
        theme = desk.theme
        self.model: RowsModel[Candidate] = RowsModel(
            _TITLES, self._cell, key=lambda one: one.request.id
        )
        self.table = TableView(theme=theme, two_lines=True, name=_("Whom to call"))
        self.table.setModel(self.model)
        self.table.setMinimumHeight(280)
        self.table.opened.connect(lambda _index: self.book())
        self.panel = StatePanel(theme=theme)
        # The dialog takes its size before anybody has answered.
        self.panel.setMinimumHeight(self.table.minimumHeight() + 8)
        self.remark = LineEdit(theme=theme)
        self.remark.setPlaceholderText(_("Remark on the next answer"))
        self.remark.setAccessibleName(_("Remark"))
        self.problem = Label(theme=theme, size="small", role="danger", wrap=True)
        self.body.addWidget(self.panel)
        self.body.addLayout(self._answers())
        self.body.addWidget(self.problem)
        self._accept = self.set_primary(_("Accepted, book"), self.book, key="Ctrl+Enter")
        self._bind_figures()
        self._ask()

    def _answers(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.remark, 1)
        self.buttons: dict[str, Button] = {}
        for figure, answer in enumerate(FIGURES, start=1):
            button = Button(_(_WORDS[answer]), theme=self.theme, key=str(figure))
            button.clicked.connect(lambda _on=False, answer=answer: self.record(answer))
            row.addWidget(button)
            self.buttons[answer] = button
        return row

    def _bind_figures(self) -> None:
        for figure, answer in enumerate(FIGURES, start=1):
            bind(self.table, str(figure), partial(self.record, answer))

    # -- showing ----------------------------------------------------------------------------

    def _ask(self) -> None:
        free = self._free
        self._desk.operations.query(
            self,
            lambda ctx: waiting.candidates(ctx, free),
            self._show,
            failed=lambda error: self.panel.show_failed(str(error), self._ask),
            key="candidates",
        )

    def _show(self, found: tuple[Candidate, ...]) -> None:
        first = not self.model.rowCount()
        keep_place(self.table, self.model, found)
        if not found:
            self.panel.show_empty(
                _("Nobody is on the waiting list"),
                detail=_("W on a patient's visit puts them there."),
            )
        else:
            self.panel.show_content(self.table)
            room = self.panel.width() - EDGES
            fit(self.table, stretch=Column.WHY, name=Column.PATIENT, room=room, least=300)
            if not self.table.current_row().isValid():
                self.table.choose_row(0)
            # A figure is an answer, not a remark: the list takes the keys when it comes.
            if not self.remark.hasFocus() or (first and not self.remark.text()):
                self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        for button in (*self.buttons.values(), self._accept):
            button.setEnabled(bool(found))

    def _cell(self, one: Candidate, column: Column) -> Cell:
        row = one.request
        if column == Column.PATIENT:
            return name_cell(row.name, second=show_phone(row.phone) or _("Not recorded"))
        if column == Column.WHAT:
            length = _("{count} min").format(count=row.minutes)
            return Cell(row.service or _("No service yet"), second=length)
        if column == Column.WHY:
            return Cell(tags=reason_tags(one, self._desk.who.locale), second=row.remark)
        return Cell(offers_words(row), role="text_2")

    def chosen(self) -> Candidate | None:
        """Return the chosen candidate."""
        return self.model.row(self.table.current_row().row())

    # -- answers ----------------------------------------------------------------------------

    def record(self, answer: str) -> None:
        """Record an answer and go on to the next candidate."""
        self._send(answer, lambda _none: self._recorded())

    def book(self) -> None:
        """Book the chosen one at the free time."""
        one = self.chosen()
        if one is not None and one.judgement.bar is not None and one.judgement.bar.key == "long":
            self.problem.setText(_("The time is too short for this patient."))
            return
        self._send("accepted", self._booked)

    def _send(self, answer: str, done: Callable[[AppointmentRow | None], None]) -> None:
        one = self.chosen()
        if one is None:
            return
        given = Answer(
            id=new_id(),
            request_id=one.request.id,
            version=one.request.version,
            free=self._free,
            answer=answer,
            remark=self.remark.text(),
        )
        self.problem.setText("")
        self._desk.operations.change(
            self, lambda ctx: waiting.answer(ctx, given), done, failed=self._refused
        )

    def _recorded(self) -> None:
        self.remark.clear()
        self.table.choose_row(self.table.current_row().row() + 1)
        self._ask()

    def _booked(self, visit: AppointmentRow | None) -> None:
        self.accept()
        if visit is not None:
            self._on_booked(visit)

    def _refused(self, error: Exception) -> None:
        """Say why at its place; the typed remark stays."""
        self.problem.setText(str(error))
        self._ask()


def call_from(
    desk: Desk,
) -> Callable[[FreeTime, str, Callable[[AppointmentRow], None], QWidget], None]:
    """Return what shows whom to call, for screens that this one is built upon."""

    def show(
        free: FreeTime,
        provider: str,
        on_booked: Callable[[AppointmentRow], None],
        parent: QWidget,
    ) -> None:
        WhoToCallDialog(desk, free, provider, on_booked, parent=parent).open()

    return show


def free_of_visit(visit: AppointmentRow) -> FreeTime:
    """Return the time that a visit leaves free when it falls through."""
    return FreeTime(
        local_start=visit.local_start,
        provider_id=visit.provider_id,
        chair_id=visit.chair_id,
        minutes=max(5, visit.minutes),
    )
