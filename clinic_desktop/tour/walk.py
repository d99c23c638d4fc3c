"""The walk: the real program on the sample clinic, its steps, pictures and papers."""

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QWidget

from clinic_desktop.config import Settings
from clinic_desktop.tour.golden import ALLOWED, Allowed
from clinic_desktop.tour.hands import Hands, StuckError, visible
from clinic_desktop.tour.papers import pages_as_png
from clinic_desktop.tour.report import GoldenPath, Report, StepReport
from clinic_desktop.ui.app import Program
from clinic_desktop.ui.crash import describe
from clinic_desktop.ui.documents.preview import PaperPreview
from clinic_desktop.ui.first_look import Start, make_app
from clinic_desktop.ui.garbage import Garbage
from clinic_desktop.ui.main_window import MainWindow
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.session import Session
from clinic_desktop.ui.widgets.panel import StatePanel

STEP_SECONDS: Final = 20.0
GIVING_UP_SECONDS: Final = 3.0
# A sample clinic is set up first: a new server, 300 invented patients.
OPENING_SECONDS: Final = 240.0
REPORT_FILE: Final = "tour.json"


@dataclass(frozen=True)
class Step:
    """A step of the day; it runs when all of ``needs`` came to their end."""

    name: str
    do: Callable[["Walk"], None]
    needs: tuple[str, ...] = ()
    seconds: float = STEP_SECONDS


@dataclass
class Walk:
    """One tour; the steps drive it and read what the screens show."""

    program: Program
    hands: Hands
    out: Path
    report: Report
    bugs: list[str] = field(default_factory=list)
    garbage: Garbage | None = None

    @property
    def said(self) -> dict[str, str]:
        """What earlier steps read from the screens: names, amounts, numbers."""
        return self.report.facts

    # -- what is there ----------------------------------------------------------------------

    @property
    def session(self) -> Session:
        """Whoever works now."""

        def entered() -> Session | None:
            guard = self.program.guard
            session = guard.active if guard is not None else None
            return session if session is not None and session.main is not None else None

        return self.hands.wait(entered, "somebody at work")

    @property
    def window(self) -> MainWindow:
        """The window of whoever works now."""
        main = self.session.main
        if main is None:
            raise StuckError("The window is closed.")
        return main

    @property
    def message(self) -> str:
        """The sentence at the foot of the window."""
        return self.window.desk.messages.current.text

    def screen(self, name: str) -> Screen:
        """Return a screen once it is in front and everything on it is loaded."""

        def in_front() -> Screen | None:
            stack = self.window.stack
            return stack.screen_shown() if stack.name == name else None

        found = self.hands.wait(in_front, f"the screen “{name}”")
        self.settle()
        return found

    def fit(self) -> None:
        """Give window and lock the size of the screen that the tour brought along."""
        if QGuiApplication.platformName() != "offscreen":
            return
        size = self.window.screen().size()
        self.window.setMinimumSize(self.window.minimumSize().boundedTo(size))
        self.window.move(0, 0)
        self.window.resize(size)
        self.settle()

    def number_of(self, name: str) -> str:
        """Return the key that opens a screen of the rail."""
        return f"Ctrl+{self.window.rail.order.index(name) + 1}"

    def settle(self) -> None:
        """Wait until nothing is under way and nothing on the window is still loading."""
        for _look in range(2):
            self.hands.wait(self._quiet, "the program to be done with what it was asked")

    def _quiet(self) -> bool:
        guard = self.program.guard
        session = guard.active if guard is not None else None
        if self.program.tasks.busy or (session is not None and not session.operations.quiet):
            return False
        if session is None or session.main is None:
            return True
        panels = visible(session.main, StatePanel)
        return not any(panel.state in ("blank", "loading") for panel in panels)

    # -- pictures and papers ----------------------------------------------------------------

    def shot(self, name: str) -> None:
        """Keep a picture of all that is seen now, numbered in the order of the day."""
        self.settle()
        self.keep_picture(name)

    def keep_picture(self, name: str) -> None:
        """Keep a picture of what is seen, also when something is still under way."""
        number = len(list(self.out.glob("[0-9][0-9]-*.png"))) + 1
        path = self.out / f"{number:02}-{name}.png"
        picture = self._picture()
        if picture.isNull() or not picture.save(str(path)):
            raise StuckError(f"The picture {path.name} could not be kept.")
        self.report.steps[-1].shots.append(path.name)

    def _picture(self) -> QPixmap:
        """Return the window with the dialogs and menus that lie over it."""
        guard = self.program.guard
        main = guard.active.main if guard is not None and guard.active is not None else None
        ground: QWidget = main if main is not None else self.program.frame
        picture = ground.grab()
        painter = QPainter(picture)
        corner = ground.mapToGlobal(QPoint(0, 0))
        for over in QApplication.topLevelWidgets():
            if over is not ground and over.isVisible() and over.isWindow():
                painter.drawPixmap(over.mapToGlobal(QPoint(0, 0)) - corner, over.grab())
        painter.end()
        return picture

    def save_paper(self, preview: PaperPreview, name: str) -> Path:
        """Save what a preview shows through its own dialog, and its pages as pictures."""
        path = self.out / f"{name}.pdf"
        self.hands.wait(lambda: preview.pages.count > 0, "the pages of the paper")
        self.shot(name)
        self.hands.key("Ctrl+S")
        dialog = self.hands.wait(self._file_dialog, "the question where to save")
        self.hands.find(dialog, QLineEdit)
        self.hands.retype(str(path))
        self.hands.key("Enter")
        self.hands.wait(lambda: self._file_dialog() is None and path.exists(), "the saved paper")
        step = self.report.steps[-1]
        step.papers.append(path.name)
        step.papers += [page.name for page in pages_as_png(path)]
        return path

    def _file_dialog(self) -> QFileDialog | None:
        return next(
            (
                w
                for w in QApplication.topLevelWidgets()
                if isinstance(w, QFileDialog) and w.isVisible()
            ),
            None,
        )

    @contextmanager
    def golden(self, name: str) -> Iterator[Allowed]:
        """Count what a golden path takes; what it yields may allow more for the patient at hand."""
        keys, clicks = self.hands.keys, self.hands.clicks
        allowed = Allowed(ALLOWED.get(name, 0))
        yield allowed
        keys, clicks = self.hands.keys - keys, self.hands.clicks - clicks
        most = allowed.most
        self.report.golden.append(GoldenPath(name, keys, clicks, most, keys + clicks <= most))

    # -- the day ----------------------------------------------------------------------------

    def go(self, steps: Sequence[Step]) -> None:
        """Do every step whose needs were met, and write down how it went."""
        done: set[str] = set()
        for step in steps:
            report = StepReport(step.name)
            self.report.steps.append(report)
            missing = [need for need in step.needs if need not in done]
            if missing:
                report.why = f"Not begun, because “{missing[0]}” did not come to its end."
            elif self._do(step, report):
                done.add(step.name)
            if report.why:
                sys.stderr.write(f"{step.name}: {report.why}\n")
            # After each step, so that a tour that is broken off tells how far it came.
            self.report.write(self.out / REPORT_FILE)

    def _do(self, step: Step, report: StepReport) -> bool:
        hands = self.hands
        hands.give(step.seconds)
        hands.keys = hands.clicks = 0
        self.bugs.clear()
        began = time.monotonic()
        try:
            step.do(self)
            report.ok = True
        except StuckError as error:
            report.why = str(error)
        except Exception as error:  # noqa: BLE001 - the other steps of the day still have to run
            report.why = f"The step itself failed: {describe(error)}: {error}"
        report.ms = round((time.monotonic() - began) * 1000)
        report.keys, report.clicks = hands.keys, hands.clicks
        if not report.ok:
            self._give_up()
        return report.ok

    def _give_up(self) -> None:
        """Keep a picture of the failure and close what is open, so that the next step can begin."""
        self.bugs.clear()
        self.hands.give(GIVING_UP_SECONDS)
        with suppress(StuckError):
            self.keep_picture(f"failed-{self.report.steps[-1].name}")
            for _press in range(4):
                # What Esc closes may be gone before the key is up.
                with suppress(RuntimeError):
                    self.hands.key("Esc")
            for dialog in QApplication.topLevelWidgets():
                if dialog.isModal() and dialog.isVisible():
                    dialog.close()


def open_walk(home: Path, out: Path, report: Report) -> Walk:
    """Open the program on the sample clinic of a home, as ``clinic-desktop demo`` does."""
    settings = Settings.load(home)
    app = make_app(settings)
    # Dialogs of the system take no keys of ours.
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    program = Program(app, Start(home=home, demo=True), settings)
    hands = Hands(app)
    walk = Walk(program, hands, out, report, garbage=Garbage(program))
    hands.trouble = lambda: walk.bugs[0] if walk.bugs else ""
    program.crash.reported.connect(
        lambda details: walk.bugs.append(f"The program failed: {details}")
    )
    program.begin()
    return walk


def clear(out: Path) -> None:
    """Take the files of an earlier tour out of the folder; others stay."""
    out.mkdir(parents=True, exist_ok=True)
    told = out / REPORT_FILE
    try:
        steps = json.loads(told.read_text(encoding="utf-8"))["steps"]
        names = [name for step in steps for name in (*step["shots"], *step["papers"])]
    except (FileNotFoundError, ValueError, KeyError):
        return
    for name in (*names, REPORT_FILE):
        (out / Path(name).name).unlink(missing_ok=True)


class Home:
    """A home that lasts as long as the tour, unless one is named."""

    def __init__(self, named: Path | None) -> None:
        self._made = named is None
        self.path = named or Path(tempfile.mkdtemp(prefix="clinic-tour-"))

    def __enter__(self) -> Path:
        """Return the folder; the account of root's database server may pass it."""
        self.path.mkdir(parents=True, exist_ok=True)
        if self._made:
            self.path.chmod(0o711)
        return self.path

    def __exit__(self, *_raised: object) -> None:
        """Remove a folder that was made for the tour."""
        if self._made:
            shutil.rmtree(self.path, ignore_errors=True)
