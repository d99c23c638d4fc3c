"""What somebody types to find a patient, read: names, phones, numbers, dates, addresses."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from clinic_desktop.domain.dates import parse_date
from clinic_desktop.domain.folding import fold, latin, words_in
from clinic_desktop.domain.names import APOSTROPHES, BORN, LONGEST_WORD, LOOKS, SOUND, sounds_of
from clinic_desktop.domain.phones import digits_of
from clinic_desktop.errors import InvalidError

MOST_TERMS: Final = 8
_LONGEST: Final = 120
_FIGURES: Final = re.compile(r"[\d+()./\-\u2010-\u2015]*\d[\d+()./\-\u2010-\u2015]*")
_TRUNK: Final = re.compile(r"\(0\)")
# A single consonant says little: it has to be the whole sound, not the beginning of one.
_SHORTEST_SOUND: Final = 2
_LAST: Final = "\U0010ffff"


@dataclass(frozen=True)
class Term:
    """One thing that has to be true of a patient: a word begins with one of ``beginnings``.

    ``sounds`` are the keys of words that sound alike; a figure has none.
    """

    beginnings: tuple[str, ...]
    sounds: tuple[str, ...] = ()

    def ranges(self) -> tuple[tuple[str, str], ...]:
        """Return the spans of words, from the first to before the second, that fit."""
        return tuple((start, start + _LAST) for start in self.beginnings)

    def sound_ranges(self) -> tuple[tuple[str, str], ...]:
        """Return the spans of sound keys that fit."""
        return tuple(
            (SOUND + key, SOUND + key + (_LAST if len(key) >= _SHORTEST_SOUND else "\1"))
            for key in self.sounds
        )


def read_terms(text: str, *, locale: str, today: date) -> tuple[Term, ...]:
    """Return what has to be true of a patient, all of it; empty for an empty field.

    Words may stand in any order. Figures side by side are one run of a phone number, a record
    number or, where they can be one, a birth date in the order of the locale.
    """
    typed = text[:_LONGEST].strip().lstrip("#").strip()
    if not typed:
        return ()
    dates = _dates(typed, locale, today)
    if dates:
        runs = (_run(typed),) if _FIGURES.fullmatch(typed.replace(" ", "")) else ()
        return (Term(tuple(dict.fromkeys((*dates, *filter(None, runs))))),)
    terms: list[Term] = []
    figures: list[str] = []
    for token in typed.split():
        if _FIGURES.fullmatch(token):
            figures.append(token)
            continue
        terms += _of_figures(figures, locale, today)
        figures = []
        terms += _of_words(token)
    terms += _of_figures(figures, locale, today)
    return tuple(dict.fromkeys(terms))[:MOST_TERMS]


def beginnings_of(terms: tuple[Term, ...]) -> tuple[str, ...]:
    """Return the folded beginnings to mark in a name."""
    return tuple(one for term in terms for one in term.beginnings if not one.startswith(BORN))


def _of_figures(tokens: list[str], locale: str, today: date) -> list[Term]:
    if not tokens:
        return []
    typed = " ".join(tokens)
    found = (*_dates(typed, locale, today), _run(typed))
    return [Term(tuple(dict.fromkeys(one for one in found if one)))]


def _run(typed: str) -> str:
    """Return figures as the stored words have them: without +, 00 and the (0) of a trunk."""
    digits = digits_of(_TRUNK.sub("", typed))
    abroad = digits.startswith("00") and len(digits) > 6
    return digits[2:] if abroad else digits


def _dates(typed: str, locale: str, today: date) -> tuple[str, ...]:
    """Return the words of the birth dates that the text can mean: with 24, 2024 and 1924."""
    found: list[str] = []
    latest = today
    for _century in range(2):
        try:
            day = parse_date(typed, locale=locale, today=today, latest=latest)
        except InvalidError:
            break
        found.append(f"{BORN}{day:%Y%m%d}")
        if day.year <= 1850:
            break
        latest = day - timedelta(days=1)
    return tuple(found)


def _of_words(token: str) -> list[Term]:
    if "@" in token:
        return [Term((fold(token)[:LONGEST_WORD],))]
    joined = "".join(char for char in token if char not in APOSTROPHES)
    words = words_in(fold(joined))
    if not words:
        symbol = fold(joined).lstrip(SOUND + LOOKS + BORN)
        return [Term((symbol,))] if symbol else []
    if token.isascii() or len(words) > 1:
        return [_of_word(word, latin(word)) for word in words]
    return [_of_word(words[0], latin(joined))]


def _of_word(word: str, latin_words: tuple[str, ...]) -> Term:
    beginnings = dict.fromkeys((word, "".join(latin_words)))
    found = tuple(one[:LONGEST_WORD] for one in beginnings if one)
    return Term(found, sounds_of(*latin_words))
