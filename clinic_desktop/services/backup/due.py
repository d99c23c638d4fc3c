"""What is due by itself, told from what was done and the clinic's clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from clinic_desktop.db.connect import Dsn, open_connection
from clinic_desktop.services.backup.run import Site, last_runs
from clinic_desktop.services.backup.settings import BackupSettings

TAIL_EVERY: Final = timedelta(minutes=15)
AGAIN_AFTER: Final = timedelta(minutes=30)

SILENT: Final = timedelta(hours=1)
# From the end of the log backwards: only what was written within the hour is passed over.
_UNSAVED: Final = """
SELECT EXISTS (
    SELECT FROM clinic.log_head h
    CROSS JOIN LATERAL (
        SELECT l.at FROM clinic.change_log l
        WHERE l.clinic_id = h.clinic_id AND l.at <= now() - %(silent)s
        ORDER BY l.seq DESC LIMIT 1
    ) newest
    WHERE newest.at > coalesce((SELECT max(started_at) FROM clinic.backup_run
                                WHERE kind IN ('full', 'tail') AND good), '-infinity'))
"""

Runs = Mapping[str, tuple[datetime, bool]]


@dataclass(frozen=True)
class Clock:
    """The server's time and the clinic's zone."""

    now: datetime
    zone: str

    @classmethod
    def of(cls, dsn: Dsn) -> "Clock":
        """Ask the server; the zone is that of its first clinic."""
        with open_connection(dsn) as connection:
            row = connection.execute(
                "SELECT now(),"
                " coalesce((SELECT zone FROM clinic.clinic ORDER BY id LIMIT 1), 'UTC')"
            ).fetchone()
        if row is None:
            raise RuntimeError("the server has no time")
        return cls(*row)

    def last_night(self, hour: int) -> datetime:
        """Return when the nightly hour last struck at the clinic."""
        local = self.now.astimezone(ZoneInfo(self.zone))
        struck = local.replace(hour=hour, minute=0, second=0, microsecond=0)
        return struck if struck <= local else struck - timedelta(days=1)


def due(site: Site, *, tail_tried: datetime | None = None) -> list[str]:
    """Return the names of the tasks that are due now, most pressing first.

    ``tail_tried`` is when a segment was last tried: one without changes leaves no trace.
    """
    settings = site.kept.read()
    if not settings.ready:
        return []
    runs, clock = last_runs(site.dsn), Clock.of(site.dsn)
    if site.has_newest():
        return due_of(settings, runs, clock, tail_tried)
    return due_elsewhere(settings, runs, clock, silent=_is_silent(site.dsn))


def due_elsewhere(settings: BackupSettings, runs: Runs, clock: Clock, *, silent: bool) -> list[str]:
    """Return what is due on a computer beside the one that has the newest dump.

    That one makes the segments and tries the dump. Where it is ``silent``, a dump made here takes
    its place.
    """
    found = due_of(settings, runs, clock, clock.now)
    if silent and "backup.full" not in found and _wanted(runs.get("full"), clock.now, clock.now):
        found.insert(0, "backup.full")
    return [name for name in found if name not in ("backup.tail", "backup.drill")]


def _is_silent(dsn: Dsn) -> bool:
    """Return whether something was changed an hour ago or more and is in no backup yet."""
    with open_connection(dsn) as connection:
        row = connection.execute(_UNSAVED, {"silent": SILENT}).fetchone()
    return bool(row and row[0])


def due_of(
    settings: BackupSettings, runs: Runs, clock: Clock, tail_tried: datetime | None
) -> list[str]:
    """Return what is due; a backup that was slept through is due at once."""
    if not settings.ready:
        return []
    found = []
    night = clock.last_night(settings.hour)
    full, drill, pack = runs.get("full"), runs.get("drill"), runs.get("pack")
    if _wanted(full, night, clock.now):
        found.append("backup.full")
    elif full is not None and full[1] and (drill is None or drill[0] < full[0]):
        found.append("backup.drill")
    if settings.pack and _wanted(pack, night, clock.now):
        found.append("pack.tomorrow")
    tails = [at for at in (tail_tried, full[0] if full else None) if at is not None]
    if "backup.full" not in found and (not tails or clock.now - max(tails) >= TAIL_EVERY):
        found.append("backup.tail")
    return found


def _wanted(last: tuple[datetime, bool] | None, night: datetime, now: datetime) -> bool:
    if last is None:
        return True
    at, good = last
    return at < night if good else now - at >= AGAIN_AFTER
