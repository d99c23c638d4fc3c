"""The picture of the teeth: what is drawn, where it stands, and what of it is drawn again."""

import math
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPixmap, QRegion, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from clinic_desktop.domain.teeth.chart import ChartMark, ToothChart, adult_chart, shows_both
from clinic_desktop.domain.teeth.describe import count_words, describe
from clinic_desktop.domain.teeth.numbering import Notation
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
    lay_out,
    least_height,
    size_at,
    sizes_for,
)
from clinic_desktop.ui.chart.selection import Selection
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.labels import plain_tip

# A change of more teeth is drawn anew; a tooth reaches this far beside its column.
_FEW: Final = 4
_PICTURES: Final = 96
_REACH: Final = 0.5
_USUAL_SCALE: Final = 6.2
_USUAL_MINI_SCALE: Final = 3.4


class TeethSheet(QWidget):
    """Draws a ToothChart with its selection and a preview; hears no key and no pointer.

    ``selection_changed(teeth)`` tells as well when selected teeth leave the picture.
    """

    selection_changed = Signal(tuple)

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
        self._painter = ChartPainter(make_inks(theme), contrast=theme.is_contrast)
        policy = QSizePolicy.Policy.Expanding
        self.setSizePolicy(policy, policy)
        self.setAccessibleName(_("Teeth"))
        theme.changed.connect(self._restyle)
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

    # -- painting ---------------------------------------------------------------------------

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
