"""What reportlab does not read from a font: other figures, kerning and the box of a glyph.

Layouts are those of the OpenType specification, version 1.9, chapters GSUB and GPOS.
"""

from collections.abc import Iterator
from functools import lru_cache
from struct import unpack_from

_PAIR, _EXTENSION_POSITION = 2, 9
_SINGLE, _LIGATURE, _EXTENSION_SUBSTITUTION = 1, 4, 7

# First glyph -> the glyphs that may follow it and what they become together, longest first.
Ligatures = dict[int, list[tuple[tuple[int, ...], int]]]


def single_substitutions(gsub: bytes, feature: str) -> dict[int, int]:
    """Return glyph -> glyph for a feature that swaps glyphs one by one, such as ``tnum``."""
    swapped: dict[int, int] = {}
    for kind, at in _subtables(gsub, feature, _EXTENSION_SUBSTITUTION):
        if kind != _SINGLE:
            continue
        form, coverage, value = unpack_from(">HHH", gsub, at)
        glyphs = _coverage(gsub, at + coverage)
        if form == 1:
            swapped.update((glyph, (glyph + value) & 0xFFFF) for glyph in glyphs)
        else:
            found = unpack_from(f">{value}H", gsub, at + 6)
            swapped.update((glyph, found[place]) for glyph, place in glyphs.items())
    return swapped


def ligatures(gsub: bytes, feature: str) -> list[Ligatures]:
    """Return, lookup by lookup, which glyphs a feature joins into one."""
    found: list[Ligatures] = []
    for kind, at in _subtables(gsub, feature, _EXTENSION_SUBSTITUTION):
        if kind != _LIGATURE:
            continue
        joined: Ligatures = {}
        coverage = _coverage(gsub, at + unpack_from(">H", gsub, at + 2)[0])
        for glyph, place in coverage.items():
            group = at + unpack_from(">H", gsub, at + 6 + 2 * place)[0]
            joined[glyph] = _ligature_set(gsub, group)
        found.append(joined)
    return found


def _ligature_set(gsub: bytes, group: int) -> list[tuple[tuple[int, ...], int]]:
    found = []
    count = unpack_from(">H", gsub, group)[0]
    for offset in unpack_from(f">{count}H", gsub, group + 2):
        result, length = unpack_from(">HH", gsub, group + offset)
        found.append((unpack_from(f">{length - 1}H", gsub, group + offset + 4), result))
    return sorted(found, key=lambda entry: -len(entry[0]))


class Kerning:
    """How much nearer or farther two glyphs stand than their widths say, in font units."""

    def __init__(self, gpos: bytes) -> None:
        """Read the outline of the table; pairs are looked up when they are met."""
        self._pairs: dict[tuple[int, int], int] = {}
        self._tables = [
            _pair_table(gpos, at)
            for kind, at in _subtables(gpos, "kern", _EXTENSION_POSITION)
            if kind == _PAIR
        ]

    def between(self, left: int, right: int) -> int:
        """Return the change of the left glyph's width when the right one follows it."""
        pair = (left, right)
        known = self._pairs.get(pair)
        if known is None:
            # The first subtable that knows the pair decides, even when it says nothing changes.
            answers = (table.between(left, right) for table in self._tables)
            known = next((answer for answer in answers if answer is not None), 0)
            self._pairs[pair] = known
        return known


class _ByGlyph:
    """Pairs listed one by one (PairPos format 1)."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data = data
        self._at = at
        self._first = _coverage(data, at + unpack_from(">H", data, at + 2)[0])
        value_1, value_2 = unpack_from(">HH", data, at + 4)
        self._has_advance = bool(value_1 & 4)
        self._skip = 2 * (value_1 & 3).bit_count()
        self._size = 2 + 2 * (value_1.bit_count() + value_2.bit_count())
        self._sets: dict[int, dict[int, int]] = {}

    def between(self, left: int, right: int) -> int | None:
        place = self._first.get(left)
        if place is None or not self._has_advance:
            return None
        if place not in self._sets:
            self._sets[place] = self._read(place)
        return self._sets[place].get(right)

    def _read(self, place: int) -> dict[int, int]:
        at = self._at + unpack_from(">H", self._data, self._at + 10 + 2 * place)[0]
        count = unpack_from(">H", self._data, at)[0]
        found = {}
        for entry in range(at + 2, at + 2 + count * self._size, self._size):
            glyph = unpack_from(">H", self._data, entry)[0]
            found[glyph] = unpack_from(">h", self._data, entry + 2 + self._skip)[0]
        return found


class _ByClass:
    """Pairs by classes of glyphs (PairPos format 2)."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data = data
        self._first = _coverage(data, at + unpack_from(">H", data, at + 2)[0])
        value_1, value_2, left, right, _, self._rights = unpack_from(">HHHHHH", data, at + 4)
        self._left = _classes(data, at + left)
        self._right = _classes(data, at + right)
        self._has_advance = bool(value_1 & 4)
        self._size = 2 * (value_1.bit_count() + value_2.bit_count())
        self._matrix = at + 16 + 2 * (value_1 & 3).bit_count()

    def between(self, left: int, right: int) -> int | None:
        if left not in self._first or not self._has_advance:
            return None
        row, column = self._left.get(left, 0), self._right.get(right, 0)
        at = self._matrix + (row * self._rights + column) * self._size
        advance: int = unpack_from(">h", self._data, at)[0]
        return advance


def _pair_table(data: bytes, at: int) -> _ByGlyph | _ByClass:
    return _ByGlyph(data, at) if unpack_from(">H", data, at)[0] == 1 else _ByClass(data, at)


def _subtables(data: bytes, feature: str, extension: int) -> Iterator[tuple[int, int]]:
    """Yield (lookup type, offset) of every subtable that a feature uses, in order."""
    features, lookups = unpack_from(">HH", data, 6)
    numbers: set[int] = set()
    for index in range(unpack_from(">H", data, features)[0]):
        tag, at = unpack_from(">4sH", data, features + 2 + 6 * index)
        if tag == feature.encode():
            count = unpack_from(">H", data, features + at + 2)[0]
            numbers.update(unpack_from(f">{count}H", data, features + at + 4))
    for number in sorted(numbers):
        lookup = lookups + unpack_from(">H", data, lookups + 2 + 2 * number)[0]
        kind, _, count = unpack_from(">HHH", data, lookup)
        for offset in unpack_from(f">{count}H", data, lookup + 6):
            at = lookup + offset
            if kind == extension:
                _, real, far = unpack_from(">HHI", data, at)
                yield real, at + far
            else:
                yield kind, at


@lru_cache(maxsize=64)
def _coverage(data: bytes, at: int) -> dict[int, int]:
    """Return glyph -> its place in the list."""
    form, count = unpack_from(">HH", data, at)
    if form == 1:
        return {glyph: n for n, glyph in enumerate(unpack_from(f">{count}H", data, at + 4))}
    found: dict[int, int] = {}
    for entry in range(at + 4, at + 4 + 6 * count, 6):
        first, last, place = unpack_from(">HHH", data, entry)
        found.update((glyph, place + glyph - first) for glyph in range(first, last + 1))
    return found


def _classes(data: bytes, at: int) -> dict[int, int]:
    """Return glyph -> class; a glyph that is not there is of class 0."""
    form = unpack_from(">H", data, at)[0]
    if form == 1:
        first, count = unpack_from(">HH", data, at + 2)
        values = unpack_from(f">{count}H", data, at + 6)
        return {first + n: value for n, value in enumerate(values)}
    count = unpack_from(">H", data, at + 2)[0]
    found: dict[int, int] = {}
    for entry in range(at + 4, at + 4 + 6 * count, 6):
        start, end, value = unpack_from(">HHH", data, entry)
        found.update((glyph, value) for glyph in range(start, end + 1))
    return found
