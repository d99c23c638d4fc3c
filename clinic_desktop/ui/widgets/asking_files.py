"""The system's own window for files and folders: it is opened and never waited for.

What waits for its answer would run the program inside itself, and a lock, a change of person or a
lost server would come in the middle of the act that asked.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QWidget


def ask_file(
    parent: QWidget,
    title: str,
    taken: Callable[[str], object],
    *,
    filters: Sequence[str] = (),
    folder: str = "",
) -> None:
    """Ask for one file that is there; ``taken`` is told its path."""
    dialog = _dialog(parent, title, filters, folder, QFileDialog.FileMode.ExistingFile)
    dialog.fileSelected.connect(taken)
    dialog.open()


def ask_files(
    parent: QWidget,
    title: str,
    taken: Callable[[list[str]], object],
    *,
    filters: Sequence[str] = (),
    folder: str = "",
) -> None:
    """Ask for files that are there; ``taken`` is told their paths."""
    dialog = _dialog(parent, title, filters, folder, QFileDialog.FileMode.ExistingFiles)
    dialog.filesSelected.connect(taken)
    dialog.open()


def ask_folder(
    parent: QWidget, title: str, taken: Callable[[str], object], *, folder: str = ""
) -> None:
    """Ask for a folder; ``taken`` is told its path."""
    dialog = _dialog(parent, title, (), folder, QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.fileSelected.connect(taken)
    dialog.open()


def ask_where(
    parent: QWidget,
    title: str,
    taken: Callable[[str], object],
    *,
    name: str,
    filters: Sequence[str] = (),
    folder: str = "",
) -> None:
    """Ask where a file of this name is to stand; its ending is added where none is typed."""
    dialog = _dialog(parent, title, filters, folder, QFileDialog.FileMode.AnyFile)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.selectFile(name)
    dialog.setDefaultSuffix(name.rpartition(".")[2])
    dialog.fileSelected.connect(taken)
    dialog.open()


def pictures_folder() -> str:
    """Return where this person's pictures are."""
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)


def papers_folder() -> str:
    """Return where this person's documents are."""
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)


def _dialog(
    parent: QWidget, title: str, filters: Sequence[str], folder: str, mode: QFileDialog.FileMode
) -> QFileDialog:
    dialog = QFileDialog(parent, title, folder)
    dialog.setFileMode(mode)
    if filters:
        dialog.setNameFilters(list(filters))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return dialog
