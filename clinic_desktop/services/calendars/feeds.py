"""A provider's appointments as a calendar file, telling no more than the clinic allows.

What leaves the clinic is decided by one setting, ``calendar_feed``: that the time is taken (as long
as nobody chooses), the treatment, or names.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, select, text

from clinic_desktop.domain.calendars.feeds import CANCELLED, FeedEvent, calendar
from clinic_desktop.domain.folding import fold
from clinic_desktop.domain.ids import new_id
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.domain.visit_status import NOT_BLOCKING, VisitStatus
from clinic_desktop.errors import ClinicError, InvalidError, NotFoundError
from clinic_desktop.files import put_in_place, refusal
from clinic_desktop.i18n import _, in_language
from clinic_desktop.models import Setting
from clinic_desktop.services.calendars.reading import Reader
from clinic_desktop.services.calendars.schemas import (
    Feed,
    FeedRules,
    FeedRuleValues,
    Shown,
)
from clinic_desktop.services.calendars.values import Property, when_of
from clinic_desktop.services.context import Context
from clinic_desktop.services.rows import add_row, change_row

PAST: Final = timedelta(days=30)
AHEAD: Final = timedelta(days=366)
TOLD: Final = timedelta(days=30)
"""For how long a feed says of an appointment that it is cancelled."""
_NAME: Final = "calendar_feed"
_DOMAIN: Final = "@clinic-desktop"
_SETTING: Final = select(Setting.id, Setting.version, Setting.value).where(
    Setting.clinic_id == bindparam("clinic"),
    Setting.name == _NAME,
    Setting.deleted_at.is_(None),
)
_PROVIDERS: Final = text(
    "SELECT id, name, short_name FROM clinic.provider"
    " WHERE clinic_id = :clinic AND active AND deleted_at IS NULL ORDER BY position, name"
)
# Rows that were taken away are told of as well, for a while: whoever has them must let them go.
_VISITS: Final = text(
    """
    SELECT a.id, a.version, a.patient_id, a.starts_at, a.ends_at, a.status, a.updated_at,
           a.deleted_at IS NOT NULL AS gone, coalesce(h.name, '') AS chair,
           btrim(p.given || ' ' || p.family) AS patient,
           coalesce((SELECT string_agg(t.name, ', ' ORDER BY w.position)
                     FROM clinic.appointment_treatment w
                     JOIN clinic.treatment t ON t.clinic_id = w.clinic_id AND t.id = w.treatment_id
                     WHERE w.clinic_id = a.clinic_id AND w.appointment_id = a.id
                       AND w.deleted_at IS NULL), '') AS service
    FROM clinic.appointment a
    JOIN clinic.patient p ON p.clinic_id = a.clinic_id AND p.id = a.patient_id
    LEFT JOIN clinic.chair h ON h.clinic_id = a.clinic_id AND h.id = a.chair_id
    WHERE a.clinic_id = :clinic AND a.provider_id = :provider
      AND a.starts_at >= :first AND a.starts_at < :last
      AND (a.deleted_at IS NULL AND a.status <> ALL (:free) OR a.updated_at >= :told)
    ORDER BY a.starts_at, a.id
    """
)
_ACCESS: Final = text("SELECT log_access(:clinic, NULL, 'export', 'calendar')")
_BY_WORKER: Final = text("SELECT clinic.log_feed(:clinic, :provider, :names)")
_FREE: Final = sorted(str(status) for status in NOT_BLOCKING)


# -- what feeds may tell --------------------------------------------------------------------------


def rules(ctx: Context) -> FeedRules:
    """Return what the clinic lets its feeds tell."""
    ctx.need(Permission.MEMBER)
    return rules_of(ctx.connection, ctx.clinic_id)


def rules_of(connection: Connection, clinic_id: UUID) -> FeedRules:
    """Return the same on any connection; the least where it makes no sense."""
    row = connection.execute(_SETTING, {"clinic": clinic_id}).one_or_none()
    if row is None:
        return FeedRules()
    told = str(row.value.get("shown", ""))
    shown = Shown(told) if told in list(Shown) else Shown.BUSY
    return FeedRules(version=row.version, shown=shown)


def change_rules(ctx: Context, version: int, values: FeedRuleValues) -> None:
    """Let feeds tell more or less from now on; raises NotAllowedError, StaleError."""
    ctx.need(Permission.SETTINGS_WRITE)
    row = ctx.connection.execute(_SETTING, {"clinic": ctx.clinic_id}).one_or_none()
    value = values.model_dump(mode="json")
    if row is not None:
        change_row(ctx, Setting, id=row.id, version=version, value=value)
    else:
        add_row(ctx, Setting, id=new_id(), name=_NAME, value=value)


# -- writing them ---------------------------------------------------------------------------------


def feed(ctx: Context, provider_id: UUID, *, before: Path | None = None) -> Feed:
    """Return the feed of a provider.

    ``before`` is the file as it was written the last time: what it tells and the clinic no longer
    does, because another provider has it now, is told as cancelled. Names and treatments are for
    those who may export patients, and are written to the access log. Raises NotFoundError.
    """
    ctx.need(Permission.SCHEDULE_READ)
    found = rules_of(ctx.connection, ctx.clinic_id)
    if found.shown == Shown.NAMES:
        ctx.need(Permission.PATIENTS_EXPORT)
        ctx.connection.execute(_ACCESS, {"clinic": ctx.clinic_id})
    maker = FeedMaker(
        ctx.connection, ctx.clinic_id, ctx.who.clinic_name, ctx.zone, ctx.who.locale, ctx.now
    )
    for provider in maker.providers():
        if provider.id == provider_id:
            return maker.feed(provider, before)
    raise NotFoundError(_("This provider is no longer there."))


def provider_named(ctx: Context, name: str) -> UUID:
    """Return whom a name means, typed as in the calendar or on papers; raises InvalidError."""
    ctx.need(Permission.SCHEDULE_READ)
    rows = ctx.connection.execute(_PROVIDERS, {"clinic": ctx.clinic_id}).all()
    wanted = fold(name)
    exact = [row for row in rows if wanted in (fold(row.name), fold(row.short_name))]
    near = exact or [row for row in rows if wanted and wanted in fold(row.name)]
    if len(near) == 1:
        found: UUID = near[0].id
        return found
    raise InvalidError(
        _("“{name}” means nobody or more than one here: {names}.").format(
            name=name, names="; ".join(row.name for row in near or rows)
        )
    )


class _Provider(NamedTuple):
    id: UUID
    name: str
    short_name: str


class FeedMaker:
    """Makes the feeds of one clinic, for a person or for the worker."""

    def __init__(
        self,
        connection: Connection,
        clinic_id: UUID,
        clinic: str,
        zone: ZoneInfo,
        locale: str,
        now: datetime,
    ) -> None:
        self._connection, self._clinic_id, self._clinic = connection, clinic_id, clinic
        self._zone, self._language, self._now = zone, locale[:2], now
        self._shown = rules_of(connection, clinic_id).shown

    def providers(self) -> list[_Provider]:
        """Return those who have a feed, in the clinic's order."""
        rows = self._connection.execute(_PROVIDERS, {"clinic": self._clinic_id})
        return [_Provider(*row) for row in rows]

    def feed(self, provider: _Provider, before: Path | None = None) -> Feed:
        """Return the feed of a provider."""
        rows = self._connection.execute(
            _VISITS,
            {
                "clinic": self._clinic_id,
                "provider": provider.id,
                "first": self._now - PAST,
                "last": self._now + AHEAD,
                "told": self._now - TOLD,
                "free": _FREE,
            },
        ).all()
        with in_language(self._language):
            events = [self._event(row) for row in rows]
            if before is not None:
                events += self._gone(before, {one.uid for one in events})
        return Feed(
            provider_id=provider.id,
            provider=provider.name,
            file_name=file_name(provider.short_name, provider.id),
            events=len(events),
            names=self._names(rows),
            content=calendar(events, self._zone, name=f"{provider.short_name} · {self._clinic}"),
        )

    def _names(self, rows: Sequence[Any]) -> int:
        """Return of how many patients the feed tells the name."""
        if self._shown != Shown.NAMES:
            return 0
        return len({row.patient_id for row in rows if not _is_gone(row)})

    def note(self, feed_: Feed) -> None:
        """Write down that the worker puts names out: whose calendar, how many, by whose choice."""
        self._connection.execute(
            _BY_WORKER,
            {"clinic": self._clinic_id, "provider": feed_.provider_id, "names": feed_.names},
        )

    def _event(self, row: Any) -> FeedEvent:
        gone = _is_gone(row)
        status = "TENTATIVE" if row.status == VisitStatus.PENDING else "CONFIRMED"
        return FeedEvent(
            uid=f"{row.id}{_DOMAIN}",
            sequence=row.version - 1,
            starts=row.starts_at,
            ends=row.ends_at,
            summary=_("Cancelled") if gone else self._summary(row),
            changed_at=row.updated_at,
            status=CANCELLED if gone else status,
            location="" if gone else row.chair,
        )

    def _summary(self, row: Any) -> str:
        if self._shown == Shown.BUSY:
            return _("Busy")
        service = str(row.service) or _("Appointment")
        if self._shown == Shown.TREATMENT:
            return service
        return f"{row.patient} · {service}"

    def _gone(self, before: Path, told: set[str]) -> Iterator[FeedEvent]:
        """Yield what the file before told and nobody tells now, as cancelled while it is ahead."""
        for uid, sequence, starts, ends, cancelled_at in _told(before, self._zone):
            if uid in told or not uid.endswith(_DOMAIN) or ends <= self._now:
                continue
            if cancelled_at is not None and self._now - cancelled_at > TOLD:
                continue
            yield FeedEvent(
                uid=uid,
                sequence=sequence if cancelled_at is not None else sequence + 1,
                starts=starts,
                ends=ends,
                summary=_("Cancelled"),
                changed_at=cancelled_at or self._now,
                status=CANCELLED,
            )


def _is_gone(row: Any) -> bool:
    return bool(row.gone) or row.status in _FREE


def _told(
    path: Path, zone: ZoneInfo
) -> Iterator[tuple[str, int, datetime, datetime, datetime | None]]:
    """Yield what a feed of ours says: uid, sequence, times, and since when it is cancelled.

    A file that is not there, or is none of ours, says nothing.
    """
    try:
        components = list(Reader(path).components())
    except ClinicError:
        return
    for component in components:
        if component.name != "VEVENT":
            continue
        try:
            held = {one.name: one for one in map(Property.of, component.lines())}
            times = [
                when_of(held[name], lambda _name: zone).instant(zone)
                for name in ("DTSTART", "DTEND", "LAST-MODIFIED")
            ]
            sequence = int(held["SEQUENCE"].value)
            uid = held["UID"].text
        except (InvalidError, KeyError, ValueError):
            continue  # not written by us
        cancelled = "STATUS" in held and held["STATUS"].value == CANCELLED
        yield uid, sequence, times[0], times[1], times[2] if cancelled else None


def file_name(short_name: str, provider_id: UUID) -> str:
    """Return how a provider's file is called: readable, and the same while the name is."""
    plain = re.sub(r"[^a-z0-9]+", "-", fold(short_name)).strip("-")[:40]
    return f"{plain or 'calendar'}-{provider_id.hex[-8:]}.ics"


def path_in(folder: Path, short_name: str, provider_id: UUID) -> Path:
    """Return where a provider's file stands in a folder; whoever reads it keeps its name."""
    there = sorted(folder.glob(f"*-{provider_id.hex[-8:]}.ics"))
    return there[0] if there else folder / file_name(short_name, provider_id)


def is_there(feed_: Feed, path: Path) -> bool:
    """Return whether the file holds this feed already; raises SetupError."""
    try:
        return path.is_file() and path.read_bytes() == feed_.content
    except OSError as error:
        raise refusal(error, path.parent) from error


def put(feed_: Feed, path: Path) -> bool:
    """Put a feed in place of the file in one step; return whether it is another one than before.

    Raises SetupError where the place cannot be written to.
    """
    if is_there(feed_, path):
        return False
    beside = path.with_name(f".{path.name}.part")
    try:
        try:
            beside.write_bytes(feed_.content)
            put_in_place(beside, path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise refusal(error, path.parent) from error
    return True


def write_all(ctx: Context, folder: Path) -> int:
    """Write the feed of every provider into a folder; return how many there are.

    Raises what ``feed`` raises, SetupError where the folder cannot be written to.
    """
    rows = [
        _Provider(*row) for row in ctx.connection.execute(_PROVIDERS, {"clinic": ctx.clinic_id})
    ]
    for row in rows:
        path = path_in(folder, row.short_name, row.id)
        put(feed(ctx, row.id, before=path), path)
    return len(rows)
