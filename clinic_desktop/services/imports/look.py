"""Looking at a file before anything is imported: form, header, what each column probably is."""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Final

from clinic_desktop.domain.dates import order_of
from clinic_desktop.domain.imported.amounts import guess_mark
from clinic_desktop.domain.imported.dates import guess_style
from clinic_desktop.domain.imported.headers import (
    NONE,
    SURE,
    Guess,
    cores_of,
    guess_field,
    looks_like_header,
)
from clinic_desktop.domain.imported.lines import is_blank, is_total
from clinic_desktop.domain.imported.people import guess_sex_codes
from clinic_desktop.domain.money import to_decimal
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _, ngettext
from clinic_desktop.services.context import Context
from clinic_desktop.services.imports.files import fingerprint, form_of, rows_of
from clinic_desktop.services.imports.schemas import ColumnSeen, Kind, Looked, MappedColumn
from clinic_desktop.services.imports.targets import TARGETS, Target
from clinic_desktop.services.imports.workbooks import sheets_of

_SEARCHED_FOR_HEADER: Final = 15
_SAMPLED: Final = 5_000
_SAMPLES: Final = 3
_PREVIEWED: Final = 20

Rows = Sequence[tuple[int, list[str]]]


def look(
    ctx: Context,
    path: str,
    *,
    kind: Kind | None = None,
    sheet: str | None = None,
    chosen: tuple[MappedColumn, ...] | None = None,
) -> Looked:
    """Return what a file holds and what its columns probably are; nothing is stored.

    ``kind`` is guessed from the headers when it is not given, and so is what each column is unless
    ``chosen`` says it. Raises InvalidError with a sentence
    for a file that is no table.
    """
    ctx.need(Permission.SETTINGS_WRITE)
    file = Path(path)
    form = form_of(file)
    sheets = sheets_of(file) if form.kind == "xlsx" else ()
    tab = sheet if sheet in sheets else (sheets[0] if sheets else None)
    rows = list(islice(rows_of(file, form, sheet=tab), _SAMPLED))
    header_row, headers = _header(rows)
    body = [row for row in rows if row[0] > header_row and not is_blank(row[1])]
    body = [row for row in body if not is_total(row[1])]
    target = TARGETS[kind] if kind is not None else _kind(headers)
    fp = fingerprint(file)
    return Looked(
        path=path,
        name=file.name,
        size=fp.size,
        lines=fp.lines if form.kind == "csv" else len(rows),
        form=form.kind,
        encoding=form.encoding,
        delimiter=form.delimiter,
        sheets=sheets,
        sheet=tab,
        kind=target.kind,
        header_row=header_row,
        columns=tuple(_columns(ctx, target, headers, body, chosen)),
        preview=tuple((number, tuple(cells)) for number, cells in body[:_PREVIEWED]),
    )


def _header(rows: Rows) -> tuple[int, list[str]]:
    """Return the row that names the columns: above it stand titles, below it the records."""
    known = frozenset().union(*(cores_of(target.aliases) for target in TARGETS.values()))
    filled = [(number, cells) for number, cells in rows if not is_blank(cells)]
    if not filled:
        raise InvalidError(_("This file holds no rows."))
    candidates = filled[:_SEARCHED_FOR_HEADER]
    scores = [looks_like_header(cells, known) for _number, cells in candidates]
    best = max(range(len(candidates)), key=lambda place: (scores[place], -place))
    if scores[best] < 2:
        widest = max(sum(1 for cell in cells if cell.strip()) for _number, cells in candidates)
        best = next(
            place
            for place, (_number, cells) in enumerate(candidates)
            if sum(1 for cell in cells if cell.strip()) == widest
        )
    number, cells = candidates[best]
    return number, list(cells)


def _kind(headers: Sequence[str]) -> Target:
    """Return the kind of record whose fields the headers name most surely; patients in doubt."""

    def score(target: Target) -> tuple[int, int]:
        guesses = [guess_field(header, (), target.aliases, by_value=False) for header in headers]
        sure = {one.field for one in guesses if one.confidence == "sure"}
        met = all(sure & set(needed) for needed in target.needs)
        return int(met), len(sure)

    return max(TARGETS.values(), key=score)


def _columns(
    ctx: Context,
    target: Target,
    headers: Sequence[str],
    body: Rows,
    chosen: tuple[MappedColumn, ...] | None,
) -> list[ColumnSeen]:
    width = max([len(headers), *(len(cells) for _number, cells in body)])
    values = [
        [cells[place] for _number, cells in body if place < len(cells) and cells[place].strip()]
        for place in range(width)
    ]
    names = [headers[place] if place < len(headers) else "" for place in range(width)]
    said = {one.column: one for one in chosen or ()}
    if chosen is None:
        guesses = [
            guess_field(names[place], values[place][:50], target.aliases, by_value=True)
            for place in range(width)
        ]
        guesses = _whole_or_first(_each_once(guesses))
    else:
        guesses = [
            Guess(said[place].field, said[place].person, SURE) if place in said else Guess()
            for place in range(width)
        ]
    found: list[ColumnSeen] = []
    for place, guess in enumerate(guesses):
        style, note = style_of(ctx, target, guess.field, values[place])
        if place in said and said[place].style:
            style, note = said[place].style, ""
        found.append(
            ColumnSeen(
                column=place,
                header=names[place].strip(),
                samples=tuple(dict.fromkeys(values[place]))[:_SAMPLES],
                field=guess.field,
                person=guess.person,
                confidence=guess.confidence,
                style=style,
                note=note,
            )
        )
    return found


def _each_once(guesses: Sequence[Guess]) -> list[Guess]:
    """Return the guesses with each field given to one column only: the surest, then the first."""
    taken: dict[tuple[str, int], int] = {}
    for place, guess in enumerate(guesses):
        key = (guess.field, guess.person)
        if not guess.field:
            continue
        held = taken.get(key)
        if held is None or (guess.confidence == "sure" != guesses[held].confidence):
            taken[key] = place
    keep = set(taken.values())
    return [guess if place in keep else Guess("", 0, NONE) for place, guess in enumerate(guesses)]


def _whole_or_first(guesses: list[Guess]) -> list[Guess]:
    """Return the guesses with "name" and "nombre" read by whether there is a family's column."""
    fields = {(guess.field, guess.person) for guess in guesses}
    renamed: list[Guess] = []
    for guess in guesses:
        field, apart = guess.field, ("family", guess.person) in fields
        if field == "name" and apart and ("given", guess.person) not in fields:
            field = "given"
        elif field == "given" and not apart and ("name", guess.person) not in fields:
            field = "name"
        renamed.append(Guess(field, guess.person, guess.confidence))
    return renamed


def style_of(ctx: Context, target: Target, field: str, values: Sequence[str]) -> tuple[str, str]:
    """Return how a column writes, and a sentence where that is in doubt."""
    if field in target.dates:
        return _date_style(ctx, values)
    if field in target.amounts:
        usual = "," if _writes_comma(ctx) else "."
        return guess_mark(values, usual), ""
    if field in target.sexes:
        codes = guess_sex_codes(values)
        lone = any(value.strip(" .").casefold() == "m" for value in values)
        note = _("M may be male or mujer: nothing in this column tells.")
        return codes.m or "", note if lone and codes.m is None else ""
    return "", ""


def _date_style(ctx: Context, values: Sequence[str]) -> tuple[str, str]:
    style = guess_style(values, order_of(ctx.who.locale))
    if style.mixed:
        return style.order, ngettext(
            "Both orders of day and month are used; {count} date can be read either way.",
            "Both orders of day and month are used; {count} dates can be read either way.",
            style.ambiguous,
        ).format(count=style.ambiguous)
    if style.ambiguous:
        return style.order, ngettext(
            "{count} date can be read either way, and no other tells which.",
            "{count} dates can be read either way, and no other tells which.",
            style.ambiguous,
        ).format(count=style.ambiguous)
    return style.order, ""


def _writes_comma(ctx: Context) -> bool:
    from babel.numbers import format_decimal

    return "," in str(format_decimal(to_decimal(150, "EUR"), locale=ctx.who.locale))
