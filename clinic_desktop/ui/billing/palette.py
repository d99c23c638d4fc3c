"""Invoices in the palette, by the number that stands on paper."""

from PySide6.QtCore import QObject

from clinic_desktop.domain.money import format_money
from clinic_desktop.i18n import _
from clinic_desktop.services.billing.finding import FoundInvoice, find_invoices
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screen import PatientInView
from clinic_desktop.ui.shell.registry import Answer, PaletteEntry, Question


class InvoicesInPalette:
    """A palette source for ``#``: opens the ledger on which the invoice stands."""

    place = 15
    prefixes = frozenset({"#"})

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def heading(self, question: Question) -> str:  # noqa: ARG002 - the protocol's signature
        """Return what the lines are."""
        return _("Invoices")

    def ask(self, owner: QObject, question: Question, answer: Answer) -> None:
        """Answer with the invoices of that number."""
        typed = question.text
        if not typed or question.chosen or not self._desk.who.may("billing.read"):
            answer(())
            return
        self._desk.operations.query(
            owner,
            lambda ctx: find_invoices(ctx, typed),
            lambda found: answer([self._entry(one) for one in found]),
            failed=lambda error: answer((), note=str(error)),
            key="palette.invoices",
        )

    def _entry(self, invoice: FoundInvoice) -> PaletteEntry:
        who = self._desk.who
        amount = format_money(invoice.total, who.currency, who.locale)
        return PaletteEntry(
            invoice.label,
            "receipt-text",
            lambda: self._desk.navigator.open_patient(invoice.patient_id, "ledger"),
            detail=f"{invoice.patient} · {amount}",
            patient=PatientInView(invoice.patient_id, invoice.patient),
        )
