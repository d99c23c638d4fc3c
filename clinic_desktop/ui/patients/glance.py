"""A card of the overview that another feature fills, for example the chart in small."""

from uuid import UUID

from PySide6.QtCore import Signal

from clinic_desktop.ui.widgets.panel import StatePanel


class GlanceCard(StatePanel):
    """Shows something of a patient; ``wanted`` asks for the tab where it is worked on."""

    wanted = Signal()

    def show_patient(self, patient_id: UUID) -> None:
        """Ask for what the card shows."""
