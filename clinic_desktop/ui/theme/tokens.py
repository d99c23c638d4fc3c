"""The design tokens that ship with the program, read once and typed."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from clinic_desktop.resources import resource

THEMES: Final = ("light", "dark", "contrast")
DENSITIES: Final = ("compact", "regular", "touch")


@dataclass(frozen=True)
class TypeToken:
    """One step of the type scale, in logical pixels."""

    size: int
    line: int
    weight: int
    tracking: float


@dataclass(frozen=True)
class Tokens:
    """The values of ``tokens.json``; colours are ``#RRGGBB`` or, for the scrim, ``#RRGGBBAA``."""

    color: dict[str, dict[str, str]]
    type: dict[str, TypeToken]
    density: dict[str, dict[str, float]]
    features: dict[str, tuple[str, ...]]
    space: dict[str, int]
    radius: dict[str, int]
    border: dict[str, int]
    focus: dict[str, Any]
    layout: dict[str, Any]
    motion: dict[str, Any]
    time: dict[str, int]
    status: dict[str, dict[str, Any]]
    pattern: dict[str, dict[str, Any]]
    contrast_check: dict[str, dict[str, float]]


@cache
def tokens() -> Tokens:
    """Return the tokens; a missing or broken file is a broken installation and raises."""
    raw = json.loads(resource("tokens.json").read_text(encoding="utf-8"))
    return Tokens(
        color=raw["color"],
        type={
            name: TypeToken(step["size"], step["line"], step["weight"], step["tracking"])
            for name, step in raw["type"].items()
        },
        density=raw["density"],
        features={name: tuple(tags) for name, tags in raw["font"]["features"].items()},
        space=raw["space"],
        radius=raw["radius"],
        border=raw["border"],
        focus=raw["focus"],
        layout=raw["layout"],
        motion=raw["motion"],
        time=raw["time"],
        status=raw["status"],
        pattern=raw["pattern"],
        contrast_check=raw["contrast_check"],
    )
