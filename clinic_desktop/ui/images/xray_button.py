"""The way to the X-ray programs of this computer, with the patient in view."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from clinic_desktop.config import XrayProgram
from clinic_desktop.i18n import _
from clinic_desktop.services.documents.xray import open_xray
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.widgets.buttons import Button


class XrayButton(Button):
    """Starts the one program, or asks which; hidden where this computer has none."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("X-ray"), theme=desk.theme, icon="scan-line", key="X", small=True)
        self._desk = desk
        self._patient: UUID | None = None
        self.programs: tuple[XrayProgram, ...] = ()
        self.clicked.connect(self.start)
        self.hide()

    def use(self, patient_id: UUID) -> None:
        """Another patient is in view."""
        self._patient = patient_id

    def offer(self, programs: Sequence[XrayProgram]) -> None:
        """Take the programs from this computer's settings."""
        self.programs = tuple(programs)
        self.setVisible(bool(programs))
        if len(self.programs) == 1:
            self.setText(self.programs[0].name)
        else:
            self.setText(_("X-ray"))

    def start(self) -> None:
        """Start the program, or ask which."""
        if len(self.programs) == 1:
            self._start(self.programs[0])
        elif self.programs:
            menu = QMenu(self)
            menu.setAccessibleName(_("X-ray programs"))
            for program in self.programs:
                words = program.name.replace("&", "&&")
                menu.addAction(words).triggered.connect(partial(self._start, program))
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(self.mapToGlobal(QPoint(0, self.height())))
        else:
            self._desk.messages.say(
                _("No X-ray program is set up here. See Settings, Images and X-ray."), "info"
            )

    def _start(self, program: XrayProgram, _checked: bool = False) -> None:
        patient = self._patient
        if patient is None:
            return
        self._desk.operations.query(
            self,
            lambda ctx: open_xray(ctx, patient, program.command),
            lambda name: self._desk.messages.say(
                _("{program} was opened with this patient.").format(program=name), "external-link"
            ),
            failed=lambda error: self._desk.messages.warn(str(error)),
            key="xray",
        )
