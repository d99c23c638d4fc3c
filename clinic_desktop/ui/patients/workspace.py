"""A patient's record: banner, alerts and tabs; each feature brings its tab."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from clinic_desktop.errors import ErasedError
from clinic_desktop.i18n import N_, _
from clinic_desktop.services.patients.cards import Access, open_patient
from clinic_desktop.services.patients.schemas import PatientCard
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.keymap.dress import dress
from clinic_desktop.ui.patients.alerts_page import AlertsPage
from clinic_desktop.ui.patients.banner import AlertsStrip, PatientBanner
from clinic_desktop.ui.patients.edit import EditContact
from clinic_desktop.ui.patients.handing_on import HandingOn, Tab
from clinic_desktop.ui.patients.marks_source import MarksSource
from clinic_desktop.ui.patients.record_acts import RecordActs
from clinic_desktop.ui.patients.record_keys import Letter, RecordKeys
from clinic_desktop.ui.patients.record_menu import RecordMenu
from clinic_desktop.ui.patients.record_tabs import RecordTabs, TabEntry
from clinic_desktop.ui.patients.tab import PatientTab
from clinic_desktop.ui.patients.words import Looks
from clinic_desktop.ui.screen import KeyHelp, PatientInView, Screen
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.widgets.tabs import Tabs

if TYPE_CHECKING:  # a tab may be described before its service is loaded
    from clinic_desktop.services.session import Topic

_NO_HISTORY: Final = (Screen.show_history, PatientTab.show_history)


class PatientScreen(HandingOn):
    """The record of one patient; ``open_at`` takes ``patient_id``, ``tab`` and ``among``.

    ``among`` are the patients of the list it was opened from, for Ctrl+PgUp and Ctrl+PgDn.
    ``pay`` opens a payment, where there is such a screen.
    """

    title = N_("Patient")
    topics = frozenset(
        {"patient", "patient_alert", "appointment", "posting", "patient_tag", "patient_star"}
    )

    def __init__(
        self,
        desk: Desk,
        tabs: Sequence[TabEntry],
        *,
        pay: Callable[[Desk, UUID], None] | None = None,
        opened_by: Callable[[Desk, QWidget, UUID, str], None] | None = None,
        kept: Callable[[Desk, UUID, str], QWidget] | None = None,
    ) -> None:
        """``kept`` makes the page of what is left of an erased record, below its sentence."""
        super().__init__(desk)
        self.marks = MarksSource(desk, self)
        self.acts = RecordActs(desk, self, self.marks, lambda: self._card)
        self.menu = RecordMenu(desk, self, opened_by, self.acts.in_menu())
        self._tabs = RecordTabs(desk, tabs, self)
        self._pay = pay
        self._kept = kept
        self._edit: EditContact | None = None
        self._alerts: AlertsPage | None = None
        self._patient_id: UUID | None = None
        self._card: PatientCard | None = None
        self._among: tuple[UUID, ...] = ()
        self._build()
        self.marks.changed.connect(lambda: self.banner.show_marks(self.marks.marks))
        desk.operations.changed.connect(self._tabs.hand_on_changes)
        self._keys = self._bind_keys()

    def _build(self) -> None:
        desk = self.desk
        self.banner = PatientBanner(desk)
        self.banner.more.clicked.connect(self._show_menu)
        self.banner.dropped.connect(lambda sources: self.acts.open_photo(sources[0]))
        self.strip = AlertsStrip(desk)
        self.strip.asked.connect(self.open_alerts)
        self.tabs = Tabs(
            [(_(entry.title), key) for key, entry in self._tabs.entries.items()],
            theme=desk.theme,
            name=_("Patient"),
        )
        self.tabs.chosen.connect(self._choose)
        self.tabs.tabBarClicked.connect(self._clicked)
        self.pages = QStackedWidget()
        record = QWidget()
        column = QVBoxLayout(record)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.banner, self.strip, self.tabs):
            column.addWidget(widget)
        column.addWidget(self.pages, 1)
        self._record = record
        self._state = StatePanel("", theme=desk.theme, framed=False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self._faces = QStackedWidget()
        self._faces.addWidget(self._state)
        whole.addWidget(self._faces)

    def _bind_keys(self) -> RecordKeys:
        may = self.desk.who.may
        letters: list[Letter] = []
        if may("patients.write"):
            letters.append(Letter("E", _("edit contact"), self.open_edit))
            letters.append(Letter("A", _("alerts"), self.open_alerts))
        if may("schedule.write"):
            letters.append(Letter("N", _("book"), self._book))
        if self._pay is not None:
            letters.append(Letter("Y", _("pay"), self._take_payment))
        letters += [Letter(one.key, one.does, one.act) for one in self.acts.offered()]
        return RecordKeys(
            self,
            tabs=[partial(self.show_tab, key) for key in self._tabs.entries],
            step=self._step,
            letters=letters,
        )

    # -- whose record -------------------------------------------------------------------------

    def open_at(
        self,
        *,
        patient_id: UUID | None = None,
        tab: str = "overview",
        among: tuple[UUID, ...] | None = None,
        record: UUID | None = None,
        **_where: Any,
    ) -> None:
        """Open the record of ``patient_id`` on ``tab``, there at the row ``record``."""
        if among is not None:
            self._among = among
        if patient_id is not None and patient_id != self._patient_id:
            self.leaving()
            self._patient_id, self._card = patient_id, None
            self._show_kept(None)
            self._state.show_loading(_("Opening the record…"))
            self._ask("open")
        entries = self._tabs.entries
        self.show_tab(tab if tab in entries else next(iter(entries)))
        shown = self._tabs.made.get(tab)
        if record is not None and isinstance(shown, PatientTab):
            shown.open_record(record)

    def concerns(self, topics: "frozenset[Topic]") -> bool:
        """Return whether something of this patient's head was changed."""
        return any(
            topic.table in self.topics
            and (
                topic.table == "patient_tag" or self._patient_id in (topic.patient_id, topic.row_id)
            )
            for topic in topics
        )

    def reload(self) -> None:
        """Read the card again; the tabs reload by themselves."""
        self.marks.ask()
        if self._patient_id is not None and self._card is not None:
            self._ask("refresh")

    def _ask(self, access: Access) -> None:
        patient = self._patient_id
        if patient is None:
            return
        self.desk.operations.query(
            self,
            lambda ctx: open_patient(ctx, patient, access=access),
            self._show,
            failed=partial(self._not_opened, patient),
            key="card",
        )

    def _not_opened(self, patient: UUID, error: Exception) -> None:
        self._state.show_failed(str(error), lambda: self._ask("open"))
        if isinstance(error, ErasedError) and self._kept and self.desk.who.may("billing.read"):
            self._show_kept(self._kept(self.desk, patient, str(error)))

    def _show_kept(self, page: QWidget | None) -> None:
        """Show what is left of an erased record, or the record again."""
        while (old := self._faces.widget(1)) is not None:
            self._faces.removeWidget(old)
            old.deleteLater()
        if page is not None:
            self._faces.addWidget(page)
            self._faces.setCurrentWidget(page)

    def _show(self, card: PatientCard) -> None:
        if card.id != self._patient_id:
            # The record was merged: what forwards to another one is worked on there.
            self.desk.messages.say(
                _("That record was merged into this one, No. {number}.").format(number=card.number),
                "layers",
            )
            self._patient_id = card.id
        self._card = card
        looks = Looks.of(self.desk)
        self.banner.show_card(card, looks)
        self.strip.show_card(card, looks)
        self._state.show_content(self._record)
        for tab in (*self._tabs.made.values(), self._edit, self._alerts):
            if isinstance(tab, PatientTab) and tab.patient_id == card.id:
                tab.card_changed(card)
        self._fill_tab()

    def _step(self, step: int) -> None:
        """Go to the previous or the next patient of the list, on the same tab."""
        if self._patient_id not in self._among:
            self.desk.messages.say(_("This record was not opened from a list."), "info")
            return
        place = self._among.index(self._patient_id) + step
        if 0 <= place < len(self._among):
            self.desk.navigator.open_patient(self._among[place], str(self.tabs.value()))
        else:
            last = _("That was the last patient of the list.")
            self.desk.messages.say(last if step > 0 else _("That was the first one."), "info")

    # -- tabs and pages -----------------------------------------------------------------------

    def show_tab(self, key: str) -> None:
        """Show a tab for the patient in view and put the focus where its work starts."""
        if key not in self._tabs.entries or self._patient_id is None:
            return
        tab = self._tabs.made.get(key)
        if tab is None:
            tab = self._tabs.make(key)
            self.pages.addWidget(tab)
            dress(tab, self.desk.keymap)
            if isinstance(tab, PatientTab):
                tab.edit_wanted.connect(self.open_edit)
                tab.page_wanted.connect(self.acts.open_page)
                tab.noted.connect(partial(self.tabs.set_note, key))
        self.tabs.set_value(key)
        self._show_page(tab)
        self._fill_tab()

    def _show_page(self, page: Tab) -> None:
        before = self.tab()
        if before is not None and before is not page:
            before.leaving()
        self.pages.setCurrentWidget(page)
        self._keys.give_letters(to_tab=isinstance(page, PatientTab) and page.uses_letters)

    def _fill_tab(self) -> None:
        """Show the patient on the tab in view, as soon as whose record it is is known."""
        key, tab, card = str(self.tabs.value()), self.tab(), self._card
        if tab is None or card is None or tab is not self._tabs.made.get(key):
            return
        self._tabs.fill(key, card)
        tab.start_focus()

    def _choose(self, key: object) -> None:
        self.show_tab(str(key))

    def _clicked(self, _place: int) -> None:
        """Go back from a page to its tab when the tab is pressed that is lit already."""
        if isinstance(self.tab(), EditContact | AlertsPage):
            self._close_page()

    @property
    def edit(self) -> EditContact:
        """The form of the record, made when it is first wanted: it has many fields."""
        if self._edit is None:
            self._edit = EditContact(self.desk)
            self._add_page(self._edit)
        return self._edit

    @property
    def alerts(self) -> AlertsPage:
        """The page of the alerts, made when it is first wanted."""
        if self._alerts is None:
            self._alerts = AlertsPage(self.desk)
            self._alerts.changed.connect(lambda: self._ask("refresh"))
            self._add_page(self._alerts)
        return self._alerts

    def _add_page(self, page: EditContact | AlertsPage) -> None:
        page.closed.connect(self._close_page)
        self.pages.addWidget(page)
        dress(page, self.desk.keymap)

    def open_edit(self, field: str = "phone") -> None:
        """Show the form of the record."""
        if self._card is None:
            return
        if self.edit.patient_id != self._card.id or self.tab() is not self.edit:
            self.edit.open(self._card.id, self._card)
        self._show_page(self.edit)
        self.edit.start_focus(field)

    def open_alerts(self) -> None:
        """Show the alerts to be changed or reviewed."""
        if self._card is not None:
            self.alerts.open(self._card.id, self._card)
            self._show_page(self.alerts)
            self.alerts.start_focus()

    def _close_page(self) -> None:
        self.show_tab(str(self.tabs.value()))

    def _book(self) -> None:
        if self._patient_id is not None:
            self.desk.navigator.book(self._patient_id)

    def _take_payment(self) -> None:
        if self._patient_id is not None and self._pay is not None:
            self._pay(self.desk, self._patient_id)

    # -- what the shell asks of the record itself; the rest is handed on ------------------------

    def patient_in_view(self) -> PatientInView | None:
        """Return whose record is shown."""
        card = self._card
        return PatientInView(card.id, card.name) if card else None

    def keys(self) -> list[KeyHelp]:
        """Return the tab's keys and those of the record."""
        tab = self.tab()
        return [*(tab.keys() if tab else []), *self._keys.help()]

    def show_history(self) -> None:
        """Hand on to a tab that has a history of its own, or show that of the record."""
        tab = self.tab()
        if tab is not None and type(tab).show_history not in _NO_HISTORY:
            tab.show_history()
        elif self._card is not None:
            self.menu.show_history(self._card)

    def _show_menu(self) -> None:
        button = self.banner.more
        if self._card is not None:
            self.menu.popup_for(self._card, button.mapToGlobal(button.rect().bottomLeft()))
