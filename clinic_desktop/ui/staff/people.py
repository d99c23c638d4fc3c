"""Who works at the clinic: invited, changed, deactivated, given a new word."""

from typing import Any, Final
from uuid import UUID

from PySide6.QtCore import QModelIndex, QPoint, Slot
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from clinic_desktop.i18n import N_, _, ngettext
from clinic_desktop.services.context import Context
from clinic_desktop.services.staff import service as staff
from clinic_desktop.services.staff.schemas import PersonRow, RoleRow
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.history.view import show_history
from clinic_desktop.ui.keymap.binding import bind
from clinic_desktop.ui.screen import KeyHelp
from clinic_desktop.ui.settings.section import Section
from clinic_desktop.ui.staff.people_model import Column, PeopleModel
from clinic_desktop.ui.staff.person_acts import PersonActs
from clinic_desktop.ui.staff.person_dialog import PersonDialog
from clinic_desktop.ui.staff.person_saving import PersonSaving
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.widgets.table import TableView

LEAST_COLUMN: Final = 110


class PeopleSection(Section):
    """A table and, for administrators, the acts on the chosen person."""

    title = N_("People")
    topics = frozenset({"person", "person_role", "staff_role"})
    logged = ("person", "person_role")
    wide = True
    sentence = N_("Everybody signs in with a name and password of their own.")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._roles: tuple[RoleRow, ...] = ()
        self._wanted: UUID | None = None
        self._may = desk.who.may("staff.write")
        self._person_acts = PersonActs(desk, self, self.refresh)
        self._saving = PersonSaving(
            desk, self, invited=self._person_acts.show_word, changed=self.refresh
        )
        self.model = PeopleModel()
        self.table = TableView(theme=desk.theme, two_lines=True, name=_("People"))
        self.table.setObjectName("settings.people")
        self.table.setProperty("keys_area", _("People"))
        self.table.setModel(self.model)
        self.table.horizontalHeader().setMinimumSectionSize(LEAST_COLUMN)
        self.panel = StatePanel(_("People"), theme=desk.theme)
        self.invite = Button(
            _("Invite somebody"), theme=desk.theme, icon="user-plus", key="I", kind="primary",
            small=True,
        )  # fmt: skip
        self.panel.add_head(self.invite)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.panel)
        self.panel.setMinimumHeight(300)
        self.acts = self._acts()
        self.invite.clicked.connect(self.invite_somebody)
        self.invite.setVisible(self._may)
        self.table.opened.connect(lambda _index: self.edit())
        self.table.row_changed.connect(self._chosen)
        self.table.menu_asked.connect(self._menu)
        if self._may:
            bind(self.table, "I", self.invite_somebody)
            bind(self.table, "W", self.give_word)
            bind(self.table, "Del", self.end_or_begin)

    def _acts(self) -> dict[str, Button]:
        theme = self.desk.theme
        acts = {
            "edit": Button(_("Change"), theme=theme, icon="pencil", key="Enter", small=True),
            "word": Button(_("New word"), theme=theme, icon="key-round", key="W", small=True),
            "end": Button(
                _("Deactivate"), theme=theme, icon="user-x", key="Del", kind="danger", small=True
            ),
            "more": Button(theme=theme, icon="ellipsis", small=True, name=_("More acts")),
        }
        acts["edit"].clicked.connect(self.edit)
        acts["word"].clicked.connect(self.give_word)
        acts["more"].clicked.connect(self._more)
        acts["end"].clicked.connect(self.end_or_begin)
        if self._may:
            for button in acts.values():
                self.panel.add_foot(button)
            self.panel.add_foot(QWidget(), 1)
        return acts

    # -- loading ----------------------------------------------------------------------------

    def open_at(self, **where: Any) -> None:
        """Choose the person ``person_id``."""
        self._wanted = where.get("person_id")
        self.refresh()

    def reload(self) -> None:
        """Ask who works here."""
        self.panel.show_loading(_("Asking who works here…"))

        def call(ctx: Context) -> tuple[tuple[PersonRow, ...], tuple[RoleRow, ...]]:
            return staff.people(ctx), staff.roles(ctx)

        self.desk.operations.query(self, call, self._show, failed=self._failed, key="people")

    def _show(self, found: tuple[tuple[PersonRow, ...], tuple[RoleRow, ...]]) -> None:
        people, self._roles = found
        before = self.person()
        chosen, self._wanted = self._wanted or (before.id if before else None), None
        self.model.set_rows(people)
        self.table.fit_columns(stretch=Column.ROLES)
        self.panel.show_content(self.table)
        self.panel.set_note(
            ngettext("{count} person", "{count} people", len(people)).format(count=len(people))
        )
        self.table.choose_row(max(0, self.model.row_of(chosen) if chosen else 0))
        self._chosen()

    def _failed(self, error: Exception) -> None:
        self.panel.show_failed(str(error), self.reload)

    def person(self) -> PersonRow | None:
        """Return who is chosen."""
        return self.model.row(self.table.current_row().row())

    @Slot()
    def _chosen(self, _index: QModelIndex | None = None) -> None:
        person = self.person()
        mine = person is not None and person.id == self.desk.who.person_id
        active = person is not None and person.active
        self.acts["edit"].setEnabled(active)
        self.acts["word"].setEnabled(active and person is not None and person.login is not None)
        self.acts["more"].setEnabled(active and person is not None and person.login is not None)
        self.acts["end"].setEnabled(person is not None and not mine)
        self.acts["end"].setText(_("Deactivate") if active else _("Take back"))
        self.acts["end"].set_kind("danger" if active else "plain")

    @Slot(QModelIndex, QPoint)
    def _menu(self, _index: QModelIndex, place: QPoint) -> None:
        if not self._may:
            return
        menu = QMenu(self)
        for name in ("edit", "word", "end"):
            button = self.acts[name]
            action = menu.addAction(button.text())
            action.setEnabled(button.isEnabled())
            action.triggered.connect(button.click)
        self._add_factor(menu)
        menu.addAction(_("History") + "\tCtrl+H").triggered.connect(self.show_history)
        menu.popup(place)

    @Slot()
    def show_history(self) -> None:
        """Show who changed the chosen person."""
        person = self.person()
        if person is not None:
            show_history(self.desk, self, name=person.name, table="person", row_id=person.id)

    @Slot()
    def _more(self) -> None:
        menu = QMenu(self)
        self._add_factor(menu)
        more = self.acts["more"]
        menu.popup(more.mapToGlobal(more.rect().topLeft()))

    def _add_factor(self, menu: QMenu) -> None:
        action = menu.addAction(_("Take the authenticator away…"))
        action.setEnabled(self.acts["more"].isEnabled())
        action.triggered.connect(self.clear_factor)

    # -- acts -------------------------------------------------------------------------------

    @Slot()
    def invite_somebody(self) -> None:
        """Open the form of a new person."""
        if self._may and self._roles:
            PersonDialog(self.desk, self._roles, parent=self, save=self._saving.invite).open()

    @Slot()
    def edit(self) -> None:
        """Open the form of the chosen person."""
        person = self.person()
        if self._may and person is not None and person.active:
            PersonDialog(
                self.desk, self._roles, parent=self, person=person, save=self._saving.change
            ).open()

    @Slot()
    def give_word(self) -> None:
        """Give the chosen person a new word, because the password was forgotten."""
        person = self.person()
        if self._may and person is not None and person.active and person.login is not None:
            self._person_acts.give_word(person)

    @Slot()
    def clear_factor(self) -> None:
        """Take a lost authenticator app away from the chosen person."""
        person = self.person()
        if self._may and person is not None:
            self._person_acts.clear_factor(person)

    @Slot()
    def end_or_begin(self) -> None:
        """Deactivate the chosen person, or take them back."""
        person = self.person()
        if self._may and person is not None:
            self._person_acts.end_or_begin(person)

    # -- what the window asks ---------------------------------------------------------------

    def start_focus(self) -> None:
        """Begin in the table."""
        self.table.setFocus()

    def keys(self) -> list[KeyHelp]:
        """Return the keys of the table."""
        area = _("People")
        if not self._may:
            return []
        return [
            KeyHelp("I", _("invite"), area),
            KeyHelp("Enter", _("change"), area),
            KeyHelp("W", _("new word"), area),
            KeyHelp("Del", _("deactivate or take back"), area),
        ]

    def do_primary(self) -> None:
        """Invite somebody."""
        self.invite_somebody()
