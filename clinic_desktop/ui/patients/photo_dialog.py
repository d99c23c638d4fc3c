"""A patient's photo: chosen, pasted or dragged here, cut to a square with keys or pointer."""

from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QShortcut,
    QWheelEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinic_desktop.domain import portraits
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.names import initials
from clinic_desktop.domain.portraits import crop_box
from clinic_desktop.i18n import _
from clinic_desktop.services import patients
from clinic_desktop.services.patients.list_schemas import Crop
from clinic_desktop.services.patients.schemas import PatientCard
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.handed_in import Source, files_in
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.asking_files import ask_file, pictures_folder
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.painting import draw_text

if TYPE_CHECKING:  # asked on a worker; the window knows it by name
    from clinic_desktop.services.context import Context

_STEP: Final = 0.03
_LEAST_SIDE: Final = 0.2
_SHOWN: Final = 900
_HIGH: Final = 340


class PhotoDialog(Dialog):
    """Shows the photo there is, or a new one with the square that is kept of it."""

    def __init__(
        self, desk: Desk, parent: QWidget, card: PatientCard, source: Source | None = None
    ) -> None:
        super().__init__(
            _("Photo of {name}").format(name=card.name),
            theme=desk.theme,
            parent=parent,
            sentence=_("Choose a picture, paste it with Ctrl+V, or drag it here."),
            icon="camera",
            width=680,
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAcceptDrops(True)
        self.desk, self._card, self._behind = desk, card, parent
        self._source: Source | None = None
        self._data = b""
        self.cut = Cutting(desk.theme, initials(card.given, card.family))
        self.note = Label(theme=desk.theme, size="small", role="text_2", wrap=True)
        self.refusal = Label(theme=desk.theme, role="danger", wrap=True)
        self.refusal.hide()
        row = QHBoxLayout()
        choose = Button(_("Choose a picture"), theme=desk.theme, icon="image", key="Ctrl+O")
        choose.clicked.connect(self.choose)
        paste = Button(_("Paste"), theme=desk.theme, key="Ctrl+V")
        paste.clicked.connect(self.paste)
        self.remove = Button(_("Remove the photo"), theme=desk.theme, icon="trash-2", key="Del")
        self.remove.clicked.connect(self._remove)
        for button in (choose, paste, self.remove):
            row.addWidget(button)
        row.addStretch(1)
        self.body.addWidget(self.cut)
        self.body.addWidget(self.note)
        self.body.addWidget(self.refusal)
        self.body.addLayout(row)
        for keys, act in (("Ctrl+O", self.choose), ("Ctrl+V", self.paste), ("Del", self._remove)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(act)
        self.set_primary(_("Save the photo"), self._save, key="Ctrl+Enter").setEnabled(False)
        self.remove.setVisible(card.photo_id is not None)
        self.note.setText(_("JPEG, PNG, WebP, TIFF or BMP, 20 MB at most."))
        if source is not None:
            self.take(source)
        elif card.photo_id is not None:
            self._show_stored(card.photo_id)

    def _show_stored(self, photo_id: UUID) -> None:
        def ask(ctx: "Context") -> QImage:
            return QImage.fromData(patients.photo(ctx, photo_id, small=False))

        self.desk.operations.query(
            self, ask, self.cut.show_stored, failed=self._refused, key="photo"
        )

    # -- where it comes from ----------------------------------------------------------------

    def choose(self) -> None:
        """Ask which file, in the system's own window."""
        ask_file(
            self,
            _("Choose a photo"),
            lambda path: self.take(Source(Path(path).name, Path(path))),
            filters=[_("Pictures (*.jpg *.jpeg *.png *.webp *.tif *.tiff *.bmp)")],
            folder=pictures_folder(),
        )

    def paste(self) -> None:
        """Take the picture that was copied."""
        found = files_in(QGuiApplication.clipboard().mimeData())
        if found:
            self.take(found[0])
        else:
            self.refusal.setText(_("There is no picture to paste. Copy one first."))
            self.refusal.show()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a picture that is dragged here."""
        if files_in(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Show the picture that was dropped."""
        self.take(files_in(event.mimeData())[0])
        event.acceptProposedAction()

    def take(self, source: Source) -> None:
        """Read and decode a picture where the window does not wait for it, and show it."""
        self.refusal.hide()
        self.note.setText(_("Reading the picture…"))
        self.desk.operations.query(
            self,
            partial(_opened, source=source),
            partial(self._taken, source),
            failed=self._refused,
            key="photo",
        )

    def _taken(self, source: Source, found: tuple[bytes, QImage]) -> None:
        self._source, (self._data, image) = source, found
        self.cut.show_picture(image)
        self.cut.setFocus()
        self.note.setText(_("The arrows move the square, + and − change its size."))
        self.set_busy(False)

    # -- acts -------------------------------------------------------------------------------

    def _save(self) -> None:
        source = self._source
        if source is None:
            return
        photo, data, crop, patient = new_id(), self._data, self.cut.crop(), self._card.id
        self.set_busy(True)
        self.desk.operations.change(
            self,
            lambda ctx: patients.set_photo(ctx, patient, photo, data, name=source.name, crop=crop),
            lambda before: self._done(before, photo),
            failed=self._refused,
        )

    def _remove(self) -> None:
        patient, photo = self._card.id, self._card.photo_id
        if photo is None or self._source is not None:
            return
        self.desk.operations.change(
            self,
            lambda ctx: patients.show_photo(ctx, patient, None),
            lambda before: self._done(before, None),
            failed=self._refused,
        )

    def _done(self, before: UUID | None, now: UUID | None) -> None:
        desk, behind, patient = self.desk, self._behind, self._card.id

        def undo() -> None:
            desk.operations.change(
                behind,
                lambda ctx: patients.show_photo(ctx, patient, before),
                lambda _now: desk.messages.say(_("Changed back."), "undo-2"),
            )

        words = _("{name} has a new photo.") if now else _("The photo of {name} is removed.")
        desk.messages.undoable(words.format(name=self._card.name), undo)
        self.accept()

    def _refused(self, error: Exception) -> None:
        self.set_busy(self._source is None)
        self.note.setText(_("JPEG, PNG, WebP, TIFF or BMP, 20 MB at most."))
        self.refusal.setText(str(error))
        self.refusal.show()


def _opened(_ctx: "Context", *, source: Source) -> tuple[bytes, QImage]:
    """Return a picture's bytes, and what is shown of it; read and decoded on a worker."""
    data = source.data if source.path is None else patients.read_picture(source.path)
    image = portraits.opened(BytesIO(data), source.name)
    image.thumbnail((_SHOWN, _SHOWN))
    shown = QImage(
        image.tobytes(), image.width, image.height, 3 * image.width, QImage.Format.Format_RGB888
    )
    return data, shown.copy()


class Cutting(QWidget):
    """A picture with the square that is kept; all outside of it is dimmed."""

    def __init__(self, theme: Theme, letters: str) -> None:
        super().__init__()
        self.theme, self._letters = theme, letters
        self._image: QImage | None = None
        self._cuts = False
        self._crop = Crop()
        self.setMinimumHeight(_HIGH)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("The square that is kept of the picture"))

    def show_stored(self, image: QImage) -> None:
        """Show the photo there is; nothing of it is cut."""
        self._image, self._cuts = image, False
        self.update()

    def show_picture(self, image: QImage) -> None:
        """Show a new picture with the largest square in its middle."""
        self._image, self._cuts, self._crop = image, True, Crop()
        self.update()

    def crop(self) -> Crop:
        """Return the square."""
        return self._crop

    def _room(self) -> QRectF:
        """Return where the picture stands."""
        image = self._image
        if image is None or image.isNull():
            return QRectF()
        scale = min(self.width() / image.width(), self.height() / image.height(), 2.0)
        wide, high = image.width() * scale, image.height() * scale
        return QRectF((self.width() - wide) / 2, (self.height() - high) / 2, wide, high)

    def _square(self) -> QRectF:
        room, image, crop = self._room(), self._image, self._crop
        if image is None or room.isEmpty():
            return QRectF()
        scale = room.width() / image.width()
        left, top, right, bottom = crop_box(
            image.width(), image.height(), x=crop.x, y=crop.y, side=crop.side
        )
        return QRectF(
            room.left() + left * scale,
            room.top() + top * scale,
            (right - left) * scale,
            (bottom - top) * scale,
        )

    def put(self, x: float, y: float) -> None:
        """Put the centre of the square there, as far as the picture reaches."""
        image = self._image
        if image is None or not self._cuts:
            return
        half = self._crop.side * min(image.width(), image.height()) / 2
        least = half / image.width(), half / image.height()
        self._crop = Crop(
            x=min(max(x, least[0]), 1 - least[0]),
            y=min(max(y, least[1]), 1 - least[1]),
            side=self._crop.side,
        )
        self.update()

    def grow(self, by: float) -> None:
        """Make the square larger or smaller."""
        if self._cuts:
            side = min(max(self._crop.side + by, _LEAST_SIDE), 1.0)
            self._crop = self._crop.model_copy(update={"side": side})
            self.put(self._crop.x, self._crop.y)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the square by the arrows, change its size by plus and minus."""
        steps = {
            Qt.Key.Key_Left: (-_STEP, 0.0),
            Qt.Key.Key_Right: (_STEP, 0.0),
            Qt.Key.Key_Up: (0.0, -_STEP),
            Qt.Key.Key_Down: (0.0, _STEP),
        }
        step = steps.get(Qt.Key(event.key()))
        if step is not None and self._cuts:
            self.put(self._crop.x + step[0], self._crop.y + step[1])
        elif event.text() in ("+", "=") and self._cuts:
            self.grow(_STEP)
        elif event.text() == "-" and self._cuts:
            self.grow(-_STEP)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Change the size of the square."""
        self.grow(_STEP if event.angleDelta().y() > 0 else -_STEP)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Put the square where it is pressed."""
        self._move_to(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the square."""
        self._move_to(event.position())

    def _move_to(self, at: QPointF) -> None:
        room = self._room()
        if not room.isEmpty():
            self.put((at.x() - room.left()) / room.width(), (at.y() - room.top()) / room.height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw the picture, dimmed outside of the square."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        theme, image = self.theme, self._image
        painter.fillRect(self.rect(), theme.color("sunken"))
        if image is None or image.isNull():
            font = theme.font("figure")
            draw_text(
                painter, QRectF(self.rect()), self._letters, font, theme.color("text_3"),
                align=Qt.AlignmentFlag.AlignHCenter,
            )  # fmt: skip
        else:
            room, square = self._room(), self._square()
            painter.drawImage(room, image)
            if self._cuts:
                painter.save()
                painter.setOpacity(0.62)
                dim = theme.color("inverse")
                for part in _around(room, square):
                    painter.fillRect(part, dim)
                painter.restore()
                painter.setPen(QPen(theme.color("focus"), 2))
                painter.drawRect(square)
        if self.hasFocus():
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        painter.end()


def _around(room: QRectF, square: QRectF) -> tuple[QRectF, ...]:
    """Return what of the room lies above, below, left and right of the square."""
    return (
        QRectF(room.left(), room.top(), room.width(), square.top() - room.top()),
        QRectF(room.left(), square.bottom(), room.width(), room.bottom() - square.bottom()),
        QRectF(room.left(), square.top(), square.left() - room.left(), square.height()),
        QRectF(square.right(), square.top(), room.right() - square.right(), square.height()),
    )
