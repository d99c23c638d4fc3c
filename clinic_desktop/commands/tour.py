"""``clinic-desktop tour``: the working day through the real window, with pictures and papers."""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Final

from clinic_desktop.db.server import ignore_environment
from clinic_desktop.i18n import LANGUAGES

THEMES: Final = ("light", "dark", "contrast")
# The dots of the screen that the tour brings along where there is none.
WIDTH: Final = 1440
HEIGHT: Final = 900


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add where the pictures go and how the window looks on them."""
    parser.add_argument("--out", type=Path, required=True, help="folder for pictures and papers")
    parser.add_argument("--theme", choices=THEMES, default="light", help="colours of the window")
    parser.add_argument("--scale", type=int, choices=(1, 2), default=1, help="2 for 200 %%")
    parser.add_argument(
        "--locale", choices=tuple(LANGUAGES), default="en", help="language of the window"
    )
    parser.add_argument("--json", type=Path, help="file for the report, also kept in the folder")


def run(args: argparse.Namespace) -> int:
    """Walk through the day; 0 when every step came to its end."""
    ignore_environment()
    # The environment counts for this start alone; the settings of a named home stay as they are.
    os.environ["CLINIC_DESKTOP_THEME"] = args.theme
    os.environ["CLINIC_DESKTOP_LANGUAGE"] = args.locale
    os.environ["CLINIC_DESKTOP_SCALE"] = str(100 * args.scale)
    with tempfile.TemporaryDirectory(prefix="clinic-screen-") as folder:
        _have_display(Path(folder))
        # Qt is loaded only by the commands that need it, and here it must find its display.
        from clinic_desktop.tour.day import tour

        report = tour(
            out=args.out.resolve(),
            home=args.home,
            theme=args.theme,
            scale=args.scale,
            locale=args.locale,
            also=args.json,
        )
    for step in report.steps:
        mark = "ok" if step.ok else "FAILED"
        hands = f"{step.keys:3} keys {step.clicks:3} clicks {step.ms:6} ms"
        print(f"{step.name:<16} {mark:<6} {hands}  {' '.join((*step.shots, *step.papers))}")
    for path in report.golden:
        mark = "ok" if path.ok else "OVER"
        hands = f"{path.keys:3} keys {path.clicks:3} clicks {path.allowed:4} allowed"
        print(f"{path.name:<42} {mark:<6} {hands}")
    for name in report.not_walked:
        print(f"{name:<42} NOT WALKED")
    return 0 if report.ok else 1


def _have_display(folder: Path) -> None:
    """Bring a screen along where the computer has none, or none was chosen."""
    named = os.environ.get("QT_QPA_PLATFORM")
    shown = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    if named == "offscreen" or (named is None and sys.platform.startswith("linux") and not shown):
        screen = {"name": "tour", "x": 0, "y": 0, "width": WIDTH, "height": HEIGHT,
                  "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}  # fmt: skip
        described = folder / "screen.json"
        described.write_text(json.dumps({"screens": [screen]}), encoding="utf-8")
        os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={described}"
