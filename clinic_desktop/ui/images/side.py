"""One of the two places for an image: the canvas, what must be known about it, its five states."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_desktop.domain.measuring import Spacing, spacing_of
from clinic_desktop.i18n import _
from clinic_desktop.services.documents.schemas import AttachmentRow, MarkRow
from clinic_desktop.ui.documents.notice import Notice
from clinic_desktop.ui.images.canvas import Canvas
from clinic_desktop.ui.images.loading import Loaded
from clinic_desktop.ui.images.mark_painter import length_words
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.panel import StatePanel


class ImageSide(QWidget):
    """Shows one image and what is drawn over it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.row: AttachmentRow | None = None
        self.loaded: Loaded | None = None
        self._marks: tuple[MarkRow, ...] = ()
        self.notice = Notice(theme)
        self.caption = Label(theme=theme, size="small", role="text_2")
        self.caption.setContentsMargins(12, 4, 12, 4)
        self.caption.hide()
        self.canvas = Canvas(theme)
        self.panel = StatePanel(theme=theme, framed=False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notice)
        column.addWidget(self.caption)
        column.addWidget(self.panel, 1)
        self.canvas.setParent(self)
        self.canvas.hide()

    def show_loading(self, row: AttachmentRow) -> None:
        """Another image is on its way."""
        self.row, self.loaded, self._marks = row, None, ()
        self.notice.hide()
        self.canvas.setAccessibleName(row.title)
        self.panel.show_loading(_("Reading the image…"))

    def show_failed(self, sentence: str, again: Callable[[], None]) -> None:
        """Say why it is not there."""
        self.panel.show_failed(sentence, again)

    def show_loaded(self, loaded: Loaded) -> None:
        """Show an image that was read."""
        same = self.loaded is not None and self.loaded.row.id == loaded.row.id
        self.row, self.loaded = loaded.row, loaded
        if not same:
            self._marks = loaded.marks
        self.panel.show_content(self.canvas)
        self.canvas.spacing = self._spacing()
        self.canvas.show_image(loaded.levels, self._of_frame(), keep_look=same)
        if loaded.differs:
            what = ", ".join(loaded.differs)
            sentence = _("The file says {what}. Check that it belongs to this patient.")
            self.notice.tell(sentence.format(what=what), "triangle-alert")

    def show_marks(self, marks: Sequence[MarkRow]) -> None:
        """Show what is drawn over it now."""
        self._marks = tuple(marks)
        if self.loaded is not None:
            self.canvas.spacing = self._spacing()
            self.canvas.show_marks_of(self._of_frame())

    def renamed(self, rows: Sequence[AttachmentRow]) -> None:
        """Take the row of this image from those read again."""
        for row in rows:
            if self.row is not None and row.id == self.row.id:
                self.row = row

    def set_place(self, *, beside: bool, current: bool) -> None:
        """Say which image it is where two are shown, and which of them acts are meant for."""
        self.caption.setVisible(beside and self.row is not None)
        title = self.row.title if self.row is not None else ""
        self.caption.setText(_("{title} (chosen)").format(title=title) if current else title)

    def clear(self) -> None:
        """Let go of the image."""
        self.row, self.loaded, self._marks = None, None, ()
        self.notice.hide()
        self.canvas.show_image((), (), keep_look=False)

    def calibration(self) -> str:
        """Return in words where lengths come from."""
        if self.loaded is None:
            return ""
        if any(mark.shape == "scale" for mark in self._of_frame()):
            return _("calibrated by a known length")
        if self._spacing() is not None:
            return _("calibrated by the file")
        return _("not calibrated")

    def lengths(self) -> str:
        """Return the lengths that are drawn, in words, for who does not see them."""
        spacing = self._spacing()
        found = [mark for mark in self._of_frame() if mark.shape in {"measure", "scale"}]
        return ", ".join(length_words(mark, spacing) for mark in found)

    def _of_frame(self) -> tuple[MarkRow, ...]:
        frame = self.loaded.frame if self.loaded is not None else 0
        return tuple(mark for mark in self._marks if mark.frame == frame)

    def _spacing(self) -> Spacing | None:
        """Return the known length's spacing before the file's own."""
        for mark in self._of_frame():
            if mark.shape == "scale" and mark.mm:
                return spacing_of(mark.points, mark.mm)
        said = self.loaded.said if self.loaded is not None else None
        return said.mm_per_pixel if said is not None else None
