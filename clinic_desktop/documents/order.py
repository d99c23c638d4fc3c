"""From the order in which text is read to the order in which it stands on a line.

The Unicode bidirectional algorithm (UAX 9) is python-bidi's; what its steps lack is done here by
the definitions: an isolated stretch is ordered alone and counts as one neutral sign outside, and
two brackets that belong together turn together (N0).
"""

import re
from typing import Any, Final, NamedTuple
from unicodedata import category

from bidi import algorithm

ISOLATE: Final = "\N{FIRST STRONG ISOLATE}"
END_OF_ISOLATE: Final = "\N{POP DIRECTIONAL ISOLATE}"

_OPENING: Final = {"\N{LEFT-TO-RIGHT ISOLATE}": 0, "\N{RIGHT-TO-LEFT ISOLATE}": 1, ISOLATE: None}
# Deeper nesting is what nobody types; UAX 9 stops at 125 too.
_DEEPEST: Final = 60
_MOST_BRACKETS: Final = 63  # UAX 9, BD16
_STANDS_FOR_ISOLATE: Final = "\N{OBJECT REPLACEMENT CHARACTER}"
_TURNS: Final = re.compile(
    "[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc"
    "\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


class Placed(NamedTuple):
    """A character where it stands on the line, and whether it is read from right to left."""

    char: str
    leftward: bool


def isolate(text: str) -> str:
    """Return text that keeps its own direction inside a sentence, whatever script it is in."""
    return f"{ISOLATE}{text}{END_OF_ISOLATE}"


def turns(text: str) -> bool:
    """Say whether any of the text may be read from right to left."""
    return _TURNS.search(text) is not None


def base_level(text: str) -> int:
    """Return 0 for text that begins from left to right, 1 from right to left (UAX 9, P2 and P3)."""
    depth = 0
    for char in text:
        if char in _OPENING:
            depth += 1
        elif char == END_OF_ISOLATE:
            depth = max(0, depth - 1)
        elif depth == 0:
            kind = algorithm.bidirectional(char)
            if kind in {"L", "R", "AL"}:
                return 0 if kind == "L" else 1
    return 0


def in_sight(text: str, level: int, depth: int = 0) -> list[Placed]:
    """Return the characters of a line from left to right, brackets mirrored where they turn.

    ``level`` is that of the whole paragraph, see base_level. Marks that only steer the order are
    gone from the result.
    """
    storage = algorithm.get_empty_storage()
    storage["base_level"], storage["base_dir"] = level, "LR"[level]
    storage["chars"] = _entries(text, level, depth)
    algorithm.explicit_embed_and_overrides(storage)
    algorithm.resolve_weak_types(storage)
    for run in storage["runs"]:
        part = storage["chars"][run["start"] : run["start"] + run["length"]]
        _turn_brackets(part, run["sor"])
    for step in (
        algorithm.resolve_neutral_types,
        algorithm.resolve_implicit_levels,
        algorithm.reorder_resolved_levels,
        algorithm.apply_mirroring,
    ):
        step(storage, False)
    placed: list[Placed] = []
    for entry in storage["chars"]:
        inside = entry.get("inside")
        placed += inside if inside is not None else [Placed(entry["ch"], bool(entry["level"] % 2))]
    return placed


def _entries(text: str, level: int, depth: int) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = []
    at = 0
    while at < len(text):
        char, inside = text[at], None
        if char in _OPENING and depth < _DEEPEST:
            end = _end_of_isolate(text, at)
            part = text[at + 1 : end]
            own = _OPENING[char]
            inside = in_sight(part, base_level(part) if own is None else own, depth + 1)
            char, at = _STANDS_FOR_ISOLATE, end
        kind = algorithm.bidirectional(char)
        at += 1
        # An end without a beginning, or one too deep, steers nothing.
        if char in _OPENING or char == END_OF_ISOLATE:
            continue
        # Python gives unassigned characters no class; they are left as they stand.
        kind = kind or "L"
        entry = {"ch": char, "level": level, "type": kind, "orig": kind}
        entries.append(entry | ({"inside": inside} if inside is not None else {}))
    return entries


def _turn_brackets(part: list[dict[str, Any]], before: str) -> None:
    """Give both brackets of a pair one direction, by what is inside, then before (UAX 9, N0)."""
    for opening, closing in _pairs(part):
        own = "LR"[part[opening]["level"] % 2]
        inside = {_strong(entry) for entry in part[opening + 1 : closing]} - {None}
        if not inside:
            continue
        turn = own
        if own not in inside:
            earlier = (_strong(entry) for entry in part[opening - 1 :: -1] if opening)
            turn = next((found for found in earlier if found), before)
        for at in (opening, closing):
            part[at]["type"] = turn
            # Marks on a bracket go with it.
            for entry in part[at + 1 :]:
                if entry["orig"] != "NSM":
                    break
                entry["type"] = turn


def _pairs(part: list[dict[str, Any]]) -> list[tuple[int, int]]:
    """Return where brackets that belong together stand, in the order in which they open."""
    waiting: list[tuple[str, int]] = []
    pairs: list[tuple[int, int]] = []
    for at, entry in enumerate(part):
        char = entry["ch"]
        if entry["type"] != "ON" or char not in algorithm.MIRRORED:
            continue
        kind = category(char)
        if kind == "Ps":
            if len(waiting) == _MOST_BRACKETS:
                break
            waiting.append((algorithm.MIRRORED[char], at))
        elif kind == "Pe":
            for n in range(len(waiting) - 1, -1, -1):
                if waiting[n][0] == char:
                    pairs.append((waiting[n][1], at))
                    del waiting[n:]
                    break
    return sorted(pairs)


def _strong(entry: dict[str, Any]) -> str | None:
    """Return the direction an entry gives, numbers counting as right to left."""
    kind = entry["type"]
    return "R" if kind in {"R", "EN", "AN"} else ("L" if kind == "L" else None)


def _end_of_isolate(text: str, start: int) -> int:
    """Return where the isolate that opens at ``start`` ends; open ones end with the text."""
    depth = 0
    for at in range(start, len(text)):
        if text[at] in _OPENING:
            depth += 1
        elif text[at] == END_OF_ISOLATE:
            depth -= 1
            if depth == 0:
                return at
    return len(text)
