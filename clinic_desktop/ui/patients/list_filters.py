"""The filter of the list: chosen, changed, kept under a name, used again by a key."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _
from clinic_desktop.services import patients
from clinic_desktop.services.clinic.service import providers
from clinic_desktop.services.patients.list_schemas import ListFilter, SavedFilter, TagRow
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.patients.filter_dialog import FilterDialog
from clinic_desktop.ui.patients.filter_words import filter_words
from clinic_desktop.ui.patients.marks import NO_MARKS, Marks
from clinic_desktop.ui.widgets.dialog import Dialog
from clinic_desktop.ui.widgets.editors import Choice
from clinic_desktop.ui.widgets.fields import Field
from clinic_desktop.ui.widgets.line import LineEdit

if TYPE_CHECKING:  # asked on a worker; the window knows it by name
    from uuid import UUID

    from clinic_desktop.services.context import Context

_KEYED = 9


@dataclass(frozen=True)
class Known:
    """What filters and marks are made of."""

    saved: tuple[SavedFilter, ...]
    tags: tuple[TagRow, ...]
    providers: tuple[tuple[str, "UUID"], ...]
    stars: tuple["UUID", ...]


def _ask(ctx: "Context") -> Known:
    listed = tuple((one.name, one.id) for one in providers(ctx))
    return Known(patients.filters(ctx), patients.tags(ctx), listed, patients.stars(ctx))


class ListFilters(QObject):
    """Belongs to the screen of the list; ``changed`` says that other patients are to be shown."""

    changed = Signal()
    known_changed = Signal()
    """Tags, stars, names of filters were read again."""

    def __init__(self, desk: Desk, screen: QWidget) -> None:
        super().__init__(screen)
        self.desk = desk
        self._screen = screen
        self.chosen = ListFilter()
        self.used: SavedFilter | None = None
        """The saved filter that was chosen, perhaps changed since."""
        self.known = Known((), (), (), ())
        self.marks: Marks = NO_MARKS

    def ask(self) -> None:
        """Read tags, stars and saved filters again."""
        self.desk.operations.query(
            self._screen, _ask, self._show, failed=self._failed, key="filters"
        )

    def _failed(self, error: Exception) -> None:
        # The list stands without its tags and names; it says so and asks again when it reloads.
        self.desk.messages.warn(str(error))

    def _show(self, known: Known) -> None:
        self.known = known
        self.marks = Marks({tag.id: tag for tag in known.tags}, frozenset(known.stars))
        if self.used is not None:
            kept = {one.id: one for one in known.saved}
            self.used = kept.get(self.used.id)
        self.known_changed.emit()

    # -- what is chosen ---------------------------------------------------------------------

    def use(self, chosen: ListFilter) -> None:
        """Show what fits these conditions; a saved filter in use is then a changed one."""
        if chosen == self.chosen:
            return
        self.chosen = chosen
        if chosen == ListFilter():
            self.used = None
        self.changed.emit()

    def use_status(self, status: str) -> None:
        """Show another status, the other conditions as they are."""
        self.use(self.chosen.model_copy(update={"status": status}))

    def use_saved(self, saved: SavedFilter) -> None:
        """Show what a saved filter says."""
        self.used, self.chosen = saved, saved.choices
        self.changed.emit()

    @property
    def is_changed(self) -> bool:
        """Whether the saved filter in use says something else than what is shown."""
        return self.used is not None and self.used.choices != self.chosen

    def conditions(self) -> list[str]:
        """Return the conditions beside the status, in words."""
        return filter_words(
            self.chosen,
            tags={tag.id: tag.name for tag in self.known.tags},
            providers={one: name for name, one in self.known.providers},
            locale=self.desk.who.locale,
        )

    def title(self) -> str:
        """Return the words of the button: the name in use, or the conditions."""
        if self.used is not None:
            words = _("{name}, changed") if self.is_changed else "{name}"
            return words.format(name=self.used.name)
        return " · ".join(self.conditions()) or _("Filter")

    def open_form(self) -> None:
        """Show the form of the conditions."""
        FilterDialog(
            self.desk,
            self._screen,
            self.chosen,
            tags=[(tag.name, tag.id) for tag in self.known.tags],
            providers=self.known.providers,
            use=self.use,
        ).open()

    # -- under a name -----------------------------------------------------------------------

    def menu(self) -> QMenu:
        """Return the menu of saved filters; the first nine are chosen by their number."""
        menu = QMenu(self._screen)
        menu.setObjectName("saved_filters")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for number, one in enumerate(self.known.saved, start=1):
            name = one.name.replace("&", "&&")
            words = f"&{number}  {name}" if number <= _KEYED else name
            label = _("of the clinic") if one.shared else ""
            action = menu.addAction(f"{words}\t{label}" if label else words)
            action.setCheckable(True)
            action.setChecked(self.used is not None and self.used.id == one.id)
            action.triggered.connect(lambda _on=False, one=one: self.use_saved(one))
        if not self.known.saved:
            menu.addAction(_("No filter is saved yet")).setEnabled(False)
        menu.addSeparator()
        used = self.used
        if used is not None and self.is_changed and self._may_change(used):
            self._add(menu, _("&Save the changes to “{name}”"), used, self.save_changes)
        act = menu.addAction(_("Save as a &new filter…"))
        act.setEnabled(self.chosen != ListFilter())
        act.triggered.connect(lambda _on=False: self.ask_name())
        if used is not None and self._may_change(used):
            self._add(menu, _("Re&name “{name}”…"), used, self.ask_rename)
            self._add(menu, _("&Remove “{name}”"), used, self.remove)
        if self.chosen != ListFilter():
            menu.addAction(_("Show &everybody")).triggered.connect(
                lambda _on=False: self.use(ListFilter())
            )
        return menu

    def popup(self, place: QPoint) -> None:
        """Show the menu of saved filters."""
        self.menu().popup(place)

    def _add(
        self, menu: QMenu, words: str, one: SavedFilter, act: Callable[[SavedFilter], None]
    ) -> None:
        name = one.name.replace("&", "&&")
        menu.addAction(words.format(name=name)).triggered.connect(lambda _on=False: act(one))

    def _may_change(self, one: SavedFilter) -> bool:
        return not one.shared or self.desk.who.may("patients.write")

    def save_changes(self, one: SavedFilter) -> None:
        """Keep what is shown under the name in use."""
        chosen = self.chosen
        self.desk.operations.change(
            self._screen,
            lambda ctx: patients.change_filter(ctx, one, name=one.name, chosen=chosen),
            lambda version: self._kept(
                one.model_copy(update={"version": version, "choices": chosen})
            ),
        )

    def ask_name(self) -> None:
        """Ask for the name of a new filter and for whom it is."""
        NameFilter(self.desk, self._screen, self.chosen, self._kept).open()

    def ask_rename(self, one: SavedFilter) -> None:
        """Ask for another name."""
        NameFilter(self.desk, self._screen, one.choices, self._kept, one).open()

    def _kept(self, saved: SavedFilter) -> None:
        self.used = saved
        self.desk.messages.say(_("The filter {name} is saved.").format(name=saved.name), "funnel")
        self.known_changed.emit()
        self.ask()

    def remove(self, one: SavedFilter) -> None:
        """Take the filter in use out of the list; what is shown stays."""
        self.desk.operations.change(
            self._screen,
            lambda ctx: patients.remove_filter(ctx, one),
            lambda version: self._removed(one, version),
        )

    def _removed(self, one: SavedFilter, version: int) -> None:
        def undo() -> None:
            self.desk.operations.change(
                self._screen,
                lambda ctx: patients.restore_filter(ctx, one.id, version),
                lambda _version: self.ask(),
            )

        self.used = None
        self.desk.messages.undoable(_("The filter {name} is removed.").format(name=one.name), undo)
        self.ask()


class NameFilter(Dialog):
    """Takes the name of a filter and, for a new one, for whom it is."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        chosen: ListFilter,
        done: Callable[[SavedFilter], None],
        one: SavedFilter | None = None,
    ) -> None:
        super().__init__(
            _("Save the filter") if one is None else _("Rename the filter"),
            theme=desk.theme,
            parent=parent,
            icon="funnel",
            width=440,
        )
        self.desk, self._chosen, self._done, self._one = desk, chosen, done, one
        self._id = new_id()
        self.line = LineEdit(theme=desk.theme, longest=60)
        self.line.setText(one.name if one is not None else "")
        self.name = Field(_("Name"), self.line, theme=desk.theme, name="name", required=True)
        self.body.addWidget(self.name)
        self.whose = Choice(
            [(_("Mine alone"), False), (_("Everybody’s in the clinic"), True)],
            theme=desk.theme,
            value=False,
        )
        whose = Field(_("Whose it is"), self.whose, theme=desk.theme)
        if one is None and desk.who.may("patients.write"):
            self.body.addWidget(whose)
        self.line.returnPressed.connect(self._save)
        self.set_primary(_("Save"), self._save, key="Ctrl+Enter")

    def _save(self) -> None:
        name, one, chosen = self.line.text(), self._one, self._chosen
        shared = one.shared if one is not None else bool(self.whose.value())
        self.set_busy(True)

        def keep(ctx: "Context") -> SavedFilter:
            if one is not None:
                patients.change_filter(ctx, one, name=name, chosen=one.choices)
            else:
                patients.save_filter(ctx, self._id, name, chosen, shared=shared)
            wanted = one.id if one is not None else self._id
            return next(saved for saved in patients.filters(ctx) if saved.id == wanted)

        self.desk.operations.change(self, keep, self._saved, failed=self._refused)

    def _saved(self, saved: SavedFilter) -> None:
        self.accept()
        self._done(saved)

    def _refused(self, error: Exception) -> None:
        self.set_busy(False)
        self.name.show_error(str(error))
        if isinstance(error, InvalidError):
            self.line.setFocus()
