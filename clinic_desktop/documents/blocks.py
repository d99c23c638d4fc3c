"""Blocks that several papers share: the clinic's head, facts beside their names, the address."""

from collections.abc import Iterable, Sequence
from typing import Final

from clinic_desktop.documents.glyphs import Style, line
from clinic_desktop.documents.order import isolate
from clinic_desktop.documents.page import (
    BODY,
    MM,
    QUIET,
    SMALL,
    Image,
    Outline,
    Rule,
    Sheet,
    tokens,
)
from clinic_desktop.documents.papers import ClinicHead
from clinic_desktop.documents.pictures import printed
from clinic_desktop.documents.text import wrap

NAME: Final = Style(size=14, weight="semibold", tracking=0.01)
RECORD: Final = Style(weight="semibold", figures="record")
RECORD_BODY: Final = Style(figures="record")
RECORD_SMALL: Final = Style(size=8, color="ink_2", figures="record")

# DIN 5008 form B: two folds for a window envelope and the mark for the punch between them.
_FOLDS_MM: Final = ((105.0, 5.0), (148.5, 3.5), (210.0, 5.0))


def joined(parts: Iterable[str]) -> str:
    """Return what there is of the parts with dots between, each keeping its own direction."""
    return " · ".join(isolate(part) for part in parts if part)


def contact_line(head: ClinicHead) -> str:
    """Return where the clinic is and how to call it."""
    return joined([", ".join(head.address), head.phone])


def legal_line(head: ClinicHead) -> str:
    """Return the foot: the clinic's own line, or what is known of it."""
    return head.legal_line or joined([head.name, head.tax_id, head.email])


def draw_head(sheet: Sheet, head: ClinicHead, *, to: float | None = None) -> float:
    """Draw logo, name and contact at the top, no farther right than ``to``; return their end."""
    inside = sheet.frame
    right = inside.right if to is None else to
    x, top, height = inside.left, inside.top, 0.0
    if head.logo:
        wide, high = (value * MM for value in tokens()["logo_box_mm"])
        picture = printed(head.logo, wide, high)
        sheet.add(Image(x, top, picture.width, picture.height, picture))
        x += picture.width + 4 * MM
        height = picture.height
    names = sheet.fit(head.name, NAME, right - x, most=2)
    contact = sheet.fit(contact_line(head), SMALL, right - x, most=3)
    tall = sum(each.leading for each in (*names, *contact))
    # Beside a logo the words stand in its middle.
    y = sheet.write(names, x=x, y=top + max(0.0, (height - tall) / 2))
    bottom = sheet.write(contact, x=x, y=y)
    return max(bottom, top + height)


def draw_facts(
    sheet: Sheet,
    facts: Sequence[tuple[str, str, Style]],
    *,
    x: float,
    y: float,
    to: float,
    least: float = 0.0,
    most: int = 4,
) -> float:
    """Write names and values in two columns; return the end.

    ``least`` is how far the values stand from x when the names are short, ``most`` how many lines
    a value may have here.
    """
    if not facts:
        return y
    widest = max(line(name, QUIET).width for name, _, _ in facts)
    column = min(max(least, widest + 4 * MM), (to - x) * 0.5)
    for name, value, style in facts:
        names = wrap(name, QUIET, column - 2 * MM)
        values = sheet.fit(value, style, to - x - column, most=most)
        ends = sheet.write(names, x=x, y=y), sheet.write(values, x=x + column, y=y)
        y = max(*ends, y + BODY.leading)
    return y


def draw_alert(sheet: Sheet, x: float, middle: float) -> None:
    """Draw the sign of an alert, an octagon with a stroke and a point, 15 points high."""
    far, near = 7.5, 7.5 * 0.414
    corners = ((near, far), (far, near), (far, -near), (near, -far))
    points = [(x + far + across, middle + down) for across, down in corners]
    points += [(x + far - across, middle - down) for across, down in corners]
    sheet.add(Outline(tuple(points), 1, "rule"))
    sheet.add(Rule(x + far, middle - 3.8, x + far, middle + 0.8, 1.3, "rule"))
    sheet.add(Rule(x + far, middle + 2.4, x + far, middle + 3.8, 1.3, "rule"))


def draw_folds(sheet: Sheet) -> None:
    """Mark on the edge of a page where it is folded and punched."""
    for down, long in _FOLDS_MM:
        sheet.add(Rule(0, down * MM, long * MM, down * MM, 0.5, "line"))
