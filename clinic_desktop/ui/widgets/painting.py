"""Drawing shared by widgets and delegates: text, tags, key hints, skeleton bars."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPen,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)

from clinic_desktop.ui.theme.theme import Face, Theme

# Hebrew, Arabic, Syriac, Thaana, NKo and the presentation forms, and the marks that turn a line.
_RIGHT_TO_LEFT: Final = re.compile("[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufefc]")
_BREAKS: Final = re.compile("[\r\n\u2028\u2029\t\v\f]+")
_NO_LIMIT: Final = 10_000.0
_LONGEST_MEASURED: Final = 2000
_LONGEST_KEPT: Final = 40  # longer words rarely come twice

TAG_PADDING: Final = 6
TAG_ICON: Final = 14
TAG_GAP: Final = 4
KEY_PADDING: Final = 5

# kind -> (fill, line, text); an empty line means no border
TAG_KINDS: Final[dict[str, tuple[str, str, str]]] = {
    "plain": ("surface", "border_control", "text"),
    "dashed": ("surface", "border_control", "text_2"),
    "soft": ("sunken", "", "text_2"),
    "accent": ("accent_soft", "accent", "on_accent_soft"),
    "info": ("info_soft", "info_line", "on_info_soft"),
    "success": ("success_soft", "success_line", "on_success_soft"),
    "warning": ("warning_soft", "warning_line", "on_warning_soft"),
    "danger": ("danger_soft", "danger_line", "on_danger_soft"),
    "unknown": ("unknown_soft", "unknown_line", "on_unknown_soft"),
}


@dataclass(frozen=True, slots=True)
class TagSpec:
    """A small framed word: ``kind`` is a key of ``TAG_KINDS``, ``icon`` a Lucide name or None."""

    kind: str
    text: str
    icon: str | None = None


def one_line(text: str) -> str:
    """Return the text with line breaks and tabs as single spaces."""
    return text if text.isprintable() else _BREAKS.sub(" ", text)


def draw_text(
    painter: QPainter,
    rect: QRectF,
    text: str,
    font: QFont | Face,
    colour: QColor,
    *,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    strike: bool = False,
) -> float:
    """Draw one line, vertically centred, cut with an ellipsis, and return the width it took.

    Text is never read as markup; a line that holds a right-to-left run gets its own direction.
    """
    face = font if isinstance(font, Face) else face_of(font)
    room = rect.width()
    shown, width = _cut(text, face, room)
    left = rect.left()
    if align != Qt.AlignmentFlag.AlignLeft:
        if align & Qt.AlignmentFlag.AlignRight:
            left = max(left, rect.right() - width)
        elif align & Qt.AlignmentFlag.AlignHCenter:
            left = max(left, left + (room - width) / 2)
    base = rect.top() + rect.height() / 2 + face.rise
    painter.setFont(face.font)
    painter.setPen(colour)
    if not shown.isascii() and _RIGHT_TO_LEFT.search(shown):
        layout = lay_out(shown, face.font, _NO_LIMIT)[0]
        layout.draw(painter, QPointF(left, base - layout.lineAt(0).ascent()))
    else:
        painter.drawText(QPointF(left, base), shown)
    if strike:
        height = base - face.metrics.strikeOutPos()
        painter.drawLine(QPointF(left, height), QPointF(left + width, height))
    return width


def face_of(font: QFont) -> Face:
    """Return a font with its measures."""
    metrics = QFontMetricsF(font)
    return Face(font, metrics, (metrics.ascent() - metrics.descent()) / 2)


@lru_cache(maxsize=8192)
def _cut(text: str, face: Face, room: float) -> tuple[str, float]:
    """Return the text as far as it fits, and its width."""
    shown = one_line(text)
    # Beyond this no line fits any screen, and measuring would take its time.
    if len(shown) > _LONGEST_MEASURED:
        shown = shown[:_LONGEST_MEASURED]
    width = face.metrics.horizontalAdvance(shown)
    if width > room + 0.5:
        shown = face.metrics.elidedText(shown, Qt.TextElideMode.ElideRight, room + 0.5)
        width = face.metrics.horizontalAdvance(shown)
    return shown, width


def draw_highlights(
    painter: QPainter,
    rect: QRectF,
    text: str,
    font: QFont,
    ranges: Sequence[tuple[int, int]],
    theme: Theme,
) -> None:
    """Mark the parts of a left-aligned line that a search found: ``(start, length)`` each."""
    layout = lay_out(one_line(text), font, _NO_LIMIT)[0]
    line = layout.lineAt(0)
    tint = theme.color("warning_line")
    tint.setAlphaF(0.35)
    height = QFontMetricsF(font).height()
    painter.setPen(QPen(theme.color("warning_line"), 1) if theme.is_contrast else Qt.PenStyle.NoPen)
    painter.setBrush(tint)
    for start, length in ranges:
        one, other = line.cursorToX(start), line.cursorToX(start + length)
        left, right = sorted((_number(one), _number(other)))
        box = QRectF(rect.left() + left, rect.center().y() - height / 2, right - left, height)
        painter.drawRoundedRect(box.intersected(rect), 2, 2)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _number(value: object) -> float:
    """Return the position of ``cursorToX``, which PySide gives with the cursor beside it."""
    return float(value[0] if isinstance(value, tuple) else value)  # type: ignore[arg-type]  # stub says object


def lay_out(
    text: str, font: QFont, width: float, *, line_height: float = 0, max_lines: int = 0
) -> tuple[QTextLayout, float]:
    """Return wrapped text with its height; the last line allowed is cut with an ellipsis."""
    text = text.replace("\r\n", "\n").replace("\n", "\u2028")
    layout = _break(text, font, width, line_height)
    if 0 < max_lines < layout.lineCount():
        start = layout.lineAt(max_lines - 1).textStart()
        rest = one_line(text[start:])
        cut = QFontMetricsF(font).elidedText(rest, Qt.TextElideMode.ElideRight, width)
        layout = _break(text[:start] + cut, font, width, line_height)
    step = line_height or QFontMetricsF(font).height()
    return layout, step * max(1, layout.lineCount())


def _break(text: str, font: QFont, width: float, line_height: float) -> QTextLayout:
    option = QTextOption(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute)
    option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    if width >= _NO_LIMIT:
        option.setWrapMode(QTextOption.WrapMode.ManualWrap)
    layout = QTextLayout(text, font)
    layout.setTextOption(option)
    layout.setCacheEnabled(True)
    step = line_height or QFontMetricsF(font).height()
    layout.beginLayout()
    top = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(width, 1))
        line.setPosition(QPointF(0, top + (step - line.height()) / 2))
        if width >= _NO_LIMIT:
            line.setLineWidth(line.naturalTextWidth())
            line.setPosition(QPointF(0, 0))
        top += step
    layout.endLayout()
    return layout


def draw_layout(painter: QPainter, layout: QTextLayout, at: QPointF, colour: QColor) -> None:
    """Draw text from ``lay_out`` in one colour."""
    whole = QTextLayout.FormatRange()
    whole.start = 0
    whole.length = len(layout.text().encode("utf-16-le")) // 2
    style = QTextCharFormat()
    style.setForeground(colour)
    whole.format = style
    painter.setPen(colour)
    layout.draw(painter, at, [whole])


def tag_height(theme: Theme) -> int:
    """Return the height of a tag."""
    return theme.line_height("small") + 4


def tag_width(tag: TagSpec, theme: Theme) -> float:
    """Return the width of a tag whose text is not cut."""
    face = theme.face("small", tabular=True, weight=500)
    width = face.metrics.horizontalAdvance(one_line(tag.text)) + 2 * TAG_PADDING
    if tag.icon is None:
        return width
    return width + TAG_ICON + (TAG_GAP if tag.text else 0)


def draw_tag(painter: QPainter, rect: QRectF, tag: TagSpec, theme: Theme) -> None:
    """Draw a tag into the rectangle; the hatch of ``unknown`` runs under the word."""
    size = QSize(math.ceil(rect.width()), math.ceil(rect.height()))
    if len(tag.text) > _LONGEST_KEPT or size.isEmpty():
        _draw_tag(painter, rect, tag, theme)
        return
    whole = QRectF(0, 0, rect.width(), rect.height())
    dpr = painter.device().devicePixelRatioF()
    picture = theme.drawn(tag, size, dpr, lambda inner: _draw_tag(inner, whole, tag, theme))
    painter.drawPixmap(rect.topLeft(), picture)


def _draw_tag(painter: QPainter, rect: QRectF, tag: TagSpec, theme: Theme) -> None:
    fill, line, ink = TAG_KINDS[tag.kind]
    radius = theme.radius("tag")
    box = rect.adjusted(0.5, 0.5, -0.5, -0.5)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(theme.color(fill))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawRoundedRect(box, radius, radius)
    if tag.kind == "unknown":
        painter.setBrush(theme.hatch("unknown_line", painter.device().devicePixelRatioF()))
        painter.drawRoundedRect(box, radius, radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if line:
        style = Qt.PenStyle.DashLine if tag.kind == "dashed" else Qt.PenStyle.SolidLine
        painter.setPen(QPen(theme.color(line), 1, style))
        painter.drawRoundedRect(box, radius, radius)
    left = rect.left() + TAG_PADDING
    if tag.icon is not None:
        draw_icon(
            painter, QPointF(left, rect.center().y() - TAG_ICON / 2), tag.icon, ink, theme, TAG_ICON
        )
        left += TAG_ICON + TAG_GAP
    words = QRectF(left, rect.top(), rect.right() - TAG_PADDING - left, rect.height())
    face = theme.face("small", tabular=True, weight=500)
    draw_text(painter, words, tag.text, face, theme.color(ink))
    painter.restore()


def draw_icon(
    painter: QPainter, at: QPointF, name: str, role: str, theme: Theme, size: int
) -> None:
    """Draw an icon with its top left corner at a point."""
    pixmap = theme.pixmap(name, role, size, painter.device().devicePixelRatioF())
    painter.drawPixmap(at, pixmap)


def key_width(key: str, theme: Theme) -> float:
    """Return the width of a key hint."""
    width = theme.face("micro").metrics.horizontalAdvance(key) + 2 * KEY_PADDING
    return max(width, key_height(theme))


def key_height(theme: Theme) -> int:
    """Return the height of a key hint."""
    return theme.line_height("micro") + 4


def draw_key(
    painter: QPainter, rect: QRectF, key: str, theme: Theme, *, line: QColor, ink: QColor
) -> None:
    """Draw a key hint: the name of a key in a small frame."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(line, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    radius = theme.radius("tag")
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    draw_text(painter, rect, key, theme.face("micro"), ink, align=Qt.AlignmentFlag.AlignHCenter)
    painter.restore()


def draw_bar(painter: QPainter, rect: QRectF, colour: QColor, radius: float = 3) -> None:
    """Draw a rounded bar: a skeleton line, a level, a progress."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(rect, radius, radius)
    painter.restore()
