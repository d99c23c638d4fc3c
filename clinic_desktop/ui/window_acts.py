"""What a window does by itself: behind its keys, in the person's menu and in the palette."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, SignalInstance, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow

from clinic_desktop.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.shell.palette_sources import WindowAct
from clinic_desktop.ui.shell.stack import ScreenStack
from clinic_desktop.ui.shell.window_keys import bind_keys, bind_rail, take_keys


class ActingWindow(Protocol):
    """What the acts need of the window that makes them."""

    desk: Desk
    stack: ScreenStack

    @property
    def lock_wanted(self) -> SignalInstance:
        """Somebody wants the windows locked."""

    @property
    def switch_wanted(self) -> SignalInstance:
        """Somebody else wants to work."""

    @property
    def second_wanted(self) -> SignalInstance:
        """A second window is wanted."""

    @property
    def sign_out_wanted(self) -> SignalInstance:
        """The person leaves."""

    def open_palette(self) -> None:
        """Show the palette."""

    def show_keys(self) -> None:
        """Show the keys of the focused area."""

    def step_pane(self, step: int) -> None:
        """Move the focus to the next or the previous pane."""

    def book_in_view(self) -> None:
        """Begin an appointment, for the patient in view if there is one."""

    def open_number(self, number: int) -> None:
        """Open the screen of that place in the rail."""


class WindowActs(QObject):
    """Binds the keys of the window to what they do."""

    def __init__(self, window: ActingWindow, widget: QMainWindow) -> None:
        super().__init__(widget)
        self._window = window
        self.actions = bind_keys(widget, self._behind_keys(), window.desk.keymap)
        bind_rail(widget, window.open_number)
        window.desk.keymap.changed.connect(self._take_keys)
        may_book = window.desk.who.may("schedule.write")
        self.actions["book"].setEnabled(may_book)
        self.actions["new_patient"].setEnabled(window.desk.who.may("patients.write"))

    @Slot()
    def _take_keys(self) -> None:
        take_keys(self.actions, self._window.desk.keymap)

    def _behind_keys(self) -> dict[str, Callable[[], object]]:
        window, desk = self._window, self._window.desk
        return {
            "palette": window.open_palette,
            "help": window.show_keys,
            "next_pane": lambda: window.step_pane(1),
            "previous_pane": lambda: window.step_pane(-1),
            "book": window.book_in_view,
            "new_patient": desk.navigator.new_patient,
            "undo": desk.messages.undo,
            "redo": desk.messages.redo,
            "lock": window.lock_wanted.emit,
            "touch": self.toggle_touch,
            "theme": self.next_theme,
            "reload": self.reload,
            "side": lambda: self._on_screen(lambda screen: screen.toggle_side()),
            "find": lambda: self._on_screen(lambda screen: screen.find_here()),
            "print": lambda: self._on_screen(lambda screen: screen.print_current()),
            "history": lambda: self._on_screen(lambda screen: screen.show_history()),
            "save": lambda: self._on_screen(lambda screen: screen.save_now()),
            "primary": lambda: self._on_screen(lambda screen: screen.do_primary()),
        }

    def _on_screen(self, act: Callable[[Screen], None]) -> None:
        screen = self._window.stack.screen_shown()
        if screen is not None:
            act(screen)

    def reload(self) -> None:
        """Ask the server again, first of all whether it is there."""
        if not self._window.desk.operations.connected:
            self._window.desk.operations.try_now()
        self._on_screen(lambda screen: screen.refresh())

    def next_theme(self) -> None:
        """Switch to the next theme and name it."""
        names = {
            "light": _("Light theme."),
            "dark": _("Dark theme."),
            "contrast": _("High contrast theme."),
        }
        self._window.desk.messages.say(names[self._window.desk.theme.use_next()], "contrast")

    def toggle_touch(self) -> None:
        """Switch between the sizes for a mouse and those for fingers."""
        theme, messages = self._window.desk.theme, self._window.desk.messages
        if theme.density == "touch":
            theme.use_density("regular")
            messages.say(_("Sizes for the mouse."), "mouse")
        else:
            theme.use_density("touch")
            messages.say(_("Sizes for touch."), "hand")

    def menu(self) -> list[QAction | None]:
        """Return the person's menu; None is a dividing line."""
        window, actions = self._window, self.actions
        return [
            self._action(_("Switch person…"), window.switch_wanted.emit),
            actions["lock"],
            None,
            self._action(_("Open a second window"), window.second_wanted.emit),
            actions["theme"],
            actions["touch"],
            None,
            self._action(_("Sign out"), window.sign_out_wanted.emit),
        ]

    def _action(self, text: str, act: Callable[[], object]) -> QAction:
        action = QAction(text, self)
        action.triggered.connect(lambda _checked=False: act())
        return action

    def for_palette(self) -> list[WindowAct]:
        """Return the acts that the palette offers."""
        window, desk = self._window, self._window.desk
        acts = [
            ("book", "calendar-plus"),
            ("new_patient", "user-plus"),
            ("lock", "lock"),
            ("theme", "contrast"),
            ("touch", "hand"),
            ("help", "keyboard"),
        ]
        found = [
            WindowAct(
                self.actions[name].text(),
                icon,
                self.actions[name].trigger,
                self.actions[name].shortcut().toString(),
            )
            for name, icon in acts
            if self.actions[name].isEnabled()
        ]
        return [
            *found,
            WindowAct(_("Open a second window"), "app-window", window.second_wanted.emit),
            WindowAct(_("Switch person…"), "users", window.switch_wanted.emit),
            WindowAct(_("Sign out"), "log-out", window.sign_out_wanted.emit),
            WindowAct(_("Ask whether the server answers"), "server", desk.operations.try_now),
        ]
