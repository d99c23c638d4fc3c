"""The tooth chart: one widget that draws teeth and diagrams and says what was clicked."""

import math
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from clinic_desktop.domain.teeth.chart import ChartMark, ToothChart, adult_chart, shows_both
from clinic_desktop.domain.teeth.describe import count_words, describe
from clinic_desktop.domain.teeth.numbering import Notation
from clinic_desktop.domain.teeth.surfaces import valid_codes
from clinic_desktop.i18n import _
from clinic_desktop.ui.chart import access
from clinic_desktop.ui.chart.chart_painter import ChartPainter, Scene
from clinic_desktop.ui.chart.hints import stays_inside
from clinic_desktop.ui.chart.inks import make_inks
from clinic_desktop.ui.chart.layout import (
    FULL,
    MINI,
    Cell,
    Layout,
    face_towards,
    lay_out,
    least_height,
    size_at,
    sizes_for,
)
from clinic_desktop.ui.chart.selection import Selection, edge_of_jaw, neighbour
from clinic_desktop.ui.chart.tooth_paths import diagram_paths
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.labels import plain_tip

# A change of more teeth is drawn anew; a tooth reaches this far beside its column.
_FEW: Final = 4
_PICTURES: Final = 96
_REACH: Final = 0.5
_USUAL_SCALE: Final = 6.2
_USUAL_MINI_SCALE: Final = 3.4
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


class Odontogram(QWidget):
    """Draws a ToothChart, lets teeth be selected, and previews what is being typed.

    It changes nothing itself: the chart screen hears ``tooth_clicked(tooth, surface)``,
    ``tooth_activated(tooth)`` (Enter), ``selection_changed(teeth)``, ``menu_asked(tooth, point)``
    and ``typed(text)``, letters that belong into the entry line. With ``mini`` it is the picture
    of the overview: side views alone, no keyboard, still clickable.
    """

    tooth_clicked = Signal(int, str)
    tooth_activated = Signal(int)
    selection_changed = Signal(tuple)
    menu_asked = Signal(int, QPoint)
    typed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None, *, mini: bool = False) -> None:
        super().__init__(parent)
        self._theme = theme
        self._sizes = MINI if mini else FULL
        self._chart = adult_chart()
        self._notation: str = Notation.FDI
        self._ghosts: dict[int, tuple[ChartMark, ...]] = {}
        self._selection = Selection()
        self._surface = ""
        self._dirty = QRegion()
        self._layout: Layout | None = None
        self._sight: int | None = None
        self._teeth: QPixmap | None = None
        self._pictures: dict[object, QPixmap] = {}
        self._pressed: tuple[int, str] | None = None
        self._painter = ChartPainter(make_inks(theme), contrast=theme.is_contrast)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if mini else Qt.FocusPolicy.StrongFocus)
        self.setProperty("focus_ring", "none")
        policy = QSizePolicy.Policy.Expanding
        self.setSizePolicy(policy, policy)
        self.setAccessibleName(_("Teeth"))
        theme.changed.connect(self._restyle)
        access.install(Odontogram)
        self.set_chart(self._chart)

    # -- what is shown ----------------------------------------------------------------------

    def set_chart(self, chart: ToothChart) -> None:
        """Show another chart; teeth that stay in the picture stay selected."""
        layout = self._layout_of_few(chart) if self._teeth is not None else None
        before, self._chart = self._chart, chart
        if layout is not None:
            self._layout = layout
            if any(old.state is not new.state
                   for old, new in zip(before.teeth, chart.teeth, strict=True)):  # fmt: skip
                self.setAccessibleDescription(count_words(chart))
            self.update(self._dirty)
            return
        self._layout = self._teeth = None
        if self._sizes.diagrams:
            self._sizes = sizes_for(chart)
        selected = self._selection.teeth
        self._claim_height()
        self._selection = self._selection.of_picture(self._shown())
        self.setAccessibleDescription(count_words(chart))
        self.updateGeometry()
        self.update()
        if self._selection.teeth != selected:
            self.selection_changed.emit(self._selection.teeth)

    def _layout_of_few(self, chart: ToothChart) -> Layout | None:
        """Return the picture with the few teeth that changed, none of which moves another.

        Notes where it has to be drawn again; None when the picture is laid out anew.
        """
        before, after = self._chart.teeth, chart.teeth
        if self._layout is None or len(before) != len(after):
            return None
        pairs = [(old, new) for old, new in zip(before, after, strict=True) if old is not new]
        changed = {new.tooth: new for old, new in pairs if old != new}
        wide = not all(stays_inside(view) for pair in pairs for view in pair)
        same = all(old.tooth == new.tooth for old, new in zip(before, after, strict=True))
        if not same or len(changed) > _FEW or any(shows_both(chart, fdi) for fdi in changed):
            return None
        cells = list(self._layout.cells)
        for place, cell in enumerate(cells):
            if cell.tooth in changed:
                cells[place] = replace(cell, view=changed[cell.tooth])
                self._spoil(cell, wide=wide)
        return replace(self._layout, cells=tuple(cells))

    def _spoil(self, cell: Cell, *, wide: bool) -> None:
        """Note that a tooth is to be drawn again, with what it reaches of its neighbours."""
        reach = cell.column.width() * _REACH if wide else 0.0
        self._dirty += cell.column.adjusted(-reach, 0, reach, 0).toRect()

    def chart(self) -> ToothChart:
        """Return the chart that is shown."""
        return self._chart

    def set_notation(self, notation: str) -> None:
        """Write the numbers in FDI, Universal or Palmer."""
        self._notation = Notation(notation)
        self.update()

    def notation(self) -> str:
        """Return the notation of the numbers."""
        return self._notation

    def set_ghost(self, marks: tuple[ChartMark, ...]) -> None:
        """Preview marks that are being typed; an empty tuple takes the preview away."""
        ghosts: dict[int, tuple[ChartMark, ...]] = {}
        for mark in marks:
            if mark.tooth is not None:
                ghosts[mark.tooth] = (*ghosts.get(mark.tooth, ()), mark)
        if ghosts == self._ghosts:
            return
        before, self._ghosts = self._ghosts, ghosts
        changed = {fdi for fdi in before.keys() | ghosts if before.get(fdi) != ghosts.get(fdi)}
        cells = [cell for fdi in changed if (cell := self.picture().by_tooth.get(fdi)) is not None]
        if len(cells) > _FEW or self._teeth is None:
            self._teeth = None
            self.update()
            return
        for cell in cells:
            # A preview of a bridge or of a lost tooth reaches beside its column.
            self._spoil(cell, wide=True)
        self.update(self._dirty)

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

    # -- geometry ---------------------------------------------------------------------------

    def picture(self) -> Layout:
        """Return where everything stands at the size of the widget."""
        if self._layout is None:
            self._layout = lay_out(self._chart, self._sizes, QSizeF(self.size()))
        return self._layout

    def _shown(self) -> tuple[int, ...]:
        return tuple(cell.tooth for cell in self.picture().cells)

    def tooth_rect(self, fdi: int) -> QRect:
        """Return the column of a tooth in the widget, empty when it is not shown."""
        cell = self.picture().by_tooth.get(fdi)
        return cell.column.toAlignedRect() if cell else QRect()

    def surface_point(self, fdi: int, code: str) -> QPoint:
        """Return the middle of a surface of the diagram, for anchoring and for tests."""
        cell = self.picture().by_tooth[fdi]
        return access.surface_rect(self.picture(), cell, code).center().toPoint()

    def sizeHint(self) -> QSize:
        """Return the room the mockups give the chart."""
        scale = _USUAL_SCALE if self._sizes.diagrams else _USUAL_MINI_SCALE
        return size_at(self._chart, self._sizes, scale).toSize()

    def minimumSizeHint(self) -> QSize:
        """Return the room at the smallest scale; with less the surroundings must scroll."""
        return size_at(self._chart, self._sizes, self._sizes.least).toSize()

    def set_sight(self, height: int) -> None:
        """Say how much of the height is seen at once where the surroundings scroll."""
        if height != self._sight:
            self._sight = height
            self._claim_height()

    def _claim_height(self) -> None:
        """Ask for the height that goes with the width, where it can be scrolled."""
        if self._sight is not None:
            least = least_height(self._chart, self._sizes, self.width(), self._sight)
            self.setMinimumHeight(math.ceil(least))

    # -- events -----------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out anew."""
        self._layout = self._teeth = None
        self._claim_height()
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the chart, or the part of it that is asked for."""
        scene = Scene(
            notation=self._notation,
            selected=self._selection.chosen,
            current=self._selection.current,
            focused=self.hasFocus(),
            ghosts=self._ghosts,
            surface=self._surface,
        )
        teeth = self._drawn_teeth(scene)
        part = QRectF(event.rect())
        painter = QPainter(self)
        self._painter.behind(painter, self.picture(), scene, part)
        painter.setClipRegion(event.region())
        painter.drawPixmap(0, 0, teeth)
        self._painter.over(painter, self.picture(), scene, part)
        painter.end()

    def _drawn_teeth(self, scene: Scene) -> QPixmap:
        """Return the teeth with their marks, drawn once until chart, preview or size changes."""
        ratio = self.devicePixelRatioF()
        if self._teeth is None or self._teeth.devicePixelRatioF() != ratio:
            self._pictures.clear()
            self._teeth = QPixmap(self.size() * ratio)
            self._teeth.setDevicePixelRatio(ratio)
            self._teeth.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._teeth)
            self._painter.teeth(painter, self.picture(), scene)
            painter.end()
        elif not self._dirty.isEmpty():
            painter = QPainter(self._teeth)
            painter.setClipRegion(self._dirty)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            painter.fillRect(self._dirty.boundingRect(), Qt.GlobalColor.transparent)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
            if len(self._pictures) > _PICTURES:
                self._pictures.clear()
            part = QRectF(self._dirty.boundingRect())
            self._painter.kept(painter, self.picture(), scene, part, self._pictures)
            painter.end()
        self._dirty = QRegion()
        return self._teeth

    def _restyle(self) -> None:
        self._painter = ChartPainter(make_inks(self._theme), contrast=self._theme.is_contrast)
        self._teeth = None
        self.update()

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

    def event(self, event: QEvent) -> bool:
        """Show what is on a tooth beside the pointer."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            cell = self.picture().cell_at(QPointF(event.pos()))
            if cell is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), plain_tip(self.words(cell)), self)
            return True
        return super().event(event)

    def words(self, cell: Cell) -> str:
        """Return what a tooth's cell shows, in words."""
        return describe(cell.view, self._notation)
