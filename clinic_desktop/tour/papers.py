"""The papers that the tour prints: their pages as pictures, their text to be checked."""

from pathlib import Path
from typing import Final

from clinic_desktop.documents.preview import Preview

DOTS_PER_INCH: Final = 110


def pages_as_png(paper: Path) -> list[Path]:
    """Write each page of a PDF beside it as PNG and return the pictures' paths."""
    written = []
    with Preview(paper.read_bytes()) as preview:
        for number in range(len(preview.sizes)):
            page = paper.with_name(f"{paper.stem}-page-{number + 1}.png")
            page.write_bytes(preview.png(number, DOTS_PER_INCH))
            written.append(page)
    return written


def text_of(paper: Path) -> str:
    """Return the text of all pages as a reader copies it."""
    with Preview(paper.read_bytes()) as preview:
        return "\n".join(preview.text(number) for number in range(len(preview.sizes)))
