"""Where a person left the windows: geometry, screen, splitters, theme; one file in the home."""

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtCore import QByteArray, QSize
from PySide6.QtWidgets import QHeaderView, QMainWindow, QSplitter, QWidget

from clinic_desktop import files
from clinic_desktop.ui.theme.theme import Theme

log = logging.getLogger(__name__)

FILE_NAME = "layout.json"


class Layout:
    """Remembers per person; knows no patient, so that the file may be read by anyone."""

    def __init__(self, home: Path, person_id: UUID) -> None:
        self._path = home / FILE_NAME
        self._person = str(person_id)

    def recall(self, window: str) -> dict[str, Any]:
        """Return what was remembered for a window of this person, or nothing."""
        found = self._mine().get(window)
        return found if isinstance(found, dict) else {}

    def remember(self, window: str, values: Mapping[str, Any]) -> bool:
        """Write the values of a window; a disk that refuses costs the layout only.

        False when it refused.
        """
        everyone = self._everyone()
        mine = everyone.setdefault(self._person, {})
        mine[window] = {**self.recall(window), **values}
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            part = self._path.with_suffix(".part")
            part.write_text(json.dumps(everyone, indent=1), encoding="utf-8")
            files.put_in_place(part, self._path)
        except OSError as error:
            log.warning("The window layout was not kept: %s", error.strerror)
            return False
        return True

    def _mine(self) -> dict[str, Any]:
        mine = self._everyone().get(self._person)
        return mine if isinstance(mine, dict) else {}

    def _everyone(self) -> dict[str, Any]:
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            # A layout is worth a line in the log, not a sentence to somebody who wants to work.
            log.warning("The window layout could not be read: %s", type(error).__name__)
            return {}
        return found if isinstance(found, dict) else {}


def encode(data: QByteArray) -> str:
    """Return Qt's own bytes as text for the file."""
    return bytes(data.toBase64().data()).decode("ascii")


def decode(text: object) -> QByteArray:
    """Return the bytes that ``encode`` wrote, or none."""
    return QByteArray.fromBase64(text.encode()) if isinstance(text, str) else QByteArray()


def place_window(window: QMainWindow, remembered: Mapping[str, Any], wanted: QSize) -> None:
    """Put the window where it was, or in the middle of what its screen has to give."""
    screen = window.screen().availableGeometry()
    if not window.restoreGeometry(decode(remembered.get("geometry"))):
        window.resize(wanted.boundedTo(screen.size()))
        frame = window.frameGeometry()
        frame.moveCenter(screen.center())
        window.move(frame.topLeft())


def remember_parts(root: QWidget) -> dict[str, str]:
    """Return the states of the named splitters and table heads below a widget."""
    parts: dict[str, str] = {}
    for splitter in root.findChildren(QSplitter):
        if splitter.objectName():
            parts[splitter.objectName()] = encode(splitter.saveState())
    for head in root.findChildren(QHeaderView):
        if head.objectName():
            parts[head.objectName()] = encode(head.saveState())
    return parts


def restore_parts(root: QWidget, parts: object) -> None:
    """Give the named splitters and table heads below a widget their remembered states."""
    if not isinstance(parts, Mapping):
        return
    for splitter in root.findChildren(QSplitter):
        if splitter.objectName() in parts:
            splitter.restoreState(decode(parts[splitter.objectName()]))
    for head in root.findChildren(QHeaderView):
        if head.objectName() in parts:
            head.restoreState(decode(parts[head.objectName()]))


def dress(theme: Theme, remembered: Mapping[str, Any]) -> None:
    """Take theme and density as this person left them."""
    name, density = remembered.get("theme"), remembered.get("density")
    if name in ("light", "dark", "contrast") and name != theme.name:
        theme.use(str(name))
    if density in ("compact", "regular", "touch") and density != theme.density:
        theme.use_density(str(density))
