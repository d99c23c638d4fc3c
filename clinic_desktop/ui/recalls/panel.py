"""Beside the call list: how to reach the patient, what was tried, what to record."""

from typing import Final
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from clinic_desktop.domain.phones import show_phone
from clinic_desktop.domain.recalls import OUTCOMES, WAYS
from clinic_desktop.i18n import _
from clinic_desktop.services.recalls import service as recalls
from clinic_desktop.services.recalls.schemas import Attempt, DueRow, RecallRow
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.recalls.due_model import Days
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.facts import Facts
from clinic_desktop.ui.widgets.fields import Choice, Field, LineEdit
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.painting import TagSpec
from clinic_desktop.ui.widgets.panel import StatePanel

_MOST_TRIES: Final = 8


class RecallPanel(StatePanel):
    """The chosen patient's numbers and tries; the words typed here go with the next figure."""

    acted = Signal(str)
    """An outcome that was pressed."""
    booked = Signal()
    held_back = Signal()

    def __init__(self, desk: Desk, days: Days) -> None:
        super().__init__(theme=desk.theme)
        self.desk, self._days = desk, days
        self._patient_id: UUID | None = None
        self._recall_id: UUID | None = None
        self.setAccessibleName(_("Selected patient"))
        theme = desk.theme
        self._name = Label(theme=theme, size="heading", wrap=True, lines=3)
        self._facts = Facts(theme)
        self._tries = QVBoxLayout()
        self._tries.setSpacing(6)
        self._way = Choice([(_(words), way) for way, words in WAYS.items()], theme=theme)
        self._way.set_value("phone")
        self.remark = LineEdit(theme=theme)
        page = QWidget()
        page.setProperty("kind", "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(14, 14, 14, 14)
        column.setSpacing(10)
        column.addWidget(self._name)
        column.addWidget(self._facts)
        column.addLayout(self._tries)
        column.addStretch(1)
        if desk.who.may("schedule.write"):
            column.addWidget(Field(_("Reached by"), self._way, theme=theme, name="channel"))
            column.addWidget(Field(_("Remark"), self.remark, theme=theme, name="remark"))
            column.addLayout(self._acts())
        self._page = page
        self.show_nobody()

    def _acts(self) -> QGridLayout:
        theme = self.desk.theme
        grid = QGridLayout()
        grid.setSpacing(8)
        buttons = [Button(_("Book"), theme=theme, key="N", kind="primary")]
        buttons[0].clicked.connect(self.booked)
        outcomes = [outcome for outcome in OUTCOMES if outcome != "booked"]
        for figure, outcome in enumerate(outcomes, start=1):
            button = Button(_(OUTCOMES[outcome]), theme=theme, key=str(figure))
            button.clicked.connect(lambda _on=False, outcome=outcome: self.acted.emit(outcome))
            buttons.append(button)
        hold = Button(_("Hold back"), theme=theme, key="P")
        hold.clicked.connect(self.held_back)
        buttons.append(hold)
        for place, button in enumerate(buttons):
            button.set_spread(True)
            grid.addWidget(button, place, 0)
        return grid

    def show_nobody(self) -> None:
        """Say that nobody is chosen."""
        self._patient_id = None
        self.show_empty(_("Nobody is chosen"))

    def show_row(self, row: DueRow) -> None:
        """Show a line of the list, and ask for what was tried."""
        if row.id != self._recall_id:
            self.remark.clear()
            self._way.set_value("phone")
            self._show_tries(())
        self._patient_id, self._recall_id = row.patient_id, row.id
        self._name.setText(row.name)
        unknown = TagSpec("unknown", _("Not recorded"), "circle-help")
        phone: str | TagSpec = show_phone(row.phone) if row.phone else unknown
        if not row.phone and row.no_phone_reason:
            phone = _("No phone")
        self._facts.set_facts(
            [
                (_("For"), row.type_name),
                (_("Due"), self._days.day(row.due_on)),
                (_("Last time"), self._days.day(row.last_on) if row.last_on else unknown),
                (_("Phone"), phone),
                (_("E-mail"), row.email or unknown),
                (_("Prefers"), _(WAYS[row.prefers]) if row.prefers in WAYS else unknown),
            ]
        )
        self.show_content(self._page)
        self.desk.operations.query(
            self,
            lambda ctx: recalls.recalls_of(ctx, row.patient_id),
            lambda found: self._show_recalls(row.id, found),
            failed=lambda _error: None,
            key="tries",
        )

    def _show_recalls(self, recall_id: UUID, found: tuple[RecallRow, ...]) -> None:
        if recall_id == self._recall_id:
            mine = next((one for one in found if one.id == recall_id), None)
            self._show_tries(mine.attempts if mine is not None else ())

    def _show_tries(self, attempts: tuple[Attempt, ...]) -> None:
        while (item := self._tries.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        theme = self.desk.theme
        for one in attempts[:_MOST_TRIES]:
            day = self._days.day(self._days.of(one.at))
            words = f"{day} · {_(WAYS[one.channel])} · {_(OUTCOMES[one.outcome])}"
            second = " · ".join(filter(None, (one.person, one.remark)))
            self._tries.addWidget(Label(words, theme=theme, size="small", wrap=True))
            self._tries.addWidget(
                Label(second, theme=theme, size="small", role="text_2", wrap=True)
            )

    # -- what is recorded -------------------------------------------------------------------

    def way(self) -> str:
        """Return how the patient was tried."""
        return str(self._way.value())

    def take_remark(self) -> str:
        """Return the typed words and empty the line."""
        words = self.remark.text().strip()
        self.remark.clear()
        return words

    def give_back(self, words: str) -> None:
        """Put words back that could not be stored."""
        if not self.remark.text():
            self.remark.setText(words)
