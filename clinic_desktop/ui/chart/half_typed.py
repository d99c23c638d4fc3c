"""The half-typed line of a patient's chart: kept when it is left, taken up when it is opened."""

from uuid import UUID

from PySide6.QtCore import QObject

from clinic_desktop.ui.chart.entry_line import EntryLine
from clinic_desktop.ui.drafts import DraftKeeper, Drafts


class HalfTyped(QObject):
    """Keeps what stands in the line for the patient who is shown."""

    def __init__(self, drafts: Drafts, line: EntryLine, parent: QObject) -> None:
        super().__init__(parent)
        self._drafts, self._line = drafts, line
        self._keeper: DraftKeeper | None = None

    def take_up(self, patient_id: UUID) -> None:
        """Keep for this patient from now on, and write what was kept of them."""
        if self._keeper is not None:
            self._keeper.deleteLater()
        self._keeper = DraftKeeper(
            self._drafts,
            form="chart",
            key=str(patient_id),
            read=lambda: {"line": self._line.text()},
            parent=self,
        )
        kept = self._keeper.recall()
        if kept is not None and kept.get("line"):
            self._line.write(kept["line"])

    def touched(self) -> None:
        """Keep soon what stands there; nothing is kept of an empty line."""
        if self._keeper is None:
            return
        if self._line.text():
            self._keeper.touched()
        else:
            self._keeper.forget()

    def keep_now(self) -> None:
        """Keep at once: the line is left."""
        if self._keeper is not None:
            self._keeper.keep_now()
