"""Texts as they are compared: without case, accents and invisible marks, in Latin, as they look."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from unidecode import unidecode

# Marks, joiners and direction marks say nothing about which letters a name has.
_SILENT: Final = frozenset({"Mn", "Me", "Cf", "Cc", "Cs"})
_FILLERS: Final = frozenset("\u034f\u0640\u115f\u1160\u17b4\u17b5\u180b\u2800\u3164\uffa0")
# Letters that one keyboard or one clerk writes for another.
_SAME: Final = str.maketrans({"ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك", "ı": "i"})
_KATAKANA: Final = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
_ASCII_WORDS: Final = re.compile("[A-Za-z0-9]+")
# Letters and figures of other scripts that look like a Latin letter, and pairs that run together.
_LOOKS_LIKE: Final = str.maketrans(
    {
        **dict(zip("авекмнорстухіјѕһԁԛԝ", "abekmhopctyxijshdqw", strict=True)),
        **dict(zip("αβγεζηικμνορτυχω", "abyezhikmvoptuxw", strict=True)),
        **dict(zip("01|!", "olll", strict=True)),
    }
)


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Return the text without case, accents, vowel points, invisible marks and width forms."""
    if text.isascii() and text.isprintable():
        return text.lower()
    # Case folding can give letters that still hold a mark, and a mark can hide a capital.
    split = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    kept = (c for c in split if unicodedata.category(c) not in _SILENT and c not in _FILLERS)
    return "".join(kept).translate(_SAME).translate(_KATAKANA)


def words_in(folded: str) -> list[str]:
    """Return the runs of letters and figures of any script."""
    if folded.isascii():
        return _ASCII_WORDS.findall(folded)
    spaced = (c if unicodedata.category(c)[0] in "LNM" else " " for c in folded)
    return "".join(spaced).split()


@lru_cache(maxsize=65536)
def latin(text: str) -> tuple[str, ...]:
    """Return the text's words in Latin letters: ("chen", "mei", "ling") for 陳美玲."""
    if text.isascii():
        return tuple(words_in(fold(text)))
    return tuple(words_in(fold(str(unidecode(visible(text), errors="ignore")))))


@lru_cache(maxsize=8192)
def skeleton(text: str) -> str:
    """Return what the text looks like: two that share it cannot be told apart on a screen.

    After the idea of Unicode's technical standard 39, for the letters that names are made of.
    """
    looks = fold(text).translate(_LOOKS_LIKE)
    # Capital i, small L and one are a single stroke in most screen fonts.
    looks = looks.replace("i", "l").replace("rn", "m").replace("vv", "w")
    return " ".join(sorted(words_in(looks)))


def visible(text: str) -> str:
    """Return the text without characters that are never seen and change nothing that is.

    Joiners stay inside scripts that they shape and inside emoji; direction marks stay beside
    right-to-left letters. Embeddings and overrides go: they would turn the words around them.
    """
    if text.isprintable() and _FILLERS.isdisjoint(text):
        return text
    turned = any(unicodedata.bidirectional(c) in ("R", "AL") for c in text)
    kept: list[str] = []
    for place, char in enumerate(text):
        if char in "\u200c\u200d":
            before = kept[-1] if kept else " "
            shapes = _is_shaped(before) and place + 1 < len(text)
            if not shapes:
                continue
        elif char in "\u200e\u200f\u061c":
            if not turned:
                continue
        elif char in _FILLERS - {"\u0640"} or _is_hidden(char):
            continue
        kept.append(char)
    return "".join(kept)


def is_blank(text: str) -> bool:
    """Return whether nothing of the text can be seen."""
    return not visible(text).strip()


def _is_shaped(char: str) -> bool:
    """Return whether a joiner after this character is seen."""
    if unicodedata.category(char) in ("So", "Sk", "Mn", "Mc"):
        return True
    name = unicodedata.name(char, "")
    return unicodedata.category(char)[0] == "L" and not name.startswith(
        ("LATIN", "GREEK", "CYRILLIC")
    )


def _is_hidden(char: str) -> bool:
    category = unicodedata.category(char)
    # Tags spell the flags of regions; they follow an emoji and are part of it.
    return (category == "Cf" and not 0xE0020 <= ord(char) <= 0xE007F) or category in ("Cc", "Cs")


def isolate(text: str) -> str:
    """Return the text set off, where it runs right to left, from a sentence it is put into."""
    if any(unicodedata.bidirectional(c) in ("R", "AL", "RLE", "RLO", "LRO", "LRE") for c in text):
        return f"\u2068{text}\u2069"
    return text
