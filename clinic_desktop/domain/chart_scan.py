"""Finds the teeth at the beginning of a chart entry: one, several, a range, a quadrant, all."""

import re
from dataclasses import dataclass
from typing import Final

from clinic_desktop.domain.teeth.dentition import (
    QUADRANTS,
    in_arch_order,
    permanent_teeth,
    quadrant,
    teeth_between,
)
from clinic_desktop.domain.teeth.numbering import Notation, read_tooth, species_of, tooth
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _

_NO_MORE: Final = r"(?![a-z0-9])"
_EXTRA: Final = rf"s[2-9]?{_NO_MORE}"
_DIGITS: Final = rf"#?[0-9]+(?:{_EXTRA})?"
_TOOTH: Final = {
    Notation.FDI: re.compile(_DIGITS),
    Notation.UNIVERSAL: re.compile(rf"{_DIGITS}|#?[a-t](?:{_EXTRA}|{_NO_MORE})"),
    Notation.PALMER: re.compile(
        rf"#?(?:ur|ul|ll|lr)(?:[0-9]+(?:{_EXTRA})?|[a-e](?:{_EXTRA}|{_NO_MORE}))"
    ),
    Notation.DOG: re.compile(_DIGITS),
    Notation.CAT: re.compile(_DIGITS),
}
_GROUP: Final = re.compile(rf"(?:ur|ul|ll|lr|all|upper|lower){_NO_MORE}")
_JOIN: Final = re.compile(r"\s*([+,&\-–])\s*")
_WORD: Final = re.compile(r"[^\s+,&\-–]*")


@dataclass(frozen=True, slots=True)
class Scan:
    """The teeth found and where they end; or the sentence that says what is wrong and where.

    ``unfinished`` is a wrong that typing on may still put right.
    """

    teeth: tuple[int, ...]
    end: int
    sentence: str = ""
    wrong_from: int = 0
    unfinished: bool = False


def scan_teeth(
    text: str, start: int, *, notation: Notation, present: frozenset[int]
) -> Scan | None:
    """Return the teeth written from ``start`` on, or None when no tooth begins there.

    ``text`` is lower case. Never raises.
    """
    if _item(text, start, notation) is None:
        return None
    return _Scanner(text, notation, present).run(start)


def _item(text: str, start: int, notation: Notation) -> re.Match[str] | None:
    return _TOOTH[notation].match(text, start) or _GROUP.match(text, start)


class _Scanner:
    def __init__(self, text: str, notation: Notation, present: frozenset[int]) -> None:
        self._text = text
        self._notation = notation
        self._present = present
        self._found: list[int] = []

    def run(self, start: int) -> Scan:
        """Walk from item to item while they are joined."""
        at, joiner = start, "+"
        while True:
            item = _item(self._text, at, self._notation)
            if item is None:
                return self._no_item(at)
            wrong = self._take(item, joiner)
            if wrong is not None:
                return wrong
            at = item.end()
            join = _JOIN.match(self._text, at)
            if join is None:
                return Scan(in_arch_order(tuple(self._found)), at)
            at, joiner = join.end(), join[1]

    def _no_item(self, at: int) -> Scan:
        """Say what stands where a tooth should follow + or -."""
        end = _end_of_word(self._text, at)
        word = self._text[at:end]
        sentence = (
            _('"{word}" is not a tooth.').format(word=word)
            if word
            else _("Which tooth comes next?")
        )
        return Scan(tuple(self._found), end, sentence, at, unfinished=not word)

    def _take(self, item: re.Match[str], joiner: str) -> Scan | None:
        """Add one item; return what is wrong with it, or None."""
        written = item[0].removeprefix("#")
        group = self._group(written)
        if group:
            self._found.extend(group)
            return None
        fdi = read_tooth(written, self._notation)
        if fdi is None:
            sentence = _('"{word}" is not a tooth.').format(word=written)
            at_end = item.end() == len(self._text) and len(written) == 1
            return Scan(tuple(self._found), item.end(), sentence, item.start(), at_end)
        return self._join(fdi, joiner, item)

    def _group(self, written: str) -> tuple[int, ...]:
        if written in QUADRANTS:
            return quadrant(written, self._pool())
        pool = tuple(self._pool())
        if written in {"upper", "lower"}:
            return tuple(fdi for fdi in pool if tooth(fdi).upper is (written == "upper"))
        return pool if written == "all" else ()

    def _pool(self) -> frozenset[int]:
        """Return the teeth that groups are made of: those shown, or all permanent ones."""
        return self._present or frozenset(permanent_teeth(species_of(self._notation)))

    def _join(self, fdi: int, joiner: str, item: re.Match[str]) -> Scan | None:
        if joiner not in "-–" or not self._found:
            self._found.append(fdi)
            return None
        try:
            self._found.extend(teeth_between(self._found[-1], fdi, self._present))
        except InvalidError as refused:
            return Scan(tuple(self._found), item.end(), str(refused), item.start())
        return None


def _end_of_word(text: str, start: int) -> int:
    found = _WORD.match(text, start)
    return found.end() if found else start
