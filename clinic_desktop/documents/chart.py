"""The tooth chart on paper: the picture of a date, or of two dates, with what is charted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from clinic_desktop.documents import pdf
from clinic_desktop.documents.blocks import RECORD, draw_head, joined
from clinic_desktop.documents.fonts import MAKING
from clinic_desktop.documents.formats import Formats
from clinic_desktop.documents.glyphs import line
from clinic_desktop.documents.page import BODY, MM, SMALL, STRONG, TITLE, Image, Sheet, frame
from clinic_desktop.documents.papers import ClinicHead
from clinic_desktop.documents.pictures import printed
from clinic_desktop.documents.text import wrap
from clinic_desktop.i18n import _

_WHERE: Final = 26 * MM
_WHEN: Final = 26 * MM
_STATUS: Final = 34 * MM
_KEEP: Final = 16 * MM
# Two pictures stand on one page with their captions; one may be larger.
_ONE_HIGH: Final = 112 * MM
_OF_TWO_HIGH: Final = 66 * MM


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartPicture:
    """A drawn chart as PNG with the words over it."""

    caption: str
    png: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartEntry:
    """One line of the list: where, what, in which status, since when."""

    where: str
    what: str
    status: str
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartSection:
    """A part of the list under its title."""

    title: str
    entries: tuple[ChartEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartPaper:
    """What stands on the paper; ``legend`` is the picture of the patterns and letters."""

    head: ClinicHead
    title: str
    patient: str
    number: str
    facts: str
    note: str
    pictures: tuple[ChartPicture, ...]
    legend: bytes
    sections: tuple[ChartSection, ...]
    made_at: datetime


def render_chart(paper: ChartPaper) -> bytes:
    """Return the PDF of a chart, lying, in the language in force.

    Raises SetupError where the fonts are missing and InvalidError where a picture cannot be read.
    """
    with MAKING:
        return _drawn(paper)


def _drawn(paper: ChartPaper) -> bytes:
    inside = frame(paper.head.paper, landscape=True)
    made = _("As of {moment}").format(moment=Formats(paper.head).date_and_time(paper.made_at))
    foot = joined([_("Contains patient data"), paper.head.name, paper.patient, made])
    sheet = Sheet(inside, foot=foot, on_turn=lambda: None)
    title, number = line(paper.title, TITLE), line(paper.number, RECORD)
    end = draw_head(sheet, paper.head, to=inside.right - title.width - 6 * MM)
    right = sheet.write([title, number], y=inside.top, right=inside.right)
    sheet.y = max(end, right) + 2 * MM
    sheet.rule(width=1, color="rule")
    sheet.y = sheet.write(
        sheet.fit(joined([paper.patient, paper.facts]), STRONG, inside.measure, most=2),
        y=sheet.y + 2 * MM,
    )
    if paper.note:
        sheet.flow(wrap(paper.note, SMALL, inside.measure))
    for picture in paper.pictures:
        _draw_picture(sheet, picture, _ONE_HIGH if len(paper.pictures) == 1 else _OF_TWO_HIGH)
    _place(sheet, paper.legend, 8 * MM)
    for section in paper.sections:
        _draw_section(sheet, section)
    sheet.finish()
    return pdf.make(
        sheet.pages,
        (sheet.frame.width, sheet.frame.height),
        title=f"{paper.title} {paper.number}",
        author=paper.head.name,
        made=paper.made_at,
    )


def _draw_picture(sheet: Sheet, picture: ChartPicture, high: float) -> None:
    sheet.need(high + BODY.leading + 2 * MM)
    sheet.y = sheet.put(picture.caption, STRONG, y=sheet.y + 1.5 * MM)
    _place(sheet, picture.png, high)


def _place(sheet: Sheet, png: bytes, high: float) -> None:
    """Put a picture into the middle of the page's width."""
    made = printed(png, sheet.frame.measure, high)
    sheet.need(made.height)
    x = sheet.frame.left + (sheet.frame.measure - made.width) / 2
    sheet.add(Image(x, sheet.y, made.width, made.height, made))
    sheet.y += made.height + 1 * MM


def _draw_section(sheet: Sheet, section: ChartSection) -> None:
    inside = sheet.frame
    sheet.need(_KEEP)
    sheet.y = sheet.put(section.title, STRONG, y=sheet.y + 3 * MM) + 0.5 * MM
    sheet.rule(color="rule")
    sheet.y += 1 * MM
    what = inside.measure - _WHERE - _STATUS - _WHEN
    for entry in section.entries:
        lines = wrap(entry.what, BODY, what - 3 * MM)
        sheet.need(BODY.leading * max(1, len(lines)))
        top = sheet.y
        sheet.write(wrap(entry.where, BODY, _WHERE - 2 * MM)[:1], x=inside.left, y=top)
        end = sheet.write(lines, x=inside.left + _WHERE, y=top)
        sheet.write(
            wrap(entry.status, SMALL, _STATUS)[:1], x=inside.left + _WHERE + what, y=top + 1
        )
        sheet.write(
            wrap(entry.when, SMALL, _WHEN)[:1], x=inside.left + _WHERE + what + _STATUS, y=top + 1
        )
        sheet.y = max(end, top + BODY.leading)
