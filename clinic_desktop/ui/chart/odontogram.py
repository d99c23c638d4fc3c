"""The tooth chart: one widget that draws teeth and diagrams and says what was clicked."""

from typing import Final

from PySide6.QtCore import QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from clinic_desktop.domain.teeth.surfaces import valid_codes
from clinic_desktop.ui.chart import access
from clinic_desktop.ui.chart.layout import face_towards
from clinic_desktop.ui.chart.selection import Selection, edge_of_jaw, neighbour
from clinic_desktop.ui.chart.teeth_sheet import TeethSheet
from clinic_desktop.ui.chart.tooth_paths import diagram_paths
from clinic_desktop.ui.theme.theme import Theme

_STEPS: Final = {
    Qt.Key.Key_Left: (-1, False),
    Qt.Key.Key_Right: (1, False),
    Qt.Key.Key_Up: (0, True),
    Qt.Key.Key_Down: (0, True),
}
# Towards the right and down on the screen.
_WAYS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_CONTROL: Final = Qt.KeyboardModifier.ControlModifier
_SHIFT: Final = Qt.KeyboardModifier.ShiftModifier


class Odontogram(TeethSheet):
    """Draws a ToothChart, lets teeth be selected, and previews what is being typed.

    It changes nothing itself: the chart screen hears ``tooth_clicked(tooth, surface)``,
    ``tooth_activated(tooth)`` (Enter), ``selection_changed(teeth)``, ``menu_asked(tooth, point)``
    and ``typed(text)``, letters that belong into the entry line. With ``mini`` it is the picture
    of the overview: side views alone, no keyboard, still clickable.
    """

    tooth_clicked = Signal(int, str)
    tooth_activated = Signal(int)
    menu_asked = Signal(int, QPoint)
    typed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None, *, mini: bool = False) -> None:
        access.install(Odontogram)
        super().__init__(theme, parent, mini=mini)
        self._pressed: tuple[int, str] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if mini else Qt.FocusPolicy.StrongFocus)
        self.setProperty("focus_ring", "none")

    # -- selection --------------------------------------------------------------------------

    def selection(self) -> tuple[int, ...]:
        """Return the selected teeth in the order of the picture."""
        return self._selection.teeth

    def current(self) -> int | None:
        """Return the tooth the keyboard is on."""
        return self._selection.current

    def set_selection(self, fdis: tuple[int, ...]) -> None:
        """Select these teeth; numbers the picture does not show are left out."""
        self._select(self._selection.exactly(fdis))

    def move_current(
        self, columns: int = 0, *, other_jaw: bool = False, extend: bool = False
    ) -> None:
        """Go to a neighbour: columns to the right on the screen, or across to the other jaw.

        The entry line calls it for its arrow keys while it is empty.
        """
        self._go(neighbour(self._selection, columns=columns, other_jaw=other_jaw), extend=extend)

    def _go(self, fdi: int | None, *, extend: bool) -> None:
        if fdi is not None:
            self._select(self._selection.up_to(fdi) if extend else self._selection.only(fdi))

    def _select(self, wanted: Selection) -> None:
        before, self._selection = self._selection, wanted
        if wanted.current != before.current:
            self._surface = ""
        self.update()
        if wanted.current != before.current and wanted.current is not None:
            access.focus_moved(self, wanted.shown.index(wanted.current))
        if wanted.teeth != before.teeth:
            self.selection_changed.emit(wanted.teeth)

    # -- pointer and keys -------------------------------------------------------------------

    def _hit(self, at: QPointF) -> tuple[int, str] | None:
        cell = self.picture().cell_at(at)
        return (cell.tooth, self.picture().face_at(cell, at)) if cell else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember what was pressed; it counts when let go over the same tooth."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed = self._hit(event.position())
            if self._pressed is None:
                self._select(self._selection.nothing())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Select the tooth and say which surface it was; a finger moved off cancels."""
        pressed, self._pressed = self._pressed, None
        released = self._hit(event.position())
        if pressed is None or released is None or pressed[0] != released[0]:
            return
        fdi, surface = released
        if event.modifiers() & _CONTROL:
            self._select(self._selection.toggled(fdi))
        elif event.modifiers() & _SHIFT:
            self._select(self._selection.up_to(fdi))
        else:
            self._select(self._selection.only(fdi))
        self.tooth_clicked.emit(fdi, surface if surface == pressed[1] else "")

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask the screen for the menu of the tooth under the pointer, or of the current one."""
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            current = self._selection.current
            if current is not None:
                at = self.tooth_rect(current).center()
                self.menu_asked.emit(current, self.mapToGlobal(at))
            return
        hit = self._hit(QPointF(event.pos()))
        if hit is not None:
            if hit[0] not in self._selection.chosen:
                self._select(self._selection.only(hit[0]))
            self.menu_asked.emit(hit[0], event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by arrows, extend with Shift; letters and digits go to the entry line."""
        key, extend = Qt.Key(event.key()), bool(event.modifiers() & _SHIFT)
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            event.ignore()
        elif key in _STEPS and event.modifiers() & _CONTROL:
            self._to_surface(key)
        elif key in _STEPS:
            columns, other_jaw = _STEPS[key]
            self.move_current(columns, other_jaw=other_jaw, extend=extend)
        elif key in {Qt.Key.Key_Home, Qt.Key.Key_End}:
            self._go(edge_of_jaw(self._selection, last=key == Qt.Key.Key_End), extend=extend)
        elif not self._act(key, event):
            event.ignore()

    def surface(self) -> str:
        """Return the surface of the tooth in hand that the keyboard is on, or nothing."""
        return self._surface

    def _to_surface(self, key: Qt.Key) -> None:
        """Go to the surface that lies in the direction of an arrow; from it back to the middle."""
        current = self._selection.current
        cell = self.picture().by_tooth.get(current) if current is not None else None
        if cell is None or not self._sizes.diagrams:
            return
        paths = diagram_paths(cell.tooth, self.picture().scale)
        self._surface = face_towards(paths, self._surface, *_WAYS[key])
        codes = valid_codes(cell.tooth).replace("5", "")
        place = self._selection.shown.index(cell.tooth)
        access.surface_focused(self, place, codes.index(self._surface))
        self.update()

    def _pick_surface(self, current: int) -> None:
        """Do what a click on the surface does."""
        if current not in self._selection.chosen:
            self._select(self._selection.only(current))
        self.tooth_clicked.emit(current, self._surface)

    def _act(self, key: Qt.Key, event: QKeyEvent) -> bool:
        """Do what a key that moves nothing stands for; return whether it stood for anything."""
        current = self._selection.current
        if key == Qt.Key.Key_Space and current is not None and self._surface:
            self._pick_surface(current)
            return True
        if key == Qt.Key.Key_A and event.modifiers() & _CONTROL:
            self._select(self._selection.everything())
        elif event.modifiers() & _CONTROL:
            return False
        elif key == Qt.Key.Key_Space and current is not None:
            self._select(self._selection.toggled(current))
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and current is not None:
            self.tooth_activated.emit(current)
        elif key == Qt.Key.Key_Escape and self._selection.chosen:
            self._select(self._selection.nothing())
        elif event.text().isprintable() and event.text().strip():
            self.typed.emit(event.text())
        else:
            return False
        return True

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Give the keyboard a tooth to be on."""
        if self._selection.current is None:
            first = neighbour(self._selection)
            if first is not None:
                self._selection = self._selection.on(first)
        if self._selection.current is not None:
            place = self._selection.shown.index(self._selection.current)
            access.focus_moved(self, place)
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the frame away."""
        self.update()
        super().focusOutEvent(event)
