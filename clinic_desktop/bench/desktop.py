"""The whole program in a process of its own: when it paints, and how much memory it holds."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import clinic_desktop
from clinic_desktop.bench.rows import Line

STARTS: Final = 7
MOST_MB: Final = 220.0
_SECONDS: Final = 240


def lines() -> Iterator[Line]:
    """Yield the first frame of a warm start, and the memory with a day open."""
    with _folder() as home:
        yield _first_frame(home)
    with _folder() as home:
        yield _memory(home)


@contextmanager
def _folder() -> Iterator[Path]:
    """Yield a home that the server's account can pass."""
    with tempfile.TemporaryDirectory(prefix="clinic-bench-home-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


def _first_frame(home: Path) -> Line:
    took: dict[str, list[float]] = {"window": [], "bare": []}
    for start in range(STARTS + 1):
        for what, kept in took.items():
            began = time.time()
            told = _told(what, home)
            if start:  # the first one finds nothing in the system's memory
                kept.append((told["painted"] - began) * 1000)
    ours, bare = (statistics.median(kept) for kept in took.values())
    return Line("the first painted frame, warm", ours, bare, 2.0)


def _memory(home: Path) -> Line:
    # The first start makes the sample clinic as well, and keeps what that took.
    making = _told("day", home)["mb"]
    ours, bare = _told("day", home)["mb"], _told("bare", home)["mb"]
    return Line(
        "memory of the desktop with a day open", ours, bare, most=MOST_MB, unit="MB",
        more={"making_the_sample_mb": making},
    )  # fmt: skip


def _told(what: str, home: Path) -> dict[str, Any]:
    """Start a window in a process of its own and return what it says of itself.

    Its modules are compiled by the first start and never again, as everywhere but on a computer
    whose Python is told to keep nothing.
    """
    ours = {
        "PYTHONPATH": str(Path(clinic_desktop.__file__).parent.parent),
        "PYTHONPYCACHEPREFIX": str(home / "compiled"),
        "PYTHONDONTWRITEBYTECODE": "",
    }
    done = subprocess.run(  # noqa: S603 - ourselves
        [sys.executable, "-m", "clinic_desktop.bench.shown", what, str(home)],
        env={**os.environ, **ours},
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    answers = [text for text in done.stdout.splitlines() if text.startswith("{")]
    if not answers:
        raise RuntimeError(f"{what}: {done.stderr.strip()[-500:]}")
    told: dict[str, Any] = json.loads(answers[-1])
    return told
