"""The head of every patient screen: who it is, today's visit, what is to pay, and the alerts."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from clinic_desktop.domain.names import initials
from clinic_desktop.domain.phones import show_phone
from clinic_desktop.i18n import _
from clinic_desktop.services.patients.schemas import PatientCard
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.handed_in import files_in
from clinic_desktop.ui.patients.marks import NO_MARKS, Marks
from clinic_desktop.ui.patients.parts import AlertBand, TagFlow, gravest
from clinic_desktop.ui.patients.photo_loader import PhotoLoader
from clinic_desktop.ui.patients.tag_words import tags_of, whole_tag
from clinic_desktop.ui.patients.words import (
    STATUSES,
    Looks,
    alert_tags,
    balance_words,
    facts_line,
)
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.hiding import hide_unless
from clinic_desktop.ui.widgets.labels import Label, Tag
from clinic_desktop.ui.widgets.pictures import Avatar, Icon

_AVATAR = 44


class PatientBanner(QFrame):
    """Name, age, sex, number; at the right today's visit, the next one and the balance.

    What the clinic has no data for, such as a recall, is left out rather than guessed.
    """

    dropped = Signal(object)
    """Pictures that were dragged onto it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        theme = desk.theme
        self._phone = ""
        self._card: PatientCard | None = None
        self._marks = NO_MARKS
        self._photos = PhotoLoader(desk, self)
        self._takes_photos = desk.who.may("patients.write")
        self.setAcceptDrops(self._takes_photos)
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
        self._star = Icon("star", theme=theme, role="warning", name=_("Starred"))
        self._star.hide()
        head.addWidget(self._star)
        self._tags = TagFlow(theme)
        self._tags.setAccessibleName(_("Tags"))
        head.addWidget(self._tags, 1)
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
        self._card = card
        self._avatar.set_initials(initials(card.given, card.family))
        self._photos.show(self._avatar, card.photo_id)
        self._show_marks()
        name = f"{card.name} · {card.other_name}" if card.other_name else card.name
        self._name.setText(name)
        self._status.setVisible(card.status != "active")
        status = _(STATUSES[card.status])
        if card.deceased_on is not None and card.status != "active":
            status = _("{status}, {day}").format(status=status, day=looks.day(card.deceased_on))
        self._status.set_tag("dashed", None, status)
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

    def show_marks(self, marks: Marks) -> None:
        """Show tags and star as they are now."""
        self._marks = marks
        self._show_marks()

    def _show_marks(self) -> None:
        card = self._card
        tags = tags_of(card.tags, self._marks.tags) if card is not None else ()
        self._tags.set_tags([whole_tag(tag) for tag in tags])
        self._star.setVisible(card is not None and card.id in self._marks.stars)

    def tags_shown(self) -> list[str]:
        """Return the words of the tags."""
        return self._tags.texts()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a picture that is dragged here: it becomes the photo."""
        if self._takes_photos and files_in(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand the picture on."""
        self.dropped.emit(files_in(event.mimeData()))
        event.acceptProposedAction()

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
        hide_unless(change, desk.who.may("patients.write"))
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
