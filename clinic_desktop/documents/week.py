"""The week on paper: days beside one another, hours below one another, names where they stand.

Every day is drawn in its own minutes from the same hour on: where the clocks change in between, its
hours say so themselves.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from clinic_desktop.documents import pdf
from clinic_desktop.documents.blocks import joined
from clinic_desktop.documents.fonts import MAKING
from clinic_desktop.documents.formats import Formats
from clinic_desktop.documents.glyphs import Line, Style, line
from clinic_desktop.documents.order import isolate
from clinic_desktop.documents.page import BODY, MM, SMALL, STRONG, TITLE, Box, Rule, Sheet, frame
from clinic_desktop.documents.papers import WeekColumn, WeekDay, WeekPaper, WeekVisit
from clinic_desktop.documents.text import wrap
from clinic_desktop.domain.schedule import Span, side_by_side
from clinic_desktop.i18n import _, ngettext

_HOUR: Final = Style(size=8, color="ink_2", figures="table")
_OWN_HOUR: Final = Style(size=6.5, color="ink_2", figures="table")
_WHO: Final = Style(size=8, weight="semibold")
_NAME: Final = Style(size=8, weight="semibold", figures="table")
_WORDS: Final = Style(size=7.5)
_QUIET: Final = Style(size=7.5, color="ink_2", figures="table")
_AXIS: Final = 11 * MM
_GAP: Final = 2.5 * MM
_OWN_AXIS: Final = 8 * MM
_LEAST: Final = 21 * MM
"""Below this width a column says too little: fewer days stand on a page."""
_AIR: Final = 1.5
_ELLIPSIS: Final = "…"


class _Place(NamedTuple):
    """Where a column stands: from x, so wide, of which day."""

    day: WeekDay
    column: WeekColumn
    x: float
    width: float


def render_week(paper: WeekPaper) -> bytes:
    """Return the PDF of a week, lying, as many days on a page as can be read.

    The texts are in the language in force. Raises SetupError where the fonts are missing.
    """
    with MAKING:
        return _Week(paper).pdf()


class _Week:
    """One week being drawn."""

    def __init__(self, paper: WeekPaper) -> None:
        self._paper = paper
        self._formats = Formats(paper.head)
        made = _("As of {moment}").format(moment=self._formats.date_and_time(paper.made_at))
        foot = joined([_("Contains patient data"), paper.head.name, made])
        self._sheet = Sheet(frame(paper.head.paper, landscape=True), foot=foot, on_turn=self._head)
        self._cut = False
        self._left_out: list[tuple[WeekDay, str, WeekVisit]] = []

    def pdf(self) -> bytes:
        """Draw the days and return the file."""
        sheet = self._sheet
        self._head()
        for number, days in enumerate(self._pages()):
            if number:
                sheet.turn()
            self._draw_days(days)
        if not self._paper.days:
            sheet.y = sheet.put(_("Nobody works in this week, and nothing is booked."), BODY)
        self._tell_left_out()
        sheet.finish()
        return pdf.make(
            sheet.pages,
            (sheet.frame.width, sheet.frame.height),
            title=f"{_('Week overview')} {self._paper.first.isoformat()}",
            author=self._paper.head.name,
            made=self._paper.made_at,
        )

    def _head(self) -> None:
        sheet, paper, formats = self._sheet, self._paper, self._formats
        title = line(formats.days(paper.first, paper.last), TITLE)
        whose = paper.whose or _("All providers")
        beside = sheet.fit(
            whose, STRONG, sheet.frame.measure - title.width - 8 * MM, most=2, repeated=True
        )
        sheet.write(beside, y=sheet.frame.top + 6, right=sheet.frame.right)
        sheet.y = sheet.write([title]) + 2 * MM

    def _pages(self) -> list[list[WeekDay]]:
        """Return the days that stand on each page."""
        room = self._sheet.frame.measure - _AXIS
        pages: list[list[WeekDay]] = []
        widest = 0
        most = int(room // _LEAST)
        for day in (part for whole in self._paper.days for part in _parts(whole, most)):
            columns = max(1, len(day.columns))
            page = pages[-1] if pages else None
            wider = max(widest, columns)
            if page is not None and (len(page) + 1) * wider * _LEAST <= room:
                page.append(day)
                widest = wider
            else:
                pages.append([day])
                widest = columns
        return pages

    # -- the grid ---------------------------------------------------------------------------

    def _draw_days(self, days: Sequence[WeekDay]) -> None:
        sheet = self._sheet
        left = sheet.frame.left + _AXIS
        share = (sheet.frame.right - left) / len(days)
        places: list[_Place] = []
        for number, day in enumerate(days):
            x, width = left + number * share, share - _GAP
            columns = day.columns or (WeekColumn(title="", visits=()),)
            each = width / len(columns)
            places += [
                _Place(day, column, x + n * each, each - (1 if len(columns) > 1 else 0))
                for n, column in enumerate(columns)
            ]
        top = self._day_heads(days, places, left, share)
        minutes = max(self._minutes(day) for day in days)
        per_minute = (sheet.frame.bottom - 6 - top) / max(60, minutes)
        self._draw_grid(days, places, top, per_minute)
        sheet.y = sheet.frame.bottom
        if self._cut:
            sheet.put(
                _("What ends in … is written in full on the day sheet."),
                SMALL,
                y=sheet.frame.bottom - 5,
            )
            self._cut = False

    def _day_heads(
        self, days: Sequence[WeekDay], places: Sequence[_Place], left: float, share: float
    ) -> float:
        """Write the days and, where there are several, whose columns they are; return the end."""
        sheet = self._sheet
        ends = []
        for number, day in enumerate(days):
            x = left + number * share
            name = self._formats.short_weekday(day.day)
            y = sheet.write(self._fit(name, STRONG, share - _GAP, most=1), x=x)
            if day.note:
                y = sheet.write(self._fit(day.note, SMALL, share - _GAP, most=1), x=x, y=y)
            ends.append(y)
        top = max(ends)
        if any(len(day.columns) > 1 for day in days):
            top = max(
                sheet.write(
                    self._fit(one.column.title, _WHO, one.width - 1, most=1), x=one.x, y=top
                )
                for one in places
            )
        return top + 2

    def _minutes(self, day: WeekDay) -> int:
        """Return how long the drawn part of a day is."""
        return self._last(day) - self._first(day)

    def _first(self, day: WeekDay) -> int:
        return _minute_of(day, self._paper.first_hour)

    def _last(self, day: WeekDay) -> int:
        return _minute_of(day, self._paper.last_hour)

    def _draw_grid(
        self, days: Sequence[WeekDay], places: Sequence[_Place], top: float, per_minute: float
    ) -> None:
        """Draw hours and columns: the hours of most days at the left, others in their own day."""
        sheet = self._sheet
        usual = self._marks(max(days, key=lambda day: sum(
            self._marks(day) == self._marks(other) for other in days
        )))  # fmt: skip
        for minute, words in usual:
            sheet.put(words, _HOUR, x=sheet.frame.left, y=top + minute * per_minute - 5)
        for place in places:
            marks = self._marks(place.day)
            own = marks != usual and place.column is place.day.columns[0]
            for minute, words in marks:
                y = top + minute * per_minute
                if own:
                    sheet.put(words, _OWN_HOUR, y=y - 1, right=place.x + place.width)
                if not self._is_taken(place, minute):
                    sheet.rule(y=y, x=place.x, to=place.x + place.width)
            end = top + self._minutes(place.day) * per_minute
            sheet.rule(y=end, x=place.x, to=place.x + place.width)
            self._draw_working(place, top, per_minute)
            room = place._replace(width=place.width - _OWN_AXIS) if own else place
            self._draw_column(room, top, per_minute)

    def _is_taken(self, place: _Place, minute: int) -> bool:
        """Return whether something stands across a minute: a line would run through its words."""
        at = minute + self._first(place.day)
        return any(one.start < at < one.end for one in place.column.visits)

    def _marks(self, day: WeekDay) -> list[tuple[int, str]]:
        first, last = self._first(day), self._last(day)
        return [(at - first, words) for at, words in day.hours if first <= at < last]

    def _draw_working(self, place: _Place, top: float, per_minute: float) -> None:
        """Draw a strong line beside the time that is worked."""
        first, last = self._first(place.day), self._last(place.day)
        for span in place.column.working:
            start, end = max(span[0], first), min(span[1], last)
            if end > start:
                y1, y2 = (top + (at - first) * per_minute for at in (start, end))
                self._sheet.add(Rule(place.x, y1, place.x, y2, 1.2, "rule"))

    # -- visits -----------------------------------------------------------------------------

    def _draw_column(self, place: _Place, top: float, per_minute: float) -> None:
        first, last = self._first(place.day), self._last(place.day)
        visits = [one for one in place.column.visits if one.end > first and one.start < last]
        lanes = side_by_side([Span(one.start, one.end) for one in visits])
        for visit, lane in zip(visits, lanes, strict=True):
            width = (place.width - 2) / lane.lanes
            x = place.x + 2 + lane.lane * width
            y1 = top + (max(visit.start, first) - first) * per_minute
            y2 = top + (min(visit.end, last) - first) * per_minute
            if not self._draw_visit(visit, x, y1 + 0.5, width - 1, y2 - y1 - 1):
                self._left_out.append((place.day, place.column.title, visit))

    def _draw_visit(
        self, visit: WeekVisit, x: float, y: float, width: float, height: float
    ) -> bool:
        """Draw a visit; return whether its words had room."""
        self._frame(visit, x, y, width, height)
        style = _NAME if visit.name else _QUIET
        lines = int((height - 1) // style.leading) or int(height + 3 >= style.leading)
        if not lines or width < 6 * MM:
            return False
        begins = _("{time} again").format(time=visit.begins) if visit.again else visit.begins
        # The time stays before the name, in whichever direction that is read.
        words = f"{isolate(begins)} {isolate(visit.name or visit.service)}"
        rows = self._fit(words, style, width - 2 * _AIR, most=min(lines, 3))
        used = sum(each.leading for each in rows)
        more = int((height - 1 - used) // _WORDS.leading)
        if visit.name and visit.service and more > 0:
            rows += self._fit(visit.service, _WORDS, width - 2 * _AIR, most=min(more, 3))
        # What is short stands in the middle of its box, what is long begins at its top.
        down = (height - used) / 2 if lines == 1 else 0.5
        self._sheet.write(rows, x=x + _AIR, y=y + down)
        return True

    def _frame(self, visit: WeekVisit, x: float, y: float, width: float, height: float) -> None:
        """Draw the box of a visit; a break has a dashed line at its beginning and its end."""
        if visit.name:
            self._sheet.add(Box(x, y, width, height, 0.75, "rule"))
            return
        for at in (y, y + height):
            self._sheet.add(Rule(x, at, x + width, at, 0.5, "ink_2", 2.0))

    def _fit(self, text: str, style: Style, width: float, *, most: int) -> list[Line]:
        """Return a text in so many lines; one that is cut ends with a sign that says so."""
        lines = wrap(text, style, width)
        if len(lines) <= most:
            return lines
        self._cut = True
        kept = lines[: most - 1]
        mark = line(_ELLIPSIS, style)
        return [*kept, _shortened(text, lines[: most - 1], style, width - mark.width)]

    def _tell_left_out(self) -> None:
        """Name those whose words had no room where they stand."""
        if not self._left_out:
            return
        sheet, count = self._sheet, len(self._left_out)
        sheet.turn()
        head = ngettext(
            "{count} visit has no room for its words where it stands:",
            "{count} visits have no room for their words where they stand:",
            count,
        )
        sheet.y = sheet.put(head.format(count=count), STRONG) + 2
        for day, who, visit in sorted(self._left_out, key=lambda one: (one[0].day, one[2].start)):
            when = f"{self._formats.weekday(day.day)}, {visit.begins}"
            words = joined([when, who, visit.name, visit.service])
            sheet.flow(wrap(words, BODY, sheet.frame.measure))


def _shortened(text: str, before: Sequence[Line], style: Style, width: float) -> Line:
    """Return what follows these lines, as much of it as fits, with the sign that it is cut."""
    mark = line(_ELLIPSIS, style).width
    rest = text[_taken(text, before, style, width + mark) :].lstrip()
    fits = _most(min(len(rest), 400), lambda n: line(rest[:n].rstrip(), style).width <= width)
    return line(f"{rest[:fits].rstrip()}{_ELLIPSIS}", style)


def _taken(text: str, before: Sequence[Line], style: Style, width: float) -> int:
    """Return how much of a text stands in its first lines."""
    if not before:
        return 0
    at = _most(len(text), lambda n: len(wrap(text[:n], style, width)) <= len(before))
    # The beginning of a word may still fit where the whole word did not.
    while at and wrap(text[:at], style, width)[-1].width > before[-1].width + 0.01:
        at -= 1
    return at


def _most(count: int, fits: Callable[[int], bool]) -> int:
    """Return the greatest number up to ``count`` that fits."""
    low, high = 0, count
    while low < high:
        middle = (low + high + 1) // 2
        if fits(middle):
            low = middle
        else:
            high = middle - 1
    return low


def _parts(day: WeekDay, most: int) -> Iterator[WeekDay]:
    """Yield a day with at most so many columns at a time."""
    yield from (
        replace(day, columns=day.columns[start : start + most])
        for start in range(0, max(1, len(day.columns)), most)
    )


def _minute_of(day: WeekDay, hour: int) -> int:
    """Return the minute at which the clocks of a day first show an hour, or pass it."""
    at_or_after = [at for at, words in day.hours if int(words.split(":")[0]) >= hour]
    if hour <= 0:
        return 0
    return at_or_after[0] if at_or_after else _length(day)


def _length(day: WeekDay) -> int:
    return day.hours[-1][0] + 60 if day.hours else 1440
