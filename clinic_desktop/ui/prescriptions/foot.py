"""The foot of a prescription being written: how much it is, what it lacks, and its signature."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from clinic_desktop.i18n import _, ngettext
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.panel import Panel


class SigningFoot(Panel):
    """``why`` says what is missing; ``sign`` is off until nothing is."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme=theme)
        self.ready = Label(theme=theme, size="strong", wrap=True)
        self.why = Label(theme=theme, size="small", role="text_2", wrap=True)
        self.sign = Button(
            _("Sign and print"), theme=theme, icon="printer", key="Ctrl+Enter", kind="primary"
        )
        row = QHBoxLayout()
        row.setContentsMargins(14, 10, 12, 10)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.ready)
        words.addWidget(self.why)
        row.addLayout(words, 1)
        row.addWidget(self.sign)
        self.body.addLayout(row)

    def tell(self, count: int, missing: str, *, busy: bool) -> None:
        """Say how many medicines there are and what is missing; ``busy`` while it is signed."""
        self.ready.setText(
            ngettext("{count} medicine", "{count} medicines", count).format(count=count)
        )
        self.why.setText(missing or _("Ready to be signed."))
        self.sign.setEnabled(not missing and not busy)
