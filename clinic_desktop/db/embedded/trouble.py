"""What PostgreSQL's own programs reported, turned into sentences about the data folder."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from clinic_desktop import files
from clinic_desktop.db.embedded.paths import Layout
from clinic_desktop.errors import SetupError
from clinic_desktop.i18n import _


class ToolError(Exception):
    """A program of PostgreSQL did not do its work; the text is what it wrote."""


def _as_administrator(folder: Path) -> SetupError:
    """Return the sentence for Windows' administrators, as whom the server runs only when asked."""
    return SetupError(
        _(
            "The database in {folder} cannot be repaired by an administrator. "
            "Open the program without “Run as administrator”."
        ).format(folder=folder)
    )


# The programs run with LC_ALL=C, so what they write is known.
TEXTS: Final[tuple[tuple[str, Callable[[Path], SetupError]], ...]] = (
    ("No space left on device", files.full),
    ("Disk quota exceeded", files.full),
    ("There is not enough space on the disk", files.full),
    ("Read-only file system", files.read_only),
    ("File name too long", files.too_long),
    ("Permission denied", files.denied),
    ("Operation not permitted", files.denied),
    ("user with administrative permissions", _as_administrator),
)


def refusal(error: ToolError, folder: Path, *, more: str = "") -> SetupError:
    """Return the sentence for what was reported; ``more`` is the end of the server's own log."""
    report = f"{error}\n{more}".strip()
    for text, sentence in TEXTS:
        if text in report:
            return sentence(folder)
    return SetupError(
        _(
            "The database in {folder} did not start. Nothing stored was changed. "
            "Run “clinic-desktop doctor” to see what to do. It reported: {report}"
        ).format(folder=folder, report=report[-600:])
    )


def last_words(layout: Layout, *, since: float) -> str:
    """Return the end of what the server wrote after ``since`` (seconds, as files have them)."""
    words = ""
    for path in (layout.start_log, *sorted((layout.data / "log").glob("*.log"))):
        try:
            if path.stat().st_mtime >= since - 1:
                words += path.read_text("utf-8", "replace")[-2_000:]
        except OSError:  # a log that cannot be read says nothing
            continue
    return words
