"""Minutes of an appointment in which an assistant alone works: the provider is free meanwhile."""

import re
from collections.abc import Iterable
from typing import Final

from clinic_desktop.domain.schedule import Span, merge, subtract
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _

_PART: Final = re.compile(r"(\d{1,4})\s*[-–—]\s*(\d{1,4})")


def read_assist(text: str) -> tuple[Span, ...]:
    """Return spans of minutes from the start: ``0-10, 50-60``; an empty text has none.

    Raises InvalidError for what is no span of minutes.
    """
    found = []
    for part in re.split(r"[,;\n]", text):
        if not part.strip():
            continue
        parts = _PART.fullmatch(part.strip())
        if parts is None or int(parts[1]) >= int(parts[2]):
            raise InvalidError(
                _("Write minutes from the start such as 0-10, 50-60."), field="assist"
            )
        found.append(Span(int(parts[1]), int(parts[2])))
    return tuple(merge(found))


def write_assist(spans: Iterable[Span]) -> str:
    """Return spans as they are stored: ``0-10,50-60``."""
    return ",".join(f"{one.start}-{one.end}" for one in merge(spans))


def within(spans: Iterable[Span], minutes: int) -> tuple[Span, ...]:
    """Return the spans cut to an appointment of so many minutes."""
    return tuple(merge(Span(one.start, min(one.end, minutes)) for one in spans))


def one_after_another(parts: Iterable[tuple[int, str]]) -> str:
    """Return the assistant's minutes of treatments done in turn, from minutes and spans of each."""
    spans, start = list[Span](), 0
    for minutes, assist in parts:
        parts_of_one = within(read_assist(assist), minutes)
        spans += [Span(start + one.start, start + one.end) for one in parts_of_one]
        start += minutes
    return write_assist(spans)


def own_minutes(whole: Span, assist: str) -> tuple[Span, ...]:
    """Return when the provider is at the chair during an appointment that takes ``whole``."""
    if not assist:
        return (whole,) if whole.length > 0 else ()
    free = [Span(whole.start + one.start, whole.start + one.end) for one in read_assist(assist)]
    return tuple(subtract([whole], free))


def check_assist(spans: tuple[Span, ...], minutes: int) -> None:
    """Raise InvalidError unless the provider has minutes of their own."""
    if not own_minutes(Span(0, minutes), write_assist(spans)):
        raise InvalidError(
            _("The provider has no minutes of their own in this appointment."), field="assist"
        )
