"""A change made at one computer and painted at another, beside the bare signal."""

import queue
import statistics
import time
from contextlib import suppress
from functools import partial
from typing import Any, Final

from PySide6.QtWidgets import QApplication

from clinic_desktop.bench.limit import open_bare
from clinic_desktop.bench.rows import Line, quantile
from clinic_desktop.bench.services import ServiceBench
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.session import SignedIn, Topic
from clinic_desktop.ui.appointments.grid import DayGrid
from clinic_desktop.ui.theme.theme import Theme

ROUNDS: Final = 60
MOST_MS: Final = 50.0


def line(bench: ServiceBench) -> Line:
    """Return how long after the commit the other computer has painted the day anew.

    The first computer's commit begins the time; the second hears of it, reads the day and paints
    it. The limit is one NOTIFY heard by one connection. What is promised is the worst: 95 of 100.
    """
    app = QApplication.instance() or QApplication([])
    theme = Theme("light", "regular")
    theme.apply(app)  # type: ignore[arg-type]  # it is a QApplication
    heard: queue.SimpleQueue[frozenset[Topic]] = queue.SimpleQueue()
    other = SignedIn(bench.person, device="other")
    grid = DayGrid(theme, other.who.locale)
    theme.dress(grid)
    grid.resize(1280, 800)
    grid.show()
    other.listen(heard.put, lambda: None, lambda: None)
    _until_heard(bench, heard)
    took, bare = [], []
    with open_bare(bench.limit) as listens, open_bare(bench.limit) as tells:
        listens.execute("LISTEN bench")
        for _round in range(ROUNDS):
            took.append(_seen(bench, other, heard, grid))
            bare.append(_signal(listens, tells))
    other.close()
    grid.close()
    return Line(
        "a change seen on another computer, painted (95 of 100)",
        quantile(took, 0.95) * 1000,
        quantile(bare, 0.95) * 1000,
        most=MOST_MS,
        more={"median_ms": round(statistics.median(took) * 1000, 3)},
    )


def _until_heard(
    bench: ServiceBench, heard: "queue.SimpleQueue[frozenset[Topic]]", tries: int = 100
) -> None:
    """Book until the other computer hears of it: its feed has connected by then."""
    for _try in range(tries):
        booking = bench.booking()
        bench.write(partial(appointments.book, booking=booking))
        with suppress(queue.Empty):
            heard.get(timeout=0.1)
            return
    raise RuntimeError("nothing was heard of a change")


def _seen(
    bench: ServiceBench, other: SignedIn, heard: "queue.SimpleQueue[Any]", grid: DayGrid
) -> float:
    booking = bench.booking()
    bench.write(lambda ctx: appointments.book(ctx, booking))
    began = time.perf_counter()
    while not any(topic.row_id == booking.id for topic in heard.get(timeout=10)):
        pass
    with other.reading() as ctx:
        sheet = appointments.day(ctx, booking.local_start.date())
    grid.set_sheet(sheet, sheet.now)
    grid.viewport().repaint()
    return time.perf_counter() - began


def _signal(listens: Any, tells: Any) -> float:
    began = time.perf_counter()
    tells.execute("NOTIFY bench")
    for _notice in listens.notifies(timeout=5, stop_after=1):
        pass
    return time.perf_counter() - began
