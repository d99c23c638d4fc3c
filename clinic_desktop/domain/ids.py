"""Identifiers: UUIDs of version 7, so that keys made one after another stand together on disk."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """Return a new identifier.

    The form that starts an act makes it, so that the same act sent twice is one act.
    """
    return uuid7()
