"""The tabs of a patient's record: each is made when it is first shown, and filled when opened."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject

from clinic_desktop.services.patients.schemas import PatientCard
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.patients.handing_on import Tab
from clinic_desktop.ui.patients.tab import PatientTab

if TYPE_CHECKING:  # a tab may be described before its service is loaded
    from clinic_desktop.services.session import Topic


@dataclass(frozen=True)
class TabEntry:
    """A tab, made when it is first shown, for those who may see it."""

    key: str
    title: str
    """Untranslated, marked with N_()."""
    factory: Callable[[Desk], Tab]
    permission: str | None = None


class RecordTabs(QObject):
    """``entries`` are those that the person may see; ``made`` those that were shown, by key."""

    def __init__(self, desk: Desk, entries: Sequence[TabEntry], parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self.entries = {
            entry.key: entry
            for entry in entries
            if entry.permission is None or desk.who.may(entry.permission)
        }
        self.made: dict[str, Tab] = {}
        self._shown_for: dict[str, UUID] = {}

    def make(self, key: str) -> Tab:
        """Make a tab that is shown for the first time."""
        made = self.entries[key].factory(self._desk)
        made.setProperty("key_scope", key)
        self.made[key] = made
        return made

    def fill(self, key: str, card: PatientCard) -> None:
        """Show a patient on a tab that does not show them yet."""
        if self._shown_for.get(key) == card.id:
            return
        self._shown_for[key] = card.id
        tab = self.made[key]
        if isinstance(tab, PatientTab):
            tab.open(card.id, card)
        else:
            tab.open(card.id)  # type: ignore[attr-defined]  # a screen that serves as a tab

    def hand_on_changes(self, topics: "frozenset[Topic] | None") -> None:
        """Let the tab in view reload; the others do when they are shown again."""
        for key, tab in self.made.items():
            if not isinstance(tab, PatientTab) or tab.patient_id is None:
                continue
            if topics is not None and not any(topic.table in tab.topics for topic in topics):
                continue
            if tab.isVisible():
                tab.reload()
            else:
                self._shown_for.pop(key, None)
