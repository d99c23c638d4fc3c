"""What an erasure takes and leaves, in sentences."""

from typing import Final

from clinic_desktop.domain.money import format_number
from clinic_desktop.domain.record_words import table_label
from clinic_desktop.i18n import _, language, ngettext
from clinic_desktop.services.erasure.schemas import ErasurePreview
from clinic_desktop.ui.patients.words import Looks

# Tables whose rows are removed, in the order in which they are named. What is not named here stays
# in some form and is told of in stays_words.
GOES: Final = (
    "note", "prescription_item", "patient_alert", "attachment", "document",
)  # fmt: skip


def goes_words(found: ErasurePreview) -> list[str]:
    """Return what is removed, a line each."""
    lines = [
        _("Names, birth date, sex, phone, e-mail, address, sticky note, family and guardian"),
    ]
    if len(found.records) > 1:
        numbers = ", ".join(found.records[1:])
        words = _("The same of the records that were merged into this one: {numbers}")
        lines.append(words.format(numbers=numbers))
    counted = [
        _("{what}: {count}").format(what=table_label(table), count=_figure(found.counts[table]))
        for table in GOES
        if found.counts.get(table)
    ]
    if counted:
        lines.append(" · ".join(counted))
    lines.append(
        _("Remarks and reasons of visits, of the chart and of the ledger; findings on the chart")
    )
    lines.append(_("Everything the change log kept of it. The log stays whole and says “erased”."))
    return lines


def stays_words(found: ErasurePreview, looks: Looks) -> list[str]:
    """Return what stays and until when, a line each."""
    lines = [
        _("The number {number}, shown as “Erased record {number}”").format(number=found.number)
    ]
    if found.invoices:
        until = found.kept_until
        words = ngettext(
            "{count} issued invoice with its buyer and its paper, until {day}",
            "{count} issued invoices with their buyer and their papers, the last until {day}",
            len(found.invoices),
        )
        lines.append(words.format(count=len(found.invoices), day=looks.day(until) if until else ""))
    if found.counts.get("posting"):
        lines.append(_("Charges and payments: amounts, days and what was charged"))
    if found.counts.get("prescription"):
        words = ngettext(
            "The number and day of {count} prescription, without its medicines",
            "The numbers and days of {count} prescriptions, without their medicines",
            found.counts["prescription"],
        )
        lines.append(words.format(count=_figure(found.counts["prescription"])))
    if found.counts.get("appointment"):
        words = ngettext(
            "The time of {count} visit in the calendar",
            "The times of {count} visits in the calendar",
            found.counts["appointment"],
        )
        lines.append(words.format(count=_figure(found.counts["appointment"])))
    if found.shared_files:
        words = ngettext(
            "{count} file that another patient has as well",
            "{count} files that other patients have as well",
            found.shared_files,
        )
        lines.append(words.format(count=_figure(found.shared_files)))
    if found.wards:
        words = ngettext(
            "{count} patient names this one as guardian. Name another guardian there.",
            "{count} patients name this one as guardian. Name another guardian there.",
            found.wards,
        )
        lines.append(words.format(count=_figure(found.wards)))
    lines.append(
        _("Older backups hold the person until they are thinned out; a restore erases them again.")
    )
    return lines


def _figure(count: int) -> str:
    return format_number(count, language())
