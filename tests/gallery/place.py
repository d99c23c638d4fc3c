"""Where a scene is: a clinic's own database, its people, and a folder for what windows remember."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from psycopg import sql

from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.ids import new_id
from clinic_desktop.models import ClinicModel
from clinic_desktop.services.rows import add_rows
from clinic_desktop.services.session import SignedIn
from clinic_desktop.ui.theme.theme import Theme
from tests.conftest import Database
from tests.factories import Factory


@dataclass
class Place:
    """A clinic in which a scene is set; ``make`` adds rows as the administrator."""

    database: Database
    theme: Theme
    home: Path
    make: Factory
    sign_in: Callable[..., SignedIn]

    @classmethod
    def of(cls, database: Database, theme: Theme, home: Path) -> "Place":
        """Return the place on a database of its own."""
        return cls(database, theme, home, Factory(database.sign_in("u_admin")), database.sign_in)

    def rows(self, model: type[ClinicModel], rows: Sequence[dict[str, Any]]) -> list[UUID]:
        """Add rows in one transaction and return their ids."""
        made = [{"id": new_id(), **row} for row in rows]
        alike: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
        for row in made:
            alike[tuple(sorted(row))].append(row)
        with self.make.signed_in.writing() as ctx:
            for several in alike.values():
                add_rows(ctx, model, several)
        return [row["id"] for row in made]

    @property
    def zone(self) -> ZoneInfo:
        """The clinic's time zone."""
        return ZoneInfo(self.make.signed_in.who.zone)

    def now(self) -> datetime:
        """Return the clinic's time, as the server has it."""
        return self.make.signed_in.clock.now().astimezone(self.zone)

    @contextmanager
    def held(self, table: str) -> Iterator[None]:
        """Keep everybody from reading a table, as a long repair does; none without a name."""
        if not table:
            yield
            return
        # As long as the screen is looked at, which the clinic's limit would not allow.
        unlimited = "SET idle_in_transaction_session_timeout = 0"
        lock = sql.SQL("LOCK TABLE clinic.{} IN ACCESS EXCLUSIVE MODE")
        with open_connection(self.database.superuser(), autocommit=False) as connection:
            connection.execute(unlimited)
            connection.execute(lock.format(sql.Identifier(table)))
            yield
