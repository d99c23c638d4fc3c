"""Devanagari, whose letters change places and join: Hindi, Marathi and Nepali names.

The order of steps is that of the OpenType script specification for Devanagari ("dev2"), kept to
what names need: reph, half letters, conjuncts, and the vowel that is drawn before its letter.
"""

import re
from typing import Final, NamedTuple

from clinic_desktop.documents.fonts import PaperFont
from clinic_desktop.documents.opentype import Ligatures

_CONSONANT: Final = "\u0915-\u0939\u0958-\u095f\u0978-\u097f"
_NUKTA, _VIRAMA, _RA, _BEFORE = "\u093c", "\u094d", "\u0930", "\u093f"
_LETTER: Final = f"[{_CONSONANT}]{_NUKTA}?"
_SYLLABLE: Final = re.compile(
    f"(?:{_LETTER}{_VIRAMA}[\u200c\u200d]?)*{_LETTER}"
    f"(?:{_VIRAMA}(?![{_CONSONANT}]))?[\u093a\u093b\u093e-\u094c\u094e\u094f\u0955-\u0957]*"
    "[\u0900-\u0903\u0951-\u0954]*"
)
_JOINERS: Final = "\u200c\u200d"
_AFTER_REPH: Final = "\u0900\u0901\u0902\u0903\u0951\u0952\u0953\u0954"


class _Part(NamedTuple):
    """A glyph and the characters it stands for."""

    glyph: int
    text: str


def is_devanagari(char: str) -> bool:
    """Say whether a character is Devanagari or one of the two that steer how letters join."""
    return "\u0900" <= char <= "\u097f" or char in _JOINERS


def joined_codes(font: PaperFont, text: str) -> list[str]:
    """Return the codes of Devanagari text in the order in which they are drawn."""
    codes: list[str] = []
    at = 0
    for found in _SYLLABLE.finditer(text):
        codes += text[at : found.start()]
        codes += _syllable(font, found.group())
        at = found.end()
    return [*codes, *text[at:]]


def _syllable(font: PaperFont, text: str) -> list[str]:
    parts = [_Part(font.glyph(char), char) for char in text if char not in _JOINERS]
    if any(part.glyph == 0 for part in parts):
        return list(text)
    for feature in ("nukt", "akhn"):
        parts = _join(parts, font.ligatures(feature))
    reph: list[_Part] = []
    if text.startswith(_RA + _VIRAMA) and len(text) > 2 and text[2] not in _JOINERS:
        start = _join(parts[:2], font.ligatures("rphf"))
        if len(start) == 1:
            reph, parts = start, parts[2:]
    parts = _join(parts, font.ligatures("rkrf"))
    base = max((n for n, part in enumerate(parts) if _is_letter(part)), default=0)
    parts = _join(parts[:base], font.ligatures("half")) + parts[base:]
    parts = _join(parts, font.ligatures("pres"))
    before = [part for part in parts if part.text == _BEFORE]
    rest = [part for part in parts if part.text != _BEFORE]
    end = len(rest)
    while end and rest[end - 1].text in _AFTER_REPH:
        end -= 1
    placed = [*before, *rest[:end], *reph, *rest[end:]]
    for feature in ("abvs", "blws", "psts"):
        placed = _join(placed, font.ligatures(feature))
    return [font.own_code(part.glyph, part.text) for part in placed]


def _is_letter(part: _Part) -> bool:
    """Say whether a part can carry the syllable: a consonant that does not end in a halant."""
    return re.search(f"[{_CONSONANT}]", part.text) is not None and not part.text.endswith(_VIRAMA)


def _join(parts: list[_Part], lookups: list[Ligatures]) -> list[_Part]:
    """Apply lookups one after another, each from left to right, the longest match first."""
    for lookup in lookups:
        joined: list[_Part] = []
        at = 0
        while at < len(parts):
            for rest, result in lookup.get(parts[at].glyph, ()):
                end = at + 1 + len(rest)
                if tuple(part.glyph for part in parts[at + 1 : end]) == rest:
                    text = "".join(part.text for part in parts[at:end])
                    joined.append(_Part(result, text))
                    at = end
                    break
            else:
                joined.append(parts[at])
                at += 1
        parts = joined
    return parts
