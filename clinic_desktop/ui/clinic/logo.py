"""The clinic's logo: chosen from a file, checked by what it holds, shown as papers will show it."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.domain.images import LARGEST_FILE, check_picture
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.asking_files import ask_file, pictures_folder
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Label

WIDE: Final = 260
HIGH: Final = 90


class LogoEditor(QWidget):
    """A preview on paper white, a button to choose, one to take away.

    ``chosen`` carries the bytes of a picture that was checked, or None.
    """

    chosen = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._content: bytes | None = None
        self.preview = _Preview(theme)
        self.choose = Button(_("Choose a picture"), theme=theme, icon="image", small=True)
        self.remove = Button(_("Take away"), theme=theme, icon="trash-2", small=True, kind="quiet")
        self.words = Label(theme=theme, size="small", role="text_2", wrap=True)
        self.refusal = Label(theme=theme, size="small", role="danger", wrap=True)
        self.refusal.hide()
        column = QVBoxLayout()
        column.setSpacing(6)
        row = QHBoxLayout()
        row.addWidget(self.choose)
        row.addWidget(self.remove)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self.words)
        column.addWidget(self.refusal)
        column.addStretch(1)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(16)
        whole.addWidget(self.preview)
        whole.addLayout(column, 1)
        self.choose.clicked.connect(self.ask_file)
        self.remove.clicked.connect(lambda: self.chosen.emit(None))
        self.setFocusProxy(self.choose)

    def show_logo(self, content: bytes | None) -> None:
        """Show a stored logo."""
        self._content = content
        self.preview.show_picture(content)
        self.remove.setVisible(content is not None)
        self.refusal.hide()
        if content is None:
            self.words.setText(_("PNG or JPEG, 5 MB at most. Papers show it 52 × 18 mm."))
            return
        picture = check_picture(content)
        self.words.setText(
            _("{kind}, {width} × {height} pixels. Papers show it 52 × 18 mm.").format(
                kind=picture.kind.upper(), width=picture.width, height=picture.height
            )
        )

    @Slot()
    def ask_file(self) -> None:
        """Ask which file holds the logo."""
        ask_file(
            self,
            _("Choose the logo"),
            self.take_file,
            filters=[_("Pictures (*.png *.jpg *.jpeg)")],
            folder=pictures_folder(),
        )

    @Slot(str)
    def take_file(self, path: str) -> None:
        """Check a file by its contents and hand it on; a refusal is said here."""
        self.refusal.hide()
        try:
            with Path(path).open("rb") as file:
                # One byte more than allowed is enough to know; the rest is never read.
                content = file.read(LARGEST_FILE + 1)
            check_picture(content)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            self.refuse(_("This file cannot be read: {reason}.").format(reason=reason))
            return
        except InvalidError as refused:
            self.refuse(str(refused))
            return
        self.chosen.emit(content)

    def refuse(self, sentence: str) -> None:
        """Say why a picture was not taken; the one before stays."""
        self.refusal.setText(sentence)
        self.refusal.show()


class _Preview(QFrame):
    """The logo on white, as large as it fits; a word where there is none."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._pixmap: QPixmap | None = None
        self.setProperty("kind", "panel")
        self.setFixedSize(WIDE, HIGH)
        self._none = Label(_("No logo yet"), theme=theme, role="text_3")
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.addWidget(self._none)
        self.setAccessibleName(_("Logo"))

    def show_picture(self, content: bytes | None) -> None:
        """Show another picture, or that there is none."""
        image = QImage() if content is None else QImage.fromData(content)
        self._pixmap = None if image.isNull() else QPixmap.fromImage(image)
        self._none.setVisible(self._pixmap is None)
        self.setAccessibleDescription("" if self._pixmap is None else _("A logo is set."))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the frame and the logo on the white of paper."""
        super().paintEvent(event)
        if self._pixmap is None:
            return
        painter = QPainter(self)
        inside = self.rect().adjusted(1, 1, -1, -1)
        painter.fillRect(inside, Qt.GlobalColor.white)
        ratio = self.devicePixelRatioF()
        room = inside.adjusted(8, 8, -8, -8).size() * ratio
        fitted = self._pixmap.scaled(
            room,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        fitted.setDevicePixelRatio(ratio)
        size = fitted.deviceIndependentSize()
        painter.drawPixmap(
            round(inside.center().x() - size.width() / 2),
            round(inside.center().y() - size.height() / 2),
            fitted,
        )
        painter.end()
