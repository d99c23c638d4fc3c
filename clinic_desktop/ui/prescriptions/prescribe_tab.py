"""Prescribing: one line, cards, what is known of safety, signed and printed with one key."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtCore import QModelIndex, Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from clinic_desktop.documents.of_prescription import prescription_paper
from clinic_desktop.domain.births import age_in_years
from clinic_desktop.domain.regimens import usual
from clinic_desktop.errors import InvalidError, StaleError
from clinic_desktop.i18n import N_, _
from clinic_desktop.services.context import Context
from clinic_desktop.services.patients import open_patient
from clinic_desktop.services.patients.schemas import PatientCard
from clinic_desktop.services.prescriptions import service as prescriptions
from clinic_desktop.services.prescriptions.schemas import NewPrescription, PrescriptionRow
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.documents.paper_page import PaperPage
from clinic_desktop.ui.keymap.binding import bind_within
from clinic_desktop.ui.prescriptions.drafting import FORM
from clinic_desktop.ui.prescriptions.lists import before_model, numbered, usual_model
from clinic_desktop.ui.prescriptions.safety import SafetyPanel
from clinic_desktop.ui.prescriptions.writing import Writing
from clinic_desktop.ui.screen import KeyHelp, Screen
from clinic_desktop.ui.widgets.panel import Panel, StatePanel
from clinic_desktop.ui.widgets.rows_model import keep_place
from clinic_desktop.ui.widgets.scroll import scrolled
from clinic_desktop.ui.widgets.side import SideSplit
from clinic_desktop.ui.widgets.table import TableView


@dataclass(frozen=True)
class Record:
    """What one question brings: the patient, and what was prescribed before."""

    card: PatientCard
    before: tuple[PrescriptionRow, ...]


class PrescribeTab(Screen):
    """The tab Prescribe of a patient's record; a paper takes its place until Esc."""

    title = N_("Prescribe")
    topics = frozenset({"prescription", "patient_alert", "patient"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._patient: UUID | None = None
        self._begun: UUID | None = None
        self._focus_wanted = False
        who = desk.who
        self._may = who.may("prescriptions.write") and who.provider_id is not None
        self.usual = usual_model()
        self.before = before_model(who)
        self.paper = PaperPage(desk.theme)
        self.safety = SafetyPanel(desk.theme, who.locale)
        self.writing = Writing(desk, self.safety, may=self._may)
        self._lay_out()
        self._connect()

    # -- building ---------------------------------------------------------------------------

    def _lay_out(self) -> None:
        theme = self.desk.theme
        self.usual_table = self._list(_("Usual medicines"), "prescribe.usual")
        self.usual_table.setModel(self.usual)
        self.before_table = self._list(_("Prescribed before"), "prescribe.before")
        self.before_table.setModel(self.before)
        usual_panel = Panel(_("Usual"), theme=theme)
        usual_panel.body.addWidget(self.usual_table)
        if not self._may:
            usual_panel.hide()
        self.before_panel = StatePanel(_("Before"), theme=theme)
        left = QWidget()
        left.setFixedWidth(230)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(usual_panel, 3)
        column.addWidget(self.before_panel, 2)
        work = QWidget()
        row = QHBoxLayout(work)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(left)
        row.addWidget(scrolled(self.writing), 1)
        self.split = SideSplit(work, self.safety, theme=theme, width=360, gutter=12)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.split)
        self.pages.addWidget(self.paper)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 16, 16, 16)
        whole.addWidget(self.pages)

    def _list(self, name: str, object_name: str) -> TableView:
        table = TableView(theme=self.desk.theme, two_lines=True, name=name)
        table.setObjectName(object_name)
        table.setProperty("keys_area", name)
        table.horizontalHeader().hide()
        return table

    def _connect(self) -> None:
        self.writing.wanted.connect(self._sign)
        self.usual_table.opened.connect(self.writing.take_row)
        self.usual_table.clicked.connect(self.writing.take_row)
        self.before_table.opened.connect(self._open_before)
        self.paper.left.connect(self._back)
        bind_within(self, "Alt+A", self.writing.take_instead)

    # -- loading ----------------------------------------------------------------------------

    def open(self, patient_id: UUID) -> None:
        """Show another patient."""
        if patient_id != self._patient:
            self._leave_patient()
            self._patient = patient_id
        self.refresh()

    def _leave_patient(self) -> None:
        self.writing.leave()
        self._begun = None
        self.paper.close_paper()
        self.before.set_rows(())

    def reload(self) -> None:
        """Ask what is known of the patient; the prescription being written stays."""
        patient_id = self._patient
        if patient_id is None:
            return
        self.before_panel.show_loading(_("Asking what was prescribed…"))

        def call(ctx: Context) -> Record:
            return Record(
                open_patient(ctx, patient_id, access="refresh"),
                prescriptions.prescriptions_of(ctx, patient_id),
            )

        self.desk.operations.query(self, call, self._show, failed=self._failed, key="record")

    def _failed(self, error: Exception) -> None:
        self.before_panel.show_failed(str(error), self.reload)

    def _show(self, record: Record) -> None:
        if record.card.id != self._patient:
            return
        born = record.card.born
        today = self.desk.operations.now().astimezone(ZoneInfo(self.desk.who.zone)).date()
        age = None if born is None else age_in_years(born, today)
        self.usual.set_rows(numbered(usual(age)))
        self.usual_table.fit_columns(stretch=0)
        self.safety.set_alerts(record.card.alerts)
        if record.before:
            keep_place(self.before_table, self.before, record.before)
            self.before_table.fit_columns(stretch=0)
            self.before_panel.show_content(self.before_table)
        else:
            self.before.set_rows(())
            self.before_panel.show_empty(_("Nothing was prescribed here yet."))
        self._begun = self._patient
        self.writing.begin(record.card.id, age)
        if self._focus_wanted:
            self.start_focus()

    # -- signing and printing ---------------------------------------------------------------

    def do_primary(self) -> None:
        """Sign in one's own name and print."""
        if self.pages.currentWidget() is not self.paper:
            self.writing.ask()

    def _sign(self, new: NewPrescription) -> None:
        self.desk.operations.change(
            self,
            lambda ctx: prescriptions.issue(ctx, new),
            self._signed,
            failed=self._not_signed,
        )

    def _signed(self, row: PrescriptionRow) -> None:
        self.desk.messages.say(_("Prescription {number} is signed.").format(number=row.label))
        if row.patient_id != self._patient:
            # Somebody else's record was opened meanwhile: what was kept of this one is done.
            self.desk.drafts.forget(FORM, str(row.patient_id))
            return
        self.writing.signed()
        self.refresh()
        self.open_paper(row, to_print=True)

    def _not_signed(self, error: Exception) -> None:
        self.writing.refused(error)
        if getattr(error, "field", None) == "override":
            # The allergy was recorded meanwhile on another computer.
            self.refresh()

    def open_paper(self, row: PrescriptionRow, *, to_print: bool = False) -> None:
        """Show a prescription's paper: the one stored, drawn only when there is none yet."""
        self._draw(row, to_print=to_print, again=True)

    def _draw(self, row: PrescriptionRow, *, to_print: bool, again: bool) -> None:
        def failed(error: Exception) -> None:
            if isinstance(error, StaleError) and again:
                self._draw(row, to_print=to_print, again=False)
                return
            self.desk.messages.warn(
                _("Prescription {number} has no paper yet. {reason}").format(
                    number=row.label, reason=error
                )
            )

        self.desk.operations.change(
            self,
            lambda ctx: prescription_paper(ctx, row.patient_id, row.id),
            partial(self._show_paper, row, to_print),
            failed=failed,
        )

    def _show_paper(self, row: PrescriptionRow, to_print: bool, data: bytes) -> None:
        if row.patient_id != self._patient:
            return
        self.pages.setCurrentWidget(self.paper)
        name = _("Prescription {number}").format(number=row.label)
        try:
            self.paper.show_paper(data, name, to_print=to_print)
        except InvalidError as refused:
            self._back()
            self.desk.messages.refuse(refused)

    @Slot()
    def _back(self) -> None:
        if self.pages.currentWidget() is self.paper:
            self.pages.setCurrentWidget(self.split)
            self.start_focus()

    @Slot(QModelIndex)
    def _open_before(self, index: QModelIndex) -> None:
        row = self.before.row(index.row())
        if row is not None:
            self.open_paper(row)

    # -- what the window asks ---------------------------------------------------------------

    def start_focus(self) -> None:
        """Begin in the entry line."""
        self._focus_wanted = self._begun is None or self._begun != self._patient
        if self.pages.currentWidget() is self.paper:
            self.paper.preview.setFocus()
        elif self._may:
            self.writing.entry.setFocus()
        else:
            self.before_table.setFocus()

    def panes(self) -> list[QWidget]:
        """Return the entry line, the cards, the safety panel and the lists."""
        if self.pages.currentWidget() is self.paper:
            return [self.paper.preview]
        lists: list[QWidget] = [self.usual_table, self.before_table]
        work: list[QWidget] = [self.writing.entry] if self._may else []
        if self.safety.stop.isVisible():
            work.append(self.safety.reason)
        return [*work, *lists]

    def keys(self) -> list[KeyHelp]:
        """Return the keys of the prescription."""
        if self.pages.currentWidget() is self.paper:
            return [
                KeyHelp("Ctrl+P", _("print")),
                KeyHelp("Ctrl+S", _("save as PDF")),
                KeyHelp("Esc", _("back to the prescription")),
            ]
        before = KeyHelp("Enter", _("show the paper"), _("Prescribed before"))
        if not self._may:
            return [before]
        return [
            KeyHelp("1–6 Enter", _("a usual one")),
            KeyHelp("Alt+A", _("take the alternative")),
            KeyHelp("Ctrl+Enter", _("sign and print")),
            KeyHelp("Del", _("remove the item"), _("Item")),
            before,
        ]

    def print_current(self) -> None:
        """Print the paper that is shown, or the earlier prescription that is chosen."""
        if self.pages.currentWidget() is self.paper:
            self.paper.preview.print_paper()
            return
        row = self.before.row(self.before_table.current_row().row())
        if row is not None:
            self.open_paper(row, to_print=True)
        else:
            self.desk.messages.say(_("Choose an earlier prescription to print it again."), "info")

    def save_now(self) -> None:
        """Keep the paper as a file, or the half-written prescription as a draft."""
        if self.pages.currentWidget() is self.paper:
            self.paper.preview.save_paper()
        else:
            self.leaving()

    def toggle_side(self) -> None:
        """Show or hide the safety panel."""
        self.split.toggle()

    def leaving(self) -> None:
        """Keep what is half-written."""
        self._focus_wanted = False
        self.writing.keep()
