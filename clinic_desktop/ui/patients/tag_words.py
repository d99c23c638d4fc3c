"""The clinic's tags as they are drawn: in their colour, by name or by letter."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from clinic_desktop.services.patients.list_schemas import TagRow
from clinic_desktop.ui.widgets.painting import TagSpec

Tags = Mapping[UUID, TagRow]


def tags_of(carried: Sequence[UUID], known: Tags) -> tuple[TagRow, ...]:
    """Return the tags a patient carries that are in use, in the order of their names."""
    found = [known[tag] for tag in carried if tag in known]
    return tuple(sorted(found, key=lambda tag: tag.name.casefold()))


def whole_tag(tag: TagRow) -> TagSpec:
    """Return a tag with its name."""
    return TagSpec(tag.colour, tag.name, "tag")


def small_tag(tag: TagRow) -> TagSpec:
    """Return a tag's letter, for a list."""
    return TagSpec(tag.colour, tag.letter)
