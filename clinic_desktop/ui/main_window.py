"""The window: rail, top bar, one screen at a time, bottom bar, palette and keys."""

from typing import Any, Final

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLineEdit,
    QMainWindow,
    QVBoxLayout,
    QWidget,
)

from clinic_desktop.i18n import N_, _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.intent import BookingIntent
from clinic_desktop.ui.keymap.dress import dress
from clinic_desktop.ui.screen import PatientInView, Screen
from clinic_desktop.ui.shell import layout as layouts
from clinic_desktop.ui.shell.bottom_bar import BottomBar
from clinic_desktop.ui.shell.keys_help import KeysHelp
from clinic_desktop.ui.shell.layout import Layout
from clinic_desktop.ui.shell.palette import Palette
from clinic_desktop.ui.shell.palette_sources import (
    PatientActionsSource,
    ScreensSource,
)
from clinic_desktop.ui.shell.panes import Panes
from clinic_desktop.ui.shell.rail import Rail
from clinic_desktop.ui.shell.registry import Registry
from clinic_desktop.ui.shell.stack import ScreenStack
from clinic_desktop.ui.shell.top_bar import TopBar
from clinic_desktop.ui.shell.window_keys import everywhere
from clinic_desktop.ui.window_acts import WindowActs

WANTED_SIZE: Final = QSize(1440, 900)
REMEMBER_AFTER_MS: Final = 2000
BLINK_MS: Final = 1000
AROUND_AFTER_MS: Final = 150
LOST: Final = N_("The server does not answer. What you type is kept on this computer.")


class MainWindow(QMainWindow):
    """One window of a signed-in person; a second one has its own screens and messages."""

    lock_wanted = Signal()
    switch_wanted = Signal()
    sign_out_wanted = Signal()
    second_wanted = Signal()
    closed = Signal()

    def __init__(
        self, desk: Desk, registry: Registry, layout: Layout, *, name: str = "main"
    ) -> None:
        super().__init__()
        self.desk = desk
        self.keymap = desk.keymap
        self._registry = registry
        self._layout = layout
        self.name = name
        self._remembered = layout.recall(name)
        self._panes = Panes()
        self._lost = QElapsedTimer()
        self._remember_soon = QTimer(self)
        self._remember_soon.setSingleShot(True)
        self._remember_soon.setInterval(REMEMBER_AFTER_MS)
        self._remember_soon.timeout.connect(self.remember)
        desk.theme.dress(self)
        self.setWindowTitle(_("Clinic Desktop – {clinic}").format(clinic=desk.who.clinic_name))
        self.rail = Rail(desk, registry.screens)
        self.top = TopBar(desk)
        self.stack = ScreenStack(desk, registry.screens, self._restore_screen)
        self.bottom = BottomBar(desk, registry.statuses)
        self._lay_out()
        self.acts = WindowActs(self, self)
        self.palette_overlay = Palette(self, theme=desk.theme, sources=self._sources)
        self.keys_help = KeysHelp(self, theme=desk.theme)
        self.top.set_menu(self.acts.menu())
        self._connect()
        smallest = QSize(*desk.theme.layout("min_window"))
        self.setMinimumSize(smallest.boundedTo(self.screen().availableGeometry().size()))
        layouts.place_window(self, self._remembered, WANTED_SIZE)

    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        column.addWidget(self.stack, 1)
        column.addWidget(self.bottom)
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(column, 1)
        self.setCentralWidget(body)

    def _connect(self) -> None:
        desk = self.desk
        self.rail.chosen.connect(desk.navigator.open_screen)
        self.rail.keys_wanted.connect(self.show_keys)
        self.top.search_wanted.connect(self.open_palette)
        self.top.appointment_wanted.connect(self.book_in_view)
        self.top.lock_wanted.connect(self.lock_wanted)
        self.stack.shown.connect(self._screen_shown)
        desk.navigator.wanted.connect(self._go)
        desk.navigator.booking_wanted.connect(self._book)
        desk.navigator.registration_wanted.connect(self._new_patient)
        desk.navigator.palette_wanted.connect(self.open_palette)
        desk.operations.connection.connect(self._connection_changed)
        desk.theme.changed.connect(self._remember_later)
        self.keymap.changed.connect(self._keys_changed)
        QGuiApplication.instance().focusObjectChanged.connect(self._focus_moved)  # type: ignore[union-attr]

    def start(self) -> None:
        """Show the window on the screen where the person left it, and load what is around it."""
        self.show()
        left = str(self._remembered.get("screen", ""))
        names = [left, *self.rail.order]
        first = next((name for name in names if self.stack.allowed(name)), None)
        if first is not None:
            self.desk.navigator.open_screen(first)
        # What the screen shows is asked first.
        QTimer.singleShot(AROUND_AFTER_MS, self._ask_around)

    @Slot()
    def _ask_around(self) -> None:
        self.rail.count()
        self.bottom.ask()

    # Where to go

    @Slot(str, dict)
    def _go(self, name: str, where: dict[str, Any]) -> None:
        self.palette_overlay.close_overlay(focus_back=False)
        self.keys_help.close_overlay(focus_back=False)
        self.stack.open(name, where)

    @Slot(str)
    def _screen_shown(self, name: str) -> None:
        entry = self._registry.entry(name)
        self.rail.light((entry.under if entry else None) or name)
        self._show_hint()
        self._remember_later()

    def open_number(self, number: int) -> None:
        """Open an entry of the rail by its number from the top."""
        if number <= len(self.rail.order):
            self.desk.navigator.open_screen(self.rail.order[number - 1])

    @Slot(object)
    def _book(self, intent: BookingIntent) -> None:
        if self._registry.book is not None:
            self._registry.book(self.desk, intent)
        elif self.stack.allowed("calendar"):
            self.desk.navigator.open_screen("calendar", book_for=intent)

    @Slot()
    def book_in_view(self) -> None:
        """Begin an appointment, for the patient in view if there is one."""
        patient = self.patient_in_view()
        self.desk.navigator.book(patient.patient_id if patient else None)

    @Slot()
    def _new_patient(self) -> None:
        if self._registry.new_patient is not None:
            self._registry.new_patient(self.desk)

    def patient_in_view(self) -> PatientInView | None:
        """Return whose record the screen shows."""
        screen = self.stack.screen_shown()
        return screen.patient_in_view() if screen is not None else None

    # Palette and keys

    def _sources(self) -> list[Any]:
        desk = self.desk
        return [
            *(make(desk) for make in self._registry.sources),
            PatientActionsSource(desk, self._registry.patient_actions),
            ScreensSource(desk, self._registry.screens, self.acts.for_palette),
        ]

    @Slot()
    @Slot(str)
    def open_palette(self, text: str = "") -> None:
        """Open the palette over this window."""
        self.keys_help.close_overlay()
        self.palette_overlay.start(text, self.patient_in_view())

    @Slot()
    def show_keys(self) -> None:
        """Show the keys of the focused part, of the screen and of the window."""
        screen = self.stack.screen_shown()
        keys = screen.keys_now() if screen is not None else []
        self.palette_overlay.close_overlay()
        self.keys_help.start([*keys, *everywhere(self.keymap)], first_area=focused_area())

    @Slot()
    def _keys_changed(self) -> None:
        dress(self, self.keymap)
        self._show_hint()

    def _all_panes(self) -> list[QWidget]:
        screen = self.stack.screen_shown()
        return [self.rail, self.top, *(screen.panes() if screen else ()), self.bottom]

    def step_pane(self, step: int) -> None:
        """Move the focus to the next part of the window, or with -1 to the one before."""
        self._panes.step(self._all_panes(), step)

    @Slot(QObject)
    def _focus_moved(self, focused: QObject | None) -> None:
        if not isinstance(focused, QWidget) or focused.window() is not self:
            return
        if isinstance(focused, QLineEdit):
            # Once each: a filter installed again only moves to the front.
            focused.installEventFilter(self)
        self._show_hint()

    def _show_hint(self) -> None:
        screen = self.stack.screen_shown()
        self.desk.messages.hint(screen.hint() if screen is not None else "")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Ctrl+Z undo on the screen when the field that has the focus has nothing to undo."""
        if (
            isinstance(watched, QLineEdit)
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.matches(QKeySequence.StandardKey.Undo)
            and not watched.isUndoAvailable()
        ):
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take a message away on Esc when nothing nearer wanted the key."""
        if event.key() == Qt.Key.Key_Escape and self.desk.messages.current.kind != "hint":
            self.desk.messages.clear()
        else:
            super().keyPressEvent(event)

    # The server

    @Slot(bool)
    def _connection_changed(self, connected: bool) -> None:
        messages = self.desk.messages
        if not connected:
            self._lost.start()
            messages.warn(_(LOST))
        elif self._lost.elapsed() > BLINK_MS:
            messages.say(_("The server answers again. What you see is up to date."), "server")
        elif messages.current.text == _(LOST):
            # After a blink nobody has read the sentence; another one may stand there already.
            messages.clear()

    # Remembering

    def _restore_screen(self, name: str, screen: Screen) -> None:
        parts = self._remembered.get("parts")
        if isinstance(parts, dict):
            layouts.restore_parts(screen, parts.get(name))

    @Slot()
    def _remember_later(self) -> None:
        self._remember_soon.start()

    @Slot()
    def remember(self) -> None:
        """Write down where this window is and what it shows."""
        parts = dict(self._remembered.get("parts") or {})
        parts |= {name: layouts.remember_parts(s) for name, s in self.stack.screens().items()}
        self._remembered |= {
            "geometry": layouts.encode(self.saveGeometry()),
            "screen": self.stack.name,
            "theme": self.desk.theme.name,
            "density": self.desk.theme.density,
            "parts": parts,
        }
        self._layout.remember(self.name, self._remembered)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep what is half-typed and where everything was."""
        self.desk.drafts.keep_all()
        self._remember_soon.stop()
        self.remember()
        super().closeEvent(event)
        self.closed.emit()


def focused_area() -> str:
    """Return the ``keys_area`` property of the focused widget or of what it stands in."""
    widget = QApplication.focusWidget()
    while widget is not None:
        area = widget.property("keys_area")
        if isinstance(area, str):
            return area
        widget = widget.parentWidget()
    return ""
