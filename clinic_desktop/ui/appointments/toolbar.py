"""The calendar's toolbar: where in time, how many days, whose columns, how fine."""

from collections.abc import Callable, Sequence
from uuid import UUID

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QMenu, QWidget

from clinic_desktop.i18n import _
from clinic_desktop.services.appointments.sheet_schemas import People
from clinic_desktop.ui.appointments.choices import ZOOMS, CalendarView, Kind, SavedView
from clinic_desktop.ui.appointments.columns import By
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.segmented import Segmented
from clinic_desktop.ui.widgets.shedding import fit_row

_WIDEST_DATE, _LEAST_DATE = 320, 90
_LONGEST_NAME = 24
_LEAST = 320


class CalendarBar(QWidget):
    """Tells what was chosen; what holds is written by the screen."""

    wanted = Signal(str)
    """The name of an act of the calendar's keys."""
    kind_chosen = Signal(object)
    by_chosen = Signal(object)
    slot_chosen = Signal(int)
    shown_chosen = Signal(object)
    """Ids of the providers or chairs to show, none for all."""
    view_wanted = Signal(str)
    """The key of a saved view."""
    view_removed = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        theme = desk.theme
        back = Button("", theme=theme, icon="chevron-left", name=_("Earlier (PgUp)"))
        forward = Button("", theme=theme, icon="chevron-right", name=_("Later (PgDown)"))
        today = Button(_("Today"), theme=theme, key="T")
        self.find_slot = Button(_("Find a slot"), theme=theme, icon="calendar-search", key="F")
        for button, name in (
            (back, "back"), (forward, "forward"), (today, "today"), (self.find_slot, "find"),
        ):  # fmt: skip
            button.clicked.connect(lambda _on=False, name=name: self.wanted.emit(name))
        self.date = Label("", theme=theme, size="title")
        self._dates = ("", "")
        self.kind = Segmented(
            [(_("Day"), Kind.DAY), (_("3 days"), Kind.THREE), (_("Week"), Kind.WEEK),
             (_("Month"), Kind.MONTH)],
            theme=theme,
            name=_("Days shown"),
        )  # fmt: skip
        self.by = Segmented(
            [(_("Provider"), By.PROVIDER), (_("Chair"), By.CHAIR)], theme=theme, name=_("Columns")
        )
        self.kind.chosen.connect(self.kind_chosen)
        self.by.chosen.connect(self.by_chosen)
        self.who = Button("", theme=theme, icon="users")
        self.zoom = Button("", theme=theme, icon="chevron-down")
        self.views = Button("", theme=theme, icon="layout-grid", name=_("Saved views"))
        self._view, self._people = CalendarView(), People((), ())
        self._saved: Sequence[SavedView] = ()
        self.print = Button("", theme=theme, icon="printer", name=_("Print"))
        self.menus = {name: QMenu(self) for name in ("who", "zoom", "views", "print")}
        self.forget_menu = QMenu(_("Forget a view"), self)
        self._drop(self.who, self.menus["who"], self._fill_who)
        self._drop(self.zoom, self.menus["zoom"], self._fill_zoom)
        self._drop(self.views, self.menus["views"], self._fill_views)
        self._drop(self.print, self.menus["print"], self._fill_print)
        self._row = row = QHBoxLayout(self)
        # Its words ask for no room of their own: what does not fit is left out.
        row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(8)
        for button in (back, today, forward):
            row.addWidget(button)
        row.addSpacing(8)
        row.addWidget(self.date, 1)
        acts: list[QWidget] = [
            self.find_slot, self.who, self.kind, self.by, self.zoom, self.views, self.print,
        ]  # fmt: skip
        for widget in acts:
            row.addWidget(widget)
        self._sheds: list[list[QWidget]] = [
            [self.print], [self.find_slot], [today], [self.by], [self.who], [self.views],
            [self.zoom],
        ]  # fmt: skip

    def _drop(self, button: Button, menu: QMenu, fill: Callable[[QMenu], None]) -> None:
        """Show a menu below its button; Qt's own menu buttons draw an arrow over the words.

        It is filled when it is shown: what is reloaded meanwhile does not pull it away.
        """
        menu.aboutToShow.connect(lambda: fill(menu))
        button.clicked.connect(lambda: menu.popup(button.mapToGlobal(button.rect().bottomLeft())))

    def minimumSizeHint(self) -> QSize:
        """Return the height of the row and the least room it can do with."""
        return QSize(_LEAST, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what a key does as well where there is too little room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        for words in self._dates:
            self.date.setText(words)
            # The words are wider than they were measured by a rounding.
            width = min(self.date.sizeHint().width() + 2, _WIDEST_DATE)
            self.date.setMinimumWidth(width)
            fit_row(self._row, self.width(), self._sheds)
            if not self._sheds[0][0].isHidden():
                return
        if self._row.minimumSize().width() > self.width():
            # Nothing is left to leave out: now the date is cut, with an ellipsis.
            self.date.setMinimumWidth(_LEAST_DATE)

    def show_view(self, view: CalendarView, people: People) -> None:
        """Write what holds: days, columns, who is shown of these people, the zoom."""
        self._view, self._people = view, people
        self.kind.set_value(view.kind)
        self.by.set_value(view.by)
        self.zoom.setText(_("{minutes} min").format(minutes=view.slot))
        self.zoom.setEnabled(view.kind is not Kind.MONTH)
        names = [name for one, name in self._offered() if one in view.shown]
        words = self._everybody()
        if len(names) == 1:
            words = names[0]
        elif names:
            words = _("{count} of {all}").format(count=len(names), all=len(self._offered()))
        self.who.setText(words if len(words) <= _LONGEST_NAME else f"{words[: _LONGEST_NAME - 1]}…")
        self.who.setAccessibleName(_("Shown: {who}").format(who=words))
        self.who.setToolTip(words)
        self._fit()

    def show_saved(self, views: Sequence[SavedView]) -> None:
        """Offer these saved views."""
        self._saved = views

    def show_date(self, words: str, short: str) -> None:
        """Write which days are shown; ``short`` before an act has to make room for them."""
        self._dates = (words, short)
        self._fit()

    def _offered(self) -> Sequence[tuple[UUID, str]]:
        people = self._people
        return people.providers if self._view.by is By.PROVIDER else people.chairs

    def _everybody(self) -> str:
        return _("All providers") if self._view.by is By.PROVIDER else _("All chairs")

    def _fill_zoom(self, menu: QMenu) -> None:
        menu.clear()
        for step in ZOOMS:
            action = menu.addAction(_("{minutes} min").format(minutes=step))
            action.setCheckable(True)
            action.setChecked(step == self._view.slot)
            action.triggered.connect(lambda _on=False, step=step: self.slot_chosen.emit(step))

    def _fill_who(self, menu: QMenu) -> None:
        menu.clear()
        shown = self._view.shown
        whole = menu.addAction(self._everybody())
        whole.setCheckable(True)
        whole.setChecked(not any(one in shown for one, _name in self._offered()))
        whole.triggered.connect(lambda: self.shown_chosen.emit(()))
        menu.addSeparator()
        for one, name in self._offered():
            action = menu.addAction(name.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(one in shown)
            others = tuple(other for other in shown if other != one)
            wanted = others if one in shown else (*others, one)
            action.triggered.connect(lambda _on=False, to=wanted: self.shown_chosen.emit(to))

    def _fill_print(self, menu: QMenu) -> None:
        menu.clear()
        for words, key, name in (
            (_("Day sheet"), "Ctrl+P", "print_day"), (_("Week overview"), "O", "print_week"),
        ):  # fmt: skip
            action = menu.addAction(f"{words}\t{key}")
            action.triggered.connect(lambda _on=False, name=name: self.wanted.emit(name))

    def _fill_views(self, menu: QMenu) -> None:
        menu.clear()
        self.forget_menu.clear()
        for one in self._saved:
            name = one.name.replace("&", "&&")
            # Behind a tab stands the key, as in every menu.
            action = menu.addAction(f"{name}\t{one.key}")
            action.triggered.connect(lambda _on=False, key=one.key: self.view_wanted.emit(key))
            action = self.forget_menu.addAction(name)
            action.triggered.connect(lambda _on=False, key=one.key: self.view_removed.emit(key))
        if self._saved:
            menu.addSeparator()
        save = menu.addAction(_("Save this view…") + "\tCtrl+S")
        save.triggered.connect(lambda: self.wanted.emit("save_view"))
        if self._saved:
            menu.addMenu(self.forget_menu)
