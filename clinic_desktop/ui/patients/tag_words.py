"""The clinic's tags as they are drawn: in their colour, by name or by letter."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from clinic_desktop.services.patients.list_schemas import TagRow
from clinic_desktop.ui.widgets.painting import TagSpec

SHOWN: Final = 3
Tags = Mapping[UUID, TagRow]


def tags_of(carried: Sequence[UUID], known: Tags) -> tuple[TagRow, ...]:
    """Return the tags a patient carries that are in use, in the order of their names."""
    found = [known[tag] for tag in carried if tag in known]
    return tuple(sorted(found, key=lambda tag: tag.name.casefold()))


def whole_tag(tag: TagRow) -> TagSpec:
    """Return a tag with its name."""
    return TagSpec(tag.colour, tag.name, "tag")


def small_tags(tags: Sequence[TagRow]) -> tuple[TagSpec, ...]:
    """Return the letters of tags for a list, and how many more there are."""
    shown = tags if len(tags) <= SHOWN else tags[: SHOWN - 1]
    letters = tuple(TagSpec(tag.colour, tag.letter) for tag in shown)
    return (*letters, TagSpec("soft", f"+{len(tags) - len(shown)}")) if shown != tags else letters
