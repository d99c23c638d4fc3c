"""One plain connection of the driver, for set-up, the change feed and administrators' work."""

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

Dsn = Mapping[str, str]
"""psycopg's keyword parameters of one login."""


def open_connection(
    dsn: Dsn, *, autocommit: bool = True, settings: str = ""
) -> psycopg.Connection[tuple[Any, ...]]:
    """Open a connection; ``settings`` is libpq's ``options``."""
    more = {"options": settings} if settings else {}
    return psycopg.connect(make_conninfo("", **dsn, **more), autocommit=autocommit)
