"""A patient's images as small pictures: a frame with five hundred of them in view."""

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
_WINDOW: Final = (3000, 3700)
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
        self._model = ThumbsModel(_NOBODY)
        self._model.set_rows(rows)
        self._model.set_pictures({row.file_id: picture.copy() for row in rows})
        self.view.use_side(SIZES["small"])
        self.view.setModel(self._model)
        self.view.resize(*_WINDOW)
        self.view.show()
        self._target = QPixmap(self.view.size())
        self._bare = QPixmap.fromImage(picture.scaled(96, 72))
        last = self.view.visualRect(self._model.index(PICTURES - 1))
        self.whole = self.view.viewport().rect().contains(last)

    def frame(self) -> None:
        """Paint all of them once."""
        self.view.viewport().render(self._target)

    def bare(self) -> None:
        """Paint as many pictures with two lines of text as Qt does it alone."""
        with QPainter(self._target) as painter:
            for number in range(PICTURES):
                card = QRect(number % 25 * 120, number // 25 * 160, 112, 152)
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
