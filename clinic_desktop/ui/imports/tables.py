"""The tables of an import: columns of the file, what is wrong in it, runs of the past."""

from dataclasses import dataclass
from enum import IntEnum
from zoneinfo import ZoneInfo

from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.money import format_number
from clinic_desktop.domain.times import format_time
from clinic_desktop.i18n import N_, _, ngettext
from clinic_desktop.services.imports.schemas import ColumnSeen, Known, Problem, Report, RunRow
from clinic_desktop.services.imports.targets import TARGETS
from clinic_desktop.services.patients.duplicates import REASONS
from clinic_desktop.ui.widgets.cells import Cell, name_cell, none_cell, quiet, tag_cell
from clinic_desktop.ui.widgets.rows_model import RowsModel


class MapColumn(IntEnum):
    """What is told about a column of the file."""

    HEADER = 0
    SAMPLES = 1
    FIELD = 2
    STATE = 3


class RowColumn(IntEnum):
    """What is told about a row of the file."""

    ROW = 0
    WHERE = 1
    WORDS = 2
    STATE = 3


class RunColumn(IntEnum):
    """What is told about a run of the past."""

    WHEN = 0
    FILE = 1
    ADDED = 2
    OTHERS = 3
    STATE = 4


@dataclass(frozen=True)
class ColumnRow:
    """A column of the file with the kind of record that it is read as."""

    kind: str
    seen: ColumnSeen


@dataclass(frozen=True)
class RowTold:
    """A row of the file and what there is to say about it; ``state`` is the tag's kind."""

    number: int
    place: int
    where: str
    words: str
    state: str


def column_model() -> RowsModel[ColumnRow]:
    """Return the model of the columns."""
    return RowsModel(
        {
            MapColumn.HEADER: N_("Column of the file"),
            MapColumn.SAMPLES: N_("For example"),
            MapColumn.FIELD: N_("Becomes"),
            MapColumn.STATE: N_("How sure"),
        },
        _column_cell,
        key=lambda row: row.seen.column,
    )


def field_words(kind: str, field: str, person: int) -> str:
    """Return the words for a field, of which member of the row."""
    words = _(TARGETS[kind].labels[field])
    if person:
        return _("{field} of child {number}").format(field=words, number=person)
    return words


def _column_cell(row: ColumnRow, column: MapColumn) -> Cell:
    seen = row.seen
    if column == MapColumn.HEADER:
        place = _("Column {number}").format(number=seen.column + 1)
        return name_cell(seen.header or place)
    if column == MapColumn.SAMPLES:
        if not seen.samples:
            return quiet(Cell(_("empty")))
        return Cell(" · ".join(" ".join(text.split())[:40] for text in seen.samples), role="text_2")
    if column == MapColumn.FIELD:
        if not seen.field:
            return quiet(Cell(_("is left out")))
        return Cell(field_words(row.kind, seen.field, seen.person))
    return _sureness(seen)


def _sureness(seen: ColumnSeen) -> Cell:
    if seen.note:
        return tag_cell("warning", _("Doubt"), "triangle-alert")
    if not seen.field:
        return none_cell()
    if seen.confidence == "sure":
        return tag_cell("soft", _("Sure"), "check")
    return tag_cell("plain", _("Guess"), "circle-help")


def row_model() -> RowsModel[RowTold]:
    """Return the model of the rows."""
    return RowsModel(
        {
            RowColumn.ROW: N_("Row"),
            RowColumn.WHERE: N_("Column or name"),
            RowColumn.WORDS: N_("What there is to say"),
            RowColumn.STATE: N_("What becomes of it"),
        },
        _row_cell,
        key=lambda row: (row.number, row.place),
        right=frozenset({RowColumn.ROW}),
    )


def _row_cell(row: RowTold, column: RowColumn) -> Cell:
    if column == RowColumn.ROW:
        return Cell(str(row.number), tabular=True, right=True, role="text_2")
    if column == RowColumn.WHERE:
        return Cell(row.where)
    if column == RowColumn.WORDS:
        return Cell(row.words, role="text_2")
    return {
        "refused": tag_cell("danger", _("Left out"), "x"),
        "doubt": tag_cell("warning", _("Taken, look at it"), "triangle-alert"),
        "known": tag_cell("plain", _("Known already"), "users"),
        "added": tag_cell("soft", _("Taken"), "check"),
    }[row.state]


def rows_told(report: Report, which: str) -> tuple[RowTold, ...]:
    """Return the rows of a report: its problems, the known ones, or the first that are taken."""
    if which == "known":
        return tuple(_of_known(n, one) for n, one in enumerate(report.duplicates))
    if which == "first":
        return tuple(
            RowTold(number, n, cells[0], " · ".join(cells[1:]), "added")
            for n, (number, cells) in enumerate(report.first)
        )
    return tuple(_of_problem(n, one) for n, one in enumerate(report.problems))


def _of_problem(place: int, one: Problem) -> RowTold:
    state = "refused" if one.refused else "doubt"
    return RowTold(one.row, place, one.header or "—", one.sentence, state)


def _of_known(place: int, one: Known) -> RowTold:
    reasons = ", ".join(_(REASONS[reason]) for reason in one.reasons)
    words = f"{one.there} · {reasons}" if reasons else one.there
    return RowTold(one.row, place, one.name, words, "known")


def run_model(locale: str, zone: ZoneInfo) -> RowsModel[RunRow]:
    """Return the model of the runs of the past, in the clinic's time."""

    def cell(row: RunRow, column: RunColumn) -> Cell:
        if column == RunColumn.WHEN:
            at = row.created_at.astimezone(zone)
            day = format_date(at.date(), locale)
            return Cell(f"{day}, {format_time(at.time())}", after=f" · {row.by}", tabular=True)
        if column == RunColumn.FILE:
            return Cell(row.file_name, after=f" · {_(TARGETS[row.kind].title)}")
        if column == RunColumn.ADDED:
            return Cell(format_number(row.added, locale), tabular=True, right=True)
        if column == RunColumn.OTHERS:
            known = _("{count} known").format(count=format_number(row.known, locale))
            out = _("{count} left out").format(count=format_number(row.refused, locale))
            return Cell(f"{known}, {out}", role="text_2", tabular=True)
        return _state_of(row)

    return RowsModel(
        {
            RunColumn.WHEN: N_("When and who"),
            RunColumn.FILE: N_("File"),
            RunColumn.ADDED: N_("Added"),
            RunColumn.OTHERS: N_("Others"),
            RunColumn.STATE: N_("State"),
        },
        cell,
        key=lambda row: row.id,
        right=frozenset({RunColumn.ADDED}),
    )


def _state_of(row: RunRow) -> Cell:
    if row.state == "done":
        return tag_cell("soft", _("In the records"), "check")
    if row.kept:
        words = ngettext("Undone, {count} stayed", "Undone, {count} stayed", row.kept)
        return tag_cell("plain", words.format(count=row.kept), "undo-2")
    return tag_cell("plain", _("Undone"), "undo-2")
