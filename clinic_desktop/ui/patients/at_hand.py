"""Acts on a patient that list and record share: the star, the tags; each can be undone."""

from collections.abc import Callable
from uuid import UUID

from PySide6.QtWidgets import QWidget

from clinic_desktop.i18n import _
from clinic_desktop.services import patients
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.patients.tag_picker import TagPicker


def toggle_star(
    desk: Desk,
    owner: QWidget,
    patient_id: UUID,
    name: str,
    *,
    on: bool,
    done: Callable[[], None],
) -> None:
    """Star a patient or take the star away."""

    def told(_changed: bool) -> None:
        words = _("{name} is starred.") if on else _("{name} is no longer starred.")

        def undo() -> None:
            desk.operations.change(
                owner, lambda ctx: patients.set_star(ctx, patient_id, on=not on), lambda _so: done()
            )

        desk.messages.undoable(words.format(name=name), undo)
        done()

    desk.operations.change(owner, lambda ctx: patients.set_star(ctx, patient_id, on=on), told)


def pick_tags(
    desk: Desk, owner: QWidget, patient_id: UUID, name: str, carried: tuple[UUID, ...]
) -> None:
    """Open the list of tags for a patient."""
    TagPicker(desk, owner, patient_id, name, carried).open()
