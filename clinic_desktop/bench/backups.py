"""A whole backup beside bare pg_dump, and the search while a drill restores it on a scratch server.

The drill is held and let go turn by turn, so that whatever else runs meets both searches alike.
"""

import multiprocessing
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import psutil

from clinic_desktop.bench.rows import Line, line
from clinic_desktop.bench.services import ServiceBench
from clinic_desktop.db.embedded.address import PidFile
from clinic_desktop.db.embedded.paths import Layout
from clinic_desktop.ranks import step_back
from clinic_desktop.services.backup.keys import make_key
from clinic_desktop.services.backup.local import DRILL, drill, site_of
from clinic_desktop.services.backup.programs import connection, fitting
from clinic_desktop.services.backup.run import Site, back_up
from clinic_desktop.services.backup.settings import FolderPlace
from clinic_desktop.services.backup.taking import set_key
from clinic_desktop.services.installation.local import LocalInstallation

MOST_SECONDS: Final = 60.0
MOST_BARE: Final = 1.5
MOST_SLOWER: Final = 1.3
SEARCHES: Final = 12
SETTLE: Final = 0.3
LONGEST: Final = 300.0


def lines(services: ServiceBench, place: LocalInstallation) -> Iterator[Line]:
    """Yield the backup's row and the drill's."""
    with tempfile.TemporaryDirectory(dir=place.root.parent) as folder:
        Path(folder).chmod(0o711)
        # A folder of its own: the measured clinic keeps its places and its newest chain.
        root = Path(folder) / "site"
        disk = Path(folder) / "disk"
        root.mkdir(mode=0o711)
        disk.mkdir()
        site = Site(root, site_of(place).dsn)
        set_key(site.kept, make_key("a passphrase for measuring"))
        site.kept.add_place(FolderPlace(name="disk", folder=disk))
        yield _whole(site)
        yield _search(services, site)


# -- the backup ---------------------------------------------------------------------------------


def _whole(site: Site) -> Line:
    """Make one backup into one folder; the limit is pg_dump of the same rows into nothing."""
    bare = _bare(site)
    with _Peak() as peak:
        began, spent = time.perf_counter(), _processor()
        outcome = back_up(site)
        took, spent = time.perf_counter() - began, _processor() - spent
    return Line(
        "a whole backup, dumped, sealed and stored",
        took,
        bare,
        goal=MOST_BARE,
        most=MOST_SECONDS,
        unit="s",
        held=outcome is not None and outcome.good,
        more={
            "mb": round((outcome.size if outcome else 0) / 1e6, 1),
            "processor_s": round(spent, 1),
            "memory_mb": round(peak.megabytes, 1),
        },
    )


def _bare(site: Site) -> float:
    programs = fitting(16)
    target, environment = connection(site.dsn, programs)
    began = time.perf_counter()
    subprocess.run(  # noqa: S603 - our own program with our own arguments
        [
            programs.path("pg_dump"), f"--dbname={target}", "--format=custom", "--compress=1",
            "--exclude-table-data=jobs.*", "--no-password",
        ],
        stdout=subprocess.DEVNULL,
        env=environment,
        check=True,
    )  # fmt: skip
    return time.perf_counter() - began


def _processor() -> float:
    """Return the seconds of processor time of this process and the programs it has run."""
    # Windows does not tell of programs that have ended.
    used = psutil.Process().cpu_times()
    return float(used.user + used.system + used.children_user + used.children_system)


class _Peak:
    """By how much this process grew at most, asked twenty times a second."""

    def __enter__(self) -> "_Peak":
        self._process, self._stop = psutil.Process(), threading.Event()
        self._before = self._most = self._process.memory_info().rss
        self._asks = threading.Thread(target=self._ask, daemon=True)
        self._asks.start()
        return self

    def _ask(self) -> None:
        while not self._stop.wait(0.05):
            self._most = max(self._most, self._process.memory_info().rss)

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._asks.join()

    @property
    def megabytes(self) -> float:
        """The growth in MB."""
        return (self._most - self._before) / 1e6


# -- the search while a drill runs --------------------------------------------------------------


def _search(services: ServiceBench, site: Site) -> Line:
    context = multiprocessing.get_context("spawn")
    answer: Any = context.Queue()
    worker = context.Process(target=_drills, args=(site.root, dict(site.dsn), answer), daemon=True)
    busy: list[float] = []
    quiet: list[float] = []
    for _warm in range(3 * SEARCHES):
        services.timed_search()
    worker.start()
    held = _Held(worker.pid or 0, Layout(site.root / DRILL))
    began = time.monotonic()
    try:
        while worker.is_alive() and time.monotonic() - began < LONGEST:
            held.go()
            time.sleep(SETTLE)
            busy += [services.timed_search() for _one in range(SEARCHES)]
            if not worker.is_alive():
                break
            held.hold()
            quiet += [services.timed_search() for _one in range(SEARCHES)]
    finally:
        held.go()
    worker.join(LONGEST)
    failed = answer.get(timeout=10)
    if failed:
        raise RuntimeError(failed)
    found = line("search while a drill runs", busy, quiet, MOST_SLOWER)
    more = {**found.more, "rounds": len(quiet), "drill_s": round(time.monotonic() - began, 1)}
    return Line(found.name, found.ours_ms, found.limit_ms, found.goal, more=more)


def _drills(root: Path, dsn: dict[str, str], answer: Any) -> None:
    """Try the newest backup as the worker does."""
    step_back()
    try:
        drill(Site(root, dsn))
    except Exception as error:  # noqa: BLE001 - told to whoever started us
        answer.put(f"{type(error).__name__}: {error}")
    else:
        answer.put("")


class _Held:
    """The worker with all it has started, and the scratch server, which is no child of it."""

    def __init__(self, worker: int, scratch: Layout) -> None:
        self._worker, self._scratch = worker, scratch
        self._stopped: list[psutil.Process] = []

    def hold(self) -> None:
        """Stop each; whatever starts others comes first."""
        roots = [self._worker]
        claim = PidFile.read(self._scratch.pid_file)
        if claim is not None:
            roots.append(claim.pid)
        for root in roots:
            with suppress(psutil.NoSuchProcess):
                self._stop(psutil.Process(root))

    def _stop(self, process: psutil.Process) -> None:
        process.suspend()
        self._stopped.append(process)
        for child in process.children():
            with suppress(psutil.NoSuchProcess):
                self._stop(child)

    def go(self) -> None:
        """Let each go on."""
        for process in self._stopped:
            with suppress(psutil.NoSuchProcess):
                process.resume()
        self._stopped.clear()
