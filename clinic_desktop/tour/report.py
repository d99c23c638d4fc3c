"""What the tour tells: each step with its keys, clicks, time and pictures, as JSON."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path


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


@dataclass
class Report:
    """All steps, in the order they were walked."""

    theme: str
    scale: int
    locale: str
    facts: dict[str, str] = field(default_factory=dict)
    """What the walk met and a reader needs to check it by: the name of the patient."""
    steps: list[StepReport] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether every step came to its end."""
        return bool(self.steps) and all(step.ok for step in self.steps)

    def write(self, *paths: Path) -> None:
        """Write the JSON into each file."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"
        for path in paths:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
