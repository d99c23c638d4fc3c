"""What is done with somebody who works here: a new word, no authenticator, the end, the return."""

from collections.abc import Callable
from uuid import UUID

from PySide6.QtWidgets import QWidget

from clinic_desktop.i18n import _, ngettext
from clinic_desktop.services.context import Context
from clinic_desktop.services.staff import service as staff
from clinic_desktop.services.staff.schemas import Invitation, PersonRow
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.staff.word_dialog import WordDialog
from clinic_desktop.ui.widgets.dialog import Dialog


class PersonActs:
    """Acts for one section; ``changed`` is called once something was done."""

    def __init__(self, desk: Desk, section: QWidget, changed: Callable[[], None]) -> None:
        self._desk, self._section, self._changed = desk, section, changed

    def show_word(self, invitation: Invitation, name: str) -> None:
        """Show the word of somebody who was invited, once."""
        self._changed()
        WordDialog(self._desk, invitation, name=name, parent=self._section).open()

    def give_word(self, person: PersonRow) -> None:
        """Give a new word after asking, because the password was forgotten."""

        def act() -> None:
            self._desk.operations.change(
                self._section,
                lambda ctx: staff.new_password_word(ctx, person.id),
                lambda invitation: self.show_word(invitation, person.name),
            )

        self._ask(
            _("A new word for {name}?").format(name=person.name),
            _("The password of now stops working. Open windows go on until they are left."),
            _("Give a new word"),
            act,
            icon="key-round",
        )

    def clear_factor(self, person: PersonRow) -> None:
        """Take a lost authenticator app away after asking."""

        def act() -> None:
            said = _("The authenticator of {name} is taken away.").format(name=person.name)
            self._desk.operations.change(
                self._section,
                lambda ctx: staff.clear_second_factor(ctx, person.id),
                lambda _none: self._desk.messages.say(said, "shield"),
            )

        self._ask(
            _("Take the authenticator of {name} away?").format(name=person.name),
            _("Until a new one is set up, the password alone signs them in."),
            _("Take it away"),
            act,
            icon="qr-code",
            danger=True,
        )

    def _ask(
        self,
        title: str,
        sentence: str,
        words: str,
        act: Callable[[], None],
        *,
        icon: str,
        danger: bool = False,
    ) -> None:
        dialog = Dialog(
            title,
            theme=self._desk.theme,
            parent=self._section,
            sentence=sentence,
            icon=icon,
            width=480,
            careful=True,
        )

        def confirmed() -> None:
            dialog.accept()
            act()

        dialog.set_primary(words, confirmed, danger=danger)
        dialog.open()

    def end_or_begin(self, person: PersonRow) -> None:
        """Deactivate somebody, or take them back."""
        if person.active:
            self._deactivate(person)
        else:
            self._take_back(person.id, person.name)

    def _deactivate(self, person: PersonRow) -> None:
        def done(ended: int) -> None:
            self._changed()
            text = _("{name} no longer signs in.").format(name=person.name)
            if ended:
                text = ngettext(
                    "{name} no longer signs in; {count} connection was ended.",
                    "{name} no longer signs in; {count} connections were ended.",
                    ended,
                ).format(name=person.name, count=ended)
            self._desk.messages.undoable(text, lambda: self._take_back(person.id, person.name))

        self._desk.operations.change(
            self._section, lambda ctx: staff.deactivate(ctx, person.id, person.version), done
        )

    def _take_back(self, person_id: UUID, name: str) -> None:
        """Let somebody work here again, with a new word."""

        def call(ctx: Context) -> Invitation:
            person = next(p for p in staff.people(ctx) if p.id == person_id)
            return staff.reactivate(ctx, person_id, person.version)

        self._desk.operations.change(
            self._section, call, lambda invitation: self.show_word(invitation, name)
        )
