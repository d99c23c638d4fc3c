"""The first tab: visits, contact, family, teeth, timeline, account and health at a glance."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from clinic_desktop.domain.names import initials
from clinic_desktop.domain.phones import show_phone
from clinic_desktop.i18n import LANGUAGES, N_, _
from clinic_desktop.services import patients
from clinic_desktop.services.patients.list_schemas import ConsentRow
from clinic_desktop.services.patients.schemas import Overview, PatientCard, Relative, Visit
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.patients.consents_dialog import consent_facts
from clinic_desktop.ui.patients.glance import GlanceCard
from clinic_desktop.ui.patients.medical_card import MedicalCard
from clinic_desktop.ui.patients.parts import on_ground
from clinic_desktop.ui.patients.tab import PatientTab
from clinic_desktop.ui.patients.timeline_list import TOPICS, TimelineList
from clinic_desktop.ui.patients.words import (
    CHANNELS,
    VISITS,
    Looks,
    balance_words,
    without_guardian,
)
from clinic_desktop.ui.recalls.card import RecallCard
from clinic_desktop.ui.screen import KeyHelp
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.facts import Facts
from clinic_desktop.ui.widgets.hiding import hide_unless
from clinic_desktop.ui.widgets.labels import Label, Tag
from clinic_desktop.ui.widgets.painting import TagSpec
from clinic_desktop.ui.widgets.panel import Panel, StatePanel
from clinic_desktop.ui.widgets.pictures import Avatar
from clinic_desktop.ui.widgets.rule import rule

_GAP: Final = 12
# From these widths on the cards stand in two, and in three columns.
_TWO: Final = 700
_THREE: Final = 1120
_LEAST_TIMELINE: Final = 320


class OverviewTab(PatientTab):
    """Cards that open their tab; nothing is edited twice."""

    title = N_("Overview")
    topics = (
        frozenset({"patient", "appointment", "posting", "household", "recall", "recall_attempt"})
        | TOPICS
    )

    def __init__(
        self,
        desk: Desk,
        parent: QWidget | None = None,
        *,
        pay: Callable[[UUID], None] | None = None,
        teeth: GlanceCard | None = None,
    ) -> None:
        super().__init__(desk, parent)
        self._pay = pay
        self.teeth = teeth
        self._card: PatientCard | None = None
        self._consents: tuple[ConsentRow, ...] | None = None
        self._more = Overview(visits=(), relatives=())
        self._columns = 0
        self._build()

    def _build(self) -> None:
        theme, may = self.desk.theme, self.desk.who.may
        self.visits = StatePanel(_("Visits"), theme=theme)
        if may("schedule.write"):
            book = Button(_("Book"), theme=theme, key="N", small=True)
            book.clicked.connect(self._book)
            self.visits.add_head(book)
        self.recalls = RecallCard(self.desk) if may("schedule.read") else None
        self.contact = Panel(_("Contact"), theme=theme)
        if may("patients.write"):
            edit = Button(_("Edit"), theme=theme, key="E", small=True)
            edit.clicked.connect(lambda: self.edit_wanted.emit("phone"))
            self.contact.add_head(edit)
        agreed = Button(
            theme=theme, icon="message-square", key="C", name=_("Consents to contact"), small=True
        )
        agreed.clicked.connect(lambda: self.page_wanted.emit("consents"))
        self.contact.add_head(agreed)
        self._contact = Facts(theme)
        self._contact.setContentsMargins(12, 8, 12, 8)
        self.contact.body.addWidget(self._contact)
        self.family = StatePanel(_("Family"), theme=theme)
        if may("patients.write"):
            change = Button(
                theme=theme, icon="pencil", key="G", name=_("Change guardian and family"),
                small=True,
            )  # fmt: skip
            change.clicked.connect(lambda: self.page_wanted.emit("family"))
            self.family.add_head(change)
        if self.teeth is not None:
            chart = Button(_("Open chart"), theme=theme, key="Alt+2", small=True)
            chart.clicked.connect(lambda: self._tab("chart"))
            self.teeth.add_head(chart)
            self.teeth.wanted.connect(lambda: self._tab("chart"))
        self.timeline = TimelineList(self.desk)
        self.timeline.setMinimumHeight(_LEAST_TIMELINE)
        self.timeline.tab_wanted.connect(self._tab)
        self.medical = MedicalCard(self.desk)
        self.account = Panel(_("Account"), theme=theme)
        if self._pay is not None:
            pay = Button(_("Pay"), theme=theme, key="Y", kind="primary", small=True)
            pay.clicked.connect(self._take_payment)
            self.account.add_head(pay)
        elif may("billing.read"):
            ledger = Button(_("Ledger"), theme=theme, small=True)
            ledger.clicked.connect(lambda: self._tab("ledger"))
            self.account.add_head(ledger)
        self._build_account()
        self.note = Panel(_("Sticky note"), theme=theme)
        if may("patients.write"):
            write = Button(theme=theme, icon="pencil", name=_("Edit the note"), small=True)
            write.clicked.connect(lambda: self.edit_wanted.emit("sticky_note"))
            self.note.add_head(write)
        self._note = Label(theme=theme, wrap=True, role="text_2")
        self._note.setContentsMargins(12, 10, 12, 12)
        self.note.body.addWidget(self._note)
        self._page = QWidget()
        self._page.setProperty("kind", "page")
        self._row = QHBoxLayout(self._page)
        self._row.setContentsMargins(16, 16, 16, 16)
        self._row.setSpacing(_GAP)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._page)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        ground = QVBoxLayout(self)
        ground.setContentsMargins(0, 0, 0, 0)
        ground.addWidget(on_ground(scroll))
        self._arrange(3)

    def _build_account(self) -> None:
        theme = self.desk.theme
        self._amount_title = Label(theme=theme, role="text_2")
        self._amount = Label(theme=theme, size="figure", tabular=True)
        self._sums = Facts(theme)
        for widget in (self._amount_title, self._amount, self._sums):
            widget.setContentsMargins(12, 4, 12, 4)
            self.account.body.addWidget(widget)
        self.account.body.setSpacing(0)
        self.account.body.setContentsMargins(0, 6, 0, 8)

    # -- columns ----------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stand in as many columns as there is room for."""
        super().resizeEvent(event)
        width = self.width()
        self._arrange(3 if width >= _THREE else 2 if width >= _TWO else 1)

    def _arrange(self, columns: int) -> None:
        shown = (self.visits, self.recalls, self.contact, self.family)
        left: list[QWidget] = [one for one in shown if one is not None]
        middle: list[QWidget] = [one for one in (self.teeth, self.timeline) if one is not None]
        right: list[QWidget] = [self.medical, self.note]
        if self.desk.who.may("billing.read"):
            right.insert(0, self.account)
        hide_unless(self.account, self.account in right)
        if self._columns == columns:
            return
        self._columns = columns
        groups: list[tuple[list[QWidget], int]] = {
            3: [(left, 3), (middle, 6), (right, 3)],
            2: [(left + right, 3), (middle, 5)],
            1: [(left + middle + right, 1)],
        }[columns]
        while self._row.count():
            item = self._row.takeAt(0)
            layout = item.layout() if item is not None else None
            if layout is not None:
                while layout.count():
                    layout.takeAt(0)
                layout.deleteLater()
        for group, share in groups:
            column = QVBoxLayout()
            column.setSpacing(_GAP)
            for one in group:
                column.addWidget(one, 1 if one is self.timeline else 0)
            if self.timeline not in group:
                column.addStretch(1)
            self._row.addLayout(column, share)

    # -- showing ----------------------------------------------------------------------------

    def open(self, patient_id: UUID, card: PatientCard) -> None:
        """Show another record."""
        self._consents = None
        super().open(patient_id, card)
        self.visits.show_loading(_("Asking for visits…"))
        self.reload()

    def card_changed(self, card: PatientCard) -> None:
        """Show contact, account and note, which stand on the card."""
        self._card = card
        looks = Looks.of(self.desk)
        self._show_contact(card, looks)
        self._note.setText(card.sticky_note or _("Nothing is noted."))
        self.medical.show_card(card, looks)
        self._show_account(card, looks)

    def _show_contact(self, card: PatientCard, looks: Looks) -> None:
        facts = _contact_facts(card, looks)
        if self._consents is not None:
            facts[-1:-1] = consent_facts(self._consents)
        self._contact.set_facts(facts)

    def reload(self) -> None:
        """Ask for visits, family and consents."""
        patient_id = self.patient_id
        if patient_id is None:
            return
        self.desk.operations.query(
            self,
            lambda ctx: (patients.overview(ctx, patient_id), patients.consents(ctx, patient_id)),
            lambda found: self._show_more(patient_id, *found),
            failed=lambda error: self.visits.show_failed(str(error), self.reload),
            key="overview",
        )
        if self.teeth is not None:
            self.teeth.show_patient(patient_id)
        self.timeline.show_patient(patient_id)
        if self.recalls is not None:
            self.recalls.show_patient(patient_id)

    def _show_more(
        self, patient_id: UUID, more: Overview, consents: tuple[ConsentRow, ...]
    ) -> None:
        if patient_id != self.patient_id or self._card is None:
            return
        self._more, self._consents = more, consents
        looks = Looks.of(self.desk)
        self._show_contact(self._card, looks)
        self._show_account(self._card, looks)
        if more.visits:
            self.visits.show_content(
                _stacked([_visit_card(visit, looks, self.desk) for visit in more.visits])
            )
        else:
            self.visits.show_empty(_("No visit yet"), detail=_("None is booked and none was made."))
        relatives = [self._relative(one, looks) for one in more.relatives]
        self.family.set_note(str(len(relatives)) if relatives else "")
        if relatives:
            self.family.show_content(_stacked(relatives))
        else:
            self.family.show_empty(_("Nobody of the family is here"))

    def _show_account(self, card: PatientCard, looks: Looks) -> None:
        if card.balance is None:
            return
        own = card.balance
        others = [one.balance for one in self._more.relatives if one.balance is not None]
        title, amount = balance_words(own + sum(others), looks)
        self._amount_title.setText(_("To pay by the family") if others and own >= 0 else title)
        self._amount.setText(amount)
        facts: list[tuple[str, str | TagSpec]] = []
        if others:
            facts = [
                (_("Of this patient"), looks.amount(own)),
                (_("Of the others"), looks.amount(sum(others))),
            ]
        self._sums.set_facts(facts)

    def _relative(self, one: Relative, looks: Looks) -> QWidget:
        theme = self.desk.theme
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(10)
        row.addWidget(Avatar(initials(one.given, one.family), theme=theme, size=28))
        words = QVBoxLayout()
        words.setSpacing(0)
        name = Button(one.name, theme=theme, kind="link")
        name.clicked.connect(lambda: self.desk.navigator.open_patient(one.id))
        words.addWidget(name, 0, Qt.AlignmentFlag.AlignLeft)
        parts = [looks.age(one.born, estimated=one.born_estimated)] if one.born else []
        if self._card is not None and one.guardian_id == self._card.id:
            parts.append(_("guardian {name}").format(name=self._card.given))
        if self._card is not None and self._card.payer_id == one.id:
            parts.append(_("pays for the family"))
        small = Label(" · ".join(parts), theme=theme, size="small", role="text_2", tabular=True)
        words.addWidget(small)
        row.addLayout(words, 1)
        if one.balance is not None:
            row.addWidget(
                Label(looks.amount(one.balance), theme=theme, role="text_2", tabular=True)
            )
        return line

    # -- acts -------------------------------------------------------------------------------

    def _book(self) -> None:
        if self.patient_id is not None:
            self.desk.navigator.book(self.patient_id)

    def _take_payment(self) -> None:
        if self.patient_id is not None and self._pay is not None:
            self._pay(self.patient_id)

    def _tab(self, key: str) -> None:
        if self.patient_id is not None:
            self.desk.navigator.open_patient(self.patient_id, key)

    def keys(self) -> list[KeyHelp]:
        """Return nothing of its own; the record names E, N and A."""
        return []


def _contact_facts(card: PatientCard, looks: Looks) -> list[tuple[str, str | TagSpec]]:
    unknown = TagSpec("unknown", _("Not recorded"), "circle-help")
    address = ", ".join(
        part.replace("\n", ", ") for part in (card.address, card.postcode, card.city) if part
    )
    facts: list[tuple[str, str | TagSpec]] = [
        (_("Phone"), show_phone(card.phone) or card.no_phone_reason),
        (_("E-mail"), card.email or unknown),
        (_("Address"), address or unknown),
        (_("Prefers"), _(CHANNELS[card.prefers])),
    ]
    language = LANGUAGES.get(card.language, card.language) if card.language else unknown
    facts.append((_("Language"), language))
    if card.guardian:
        facts.append((_("Guardian"), card.guardian))
    elif without_guardian(card, looks) is not None:
        facts.append((_("Guardian"), TagSpec("unknown", _("Not named"), "circle-help")))
    facts.append((_("Registered"), looks.day(card.created_at)))
    return facts


def _visit_card(visit: Visit, looks: Looks, desk: Desk) -> QWidget:
    theme = desk.theme
    card = QFrame()
    column = QVBoxLayout(card)
    column.setContentsMargins(12, 8, 12, 8)
    column.setSpacing(0)
    head = QHBoxLayout()
    when = looks.day_and_time(visit.starts_at)
    if looks.is_today(visit.starts_at):
        span = f"{looks.time(visit.starts_at)}–{looks.time(visit.ends_at)}"
        when = _("Today {span}").format(span=span)
    head.addWidget(Label(when, theme=theme, size="strong", tabular=True), 1)
    kind, icon, word = VISITS[visit.status]
    head.addWidget(Tag(kind, icon, _(word), theme=theme))
    column.addLayout(head)
    if visit.treatments:
        column.addWidget(Label(", ".join(visit.treatments), theme=theme))
    before = ""
    if visit.moved_from is not None:
        before = _("instead of {moment}").format(moment=looks.day_and_time(visit.moved_from))
    parts = [part for part in (visit.provider, visit.chair, before, visit.remark) if part]
    column.addWidget(Label(" · ".join(parts), theme=theme, size="small", role="text_2"))
    card.setAccessibleName(f"{when}, {_(word)}, {', '.join(parts)}")
    return card


def _stacked(widgets: list[QWidget]) -> QWidget:
    """Return the widgets below one another with a line between."""
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for number, widget in enumerate(widgets):
        if number:
            column.addWidget(rule())
        column.addWidget(widget)
    return page
