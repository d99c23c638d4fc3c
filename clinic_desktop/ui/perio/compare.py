"""Up to six exams side by side: their graphs in one scale, and a table of what changed."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from clinic_desktop.domain.perio.columns import Columns, columns_of
from clinic_desktop.domain.perio.exam import Exam
from clinic_desktop.domain.perio.figures import mean_text, share_text
from clinic_desktop.domain.perio.indices import indices
from clinic_desktop.domain.perio.rules import MOST_COMPARED
from clinic_desktop.domain.perio.sites import Site
from clinic_desktop.domain.teeth.anatomy import anatomy
from clinic_desktop.domain.teeth.numbering import tooth, written
from clinic_desktop.i18n import _, ngettext
from clinic_desktop.services.perio.schemas import ExamData
from clinic_desktop.ui.perio.compared_figures import ComparedFigures, Row
from clinic_desktop.ui.perio.graph import GraphPainter, spots
from clinic_desktop.ui.perio.inks import perio_inks
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Label
from clinic_desktop.ui.widgets.rows_model import RowsModel
from clinic_desktop.ui.widgets.scroll import scrolled
from clinic_desktop.ui.widgets.segmented import Segmented
from clinic_desktop.ui.written import Written

_GUTTER: Final = 104.0
_ROOT, _CROWN = 17.0, 10.5
_PAD: Final = 6.0
_NUMBERS: Final = 26.0
_WIDEST: Final = 11.8
_MOST_SCALE: Final = 4.4
_STRIPS_HEIGHT, _TABLE_HEIGHT = 460, 240
# Below this height, graphs and figures take turns; two parts of it would show neither.
_LOW: Final = 520
_READABLE: Final = 3.2


class Strip(QWidget):
    """One exam as two rows of teeth with their curves; all strips share scale and columns."""

    def __init__(
        self, theme: Theme, title: str, detail: str, exam: Exam, arch: Columns, notation: str
    ) -> None:
        super().__init__()
        self._arch = arch
        self._notation = notation
        self._theme, self._title, self._detail, self._exam = theme, title, detail, exam
        self.facial = True
        self.setAccessibleName(f"{title}. {detail}")
        self._inks = perio_inks(theme)
        self._graph = GraphPainter(self._inks)
        theme.changed.connect(self._restyle)
        self.setMinimumHeight(self._least(_READABLE))

    @staticmethod
    def _least(scale: float) -> int:
        return int(2 * (_ROOT + _CROWN) * scale + 3 * _PAD + _NUMBERS)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for no more height than this width can use."""
        super().resizeEvent(event)
        column = (self.width() - _GUTTER - 8) / self._arch.count
        self.setMinimumHeight(self._least(min(_READABLE, column / _WIDEST)))

    def _restyle(self) -> None:
        self._inks = perio_inks(self._theme)
        self._graph = GraphPainter(self._inks)
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room at a readable scale."""
        return QSize(760, self.minimumHeight())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw both jaws."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._inks.surface)
        column = (self.width() - _GUTTER - 8) / self._arch.count
        scale = min(
            column / _WIDEST,
            _MOST_SCALE,
            (self.height() - 3 * _PAD - _NUMBERS) / (2 * (_ROOT + _CROWN)),
        )
        painter.setPen(self._inks.text)
        painter.setFont(self._theme.font("strong"))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(QRectF(8, 8, _GUTTER - 14, 40), flags, self._title)
        painter.setPen(self._inks.quiet)
        painter.setFont(self._theme.font("micro"))
        painter.drawText(QRectF(8, 44, _GUTTER - 14, self.height() - 48), flags, self._detail)
        for upper in (True, False):
            neck = _PAD + _ROOT * scale if upper else self.height() - _PAD - _ROOT * scale
            end = _GUTTER + self._arch.count * column
            top = neck - _ROOT * scale if upper else neck
            ruled = QRectF(_GUTTER, top, end - _GUTTER, _ROOT * scale)
            self._graph.ruler(painter, ruled, neck, scale)
            for fdi, reading in self._exam.teeth.items():
                if tooth(fdi).upper is not upper:
                    continue
                middle = _GUTTER + (self._arch.places[fdi] - 0.5) * column
                self._number(painter, fdi, middle, neck, scale, upper=upper)
                self._graph.silhouette(painter, reading, QPointF(middle, neck), scale)
                if reading.probed:
                    half = anatomy(fdi).width * scale * 0.44
                    xs = _xs(fdi, middle, half)
                    found = spots(reading, xs, neck, scale, facial=self.facial)
                    self._graph.curves(painter, found)
        painter.end()

    def _number(
        self, painter: QPainter, fdi: int, middle: float, neck: float, scale: float, *, upper: bool
    ) -> None:
        """Write the number of a tooth below its crown, toward the other jaw."""
        away = _CROWN * scale + 1
        top = neck + away if upper else neck - away - _NUMBERS / 2
        box = QRectF(middle - 20, top, 40, _NUMBERS / 2)
        painter.setPen(self._inks.quiet)
        painter.setFont(self._theme.font("micro"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, written(fdi, self._notation))


def _xs(fdi: int, middle: float, half: float) -> dict[int, float]:
    """Return where the sites stand: mesial toward the midline."""
    mesial = half if tooth(fdi).right else -half
    return {
        site: middle + (mesial if site in (Site.MB, Site.ML) else 0.0)
        - (mesial if site in (Site.DB, Site.DL) else 0.0)
        for site in Site
    }  # fmt: skip


class ComparePage(QFrame):
    """Graphs above, table below; Esc or the button goes back."""

    left = Signal()

    def __init__(self, theme: Theme, written: Written, notation: str) -> None:
        super().__init__()
        self._theme, self._written, self._notation = theme, written, notation
        self.setProperty("kind", "surface")
        self.setAccessibleName(_("Exams side by side"))
        self.back = Button(_("Back"), theme=theme, icon="arrow-left", key="Esc", small=True)
        self.back.clicked.connect(self.left)
        self.title = Label(theme=theme, size="heading")
        self.faces = Segmented(
            [(_("Buccal"), True), (_("Palatal, lingual"), False)], theme=theme, small=True,
            name=_("Side of the teeth"),
        )  # fmt: skip
        self.faces.chosen.connect(self._turn)
        self.parts = Segmented(
            [(_("Graphs"), False), (_("Figures"), True)], theme=theme, small=True,
            name=_("What is shown"),
        )  # fmt: skip
        self.parts.chosen.connect(self._share)
        head = QHBoxLayout()
        head.setContentsMargins(12, 8, 12, 8)
        head.setSpacing(12)
        for widget, stretch in ((self.back, 0), (self.title, 1), (self.parts, 0), (self.faces, 0)):
            head.addWidget(widget, stretch)
        self._strips = QWidget()
        self._column = QVBoxLayout(self._strips)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(1)
        self.strips: list[Strip] = []
        self.figures = ComparedFigures(theme, notation)
        self._graphs = scrolled(self._strips)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self._graphs)
        split.addWidget(self.figures)
        split.setSizes([_STRIPS_HEIGHT, _TABLE_HEIGHT])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(head)
        whole.addWidget(split, 1)
        self._share()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Decide again whether graphs and figures have room together."""
        super().resizeEvent(event)
        self._share()

    def _share(self, _part: object = None) -> None:
        """Show both parts, or where it is low the one that was chosen."""
        low = self.height() < _LOW
        figures = self.parts.value()
        self.parts.setVisible(low)
        self._graphs.setVisible(not low or not figures)
        self.figures.setVisible(not low or figures)
        self.faces.setVisible(not low or not figures)

    def show_exams(self, exams: Sequence[ExamData]) -> None:
        """Show exams, the oldest first; more than six are cut to the newest."""
        shown = list(exams)[-MOST_COMPARED:]
        for strip in self.strips:
            self._column.removeWidget(strip)
            strip.deleteLater()
        self.strips = []
        arch = columns_of({fdi for one in shown for fdi in one.exam.teeth})
        for one in shown:
            found = indices(one.exam)
            detail = "\n".join(
                (
                    _("Bleeding {share}").format(share=_together(share_text(found.bleeding))),
                    _("Plaque {share}").format(share=_together(share_text(found.plaque))),
                    _("Depth {mean}").format(mean=_together(mean_text(found.depth))),
                    "" if one.head.signed else _("Under way"),
                )
            ).strip()
            strip = Strip(self._theme, self._day(one), detail, one.exam, arch, self._notation)
            strip.facial = bool(self.faces.value())
            self.strips.append(strip)
            self._column.addWidget(strip)
        sentence = ngettext("{count} exam", "{count} exams", len(shown)).format(count=len(shown))
        self.title.setText(sentence)
        self.figures.show_exams([(self._day(one), one.exam) for one in shown])

    def _day(self, one: ExamData) -> str:
        return self._written.day(one.head.on_day)

    @property
    def model(self) -> RowsModel[Row]:
        """The rows of the table, as wide as it is or folded."""
        return self.figures.model

    def _turn(self, facial: object) -> None:
        for strip in self.strips:
            strip.facial = bool(facial)
            strip.update()


def _together(words: str) -> str:
    """Return words that one line holds: a percentage is not torn from its n."""
    return words.replace(" ", "\N{NO-BREAK SPACE}")
