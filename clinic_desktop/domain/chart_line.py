"""The typed entry line of the tooth chart: ``[status] teeth [surfaces] what [details] [@day]``.

Several entries stand in one line with ; between them: ``36 mod comp; 37 o seal``. Reading never
fails: what cannot be read comes back with a sentence saying which word and why.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, NamedTuple

from clinic_desktop.domain.chart_checks import title
from clinic_desktop.domain.chart_details import detail_words, rest_of_detail
from clinic_desktop.domain.chart_reading import badness, readings, understand
from clinic_desktop.domain.chart_ways import Problem, Reader, Reading
from clinic_desktop.domain.chart_words import OWN_WORK, PER_TOOTH, TREATMENTS, Entry, Lexicon
from clinic_desktop.domain.dates import format_date, parse_date
from clinic_desktop.domain.teeth.chart import STATUS_LETTERS, ChartMark, MarkStatus
from clinic_desktop.domain.teeth.numbering import Notation, tooth, written
from clinic_desktop.domain.teeth.surfaces import letters
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _, ngettext

__all__ = ["ChartLine", "Parsed", "Problem", "Tag", "format_line", "parse", "teeth_text"]

_LETTERS: Final = {status: letter for letter, status in STATUS_LETTERS.items()}
_TAG_TEETH: Final = 4
_BETWEEN: Final = ";"
_DAY: Final = re.compile(r"(?:^|\s)(@\S*)\s*$")
_WHOLE_DAY: Final = 9
_EARLIEST: Final = date(1900, 1, 1)


class Tag(NamedTuple):
    """A recognised part: status, teeth, surfaces, what or detail; the span is of the text."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ChartLine:
    """What a finished line says. An empty ``teeth`` is the mouth as a whole."""

    status: MarkStatus
    teeth: tuple[int, ...]
    surfaces: str
    code: str
    detail: str = ""
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """What was understood so far.

    ``completion`` is shown in grey behind the text. ``problem`` is None when the line can be
    added; ``unfinished`` says that typing on may solve it, so that it is not shown before Enter.
    ``choices`` are the other things the last word can mean, best first. Of a line with several
    entries it is the last one; ``before`` are those before it, ``prefix`` is their text.
    """

    text: str
    status: MarkStatus
    teeth: tuple[int, ...] = ()
    surfaces: str = ""
    detail: str = ""
    entry: Entry | None = None
    choices: tuple[Entry, ...] = ()
    tags: tuple[Tag, ...] = ()
    completion: str = ""
    problem: Problem | None = None
    unfinished: bool = False
    since: date | None = None
    before: "tuple[Parsed, ...]" = ()
    prefix: str = ""

    def each(self) -> "tuple[Parsed, ...]":
        """Return the entries of the line in their order, this one last."""
        return (*self.before, self)

    @property
    def line(self) -> ChartLine | None:
        """The finished line, or None while something is wrong or missing."""
        if self.problem is not None or self.entry is None:
            return None
        return ChartLine(
            self.status, self.teeth, self.surfaces, self.entry.code, self.detail, self.since
        )

    @property
    def fee(self) -> int | None:
        """The fee of the line in minor units, or None when it costs nothing or is not known."""
        if self.entry is None or self.status not in OWN_WORK:
            return None
        one = self.entry.fee_for(self.surfaces)
        times = len(self.teeth) if self.entry.area in PER_TOOTH else 1
        return None if one is None else one * max(1, times)

    def marks(self) -> tuple[ChartMark, ...]:
        """Return what the line would draw, for the ghost preview."""
        found = self.entry
        earlier = tuple(mark for one in self.before for mark in one.marks())
        if self.line is None or found is None:
            return earlier
        return earlier + tuple(
            ChartMark(
                fdi,
                self.surfaces,
                found.code,
                self.status,
                found.paint,
                found.name,
                detail=self.detail or found.detail,
            )
            for fdi in self.teeth
        )


def parse(
    text: str,
    *,
    notation: str,
    locale: str,
    lexicon: Lexicon,
    default_status: MarkStatus = MarkStatus.DONE,
    selected: tuple[int, ...] = (),
    present: frozenset[int] = frozenset(),
    today: date | None = None,
) -> Parsed:
    """Read an entry line and return what was understood; never raises.

    ``default_status`` is that of the status switch. Without a tooth in the line the ``selected``
    ones are meant. ``present`` are the teeth in the chart, which ``ul``, ``all`` and ranges follow.
    A day after ``today`` is refused.
    """
    found: list[Parsed] = []
    start = 0
    pieces = text.split(_BETWEEN)
    for piece in pieces:
        reader = Reader(
            _plain(piece), Notation(notation), locale, lexicon, default_status, selected, present
        )
        if piece.strip() or len(pieces) == 1:
            found.append(_moved(_parse_one(piece, reader, today), text, start))
        start += len(piece) + len(_BETWEEN)
    if not found:
        return _parse_one("", reader, today)
    *before, last = found
    wrong = next((one for one in before if one.problem is not None), None)
    if wrong is not None and last.problem is None:
        last = replace(last, problem=wrong.problem, unfinished=False)
    if len(pieces) > 1 and not pieces[-1].strip():
        last = replace(last, completion="")
    prefix = text[: text.rindex(_BETWEEN) + 1] + " " if before and pieces[-1].strip() else ""
    return replace(
        last,
        before=tuple(before),
        prefix=prefix,
        tags=(*(tag for one in before for tag in one.tags), *last.tags),
    )


def _moved(one: Parsed, text: str, by: int) -> Parsed:
    """Return an entry with its places counted from the beginning of the whole line."""
    problem = one.problem
    return replace(
        one,
        text=text,
        tags=tuple(tag._replace(start=tag.start + by, end=tag.end + by) for tag in one.tags),
        problem=problem and problem._replace(start=problem.start + by, end=problem.end + by),
    )


def _parse_one(text: str, whole: Reader, today: date | None) -> Parsed:
    """Read one entry; its day stands at its end, behind @."""
    bare, day = text, None
    dated = _DAY.search(text)
    if dated is not None:
        bare = text[: dated.start()]
        whole = replace(whole, text=_plain(bare))
    parsed = _read_entry(bare, whole)
    if dated is None:
        return parsed
    parsed = replace(parsed, completion="")
    start, end = dated.start(1), dated.end()
    try:
        day = read_day(dated[1][1:], whole.locale, today)
    except InvalidError as refused:
        typing = dated.end() == len(text) and len(dated[1]) < _WHOLE_DAY
        return replace(
            parsed, text=text, problem=Problem(str(refused), start, end), unfinished=typing
        )
    problem = parsed.problem
    if problem is None and parsed.status in TREATMENTS and day != today:
        sentence = _("Work of this clinic is charted on its day. Type e for what was there before.")
        problem = Problem(sentence, start, end)
    tag = Tag("since", format_date(day, whole.locale), start, end)
    return replace(parsed, text=text, problem=problem, since=day, tags=(*parsed.tags, tag))


def read_day(text: str, locale: str, today: date | None) -> date:
    """Return the day that is meant: a whole date, a month of a year, or a year.

    Of a month or year the first day is meant: since then at the latest it was known to be there.
    Raises InvalidError with a sentence for anything else, and for a day that has not come.
    """
    latest = today or date.max
    if re.fullmatch(r"[0-9]{4}", text):
        found = _first_of(int(text), 1)
    elif month := re.fullmatch(r"([0-9]{1,2})[/.-]([0-9]{4})", text):
        found = _first_of(int(month[2]), int(month[1]))
    elif month := re.fullmatch(r"([0-9]{4})-([0-9]{1,2})", text):
        found = _first_of(int(month[1]), int(month[2]))
    else:
        found = parse_date(text, locale=locale, today=min(latest, date(2199, 1, 1)))
    if found > latest:
        raise InvalidError(_("This day has not come yet. Chart what is planned with p."))
    if found < _EARLIEST:
        raise InvalidError(_("This day is too long ago."))
    return found


def _first_of(year: int, month: int) -> date:
    if not (1 <= month <= 12 and 1 <= year <= 9999):
        raise InvalidError(_("There is no such month. Type @2019, @5/2019 or a whole date."))
    return date(year, month, 1)


def _read_entry(text: str, reader: Reader) -> Parsed:
    tried = readings(reader)
    for reading in tried:
        understand(reader, reading)
    best = min(tried, key=badness)
    return Parsed(
        text=text,
        status=best.status,
        teeth=best.teeth,
        surfaces=best.surfaces,
        detail=best.detail,
        entry=best.entry,
        choices=best.choices[1:],
        tags=_tags(reader, best),
        completion=_completion(reader, best),
        problem=best.problem,
        unfinished=best.unfinished,
    )


def _plain(text: str) -> str:
    """Return the text in lower case with plain digits, character for character."""
    return "".join(_plain_char(char) for char in text)


def _plain_char(char: str) -> str:
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    lower = char.lower()
    return lower if len(lower) == 1 else char


def _tags(reader: Reader, reading: Reading) -> tuple[Tag, ...]:
    tags = []
    if reading.status_end:
        tags.append(Tag("status", reader.text[: reading.status_end].strip().upper(), 0, 1))
    if reading.teeth:
        tags.append(Tag("teeth", teeth_text(reading.teeth, reader.notation), *reading.teeth_span))
    if reading.surfaces:
        fdi = reading.teeth[0] if reading.teeth else 16
        text = " ".join(letters(reading.surfaces, fdi, reader.locale))
        tags.append(Tag("surfaces", text, *reading.surfaces_span))
    if reading.entry is not None:
        tags.append(Tag("what", title(reading.entry.word), *reading.what_span))
        if reading.detail:
            words = detail_words(reading.entry.paint, reading.detail)
            tags.append(Tag("detail", words, *reading.detail_span))
    return tuple(tags)


def teeth_text(fdis: tuple[int, ...], notation: str) -> str:
    """Return the teeth in few characters: each one, or the number of them."""
    if len(fdis) <= _TAG_TEETH:
        return "+".join(written(fdi, notation) for fdi in fdis)
    return ngettext("{count} tooth", "{count} teeth", len(fdis)).format(count=len(fdis))


def _completion(reader: Reader, reading: Reading) -> str:
    """Return what is missing of the name of what was recognised, when it is the last word."""
    start, end = reading.what_span
    if reading.entry is None:
        return ""
    if reading.detail_span[1] == len(reader.text) and reading.detail_span[1]:
        return rest_of_detail(reading.entry.paint, reader.text.split()[-1])
    if end != len(reader.text):
        return ""
    typed = reader.text[start:end]
    for name in (reading.entry.name, reading.entry.word):
        if name.lower().startswith(typed):
            return name[len(typed) :]
    return ""


def format_line(line: ChartLine, *, notation: str, locale: str) -> str:
    """Return a line that reads back as the same: status, teeth, surfaces, code.

    Universal milk teeth are written with # because their letters are also those of a status.
    """
    parts = [_LETTERS[line.status]]
    if line.teeth:
        parts.append("+".join(_unmistakable(fdi, notation) for fdi in line.teeth))
    if line.surfaces:
        fdi = line.teeth[0] if line.teeth else 16
        # P says palatal, which a lower tooth of the same line would refuse.
        palatal = all(tooth(one).upper for one in line.teeth)
        parts.append(letters(line.surfaces, fdi, locale if palatal else "en_US"))
    parts.append(line.code.lower())
    if line.detail:
        parts.append(line.detail)
    if line.since is not None:
        parts.append(f"@{line.since.isoformat()}")
    return " ".join(parts)


def _unmistakable(fdi: int, notation: str) -> str:
    text = written(fdi, notation)
    return f"#{text}" if notation == Notation.UNIVERSAL and text[0].isalpha() else text
