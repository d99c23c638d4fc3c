"""Files and pictures that a person drags or pastes into a window."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMimeData
from PySide6.QtGui import QImage

from clinic_desktop.i18n import _


@dataclass(frozen=True)
class Source:
    """A file of this computer, or bytes that were pasted under a name."""

    name: str
    path: Path | None = None
    data: bytes = b""


def files_in(data: QMimeData | None) -> tuple[Source, ...]:
    """Return the files that a drop or the clipboard holds; a copied picture becomes a PNG."""
    if data is None:
        return ()
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    if paths:
        return tuple(Source(path.name, path) for path in paths)
    image = data.imageData() if data.hasImage() else None
    if isinstance(image, QImage) and not image.isNull():
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")  # type: ignore[call-overload]  # Qt takes the name as text
        return (Source(_("Pasted picture") + ".png", data=bytes(buffer.data().data())),)
    return ()
