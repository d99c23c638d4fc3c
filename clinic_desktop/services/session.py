"""An open sign-in: the person's own connections, their contexts and the change feed."""

import hmac
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from uuid import UUID

from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Engine, text

from clinic_desktop.db.clock import ServerClock
from clinic_desktop.db.connect import Dsn
from clinic_desktop.db.engine import Link, driver_connection
from clinic_desktop.db.failures import sentence
from clinic_desktop.db.feed import Feed, Topic, newest
from clinic_desktop.db.migrate import refuse_newer
from clinic_desktop.db.refusal import Refusal, refusal_of
from clinic_desktop.errors import ClinicError, NotAllowedError, UnreachableError
from clinic_desktop.i18n import _
from clinic_desktop.services.context import Context, Who

__all__ = ["SignedIn", "Topic"]

_WHO = text(
    """
    SELECT p.id AS person_id, p.login, p.name, p.initials, p.job, p.language, c.id AS clinic_id,
           c.name AS clinic_name, c.site, c.zone, c.locale, c.country, c.currency, c.notation,
           c.paper, c.slot_minutes, c.lock_minutes, v.id AS provider_id, p.must_change_password,
           ARRAY(SELECT r.permission FROM my_rights(c.id) r) AS permissions
    FROM person p
    JOIN clinic c ON c.id = p.clinic_id
    LEFT JOIN provider v ON v.clinic_id = p.clinic_id AND v.person_id = p.id
         AND v.active AND v.deleted_at IS NULL
    WHERE p.login = session_user AND p.active AND p.deleted_at IS NULL
    ORDER BY c.name, v.position
    """
)


def _reword(error: Exception) -> None:
    """Raise the sentence for a refusal of the database; nothing for a mistake of our own."""
    known = sentence(error)
    if known is not None:
        raise known from error


@contextmanager
def _in_words() -> Iterator[None]:
    """Turn a refusal of the database into a sentence; our own mistakes pass through."""
    try:
        yield
    except Exception as error:
        _reword(error)
        raise


def _who(connection: Connection, clinic_id: UUID | None) -> Who:
    found = [Who.model_validate(row) for row in connection.execute(_WHO)]
    if clinic_id is not None:
        found = [who for who in found if who.clinic_id == clinic_id]
    if not found:
        raise NotAllowedError(_("You do not work at this clinic any more. Ask an administrator."))
    return found[0]


class SignedIn:
    """One person at one clinic; made by ``installation.sign_in``, closed when they leave.

    ``dsn`` are psycopg's keyword parameters of the person's login; ``revive`` starts a server of
    this computer again and returns where it answers. Raises what signing in raises:
    NotAllowedError, SetupError for a database newer than the program, UnreachableError.
    """

    def __init__(
        self,
        dsn: Mapping[str, str],
        *,
        device: str,
        clinic_id: UUID | None = None,
        revive: Callable[[], Dsn | None] = lambda: None,
    ) -> None:
        self._link = Link(dsn, device=device)
        self._revive = revive
        self._closed: Callable[[], object] = lambda: None
        self._feed: Feed | None = None
        try:
            with _in_words(), self._link.reading() as connection:
                refuse_newer(connection)
                self.who = _who(connection, clinic_id)
                self._clock = ServerClock(connection)
                # Before anything is shown: what others change from here on is told.
                self._seen = newest(driver_connection(connection), self.who.clinic_id)
        except BaseException:
            self._link.close()
            raise

    @contextmanager
    def reading(self) -> Iterator[Context]:
        """Open a context that only reads (and writes the access entry of what it reads)."""
        # Written out: of what is asked most, each layer around it is felt.
        try:
            with self._link.reading() as connection:
                yield self._context(connection)
        except Exception as error:
            _reword(error)
            raise

    @contextmanager
    def writing(self, reason: str | None = None) -> Iterator[Context]:
        """Open a context that is one transaction, committed when the block ends well."""
        with _in_words(), self._link.transaction(reason) as connection:
            context = self._context(connection)
            context.fresh = partial(self._afterwards, connection)
            yield context

    @contextmanager
    def _afterwards(self, failed: Connection) -> Iterator[Context]:
        """Open a context in which to read why a transaction failed.

        A failed one keeps its locks until it is rolled back: whoever wants the same time would
        wait while this one reads who has it.
        """
        driver = driver_connection(failed)
        if driver.info.transaction_status == TransactionStatus.INERROR:
            driver.rollback()
        with self.reading() as context:
            yield context

    def ping(self) -> None:
        """Ask the smallest question; raises UnreachableError when nobody answers.

        A server of this computer that is gone is started again first (SetupError when it cannot
        be), because nobody else would.
        """
        try:
            self._ask()
        except UnreachableError:
            address = self._revive()
            if address is None:
                raise
            self.use_address(address)
            self._ask()

    def _ask(self) -> None:
        """Ask what time it is: as small a question as any, and its answer is of use."""
        with _in_words(), self._link.reading() as connection:
            self._clock.measure(connection)

    def listen(
        self,
        on_topics: Callable[[frozenset[Topic]], None],
        on_lost: Callable[[], None],
        on_back: Callable[[], None],
    ) -> None:
        """Start telling of committed changes; the callbacks run on the feed's thread."""

        def back() -> None:
            # A server that was away may come back with another time.
            with suppress(ClinicError):
                self._ask()
            on_back()

        if self._feed is not None:
            self._feed.stop()
        self._feed = Feed(
            self._link.dsn,
            self.who.clinic_id,
            since=self._seen,
            on_topics=on_topics,
            on_lost=on_lost,
            on_back=back,
        )
        self._feed.start()

    def use_password(self, password: str) -> None:
        """Open new lines with this password from now on, because it was changed just now."""
        # The feed holds the same parameters and takes them when it connects again.
        self._link.dsn["password"] = password

    def use_address(self, dsn: Dsn) -> None:
        """Open new lines where the server answers from now on, because it was started again."""
        self._link.dsn.update({name: dsn[name] for name in ("host", "port")})

    def refusal(self) -> Refusal:
        """Return with which code the server refuses a new line, if it does."""
        return refusal_of(self._link.dsn)

    def knows(self, password: str) -> bool:
        """Return whether the session was opened with this password."""
        return hmac.compare_digest(self._link.dsn["password"].encode(), password.encode())

    def refresh_who(self) -> Who:
        """Read name, clinic and rights again, after they were changed."""
        with _in_words(), self._link.reading() as connection:
            self.who = _who(connection, self.who.clinic_id)
        return self.who

    @property
    def engines(self) -> tuple[Engine, ...]:
        """The engines behind the contexts, for measurements."""
        return self._link.engines

    @property
    def clock(self) -> ServerClock:
        """The server's time, measured at sign-in, by ``ping`` and when the feed is back."""
        return self._clock

    def when_closed(self, tell: Callable[[], object]) -> None:
        """Have ``tell`` called once the person has left."""
        self._closed = tell

    def close(self) -> None:
        """End the feed and every connection."""
        if self._feed is not None:
            self._feed.stop()
            self._feed = None
        self._link.close()
        closed, self._closed = self._closed, lambda: None
        closed()

    def _context(self, connection: Connection) -> Context:
        return Context(connection, self.who, self._clock.now(), self.reading)
