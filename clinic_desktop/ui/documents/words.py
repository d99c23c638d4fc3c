"""Attachments in words: kinds, teeth, dates, sizes."""

from datetime import date
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.money import format_number
from clinic_desktop.domain.teeth.numbering import Notation, read_tooth, written
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import N_, _

if TYPE_CHECKING:
    from clinic_desktop.services.context import Who
    from clinic_desktop.services.documents.schemas import AttachmentRow

KINDS: Final[dict[str, str]] = {
    "intraoral": N_("Intraoral X-ray"),
    "panoramic": N_("Panoramic X-ray"),
    "cephalometric": N_("Cephalometric X-ray"),
    "volume": N_("Volume"),
    "photo": N_("Photograph"),
    "scan": N_("Scan"),
    "letter": N_("Letter"),
    "consent": N_("Consent"),
    "report": N_("Report"),
    "other": N_("Other"),
}
_MEGABYTE: Final = 1_048_576


def kind_words(kind: str) -> str:
    """Return a kind in words."""
    return _(KINDS[kind])


def teeth_words(teeth: tuple[int, ...], notation: str = Notation.FDI) -> str:
    """Return teeth as the clinic writes them: 16, 17."""
    return ", ".join(written(tooth, notation) for tooth in teeth)


def read_teeth(text: str, notation: str) -> tuple[int, ...]:
    """Return teeth typed with commas or blanks between them; raises InvalidError (``teeth``)."""
    found: list[int] = []
    for word in text.replace(",", " ").replace(";", " ").split():
        tooth = read_tooth(word, notation)
        if tooth is None:
            sentence = _("“{word}” is no tooth. Write for example 16, 17.")
            raise InvalidError(sentence.format(word=word), field="teeth")
        if tooth not in found:
            found.append(tooth)
    return tuple(found)


def taken(row: "AttachmentRow", who: "Who") -> str:
    """Return the day on which it was taken, or that on which it was added, said as such."""
    if row.taken_on is not None:
        return format_date(row.taken_on, who.locale)
    added = format_date(row.created_at.astimezone(ZoneInfo(who.zone)).date(), who.locale)
    return _("added {day}").format(day=added)


def where_and_when(row: "AttachmentRow", who: "Who") -> str:
    """Return teeth and day."""
    teeth = teeth_words(row.teeth, who.notation)
    return f"{teeth} · {taken(row, who)}" if teeth else taken(row, who)


def day_words(day: date | None, locale: str) -> str:
    """Return a day, or nothing."""
    return "" if day is None else format_date(day, locale)


def size_words(size: int, locale: str) -> str:
    """Return the size of a file: 312 KB, 12 MB."""
    if size < _MEGABYTE:
        return _("{count} KB").format(count=format_number(max(1, size // 1024), locale))
    return _("{count} MB").format(count=format_number(round(size / _MEGABYTE), locale))
