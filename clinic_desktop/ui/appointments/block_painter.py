"""Paints one appointment: frame, fill, icon and words by its status, more lines as it is taller."""

import math
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen

from clinic_desktop.domain.assist import read_assist
from clinic_desktop.domain.visit_status import word
from clinic_desktop.i18n import _, language
from clinic_desktop.services.appointments.doubles import meet
from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.ui.appointments.words import also_words, begin_words, moment_words
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.painting import draw_icon, draw_text

BAND: Final = 5
ICON: Final = 14
# Under this height a block says everything on one line.
ONE_LINE: Final = 40
TWO_LINES: Final = 58
# From here on there is room for the time that it stands for; before, its picture says so.
FOUR_LINES: Final = 76
LARGEST: Final = 1_000_000  # square pixels
# Less room than for a letter and an ellipsis is left empty.
_A_LETTER: Final = 20
_SOME_LETTERS: Final = 30


@dataclass(frozen=True, slots=True)
class Look:
    """How a status is drawn; never by colour alone."""

    icon: str
    fill: str
    line: str
    text: str
    dashed: bool = False
    hatched: bool = False
    struck: bool = False


LOOKS: Final = {
    "pending": Look("circle-dashed", "surface", "border_control", "text", dashed=True),
    "confirmed": Look("circle-check", "surface", "border_control", "text"),
    "arrived": Look("door-open", "warning_soft", "warning_line", "on_warning_soft"),
    "in_chair": Look("armchair", "accent", "accent", "on_accent"),
    "done": Look("check-check", "sunken", "border_strong", "text_2"),
    "missed": Look(
        "user-x", "danger_soft", "danger_line", "on_danger_soft", hatched=True, struck=True
    ),
    "cancelled": Look("calendar-x", "surface", "border_strong", "text_3", dashed=True, struck=True),
    "rescheduled": Look("corner-up-right", "surface", "border_strong", "text_3", dashed=True),
}


Others = tuple[AppointmentRow, ...]


def spoken_visit(visit: AppointmentRow, locale: str, also: Others = ()) -> str:
    """Return an appointment in words: when, who, what, with whom, where it stands.

    ``also`` is what else the patient has that day.
    """
    parts = [
        _("{time}, {minutes} min").format(time=begin_words(visit, locale), minutes=visit.minutes),
        visit.patient,
        visit.service,
        visit.provider,
        word(visit.status),
        _("alert") if visit.alert else "",
        also_words(visit, also, locale),
        _("squeezed in") if visit.squeeze_reason else "",
        _("of a series") if visit.series_id is not None else "",
        place_words(visit, locale),
    ]
    return ", ".join(part for part in parts if part)


def also_icons(visit: AppointmentRow, also: Others) -> list[str]:
    """Return the icon of what else the patient has that day; none where that is nothing."""
    if not also:
        return []
    return ["copy" if any(meet(visit, other) for other in also) else "calendar-clock"]


def marks_of(visit: AppointmentRow, also: Others = ()) -> list[str]:
    """Return the icons beside that of the status, from the right, the gravest first."""
    return [
        *also_icons(visit, also),
        *(["repeat"] if visit.series_id is not None else []),
        *(["corner-up-right"] if visit.moved_from is not None else []),
        *(["zap"] if visit.squeeze_reason else []),
    ]


def place_words(visit: AppointmentRow, locale: str) -> str:
    """Return when the one was that it stands for, or is that stands for it; mostly nothing."""
    if visit.moved_to is not None:
        return _("now on {moment}").format(moment=moment_words(visit.moved_to, locale))
    if visit.moved_from is not None:
        return _("instead of {moment}").format(moment=moment_words(visit.moved_from, locale))
    return ""


class BlockPainter:
    """Draws blocks in one theme; times as the locale writes them."""

    def __init__(self, theme: Theme, locale: str) -> None:
        self._theme, self._locale = theme, locale

    def draw(
        self,
        painter: QPainter,
        rect: QRectF,
        visit: AppointmentRow,
        *,
        selected: bool,
        also: Others = (),
    ) -> None:
        """Draw an appointment into its rectangle, as a picture that is kept while it looks so."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width, height = rect.width(), rect.height()
        # Larger than any screen shows; nothing to keep in one without area.
        if not 0 < width * height < LARGEST:
            self._draw(painter, rect, visit, also, selected=selected)
            return
        # Of two equal hours the second is told by the instant; an instant itself is slow to hash.
        start = visit.starts_at
        key = (
            "visit", visit.status, visit.patient, visit.service, visit.alert, visit.colour,
            start.hour, start.minute, visit.local_start, visit.minutes, visit.assist,
            visit.series_id is not None, visit.moved_from, visit.moved_to,
            bool(visit.squeeze_reason), selected, width, height, self._locale, language(),
            tuple((one.starts_at, one.minutes, one.provider) for one in also) if also else (),
        )  # fmt: skip
        size = QSize(math.ceil(width), math.ceil(height))
        dpr = painter.device().devicePixelRatioF()
        picture = self._theme.kept(
            key,
            size,
            dpr,
            lambda inner: self._draw(
                inner, QRectF(0, 0, width, height), visit, also, selected=selected
            ),
        )
        painter.drawPixmap(rect.topLeft(), picture)

    def _draw(
        self,
        painter: QPainter,
        rect: QRectF,
        visit: AppointmentRow,
        also: Others = (),
        *,
        selected: bool,
    ) -> None:
        theme, look = self._theme, LOOKS[visit.status]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = rect.adjusted(0.5, 0.5, -0.5, -0.5)
        radius = theme.radius("control")
        style = Qt.PenStyle.DashLine if look.dashed else Qt.PenStyle.SolidLine
        painter.setPen(QPen(theme.color(look.line), 1, style))
        painter.setBrush(theme.color(look.fill))
        painter.drawRoundedRect(box, radius, radius)
        if look.hatched:
            painter.setBrush(theme.hatch("danger_line"))
            painter.drawRoundedRect(box, radius, radius)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if selected:
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), radius, radius)
        # A plain rectangle inside the frame: rounded ones cost a third of the frame of a full day.
        band = QRectF(box.left() + 1, box.top() + 2, BAND, box.height() - 4)
        painter.fillRect(band, theme.color(visit.colour))
        self._assisted(painter, band, visit)
        self._words(painter, rect, visit, look, also)

    def _assisted(self, painter: QPainter, band: QRectF, visit: AppointmentRow) -> None:
        """Hatch the band where only the assistant is needed."""
        for span in read_assist(visit.assist):
            top = band.top() + band.height() * span.start / visit.minutes
            part = QRectF(band.left(), top, BAND, band.height() * span.length / visit.minutes)
            part = part.intersected(band)
            painter.fillRect(part, self._theme.color("surface"))
            painter.setBrushOrigin(part.topLeft())
            painter.fillRect(part, self._theme.pattern("hatch-45", visit.colour))

    def _words(
        self, painter: QPainter, rect: QRectF, visit: AppointmentRow, look: Look, also: Others
    ) -> None:
        theme = self._theme
        ink = theme.color(look.text)
        left, width = rect.left() + BAND + 6, rect.width() - BAND - 12
        line = theme.line_height("small") + 1
        top = rect.top() + (3 if rect.height() >= line + 6 else (rect.height() - line) / 2)
        room = width
        # The alert first, then the status, then the rest: none over another in a narrow block.
        if visit.alert:
            icon = "octagon-alert" if visit.alert == "stop" else "circle-alert"
            draw_icon(painter, QPointF(left, top + 1), icon, look.text, theme, ICON)
            left, room = left + ICON + 3, room - ICON - 3
        icon_at = QPointF(rect.right() - 3, rect.top() + min(4, (rect.height() - ICON) / 2))
        for icon in (look.icon, *marks_of(visit, also)):
            if room < ICON or (icon is not look.icon and room < ICON + _SOME_LETTERS):
                break
            icon_at -= QPointF(ICON + 3, 0)
            draw_icon(painter, icon_at, icon, look.text, theme, ICON)
            room -= ICON + 3
        name = theme.face("small", weight=600)
        first = QRectF(left, top, room if room >= _A_LETTER else 0, line)
        taken = 0.0
        if first.width():
            taken = draw_text(painter, first, visit.patient, name, ink, strike=look.struck)
        if rect.height() < ONE_LINE:
            # Beside the name, not in one run with it: each keeps its own direction.
            first.setLeft(first.left() + taken)
            if visit.service and first.width() > _SOME_LETTERS:
                draw_text(painter, first, f" · {visit.service}", theme.face("small"), ink)
            return
        rest = [visit.service]
        if rect.height() >= TWO_LINES:
            at = begin_words(visit, self._locale)
            rest.append(_("{time}, {minutes} min").format(time=at, minutes=visit.minutes))
        if rect.height() >= FOUR_LINES:
            more = (also_words(visit, also, self._locale), place_words(visit, self._locale))
            rest += [one for one in more if one][: int((rect.height() - TWO_LINES) // line)]
        small = theme.face("small", tabular=True)
        below = rect.left() + BAND + 6
        for number, words in enumerate(text for text in rest if text):
            place = QRectF(below, top + (number + 1) * line, width, line)
            draw_text(painter, place, words, small, ink)
