"""A card of the board carried by the pointer: the ghost beside it, and where it may be put."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from clinic_desktop.domain.visit_status import VisitStatus, before, word
from clinic_desktop.i18n import _
from clinic_desktop.services.today.schemas import Board
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.today.cards import Act, Card, Lane, chair_for
from clinic_desktop.ui.widgets.painting import draw_text

# Below and beside the pointer, so that it does not hide what it points at.
_OFFSET: Final = QPoint(14, 18)
_PAD: Final = 10
_TO: Final = {
    Lane.EXPECTED: VisitStatus.CONFIRMED,
    Lane.WAITING: VisitStatus.ARRIVED,
    Lane.CHAIRS: VisitStatus.IN_CHAIR,
    Lane.LEAVING: VisitStatus.DONE,
}


@dataclass(frozen=True, slots=True)
class Target:
    """What putting the card down here does, or why it does nothing."""

    words: str
    act: Act | None = None
    back: bool = False


def target_of(card: Card, lane: Lane | None, onto: Card | None, board: Board) -> Target:
    """Return what putting ``card`` down on a lane does; ``onto`` is the card below the pointer."""
    visit = card.visit
    if visit is None or lane is None:
        return Target(_("Put it on a lane, or press Esc"))
    to = _TO[lane]
    status = VisitStatus(visit.status)
    if lane == Lane.EXPECTED and status in {VisitStatus.PENDING, VisitStatus.CONFIRMED}:
        return Target(_("It stands here already"))
    if status == to and (lane != Lane.CHAIRS or onto is None or onto.visit is visit):
        return Target(_("It stands here already"))
    back = status not in before(to)
    if back and status not in before(to, back=True):
        return Target(_("{name} is {status}").format(name=visit.patient, status=word(visit.status)))
    if lane != Lane.CHAIRS:
        return Target(_("{name}: {status}").format(name=visit.patient, status=word(to)),
                      Act("", "", to), back)  # fmt: skip
    return _chair_target(card, onto, board, back=back)


def _chair_target(card: Card, onto: Card | None, board: Board, *, back: bool) -> Target:
    visit = card.visit
    assert visit is not None  # noqa: S101 - asked by the caller
    if onto is not None and onto.visit is not None:
        return Target(_("{name} sits here").format(name=onto.visit.patient))
    chair_id = onto.chair_id if onto is not None else None
    if chair_id is None:
        chair = chair_for(visit, board)
        if chair is None:
            return Target(_("Every chair is in use"))
        chair_id = chair.chair_id
    name = next((c.name for c in board.sheet.chairs if c.chair_id == chair_id), "")
    return Target(
        _("Seat in {chair}").format(chair=name),
        Act("", "", VisitStatus.IN_CHAIR, chair_id),
        back,
    )


class CardGhost(QWidget):
    """What hangs at the pointer: the name, and what happens when it is let go."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._ground = theme, parent
        self._name = ""
        self._target = Target("")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def hang(self, card: Card, target: Target, at: QPoint) -> None:
        """Hang at a place of the screen."""
        self._name, self._target = card.name, target
        theme = self._theme
        width = max(
            theme.face("strong").metrics.horizontalAdvance(card.name),
            theme.face("small").metrics.horizontalAdvance(target.words),
        )
        parent = self._ground
        wide = min(int(width) + 2 * _PAD + 2, 320)
        high = theme.line_height("strong") + theme.line_height("small") + 2 * _PAD
        self.resize(wide, high)
        place = parent.mapFromGlobal(at) + _OFFSET
        place.setX(min(place.x(), parent.width() - wide))
        place.setY(min(place.y(), parent.height() - high))
        self.move(place)
        self.setAccessibleName(f"{card.name}. {target.words}")
        self.raise_()
        self.show()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw a dashed frame where it may be put, hatch where it may not."""
        theme, allowed = self._theme, self._target.act is not None
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setBrush(theme.color("surface"))
        painter.setPen(
            QPen(
                theme.color("focus" if allowed else "border_control"),
                2,
                Qt.PenStyle.DashLine if allowed else Qt.PenStyle.SolidLine,
            )
        )
        painter.drawRoundedRect(box, theme.radius("control"), theme.radius("control"))
        if not allowed:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.hatch("border_control", self.devicePixelRatioF()))
            painter.drawRoundedRect(box, theme.radius("control"), theme.radius("control"))
        inside = box.adjusted(_PAD, _PAD - 1, -_PAD, 0)
        first = QRectF(inside.left(), inside.top(), inside.width(), theme.line_height("strong"))
        draw_text(painter, first, self._name, theme.face("strong"), theme.color("text"))
        second = QRectF(inside.left(), first.bottom(), inside.width(), theme.line_height("small"))
        ink = theme.color("text" if allowed else "text_2")
        draw_text(painter, second, self._target.words, theme.face("small"), ink)
        painter.end()
