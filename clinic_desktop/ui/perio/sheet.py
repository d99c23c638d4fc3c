"""What the grid shows: an exam painted at the size there is, scrolled where that is small."""

from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from clinic_desktop.domain.perio.exam import Cell, Exam
from clinic_desktop.domain.perio.margins import MarginSign
from clinic_desktop.domain.perio.rules import Measure, Path
from clinic_desktop.domain.perio.sites import Site
from clinic_desktop.domain.perio.words import describe
from clinic_desktop.domain.teeth.numbering import Notation, tooth, written
from clinic_desktop.i18n import _
from clinic_desktop.ui.perio import access
from clinic_desktop.ui.perio.charting import Charting
from clinic_desktop.ui.perio.inks import perio_inks
from clinic_desktop.ui.perio.layout import Kind, PerioLayout, Sizes, lay_out
from clinic_desktop.ui.perio.painter import PerioPainter, Scene
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.announce import announce
from clinic_desktop.ui.widgets.buttons import Button

STEP: Final = 40
_AROUND_TURN: Final = 6


class HalfButton(Button):
    """Turns to the other half of the mouth; it leaves the keyboard in the grid."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme=theme, small=True, parent=parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def show_half(self, teeth: str, *, left: bool) -> None:
        """Name the teeth that it leads to."""
        self.set_icon("chevron-right" if left else "chevron-left")
        self.setText(teeth)
        half = _("Left half of the mouth") if left else _("Right half of the mouth")
        self.setAccessibleName(half)
        self.setToolTip(_("{act} ({key})").format(act=half, key="H"))


class PerioSheet(QAbstractScrollArea):
    """An exam as it is seen; ``charting`` holds it and the cursor."""

    def __init__(self, theme: Theme, notation: str = Notation.FDI) -> None:
        super().__init__()
        self._theme = theme
        self._notation = notation
        self.charting = Charting(Exam(), Path.RIGHT_LEFT, notation)
        self.read_only = True
        self.painted = 0
        """How often it was painted; a test measures the time from key to paint."""
        self._before: tuple[Exam, ...] = ()
        self._wrong: Cell | None = None
        self._doubt = ""
        self._sign = MarginSign.PLUS
        self._layout: PerioLayout | None = None
        self._faces = {True: True, False: True}
        self._painter = PerioPainter(perio_inks(theme), contrast=theme.is_contrast)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("focus_ring", "none")
        self.setProperty("keys_area", _("Periodontal chart"))
        self.setAccessibleName(_("Periodontal chart"))
        self.viewport().setAutoFillBackground(False)
        self.turns = {upper: HalfButton(theme, self.viewport()) for upper in (True, False)}
        for button in self.turns.values():
            button.clicked.connect(self.turn_half)
        self.horizontalScrollBar().valueChanged.connect(self._to_a_half)
        theme.changed.connect(self._restyle)

    # -- what is shown --------------------------------------------------------------------------

    def show_exam(self, exam: Exam, path: Path, *, resume: Cell | None, read_only: bool) -> None:
        """Show another exam; one under way goes on at ``resume``."""
        self.charting = Charting(exam, path, self._notation, self._sign)
        self.read_only = read_only
        self._wrong, self._doubt = None, ""
        if read_only:
            self.charting.go(self.charting.walk.first())
        else:
            self.charting.resume(resume)
        self._layout = None
        self._turn_faces()
        self._measure()
        self._reveal_cursor()
        self._tell()

    def take(self, exam: Exam) -> None:
        """Show the same exam as it was read again; cursor and half-typed value stay."""
        self.charting.take(exam)
        self._layout = None
        self._measure()
        self._tell()

    def resume(self, cell: Cell) -> None:
        """Go on at a cell, as after a restart."""
        self.charting.resume(cell)
        self._layout = None
        self._turn_faces()
        self._measure()
        self._reveal_cursor()
        self._tell()

    def use_sign(self, sign: MarginSign) -> None:
        """Type and show margins by the sign that the clinic has chosen."""
        if sign is not self._sign:
            self._sign = self.charting.sign = sign
            self.charting.typed_sign = ""
            self.viewport().update()

    def compare(self, earlier: tuple[Exam, ...]) -> None:
        """Draw earlier exams below this one, the newest first."""
        self._before = earlier
        self.viewport().update()

    def picture(self) -> PerioLayout:
        """Return where everything stands at this size."""
        if self._layout is None:
            scale = self._theme.scale
            touch = self._theme.density == "touch"
            sizes = Sizes(
                row=round((26 if touch else 17) * scale),
                number=round(22 * scale),
                gutter=round(98 * scale),
                site=round((16 if touch else 15) * scale),
                turn=round((52 if touch else 30) * scale),
            )
            self._layout = lay_out(
                self.charting.exam.teeth,
                QSizeF(self.viewport().size()),
                sizes,
                junctions_shown=self._junctions_shown(),
                implants=self.charting.exam.implants,
            )
        return self._layout

    def _junctions_shown(self) -> bool:
        cursor = self.charting.cursor
        return (cursor is not None and cursor.measure is Measure.MGJ) or any(
            mm is not None for one in self.charting.exam.teeth.values() for mm in one.mgj
        )

    def index_of(self, cell: Cell | None) -> int:
        """Return the place of a cell among those that are read out, -1 for none."""
        return self.picture().places.get(cell, -1) if cell is not None else -1

    def index_at(self, point: QPoint) -> int:
        """Return the place of the cell under a point of the viewport."""
        return self.index_of(self.picture().cell_at(QPointF(point) + self._scrolled()))

    def shown_rect(self, cell: Cell) -> QRectF:
        """Return the box of a cell in the viewport."""
        return self.picture().rect(cell).translated(-self._scrolled())

    def _scrolled(self) -> QPointF:
        return QPointF(self.horizontalScrollBar().value(), self.verticalScrollBar().value())

    def face_shown(self, *, upper: bool) -> bool:
        """Return whether the graph of a jaw shows the facial side."""
        return self._faces[upper]

    def turn_face(self, *, upper: bool) -> None:
        """Let the graph of a jaw show its other side."""
        self._faces[upper] = not self._faces[upper]
        self.viewport().update()

    @property
    def cursor_cell(self) -> Cell | None:
        """The cell that the next digit fills."""
        return self.charting.cursor

    @property
    def wrong(self) -> Cell | None:
        """The cell whose value was refused at the last key."""
        return self._wrong

    @property
    def doubt(self) -> str:
        """Why what was typed last may have the wrong sign; it is stored all the same."""
        return self._doubt

    def _turn_faces(self) -> None:
        """Let the graph follow the probe: it shows the face that is being measured."""
        cursor = self.charting.cursor
        if cursor is not None and cursor.measure in (Measure.DEPTH, Measure.MARGIN, Measure.MGJ):
            self._faces[tooth(cursor.tooth).upper] = Site(cursor.place).facial

    def _tell(self) -> None:
        access.focus_moved(self, self.index_of(self.charting.cursor))

    def words(self) -> str:
        """Return the cell that is due in words."""
        cursor = self.charting.cursor
        return describe(self.charting.exam, cursor, self._notation) if cursor else ""

    # -- painting and scrolling -----------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the columns that changed."""
        charting = self.charting
        scene = Scene(
            exam=charting.exam,
            notation=self._notation,
            cursor=charting.cursor,
            marked=charting.marked,
            focused=self.hasFocus(),
            pending=charting.pending,
            before=self._before,
            faces=self._faces,
            wrong=self._wrong,
            sign=charting.sign,
        )
        painter = QPainter(self.viewport())
        offset = self._scrolled()
        painter.setClipRect(event.rect())
        painter.translate(-offset)
        dirty = QRectF(event.rect()).translated(offset)
        self._painter.paint(painter, self.picture(), scene, dirty)
        if offset.x() > 0:
            # The first column is frozen: what a row is stays in sight.
            painter.translate(offset.x(), 0)
            gutter = QRectF(0, dirty.top(), self.picture().sizes.gutter, dirty.height())
            painter.fillRect(gutter, self._theme.color("surface"))
            self._painter.labels(painter, self.picture(), scene)
        painter.end()
        self.painted += 1

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:  # noqa: N802 - Qt's name
        """Draw anew: labels stay where they are."""
        self._place_turns()
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out anew."""
        super().resizeEvent(event)
        self._layout = None
        self._measure()
        self._reveal_cursor()

    def _measure(self) -> None:
        layout, room = self.picture(), self.viewport().size()
        size = layout.size
        off, needed = Qt.ScrollBarPolicy.ScrollBarAlwaysOff, Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setHorizontalScrollBarPolicy(off if layout.halves else needed)
        for bar, whole, page in (
            (self.horizontalScrollBar(), size.width(), room.width()),
            (self.verticalScrollBar(), size.height(), room.height()),
        ):
            bar.setRange(0, max(0, int(whole - page)))
            bar.setPageStep(page)
            bar.setSingleStep(STEP)
        if layout.halves:
            turned = round(layout.turned)
            self.horizontalScrollBar().setRange(0, turned)
            self.horizontalScrollBar().setPageStep(turned)
            self.horizontalScrollBar().setSingleStep(turned)
        self._place_turns()
        self.viewport().update()

    # -- halves ---------------------------------------------------------------------------------

    @property
    def halves(self) -> bool:
        """Whether one half of the mouth is shown at a time."""
        return self.picture().halves

    @property
    def left_half(self) -> bool:
        """Whether the patient's left half is shown, where one is shown at a time."""
        return self.halves and self.horizontalScrollBar().value() > 0

    def turn_half(self) -> None:
        """Show the other half of the mouth; the cursor stays, and the next key goes back to it."""
        bar = self.horizontalScrollBar()
        bar.setValue(0 if self.left_half else bar.maximum())
        half = _("Left half of the mouth") if self.left_half else _("Right half of the mouth")
        announce(self, half)

    def _to_a_half(self, value: int) -> None:
        """Come to rest at a half, however far a finger or a wheel went."""
        whole = self.horizontalScrollBar().maximum()
        if self.halves and value not in (0, whole):
            self.horizontalScrollBar().setValue(whole if value > whole / 2 else 0)

    def _place_turns(self) -> None:
        """Put the buttons beside the numbers of both jaws; each names what the other half shows."""
        layout, down = self.picture(), self.verticalScrollBar().value()
        left = self.left_half
        for upper, button in self.turns.items():
            line = layout.line(Kind.NUMBER, upper=upper)
            others = layout.outermost(upper=upper, left=not left)
            button.setVisible(layout.halves and line is not None and others is not None)
            if line is not None and others is not None:
                first, last = (written(fdi, self._notation) for fdi in others)
                button.show_half(f"{first}\N{EN DASH}{last}", left=not left)
                width = round(layout.sizes.gutter) - 2 * _AROUND_TURN
                button.setGeometry(_AROUND_TURN, round(line.top) - down, width, round(line.height))

    def _reveal_cursor(self) -> None:
        """Scroll to the site that is due."""
        if self.charting.cursor is not None:
            self._reveal(self.charting.cursor)

    def _reveal(self, cell: Cell) -> None:
        """Scroll so that the cell and a little around it is seen."""
        box = self.picture().rect(cell).adjusted(-STEP, -STEP, STEP, STEP)
        room = self.viewport().size()
        gutter = self.picture().sizes.gutter if self.horizontalScrollBar().maximum() else 0
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        if self.halves:
            across.setValue(across.maximum() if self.picture().is_left(cell.tooth) else 0)
        elif box.left() - gutter < across.value():
            across.setValue(int(box.left() - gutter))
        elif box.right() > across.value() + room.width():
            across.setValue(int(box.right() - room.width()))
        if box.top() < down.value():
            down.setValue(int(box.top()))
        elif box.bottom() > down.value() + room.height():
            down.setValue(int(box.bottom() - room.height()))

    def minimumSizeHint(self) -> QSize:
        """Return a part: the rest is scrolled to."""
        return QSize(420, 260)

    def sizeHint(self) -> QSize:
        """Return the room of the mockup."""
        return QSize(960, 640)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is."""
        super().focusInEvent(event)
        self._tell()
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the blue frame away."""
        super().focusOutEvent(event)
        self.viewport().update()

    def _restyle(self) -> None:
        self._painter = PerioPainter(perio_inks(self._theme), contrast=self._theme.is_contrast)
        self._layout = None
        self._measure()
        if self.charting.cursor is not None:
            self._reveal(self.charting.cursor)
