"""Saved views: kept on a function key with a name, called by it, forgotten and undone."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from clinic_desktop.i18n import _
from clinic_desktop.ui.appointments.choices import CalendarView, Choices, SavedView
from clinic_desktop.ui.appointments.dialogs import SaveViewDialog
from clinic_desktop.ui.desk import Desk


class SavedViews:
    """``changed`` is told that others are kept now, ``chosen`` the view that was called."""

    def __init__(
        self,
        desk: Desk,
        screen: QWidget,
        choices: Choices,
        *,
        changed: Callable[[], None],
        chosen: Callable[[CalendarView], None],
    ) -> None:
        self._desk, self._screen, self._choices = desk, screen, choices
        self._changed, self._chosen = changed, chosen

    def ask(self) -> None:
        """Ask for the name and key of the view that is shown."""
        SaveViewDialog(
            self._choices.view,
            self._choices.saved(),
            self._save,
            theme=self._desk.theme,
            parent=self._screen,
        ).open()

    def recall(self, key: str) -> None:
        """Show the view of a key, or say that it has none."""
        one = self._of(key)
        if one is None:
            words = _("{key} has no view yet. Ctrl+S saves the one that is shown.")
            self._desk.messages.say(words.format(key=key), "info")
            return
        self._chosen(one.view)
        self._desk.messages.say(_("View: {name}").format(name=one.name), "layout-grid")

    def forget(self, key: str) -> None:
        """Keep the view of a key no more."""
        one = self._of(key)
        if one is not None:
            self._remove(key)
            words = _("The view “{name}” is forgotten.").format(name=one.name)
            self._desk.messages.undoable(words, lambda: self._keep(one), lambda: self._remove(key))

    def _save(self, one: SavedView) -> None:
        before = self._of(one.key)
        self._keep(one)
        words = _("{key} shows “{name}” from now on.").format(key=one.key, name=one.name)
        self._desk.messages.undoable(
            words,
            lambda: self._keep(before) if before is not None else self._remove(one.key),
            lambda: self._keep(one),
        )

    def _of(self, key: str) -> SavedView | None:
        return next((one for one in self._choices.saved() if one.key == key), None)

    def _keep(self, one: SavedView) -> None:
        self._choices.save(one)
        self._changed()

    def _remove(self, key: str) -> None:
        self._choices.remove(key)
        self._changed()
