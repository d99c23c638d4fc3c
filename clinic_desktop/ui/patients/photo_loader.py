"""Patients' photos on their way to the screen: asked and decoded where the window does not wait."""

from collections import OrderedDict
from functools import partial
from typing import TYPE_CHECKING, Final
from uuid import UUID

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from clinic_desktop.errors import ClinicError
from clinic_desktop.services import patients
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.widgets.pictures import Avatar

if TYPE_CHECKING:  # asked on a worker; the window knows it by name
    from clinic_desktop.services.context import Context

# About 40 KB each.
KEPT: Final = 120


class PhotoLoader(QObject):
    """Shows the photo of an id in an avatar; a picture never changes, so it is asked for once.

    Until it is there, and where it cannot be had, the initials stand in its place.
    """

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._kept: OrderedDict[UUID, QImage] = OrderedDict()

    def show(self, avatar: Avatar, photo_id: UUID | None) -> None:
        """Show a photo, or the initials for None."""
        avatar.setProperty("photo", photo_id)
        if photo_id is None:
            avatar.set_picture(None)
            return
        known = self._kept.get(photo_id)
        if known is not None:
            self._kept.move_to_end(photo_id)
            avatar.set_picture(known)
            return
        avatar.set_picture(None)
        self._desk.operations.query(
            avatar,
            partial(_small, photo_id=photo_id),
            partial(self._loaded, avatar, photo_id),
            # The initials say who it is; the next opening asks again.
            failed=self._missing,
            key="photo",
        )

    def _loaded(self, avatar: Avatar, photo_id: UUID, image: QImage) -> None:
        if image.isNull():
            return
        self._kept[photo_id] = image
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        if avatar.property("photo") == photo_id:
            avatar.set_picture(image)

    def _missing(self, error: Exception) -> None:
        if not isinstance(error, ClinicError):
            raise error


def _small(ctx: "Context", *, photo_id: UUID) -> QImage:
    return QImage.fromData(patients.photo(ctx, photo_id, small=True))
