"""The audit log of a period on paper and as a file for spreadsheets."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from clinic_desktop.documents import pdf
from clinic_desktop.documents.blocks import joined
from clinic_desktop.documents.fonts import MAKING
from clinic_desktop.documents.formats import Formats
from clinic_desktop.documents.page import BODY, MM, SMALL, TITLE, Sheet, frame
from clinic_desktop.documents.papers import ClinicHead
from clinic_desktop.documents.table import Column, Table
from clinic_desktop.documents.text import wrap
from clinic_desktop.domain.record_words import (
    access_label,
    change_label,
    field_label,
    table_label,
)
from clinic_desktop.i18n import N_, _, ngettext
from clinic_desktop.services.audit.schemas import AuditFilter, AuditRow

_HEADS: Final = (
    (N_("When"), 30),
    (N_("Who"), 38),
    (N_("PC"), 24),
    (N_("Action"), 26),
    (N_("What"), 34),
    (N_("Patient"), 46),
    (N_("Fields"), 0),
)
# A spreadsheet takes a cell that begins so for a formula, and runs it.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def render_audit(
    head: ClinicHead, asked: AuditFilter, rows: Sequence[AuditRow], *, made_at: datetime, by: str
) -> bytes:
    """Return the PDF of a period, lying. Raises SetupError where the fonts are missing."""
    with MAKING:
        formats = Formats(head)
        made = _("Made {moment} by {name}").format(moment=formats.date_and_time(made_at), name=by)
        foot = joined([_("Contains patient data"), head.name, made])
        sheet = Sheet(frame(head.paper, landscape=True), foot=foot, on_turn=_nothing)
        title = _("Audit: changes") if asked.source == "changes" else _("Audit: opened records")
        sheet.y = sheet.put(title, TITLE) + 1 * MM
        sheet.y = sheet.put(_period(asked, rows, formats), SMALL) + 3 * MM
        _table(sheet, formats, asked, rows)
        if not rows:
            sheet.y = sheet.put(_("There is no entry of this kind."), BODY)
        sheet.finish()
        return pdf.make(
            sheet.pages,
            (sheet.frame.width, sheet.frame.height),
            title=title,
            author=head.name,
            made=made_at,
        )


def _nothing() -> None:
    """Write nothing on the top of later pages: the table repeats its head there."""


def _period(asked: AuditFilter, rows: Sequence[AuditRow], formats: Formats) -> str:
    count = ngettext("{count} entry", "{count} entries", len(rows)).format(count=len(rows))
    since = formats.date_and_time(asked.since) if asked.since is not None else _("the beginning")
    until = formats.date_and_time(asked.until) if asked.until is not None else _("now")
    words = _("{count}, from {since} to {until}").format(count=count, since=since, until=until)
    chosen = (asked.login, asked.device, asked.what and table_label(asked.what))
    return joined([words, *(word for word in chosen if word)])


def _table(sheet: Sheet, formats: Formats, asked: AuditFilter, rows: Sequence[AuditRow]) -> None:
    columns, x = [], sheet.frame.left
    for name, millimetres in _HEADS:
        width = millimetres * MM if millimetres else sheet.frame.right - x
        columns.append(Column(_(name), x, width - 2 * MM))
        x += width
    table = Table(sheet, columns)
    table.head()
    for row in rows:
        cells = (formats.date_and_time(row.at), *_words(asked, row))
        table.row(
            [wrap(words, SMALL, column.width) for words, column in zip(cells, columns, strict=True)]
        )


def _words(asked: AuditFilter, row: AuditRow) -> tuple[str, str, str, str, str, str]:
    label = change_label if asked.source == "changes" else access_label
    patient = row.patient or (_("not shown") if row.patient_id is not None else "")
    if row.number:
        patient = _("{name}, No. {number}").format(name=patient, number=row.number)
    fields = ", ".join(dict.fromkeys(field_label(name) for name in row.fields))
    return (row.who, row.device, label(row.action), table_label(row.what), patient, fields)


def audit_csv(asked: AuditFilter, rows: Sequence[AuditRow]) -> bytes:
    """Return the entries as CSV in UTF-8 with a mark, which spreadsheets need to tell it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_(name) for name, _width in _HEADS])
    for row in rows:
        cells = (row.at.isoformat(timespec="seconds"), *_words(asked, row))
        writer.writerow([safe_cell(cell) for cell in cells])
    return out.getvalue().encode("utf-8-sig")


def safe_cell(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
