"""What is left of an erased record: the invoices that the law keeps, to be shown and printed."""

from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _
from clinic_desktop.services.billing import invoices
from clinic_desktop.services.billing.schemas import InvoiceRow
from clinic_desktop.services.documents import service as documents
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.documents.paper_page import PaperPage
from clinic_desktop.ui.patients.words import Looks
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.panel import StatePanel


class KeptPapers(QWidget):
    """The sentence that says when the record was erased, and a button for each invoice."""

    def __init__(self, desk: Desk, patient_id: UUID, sentence: str) -> None:
        super().__init__()
        self._desk = desk
        self._patient_id = patient_id
        self.papers: list[Button] = []
        self.panel = StatePanel(_("Erased record"), theme=desk.theme)
        self.paper = PaperPage(desk.theme)
        self.paper.left.connect(self._back)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.panel)
        self.pages.addWidget(self.paper)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pages)
        self._sentence = sentence
        self._ask()

    def _ask(self) -> None:
        self.panel.show_loading()
        self._desk.operations.query(
            self,
            lambda ctx: invoices.invoices_of(ctx, self._patient_id),
            self._show,
            failed=lambda error: self.panel.show_failed(str(error), self._ask),
            key="invoices",
        )

    def _show(self, rows: tuple[InvoiceRow, ...]) -> None:
        theme, looks = self._desk.theme, Looks.of(self._desk)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(Label(self._sentence, theme=theme, size="strong", wrap=True))
        words = (
            _("Invoices are kept as the law orders. Nothing is written in this record any more.")
            if rows
            else _("Nothing of it is kept but the number.")
        )
        column.addWidget(Label(words, theme=theme, role="text_2", wrap=True))
        self.papers = []
        for row in rows:
            line = _("Invoice {number} · {day} · {amount}").format(
                number=row.label, day=looks.day(row.issued_on), amount=looks.money(row.total)
            )
            button = Button(line, theme=theme, icon="file-text")
            button.setEnabled(row.document_id is not None)
            if row.document_id is None:
                button.setToolTip(_("Its paper is not kept any more."))
            button.clicked.connect(partial(self._open, row))
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
            self.papers.append(button)
        column.addStretch(1)
        self.panel.show_content(page)

    def _open(self, row: InvoiceRow, _on: bool = False) -> None:
        paper = row.document_id
        if paper is None:
            return
        self._desk.operations.query(
            self,
            lambda ctx: documents.content(ctx, self._patient_id, paper),
            partial(self._show_paper, row.label),
            failed=lambda error: self._desk.messages.warn(str(error)),
            key="paper",
        )

    def _show_paper(self, label: str, data: bytes) -> None:
        try:
            name = _("Invoice {number}").format(number=label)
            self.paper.show_paper(data, name, to_print=False)
        except InvalidError as refused:
            self._desk.messages.refuse(refused)
            return
        self.pages.setCurrentWidget(self.paper)
        self.paper.preview.setFocus()

    @Slot()
    def _back(self) -> None:
        self.pages.setCurrentWidget(self.panel)
