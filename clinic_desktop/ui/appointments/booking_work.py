"""Beside the booking form: what is planned for the patient, what is booked ahead, what is owed."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from clinic_desktop.domain.dates import format_date, format_weekday_date
from clinic_desktop.domain.money import format_money
from clinic_desktop.domain.times import format_time
from clinic_desktop.domain.visit_status import word
from clinic_desktop.i18n import _, ngettext
from clinic_desktop.services.to_book.schemas import BookingFacts, PlannedWork, VisitAhead
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.widgets.facts import Facts
from clinic_desktop.ui.widgets.labels import Label, plain_tip
from clinic_desktop.ui.widgets.painting import TagSpec
from clinic_desktop.ui.widgets.panel import Panel
from clinic_desktop.ui.widgets.scroll import scrolled

_ROW: Final = 28
_MOST_ROWS: Final = 5
_MOST_VISITS: Final = 6


class WorkList(QWidget):
    """Planned work with a box before each; ``changed`` is told of every tick."""

    changed = Signal()

    def __init__(self, locale: str) -> None:
        super().__init__()
        self._locale = locale
        self._boxes: list[tuple[QCheckBox, PlannedWork]] = []
        self.setAccessibleName(_("Planned work"))
        page = QWidget()
        page.setProperty("kind", "page")
        self._rows = QVBoxLayout(page)
        self._rows.setContentsMargins(2, 2, 2, 2)
        self._rows.setSpacing(4)
        self._area = scrolled(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._area)

    def show_work(self, work: Collection[PlannedWork], chosen: Collection[UUID]) -> None:
        """Show what is planned, and tick these."""
        for box, _one in self._boxes:
            self._rows.removeWidget(box)
            box.hide()
            box.deleteLater()
        self._boxes = []
        for one in work:
            box = QCheckBox(self._words(one).replace("&", "&&"))
            box.setAccessibleName(self._words(one))
            box.setToolTip(plain_tip(self._words(one)))
            box.setChecked(one.item_id in chosen)
            box.toggled.connect(lambda _on: self.changed.emit())
            self._boxes.append((box, one))
            self._rows.addWidget(box)
        height = self._boxes[0][0].sizeHint().height() + 4 if self._boxes else _ROW
        self._area.setFixedHeight(min(max(len(work), 1), _MOST_ROWS) * height + 2)

    def _words(self, one: PlannedWork) -> str:
        parts = [one.words, _("{count} min").format(count=one.minutes)]
        if one.held_at is not None:
            day = format_date(one.held_at.date(), self._locale)
            parts.append(_("booked for {day}").format(day=day))
        return " · ".join(parts)

    def count(self) -> int:
        """Return how much is shown."""
        return len(self._boxes)

    def box(self, place: int) -> QCheckBox:
        """Return the box of one of them."""
        return self._boxes[place][0]

    def chosen(self) -> tuple[PlannedWork, ...]:
        """Return what is ticked, in order."""
        return tuple(one for box, one in self._boxes if box.isChecked())


class PatientFacts(Panel):
    """The patient's appointments ahead and the balance; unknown until it is loaded."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Booked ahead"), theme=desk.theme, icon="calendar-days")
        self._desk = desk
        theme = desk.theme
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(12, 6, 12, 10)
        column.setSpacing(8)
        self.visits = Label(theme=theme, size="small", wrap=True, lines=12)
        self.money = Facts(theme)
        column.addWidget(self.visits)
        column.addStretch(1)
        column.addWidget(self.money)
        self.set_content(holder)
        self.show_nobody()

    def show_nobody(self) -> None:
        """Say that no patient is chosen."""
        self._tell(_("Choose the patient first."))
        self.money.set_facts([])

    def show_unknown(self, sentence: str = "") -> None:
        """Say that it is not loaded: neither empty nor settled."""
        self._tell(sentence or _("Asking the server…"))
        unknown = TagSpec("unknown", _("Not loaded"), "circle-help")
        may = self._desk.who.may("billing.read")
        self.money.set_facts([(_("Balance"), unknown)] if may else [])

    def show_facts(self, facts: BookingFacts) -> None:
        """Show what is booked and what is owed."""
        lines = [self._line(one) for one in facts.visits[:_MOST_VISITS]]
        more = len(facts.visits) - len(lines)
        if more:
            lines.append(ngettext("{count} more", "{count} more", more).format(count=more))
        self._tell("\n".join(lines) or _("Nothing is booked ahead."))
        who = self._desk.who
        if facts.balance is None:
            self.money.set_facts([])
            return
        words = format_money(facts.balance, who.currency, who.locale)
        value: str | TagSpec = words if facts.balance <= 0 else TagSpec("warning", words, "wallet")
        self.money.set_facts([(_("Balance"), value)])

    def _line(self, one: VisitAhead) -> str:
        locale = self._desk.who.locale
        day = format_weekday_date(one.local_start.date(), locale)
        at = format_time(one.local_start.time(), locale)
        parts = (f"{day}, {at}", one.service, one.provider, word(one.status))
        return " · ".join(filter(None, parts))

    def _tell(self, words: str) -> None:
        self.visits.setText(words)
        self.visits.setAccessibleName(words)
