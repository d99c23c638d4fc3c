"""What every service call is given: who acts, in which clinic, in which transaction, when."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from clinic_desktop.domain.permissions import LABELS, Permission
from clinic_desktop.errors import NotAllowedError
from clinic_desktop.i18n import _
from clinic_desktop.services.schemas import Row


class Who(Row):
    """The person at the screen and the clinic they act in."""

    person_id: UUID
    login: str
    name: str
    initials: str
    job: str
    language: str
    clinic_id: UUID
    clinic_name: str
    site: str
    zone: str
    locale: str
    country: str
    currency: str
    notation: str
    paper: str
    slot_minutes: int
    lock_minutes: int
    provider_id: UUID | None
    must_change_password: bool
    permissions: frozenset[str]

    def may(self, permission: str) -> bool:
        """Return whether the person's roles include the permission."""
        return permission in self.permissions


class Context:
    """Opened and committed at the edge; services only use it."""

    def __init__(
        self,
        connection: Connection,
        who: Who,
        now: datetime,
        fresh: "Callable[[], AbstractContextManager[Context]]",
    ) -> None:
        self.connection = connection
        self.who = who
        self.now = now
        """The server's time, aware, in UTC."""
        self.fresh = fresh
        """Opens a new reading context of the same person, to explain a refusal after a failure."""

    @property
    def clinic_id(self) -> UUID:
        """The clinic in which the person acts."""
        return self.who.clinic_id

    @cached_property
    def zone(self) -> ZoneInfo:
        """The clinic's time zone."""
        return ZoneInfo(self.who.zone)

    def need(self, *permissions: str) -> None:
        """Raise NotAllowedError unless the person has one of the permissions.

        The database refuses too; this says so in words, before any work is done.
        """
        if not any(permission in self.who.permissions for permission in permissions):
            label = _(LABELS[Permission(permissions[0])])
            raise NotAllowedError(
                _("Your roles do not include “{right}”. Ask an administrator.").format(right=label)
            )
