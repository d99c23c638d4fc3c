"""Bookings ahead of a provider or a chair that is given up: who takes each, then it is put away."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from clinic_desktop.domain.dates import format_weekday_date
from clinic_desktop.domain.phones import show_phone
from clinic_desktop.domain.times import format_time
from clinic_desktop.i18n import N_, _, ngettext
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.sheet_schemas import People
from clinic_desktop.services.context import Context
from clinic_desktop.services.leaving import service as leaving
from clinic_desktop.services.leaving.schemas import (
    Act,
    ActRefusedError,
    HeldRow,
    Leaving,
    Outcome,
    Place,
    Proposal,
)
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.keymap.binding import bind
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.cells import Cell, name_cell, quiet
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.fields import Choice, Field, LineEdit
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.painting import TagSpec
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.widgets.rows_model import RowsModel, keep_place
from clinic_desktop.ui.widgets.table import TableView

_HEIGHT: Final = 340


class Column(IntEnum):
    """The columns from left to right."""

    WHEN = 0
    PATIENT = 1
    WHAT = 2
    GOES = 3


_TITLES: Final = {
    Column.WHEN: N_("When"),
    Column.PATIENT: N_("Patient"),
    Column.WHAT: N_("For"),
    Column.GOES: N_("What becomes of it"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A booking with what was decided; neither place nor cancelling is not decided yet."""

    row: HeldRow
    place: Place | None = None
    against: str = ""
    cancels: bool = False
    left_out: bool = False

    @property
    def decided(self) -> bool:
        """Whether something is done with it."""
        return not self.left_out and (self.cancels or self.place is not None)


class LeavingDialog(Dialog):
    """Enter offers other places for a booking, X cancels it, Space leaves it as it is."""

    def __init__(
        self, desk: Desk, given_up: Leaving, on_done: Callable[[Outcome], None], *, parent: QWidget
    ) -> None:
        """``on_done`` is told what was done, and offers to take it back."""
        super().__init__(
            _("Bookings ahead: {name}").format(name=given_up.name),
            theme=desk.theme,
            parent=parent,
            sentence=_(
                "Give them to somebody else, or cancel them: whoever is cancelled stands in the "
                "list of broken appointments. All of it is done at once, or nothing."
            ),
            icon="users",
            width=960,
            close_words=_("Close"),
        )
        self._desk, self._given_up, self._on_done = desk, given_up, on_done
        self._begun = False
        theme = desk.theme
        self.to = Choice([(_("Nobody yet"), None)], theme=theme, value=None)
        self.to.chosen.connect(lambda _value: self._ask())
        self.reason = LineEdit(theme=theme, longest=500)
        self.reason_field = Field(
            _("Reason of cancelling"), self.reason, theme=theme, name="reason"
        )
        self.model: RowsModel[Line] = RowsModel(_TITLES, self._cell, key=lambda one: one.row.id)
        self.table = TableView(theme=theme, two_lines=True, name=_("Bookings ahead"))
        self.table.setModel(self.model)
        self.table.setMinimumHeight(_HEIGHT)
        self.table.opened.connect(lambda _index: self.offer_places())
        self.table.menu_asked.connect(lambda _index, _place: self.offer_places())
        self.panel = StatePanel(theme=theme)
        self.panel.setMinimumHeight(_HEIGHT + 8)
        self.problem = Label(theme=theme, size="small", role="danger", wrap=True, lines=4)
        self._lay_out()
        self._do = self.set_primary(_("Give them away"), self.carry_out)
        for key, act in (("X", self.cancel_chosen), ("Space", self.leave_chosen)):
            bind(self.table, key, act)
        self.panel.show_loading(_("Asking for the bookings…"))
        self._begin()

    def _lay_out(self) -> None:
        theme = self.theme
        words = _("Give to") if self._given_up.kind == "provider" else _("Move to")
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(Field(words, self.to, theme=theme, name="to"), 1)
        row.addWidget(self.reason_field, 2)
        self.body.addLayout(row)
        self.body.addWidget(self.panel)
        acts = QHBoxLayout()
        acts.setSpacing(8)
        self.places_button = Button(_("Other places"), theme=theme, key="Enter", small=True)
        self.cancel_button = Button(_("Cancel the booking"), theme=theme, key="X", small=True)
        self.leave_button = Button(_("Leave or take in"), theme=theme, key="Space", small=True)
        for button, act in (
            (self.places_button, self.offer_places),
            (self.cancel_button, self.cancel_chosen),
            (self.leave_button, self.leave_chosen),
        ):
            button.clicked.connect(lambda _on=False, act=act: act())
            acts.addWidget(button)
        self.count = Label(theme=theme, size="small", role="text_2", tabular=True)
        acts.addWidget(self.count, 1)
        self.body.addLayout(acts)
        self.body.addWidget(self.problem)

    # -- asking -------------------------------------------------------------------------------

    def _begin(self) -> None:
        self._desk.operations.query(
            self, appointments.people, self._offer, failed=self._failed, key="people"
        )

    def _offer(self, people: People) -> None:
        given_up = self._given_up
        offered = people.providers if given_up.kind == "provider" else people.chairs
        options: list[tuple[str, object]] = [(_("Nobody yet"), None)]
        options += [(name, one) for one, name in offered if one != given_up.id]
        self.to.set_options(options)
        if len(options) > 1:
            self.to.setCurrentIndex(1)
        self._ask()

    def _ask(self) -> None:
        given_up, to = self._given_up, self.to.value()
        self.panel.show_loading(_("Asking who is free…"))
        self._desk.operations.query(
            self,
            lambda ctx: leaving.proposals(ctx, given_up, to),
            self._show,
            failed=self._failed,
            key="proposals",
        )

    def _failed(self, error: Exception) -> None:
        self.panel.show_failed(str(error), self._begin)

    def _show(self, found: tuple[Proposal, ...]) -> None:
        before = {line.row.id: line for line in self.model.rows()}
        self._take(tuple(self._line(one, before.get(one.row.id)) for one in found))
        if not found:
            self.panel.show_empty(_("Nothing is booked ahead any more"))
        else:
            self.panel.show_content(self.table)
            self.table.fit_columns(stretch=Column.GOES)
            if not self.table.current_row().isValid():
                self.table.choose_row(0)
            if not self._begun or not (self.to.hasFocus() or self.reason.hasFocus()):
                self._begun = True
                self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _line(self, one: Proposal, before: Line | None) -> Line:
        """Return the line of a proposal; what was decided by hand stays."""
        if before is not None and before.row.version == one.row.version:
            if before.cancels:
                return Line(one.row, one.place, one.against, cancels=True)
            if before.left_out:
                return Line(one.row, one.place, one.against, left_out=True)
        return Line(one.row, one.place, one.against)

    def _take(self, lines: tuple[Line, ...]) -> None:
        keep_place(self.table, self.model, lines)
        self._tell()

    def _tell(self) -> None:
        """Write how many go where, and on the button what it would do."""
        lines = self.model.rows()
        decided = [line for line in lines if line.decided]
        cancels = sum(line.cancels for line in decided)
        self.count.setText(
            _("{given} given away, {cancelled} cancelled, {left} left").format(
                given=len(decided) - cancels, cancelled=cancels, left=len(lines) - len(decided)
            )
        )
        whole = len(decided) == len(lines)
        words = ngettext("Do this with {count}", "Do this with {count}", len(decided))
        text = words.format(count=len(decided))
        if whole and lines:
            text = _("Do this and put {name} away").format(name=self._given_up.name)
        elif not lines:
            text = _("Put {name} away").format(name=self._given_up.name)
        self._do.setText(text)
        self._do.setEnabled(whole or bool(decided))
        self.reason_field.set_required(bool(cancels))

    # -- the table ----------------------------------------------------------------------------

    def _cell(self, line: Line, column: Column) -> Cell:
        found = self._shown(line, column)
        return quiet(found) if line.left_out else found

    def _shown(self, line: Line, column: Column) -> Cell:
        row, locale = line.row, self._desk.who.locale
        if column == Column.WHEN:
            at = format_time(row.local_start.time(), locale)
            day = format_weekday_date(row.local_start.date(), locale)
            return Cell(f"{day}, {at}", second=_("{count} min").format(count=row.minutes),
                        tabular=True)  # fmt: skip
        if column == Column.PATIENT:
            return name_cell(row.patient, second=show_phone(row.phone) or _("Not recorded"))
        if column == Column.WHAT:
            return Cell(row.service or _("No service yet"), second=row.chair)
        if line.left_out:
            return Cell(_("Stays for now"), role="text_2")
        if line.cancels:
            return Cell(tags=(TagSpec("danger", _("cancelled"), "calendar-x"),))
        if line.place is None:
            tag = TagSpec("warning", _("not decided"), "triangle-alert")
            return Cell(second=line.against, tags=(tag,))
        return Cell(
            line.place.provider if self._given_up.kind == "provider" else line.place.chair,
            second=self._when(line.row, line.place),
            icon="check",
            icon_role="success",
        )

    def _when(self, row: HeldRow, place: Place) -> str:
        if place.local_start == row.local_start:
            return _("at the same time")
        locale = self._desk.who.locale
        day = format_weekday_date(place.local_start.date(), locale)
        return f"{day}, {format_time(place.local_start.time(), locale)}"

    def chosen(self) -> Line | None:
        """Return the chosen line."""
        return self.model.row(self.table.current_row().row())

    def _decide(self, line: Line) -> None:
        lines = self.model.rows()
        self._take(tuple(line if one.row.id == line.row.id else one for one in lines))

    def cancel_chosen(self) -> None:
        """Cancel the chosen booking, or decide otherwise after all."""
        line = self.chosen()
        if line is not None:
            self._decide(Line(line.row, line.place, line.against, cancels=not line.cancels))

    def leave_chosen(self) -> None:
        """Leave the chosen booking as it is for now, or take it in again."""
        line = self.chosen()
        if line is not None:
            self._decide(Line(line.row, line.place, line.against, left_out=not line.left_out))

    def offer_places(self) -> None:
        """Ask where else the chosen booking could be, and offer it in a menu."""
        line = self.chosen()
        if line is None:
            return
        given_up, row, to = self._given_up, line.row, self.to.value()
        self._desk.operations.query(
            self,
            lambda ctx: leaving.places(ctx, given_up, row, to),
            lambda found: self._show_places(line, found),
            failed=lambda error: self.problem.setText(str(error)),
            key="places",
        )

    def _show_places(self, line: Line, found: tuple[Place, ...]) -> None:
        menu = QMenu(self)
        for place in found:
            who = place.provider if self._given_up.kind == "provider" else place.chair
            words = f"{who} · {self._when(line.row, place)}".replace("&", "&&")
            entry = menu.addAction(words)
            entry.triggered.connect(
                lambda _on=False, place=place: self._decide(Line(line.row, place))
            )
        if not found:
            menu.addAction(_("Nothing is free in the next weeks.")).setEnabled(False)
        menu.addSeparator()
        menu.addAction(_("Cancel the booking") + "\tX").triggered.connect(self.cancel_chosen)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        index: QModelIndex = self.model.index(self.model.row_of(line.row.id), Column.GOES)
        place_at = self.table.visualRect(index).bottomLeft()
        menu.popup(self.table.viewport().mapToGlobal(place_at + QPoint(8, 0)))
        menu.setActiveAction(menu.actions()[0])
        self.places_menu = menu

    # -- doing so -----------------------------------------------------------------------------

    def carry_out(self) -> None:
        """Do with the bookings what was decided; when none is left, put away."""
        lines = self.model.rows()
        decided = [line for line in lines if line.decided]
        if any(line.cancels for line in decided) and not self.reason.text().strip():
            self.reason_field.show_error(_("Say why they are cancelled."))
            self.reason.setFocus()
            return
        reason = self.reason.text().strip()
        acts = [_act(line, reason) for line in decided]
        given_up, put_away = self._given_up, len(decided) == len(lines)
        self.problem.setText("")
        self.set_busy(True)

        def call(ctx: Context) -> Outcome:
            return leaving.carry_out(ctx, given_up, acts, put_away=put_away)

        self._desk.operations.change(self, call, self._done, failed=self._refused)

    def _done(self, outcome: Outcome) -> None:
        self.set_busy(False)
        if outcome.put_away:
            self.accept()
        else:
            self._ask()
        self._on_done(outcome)

    def _refused(self, error: Exception) -> None:
        """Say which booking cannot be given so; nothing was done with any of them."""
        self.set_busy(False)
        self.problem.setText(str(error))
        if isinstance(error, ActRefusedError):
            place = self.model.row_of(error.appointment_id)
            if place >= 0:
                self.table.choose_row(place)
        self._ask()


def _act(line: Line, reason: str) -> Act:
    row, place = line.row, line.place
    if line.cancels or place is None:
        return Act(id=row.id, version=row.version, reason=reason)
    return Act(
        id=row.id,
        version=row.version,
        provider_id=place.provider_id,
        chair_id=place.chair_id,
        local_start=place.local_start,
        second_hour=place.second_hour,
        minutes=row.minutes,
    )
