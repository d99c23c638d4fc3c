"""What a patient's record is made of: every tab, put together once.

Each is loaded when it is first shown.
"""

from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from clinic_desktop.i18n import N_
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screen import Screen

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from clinic_desktop.ui.patients.handing_on import Tab


def patient_screen(desk: Desk, home: Path) -> Screen:
    """Return the record of a patient with all its tabs."""
    from clinic_desktop.ui.patients.record_tabs import TabEntry
    from clinic_desktop.ui.patients.workspace import PatientScreen

    def images(desk: Desk) -> "Tab":
        from clinic_desktop.ui.images.view import ImagesTab

        return ImagesTab(desk, home=home)

    return PatientScreen(
        desk,
        [
            TabEntry("overview", N_("Overview"), _overview),
            TabEntry("chart", N_("Chart"), _chart, "clinical.read"),
            TabEntry("perio", N_("Perio"), _perio, "clinical.read"),
            TabEntry("notes", N_("Notes"), _notes, "clinical.read"),
            TabEntry("prescribe", N_("Prescribe"), _prescribe, "prescriptions.read"),
            TabEntry("ledger", N_("Ledger"), _ledger, "billing.read"),
            TabEntry("images", N_("Images"), images, "documents.read"),
            TabEntry("documents", N_("Documents"), _documents, "documents.read"),
            TabEntry("timeline", N_("Timeline"), _timeline),
        ],
        opened_by=_opened_by,
        kept=_kept_papers,
    )


def _overview(desk: Desk) -> "Tab":
    from clinic_desktop.ui.chart.teeth_card import TeethCard
    from clinic_desktop.ui.patients.overview import OverviewTab

    teeth = TeethCard(desk) if desk.who.may("clinical.read") else None
    return OverviewTab(desk, teeth=teeth)


def _chart(desk: Desk) -> "Tab":
    from clinic_desktop.ui.chart.view import ChartTab

    return ChartTab(desk)


def _perio(desk: Desk) -> "Tab":
    from clinic_desktop.ui.perio.view import PerioTab

    return PerioTab(desk)


def _notes(desk: Desk) -> "Tab":
    from clinic_desktop.ui.notes.view import NotesTab

    return NotesTab(desk)


def _prescribe(desk: Desk) -> Screen:
    from clinic_desktop.ui.prescriptions.prescribe_tab import PrescribeTab

    return PrescribeTab(desk)


def _ledger(desk: Desk) -> Screen:
    from clinic_desktop.ui.billing.ledger_tab import LedgerTab

    return LedgerTab(desk)


def _kept_papers(desk: Desk, patient_id: UUID, sentence: str) -> "QWidget":
    from clinic_desktop.ui.billing.kept_papers import KeptPapers

    return KeptPapers(desk, patient_id, sentence)


def _opened_by(desk: Desk, parent: "QWidget", patient_id: UUID, name: str) -> None:
    from clinic_desktop.ui.audit.opened import OpenedDialog

    OpenedDialog(desk, parent, patient_id, name).open()


def _timeline(desk: Desk) -> "Tab":
    from clinic_desktop.ui.patients.timeline_tab import TimelineTab

    return TimelineTab(desk)


def _documents(desk: Desk) -> "Tab":
    from clinic_desktop.ui.documents.tab import DocumentsTab

    return DocumentsTab(desk)
