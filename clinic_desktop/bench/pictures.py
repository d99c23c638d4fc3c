"""A patient's five hundred images as small pictures: all of them in view, and scrolled past."""

from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

from clinic_desktop.services.context import Who
from clinic_desktop.services.documents.schemas import AttachmentRow
from clinic_desktop.ui.images.thumbs import SIZES, ThumbsModel, ThumbsView
from clinic_desktop.ui.theme.theme import Theme

PICTURES: Final = 500
_WALL: Final = (3000, 3700)
_SCREEN: Final = (1920, 1080)
_STEP: Final = 40
_DAY: Final = date(2026, 3, 12)
_NOBODY: Final = Who(
    person_id=UUID(int=1), login="u_bench", name="Bench", initials="B", job="", language="en",
    clinic_id=UUID(int=1), clinic_name="", site="", zone="Europe/Dublin", locale="en_IE",
    country="IE", currency="EUR", notation="fdi", paper="A4", slot_minutes=15, lock_minutes=10,
    provider_id=None, must_change_password=False, permissions=frozenset(),
)  # fmt: skip


class Pictures:
    """Five hundred cards with a picture, a title, teeth and a day each."""

    def __init__(self, theme: Theme) -> None:
        rows = [_row(number) for number in range(PICTURES)]
        picture = QImage(256, 192, QImage.Format.Format_RGB32)
        picture.fill(QColor("gray"))
        self.view = ThumbsView(theme, _NOBODY)
        theme.dress(self.view)
        self._model = ThumbsModel(_NOBODY)
        self._model.set_rows(rows)
        self._model.set_pictures({row.file_id: picture.copy() for row in rows})
        self.view.use_side(SIZES["small"])
        self.view.setModel(self._model)
        self.view.show()
        self.on_a_wall()
        self._bare = QPixmap.fromImage(picture.scaled(96, 72))

    def on_a_wall(self) -> None:
        """Make room for all of them at once: eleven million pixels."""
        self._size(_WALL)

    def on_a_screen(self) -> None:
        """Take the window of a usual screen; the others are scrolled to."""
        self._size(_SCREEN)

    def _size(self, size: tuple[int, int]) -> None:
        self.view.resize(*size)
        self._target = QPixmap(self.view.size())

    @property
    def shown(self) -> int:
        """How many are in view."""
        seen = self.view.viewport().rect()
        places = range(PICTURES)
        return sum(seen.intersects(self.view.visualRect(self._model.index(n))) for n in places)

    def frame(self) -> None:
        """Paint what is in view once."""
        self.view.viewport().render(self._target)

    def scrolled(self) -> None:
        """Move on a little and paint, from the top again behind the end."""
        bar = self.view.verticalScrollBar()
        bar.setValue((bar.value() + _STEP) % bar.maximum())
        self.frame()

    def bare(self, many: int = PICTURES) -> None:
        """Paint as many pictures with two lines of text as Qt does it alone."""
        across = self._target.width() // 120
        with QPainter(self._target) as painter:
            for number in range(many):
                card = QRect(number % across * 120, number // across * 160, 112, 152)
                painter.fillRect(card, QColor("white"))
                painter.drawRect(card)
                painter.drawPixmap(card.topLeft(), self._bare)
                painter.drawText(card, Qt.AlignmentFlag.AlignBottom, "Bitewing\n16, 17")


def _row(number: int) -> AttachmentRow:
    return AttachmentRow(
        id=UUID(int=number + 1), version=1, file_id=UUID(int=number + 1), kind="intraoral",
        title=f"Bitewing {number}", name="a.jpg", taken_on=_DAY, teeth=(16, 17), note="",
        created_at=datetime(2026, 3, 12, tzinfo=UTC), added_by="Bench", media_type="image/jpeg",
        size=10, width=256, height=192, frames=1,
    )  # fmt: skip
