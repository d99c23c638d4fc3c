"""A list of patients brought in while another computer books, beside the bare driver."""

import csv
import multiprocessing
import random
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from clinic_desktop.bench.limit import Recorder, Replay
from clinic_desktop.bench.rows import Line, quantile
from clinic_desktop.bench.services import ServiceBench
from clinic_desktop.bench.spent import Spent
from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import ClinicError
from clinic_desktop.services import imports
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.appointments.schemas import Booking
from clinic_desktop.services.installation.local import LocalInstallation
from clinic_desktop.services.sample.names import family_name, person_name, pick_culture
from clinic_desktop.services.sample.opening import sample_people
from clinic_desktop.services.session import SignedIn

# A hundred thousand rows within a minute.
MOST_MS: Final = 600.0
WORST_MS: Final = 1_000.0
_BOOKINGS: Final = 20_000
_PAUSE_S: Final = 0.05
_HEADERS: Final = ("Record", "First name", "Family name", "DOB", "Sex", "Mobile", "Email")


def lines(place: LocalInstallation, bench: ServiceBench, rows: int) -> Iterator[Line]:
    """Yield the import of so many rows, each thousand, and the longest wait of another computer."""
    people = sample_people(place)
    manager = next(one for one in people if one.role == "admin")
    context = multiprocessing.get_context("spawn")
    done, answers = context.Event(), context.Queue()
    slots = [bench.booking() for _one in range(_BOOKINGS)]
    other = context.Process(
        target=_books, args=(dict(bench.person), slots, done, answers), daemon=True
    )
    importer = SignedIn(place.person(manager.login, manager.password), device="bench")
    replay = Replay(bench.limit)
    recorder = Recorder(*importer.engines)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.csv"
        _write(path, rows)
        with importer.reading() as ctx:
            plan = imports.look(ctx, str(path), kind="patients").plan()
        yield _workbook(place, importer, path, rows)
        other.start()
        answers.get(timeout=60)
        with recorder.recording() as statements, Spent(place) as spent:
            began = time.perf_counter()
            with importer.writing() as ctx:
                report = imports.run(ctx, new_id(), plan)
            took = time.perf_counter() - began
        done.set()
        waits, refused = answers.get(timeout=120)
        other.join()
    limit = replay.write(statements)
    importer.close()
    replay.close()
    thousands = rows / 1000
    yield Line(
        "import patients, each 1,000 rows of a file",
        took / thousands * 1000,
        limit / thousands * 1000,
        most=MOST_MS,
        held=report.added + report.known == rows,
        more={"rows": rows, **spent.told},
    )
    yield Line(
        "a booking while a file is imported, the worst wait",
        max(waits) * 1000,
        quantile(waits, 0.5) * 1000,
        most=WORST_MS,
        held=refused == 0,
        more={"p95_ms": round(quantile(waits, 0.95) * 1000, 3), "bookings": len(waits)},
    )


def _workbook(place: LocalInstallation, importer: SignedIn, path: Path, rows: int) -> Line:
    """Try the list as a workbook, dry, beside the same list in plain text."""
    took: list[float] = []
    spent = Spent(place)
    for file in (path, _as_workbook(path)):
        with importer.reading() as ctx:
            plan = imports.look(ctx, str(file), kind="patients").plan()
            began = time.perf_counter()
            with spent:
                report = imports.check(ctx, plan)
            took.append(time.perf_counter() - began)
    thousands = rows / 1000
    return Line(
        "try a workbook dry, each 1,000 rows, beside plain text",
        took[1] / thousands * 1000,
        took[0] / thousands * 1000,
        most=MOST_MS,
        held=report.records == rows,
        more={"rows": rows, **spent.told},
    )


def _as_workbook(path: Path) -> Path:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    with path.open(encoding="utf-8", newline="") as stream:
        for number, cells in enumerate(csv.reader(stream)):
            row: list[Any] = list(cells)
            if number:
                row[0], row[3] = int(row[0]), date.fromisoformat(row[3])
            sheet.append(row)
    book.save(path.with_suffix(".xlsx"))
    return path.with_suffix(".xlsx")


def _write(path: Path, rows: int) -> None:
    # Other people each time: a clinic that was measured before knows the last ones.
    rng = random.Random()  # noqa: S311 - no secret
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(_HEADERS)
        for n in range(rows):
            culture, sex = pick_culture(rng), rng.choice(("female", "male"))
            name = person_name(rng, culture, family_name(rng, culture), sex=sex)
            born = date(1930, 1, 1) + timedelta(days=rng.randrange(34_000))
            phone = f"086 {rng.randrange(10**7):07}" if n % 10 else ""
            email = f"p{n}@example.org" if n % 3 else ""
            out.writerow([3_000_000 + n, name.given, name.family, born, sex, phone, email])


# -- in the process of the other computer ------------------------------------------------------


def _books(person: dict[str, str], slots: list[Booking], done: Any, answers: Any) -> None:
    """Book one slot after the other until the import is done; tell how long each took."""
    took: list[float] = []
    refused = 0
    signed_in = SignedIn(person, device="other")
    with signed_in.writing() as ctx:
        appointments.book(ctx, slots[0])
    answers.put("ready")
    for slot in slots[1:]:
        began = time.perf_counter()
        try:
            with signed_in.writing() as ctx:
                appointments.book(ctx, slot)
        except ClinicError:
            refused += 1
        took.append(time.perf_counter() - began)
        if done.is_set():
            break
        time.sleep(_PAUSE_S)
    signed_in.close()
    answers.put((took, refused))
