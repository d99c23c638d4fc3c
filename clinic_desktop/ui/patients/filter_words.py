"""A filter of the list in words, for its button and its menu."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from clinic_desktop.domain.dates import format_date
from clinic_desktop.i18n import _
from clinic_desktop.services.patients.filtering import WORDS
from clinic_desktop.services.patients.list_schemas import ListFilter

_LEAP = 2024


def filter_words(
    chosen: ListFilter, *, tags: Mapping[UUID, str], providers: Mapping[UUID, str], locale: str
) -> list[str]:
    """Return what a filter asks for beside the status, one word or more for each condition."""
    words = []
    if chosen.tag is not None:
        words.append(_("Tag {name}").format(name=tags.get(chosen.tag, "?")))
    if chosen.provider is not None:
        words.append(providers.get(chosen.provider, "?"))
    for name in ("next_visit", "balance"):
        value = getattr(chosen, name)
        if value:
            words.append(_(WORDS[name][value]))
    if chosen.last_visit in WORDS["last_visit"]:
        words.append(_(WORDS["last_visit"][chosen.last_visit]))
    elif chosen.last_visit:
        day = format_date(date.fromisoformat(chosen.last_visit), locale)
        words.append(_("Last visit before {day}").format(day=day))
    if chosen.birthday in WORDS["birthday"]:
        words.append(_(WORDS["birthday"][chosen.birthday]))
    elif chosen.birthday:
        first, last = (day_words(part, locale) for part in chosen.birthday.split("-"))
        words.append(_("Birthday {first} to {last}").format(first=first, last=last))
    return words


def day_words(month_day: str, locale: str) -> str:
    """Return a day of the year: 1 Mar."""
    from babel.dates import format_skeleton

    day = date(_LEAP, int(month_day[:2]), int(month_day[2:]))
    return str(format_skeleton("MMMd", day, locale=locale))
