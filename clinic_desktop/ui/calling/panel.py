"""Beside a list of people to call: how to reach the patient, what was tried, what to record."""

from collections.abc import Sequence
from typing import Final, Protocol

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from clinic_desktop.domain.phones import show_phone
from clinic_desktop.domain.recalls import OUTCOMES, WAYS
from clinic_desktop.i18n import _
from clinic_desktop.services.recalls.schemas import Attempt
from clinic_desktop.ui.calling.days import Days
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.facts import Facts
from clinic_desktop.ui.widgets.fields import Choice, Field, LineEdit
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.painting import TagSpec
from clinic_desktop.ui.widgets.panel import StatePanel

# The figures that record a try, in the order of the keys.
FIGURES: Final = ("no_answer", "message_left", "will_call", "declined", "wrong_number")


_MOST_TRIES: Final = 8


class Reachable(Protocol):
    """Who the patient is and how they are reached."""

    @property
    def name(self) -> str:
        """The patient's name as it is shown."""

    @property
    def phone(self) -> str:
        """The number, as it is stored."""

    @property
    def no_phone_reason(self) -> str:
        """Why there is no number, empty where nobody said."""

    @property
    def email(self) -> str:
        """The address."""

    @property
    def prefers(self) -> str:
        """A word of ``domain.recalls.WAYS``, empty where nobody asked."""


class CallPanel(StatePanel):
    """The chosen patient's numbers and tries; the words typed here go with the next figure."""

    acted = Signal(str)
    """An outcome that was pressed."""
    booked = Signal()

    def __init__(self, desk: Desk, days: Days) -> None:
        super().__init__(theme=desk.theme)
        self.days = days
        self._key: object = None
        self.setAccessibleName(_("Selected patient"))
        theme = desk.theme
        self._name = Label(theme=theme, size="heading", wrap=True, lines=3)
        self._work = Label(theme=theme, wrap=True, lines=12)
        self.facts = Facts(theme)
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
        for widget in (self._name, self._work, self.facts):
            column.addWidget(widget)
        column.addLayout(self._tries)
        column.addStretch(1)
        if desk.who.may("schedule.write"):
            column.addWidget(Field(_("Reached by"), self._way, theme=theme, name="channel"))
            column.addWidget(Field(_("Remark"), self.remark, theme=theme, name="remark"))
            column.addLayout(self._acts())
        self._page = page
        self.show_nobody()

    def _acts(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(8)
        book = Button(_("Book"), theme=self.theme, key="N", kind="primary")
        book.clicked.connect(self.booked)
        buttons = [book]
        for figure, outcome in enumerate(FIGURES, start=1):
            button = Button(_(OUTCOMES[outcome]), theme=self.theme, key=str(figure))
            button.clicked.connect(lambda _on=False, outcome=outcome: self.acted.emit(outcome))
            buttons.append(button)
        for place, button in enumerate((*buttons, *self.more_acts())):
            button.set_spread(True)
            grid.addWidget(button, place, 0)
        return grid

    def more_acts(self) -> Sequence[Button]:
        """Return what else this list does with a patient; shown below the figures."""
        return ()

    def show_nobody(self) -> None:
        """Say that nobody is chosen."""
        self._key = None
        self.show_empty(_("Nobody is chosen"))

    def show_row(
        self, key: object, who: Reachable, work: str, facts: Sequence[tuple[str, str | TagSpec]]
    ) -> None:
        """Show a line of the list; of another one what was typed is gone."""
        if key != self._key:
            self.remark.clear()
            self._way.set_value("phone")
            self.show_tries(key, ())
        self._key = key
        self._name.setText(who.name)
        self._work.setText(work)
        self._work.setVisible(bool(work))
        unknown = TagSpec("unknown", _("Not recorded"), "circle-help")
        phone: str | TagSpec = show_phone(who.phone) if who.phone else unknown
        if not who.phone and who.no_phone_reason:
            phone = _("No phone")
        prefers: str | TagSpec = _(WAYS[who.prefers]) if who.prefers in WAYS else unknown
        self.facts.set_facts(
            [
                *facts,
                (_("Phone"), phone),
                (_("E-mail"), who.email or unknown),
                (_("Prefers"), prefers),
            ]
        )
        self.show_content(self._page)

    def show_tries(self, key: object, attempts: Sequence[Attempt]) -> None:
        """Show the tries of a line, unless another one is shown by now."""
        if self._key not in (None, key) and attempts:
            return
        while (item := self._tries.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for one in attempts[:_MOST_TRIES]:
            day = self.days.day(self.days.of(one.at))
            words = f"{day} · {_(WAYS[one.channel])} · {_(OUTCOMES[one.outcome])}"
            second = " · ".join(filter(None, (one.person, one.remark)))
            for text, role in ((words, "text"), (second, "text_2")):
                self._tries.addWidget(
                    Label(text, theme=self.theme, size="small", role=role, wrap=True)
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
