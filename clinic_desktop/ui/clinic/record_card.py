"""The right side of a section with records: the form of one, what is said of it, and its acts."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.record_form import RecordForm
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.fields import Field
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.panel import Panel


class RecordCard(Panel):
    """``form`` has the fields; ``busy`` is True from saving until the answer."""

    def __init__(
        self,
        desk: Desk,
        table_name: str,
        fields: Mapping[str, Field],
        *,
        lay_out: Callable[[QVBoxLayout, Mapping[str, Field]], None],
        section: QWidget,
    ) -> None:
        """``lay_out`` puts the fields into the card, ``section`` has the dialogs of the form."""
        super().__init__(theme=desk.theme)
        theme = desk.theme
        self.busy = False
        self.form = RecordForm(desk, table_name, fields, section)
        self.note = Label(
            _("This was half-typed and is not saved yet."),
            theme=theme, size="small", role="text_2", wrap=True,
        )  # fmt: skip
        self.refusal = Label(theme=theme, role="danger", wrap=True)
        self.save = Button(_("Save"), theme=theme, key="Ctrl+Enter", kind="primary")
        self.away = Button(_("Put away"), theme=theme, icon="archive", key="Del", kind="plain")
        self.drop = Button(_("Throw the draft away"), theme=theme, kind="link", small=True)
        self.body.setContentsMargins(14, 12, 14, 12)
        self.body.setSpacing(10)
        lay_out(self.body, fields)
        for widget in (self.note, self.refusal, self.drop):
            self.body.addWidget(widget)
            widget.hide()
        self.body.addStretch(1)
        self.add_foot(self._acts(), 1)

    def _acts(self) -> QWidget:
        acts = QWidget()
        row = QHBoxLayout(acts)
        row.setContentsMargins(0, 4, 0, 4)
        row.addWidget(self.away)
        row.addStretch(1)
        row.addWidget(self.save)
        return acts

    def begin(self, row: Any, values: Mapping[str, Any], *, title: str, active: bool) -> None:
        """Show a record, None for a new one, with what was half-typed in it."""
        kept = self.form.begin(row, values)
        self.set_title(title)
        self.refusal.hide()
        self.tell_draft(kept=kept)
        self.away.setVisible(row is not None)
        if row is not None:
            self.away.setText(_("Put away") if active else _("Take back"))
        self.set_busy(False)

    def tell_draft(self, *, kept: bool) -> None:
        """Say that something was half-typed, with the way to throw it away."""
        self.note.setVisible(kept)
        self.drop.setVisible(kept)

    def set_busy(self, busy: bool) -> None:
        """Switch saving off from the press until the answer."""
        self.busy = busy
        self.save.setEnabled(not busy)

    def refuse(self, error: Exception) -> None:
        """Say why it was not saved, at its field or below them all."""
        if not self.form.refuse(error):
            self.refusal.setText(str(error))
            self.refusal.show()

    def go_in(self) -> None:
        """Go to the first field."""
        self.first().setFocus()

    def first(self) -> QWidget:
        """Return the editor of the first field."""
        return next(iter(self.form.fields.values())).editor
