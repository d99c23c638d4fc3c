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
    return due_of(site.kept.read(), last_runs(site.dsn), Clock.of(site.dsn), tail_tried)


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
