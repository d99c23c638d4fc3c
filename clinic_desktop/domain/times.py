"""Times of day as people type them."""

import re
import unicodedata
from datetime import time
from functools import cache
from typing import Final

from babel.dates import format_time as babel_format

from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _

_TIME: Final = re.compile(r"(\d{1,2})(?:[:.h ]?(\d{2}))?h?\s*(am|pm|a|p)?")
_INVISIBLE: Final = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def format_time(moment: time, locale: str | None = None) -> str:
    """Return a time of day in 24 hours, 09:30, or as the locale writes it, 9:30 AM."""
    if locale is None:
        return f"{moment.hour:02}:{moment.minute:02}"
    return _in_locale(moment.hour, moment.minute, locale)


@cache
def _in_locale(hour: int, minute: int, locale: str) -> str:
    return str(babel_format(time(hour, minute), format="short", locale=locale))


def parse_time(text: str) -> time:
    """Read a time of day: 9, 930, 9:30, 9.30, 9h30, 2:30 pm.

    Raises ``InvalidError`` with a sentence for anything that is not one time of a day.
    """
    shown = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).strip().casefold()
    shown = shown.replace(".m.", "m").replace("a.m", "am").replace("p.m", "pm")
    found = _TIME.fullmatch(shown)
    if found is None:
        raise InvalidError(_("Write the time in hours and minutes, for example 09:30."))
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half and not 1 <= hour <= 12:
        raise InvalidError(_("With am or pm the hour is from 1 to 12."))
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    if hour > 23:
        raise InvalidError(_("A day has hours from 0 to 23."))
    if minute > 59:
        raise InvalidError(_("An hour has minutes from 0 to 59."))
    return time(hour, minute)
