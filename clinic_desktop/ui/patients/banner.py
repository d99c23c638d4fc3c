"""The head of every patient screen: who it is, today's visit, what is to pay, and the alerts."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from clinic_desktop.domain.names import initials
from clinic_desktop.domain.phones import show_phone
from clinic_desktop.i18n import _
from clinic_desktop.services.patients.schemas import PatientCard
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.patients.parts import AlertBand, TagFlow, gravest
from clinic_desktop.ui.patients.words import (
    STATUSES,
    Looks,
    alert_tags,
    balance_words,
    facts_line,
)
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Avatar, Label, Tag

_AVATAR = 44


class PatientBanner(QFrame):
    """Name, age, sex, number; at the right today's visit, the next one and the balance.

    What the clinic has no data for, such as a recall, is left out rather than guessed.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        theme = desk.theme
        self._phone = ""
        self.setProperty("kind", "surface")
        self.setMinimumHeight(int(theme.layout("patient_banner")))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 16, 6)
        row.setSpacing(12)
        self._avatar = Avatar("", theme=theme, size=_AVATAR)
        self._name = Label(theme=theme, size="title")
        self._status = Tag("dashed", None, "", theme=theme)
        self._line = Label(theme=theme, size="small", role="text_2", tabular=True)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._name)
        head.addWidget(self._status)
        head.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addLayout(head)
        words.addWidget(self._line)
        row.addWidget(self._avatar)
        row.addLayout(words, 1)
        self._facts = [_Fact(theme) for _number in range(3)]
        for fact in self._facts:
            row.addWidget(fact)
        self._call = Button(theme=theme, icon="phone", name=_("Copy the phone number"))
        self._call.clicked.connect(self._copy_phone)
        row.addWidget(self._call)
        self.more = Button(theme=theme, icon="ellipsis-vertical", name=_("More of this record"))
        row.addWidget(self.more)

    def show_card(self, card: PatientCard, looks: Looks) -> None:
        """Show whose record it is."""
        self._avatar.set_initials(initials(card.given, card.family))
        name = f"{card.name} · {card.other_name}" if card.other_name else card.name
        self._name.setText(name)
        self._status.setVisible(card.status != "active")
        self._status.set_tag("dashed", None, _(STATUSES[card.status]))
        self._line.setText(facts_line(card, looks))
        facts = []
        if card.today is not None:
            parts = (looks.time(card.today.starts_at), card.today.provider, card.today.chair)
            facts.append((_("Today"), ", ".join(part for part in parts if part)))
        if card.next_visit is not None:
            facts.append((_("Next visit"), looks.day(card.next_visit)))
        if card.balance is not None:
            facts.append(balance_words(card.balance, looks))
        for place, fact in enumerate(self._facts):
            fact.setVisible(place < len(facts))
            if place < len(facts):
                fact.tell(*facts[place])
        self._phone = show_phone(card.phone)
        self._call.setVisible(bool(self._phone))
        self._call.setToolTip(_("Copy {phone}").format(phone=self._phone))
        self.setAccessibleName(f"{card.name}, {self._line.text()}")

    def _copy_phone(self) -> None:
        QGuiApplication.clipboard().setText(self._phone)
        self._desk.messages.say(_("{phone} is copied.").format(phone=self._phone), "phone")


class _Fact(QWidget):
    """A small title over a strong value."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._title = Label(theme=theme, size="small", role="text_2")
        self._value = Label(theme=theme, size="strong", tabular=True)
        column.addStretch(1)
        column.addWidget(self._title)
        column.addWidget(self._value)
        column.addStretch(1)

    def tell(self, title: str, value: str) -> None:
        self._title.setText(title)
        self._value.setText(value)
        self.setAccessibleName(f"{title}: {value}")


class AlertsStrip(AlertBand):
    """Stops first, then cautions, then context; it grows, nothing hides behind a "more"."""

    asked = Signal()
    """The alerts are to be changed or reviewed."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.theme)
        theme = desk.theme
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 5, 16, 5)
        row.setSpacing(8)
        self.tags = TagFlow(theme)
        self._reviewed = Label(theme=theme, size="small", role="text_2", tabular=True)
        row.addWidget(self.tags, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._reviewed)
        change = Button(
            _("Alerts"), theme=theme, icon="pencil", key="A", kind="quiet", small=True,
            name=_("Change or review the alerts"),
        )  # fmt: skip
        change.clicked.connect(self.asked)
        change.setVisible(desk.who.may("patients.write"))
        row.addWidget(change)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_card(self, card: PatientCard, looks: Looks) -> None:
        """Show the alerts of this record, and who reviewed them when."""
        tags = alert_tags(card, looks)
        self.tags.set_tags(tags)
        self.set_severity(gravest(alert.severity for alert in card.alerts))
        words = ""
        if card.alerts_reviewed_at is not None:
            words = _("Alerts reviewed {day} by {name}").format(
                day=looks.day(card.alerts_reviewed_at), name=card.alerts_reviewed_by or "?"
            )
        self._reviewed.setText(words)
        self._reviewed.setVisible(bool(words))
        self.setAccessibleName(
            _("Alerts: {alerts}").format(alerts=", ".join(tag.text for tag in tags))
        )
