"""What is known while one chart entry is read: the line, one way to understand it, what is wrong.

Behind ``chart_line``, which is what other modules use.
"""

from dataclasses import dataclass
from typing import NamedTuple

from clinic_desktop.domain.chart_words import Entry, Lexicon
from clinic_desktop.domain.teeth.chart import MarkStatus
from clinic_desktop.domain.teeth.numbering import Notation


class Problem(NamedTuple):
    """What is wrong or missing, and which part of the text it is about."""

    sentence: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reader:
    """What does not change while one line is read."""

    text: str
    notation: Notation
    locale: str
    lexicon: Lexicon
    default_status: MarkStatus
    selected: tuple[int, ...]
    present: frozenset[int]


@dataclass(slots=True)
class Reading:
    """One way to understand the line; several are tried and the best one is answered."""

    status: MarkStatus
    status_end: int = 0
    teeth: tuple[int, ...] = ()
    teeth_span: tuple[int, int] = (0, 0)
    rest: int = 0
    surfaces: str = ""
    surfaces_span: tuple[int, int] = (0, 0)
    detail: str = ""
    detail_span: tuple[int, int] = (0, 0)
    what_span: tuple[int, int] = (0, 0)
    choices: tuple[Entry, ...] = ()
    problem: Problem | None = None
    unfinished: bool = False

    @property
    def entry(self) -> Entry | None:
        return self.choices[0] if self.choices else None

    def fail(self, sentence: str, start: int, end: int, *, unfinished: bool = False) -> None:
        self.problem = Problem(sentence, start, end)
        self.unfinished = unfinished
