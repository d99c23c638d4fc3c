"""The typed entry line of the tooth chart: ``[status] teeth [surfaces] what`` or ``teeth /m``.

Reading never fails: what cannot be read comes back with a sentence saying which word and why.
"""

import unicodedata
from dataclasses import dataclass
from typing import Final, NamedTuple

from clinic_desktop.domain.chart_reading import (
    Problem,
    Reader,
    Reading,
    badness,
    readings,
    title,
    understand,
)
from clinic_desktop.domain.chart_words import OWN_WORK, Entry, Lexicon
from clinic_desktop.domain.teeth.chart import STATUS_LETTERS, ChartMark, MarkStatus
from clinic_desktop.domain.teeth.numbering import Notation, tooth, written
from clinic_desktop.domain.teeth.surfaces import letters
from clinic_desktop.i18n import ngettext

__all__ = ["ChartLine", "Parsed", "Problem", "Tag", "format_line", "parse", "teeth_text"]

_LETTERS: Final = {status: letter for letter, status in STATUS_LETTERS.items()}
_TAG_TEETH: Final = 4


class Tag(NamedTuple):
    """A recognised part: ``kind`` is status, teeth, surfaces or what; the span is of the text."""

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


@dataclass(frozen=True, slots=True)
class Parsed:
    """What was understood so far.

    ``completion`` is shown in grey behind the text. ``problem`` is None when the line can be
    added; ``unfinished`` says that typing on may solve it, so that it is not shown before Enter.
    ``choices`` are the other things the last word can mean, best first.
    """

    text: str
    status: MarkStatus
    teeth: tuple[int, ...] = ()
    surfaces: str = ""
    entry: Entry | None = None
    choices: tuple[Entry, ...] = ()
    tags: tuple[Tag, ...] = ()
    completion: str = ""
    problem: Problem | None = None
    unfinished: bool = False

    @property
    def line(self) -> ChartLine | None:
        """The finished line, or None while something is wrong or missing."""
        if self.problem is not None or self.entry is None:
            return None
        return ChartLine(self.status, self.teeth, self.surfaces, self.entry.code)

    @property
    def fee(self) -> int | None:
        """The fee of the line in minor units, or None when it costs nothing or is not known."""
        if self.entry is None or self.status not in OWN_WORK:
            return None
        one = self.entry.fee_for(self.surfaces)
        times = len(self.teeth) if self.entry.area in {"tooth", "surface", "root"} else 1
        return None if one is None else one * max(1, times)

    def marks(self) -> tuple[ChartMark, ...]:
        """Return what the line would draw, for the ghost preview."""
        if self.line is None or self.entry is None:
            return ()
        found = self.entry
        return tuple(
            ChartMark(fdi, self.surfaces, found.code, self.status, found.paint, found.name)
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
) -> Parsed:
    """Read an entry line and return what was understood; never raises.

    ``default_status`` is that of the status switch. Without a tooth in the line the ``selected``
    ones are meant. ``present`` are the teeth in the chart, which ``ul``, ``all`` and ranges follow.
    """
    reader = Reader(
        _plain(text), Notation(notation), locale, lexicon, default_status, selected, present
    )
    tried = readings(reader)
    for reading in tried:
        understand(reader, reading)
    best = min(tried, key=badness)
    return Parsed(
        text=text,
        status=best.status,
        teeth=best.teeth,
        surfaces=best.surfaces,
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
    return tuple(tags)


def teeth_text(fdis: tuple[int, ...], notation: str) -> str:
    """Return the teeth in few characters: each one, or the number of them."""
    if len(fdis) <= _TAG_TEETH:
        return "+".join(written(fdi, notation) for fdi in fdis)
    return ngettext("{count} tooth", "{count} teeth", len(fdis)).format(count=len(fdis))


def _completion(reader: Reader, reading: Reading) -> str:
    """Return what is missing of the name of what was recognised, when it is the last word."""
    start, end = reading.what_span
    if reading.entry is None or end != len(reader.text):
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
    return " ".join(parts)


def _unmistakable(fdi: int, notation: str) -> str:
    text = written(fdi, notation)
    return f"#{text}" if notation == Notation.UNIVERSAL and text[0].isalpha() else text
