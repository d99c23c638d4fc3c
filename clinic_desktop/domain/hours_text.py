"""Hours of a day as people write them: 8-12, 13:00-17:30, and breaks with a word."""

import re
from dataclasses import dataclass
from datetime import time
from itertools import pairwise
from typing import Final

from clinic_desktop.domain.times import format_time, parse_time
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _

_TIME: Final = r"\d{1,2}(?:[:.h ]?\d{2})?h?(?:\s*(?:am|pm|a|p))?"
_SPAN: Final = re.compile(rf"({_TIME})\s*(?:-|–|—|−|to|a|às)\s*({_TIME})(?:\s+(.*))?", re.I | re.S)
LONGEST_LABEL: Final = 80


@dataclass(frozen=True, slots=True, order=True)
class TypedSpan:
    """From one time to another, with what it is called."""

    starts: time
    ends: time
    label: str = ""


def parse_spans(text: str, *, labels: bool = False) -> tuple[TypedSpan, ...]:
    """Read spans parted by commas; an empty text has none.

    ``labels`` allows a word behind each: ``12:00-13:00 Lunch``. Raises InvalidError for what is
    no span, ends before it starts, or overlaps another.
    """
    found = [_span(part, labels=labels) for part in re.split(r"[,;\n]", text) if part.strip()]
    found.sort(key=lambda span: span.starts)
    for one, other in pairwise(found):
        if other.starts < one.ends:
            raise InvalidError(
                _("Two spans overlap at {time}.").format(time=format_time(other.starts))
            )
    return tuple(found)


def _span(text: str, *, labels: bool) -> TypedSpan:
    found = _SPAN.fullmatch(text.strip())
    label = " ".join((found[3] or "").split()) if found else ""
    if found is None or (label and not labels):
        raise InvalidError(_("Write hours such as 08:00–12:00, 13:00–17:00."))
    if len(label) > LONGEST_LABEL:
        raise InvalidError(
            _("The name of a break has {count} letters at most.").format(count=LONGEST_LABEL)
        )
    starts, ends = parse_time(found[1]), parse_time(found[2])
    if ends < starts:
        raise InvalidError(
            _(
                "{starts}–{ends} crosses midnight. Hours belong to one day: end them by 23:59 "
                "and write the rest on the next day."
            ).format(ends=format_time(ends), starts=format_time(starts))
        )
    if ends == starts:
        raise InvalidError(
            _("{ends} is not after {starts}.").format(
                ends=format_time(ends), starts=format_time(starts)
            )
        )
    return TypedSpan(starts, ends, label)


def format_spans(spans: tuple[TypedSpan, ...]) -> str:
    """Return spans as they are written out: 08:00–12:00, 13:00–17:00."""
    return ", ".join(
        f"{format_time(one.starts)}–{format_time(one.ends)} {one.label}".strip() for one in spans
    )
