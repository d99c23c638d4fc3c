"""The grid of an exam under keys, mouse and finger: one key a site."""

from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
)

from clinic_desktop.domain.perio.entry import read_run
from clinic_desktop.domain.perio.exam import Cell
from clinic_desktop.domain.perio.rules import Measure
from clinic_desktop.domain.perio.sites import Site
from clinic_desktop.domain.teeth.numbering import Notation, tooth
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _
from clinic_desktop.ui.keymap.keymap import meant_key
from clinic_desktop.ui.perio import access
from clinic_desktop.ui.perio.charting import Change, Row
from clinic_desktop.ui.perio.layout import Kind
from clinic_desktop.ui.perio.sheet import STEP, PerioSheet
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.announce import announce

_FLAGS: Final = {
    "B": Measure.BLEEDING,
    "U": Measure.SUPPURATION,
    "L": Measure.PLAQUE,
    "K": Measure.CALCULUS,
}
_ROWS: Final = {"M": Row.MARGIN, "F": Row.FURCATION, "O": Row.MOBILITY, "J": Row.MGJ}
_ARROWS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_PAGES: Final = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
_NAMES: Final = {
    Qt.Key.Key_Space: "Space",
    Qt.Key.Key_Backspace: "Backspace",
    Qt.Key.Key_Delete: "Del",
    Qt.Key.Key_Return: "Enter",
    Qt.Key.Key_Enter: "Enter",
    Qt.Key.Key_Home: "Home",
    Qt.Key.Key_End: "End",
}


class PerioGrid(PerioSheet):
    """Hears the keys; ``typed`` carries what has to be stored.

    ``moved`` says that the cursor is elsewhere, ``refused`` why a key wrote nothing.
    """

    typed = Signal(tuple)
    moved = Signal()
    refused = Signal(str)
    menu_asked = Signal(int, QPoint)

    def __init__(self, theme: Theme, notation: str = Notation.FDI) -> None:
        super().__init__(theme, notation)
        self._pressed: Cell | None = None
        access.install(PerioGrid)

    # -- keys -----------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Write, mark, walk; what is no key of the grid goes on to the screen."""
        if self._looked_around(event):
            return
        before = self.charting.cursor
        try:
            changes = self._pressed_key(event)
        except InvalidError as error:
            self._refuse(str(error))
            return
        if changes is None:
            event.ignore()
            return
        self._done(before, changes)

    def _looked_around(self, event: QKeyEvent) -> bool:
        """Show another part of the mouth and leave the cursor where it is, if the key is for it."""
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        down = self.verticalScrollBar()
        if event.key() in _PAGES:
            down.setValue(down.value() + _PAGES[Qt.Key(event.key())] * (down.pageStep() - STEP))
            return True
        if self.halves and meant_key(self, event) == "H":
            self.turn_half()
            return True
        return False

    def _pressed_key(self, event: QKeyEvent) -> tuple[Change, ...] | None:
        """Do what a key is for; None when it is none of the grid's."""
        key = Qt.Key(event.key())
        if event.matches(QKeySequence.StandardKey.Paste):
            run = read_run(QGuiApplication.clipboard().text())
            return self.charting.run(run) if self._writing() else ()
        held = event.modifiers() & ~(
            Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
        )
        if held != Qt.KeyboardModifier.NoModifier:
            return None
        if key in _ARROWS:
            self.walk(*_ARROWS[key])
            return ()
        text = event.text()
        if text.isascii() and text.isdigit():
            return self.type_digit(int(text))
        return self.press(_NAMES.get(key) or meant_key(self, event))

    def type_digit(self, number: int) -> tuple[Change, ...]:
        """Write a digit where the cursor is."""
        return self.charting.digit(number) if self._writing() else ()

    def press(self, name: str) -> tuple[Change, ...] | None:
        """Do what a key of the table or a button of the keypad is for."""
        charting = self.charting
        if name in _ROWS:
            charting.use_row(_ROWS[name])
            return ()
        if name == "Enter":
            charting.skip_tooth()
            return ()
        if name in ("Home", "End"):
            cells = charting.walk.sites
            charting.go(cells[0 if name == "Home" else -1] if cells else None)
            return ()
        if name not in _FLAGS and name not in ("+", "-", "Space", "Backspace", "Del"):
            return None
        if not self._writing():
            return ()
        if name in _FLAGS:
            return charting.flag(_FLAGS[name])
        if name in ("Backspace", "Del"):
            return charting.back() if name == "Backspace" else charting.clear()
        self._mode(name)
        return ()

    def _mode(self, name: str) -> None:
        """Change what the next digit means."""
        charting = self.charting
        if name == "+":
            charting.plus()
        elif name == "-":
            charting.minus()
        else:
            charting.three = not charting.three
            announce(self, _("Three sites at once") if charting.three else _("One site at a time"))

    def act(self, name: str) -> None:
        """Press a key of the table, from a button."""
        before = self.charting.cursor
        try:
            changes = self.type_digit(int(name)) if name.isdigit() else self.press(name)
        except InvalidError as error:
            self._refuse(str(error))
            return
        self._done(before, changes or ())

    def _writing(self) -> bool:
        if self.read_only:
            raise InvalidError(_("This exam is read only. Begin a new one to probe."), field="cell")
        return True

    def walk(self, across: int, down: int) -> None:
        """Go to the neighbour on the screen, past teeth that are not there."""
        cursor = self.charting.cursor
        if cursor is None:
            return
        found = self.picture().beside(cursor, across, down)
        while found is not None and not self.charting.exam.teeth[found.tooth].probed:
            found = self.picture().beside(found, across, down)
        if found is not None:
            self.charting.go(found)

    def step(self, steps: int) -> None:
        """Go along the path without writing."""
        before = self.charting.cursor
        self.charting.step(steps)
        self._done(before, ())

    def go(self, cell: Cell) -> None:
        """Put the cursor on a cell."""
        before = self.charting.cursor
        self.charting.go(cell)
        self._done(before, ())

    def _done(self, before: Cell | None, changes: tuple[Change, ...]) -> None:
        """Repaint what changed, store it, and tell where the cursor is."""
        wrong, self._wrong = self._wrong, None
        shown = self._layout
        if shown is not None and self._rows_changed():
            self._layout = None
            self._measure()
        cells = [one.cell for one in changes]
        touched = [one for one in (*cells, before, wrong, self.charting.cursor) if one]
        faces = dict(self._faces)
        self._turn_faces()
        for upper in (jaw for jaw in faces if faces[jaw] is not self._faces[jaw]):
            self._repaint_graph(upper=upper)
        if len({one.tooth for one in touched}) == 1 and all(map(self._on_a_face, touched)):
            for facial in {Site(one.place).facial for one in touched}:
                self._repaint_face(touched[0].tooth, facial=facial)
        else:
            for fdi in {one.tooth for one in touched}:
                self._repaint(fdi)
        self._reveal_cursor()
        if self.charting.cursor != before:
            self._tell()
        self._doubt = self.charting.doubts(cells)
        if changes:
            self.typed.emit(changes)
        self.moved.emit()

    def _rows_changed(self) -> bool:
        lines = {line.kind.value for line in self.picture().lines}
        return ("mgj" in lines) is not self._junctions_shown()

    def _repaint(self, fdi: int) -> None:
        box = self.picture().column(fdi).translated(-self._scrolled())
        # Inside of its lines: a box that touches the neighbours would paint them as well.
        self.viewport().update(box.adjusted(1, 0, -1, 0).toAlignedRect())

    def _on_a_face(self, cell: Cell) -> bool:
        return cell.measure not in (Measure.FURCATION, Measure.MOBILITY)

    def _repaint_face(self, fdi: int, *, facial: bool) -> None:
        """Repaint the rows of one face and the graph: what a key changes inside of a tooth."""
        found = tooth(fdi)
        lines = [
            line
            for line in self.picture().lines
            if line.upper is found.upper and (line.facial is facial or line.kind is Kind.GRAPH)
        ]
        column = self.picture().column(fdi)
        top = min(line.top for line in lines)
        bottom = max(line.top + line.height for line in lines)
        box = QRectF(column.left() + 1, top, column.width() - 2, bottom - top)
        self.viewport().update(box.translated(-self._scrolled()).toAlignedRect())

    def _repaint_graph(self, *, upper: bool) -> None:
        line = self.picture().line(Kind.GRAPH, upper=upper)
        if line is not None:
            box = QRectF(0, line.top, self.picture().size.width(), line.height)
            self.viewport().update(box.translated(-self._scrolled()).toAlignedRect())

    def _refuse(self, sentence: str) -> None:
        """Say at the cell why nothing was written."""
        self._wrong, self._doubt = self.charting.cursor, ""
        if self._wrong is not None:
            self._repaint(self._wrong.tooth)
        self._reveal_cursor()
        self.refused.emit(sentence)
        self.moved.emit()

    # -- mouse and finger -----------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember what was pressed; it counts when let go over the same cell."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed = self.picture().cell_at(event.position() + self._scrolled())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Put the cursor there; a finger moved off cancels."""
        pressed, self._pressed = self._pressed, None
        found = self.picture().cell_at(event.position() + self._scrolled())
        if found is not None and found == pressed and self.charting.exam.teeth[found.tooth].probed:
            self.go(found)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the tooth under the pointer or the cursor."""
        cell = self.charting.cursor
        at = self.viewport().mapToGlobal(self.shown_rect(cell).center().toPoint()) if cell else None
        if event.reason() is not QContextMenuEvent.Reason.Keyboard:
            cell = self.picture().cell_at(QPointF(event.pos()) + self._scrolled())
            at = event.globalPos()
        if cell is not None and at is not None:
            self.menu_asked.emit(cell.tooth, at)
