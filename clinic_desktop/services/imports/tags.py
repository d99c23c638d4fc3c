"""Tags that a file names: put on new records, and added to the clinic's list."""

import re
from typing import Final
from uuid import UUID

from clinic_desktop.domain.ids import new_id
from clinic_desktop.services.context import Context
from clinic_desktop.services.patients import add_tag, tags
from clinic_desktop.services.patients.list_schemas import TagValues
from clinic_desktop.services.patients.tagging import LONGEST_NAME, MOST
from clinic_desktop.services.schemas import clean_line

_BETWEEN: Final = re.compile(r"[;,|\n]")


class TagBook:
    """The clinic's tags by name while a file is read; letters large or small are the same tag."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._ids: dict[str, UUID] = {one.name.casefold(): one.id for one in tags(ctx)}

    def told_apart(self, cell: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the tags that a cell names, and what is too long or too much to be one."""
        named = [clean_line(part) for part in _BETWEEN.split(cell)]
        found = list(dict.fromkeys(name for name in named if name))
        usable = [one for one in found if len(one) <= LONGEST_NAME][:MOST]
        return tuple(usable), tuple(one for one in found if one not in usable)

    def ids_of(self, names: tuple[str, ...]) -> list[UUID]:
        """Return the keys of tags, after adding those that are new to the clinic's list."""
        found: list[UUID] = []
        for name in names:
            tag = self._ids.get(name.casefold())
            if tag is None:
                tag = self._ids[name.casefold()] = new_id()
                add_tag(self._ctx, tag, TagValues(name=name))
            if tag not in found:
                found.append(tag)
        return found
