"""Changing what everybody must see before touching a patient: add, withdraw, review."""

from typing import Final
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import ClinicError
from clinic_desktop.i18n import N_, _
from clinic_desktop.services import patients
from clinic_desktop.services.patients.alerts import KINDS, NONE_KNOWN, SEVERITIES
from clinic_desktop.services.patients.schemas import AlertRow, NewAlert, PatientCard
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.drafts import DraftKeeper
from clinic_desktop.ui.patients.parts import lay_page
from clinic_desktop.ui.patients.tab import PatientTab
from clinic_desktop.ui.patients.words import Looks, alert_tag
from clinic_desktop.ui.screen import KeyHelp
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.editors import Choice
from clinic_desktop.ui.widgets.fields import Field
from clinic_desktop.ui.widgets.labels import Label, Tag
from clinic_desktop.ui.widgets.line import LineEdit
from clinic_desktop.ui.widgets.panel import Panel
from clinic_desktop.ui.widgets.segmented import Segmented

_WIDEST: Final = 760
# How grave a kind usually is; the person may choose otherwise.
_USUAL: Final = {
    "allergy": "stop",
    "anticoagulant": "stop",
    "condition": "caution",
    "pregnancy": "caution",
    "premedication": "caution",
    "medicine": "context",
    "other": "context",
}
_EXAMPLES: Final = {
    "allergy": N_("Penicillin: rash"),
    "anticoagulant": N_("apixaban 5 mg"),
    "pregnancy": N_("due in June"),
    "premedication": N_("2 g amoxicillin, one hour before"),
}


class AlertsPage(PatientTab):
    """A page of the record, opened by A; the strip above stays in view."""

    uses_letters = True

    closed = Signal()
    changed = Signal()
    """Something was saved here; the card is to be read again."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._id = new_id()
        self._card: PatientCard | None = None
        self._rows: list[QWidget] = []
        self._draft: DraftKeeper | None = None
        self._build()

    def _build(self) -> None:
        theme = self.desk.theme
        panel = Panel(_("Alerts"), theme=theme)
        panel.setMaximumWidth(_WIDEST)
        page = QWidget()
        page.setProperty("kind", "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        self._list = QVBoxLayout()
        self._list.setSpacing(6)
        column.addLayout(self._list)
        column.addLayout(self._form())
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(page)
        panel.body.addWidget(scroll, 1)
        close = Button(_("Close"), theme=theme, key="Esc")
        close.clicked.connect(self.closed)
        self._none = Button(_("No known allergies"), theme=theme, icon="check")
        self._none.clicked.connect(self._none_known)
        reviewed = Button(_("Reviewed now"), theme=theme, icon="badge-check")
        reviewed.clicked.connect(self._reviewed)
        panel.add_foot(close)
        panel.add_foot(QWidget(), 1)
        panel.add_foot(self._none)
        panel.add_foot(reviewed)
        lay_page(self, panel, self.closed.emit)

    def _form(self) -> QGridLayout:
        theme = self.desk.theme
        kinds = [(_(words), kind) for kind, words in KINDS.items() if kind != NONE_KNOWN]
        self.kind = Choice(kinds, theme=theme, value="allergy")
        self.kind.chosen.connect(self._kind_chosen)
        self.severity = Segmented(
            [(_(words), key) for key, words in SEVERITIES.items()], theme=theme, value="stop",
            name=_("How grave"),
        )  # fmt: skip
        self.text = LineEdit(theme=theme)
        self.text.returnPressed.connect(self.do_primary)
        self.field = Field(_("What it is"), self.text, theme=theme, required=True, name="text")
        self.add = Button(_("Add alert"), theme=theme, key="Ctrl+Enter", kind="primary")
        self.add.clicked.connect(self.do_primary)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.addWidget(Field(_("Kind"), self.kind, theme=theme), 0, 0)
        grid.addWidget(Field(_("How grave"), self.severity, theme=theme), 0, 1)
        grid.addWidget(self.field, 1, 0, 1, 2)
        grid.addWidget(self.add, 2, 0, Qt.AlignmentFlag.AlignLeft)
        grid.setColumnStretch(1, 1)
        return grid

    # -- whose ------------------------------------------------------------------------------

    def open(self, patient_id: UUID, card: PatientCard) -> None:
        """Show another record's alerts."""
        if self._draft is not None:
            self._draft.keep_now()
        self._id = new_id()
        self.text.clear()
        self.field.clear()
        self.kind.set_value("allergy")
        self._kind_chosen("allergy")
        self._keep(patient_id)
        super().open(patient_id, card)

    def _keep(self, patient_id: UUID) -> None:
        """Keep what is typed about this patient, and write in what was half-typed."""
        if self._draft is not None:
            self._draft.deleteLater()
        self._draft = DraftKeeper(
            self.desk.drafts, form="alert", key=str(patient_id), read=self._typed, parent=self
        )
        self._draft.follow(self.text, self.kind)
        typed = self._draft.recall()
        if typed is not None:
            self.kind.set_value(typed["kind"])
            self._kind_chosen(typed["kind"])
            self.severity.set_value(typed["severity"])
            self.text.setText(typed["text"])

    def _typed(self) -> dict[str, str]:
        return {
            "kind": str(self.kind.value()),
            "severity": str(self.severity.value()),
            "text": self.text.text(),
        }

    def card_changed(self, card: PatientCard) -> None:
        """Show the alerts in force."""
        self._card = card
        for row in self._rows:
            row.hide()
            row.deleteLater()
        looks = Looks.of(self.desk)
        self._rows = [self._row(alert, looks) for alert in card.alerts]
        for row in self._rows:
            self._list.addWidget(row)
        known = any(alert.kind in ("allergy", NONE_KNOWN) for alert in card.alerts)
        self._none.setVisible(not known)

    def _row(self, alert: AlertRow, looks: Looks) -> QWidget:
        theme = self.desk.theme
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        spec = alert_tag(alert, looks)
        row.addWidget(Tag(spec.kind, spec.icon, spec.text, theme=theme))
        since = _("since {day}").format(day=looks.day(alert.noted_on))
        row.addWidget(Label(since, theme=theme, size="small", role="text_2", tabular=True), 1)
        withdraw = Button(_("Withdraw"), theme=theme, kind="quiet", small=True)
        withdraw.clicked.connect(lambda: self._withdraw(alert))
        row.addWidget(withdraw)
        return line

    def _kind_chosen(self, kind: object) -> None:
        self.severity.set_value(_USUAL[str(kind)])
        example = _EXAMPLES.get(str(kind), "")
        self.text.setPlaceholderText(_(example) if example else "")

    # -- acts -------------------------------------------------------------------------------

    def do_primary(self) -> None:
        """Record what is typed."""
        if self.patient_id is None or not self.field.validate():
            return
        new = NewAlert(
            id=self._id,
            patient_id=self.patient_id,
            kind=self.kind.value(),
            severity=self.severity.value(),
            text=self.text.text(),
        )
        self._record(new, _("The alert is recorded."))

    def _none_known(self) -> None:
        if self.patient_id is not None:
            new = NewAlert(id=self._id, patient_id=self.patient_id, kind=NONE_KNOWN)
            self._record(new, _("Recorded: no known allergies."))

    def _record(self, new: NewAlert, words: str) -> None:
        self.add.setEnabled(False)
        operations = self.desk.operations

        def undo() -> None:
            operations.change(self.window(), lambda ctx: patients.withdraw_alert(ctx, new.id, 1))

        def done(_made: bool) -> None:
            self.add.setEnabled(True)
            self._id = new_id()
            self.text.clear()
            if self._draft is not None:
                self._draft.forget()
            self.desk.messages.undoable(words, undo)
            self.changed.emit()

        self.desk.operations.change(
            self, lambda ctx: patients.add_alert(ctx, new), done, failed=self._refused
        )

    def _withdraw(self, alert: AlertRow) -> None:
        patient_id, operations = self.patient_id, self.desk.operations
        if patient_id is None:
            return
        again = NewAlert(
            id=new_id(),
            patient_id=patient_id,
            kind=alert.kind,
            severity=alert.severity,
            text=alert.text,
            substance=alert.substance,
            noted_on=alert.noted_on,
        )

        def undo() -> None:
            operations.change(self.window(), lambda ctx: patients.add_alert(ctx, again))

        def done(_none: None) -> None:
            self.desk.messages.undoable(_("The alert is withdrawn."), undo)
            self.changed.emit()

        operations.change(
            self,
            lambda ctx: patients.withdraw_alert(ctx, alert.id, alert.version),
            done,
            failed=self._refused,
        )

    def _reviewed(self) -> None:
        patient_id = self.patient_id
        if patient_id is None:
            return

        def done(_version: int) -> None:
            self.desk.messages.say(_("The alerts are reviewed."), "badge-check")
            self.changed.emit()

        self.desk.operations.change(
            self, lambda ctx: patients.review_alerts(ctx, patient_id), done, failed=self._refused
        )

    def _refused(self, error: Exception) -> None:
        self.add.setEnabled(True)
        if isinstance(error, ClinicError) and error.field == "text":
            self.field.show_error(str(error))
            self.text.setFocus()
        else:
            self.desk.messages.warn(str(error))

    # -- what the record asks ---------------------------------------------------------------

    def start_focus(self) -> None:
        """Begin where the words are typed."""
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def keys(self) -> list[KeyHelp]:
        """Return the keys of the page."""
        return [KeyHelp("Ctrl+Enter", _("add")), KeyHelp("Esc", _("back to the record"))]
