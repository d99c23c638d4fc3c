"""The dark panel at the left of the entry: a greeting, what happens next, a row of teeth."""

from functools import cache
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QTime
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QTransform
from PySide6.QtWidgets import QWidget

from clinic_desktop import __version__
from clinic_desktop.domain.teeth.geometry import side
from clinic_desktop.i18n import _
from clinic_desktop.ui.chart.tooth_paths import to_path
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.painting import draw_icon, draw_layout, draw_text, lay_out

WIDTH: Final = 440
EDGE: Final = 44
TEETH: Final = (21, 22, 23, 24, 25, 26, 27)
TEETH_GAP: Final = 0.55  # mm
LOGO: Final = 40
# Below this height the teeth would meet the words.
TEETH_FROM: Final = 620


def greeting() -> str:
    """Return the greeting of this time of the day, by the computer's clock."""
    hour = QTime.currentTime().hour()
    if 5 <= hour < 12:
        return _("Good morning.")
    return _("Good afternoon.") if 12 <= hour < 18 else _("Good evening.")


@cache
def _teeth() -> tuple[tuple[QPainterPath, bool], ...]:
    """Return the outlines of the upper left teeth in mm, each with whether it lies behind."""
    found: list[tuple[QPainterPath, bool]] = []
    left = 0.0
    for fdi in TEETH:
        shape = side(fdi)
        # The frame has mesial at the right and the crown above; these hang and look the other way.
        turn = QTransform().translate(left + shape.width / 2, 0).scale(-1, -1)
        roots = sorted(shape.roots, key=lambda root: not root.behind)
        found += [(turn.map(to_path(root.outline)), root.behind) for root in roots]
        found.append((turn.map(to_path(shape.crown)), False))
        left += shape.width + TEETH_GAP
    return tuple(found)


# The tokens turn ink and paper around in the dark themes; this panel stays dark in all of them.
_LIGHT: Final = {"ground": "inverse", "ink": "on_inverse", "accent": "inverse_accent"}
_DARK: Final = {"ground": "rail", "ink": "text", "accent": "accent"}


class InkPanel(QWidget):
    """Paints itself; the words are set by the page that is shown."""

    def __init__(self, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._head = ""
        self._sentence = ""
        self.setFixedWidth(WIDTH)
        theme.changed.connect(self.update)

    def say(self, head: str, sentence: str) -> None:
        """Show other words; ``head`` may have two lines."""
        self._head, self._sentence = head, sentence
        self.setAccessibleName(head.replace("\n", " "))
        self.setAccessibleDescription(sentence)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw ground, logo, words, teeth and version."""
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.color(self._role("ground")))
        if theme.name != "light":
            edge = QRectF(self.width() - 1, 0, 1, self.height())
            painter.fillRect(edge, theme.color("border"))
        small = self.height() < TEETH_FROM
        top = 28.0 if small else 50.0
        draw_icon(painter, QPointF(EDGE + 2, top), "tooth", self._role("accent"), theme, LOGO)
        top = self._words(painter, top + LOGO + (20 if small else 36))
        if not small:
            self._draw_teeth(painter, top)
        line = QRectF(EDGE, self.height() - 70, self.width() - 2 * EDGE, 30)
        if line.top() > top:
            version = _("Clinic Desktop · version {version}").format(version=__version__)
            draw_text(painter, line, version, theme.font("small"), self._ink(0.75))
        painter.end()

    def _role(self, part: str) -> str:
        return (_LIGHT if self._theme.name == "light" else _DARK)[part]

    def _ink(self, strength: float) -> QColor:
        ink = self._theme.color(self._role("ink"))
        if not self._theme.is_contrast:
            ink.setAlphaF(strength)
        return ink

    def _words(self, painter: QPainter, top: float) -> float:
        theme, room = self._theme, self.width() - 2 * EDGE
        font = theme.font("figure")
        for text in self._head.split("\n"):
            layout, height = lay_out(text, font, room, line_height=40)
            draw_layout(painter, layout, QPointF(EDGE, top), self._ink(1.0))
            top += height
        layout, height = lay_out(
            self._sentence, theme.font("large", weight=400), room, line_height=23
        )
        draw_layout(painter, layout, QPointF(EDGE, top + 16), self._ink(0.86))
        return top + 16 + height

    def _draw_teeth(self, painter: QPainter, top: float) -> None:
        theme = self._theme
        paths = _teeth()
        box = paths[0][0].boundingRect()
        for path, _behind in paths:
            box = box.united(path.boundingRect())
        scale = (self.width() - 2 * EDGE - 12) / box.width()
        bottom = self.height() - 93
        if bottom - box.height() * scale < top + 24:
            return
        painter.save()
        painter.translate(EDGE + 2 - box.left() * scale, bottom - box.bottom() * scale)
        painter.scale(scale, scale)
        for path, behind in paths:
            # Roots end in a straight line inside the crown; the crown covers it.
            painter.setBrush(theme.color(self._role("ground")))
            pen = QPen(self._ink(0.45 if behind else 0.8), 1.2 / scale)
            painter.setPen(pen)
            painter.drawPath(path)
        painter.restore()
