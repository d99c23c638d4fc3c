"""Free times: what is looked for, and what is found."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Annotated
from uuid import UUID

from pydantic import Field

from clinic_desktop.services.appointments.schemas import LONGEST_MINUTES
from clinic_desktop.services.schemas import Input, Line


class NextVisit(Input):
    """A visit that follows another: so many days after it, or up to ``within_days`` later."""

    minutes: Annotated[int, Field(ge=5, le=LONGEST_MINUTES)]
    assist: Annotated[Line, Field(max_length=200)] = ""
    after_days: Annotated[int, Field(ge=0, le=366)]
    within_days: Annotated[int, Field(ge=0, le=90)] = 14
    same_provider: bool = True


class SlotSearch(Input):
    """What is looked for: so many minutes, with one provider or any, from a day on.

    ``not_before`` and ``not_after`` bound the local time of the start, ``weekdays`` count from
    Monday = 0, none is any. ``skip`` leaves out so many of the first answers, which were shown.
    """

    minutes: Annotated[int, Field(ge=5, le=LONGEST_MINUTES)]
    assist: Annotated[Line, Field(max_length=200)] = ""
    provider_id: UUID | None = None
    skills: frozenset[str] = frozenset()
    """What the provider must be able to do."""
    equipment: frozenset[str] = frozenset()
    """What must stand at the chair."""
    first_day: date
    days: Annotated[int, Field(ge=1, le=366)] = 56
    weekdays: frozenset[Annotated[int, Field(ge=0, le=6)]] = frozenset()
    not_before: time | None = None
    not_after: time | None = None
    then: Annotated[tuple[NextVisit, ...], Field(max_length=6)] = ()
    apart: bool = False
    """Whether the times of one provider are not to overlap each other."""
    skip: Annotated[int, Field(ge=0, le=1000)] = 0
    limit: Annotated[int, Field(ge=1, le=100)] = 9


@dataclass(frozen=True, slots=True)
class FreeSlot:
    """A time that is free for a provider and a chair."""

    provider_id: UUID
    provider: str
    chair_id: UUID | None
    chair: str
    starts_at: datetime
    local_start: datetime
    second_hour: bool
    minutes: int
    free_minutes: int
    """How long the time stays free from its start."""
    then: "tuple[FreeSlot, ...]" = ()
    """The visits that follow, where some were asked for."""

    def followed_by(self, rest: "tuple[FreeSlot, ...]") -> "FreeSlot":
        """Return the same time with the visits that follow."""
        return replace(self, then=rest)


@dataclass(frozen=True, slots=True)
class Needs:
    """What treatments done in one visit ask for together."""

    minutes: int
    assist: str
    skills: frozenset[str]
    equipment: frozenset[str]
