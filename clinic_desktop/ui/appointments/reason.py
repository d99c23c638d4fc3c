"""Asking why an appointment is to stand where it usually may not."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from clinic_desktop.i18n import _
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.fields import Field, LineEdit


class ReasonDialog(Dialog):
    """Shows what stands against it, takes a reason and hands it over."""

    def __init__(
        self, sentence: str, on_reason: Callable[[str], None], *, theme: Theme, parent: QWidget
    ) -> None:
        super().__init__(
            _("Put it there anyway?"),
            theme=theme,
            parent=parent,
            sentence=sentence,
            icon="clock",
            width=460,
        )
        self._on_reason = on_reason
        self.reason = LineEdit(theme=theme)
        self._field = Field(_("Reason"), self.reason, theme=theme, required=True, name="reason")
        self.body.addWidget(self._field)
        self.set_primary(_("Move it there"), self._take, key="Enter")
        self.reason.setFocus()

    def _take(self) -> None:
        if self._field.validate():
            self.accept()
            self._on_reason(self.reason.text().strip())
