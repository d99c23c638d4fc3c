"""One line of the measurements, and how a service is timed beside the bare driver."""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from clinic_desktop.bench.limit import Recorder, Replay
from clinic_desktop.services.context import Context
from clinic_desktop.services.session import SignedIn

ROUNDS: Final = 200
WARM: Final = 20
Call = Callable[[Context], object]


@dataclass(frozen=True, slots=True)
class Line:
    """Ours beside the limit of one run, in milliseconds unless ``unit`` says otherwise.

    ``goal`` bounds the ratio, ``most`` ours itself. ``held`` is False when something that must
    not happen did, ``more`` is told beside the line.
    """

    name: str
    ours_ms: float
    limit_ms: float
    goal: float | None = None
    most: float | None = None
    unit: str = "ms"
    held: bool = True
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        """How many times the limit ours takes."""
        return self.ours_ms / self.limit_ms if self.limit_ms else float("inf")

    @property
    def ok(self) -> bool:
        """Whether the goal is reached."""
        return (
            self.held
            and (self.goal is None or self.ratio <= self.goal)
            and (self.most is None or self.ours_ms <= self.most)
        )

    @property
    def wanted(self) -> str:
        """The goal in figures."""
        wanted = [] if self.goal is None else [f"<= {self.goal}x"]
        wanted += [] if self.most is None else [f"<= {self.most:g} {self.unit}"]
        return ", ".join(wanted)

    def as_json(self) -> dict[str, Any]:
        """Return the line as the command prints it.

        ``goal`` is a ratio where there is one; ``most`` stands beside it where ours itself is
        promised, and ``unit`` where that is no time.
        """
        told: dict[str, Any] = {
            "name": self.name,
            "ours_ms": round(self.ours_ms, 3),
            "limit_ms": round(self.limit_ms, 3),
            "ratio": round(self.ratio, 2),
            "goal": self.most if self.goal is None else self.goal,
            "ok": self.ok,
        }
        if self.most is not None:
            told["most"] = self.most
        if self.unit != "ms":
            told["unit"] = self.unit
        return told | dict(self.more)


def line(name: str, ours: Sequence[float], limit: Sequence[float], goal: float) -> Line:
    """Return the medians of two lists of seconds; beside them the ratio of the quietest tenth.

    Other programs lengthen what takes long more often than what takes little; where they run, the
    quiet ratio is the better witness.
    """
    quiet = quantile(ours, 0.1) / quantile(limit, 0.1)
    return Line(
        name,
        statistics.median(ours) * 1000,
        statistics.median(limit) * 1000,
        goal,
        more={"quiet_ratio": round(quiet, 2), "p95_ms": round(quantile(ours, 0.95) * 1000, 3)},
    )


def quantile(took: Sequence[float], share: float) -> float:
    """Return the value below which this share lies."""
    return sorted(took)[min(len(took) - 1, int(len(took) * share))]


def turns(
    ours: Callable[[], object], limit: Callable[[], object], rounds: int, *, warm: int = 3
) -> tuple[list[float], list[float]]:
    """Time two calls turn by turn, so that whatever else runs meets both alike.

    What is drawn waits for nothing: it is counted in processor time, which others do not lengthen.
    """
    took: tuple[list[float], list[float]] = ([], [])
    for turn in range(warm + rounds):
        for call, kept in zip((ours, limit), took, strict=True):
            began = time.thread_time()
            call()
            if turn >= warm:
                kept.append(time.thread_time() - began)
    return took


class Course:
    """Times service calls beside the same statements by the bare driver, turn by turn."""

    def __init__(self, signed_in: SignedIn, recorder: Recorder, replay: Replay) -> None:
        self._signed_in, self._recorder, self._replay = signed_in, recorder, replay

    def read(
        self, name: str, next_call: Callable[[], Call], goal: float, *, rounds: int = ROUNDS
    ) -> Line:
        """Time a read; ``next_call`` makes the call of the next round."""
        signed_in, replay = self._signed_in, self._replay
        return self._run(name, next_call, goal, signed_in.reading, replay.read, rounds)

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
        rounds: int = ROUNDS,
    ) -> Line:
        ours: list[float] = []
        limit: list[float] = []
        warm = min(WARM, rounds // 4)
        for turn in range(warm + rounds):
            call = next_call()
            with self._recorder.recording() as statements:
                began = time.perf_counter()
                with opened() as ctx:
                    call(ctx)
                took = time.perf_counter() - began
            bare = replayed(statements)
            if turn >= warm:
                ours.append(took)
                limit.append(bare)
        return line(name, ours, limit, goal)
