"""The folder that scanner and camera write into: what lies there waits to be added."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from clinic_desktop.domain.uploads import ENDINGS

ADDED: Final = "added"
_LOOK_AGAIN_MS: Final = 700
_MOST: Final = 200
_KNOWN: Final = frozenset(ending for endings in ENDINGS.values() for ending in endings)


class ScanFolder(QObject):
    """Watches one folder. A file waits once two looks in a row find it the same.

    Scanners write slowly: a file that is still growing is not offered.
    """

    changed = Signal()
    """Which files wait, or whether the folder is there, is different now."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._folder: Path | None = None
        self._seen: dict[Path, tuple[int, int]] = {}
        self._waiting: tuple[Path, ...] = ()
        self._reachable = True
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(self.look)
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(_LOOK_AGAIN_MS)
        self._again.timeout.connect(self.look)

    @property
    def waiting(self) -> tuple[Path, ...]:
        """The files that can be added, oldest first."""
        return self._waiting

    @property
    def reachable(self) -> bool:
        """Whether the folder is there; True where none is set."""
        return self._reachable

    def use(self, folder: str) -> None:
        """Watch another folder; an empty text watches none."""
        if self._watcher.directories():
            self._watcher.removePaths(self._watcher.directories())
        self._folder = Path(folder) if folder else None
        self._seen, self._waiting, self._reachable = {}, (), True
        if self._folder is not None and self._folder.is_dir():
            self._watcher.addPath(str(self._folder))
        self.look()

    def look(self, _folder: str = "") -> None:
        """Look what is there, and once more soon while something is new or still growing."""
        found = self._files()
        same = tuple(path for path, state in found.items() if self._seen.get(path) == state)
        settled = len(same) == len(found)
        self._seen = found
        if same != self._waiting or (found and not settled):
            self._waiting = same
            self.changed.emit()
        if not settled:
            self._again.start()

    def _files(self) -> dict[Path, tuple[int, int]]:
        if self._folder is None:
            return {}
        found: dict[Path, tuple[int, int]] = {}
        try:
            for path in sorted(self._folder.iterdir(), key=lambda one: one.name)[:_MOST]:
                # Links may lead anywhere, and programs are not what a scanner makes.
                if path.suffix.lstrip(".").lower() not in _KNOWN or path.is_symlink():
                    continue
                state = path.stat()
                if path.is_file() and state.st_size:
                    found[path] = (state.st_size, state.st_mtime_ns)
        except OSError:
            self._set_reachable(False)
            return {}
        self._set_reachable(True)
        return dict(sorted(found.items(), key=lambda one: one[1][1]))

    def _set_reachable(self, reachable: bool) -> None:
        if reachable != self._reachable:
            self._reachable = reachable
            self.changed.emit()

    def put_away(self, path: Path) -> bool:
        """Move a file that is stored into the folder ``added``; return whether it went.

        Nothing is deleted: until somebody empties that folder the scan is there twice.
        """
        target = path.parent / ADDED
        try:
            target.mkdir(exist_ok=True)
            free = target / path.name
            number = 1
            while free.exists():
                number += 1
                free = target / f"{path.stem} {number}{path.suffix}"
            path.rename(free)
        except OSError:
            return False
        self.look()
        return True
