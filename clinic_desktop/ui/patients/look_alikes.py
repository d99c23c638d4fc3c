"""Beside the form of a new patient: records that may be the same person, with the reasons."""

from uuid import UUID

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.domain.phones import show_phone
from clinic_desktop.i18n import _, ngettext
from clinic_desktop.services import patients
from clinic_desktop.services.patients.duplicates import REASONS
from clinic_desktop.services.patients.schemas import Duplicate, DuplicateDraft
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.patients.parts import TagFlow
from clinic_desktop.ui.patients.words import STATUSES, Looks
from clinic_desktop.ui.widgets.announce import announce
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.painting import TagSpec
from clinic_desktop.ui.widgets.panel import Panel, StatePanel

COMPARE_AFTER_MS = 250


class LookAlikes(StatePanel):
    """Grows while somebody types; nothing is refused, the person decides."""

    opened = Signal(UUID)
    family_chosen = Signal(object)
    """The ``Duplicate`` whose household the new patient joins."""
    found = Signal(object)
    """The records found, best first."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Already here?"), theme=desk.theme)
        self.desk = desk
        self._draft = DuplicateDraft()
        self.shown: tuple[Duplicate, ...] = ()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(COMPARE_AFTER_MS)
        self._soon.timeout.connect(self._ask)
        self.show_nobody()

    def compare(self, draft: DuplicateDraft) -> None:
        """Compare what is typed now with the records, when the typing pauses."""
        if draft != self._draft:
            self._draft = draft
            self._soon.start()

    def show_nobody(self) -> None:
        """Say that nobody like this is known."""
        self.shown = ()
        self.set_note("")
        self.show_empty(
            _("Nobody like this so far"),
            detail=_("Records that may be the same person appear here while you type."),
        )

    def _ask(self) -> None:
        draft = self._draft
        self.desk.operations.query(
            self,
            lambda ctx: patients.possible_duplicates(ctx, draft),
            self._show,
            failed=lambda error: self.show_failed(str(error), self._ask),
            key="duplicates",
        )

    def _show(self, found: tuple[Duplicate, ...]) -> None:
        self.found.emit(found)
        if found == self.shown:
            return
        self.shown = found
        if not found:
            self.show_nobody()
            return
        self.set_note(str(len(found)))
        announce(
            self,
            ngettext(
                "{count} record may be the same person.",
                "{count} records may be the same person.",
                len(found),
            ).format(count=len(found)),
        )
        looks = Looks.of(self.desk)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        for one in found:
            column.addWidget(self._card(one, looks))
        column.addStretch(1)
        self.show_content(page)

    def _card(self, one: Duplicate, looks: Looks) -> Panel:
        theme = self.desk.theme
        card = Panel(theme=theme, padded=True)
        card.set_tone("warning" if one.score >= 75 else "")
        card.body.setSpacing(4)
        card.body.addWidget(Label(one.name, theme=theme, size="strong", wrap=True, lines=2))
        facts = [_("No. {number}").format(number=one.number)]
        if one.born is not None:
            facts.append(_("born {day}").format(day=looks.day(one.born)))
        if one.phone:
            facts.append(show_phone(one.phone))
        if one.status != "active":
            facts.append(_(STATUSES[one.status]))
        words = Label(" · ".join(facts), theme=theme, size="small", role="text_2", tabular=True,
                      wrap=True)  # fmt: skip
        card.body.addWidget(words)
        tags = TagFlow(theme)
        tags.set_tags([TagSpec("plain", _(REASONS[reason])) for reason in one.reasons])
        card.body.addWidget(tags)
        acts = QHBoxLayout()
        acts.setSpacing(8)
        open_it = Button(_("Open that record"), theme=theme, small=True)
        open_it.clicked.connect(lambda: self.opened.emit(one.id))
        same = Button(_("Same family"), theme=theme, icon="users", kind="quiet", small=True)
        same.clicked.connect(lambda: self.family_chosen.emit(one))
        acts.addWidget(open_it)
        acts.addWidget(same)
        acts.addStretch(1)
        card.body.addLayout(acts)
        card.setAccessibleName(f"{one.name}, {', '.join(facts)}, {', '.join(tags.texts())}")
        return card
