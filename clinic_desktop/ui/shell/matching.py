"""Find typed words in titles: case and accents do not matter, beginnings of words come first."""

import unicodedata
from functools import lru_cache

Ranges = tuple[tuple[int, int], ...]


@lru_cache(maxsize=2048)
def fold(text: str) -> tuple[str, tuple[int, ...]]:
    """Return the text as it is compared, and for each of its characters the place it came from."""
    folded: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        for part in unicodedata.normalize("NFKD", char).casefold():
            if not unicodedata.combining(part):
                folded.append(part)
                places.append(place)
    return "".join(folded), tuple(places)


def find(title: str, typed: str) -> tuple[int, Ranges] | None:
    """Return rank (0: every word begins a word, 1: found inside) and ranges, or None.

    The ranges are (start, length) in the title.
    """
    folded, places = fold(title)
    ranges: list[tuple[int, int]] = []
    rank = 0
    for word in fold(typed)[0].split():
        at = _beginning(folded, word)
        if at < 0:
            at = folded.find(word)
            rank = 1
        if at < 0:
            return None
        start = places[at]
        ranges.append((start, places[at + len(word) - 1] + 1 - start))
    return rank, tuple(sorted(ranges))


def _beginning(folded: str, word: str) -> int:
    at = folded.find(word)
    while at > 0 and folded[at - 1].isalnum():
        at = folded.find(word, at + 1)
    return at
