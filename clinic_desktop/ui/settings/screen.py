"""The settings screen: sections with a search at the left, the form of one at the right."""

from typing import Any, Final

from PySide6.QtCore import QModelIndex, Qt, QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from clinic_desktop.i18n import N_, _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.keymap.dress import dress
from clinic_desktop.ui.screen import KeyHelp, PatientInView, Screen
from clinic_desktop.ui.settings.changed_line import KEY as CHANGES_KEY
from clinic_desktop.ui.settings.changed_line import ChangedLine
from clinic_desktop.ui.settings.list_model import SectionModel
from clinic_desktop.ui.settings.section import FORM_WIDTH, Section, SectionEntry, Sections
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.fields import Field, SearchField
from clinic_desktop.ui.widgets.flash import flash
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.panel import Panel
from clinic_desktop.ui.widgets.rule import rule
from clinic_desktop.ui.widgets.table import TableView

LIST_WIDTH: Final = 240
NARROW_LIST: Final = 180
NARROW: Final = 820
EDGE: Final = 24
# A section that was just made asks for what it shows; the setting is there when the answer is.
LOOK_MS: Final = 60
MOST_LOOKS: Final = 80


class SettingsScreen(Screen):
    """Shows one section at a time; each is made when first wanted and keeps what was typed."""

    title = N_("Settings")

    def __init__(self, desk: Desk, sections: Sections) -> None:
        super().__init__(desk)
        self._entries = sections.for_desk(desk)
        self._made: dict[str, Section] = {}
        self._lines: dict[str, ChangedLine] = {}
        self.key = ""
        self._wanted = ("", False, 0)
        self._sought = QTimer(self)
        self._sought.setSingleShot(True)
        self._sought.setInterval(LOOK_MS)
        self._sought.timeout.connect(self._look)
        self.model = SectionModel(self._entries)
        self.search = SearchField(_("Search settings"), theme=desk.theme)
        self.list = TableView(theme=desk.theme, name=_("Sections of the settings"))
        self.none = Label(theme=desk.theme, role="text_2", wrap=True)
        self.stack = QStackedWidget()
        self._lay_out()
        self.search.searched.connect(self._search)
        self.search.went_down.connect(self.list.setFocus)
        self.search.returnPressed.connect(self._open_found)
        self.list.went_up.connect(self.search.setFocus)
        self.list.row_changed.connect(self._row_changed)
        self.list.opened.connect(self._enter)

    def _lay_out(self) -> None:
        self.list.setModel(self.model)
        self.list.horizontalHeader().hide()
        self.list.fit_columns(stretch=0)
        self.list.setProperty("keys_area", _("Sections of the settings"))
        self.none.hide()
        self._left = QFrame()
        self._left.setProperty("kind", "surface")
        column = QVBoxLayout(self._left)
        column.setContentsMargins(12, 16, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.search)
        column.addWidget(self.none)
        column.addWidget(self.list, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._left)
        row.addWidget(rule(vertical=True))
        row.addWidget(self.stack, 1)

    # Which section

    def section(self) -> Section | None:
        """Return the section that is shown."""
        return self._made.get(self.key)

    def open_at(self, *, section: str = "", **where: Any) -> None:
        """Show a section by its key, at a place that it understands."""
        if not any(entry.key == section for entry in self._entries):
            return
        if self.model.row_of(section) < 0:
            self.search.clear()
            self.model.search("")
        self.list.choose_row(self.model.row_of(section))
        self._show(section)
        shown = self.section()
        if where and shown is not None:
            shown.open_at(**where)

    def reload(self) -> None:
        """Show the first section when none was asked for; each loads itself."""
        shown = self.section()
        if shown is not None:
            shown.refresh()
        elif self._entries:
            self.list.choose_row(0)

    @Slot(QModelIndex)
    def _row_changed(self, index: QModelIndex) -> None:
        found = self.model.found(index.row())
        if found is not None:
            self._show(found.entry.key)
            self._seek(found.label)

    def _show(self, key: str) -> None:
        if key == self.key:
            return
        entry = next(e for e in self._entries if e.key == key)
        self.key = key
        section = self._made.get(key) or self._make(entry)
        self.stack.setCurrentIndex(list(self._made).index(key))
        section.updateGeometry()
        self._lines[key].ask()
        self.desk.messages.hint(self.hint())

    def _make(self, entry: SectionEntry) -> Section:
        section = entry.factory(self.desk)
        section.setObjectName(f"settings.{entry.key}")
        section.setAccessibleName(_(entry.title))
        self._made[entry.key] = section
        section.setProperty("key_scope", f"settings.{entry.key}")
        line = ChangedLine(self.desk, section)
        self._lines[entry.key] = line
        self.stack.addWidget(_page(section, line, _(entry.title), self.desk.theme))
        dress(section, self.desk.keymap)
        return section

    @Slot(str)
    def _search(self, text: str) -> None:
        key = self.key
        self.model.search(text)
        found = self.model.rowCount() > 0
        self.none.setText(_("No setting is called “{text}”.").format(text=text))
        self.none.setVisible(not found)
        if self.model.row_of(key) >= 0:
            self.list.choose_row(self.model.row_of(key))

    @Slot()
    def _open_found(self) -> None:
        if self.model.rowCount():
            chosen = self.model.found(self.list.current_row().row())
            if chosen is None or not chosen.hit:
                self.list.choose_row(self.model.first_hit())
            self._enter(self.list.current_row())

    @Slot(QModelIndex)
    def _enter(self, index: QModelIndex) -> None:
        """Go on into the form, to the setting that was found."""
        section, found = self.section(), self.model.found(index.row())
        if section is None:
            return
        section.start_focus()
        if found is not None and found.label:
            self._seek(found.label, focus=True)

    def _seek(self, label: str, *, focus: bool = False) -> None:
        """Show which setting was meant, as soon as its section has loaded it."""
        self._sought.stop()
        if not label:
            return
        self._wanted = (label, focus, MOST_LOOKS)
        self._look()

    @Slot()
    def _look(self) -> None:
        label, focus, left = self._wanted
        section = self.section()
        place = place_of(section, _(label)) if section is not None else None
        if place is not None:
            flash(place, self.desk.theme)
            if focus and isinstance(place, Field):
                place.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        elif left:
            self._wanted = (label, focus, left - 1)
            self._sought.start()

    # What the window asks of a screen

    def start_focus(self) -> None:
        """Begin in the list, or in the section that a link asked for."""
        self.list.setFocus()

    def keys(self) -> list[KeyHelp]:
        """Return the keys of the list and of the section."""
        area = _("Sections of the settings")
        own = [
            KeyHelp("Ctrl+F", _("search settings"), area),
            KeyHelp("Enter", _("into the form"), area),
        ]
        section = self.section()
        if section is None:
            return own
        if self._lines[self.key].known:
            own.append(KeyHelp(CHANGES_KEY, _("what was changed here"), area))
        return [*own, *section.keys()]

    def key_scopes(self) -> list[str]:
        """Return that of the section."""
        section = self.section()
        return [*(section.key_scopes() if section is not None else []), *super().key_scopes()]

    def panes(self) -> list[QWidget]:
        """Return the list and the section."""
        section = self.section()
        return [self._left, *(section.panes() if section is not None else [])]

    def patient_in_view(self) -> PatientInView | None:
        """Return nobody: settings are about the clinic."""
        return None

    def find_here(self) -> None:
        """Search the settings."""
        self.search.setFocus()
        self.search.selectAll()

    def leaving(self) -> None:
        """Let the section keep what is half-typed."""
        section = self.section()
        if section is not None:
            section.leaving()

    def toggle_side(self) -> None:
        """Hand F7 to the section."""
        self._hand_on("toggle_side")

    def print_current(self) -> None:
        """Hand Ctrl+P to the section."""
        self._hand_on("print_current")

    def save_now(self) -> None:
        """Hand Ctrl+S to the section."""
        self._hand_on("save_now")

    def show_history(self) -> None:
        """Hand Ctrl+H to the section."""
        self._hand_on("show_history")

    def do_primary(self) -> None:
        """Hand Ctrl+Enter to the section."""
        self._hand_on("do_primary")

    def _hand_on(self, act: str) -> None:
        section = self.section()
        if section is not None:
            getattr(section, act)()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the form its room first."""
        super().resizeEvent(event)
        self._left.setFixedWidth(NARROW_LIST if self.width() < NARROW else LIST_WIDTH)


def place_of(section: Section, label: str) -> QWidget | None:
    """Return the field or the card of a section that is called so and is shown."""
    fields = [one for one in section.findChildren(Field) if one.label() == label]
    cards = [one for one in section.findChildren(Panel) if one.title() == label]
    return next((one for one in (*fields, *cards) if one.isVisible()), None)


def _page(section: Section, line: ChangedLine, title: str, theme: Theme) -> QScrollArea:
    """Return a page that scrolls, with the section below its title."""
    page = QWidget()
    page.setProperty("kind", "page")
    column = QVBoxLayout(page)
    column.setContentsMargins(EDGE, 20, EDGE, EDGE)
    column.setSpacing(4)
    column.addWidget(Label(title, theme=theme, size="title"))
    if section.sentence:
        column.addWidget(Label(_(section.sentence), theme=theme, role="text_2", wrap=True))
    column.addWidget(line)
    column.addSpacing(12)
    if section.wide:
        column.addWidget(section, 1)
    else:
        section.setMaximumWidth(FORM_WIDTH)
        section.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout()
        row.addWidget(section, 1)
        row.addStretch(0)
        column.addLayout(row)
        column.addStretch(1)
    area = QScrollArea()
    area.setWidget(page)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    if not section.wide:
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area
