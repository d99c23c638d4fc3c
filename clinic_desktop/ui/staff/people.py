"""Who works at the clinic: invited, changed, deactivated, given a new word."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtCore import QModelIndex, QPoint, Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from clinic_desktop.domain.times import format_time
from clinic_desktop.errors import ClinicError, StaleError
from clinic_desktop.i18n import LANGUAGES, N_, _, ngettext
from clinic_desktop.services.context import Context
from clinic_desktop.services.staff import service as staff
from clinic_desktop.services.staff.schemas import Invitation, PersonRow, RoleRow
from clinic_desktop.ui.conflict import ConflictDialog, ConflictLine, Side
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.history.view import show_history
from clinic_desktop.ui.screen import KeyHelp
from clinic_desktop.ui.settings.section import Section
from clinic_desktop.ui.staff.people_model import Column, PeopleModel
from clinic_desktop.ui.staff.person_dialog import PersonDialog
from clinic_desktop.ui.staff.word_dialog import WordDialog
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.dialog import Dialog
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
            self._key("I", self.invite_somebody)
            self._key("W", self.give_word)
            self._key("Del", self.end_or_begin)

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

    def _key(self, key: str, act: Callable[[], None]) -> None:
        shortcut = QShortcut(QKeySequence(key), self.table)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(act)

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
            PersonDialog(self.desk, self._roles, parent=self, save=self._invite).open()

    def _invite(self, dialog: PersonDialog) -> None:
        wanted = dialog.invitation()

        def done(invitation: Invitation) -> None:
            dialog.saved()
            self._show_word(invitation, wanted.name)

        self.desk.operations.change(
            dialog, lambda ctx: staff.invite(ctx, wanted), done, failed=dialog.refuse
        )

    def _show_word(self, invitation: Invitation, name: str) -> None:
        self.refresh()
        WordDialog(self.desk, invitation, name=name, parent=self).open()

    @Slot()
    def edit(self) -> None:
        """Open the form of the chosen person."""
        person = self.person()
        if self._may and person is not None and person.active:
            PersonDialog(
                self.desk, self._roles, parent=self, person=person, save=self._change
            ).open()

    def _change(self, dialog: PersonDialog) -> None:
        if dialog.person is not None:
            self._save_change(dialog, dialog.person.version)

    def _save_change(self, dialog: PersonDialog, version: int) -> None:
        change, role_ids = dialog.change(version), dialog.role_ids()

        def call(ctx: Context) -> None:
            staff.change_person(ctx, change)
            staff.set_roles(ctx, change.id, role_ids)

        def done(_none: None) -> None:
            dialog.saved()
            self.refresh()
            self.desk.messages.say(_("{name} is saved.").format(name=change.name))

        def failed(error: Exception) -> None:
            if isinstance(error, StaleError):
                self._compare(dialog)
            else:
                dialog.refuse(error)

        self.desk.operations.change(dialog, call, done, failed=failed)

    def _compare(self, dialog: PersonDialog) -> None:
        """Somebody saved this person first: fetch their version and show both."""

        def show(people: tuple[PersonRow, ...]) -> None:
            before = dialog.person
            theirs = next((p for p in people if before is not None and p.id == before.id), None)
            if before is None or theirs is None:
                dialog.refuse(ClinicError(_("This person is no longer there.")))
                return
            self._show_conflict(dialog, before, theirs)

        self.desk.operations.query(dialog, staff.people, show, failed=dialog.refuse, key="newer")

    def _show_conflict(self, dialog: PersonDialog, before: PersonRow, theirs: PersonRow) -> None:
        dialog.set_busy(False)
        yours = dialog.change(before.version)
        names = {
            "name": _("Name"),
            "initials": _("Initials"),
            "job": _("Job"),
            "email": _("E-mail"),
            "language": _("Language"),
        }

        def text(row: Any, field: str) -> str:
            value = str(getattr(row, field))
            return LANGUAGES.get(value, value) if field == "language" else value

        lines = [
            ConflictLine(field, label, text(before, field), text(yours, field), text(theirs, field))
            for field, label in names.items()
        ]
        zone = ZoneInfo(self.desk.who.zone)
        conflict = ConflictDialog(
            record=before.name,
            lines=lines,
            who=_("Somebody else"),
            saved_at=format_time(self.desk.operations.now().astimezone(zone).time()),
            theme=self.desk.theme,
            parent=self,
        )

        def chosen(sides: dict[str, Side]) -> None:
            for field, side in sides.items():
                if side is Side.THEIRS:
                    value = getattr(theirs, field)
                    if field == "language":
                        dialog.language.set_value(value)
                    else:
                        getattr(dialog, field).setText(value)
            dialog.set_busy(True)
            self._save_change(dialog, theirs.version)

        conflict.chosen.connect(chosen)
        conflict.open()

    @Slot()
    def give_word(self) -> None:
        """Give the chosen person a new word, because the password was forgotten."""
        person = self.person()
        if not self._may or person is None or not person.active or person.login is None:
            return
        dialog = Dialog(
            _("A new word for {name}?").format(name=person.name),
            theme=self.desk.theme,
            parent=self,
            sentence=_(
                "The password of now stops working. Open windows go on until they are left."
            ),
            icon="key-round",
            width=480,
            careful=True,
        )

        def act() -> None:
            dialog.accept()
            self.desk.operations.change(
                self,
                lambda ctx: staff.new_password_word(ctx, person.id),
                lambda invitation: self._show_word(invitation, person.name),
            )

        dialog.set_primary(_("Give a new word"), act)
        dialog.open()

    @Slot()
    def clear_factor(self) -> None:
        """Take a lost authenticator app away from the chosen person."""
        person = self.person()
        if not self._may or person is None:
            return
        dialog = Dialog(
            _("Take the authenticator of {name} away?").format(name=person.name),
            theme=self.desk.theme,
            parent=self,
            sentence=_("Until a new one is set up, the password alone signs them in."),
            icon="qr-code",
            width=480,
            careful=True,
        )

        def act() -> None:
            dialog.accept()
            said = _("The authenticator of {name} is taken away.").format(name=person.name)
            self.desk.operations.change(
                self,
                lambda ctx: staff.clear_second_factor(ctx, person.id),
                lambda _none: self.desk.messages.say(said, "shield"),
            )

        dialog.set_primary(_("Take it away"), act, danger=True)
        dialog.open()

    @Slot()
    def end_or_begin(self) -> None:
        """Deactivate the chosen person, or take them back."""
        person = self.person()
        if not self._may or person is None:
            return
        if person.active:
            self._deactivate(person)
        else:
            self._take_back(person.id, person.name)

    def _deactivate(self, person: PersonRow) -> None:
        def done(ended: int) -> None:
            self.refresh()
            text = _("{name} no longer signs in.").format(name=person.name)
            if ended:
                text = ngettext(
                    "{name} no longer signs in; {count} connection was ended.",
                    "{name} no longer signs in; {count} connections were ended.",
                    ended,
                ).format(name=person.name, count=ended)
            self.desk.messages.undoable(text, lambda: self._take_back(person.id, person.name))

        self.desk.operations.change(
            self, lambda ctx: staff.deactivate(ctx, person.id, person.version), done
        )

    def _take_back(self, person_id: UUID, name: str) -> None:
        """Let somebody work here again, with a new word."""

        def call(ctx: Context) -> Invitation:
            person = next(p for p in staff.people(ctx) if p.id == person_id)
            return staff.reactivate(ctx, person_id, person.version)

        self.desk.operations.change(
            self, call, lambda invitation: self._show_word(invitation, name)
        )

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
