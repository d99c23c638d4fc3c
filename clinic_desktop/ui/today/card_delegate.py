"""Paints a card of the board, and says where on it the one act is."""

from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen, QTextLayout
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.today.card_model import Roles
from clinic_desktop.ui.today.cards import Act, Card
from clinic_desktop.ui.widgets.painting import (
    TagSpec,
    draw_bar,
    draw_icon,
    draw_key,
    draw_layout,
    draw_tag,
    draw_text,
    key_height,
    key_width,
    lay_out,
    tag_height,
    tag_width,
)

Index = QModelIndex | QPersistentModelIndex
GAP: Final = 8
BAND: Final = 4
PAD: Final = 9
LEFT: Final = 14
ICON: Final = 16
NAME_LINES: Final = 2


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the parts of a card are."""

    box: QRectF
    name: QTextLayout
    name_height: float
    line: QRectF
    foot: QRectF
    act: QRectF


class CardDelegate(QStyledItemDelegate):
    """Draws cards with a band, a name on up to two lines, one line of state and one act."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view = parent

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        card: Card | None = index.data(Roles.CARD)
        if card is None:
            return QSize(0, 0)
        width = self._width()
        places = self._places(card, QRectF(0, 0, width, 1000))
        bottom = places.foot.bottom() if self._has_foot(card) else places.line.bottom()
        return QSize(width, int(bottom + PAD + GAP))

    def _width(self) -> int:
        viewport = getattr(self._view, "viewport", None)
        return int(viewport().width()) if viewport is not None else self._view.width()

    @staticmethod
    def _has_foot(card: Card) -> bool:
        return bool(card.tag or card.act or card.share is not None)

    def _icons(self, card: Card) -> list[tuple[str, str]]:
        found = [("circle-alert", "danger")] if card.stop else []
        found += [(card.also_icon, "text_2")] if card.also_icon else []
        return [*found, (card.icon, "text_2")]

    def _places(self, card: Card, rect: QRectF) -> _Places:
        theme = self._theme
        box = QRectF(rect.left() + 1, rect.top() + 1, rect.width() - 2, rect.height() - GAP)
        left, width = box.left() + LEFT, box.width() - LEFT - PAD
        icons = len(self._icons(card)) * (ICON + 4)
        name, height = lay_out(
            card.name,
            theme.font("strong"),
            width - icons,
            line_height=theme.line_height("strong"),
            max_lines=NAME_LINES,
        )
        top = box.top() + PAD
        line = QRectF(left, top + height, width, theme.line_height("small") + 2)
        foot = QRectF(left, line.bottom() + 5, width, theme.height("control") - 4)
        if card.act is None and card.share is None:
            foot.setHeight(tag_height(theme))
        act = QRectF()
        if card.act is not None:
            wide = self._act_width(card, foot.width())
            act = QRectF(foot.right() - wide, foot.top(), wide, foot.height())
        return _Places(box, name, height, line, foot, act)

    def _act_width(self, card: Card, room: float) -> float:
        """Return the width of the button; where words leave no room for the state, of its key."""
        if card.act is None:
            return 0
        theme = self._theme
        needed = tag_width(card.tag, theme) + GAP if card.tag is not None else 0.0
        if card.share is not None:
            words = theme.face("small", tabular=True).metrics.horizontalAdvance(card.after)
            needed += words + GAP
        widths = (self._button_width(card.act, word) for word in _words(card.act))
        fitting = (wide for wide in widths if needed + wide <= room)
        return next(fitting, key_width(card.act.key, theme) + 16)

    def _button_width(self, act: Act, word: str) -> float:
        theme = self._theme
        words = theme.face("body", weight=500).metrics.horizontalAdvance(word)
        return words + key_width(act.key, theme) + 30

    def act_rect(self, card: Card, rect: QRectF) -> QRectF:
        """Return where the act's button is, in the view's coordinates; empty when there is none."""
        return self._places(card, rect).act

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        card: Card | None = index.data(Roles.CARD)
        if card is None:
            return
        places = self._places(card, QRectF(option.rect))
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        focused = selected and self._view.hasFocus()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._frame(painter, card, places.box, selected=selected, focused=focused)
        self._head(painter, card, places)
        self._foot(painter, card, places, primary=selected)
        painter.restore()

    def _frame(
        self, painter: QPainter, card: Card, box: QRectF, *, selected: bool, focused: bool
    ) -> None:
        theme = self._theme
        radius = theme.radius("control")
        edge, width = theme.color("border"), 1.0
        if card.dashed:
            edge = theme.color("border_control")
        if selected:
            edge, width = theme.color("focus" if focused else "accent"), 2.0
        painter.setPen(
            QPen(edge, width, Qt.PenStyle.DashLine if card.dashed else Qt.PenStyle.SolidLine)
        )
        painter.setBrush(theme.color("accent_soft" if selected else "surface"))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        if card.band:
            band = QRectF(box.left() + 1, box.top() + 3, BAND, box.height() - 6)
            draw_bar(painter, band, theme.color(card.band), 2)

    def _head(self, painter: QPainter, card: Card, places: _Places) -> None:
        theme = self._theme
        box = places.box
        draw_layout(
            painter, places.name, QPointF(box.left() + LEFT, box.top() + PAD), theme.color("text")
        )
        right = box.right() - PAD
        for name, role in reversed(self._icons(card)):
            right -= ICON
            draw_icon(painter, QPointF(right, box.top() + PAD + 1), name, role, theme, ICON)
            right -= 4
        draw_text(
            painter,
            places.line,
            card.line,
            theme.face("small", tabular=True),
            theme.color("text_2"),
        )

    def _foot(self, painter: QPainter, card: Card, places: _Places, *, primary: bool) -> None:
        theme, foot = self._theme, places.foot
        left = foot.left()
        if card.tag is not None:
            room = foot.width() - places.act.width() - GAP
            tag = tag_in(card, card.tag, room, theme)
            width = min(tag_width(tag, theme), room)
            height = tag_height(theme)
            top = foot.top() + (foot.height() - height) / 2
            draw_tag(painter, QRectF(left, top, width, height), tag, theme)
            left += width + GAP
        if card.share is not None:
            right = places.act.left() - GAP if card.act else foot.right()
            self._progress(painter, card, QRectF(left, foot.top(), right - left, foot.height()))
        if card.act is not None:
            self._button(painter, card, places.act, primary=primary)

    def _progress(self, painter: QPainter, card: Card, room: QRectF) -> None:
        theme = self._theme
        face = theme.face("small", tabular=True)
        words = min(face.metrics.horizontalAdvance(card.after), room.width())
        bar = QRectF(room.left(), room.center().y() - 3, room.width() - words - GAP, 6)
        if bar.width() > 24 and card.share is not None:
            draw_bar(painter, bar, theme.color("sunken"))
            filled = QRectF(bar.left(), bar.top(), bar.width() * card.share, bar.height())
            over = card.tag is not None
            draw_bar(painter, filled, theme.color("warning" if over else "accent"))
        draw_text(
            painter,
            QRectF(room.right() - words - 1, room.top(), words + 1, room.height()),
            card.after,
            face,
            theme.color("text_2"),
            align=Qt.AlignmentFlag.AlignRight,
        )

    def _button(self, painter: QPainter, card: Card, rect: QRectF, *, primary: bool) -> None:
        if card.act is None:
            return
        theme = self._theme
        radius = theme.radius("control")
        ink = theme.color("on_accent" if primary else "text")
        painter.setPen(QPen(theme.color("accent" if primary else "border_control"), 1))
        painter.setBrush(theme.color("accent" if primary else "surface"))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        face = theme.face("body", weight=500)
        fits = (w for w in _words(card.act) if self._button_width(card.act, w) <= rect.width() + 1)
        draw_text(painter, rect.adjusted(10, 0, 0, 0), next(fits, ""), face, ink)
        if not card.act.key:
            return
        wide, high = key_width(card.act.key, theme), key_height(theme)
        key = QRectF(rect.right() - wide - 8, rect.center().y() - high / 2, wide, high)
        draw_key(painter, key, card.act.key, theme, line=ink, ink=ink)


def tag_in(card: Card, tag: TagSpec, room: float, theme: Theme) -> TagSpec:
    """Return a card's tag as it fits: whole, in brief, or without its icon; figures are not cut."""
    if not card.brief:
        return tag
    brief = replace(tag, text=card.brief)
    fitting = (one for one in (tag, brief) if tag_width(one, theme) <= room)
    return next(fitting, replace(brief, icon=None))


def _words(act: Act) -> tuple[str, ...]:
    """Return what a button may say, the longest first."""
    return (act.word, act.short) if act.short else (act.word,)
