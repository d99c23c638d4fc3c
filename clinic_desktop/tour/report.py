"""What the tour tells: each step with its keys, clicks, time and pictures, as JSON."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from clinic_desktop.tour.golden import PATHS


@dataclass
class StepReport:
    """One step of the working day.

    ``keys`` and ``clicks`` count what the hands do: a chord is 1, typing a text is free and the
    key that commits it is 1. ``why`` is the sentence of a step that did not come to its end.
    """

    name: str
    ok: bool = False
    keys: int = 0
    clicks: int = 0
    ms: int = 0
    shots: list[str] = field(default_factory=list)
    papers: list[str] = field(default_factory=list)
    why: str = ""


@dataclass(frozen=True)
class GoldenPath:
    """A path that people walk all day, with what it took and the most that the design allows."""

    name: str
    keys: int
    clicks: int
    allowed: int
    ok: bool


@dataclass
class Report:
    """All steps, in the order they were walked."""

    theme: str
    scale: int
    locale: str
    facts: dict[str, str] = field(default_factory=dict)
    """What the walk met and a reader needs to check it by: the name of the patient."""
    steps: list[StepReport] = field(default_factory=list)
    golden: list[GoldenPath] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether every step came to its end, and no golden path is longer than allowed."""
        return (
            bool(self.steps)
            and all(step.ok for step in self.steps)
            and all(path.ok for path in self.golden)
            and not self.not_walked
        )

    @property
    def not_walked(self) -> list[str]:
        """The golden paths that this tour did not come to the end of."""
        walked = {path.name for path in self.golden}
        return [name for name in PATHS if name not in walked]

    def write(self, *paths: Path) -> None:
        """Write the JSON into each file."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"
        for path in paths:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
