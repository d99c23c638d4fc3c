"""Names of people in any script: how they are shown, put in order, found and told apart."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import Final

import jellyfish

from clinic_desktop.domain.folding import fold, latin, skeleton, visible, words_in
from clinic_desktop.i18n import _

__all__ = [
    "BORN",
    "ERASED",
    "LONGEST_WORD",
    "LOOKS",
    "SOUND",
    "full_name",
    "highlights",
    "initials",
    "search_words",
    "sort_key",
    "sounds_of",
    "tidy",
]

# First characters of words that nobody types: how a name sounds, how it looks, the birth date.
SOUND: Final = "~"
LOOKS: Final = "="
BORN: Final = "*"
ERASED: Final = "Erased record"
"""What the database writes for the first name of an erased person; the family name is the number
of the record."""
# Sorts before every letter, so that "Ana Li" stands before "Ana Lima" and after "Ana".
_NEXT: Final = "\t"
_LONGEST_KEY: Final = 60
LONGEST_WORD: Final = 60
_MOST_WORDS: Final = 80
_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae"})
_FAMILY_FIRST: Final = ("CJK", "HANGUL")
APOSTROPHES: Final = frozenset("'`´\u2018\u2019\u02bc")
_HYPHENS: Final = re.compile("[-\u2010-\u2015\u2212/]+")
# Letters that a language puts behind another one instead of beside its plain form. The private
# characters sort after every letter and stand for nothing else.
_SWEDISH: Final = str.maketrans({"å": "z\ue001", "ä": "z\ue002", "ö": "z\ue003"})
_DANISH: Final = str.maketrans(
    {"æ": "z\ue001", "ä": "z\ue001", "ø": "z\ue002", "ö": "z\ue002", "å": "z\ue003"}
)
_SPANISH: Final = str.maketrans({"ñ": "n\ue001"})
_PLACED: Final = "\ue001\ue002\ue003"
_ALPHABETS: Final = {
    "sv": _SWEDISH,
    "fi": _SWEDISH,
    "da": _DANISH,
    "nb": _DANISH,
    "nn": _DANISH,
    "no": _DANISH,
    "es": _SPANISH,
}


def tidy(text: str) -> str:
    """Return a typed name on one line, without blanks and marks that nobody can see."""
    return " ".join(visible(unicodedata.normalize("NFC", text)).split())


def full_name(given: str, family: str) -> str:
    """Return the name as it is said: given name first, but not in Chinese and Korean writing."""
    if not family or not given:
        return given or family
    if given == ERASED:
        return _("Erased record {number}").format(number=family)
    if _is_written(given, _FAMILY_FIRST) and _is_written(family, _FAMILY_FIRST):
        return f"{family}{given}"
    return f"{given} {family}"


def _is_written(text: str, scripts: tuple[str, ...]) -> bool:
    return all(unicodedata.name(char, "").startswith(scripts) for char in text)


def initials(given: str, family: str) -> str:
    """Return one or two first letters for the square beside a name."""
    firsts = [_first_letter(part) for part in (given, family) if part]
    if given and family and _is_written(given + family, _FAMILY_FIRST):
        firsts = firsts[1:]
    return "".join(firsts)


def _first_letter(part: str) -> str:
    letters = (char for char in part if unicodedata.category(char)[0] in "LN")
    return next(letters, part[:1]).upper()


def sort_key(given: str, family: str, *, locale: str = "en") -> str:
    """Return the key by which lists are ordered: family, then given name, in Latin letters.

    The order of bytes of two keys is the order of the names; accents count only where the
    locale's alphabet gives the letter a place of its own.
    """
    parts = (family or given, given)
    return _NEXT.join(_sorted_form(part, locale.partition("_")[0]) for part in parts)


def _sorted_form(text: str, language: str) -> str:
    alphabet = _ALPHABETS.get(language)
    words: list[str] = []
    for word in text.split():
        if alphabet is None:
            words += latin(word) or words_in(fold(word))
            continue
        placed = unicodedata.normalize("NFC", word).casefold().translate(alphabet)
        words += _latin_but(placed)
    return (" ".join(words) or fold(text))[:_LONGEST_KEY].strip()


def _latin_but(word: str) -> list[str]:
    """Return the word in Latin letters, those that the alphabet placed left as they are."""
    if not any(char in _PLACED for char in word):
        return list(latin(word)) or words_in(fold(word))
    pieces = re.split(f"([{_PLACED}])", word)
    return ["".join(p if p in _PLACED else "".join(latin(p)) for p in pieces)]


def search_words(
    *,
    given: str,
    family: str = "",
    other_name: str = "",
    phone: str = "",
    email: str = "",
    born: date | None = None,
    number: str = "",
) -> list[str]:
    """Return every word by whose beginning a patient is found, without repeats, in order.

    ``phone`` is as stored (E.164). The database adds the words of a record number that it gives
    itself. Patients are also found by how their names sound
    (``SOUND``), by their birth date (``BORN`` and eight figures) and, for duplicates alone, by
    how the whole name looks (``LOOKS``).
    """
    found: dict[str, None] = {}
    for text in (given, family, other_name):
        found.update(dict.fromkeys(_words_of(text)))
    found.update(dict.fromkeys(_joined(given, family)))
    for key in sounds_of(given, family, other_name):
        found[SOUND + key] = None
    looks = skeleton(f"{given} {family}")
    if looks:
        found[LOOKS + looks[:LONGEST_WORD]] = None
    # The tables of all countries' numbers are large; only who stores a record needs them.
    from clinic_desktop.domain.phones import number_words

    found.update(dict.fromkeys(number_words(phone)))
    found.update(dict.fromkeys(_email_words(email)))
    if born is not None:
        found[f"{BORN}{born:%Y%m%d}"] = None
    found.update(dict.fromkeys(_record_words(number)))
    return [word for word in found if word][:_MOST_WORDS]


def _words_of(text: str) -> Iterator[str]:
    """Yield the words of one name in its own script, in Latin and as they are often written."""
    for part in text.split():
        pieces = [piece for piece in _HYPHENS.split(part) if piece] or [part]
        for piece in pieces:
            yield from _words_of_piece(piece)
        if len(pieces) > 1:
            # Carvalho-Lindqvist is also typed in one word.
            yield "".join(words_in(fold(part)))[:LONGEST_WORD]


@lru_cache(maxsize=65536)
def _words_of_piece(piece: str) -> tuple[str, ...]:
    words = words_in(fold(piece)) or [fold(piece)]
    latin_words = list(latin(piece))
    # O'Brien and Mei Ling are also typed in one word.
    made = [*words, *latin_words, "".join(words), "".join(latin_words), *_inner_capitals(piece)]
    composed = unicodedata.normalize("NFC", piece).casefold()
    if composed != composed.translate(_UMLAUTS):
        made += words_in(fold(composed.translate(_UMLAUTS)))
    # The Arabic article is left out as often as it is written.
    made += [word[2:] for word in words if word.startswith("ال") and len(word) > 4]
    return tuple(dict.fromkeys(word[:LONGEST_WORD] for word in made if word))


def _inner_capitals(part: str) -> list[str]:
    """Return Carthy for McCarthy: people look under both."""
    starts = [
        place
        for place in range(2, len(part) - 2)
        if part[place].isupper() and part[place - 1].islower()
    ]
    return [word for place in starts for word in words_in(fold(part[place:]))[:1]]


def _joined(given: str, family: str) -> Iterator[str]:
    """Yield the whole name in one run where its script writes it so."""
    if not given or not family or (given + family).isascii():
        return
    for first, second in ((family, given), (given, family)):
        run = first + second
        if _is_written(run, (*_FAMILY_FIRST, "HIRAGANA", "KATAKANA")):
            yield fold(run)[:LONGEST_WORD]


def sounds_of(*names: str) -> tuple[str, ...]:
    """Return the keys of how the words of these names sound, without repeats."""
    keys = (key for name in names for word in latin(name) for key in _sounds(word))
    return tuple(dict.fromkeys(keys))


@lru_cache(maxsize=65536)
def _sounds(word: str) -> tuple[str, ...]:
    """Return metaphone keys of a Latin word; a first H is silent in half of our languages."""
    if len(word) < 2 or not word.isascii() or not word.isalpha():
        return ()
    forms: Iterable[str] = (word, word[1:]) if word[0] == "h" and len(word) > 2 else (word,)
    keys = (str(jellyfish.metaphone(form)).replace(" ", "") for form in forms)
    return tuple(key for key in keys if key)


def _email_words(email: str) -> list[str]:
    if not email:
        return []
    whole = fold(email)
    return [whole[:LONGEST_WORD], *words_in(whole.partition("@")[0])]


def _record_words(number: str) -> list[str]:
    folded = fold(number)
    return [folded, folded.lstrip("0")] if folded else []


def highlights(name: str, beginnings: Iterable[str]) -> tuple[tuple[int, int], ...]:
    """Return (start, length) of the parts of a shown name that begin with what was typed.

    ``beginnings`` are folded; at most one part is marked for each of them.
    """
    folded: list[str] = []
    places: list[int] = []
    for place, char in enumerate(name):
        for part in fold("" if char in APOSTROPHES else char):
            folded.append(part)
            places.append(place)
    text = "".join(folded)
    found: set[tuple[int, int]] = set()
    for beginning in beginnings:
        at = text.find(beginning) if beginning else -1
        while at > 0 and not _begins_word(name, places[at]):
            at = text.find(beginning, at + 1)
        if at >= 0:
            start, last = places[at], places[at + len(beginning) - 1]
            found.add((start, last + 1 - start))
    return tuple(sorted(found))


def _begins_word(name: str, place: int) -> bool:
    if place == 0:
        return True
    before, here = name[place - 1], name[place]
    return unicodedata.category(before)[0] not in "LNM" or (before.islower() and here.isupper())
