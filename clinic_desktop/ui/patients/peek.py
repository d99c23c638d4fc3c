"""The selected patient at a glance, beside the list: alerts, where they are, money, four acts."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from clinic_desktop.domain.names import initials
from clinic_desktop.domain.phones import show_phone
from clinic_desktop.i18n import _
from clinic_desktop.services import patients
from clinic_desktop.services.patients.schemas import PatientCard
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.patients.parts import AlertBand, TagFlow, gravest
from clinic_desktop.ui.patients.photo_loader import PhotoLoader
from clinic_desktop.ui.patients.tag_words import Tags, tags_of, whole_tag
from clinic_desktop.ui.patients.words import (
    CHANNELS,
    HERE,
    VISITS,
    Looks,
    alert_tags,
    balance_words,
    facts_line,
)
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.facts import Facts
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.widgets.pictures import Avatar

# Long enough to step over rows without asking for each of them.
LOOK_AFTER_MS: Final = 150


class Peek(StatePanel):
    """Asks for a card shortly after a row was chosen; moving on makes the question void."""

    opened = Signal(UUID, str)
    """The patient and the tab to open."""
    booked = Signal(UUID)

    def __init__(self, desk: Desk, *, pay: Callable[[UUID], None] | None = None) -> None:
        super().__init__(theme=desk.theme)
        self.desk = desk
        self.patient_id: UUID | None = None
        self._pay = pay
        self._card: PatientCard | None = None
        self._known: Tags = {}
        self._photos = PhotoLoader(desk, self)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(LOOK_AFTER_MS)
        self._soon.timeout.connect(self.ask)
        self.setAccessibleName(_("Selected patient"))
        self._build()
        self.show_nobody()

    def _build(self) -> None:
        theme = self.desk.theme
        page = QWidget()
        page.setProperty("kind", "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(14, 14, 14, 14)
        head.setSpacing(12)
        self._avatar = Avatar("", theme=theme, size=44)
        self._name = Label(theme=theme, size="heading", wrap=True, lines=3)
        self._facts_line = Label(theme=theme, size="small", role="text_2", tabular=True, wrap=True)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._name)
        words.addWidget(self._facts_line)
        head.addWidget(self._avatar)
        head.addLayout(words, 1)
        column.addLayout(head)
        self._own = TagFlow(theme)
        self._own.setContentsMargins(0, 0, 0, 0)
        own = QVBoxLayout()
        own.setContentsMargins(14, 0, 14, 10)
        own.addWidget(self._own)
        column.addLayout(own)
        self._strip = AlertBand(theme)
        strip = QVBoxLayout(self._strip)
        strip.setContentsMargins(14, 10, 14, 10)
        self._tags = TagFlow(theme)
        strip.addWidget(self._tags)
        column.addWidget(self._strip)
        self._facts = Facts(theme)
        self._facts.setContentsMargins(14, 10, 14, 10)
        column.addWidget(self._facts)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(page)
        whole = QWidget()
        layout = QVBoxLayout(whole)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(scroll, 1)
        layout.addWidget(self._acts())
        self._whole = whole
        self.show_content(whole)

    def _acts(self) -> QWidget:
        theme, who = self.desk.theme, self.desk.who
        foot = QFrame()
        foot.setProperty("kind", "panel_foot")
        grid = QGridLayout(foot)
        grid.setContentsMargins(14, 12, 14, 12)
        grid.setSpacing(8)
        buttons = [Button(_("Open"), theme=theme, key="Enter", kind="primary")]
        buttons[0].clicked.connect(lambda: self._open("overview"))
        if who.may("clinical.read"):
            chart = Button(_("Chart"), theme=theme, key="Alt+2")
            chart.clicked.connect(lambda: self._open("chart"))
            buttons.append(chart)
        if who.may("schedule.write"):
            book = Button(_("Book"), theme=theme, key="N")
            book.clicked.connect(self._book)
            buttons.append(book)
        if self._pay is not None:
            pay = Button(_("Pay"), theme=theme, key="Y")
            pay.clicked.connect(self._take_payment)
            buttons.append(pay)
        for place, button in enumerate(buttons):
            button.set_spread(True)
            grid.addWidget(button, place // 2, place % 2)
        return foot

    # -- whose ------------------------------------------------------------------------------

    def look_at(self, patient_id: UUID | None) -> None:
        """Show another patient, or nobody."""
        if patient_id == self.patient_id:
            return
        self.patient_id = patient_id
        if patient_id is None:
            self._soon.stop()
            self.show_nobody()
        else:
            self._soon.start()

    def show_nobody(self) -> None:
        """Say that nobody is selected."""
        self.show_empty(_("Nobody selected"), detail=_("Choose a patient to see the essentials."))

    @Slot()
    def ask(self) -> None:
        """Ask for the card of whom it shows."""
        patient_id = self.patient_id
        if patient_id is None or not self.isVisible():
            return
        self.show_loading()
        self.desk.operations.query(
            self,
            lambda ctx: patients.open_patient(ctx, patient_id, access="peek"),
            self._show,
            failed=lambda error: self.show_failed(str(error), self.ask),
            key="peek",
        )

    def _show(self, card: PatientCard) -> None:
        if card.id != self.patient_id:
            return
        looks = Looks.of(self.desk)
        self._card = card
        self._avatar.set_initials(initials(card.given, card.family))
        self._photos.show(self._avatar, card.photo_id)
        self._show_tags()
        self._name.setText(card.name)
        self._facts_line.setText(facts_line(card, looks, born=False))
        self._tags.set_tags(alert_tags(card, looks))
        self._strip.set_severity(gravest(alert.severity for alert in card.alerts))
        self._facts.set_facts(_facts(card, looks))
        self.show_content(self._whole)

    def set_tags(self, tags: Tags) -> None:
        """Show the clinic's tags as they are called now."""
        self._known = tags
        self._show_tags()

    def _show_tags(self) -> None:
        carried = self._card.tags if self._card is not None else ()
        tags = tags_of(carried, self._known)
        self._own.setVisible(bool(tags))
        self._own.set_tags([whole_tag(tag) for tag in tags])

    # -- acts -------------------------------------------------------------------------------

    def _open(self, tab: str) -> None:
        if self.patient_id is not None:
            self.opened.emit(self.patient_id, tab)

    def _book(self) -> None:
        if self.patient_id is not None:
            self.booked.emit(self.patient_id)

    def _take_payment(self) -> None:
        if self.patient_id is not None and self._pay is not None:
            self._pay(self.patient_id)


def _facts(card: PatientCard, looks: Looks) -> list[tuple[str, str]]:
    facts: list[tuple[str, str]] = []
    if card.today is not None:
        word = _(VISITS[card.today.status][2])
        at = looks.time(card.today.starts_at)
        label = _("Now") if card.today.status in HERE else _("Today")
        place = f", {card.today.chair}" if card.today.chair else ""
        facts.append((label, _("{status}, {time}").format(status=word, time=at) + place))
    if card.next_visit is not None:
        facts.append((_("Next visit"), looks.day_and_time(card.next_visit)))
    if card.last_visit is not None:
        facts.append((_("Last visit"), looks.day(card.last_visit)))
    facts.append((_("Phone"), show_phone(card.phone) if card.phone else card.no_phone_reason))
    if card.email:
        facts.append((_("E-mail"), card.email))
    facts.append((_("Prefers"), _(CHANNELS[card.prefers])))
    if card.guardian:
        facts.append((_("Guardian"), card.guardian))
    if card.balance is not None:
        facts.append(balance_words(card.balance, looks))
    if card.sticky_note:
        facts.append((_("Note"), card.sticky_note))
    return facts
