"""One line of the measurements, and how a service is timed beside the bare driver."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from clinic_desktop.bench.limit import Recorder, Replay
from clinic_desktop.services.context import Context
from clinic_desktop.services.session import SignedIn

ROUNDS: Final = 120
WARM: Final = 20
Call = Callable[[Context], object]


@dataclass(frozen=True, slots=True)
class Line:
    """Ours beside the limit, medians of one run in milliseconds; ``goal`` bounds the ratio."""

    name: str
    ours_ms: float
    limit_ms: float
    goal: float

    @property
    def ratio(self) -> float:
        """How many times the limit ours takes."""
        return self.ours_ms / self.limit_ms if self.limit_ms else float("inf")

    @property
    def ok(self) -> bool:
        """Whether the goal is reached."""
        return self.ratio <= self.goal

    def as_json(self) -> dict[str, Any]:
        """Return the line as the command prints it."""
        return {
            "name": self.name,
            "ours_ms": round(self.ours_ms, 3),
            "limit_ms": round(self.limit_ms, 3),
            "ratio": round(self.ratio, 2),
            "goal": self.goal,
            "ok": self.ok,
        }


def line(name: str, ours: list[float], limit: list[float], goal: float) -> Line:
    """Return the medians of two lists of seconds."""
    return Line(name, statistics.median(ours) * 1000, statistics.median(limit) * 1000, goal)


class Course:
    """Times service calls beside the same statements by the bare driver, turn by turn."""

    def __init__(self, signed_in: SignedIn, recorder: Recorder, replay: Replay) -> None:
        self._signed_in, self._recorder, self._replay = signed_in, recorder, replay

    def read(self, name: str, next_call: Callable[[], Call], goal: float) -> Line:
        """Time a read; ``next_call`` makes the call of the next round."""
        return self._run(name, next_call, goal, self._signed_in.reading, self._replay.read)

    def write(self, name: str, next_call: Callable[[], Call], goal: float) -> Line:
        """Time a write, committed each round, on both databases."""
        return self._run(name, next_call, goal, self._signed_in.writing, self._replay.write)

    def prepare(self, call: Call) -> Any:
        """Do something on both databases that is not measured."""
        with self._recorder.recording() as statements, self._signed_in.writing() as ctx:
            result = call(ctx)
        self._replay.write(statements)
        return result

    def _run(
        self,
        name: str,
        next_call: Callable[[], Call],
        goal: float,
        opened: Callable[[], Any],
        replayed: Callable[[Any], float],
    ) -> Line:
        ours: list[float] = []
        limit: list[float] = []
        for turn in range(WARM + ROUNDS):
            call = next_call()
            with self._recorder.recording() as statements:
                began = time.perf_counter()
                with opened() as ctx:
                    call(ctx)
                took = time.perf_counter() - began
            bare = replayed(statements)
            if turn >= WARM:
                ours.append(took)
                limit.append(bare)
        return line(name, ours, limit, goal)
