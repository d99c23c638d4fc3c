"""The list of a patient's documents: papers the clinic issued and files that were handed in."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import TYPE_CHECKING, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from clinic_desktop.domain.dates import format_date
from clinic_desktop.i18n import N_, _
from clinic_desktop.services.documents.schemas import AttachmentRow, DocumentRow
from clinic_desktop.ui.documents.words import kind_words, size_words
from clinic_desktop.ui.widgets.cells import Cell, name_cell
from clinic_desktop.ui.widgets.rows_model import RowsModel

if TYPE_CHECKING:
    from clinic_desktop.services.context import Who

PAPERS: Final[dict[str, str]] = {
    "invoice": N_("Invoice"),
    "prescription": N_("Prescription"),
    "receipt": N_("Receipt"),
    "day_sheet": N_("Day sheet"),
    "upload": N_("Stored paper"),
}


class Column(IntEnum):
    """The columns of the list."""

    TITLE = 0
    DAY = 1


TITLES: Final = {Column.TITLE: N_("Document"), Column.DAY: N_("Date")}


@dataclass(frozen=True)
class DocumentLine:
    """One line; ``file`` is what was handed in, None for a paper that the clinic issued."""

    id: UUID
    title: str
    kind: str
    at: datetime
    day: str
    size: str
    file: AttachmentRow | None


def lines_of(
    papers: tuple[DocumentRow, ...], found: tuple[AttachmentRow, ...], who: "Who"
) -> tuple[DocumentLine, ...]:
    """Return both kinds as one list, latest first."""
    zone = ZoneInfo(who.zone)

    def day(at: datetime) -> str:
        return format_date(at.astimezone(zone).date(), who.locale)

    lines = [
        DocumentLine(
            paper.id, paper.title, _(PAPERS[paper.kind]), paper.created_at, day(paper.created_at),
            size_words(paper.size, who.locale), None,
        )
        for paper in papers
    ]  # fmt: skip
    for row in found:
        shown = day(row.created_at)
        if row.taken_on is not None:
            shown = format_date(row.taken_on, who.locale)
        size = size_words(row.size, who.locale)
        lines.append(
            DocumentLine(row.id, row.title, kind_words(row.kind), row.created_at, shown, size, row)
        )
    return tuple(sorted(lines, key=lambda line: (line.at, line.id), reverse=True))


def documents_model() -> RowsModel[DocumentLine]:
    """Return the model of the list."""
    return RowsModel(TITLES, _cell, key=lambda line: line.id)


def _cell(line: DocumentLine, column: Column) -> Cell:
    if column == Column.TITLE:
        origin = _("issued here") if line.file is None else _("handed in")
        return name_cell(line.title, f"{line.kind} · {origin}")
    return Cell(line.day, second=line.size, tabular=True)
