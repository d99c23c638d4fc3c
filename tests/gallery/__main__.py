"""``python -m tests.gallery --out DIR [--only NAME]``: one PNG for each case, theme and size."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from contextlib import ExitStack
from pathlib import Path
from typing import Final

SCREEN: Final = {"name": "gallery", "x": 0, "y": 0, "width": 1920, "height": 1200,
                 "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}  # fmt: skip


def main() -> int:
    """Draw each scale in a process of its own: Qt takes it once, when it starts."""
    parser = argparse.ArgumentParser(prog="python -m tests.gallery", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for the pictures")
    parser.add_argument("--only", nargs="+", default=[], help="beginnings of names of cases")
    parser.add_argument("--scale", type=int, choices=(100, 200), help="one size alone")
    parser.add_argument("--theme", help="one theme alone: light, dark or contrast")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    if asked.scale is not None:
        return draw(asked.out.resolve(), asked.only, asked.scale, asked.theme)
    only = ["--only", *asked.only] if asked.only else []
    only += ["--theme", asked.theme] if asked.theme else []
    ended = [
        subprocess.run(
            [sys.executable, "-m", "tests.gallery", "--out", asked.out, "--scale", scale, *only],
            check=False,
        ).returncode
        for scale in ("100", "200")
    ]
    return max(ended)


def draw(out: Path, only: list[str], scale: int, theme: str | None) -> int:
    """Draw the cases of one scale; 1 when one of them could not be drawn."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="clinic-gallery-")))
        described = folder / "screen.json"
        described.write_text(json.dumps({"screens": [SCREEN]}), encoding="utf-8")
        os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={described}"
        os.environ["CLINIC_DESKTOP_SCALE"] = str(scale)
        # Only now: Qt must find its screen, and the size that was asked for.
        from clinic_desktop.ui.first_look import FirstLook, dress, make_app
        from clinic_desktop.ui.theme.theme import Theme
        from tests.cluster import TestCluster, prepared
        from tests.conftest import Database
        from tests.gallery.painter import Painter, chosen
        from tests.gallery.place import Place
        from tests.scratch import scratch

        cases = chosen(only, scale)
        if not cases:
            return 0
        app, look = make_app(FirstLook(scale=scale)), Theme()
        dress(app, look)
        root = scratch("clinic-gallery-")
        stack.callback(shutil.rmtree, root, ignore_errors=True)
        subprocess.run(["cp", "-a", prepared(), root / "cluster"], check=True)
        running = TestCluster(root / "cluster")
        running.start()
        stack.callback(running.stop)

        def place_of(scene: str) -> Place:
            home = folder / scene
            home.mkdir(parents=True, exist_ok=True)
            database = Database(running, _copy(running, scene), stack)
            return Place.of(database, look, home)

        painter = Painter(out, scale, place_of)
        bad = 0
        for case in cases:
            began = time.monotonic()
            try:
                made = painter.keep(case, [one for one in case.themes if theme in (None, one)])
            except Exception:  # noqa: BLE001 - the other pictures are still to be drawn
                traceback.print_exc()
                _tell(f"{case.name:<28} FAILED")
                bad = 1
            else:
                seconds = time.monotonic() - began
                _tell(f"{case.name:<28} {scale} % {seconds:5.1f} s  {len(made)}")
        return bad


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _copy(running: "TestCluster", scene: str) -> str:  # noqa: F821 - loaded after Qt has its screen
    from psycopg import sql

    from clinic_desktop.db.connect import open_connection
    from tests.cluster import TEMPLATE

    with open_connection(running.address.superuser_dsn()) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(scene), sql.Identifier(TEMPLATE)
            )
        )
    return scene


if __name__ == "__main__":
    sys.exit(main())
