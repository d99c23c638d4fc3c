"""The command palette (Ctrl+K): one line finds any patient, action and screen."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QVBoxLayout,
    QWidget,
)

from clinic_desktop.i18n import _
from clinic_desktop.ui.screen import PatientInView
from clinic_desktop.ui.shell.inquiry import Inquiry, read_question
from clinic_desktop.ui.shell.overlay import Overlay
from clinic_desktop.ui.shell.palette_list import Line, PaletteDelegate, PaletteModel, spoken
from clinic_desktop.ui.shell.registry import PaletteEntry, PaletteSource
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.labels import KeyHint, Label

WIDTH: Final = 680
TOP: Final = 84
MOST_HEIGHT: Final = 620
# A pause this short is still typing.
TYPING_MS: Final = 60


class Palette(Overlay):
    """Asks the sources and shows what they answer, newest question only."""

    def __init__(
        self, window: QWidget, *, theme: Theme, sources: Callable[[], Sequence[PaletteSource]]
    ) -> None:
        """``sources`` makes them, when it is first asked something."""
        super().__init__(window, theme=theme, width=WIDTH, top=TOP)
        self._inquiry = Inquiry(sources, self)
        self._inquiry.answered.connect(self._show)
        self._in_view: PatientInView | None = None
        self._chosen: PatientInView | None = None
        self._enter_waits = False
        self._moved = False
        self.setAccessibleName(_("Command palette"))
        self._build()
        self.closed.connect(self._forget)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(self._ask)

    def _build(self) -> None:
        theme = self._theme
        self.input = QLineEdit()
        self.input.setProperty("kind", "bare")
        self.input.setProperty("focus_ring", "none")
        self.input.setFont(theme.font("heading", weight=400))
        self.input.setPlaceholderText(_("Search patients, screens, actions"))
        self.input.setAccessibleName(_("Search patients, screens, actions"))
        self.input.textChanged.connect(self._typed)
        self.input.installEventFilter(self)
        self._glass = QLabel()
        self.patient_label = Label("", theme=theme, size="strong", role="accent")
        self.patient_label.hide()
        head = QFrame()
        head.setProperty("kind", "panel_head")
        row = QHBoxLayout(head)
        row.setContentsMargins(14, 0, 14, 0)
        row.setSpacing(10)
        row.addWidget(self._glass)
        row.addWidget(self.patient_label)
        row.addWidget(self.input, 1)
        row.addWidget(KeyHint(_("Esc"), theme=theme))
        head.setFixedHeight(56)
        self.model = PaletteModel()
        self.view = QListView()
        self.view.setModel(self.model)
        self.view.setItemDelegate(PaletteDelegate(theme))
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setMouseTracking(True)
        self.view.setAccessibleName(_("Answers"))
        self.view.clicked.connect(self._clicked)
        self.view.selectionModel().currentChanged.connect(self._tell)
        column = QVBoxLayout(self.card)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self.view, 1)
        column.addWidget(self._foot())
        self._redress()
        theme.changed.connect(self._redress)

    def _foot(self) -> QFrame:
        foot = QFrame()
        foot.setProperty("kind", "dialog_foot")
        row = QHBoxLayout(foot)
        row.setContentsMargins(14, 0, 14, 0)
        row.setSpacing(16)
        left = _("↑↓ choose     Enter open     Tab actions of this patient")
        right = _("> actions only     # number     @ staff")
        row.addWidget(Label(left, theme=self._theme, size="small", role="text_2"), 1)
        row.addWidget(Label(right, theme=self._theme, size="small", role="text_2"))
        foot.setFixedHeight(36)
        return foot

    @Slot()
    def _redress(self) -> None:
        self.input.setFont(self._theme.font("heading", weight=400))
        self._glass.setPixmap(self._theme.pixmap("search", "text", 20))

    # Opening

    def start(self, text: str = "", patient: PatientInView | None = None) -> None:
        """Open with a text in the line; ``patient`` is the one in view."""
        self._in_view = patient
        self._choose_patient(None)
        self._inquiry.forget()
        self.input.blockSignals(True)
        self.input.setText(text)
        self.input.blockSignals(False)
        self.open()
        self.input.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._ask()

    @Slot()
    def _forget(self) -> None:
        """Drop answers still to come: an Enter that waits for one is taken back by Esc."""
        self._enter_waits = False
        self._typing.stop()
        self._inquiry.forget()

    def wanted_height(self) -> int:
        """Return the height of head, foot and all lines, up to that of the mockup."""
        rows = sum(self.view.sizeHintForRow(row) for row in range(self.model.rowCount()))
        return min(MOST_HEIGHT, 56 + 36 + 4 + max(rows, 44))

    # Asking and answering

    @Slot()
    def _typed(self) -> None:
        self._moved = False
        self._enter_waits = False
        if self._typing.isActive() or self._inquiry.outstanding:
            self._typing.start()
        else:
            self._ask()

    @Slot()
    def _ask(self) -> None:
        self._typing.stop()
        patient = self._chosen or self._in_view
        self._inquiry.ask(
            read_question(self.input.text(), patient, chosen=self._chosen is not None)
        )

    @Slot()
    def _show(self) -> None:
        before = self.model.line(self.view.currentIndex().row()) if self._moved else None
        self.model.set_lines(self._inquiry.lines())
        self._choose_row(before)
        self.place()
        if self._enter_waits and not self._inquiry.outstanding:
            self._enter_waits = False
            self._open_current()

    def _choose_row(self, before: Line | None) -> None:
        """Stay on the line somebody moved to, else take the first answer."""
        row = self.model.next_entry(-1, 1)
        if isinstance(before, PaletteEntry):
            for at in range(self.model.rowCount()):
                line = self.model.line(at)
                if isinstance(line, PaletteEntry) and spoken(line) == spoken(before):
                    row = at
        if row >= 0:
            self.view.setCurrentIndex(self.model.index(row))

    # Keys and clicks

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrows, Enter and Tab of the line act on the list."""
        typed = watched is self.input and event.type() == QEvent.Type.KeyPress
        if typed and isinstance(event, QKeyEvent) and self._key(event):
            return True
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        match event.key():
            case Qt.Key.Key_Down:
                self._move(1)
            case Qt.Key.Key_Up:
                self._move(-1)
            case Qt.Key.Key_PageDown:
                self._move(1, times=6)
            case Qt.Key.Key_PageUp:
                self._move(-1, times=6)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._enter()
            case Qt.Key.Key_Tab:
                self._tab()
            case Qt.Key.Key_Backtab:
                self._choose_patient(None)
                self._ask()
            case Qt.Key.Key_Backspace if not self.input.text() and self._chosen is not None:
                self._choose_patient(None)
                self._ask()
            case _:
                return False
        return True

    def _move(self, step: int, times: int = 1) -> None:
        row = self.view.currentIndex().row()
        for _time in range(times):
            row = self.model.next_entry(row, step)
        if row >= 0:
            self._moved = True
            self.view.setCurrentIndex(self.model.index(row))

    def _enter(self) -> None:
        """Open the chosen line; while answers are out, what is shown belongs to older typing."""
        if self._typing.isActive():
            self._ask()
        if self._inquiry.outstanding and not self._moved:
            self._enter_waits = True
        else:
            self._open_current()

    def _open_current(self) -> None:
        line = self.model.line(self.view.currentIndex().row())
        if isinstance(line, PaletteEntry):
            # The act may move the focus itself, so the focus goes back before it.
            self.close_overlay()
            line.act()

    @Slot(QModelIndex)
    def _clicked(self, index: QModelIndex) -> None:
        if isinstance(self.model.line(index.row()), PaletteEntry):
            self.view.setCurrentIndex(index)
            self._open_current()

    def _tab(self) -> None:
        line = self.model.line(self.view.currentIndex().row())
        if (
            isinstance(line, PaletteEntry)
            and line.patient is not None
            and not self._inquiry.outstanding
        ):
            self._choose_patient(line.patient)
            self.input.clear()
            self._ask()

    def _choose_patient(self, patient: PatientInView | None) -> None:
        self._chosen = patient
        self._moved = False
        self.patient_label.setText(patient.name if patient else "")
        self.patient_label.setVisible(patient is not None)
        self.input.setPlaceholderText(
            _("Actions on this patient") if patient else _("Search patients, screens, actions")
        )

    @Slot(QModelIndex, QModelIndex)
    def _tell(self, current: QModelIndex, _previous: QModelIndex) -> None:
        """Tell a screen reader which line is chosen: the focus stays in the text."""
        line = self.model.line(current.row())
        if line is not None and self.is_open:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, spoken(line)))
