"""The guided tour: the whole working day through the real window, in a program of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from clinic_desktop.tour.golden import PATHS, SITES
from clinic_desktop.tour.hands import Hands, StuckError
from clinic_desktop.tour.papers import text_of
from clinic_desktop.tour.report import GoldenPath, Report, StepReport
from tests.places import open_folder

# A chord or a click is 1, typing is free: the most that the map of keys allows a step.
MOST_HANDS = {
    "today": 1,
    "search": 2,  # the screen, Enter
    "confirm": 3,  # the screen, the card, C
    "done": 2,
    "check-in": 2,
    "seat": 2,
    "register": 5,  # Ctrl+Shift+N, and Enter after each of the four things
    "record": 3,
    "chart": 7,  # the tab, Enter for each of five lines, Ctrl+Z for the tooth that is not lost
    "complete": 3,  # what it will write is looked at first, for its picture
    "note": 8,  # Tab, and an answer or Tab for each place of two templates; twice Ctrl+Enter
    "prescribe": 7,  # the tab, Enter, Ctrl+Enter; Ctrl+S and Enter keep the file; a child's weight
    "invoice": 6,  # the tab, Ctrl+Enter; Ctrl+S and Enter keep the file; Esc twice
}


# A tour of a few of its steps, none of which needs another that is left out.
SOME_STEPS = """
import sys
from clinic_desktop.__main__ import main
from clinic_desktop.tour import day
day.STEPS = tuple(step for step in day.STEPS if step.name in ("opening", "today", "lock"))
sys.exit(main(sys.argv[1:]))
"""


def walked(
    home: Path, out: Path, *options: str | Path, program: tuple[str, str] = ("-m", "clinic_desktop")
) -> subprocess.CompletedProcess[str]:
    """Walk a tour in a program of its own."""
    return subprocess.run(
        [sys.executable, *program, "--home", home, "tour", "--out", out, *options],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A home in which the sample clinic is filled once."""
    with open_folder() as folder:
        yield folder / "home"


@pytest.fixture(scope="module")
def toured(home: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A tour walked once: its folder and its report."""
    out = tmp_path_factory.mktemp("tour")
    told = out / "told.json"
    ended = walked(home, out / "day", "--json", told)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return out / "day", json.loads(told.read_text(encoding="utf-8"))


def test_every_step_comes_to_its_end(toured) -> None:
    folder, report = toured
    assert [step["name"] for step in report["steps"] if not step["ok"]] == []
    assert json.loads((folder / "tour.json").read_text(encoding="utf-8")) == report


def test_every_picture_shows_something(toured) -> None:
    folder, report = toured
    shots = [shot for step in report["steps"] for shot in step["shots"]]
    assert shots
    assert shots == sorted(shots)
    for shot in shots:
        with Image.open(folder / shot) as picture:
            assert picture.size == (1440, 900), shot
            # There is no list where there are more colours than that.
            assert picture.convert("RGB").getcolors(maxcolors=16) is None, shot


def test_hands_do_no_more_than_the_map_of_keys_says(toured) -> None:
    _folder, report = toured
    hands = {step["name"]: step["keys"] + step["clicks"] for step in report["steps"]}
    over = {name: hands[name] for name, most in MOST_HANDS.items() if hands[name] > most}
    assert over == {}


def test_no_golden_path_is_longer_than_the_design_allows(toured) -> None:
    _folder, report = toured
    golden = {path["name"]: path for path in report["golden"]}
    assert set(golden) == set(PATHS)
    assert [name for name, path in golden.items() if not path["ok"]] == []
    for name, path in golden.items():
        assert path["ok"] == (path["keys"] + path["clicks"] <= path["allowed"]), name
    # One key a site: as many as the mouth has, no more.
    assert golden[SITES]["keys"] == golden[SITES]["allowed"] > 20


def test_a_path_that_is_too_long_or_not_walked_fails_the_tour() -> None:
    def report(*golden: GoldenPath) -> Report:
        steps = [StepReport("today", ok=True)]
        return Report("light", 1, "en", steps=steps, golden=list(golden))

    walked = [GoldenPath(name, 1, 0, 1, ok=True) for name in PATHS]
    assert report(*walked).ok
    assert not report(*walked[1:]).ok
    assert report(*walked[1:]).not_walked == [PATHS[0]]
    assert not report(GoldenPath(PATHS[0], 2, 1, 2, ok=False), *walked[1:]).ok


def test_a_step_that_fails_is_told_and_the_others_are_walked(home, toured, tmp_path) -> None:
    """Where the picture of the step is to lie there is something else, so it cannot be kept."""
    day = tmp_path / "day"
    (day / "02-today.png").mkdir(parents=True)
    ended = walked(home, day, program=("-c", SOME_STEPS))
    assert ended.returncode != 0
    steps = {step["name"]: step for step in json.loads((day / "tour.json").read_text())["steps"]}
    assert list(steps) == ["opening", "today", "lock"]
    assert not steps["today"]["ok"]
    assert "02-today.png could not be kept" in steps["today"]["why"]
    assert f"today: {steps['today']['why']}" in ended.stderr
    assert (day / steps["today"]["shots"][-1]).name.endswith("failed-today.png")
    assert steps["opening"]["ok"]
    assert steps["lock"]["ok"]


def test_what_never_comes_is_waited_for_no_longer_than_the_step_has(qapp) -> None:
    hands = Hands(qapp)
    hands.give(0.1)
    with pytest.raises(StuckError, match="in vain for the saved paper"):
        hands.wait(lambda: False, "the saved paper")


def test_papers_name_the_patient(toured) -> None:
    folder, report = toured
    papers = [paper for step in report["steps"] for paper in step["papers"]]
    assert {"invoice.pdf", "prescription.pdf"} <= set(papers)
    assert all((folder / paper).stat().st_size > 0 for paper in papers)
    for paper in papers:
        if paper.endswith(".pdf"):
            assert report["facts"]["patient"] in text_of(folder / paper), paper
