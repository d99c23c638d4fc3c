"""The guided tour: the whole working day through the real window, in a program of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from clinic_desktop.tour.golden import PATHS, SITES
from clinic_desktop.tour.papers import text_of
from clinic_desktop.tour.report import GoldenPath, Report, StepReport

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


def walked(out: Path, *options: str | Path) -> subprocess.CompletedProcess[str]:
    """Walk a tour in a program of its own."""
    return subprocess.run(
        [sys.executable, "-m", "clinic_desktop", "tour", "--out", out, *options],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def toured(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A tour walked once: its folder and its report."""
    out = tmp_path_factory.mktemp("tour")
    told = out / "told.json"
    ended = walked(out / "day", "--json", told)
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
            colours = picture.convert("RGB").getcolors(maxcolors=1 << 24)
        assert colours is not None
        assert len(colours) > 16, shot


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


def test_a_step_that_fails_is_told_and_the_others_are_walked(tmp_path) -> None:
    """The folder for the papers cannot be written, so the steps that print cannot end."""
    day = tmp_path / "day"
    (day / "prescription.pdf").mkdir(parents=True)
    ended = walked(day)
    assert ended.returncode != 0
    steps = {step["name"]: step for step in json.loads((day / "tour.json").read_text())["steps"]}
    assert not steps["prescribe"]["ok"]
    assert steps["prescribe"]["why"]
    assert (day / steps["prescribe"]["shots"][-1]).name.endswith("failed-prescribe.png")
    assert steps["lock"]["ok"]


def test_papers_name_the_patient(toured) -> None:
    folder, report = toured
    papers = [paper for step in report["steps"] for paper in step["papers"]]
    assert {"invoice.pdf", "prescription.pdf"} <= set(papers)
    assert all((folder / paper).stat().st_size > 0 for paper in papers)
    for paper in papers:
        if paper.endswith(".pdf"):
            assert report["facts"]["patient"] in text_of(folder / paper), paper
