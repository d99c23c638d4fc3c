"""Putting a template into the note that is being written: asked for, chosen by typing, inserted."""

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from clinic_desktop.domain.note_templates import filled
from clinic_desktop.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.notes.places import PlacesText
from clinic_desktop.ui.widgets.pick import Option, PickDialog

if TYPE_CHECKING:  # the window is painted before the services are loaded
    from clinic_desktop.services.context import Context
    from clinic_desktop.services.notes.schemas import TemplateRow


class TemplateInsert(QObject):
    """``dialog`` is the list that is open; what the program knows is filled as it is inserted."""

    def __init__(self, desk: Desk, text: PlacesText, screen: QWidget) -> None:
        super().__init__(screen)
        self._desk = desk
        self._text = text
        self._screen = screen
        self._patient_id: UUID | None = None
        self.dialog: PickDialog | None = None

    def use_patient(self, patient_id: UUID) -> None:
        """Fill with what is known of this patient from now on."""
        self._patient_id = patient_id

    def ask(self) -> None:
        """Ask for the templates and what is known now, then show the list."""
        patient_id = self._patient_id
        if patient_id is None or self.dialog is not None:
            return

        def call(ctx: "Context") -> "tuple[tuple[TemplateRow, ...], dict[str, str]]":
            from clinic_desktop.services.notes.templates import templates, values_now

            return templates(ctx), values_now(ctx, patient_id)

        self._desk.operations.query(
            self, call, partial(self._show, patient_id), failed=self._failed, key="templates"
        )

    def _show(
        self, patient_id: UUID, found: "tuple[tuple[TemplateRow, ...], dict[str, str]]"
    ) -> None:
        if patient_id != self._patient_id or not self._screen.isVisible():
            return
        rows, values = found
        dialog = PickDialog(
            _("Insert a template"),
            [Option(row.name, row.body, " ".join(row.body.split())) for row in rows],
            theme=self._desk.theme,
            parent=self._screen,
            icon="clipboard-list",
            placeholder=_("Name or words of a template"),
            none=_("The clinic has no templates yet. They are made in the settings."),
        )
        dialog.picked.connect(partial(self._insert, values))
        dialog.finished.connect(self._closed)
        self.dialog = dialog
        dialog.open()

    def _insert(self, values: dict[str, str], body: str) -> None:
        self._text.insert(filled(body, values))

    def _failed(self, error: Exception) -> None:
        self._desk.messages.warn(str(error))

    def _closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = None
