"""The figures of periodontal charting, read from ``perio_rules.json``; see its SOURCES.md."""

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Final

from clinic_desktop.i18n import N_
from clinic_desktop.resources import resource

MOST_COMPARED: Final = 6


class Measure(StrEnum):
    """What is recorded of a site, a furcation or a tooth."""

    DEPTH = "depth"
    MARGIN = "margin"
    MGJ = "mgj"
    BLEEDING = "bleeding"
    SUPPURATION = "suppuration"
    PLAQUE = "plaque"
    CALCULUS = "calculus"
    FURCATION = "furcation"
    MOBILITY = "mobility"


FLAGS: Final = (Measure.BLEEDING, Measure.SUPPURATION, Measure.PLAQUE, Measure.CALCULUS)
_RANGES: Final = {
    Measure.DEPTH: "probing_mm",
    Measure.MARGIN: "gingival_margin_mm",
    Measure.MGJ: "mgj_mm",
    Measure.FURCATION: "furcation",
    Measure.MOBILITY: "mobility",
}


class Path(StrEnum):
    """The order in which the probe goes around the mouth."""

    RIGHT_LEFT = "right_left"
    FACIALS_FIRST = "facials_first"


PATH_WORDS: Final = {
    Path.RIGHT_LEFT: N_("upper buccal, upper palatal, lower buccal, lower lingual"),
    Path.FACIALS_FIRST: N_("upper buccal, lower buccal, lower lingual, upper palatal"),
}


@dataclass(frozen=True, slots=True)
class Leg:
    """One run of the probe along a jaw: the columns of the chart in order, and which face."""

    upper: bool
    columns: tuple[int, ...]
    facial: bool


@cache
def _rules() -> dict[str, Any]:
    with resource("reference", "perio_rules.json").open(encoding="utf-8") as stream:
        found: dict[str, Any] = json.load(stream)
    return found


@cache
def limits(measure: Measure) -> tuple[int, int]:
    """Return the least and the greatest value of a measure, in mm or as a grade."""
    low, high = _rules()["ranges"][_RANGES[measure]]
    return int(low), int(high)


@cache
def site_codes() -> tuple[str, ...]:
    """Return the six sites in the order in which they are stored."""
    return tuple(_rules()["sites_order"])


@cache
def legs(path: Path) -> tuple[Leg, ...]:
    """Return the runs of a path; ``1-16 facial`` names teeth in the Universal notation."""
    return tuple(_leg(text) for text in _rules()["auto_advance_paths"][path.value])


def _leg(text: str) -> Leg:
    teeth, face = text.split()
    first, last = (int(number) for number in teeth.split("-"))
    step = 1 if last > first else -1
    numbers = range(first, last + step, step)
    return Leg(
        upper=first <= 16,
        columns=tuple(number if number <= 16 else 33 - number for number in numbers),
        facial=face == "facial",
    )
