"""The head of every patient screen: who it is, today's visit, what is owed, and the alerts."""

from datetime import date
from typing import Final

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.domain.names import initials
from clinic_desktop.i18n import _
from clinic_desktop.services.patients.schemas import PatientCard
from clinic_desktop.ui.patients.record_words import SEXES, PatientWords
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.labels import Avatar, Label, Tag

_KINDS: Final = {
    "stop": ("danger", "circle-alert"),
    "caution": ("warning", "triangle-alert"),
    "context": ("soft", "info"),
}
_ORDER: Final = ("stop", "caution", "context")


class PatientBanner(QFrame):
    """Name, age, sex, number; at the right today's visit, the next one and the balance."""

    def __init__(self, theme: Theme, words: PatientWords) -> None:
        super().__init__()
        self._theme, self._words = theme, words
        self.setProperty("kind", "surface")
        self.setFixedHeight(int(theme.layout("patient_banner")))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 6, 16, 6)
        self._row.setSpacing(12)
        self._shown: list[QWidget] = []

    def show_card(self, card: PatientCard, today: date) -> None:
        """Show whose record it is."""
        for widget in self._shown:
            self._row.removeWidget(widget)
            widget.deleteLater()
        theme, words = self._theme, self._words
        who = QWidget()
        column = QVBoxLayout(who)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        name = f"{card.name}  {card.other_name}" if card.other_name else card.name
        column.addWidget(Label(name, theme=theme, size="title"))
        line = " · ".join(
            (
                words.age(card.born, today),
                _(SEXES[card.sex]),
                _("born {date}").format(date=words.born(card.born, estimated=card.born_estimated)),
                _("No. {number}").format(number=card.number),
            )
        )
        column.addWidget(Label(line, theme=theme, size="small", role="text_2", tabular=True))
        self._shown = [Avatar(initials(card.given, card.family), theme=theme, size=44), who]
        self._row.addWidget(self._shown[0])
        self._row.addWidget(who, 1)
        for title, value in self._facts(card):
            fact = QWidget()
            facts = QVBoxLayout(fact)
            facts.setContentsMargins(0, 0, 0, 0)
            facts.setSpacing(0)
            facts.addWidget(Label(title, theme=theme, size="small", role="text_2"))
            facts.addWidget(Label(value, theme=theme, size="strong", tabular=True))
            self._row.addWidget(fact)
            self._shown.append(fact)

    def _facts(self, card: PatientCard) -> list[tuple[str, str]]:
        words = self._words
        facts = []
        if card.today is not None:
            parts = (words.clock(card.today.starts_at), card.today.provider, card.today.chair or "")
            facts.append((_("Today"), ", ".join(part for part in parts if part)))
        if card.next_visit is not None:
            facts.append((_("Next visit"), words.moment(card.next_visit)))
        if card.balance is not None:
            facts.append((_("To pay"), words.money(card.balance)))
        return facts


class AlertsStrip(QFrame):
    """Stops first, then cautions, then context; never collapsed. Not asked is not healthy."""

    def __init__(self, theme: Theme, words: PatientWords) -> None:
        super().__init__()
        self._theme, self._words = theme, words
        self.setProperty("kind", "surface")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 5, 16, 5)
        self._row.setSpacing(6)
        self._shown: list[QWidget] = []

    def show_card(self, card: PatientCard) -> None:
        """Show the alerts of this record, and who reviewed them when."""
        for widget in self._shown:
            self._row.removeWidget(widget)
            widget.deleteLater()
        while self._row.count():
            self._row.takeAt(0)
        theme = self._theme
        self._shown = []
        for alert in sorted(card.alerts, key=lambda one: _ORDER.index(one.severity)):
            kind, icon = _KINDS[alert.severity]
            text = f"{alert.substance}: {alert.text}" if alert.substance else alert.text
            if alert.kind == "no_known_allergies":
                kind, icon = "success", "circle-check"
                text = _("No known allergies, asked {date}").format(
                    date=self._words.born(alert.noted_on)
                )
            self._shown.append(Tag(kind, icon, text, theme=theme))
        if not card.asked:
            self._shown.append(
                Tag("unknown", "circle-question-mark", _("Allergies: not asked yet"), theme=theme)
            )
        for widget in self._shown:
            self._row.addWidget(widget)
        self._row.addStretch(1)
        if card.alerts_reviewed_at is not None:
            words = _("Alerts reviewed {date} by {name}").format(
                date=self._words.day(card.alerts_reviewed_at), name=card.alerts_reviewed_by or "?"
            )
            note = Label(words, theme=theme, size="small", role="text_2")
            self._row.addWidget(note)
            self._shown.append(note)
        tone = "danger" if any(alert.severity == "stop" for alert in card.alerts) else ""
        self.setProperty("tone", tone)
        self.style().polish(self)
