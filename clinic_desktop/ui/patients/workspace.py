"""A patient's record: banner, alerts and tabs; each feature brings its tab."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from clinic_desktop.i18n import N_, _
from clinic_desktop.services.patients.cards import open_patient
from clinic_desktop.services.patients.schemas import PatientCard
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.patients.banner import AlertsStrip, PatientBanner
from clinic_desktop.ui.patients.record_words import PatientWords
from clinic_desktop.ui.patients.tab import PatientTab
from clinic_desktop.ui.screen import KeyHelp, PatientInView, Screen
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.widgets.tabs import Tabs

if TYPE_CHECKING:
    from clinic_desktop.services.session import Topic


Tab = Screen | PatientTab


@dataclass(frozen=True)
class TabEntry:
    """A tab, made when it is first shown, for those who may see it."""

    key: str
    title: str
    """Untranslated, marked with N_()."""
    factory: Callable[[Desk], Tab]
    permission: str | None = None


class PatientScreen(Screen):
    """The record of one patient; ``open_at`` takes ``patient_id`` and ``tab``."""

    title = N_("Patient")
    topics = frozenset({"patient", "patient_alert", "appointment", "posting"})

    def __init__(self, desk: Desk, tabs: Sequence[TabEntry]) -> None:
        super().__init__(desk)
        self._entries = {
            entry.key: entry
            for entry in tabs
            if entry.permission is None or desk.who.may(entry.permission)
        }
        self._words = PatientWords(desk.who)
        self._made: dict[str, Tab] = {}
        self._shown_for: dict[str, UUID] = {}
        self._patient_id: UUID | None = None
        self._card: PatientCard | None = None
        self._banner = PatientBanner(desk.theme, self._words)
        self._strip = AlertsStrip(desk.theme, self._words)
        self.tabs = Tabs(
            [(_(entry.title), key) for key, entry in self._entries.items()],
            theme=desk.theme,
            name=_("Patient"),
        )
        self.tabs.chosen.connect(self._choose)
        self.pages = QStackedWidget()
        record = QWidget()
        column = QVBoxLayout(record)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self._banner, self._strip, self.tabs):
            column.addWidget(widget)
        column.addWidget(self.pages, 1)
        self._record = record
        self._state = StatePanel("", theme=desk.theme, framed=False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._state)
        desk.operations.changed.connect(self._hand_on_changes)
        self._bind_keys()

    def _bind_keys(self) -> None:
        for number, key in enumerate(self._entries, start=1):
            shortcut = QShortcut(QKeySequence(f"Alt+{number}"), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(partial(self.show_tab, key))

    # -- whose record -------------------------------------------------------------------------

    def open_at(self, **where: Any) -> None:
        """Open the record of ``patient_id`` on ``tab``."""
        patient: UUID | None = where.get("patient_id")
        if patient is not None and patient != self._patient_id:
            self._patient_id, self._card = patient, None
            self._state.show_loading(_("Opening the record…"))
            self._ask("open")
        tab = where.get("tab") or "overview"
        self.show_tab(tab if tab in self._entries else next(iter(self._entries)))

    def reload(self) -> None:
        """Read the card again; the tabs reload by themselves."""
        if self._patient_id is not None and self._card is not None:
            self._ask("refresh")

    def _ask(self, access: str) -> None:
        patient = self._patient_id
        if patient is None:
            return
        self.desk.operations.query(
            self,
            lambda ctx: open_patient(ctx, patient, access=access),  # type: ignore[arg-type]  # one of the words
            self._show,
            failed=lambda error: self._state.show_failed(str(error), lambda: self._ask("open")),
            key="card",
        )

    def _show(self, card: PatientCard) -> None:
        self._card = card
        now = self.desk.operations.now()
        if now is not None:
            self._banner.show_card(card, self._words.today(now))
        self._strip.show_card(card)
        self._state.show_content(self._record)
        for tab in self._made.values():
            if isinstance(tab, PatientTab) and tab.patient_id == card.id:
                tab.card_changed(card)
        self._fill_tab()

    def _hand_on_changes(self, topics: "frozenset[Topic] | None") -> None:
        """Let the tab in view reload; the others do when they are shown again."""
        for key, tab in self._made.items():
            if not isinstance(tab, PatientTab) or tab.patient_id is None:
                continue
            if topics is not None and not any(topic.table in tab.topics for topic in topics):
                continue
            if tab.isVisible():
                tab.reload()
            else:
                self._shown_for.pop(key, None)

    # -- tabs ---------------------------------------------------------------------------------

    def show_tab(self, key: str) -> None:
        """Show a tab for the patient in view and put the focus where its work starts."""
        if key not in self._entries or self._patient_id is None:
            return
        if key not in self._made:
            made = self._entries[key].factory(self.desk)
            self._made[key] = made
            self.pages.addWidget(made)
        self.tabs.set_value(key)
        self.pages.setCurrentWidget(self._made[key])
        self._fill_tab()

    def _fill_tab(self) -> None:
        """Show the patient on the tab in view, as soon as whose record it is is known."""
        key, tab, patient = str(self.tabs.value()), self.tab(), self._patient_id
        if tab is None or patient is None or self._card is None:
            return
        if self._shown_for.get(key) != patient:
            self._shown_for[key] = patient
            if isinstance(tab, PatientTab):
                tab.open(patient, self._card)
            else:
                tab.open(patient)  # type: ignore[attr-defined]  # a screen that serves as a tab
            tab.start_focus()

    def _choose(self, key: object) -> None:
        self.show_tab(str(key))

    def tab(self) -> Tab | None:
        """Return the tab in view."""
        shown = self.pages.currentWidget()
        return shown if isinstance(shown, Screen | PatientTab) else None

    # -- what the shell asks is handed to the tab in view -------------------------------------

    def patient_in_view(self) -> PatientInView | None:
        """Return whose record is shown."""
        card = self._card
        return PatientInView(card.id, card.name) if card else None

    def start_focus(self) -> None:
        """Begin where the tab begins."""
        tab = self.tab()
        if tab is not None:
            tab.start_focus()

    def keys(self) -> list[KeyHelp]:
        """Return the tab's keys and those of the record."""
        tab = self.tab()
        own = [KeyHelp("Alt+1…9", _("tabs"), _("Patient"))]
        return [*(tab.keys() if tab else []), *own]

    def hint(self) -> str:
        """Return the tab's own line of keys, or the usual one."""
        tab = self.tab()
        return (tab.hint() if tab is not None else "") or super().hint()

    def panes(self) -> list[QWidget]:
        """Return the tab's panes."""
        tab = self.tab()
        return tab.panes() if tab else [self]

    def toggle_side(self) -> None:
        """Hand on."""
        self._on_tab(lambda tab: tab.toggle_side())

    def find_here(self) -> None:
        """Hand on."""
        self._on_tab(lambda tab: tab.find_here())

    def print_current(self) -> None:
        """Hand on."""
        self._on_tab(lambda tab: tab.print_current())

    def show_history(self) -> None:
        """Hand on."""
        self._on_tab(lambda tab: tab.show_history())

    def save_now(self) -> None:
        """Hand on."""
        self._on_tab(lambda tab: tab.save_now())

    def do_primary(self) -> None:
        """Hand on."""
        self._on_tab(lambda tab: tab.do_primary())

    def leaving(self) -> None:
        """Hand on."""
        self._on_tab(lambda tab: tab.leaving())

    def _on_tab(self, act: Callable[[Tab], None]) -> None:
        tab = self.tab()
        if tab is not None:
            act(tab)
