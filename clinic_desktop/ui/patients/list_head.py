"""What stands above the list of patients: how many there are, the search, what is shown."""

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from clinic_desktop.domain.money import symbol_of
from clinic_desktop.i18n import _
from clinic_desktop.services.patients.lists import COUNTED_UP_TO
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.patients.columns import TITLES, Column
from clinic_desktop.ui.patients.question import FILTERS
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.editors import SearchField
from clinic_desktop.ui.widgets.labels import Label, plain_tip


class ListHead(QWidget):
    """Title with the count, the search field, a button that shows the filter's value."""

    filter_chosen = Signal(str)
    conditions_wanted = Signal()
    saved_wanted = Signal(object)
    """The place below the button, for its menu."""
    column_shown = Signal(int, bool)
    export_wanted = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._off: set[Column] = set()
        theme = desk.theme
        self.search = SearchField(
            _("Name, birth date, phone, number, e-mail"), theme=theme, large=True
        )
        self.search.setMinimumWidth(220)
        self.search.setMaximumWidth(430)
        self.filter = Button(theme=theme, icon="users")
        # Its words may be cut: the tip says them.
        self.filter.setMinimumWidth(120)
        self._drop(self.filter, self._filter_menu())
        self.columns = Button(_("Columns"), theme=theme, icon="list-checks")
        self._drop(self.columns, self._columns_menu())
        self._count = Label(theme=theme, role="text_2", tabular=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(self._title())
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.search, 4)
        row.addWidget(self.filter)
        self.conditions = Button(_("Filter"), theme=theme, icon="filter", key="Alt+F")
        self.conditions.clicked.connect(self.conditions_wanted)
        self.conditions.setMaximumWidth(320)
        self.saved = Button(
            theme=theme, icon="chevron-down", key="Alt+S", name=_("Saved filters"),
        )  # fmt: skip
        self.saved.clicked.connect(lambda: self.saved_wanted.emit(self.below_saved()))
        row.addWidget(self.conditions)
        row.addWidget(self.saved)
        row.addStretch(1)
        self._folding = [(self.columns, _("Columns"))]
        if desk.who.may("patients.export"):
            export = Button(_("Export"), theme=theme, icon="download")
            export.clicked.connect(self.export_wanted)
            row.addWidget(export)
            self._folding.append((export, _("Export")))
        row.addWidget(self.columns)
        column.addLayout(row)
        self._row = row

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave icons of the last buttons where the row is too long for its words."""
        super().resizeEvent(event)
        for button, words in self._folding:
            button.setText(words)
        for button, words in self._folding:
            self._row.invalidate()
            if self._row.minimumSize().width() <= self.width():
                break
            button.setText("")
            button.setAccessibleName(words)
            button.setToolTip(words)

    def _title(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(Label(_("Patients"), theme=self._desk.theme, size="title"))
        row.addWidget(self._count, 1)
        if self._desk.who.may("settings.write"):
            bring = Button(_("Import"), theme=self._desk.theme, icon="upload")
            bring.clicked.connect(lambda: self._desk.navigator.open_screen("import"))
            row.addWidget(bring)
        if self._desk.who.may("schedule.read"):
            calls = Button(_("Call list"), theme=self._desk.theme, icon="phone-call")
            calls.clicked.connect(lambda: self._desk.navigator.open_screen("recalls"))
            row.addWidget(calls)
        self.duplicates = Button(_("Duplicates"), theme=self._desk.theme, icon="layers")
        self.duplicates.clicked.connect(lambda: self._desk.navigator.open_screen("duplicates"))
        row.addWidget(self.duplicates)
        if self._desk.who.may("patients.write"):
            new = Button(
                _("New patient"),
                theme=self._desk.theme,
                icon="user-plus",
                key="Ctrl+Shift+N",
                kind="primary",
            )
            new.clicked.connect(self._desk.navigator.new_patient)
            row.addWidget(new)
        return row

    def _drop(self, button: Button, menu: QMenu) -> None:
        """Show a menu below its button; Qt's own menu buttons draw an arrow over the words."""
        button.clicked.connect(lambda: menu.popup(button.mapToGlobal(button.rect().bottomLeft())))

    def _filter_menu(self) -> QMenu:
        menu = QMenu(self)
        for key, words in FILTERS.items():
            action = menu.addAction(_(words))
            action.triggered.connect(lambda _on=False, key=key: self.filter_chosen.emit(key))
        return menu

    def _columns_menu(self) -> QMenu:
        menu = QMenu(self)
        who = self._desk.who
        sign = symbol_of(who.currency, who.locale)
        for column in list(Column)[1:]:
            if column is Column.BALANCE and not who.may("billing.read"):
                continue
            action = menu.addAction(_(TITLES[column]).format(currency=sign))
            action.setCheckable(True)
            action.setChecked(True)
            action.toggled.connect(lambda shown, column=column: self._switch(column, shown=shown))
        return menu

    def is_shown(self, column: Column) -> bool:
        """Return whether the column was not switched off."""
        return column not in self._off

    def _switch(self, column: Column, *, shown: bool) -> None:
        (self._off.discard if shown else self._off.add)(column)
        self.column_shown.emit(int(column), shown)

    def show_duplicates(self, count: int, *, complete: bool) -> None:
        """Write how many pairs were found; a plus says that not every record was compared."""
        words = _("Duplicates {count}") if complete else _("Duplicates {count}+")
        known = complete or count > 0
        self.duplicates.setText(words.format(count=count) if known else _("Duplicates"))

    def show_filter(self, key: str) -> None:
        """Write the filter's value on its button."""
        words = _(FILTERS[key])
        self.filter.setText(words)
        self.filter.setToolTip(words)
        self.filter.setAccessibleName(_("Which patients: {filter}").format(filter=words))

    def show_conditions(self, title: str, whole: str, *, chosen: bool) -> None:
        """Write the conditions on their button; ``whole`` says all of them."""
        self.conditions.setText(title)
        self.conditions.setAccessibleName(_("Filter: {filter}").format(filter=whole or title))
        self.conditions.setToolTip(plain_tip(whole))
        self.conditions.set_icon("check" if chosen else "filter")

    def below_saved(self) -> QPoint:
        """Return where the menu of saved filters begins."""
        return self.saved.mapToGlobal(self.saved.rect().bottomLeft())

    def show_count(self, count: int | None) -> None:
        """Write how many records there are; nothing when that is not known."""
        if count is None:
            self._count.setText("")
        elif count > COUNTED_UP_TO:
            words = _("more than {count} records").format(count=f"{COUNTED_UP_TO:,}")
            self._count.setText(words)
        else:
            self._count.setText(_("{count} records").format(count=f"{count:,}"))
