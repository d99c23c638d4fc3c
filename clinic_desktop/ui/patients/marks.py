"""What a list marks beside the records themselves: the clinic's tags, the person's stars."""

from dataclasses import dataclass, field
from uuid import UUID

from clinic_desktop.services.patients.list_schemas import TagRow


@dataclass(frozen=True)
class Marks:
    """Tags by their id, and whom the person starred."""

    tags: dict[UUID, TagRow] = field(default_factory=dict)
    stars: frozenset[UUID] = frozenset()


NO_MARKS = Marks()
