"""The first tab: visits, contact, family, the account and the sticky note at a glance."""

from uuid import UUID

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from clinic_desktop.domain.names import full_name, initials
from clinic_desktop.domain.phones import show_phone
from clinic_desktop.domain.visit_status import word
from clinic_desktop.i18n import N_, _
from clinic_desktop.services.context import Context
from clinic_desktop.services.patients.cards import open_patient, overview
from clinic_desktop.services.patients.schemas import Overview, PatientCard
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.patients.record_words import PatientWords
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Avatar, Label
from clinic_desktop.ui.widgets.panel import Panel, StatePanel


class OverviewTab(Screen):
    """Cards that open their tab; nothing is edited twice."""

    title = N_("Overview")
    topics = frozenset({"patient", "appointment", "patient_alert", "posting", "household"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._words = PatientWords(desk.who)
        self._patient_id: UUID | None = None
        self._state = StatePanel("", theme=desk.theme, framed=False)
        self._state.setProperty("kind", "sunken")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._state)

    def open(self, patient_id: UUID) -> None:
        """Show another patient."""
        self._patient_id = patient_id
        self.refresh()

    def reload(self) -> None:
        """Ask for the card and what stands beside it."""
        patient = self._patient_id
        if patient is None:
            return

        def ask(ctx: Context) -> tuple[PatientCard, Overview]:
            return open_patient(ctx, patient, access="refresh"), overview(ctx, patient)

        self._state.show_loading(_("Asking for the record…"))
        self.desk.operations.query(
            self, ask, self._show, failed=lambda e: self._state.show_failed(str(e), self.refresh),
            key="overview",
        )  # fmt: skip

    def _show(self, found: tuple[PatientCard, Overview]) -> None:
        card, more = found
        page = QWidget()
        grid = QGridLayout(page)
        grid.setContentsMargins(16, 16, 16, 16)
        grid.setSpacing(12)
        grid.addWidget(self._visits(card, more), 0, 0)
        grid.addWidget(self._contact(card), 0, 1)
        grid.addWidget(self._account(card), 0, 2)
        grid.addWidget(self._family(more), 1, 0)
        grid.addWidget(self._note(card), 1, 1, 1, 2)
        for number in range(3):
            grid.setColumnStretch(number, 1)
        grid.setRowStretch(2, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(page)
        self._state.show_content(scroll)

    def _line(self, panel: Panel, title: str, value: str) -> None:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(12, 5, 12, 5)
        row.addWidget(Label(title, theme=self.desk.theme, role="text_2"))
        row.addWidget(Label(value, theme=self.desk.theme, wrap=True), 1)
        panel.body.addWidget(line)

    def _visits(self, card: PatientCard, more: Overview) -> Panel:
        panel = Panel(_("Visits"), theme=self.desk.theme)
        book = Button(_("Book"), theme=self.desk.theme, small=True)
        book.clicked.connect(lambda: self.desk.navigator.book(card.id))
        panel.add_head(book)
        for visit in more.visits:
            what = ", ".join(visit.treatments) if visit.treatments else ""
            words = " · ".join(filter(None, (what, visit.provider, word(visit.status))))
            self._line(panel, self._words.moment(visit.starts_at), words)
        if not more.visits:
            self._line(panel, _("No visit is booked and none was made."), "")
        return panel

    def _contact(self, card: PatientCard) -> Panel:
        panel = Panel(_("Contact"), theme=self.desk.theme)
        phone = show_phone(card.phone) if card.phone else card.no_phone_reason
        for title, value in (
            (_("Phone"), phone),
            (_("E-mail"), card.email or "—"),
            (_("Address"), " ".join(filter(None, (card.address, card.city))) or "—"),
            (_("Guardian"), card.guardian or ""),
        ):
            if value:
                self._line(panel, title, value)
        return panel

    def _account(self, card: PatientCard) -> Panel:
        panel = Panel(_("Account"), theme=self.desk.theme)
        if card.balance is None:
            panel.body.addWidget(
                Label(_("Your roles do not show accounts."), theme=self.desk.theme, role="text_2")
            )
        else:
            amount = Label(self._words.money(card.balance), theme=self.desk.theme, size="figure")
            amount.setContentsMargins(12, 8, 12, 8)
            panel.body.addWidget(amount)
        return panel

    def _family(self, more: Overview) -> Panel:
        panel = Panel(_("Family"), theme=self.desk.theme, note=str(len(more.relatives) or ""))
        for relative in more.relatives:
            line = QWidget()
            row = QHBoxLayout(line)
            row.setContentsMargins(12, 5, 12, 5)
            row.addWidget(
                Avatar(initials(relative.given, relative.family), theme=self.desk.theme, size=28)
            )
            name = full_name(relative.given, relative.family)
            show = Button(name, theme=self.desk.theme, kind="link")
            show.clicked.connect(
                lambda _checked=False, found=relative.id: self.desk.navigator.open_patient(found)
            )
            row.addWidget(show, 1)
            panel.body.addWidget(line)
        if not more.relatives:
            self._line(panel, _("Nobody else of the family is registered."), "")
        return panel

    def _note(self, card: PatientCard) -> Panel:
        panel = Panel(_("Sticky note"), theme=self.desk.theme)
        text = card.sticky_note or _("Nothing is noted.")
        note = Label(
            text, theme=self.desk.theme, wrap=True, role="text" if card.sticky_note else "text_2"
        )
        note.setContentsMargins(12, 8, 12, 8)
        panel.body.addWidget(note)
        return panel
