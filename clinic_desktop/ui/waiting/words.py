"""Reasons, bars and wishes of the waiting list in words."""

from typing import Final

from babel.dates import get_day_names

from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.times import format_time
from clinic_desktop.domain.waiting import BARS, REASONS, Note
from clinic_desktop.i18n import N_, _, language, ngettext
from clinic_desktop.services.waiting.schemas import Candidate, RequestRow
from clinic_desktop.ui.widgets.painting import TagSpec

ANSWERS: Final = {
    "accepted": N_("Accepted"),
    "declined": N_("Declined"),
    "no_answer": N_("No answer"),
    "message_left": N_("Message left"),
}
_TONES: Final = {"urgent": "danger", "overdue": "warning", "tried": "warning"}


def note_words(note: Note, words: str, locale: str) -> str:
    """Return a reason or bar with its figure or day in it."""
    day = format_date(note.day, locale) if note.day is not None else ""
    return _(words).format(count=note.count, day=day)


def reason_tags(candidate: Candidate, locale: str) -> tuple[TagSpec, ...]:
    """Return why somebody is to be called, or the one thing that stands against it."""
    judgement = candidate.judgement
    if judgement.bar is not None:
        words = note_words(judgement.bar, BARS[judgement.bar.key], locale)
        return (TagSpec("dashed", words, "ban"),)
    return tuple(
        TagSpec(_TONES.get(note.key, "soft"), note_words(note, REASONS[note.key], locale))
        for note in judgement.reasons
    )


def when_words(row: RequestRow, locale: str) -> str:
    """Return when somebody can come: ``Mon, Thu · before 12:00 · from 3 Dec``."""
    names = get_day_names("abbreviated", locale=language())
    parts = [", ".join(str(names[day]).strip(".") for day in row.weekdays)]
    if row.not_before is not None:
        parts.append(_("from {time}").format(time=format_time(row.not_before, locale)))
    if row.not_after is not None:
        parts.append(_("until {time}").format(time=format_time(row.not_after, locale)))
    if row.first_day is not None:
        parts.append(_("not before {day}").format(day=format_date(row.first_day, locale)))
    if row.last_day is not None:
        parts.append(_("not after {day}").format(day=format_date(row.last_day, locale)))
    said = " · ".join(part for part in parts if part)
    return said or _("any time")


def offers_words(row: RequestRow) -> str:
    """Return what was offered so far and what the last answer was."""
    if row.last_answer is None:
        return _("Not asked yet")
    count = ngettext("{count} offer", "{count} offers", row.offers).format(count=row.offers)
    return f"{_(ANSWERS[row.last_answer])} · {count}"
