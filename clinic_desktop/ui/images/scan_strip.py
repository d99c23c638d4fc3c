"""The line that says how many scans wait, and adds them to the record in view."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from clinic_desktop.i18n import _, ngettext
from clinic_desktop.ui.images.scan_folder import ScanFolder
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.pictures import Icon

_NAMED = 3


class ScanStrip(QFrame):
    """Hidden while nothing waits; one key adds what does."""

    wanted = Signal()

    def __init__(self, theme: Theme, folder: ScanFolder) -> None:
        super().__init__()
        self.setProperty("kind", "panel_head")
        self._folder = folder
        self._icon = Icon("scan-line", theme=theme)
        self.words = Label(theme=theme)
        self.add = Button(_("Add to this record"), theme=theme, key="S", small=True)
        self.add.clicked.connect(self.wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(10)
        row.addWidget(self._icon)
        row.addWidget(self.words, 1)
        row.addWidget(self.add)
        folder.changed.connect(self.tell)
        self.hide()

    def tell(self) -> None:
        """Say what waits, or that the folder cannot be reached."""
        waiting = self._folder.waiting
        self.add.setVisible(bool(waiting))
        if not self._folder.reachable:
            self._icon.set_icon("triangle-alert", "warning")
            self.words.setText(
                _("The scan folder cannot be reached. Look at it in Settings, Images and X-ray.")
            )
            self.show()
            return
        self._icon.set_icon("scan-line", "text_2")
        names = ", ".join(path.name for path in waiting[:_NAMED])
        words = ngettext("{count} scan waits: {names}", "{count} scans wait: {names}", len(waiting))
        self.words.setText(words.format(count=len(waiting), names=names))
        self.setVisible(bool(waiting))
