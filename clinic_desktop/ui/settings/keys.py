"""All keys: what each does and where, found by words or by pressing it, and changed."""

from enum import IntEnum
from typing import Final

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.i18n import N_, _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.keymap.binding import bind
from clinic_desktop.ui.keymap.keymap import normal
from clinic_desktop.ui.keymap.table import SCOPES, Act
from clinic_desktop.ui.screen import KeyHelp
from clinic_desktop.ui.settings.key_catch import KeyCatch
from clinic_desktop.ui.settings.keys_dialog import KeyDialog, named, tell_kept
from clinic_desktop.ui.settings.section import Section
from clinic_desktop.ui.shell.matching import find
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.cells import Cell, none_cell
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.fields import SearchField
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.paged_model import PagedModel
from clinic_desktop.ui.widgets.painting import TagSpec
from clinic_desktop.ui.widgets.panel import StatePanel
from clinic_desktop.ui.widgets.table import TableView

_CATCH: Final = 200


class Column(IntEnum):
    """The columns from left to right."""

    DOES = 0
    KEY = 1
    NOTE = 2


TITLES: Final = {
    Column.DOES: N_("What it does"),
    Column.KEY: N_("Key"),
    Column.NOTE: N_("Usual key, or why it stays"),
}


class KeysSection(Section):
    """Kept for this person on this computer, as theme and sizes are; in force at once."""

    title = N_("Keys")
    wide = True
    sentence = N_(
        "Yours on this computer, for keyboards differ from one to the next. Changes act at once."
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        theme = desk.theme
        self.search = SearchField(_("What it does, or where"), theme=theme)
        self.catch = KeyCatch(_("Or press the key"), theme=theme)
        self.catch.setFixedWidth(_CATCH)
        self.model: PagedModel[Act] = PagedModel(
            TITLES, self._cell, key=lambda act: act.id, heading=lambda act: _(SCOPES[act.scope])
        )
        self.table = TableView(theme=theme, name=_("Keys"))
        self.table.setModel(self.model)
        self.table.setProperty("keys_area", _("Keys"))
        self.panel = StatePanel(theme=theme)
        self.change = Button(_("Change"), theme=theme, icon="pencil", key="Enter", small=True)
        self.none = Button(_("No key"), theme=theme, key="Del", small=True)
        self.usual = Button(_("Usual key"), theme=theme, icon="undo-2", key="R", small=True)
        self.all = Button(_("All usual keys"), theme=theme, small=True)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.search, 1)
        row.addWidget(self.catch)
        for button in (self.change, self.none, self.usual):
            self.panel.add_foot(button)
        self.note = Label(theme=self.desk.theme, size="small", role="text_2", wrap=True)
        self.panel.add_foot(self.note, 1)
        self.panel.add_foot(self.all)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(head)
        column.addWidget(self.panel, 1)
        self.setMinimumHeight(420)

    def _connect(self) -> None:
        self.search.searched.connect(lambda _text: self._fill())
        self.search.went_down.connect(self.table.setFocus)
        self.catch.pressed.connect(lambda _key: self._fill())
        self.table.went_up.connect(self.search.setFocus)
        self.table.opened.connect(self.ask_key)
        self.table.row_changed.connect(self._row_changed)
        self.change.clicked.connect(self.ask_key)
        self.none.clicked.connect(self.clear_key)
        self.usual.clicked.connect(self.reset_key)
        self.all.clicked.connect(self.reset_all)
        for key, act in (("Del", self.clear_key), ("R", self.reset_key)):
            bind(self.table, key, act)
        self.desk.keymap.changed.connect(self._fill)

    # -- what is shown ----------------------------------------------------------------------

    def open_at(self, *, act: str = "", **_where: object) -> None:
        """Choose an act by its id."""
        self.search.clear()
        self._fill()
        self.table.choose_row(self.model.row_of(act))

    def reload(self) -> None:
        """Show the acts."""
        self._fill()

    @Slot()
    def _fill(self) -> None:
        chosen, scrolled = self.chosen(), self.table.verticalScrollBar().value()
        rows = [act for act in self.desk.keymap.acts if self._fits(act)]
        self.model.set_rows(rows)
        self.all.setEnabled(self.desk.keymap.is_changed())
        if not rows:
            self.panel.show_empty(_("No key and no act is called that."))
            self._row_changed()
            return
        self.panel.show_content(self.table)
        self.table.fit_columns(stretch=Column.NOTE)
        self.table.choose_row(self.model.row_of(chosen.id) if chosen in rows else 0)
        self.table.verticalScrollBar().setValue(scrolled)
        self._row_changed()

    def _fits(self, act: Act) -> bool:
        keymap, pressed = self.desk.keymap, normal(self.catch.text())
        if pressed and pressed not in map(normal, (*keymap.keys(act), act.shown)):
            return False
        words = f"{named(act)} {keymap.first(act)}"
        return find(words, self.search.text().strip()) is not None

    def _cell(self, act: Act, column: Column) -> Cell:
        keymap = self.desk.keymap
        if column is Column.DOES:
            words = _(act.does)
            return Cell(words[:1].upper() + words[1:])
        if column is Column.KEY:
            key = keymap.first(act)
            changed = (TagSpec("accent", _("Yours")),) if keymap.is_changed(act) else ()
            if not key:
                return Cell(_("No key"), role="text_3", tags=changed)
            return Cell(key, size="strong", tabular=True, tags=changed)
        if act.fixed:
            return Cell(_("Stays: {why}").format(why=_(act.fixed)), icon="lock", role="text_2")
        return Cell(act.keys[0], role="text_3") if keymap.is_changed(act) else none_cell()

    def chosen(self) -> Act | None:
        """Return the act in view."""
        return self.model.row(self.table.current_row().row())

    @Slot(QModelIndex)
    def _row_changed(self, _index: QModelIndex | None = None) -> None:
        act, keymap = self.chosen(), self.desk.keymap
        free = act is not None and not act.fixed
        self.change.setEnabled(free)
        self.none.setEnabled(free and act is not None and bool(keymap.keys(act)))
        self.usual.setEnabled(act is not None and keymap.is_changed(act))
        self.note.setText(_(act.fixed) if act is not None else "")

    # -- changing ---------------------------------------------------------------------------

    def _free(self) -> Act | None:
        """Return the act in view, or say why its key stays."""
        act = self.chosen()
        if act is not None and act.fixed:
            self.desk.messages.warn(self.desk.keymap.refusal(act, ""))
            return None
        return act

    @Slot()
    def ask_key(self) -> None:
        """Ask for another key for the chosen act."""
        self._ask()

    def _ask(self, key: str = "") -> None:
        """Ask for a key; ``key`` is as if it were pressed already."""
        act = self._free()
        if act is not None:
            dialog = KeyDialog(self.desk, self, act, key=key)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()

    @Slot()
    def clear_key(self) -> None:
        """Leave the chosen act without a key."""
        act = self._free()
        if act is not None and self.desk.keymap.keys(act):
            kept = self.desk.keymap.clear(act)
            sentence = _("{act} has no key now.").format(act=named(act))
            tell_kept(self.desk, kept=kept, sentence=sentence)

    @Slot()
    def reset_key(self) -> None:
        """Give the chosen act its usual key; ask when another has it by now."""
        act, keymap = self._free(), self.desk.keymap
        if act is None or not keymap.is_changed(act):
            return
        usual = normal(act.keys[0])
        if keymap.taken_by(act, usual) is not None:
            self._ask(usual)
            return
        kept = keymap.choose(act, usual)
        sentence = _("{act} is {key} from now on.").format(act=named(act), key=usual)
        tell_kept(self.desk, kept=kept, sentence=sentence)

    @Slot()
    def reset_all(self) -> None:
        """Give all acts their usual keys, after asking."""
        dialog = Dialog(
            _("All keys as usual?"),
            theme=self.desk.theme,
            parent=self,
            sentence=_("The keys that you chose are forgotten."),
            icon="undo-2",
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def reset() -> None:
            kept = self.desk.keymap.reset_all()
            tell_kept(self.desk, kept=kept, sentence=_("All keys are the usual ones."))
            dialog.accept()

        dialog.set_primary(_("All usual keys"), reset)
        dialog.open()

    # -- what the settings screen calls -----------------------------------------------------

    def start_focus(self) -> None:
        """Begin with the search."""
        self.search.setFocus()

    def panes(self) -> list[QWidget]:
        """Return search and list."""
        return [self.search, self.table]

    def keys(self) -> list[KeyHelp]:
        """Return the keys of the list."""
        area = _("Keys")
        return [
            KeyHelp("Enter", _("change"), area),
            KeyHelp("Del", _("leave without a key"), area),
            KeyHelp("R", _("usual key"), area),
        ]
