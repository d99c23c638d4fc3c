"""A backup's age and result in a few words, for the bottom bar and the section."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.times import format_time
from clinic_desktop.i18n import _
from clinic_desktop.ui.shell.registry import StatusItem

if TYPE_CHECKING:  # the window is painted before the services are loaded
    from clinic_desktop.services.backup.schemas import Status
    from clinic_desktop.services.context import Context

# A night that was left out shows before the next working day is over.
OLD: Final = timedelta(hours=26)


def ask_status(ctx: "Context") -> StatusItem:
    """Return the fact of the bottom bar."""
    from clinic_desktop.services.backup.service import status

    return item_of(status(ctx), ctx.who.zone, ctx.who.locale)


def item_of(status: "Status", zone: str, locale: str) -> StatusItem:
    """Return age and result of the newest backup; old or failed never looks healthy."""
    full, good = status.full, status.good_full
    if full is None:
        return StatusItem("shield-alert", _("No backup yet"), "warning", tip=_tip())
    when = moment(full.ended_at, status.now, zone, locale)
    if not full.good or good is None:
        words = _("Backup failed {time}").format(time=when)
        return StatusItem("shield-alert", words, "warning", tip=full.sentence)
    if status.now - good.ended_at > OLD:
        words = _("Last backup {time}").format(time=when)
        return StatusItem("shield-alert", words, "warning", tip=_tip())
    drill = status.drill
    if drill is None or drill.ended_at < good.ended_at:
        return StatusItem("shield", _("Backup {time}, not tried yet").format(time=when))
    if not drill.good:
        words = _("Backup {time}, test failed").format(time=when)
        return StatusItem("shield-alert", words, "warning", tip=drill.sentence)
    words = _("Backup {time}, verified").format(time=when)
    return StatusItem("shield-check", words, "ok", tip=good.sentence)


def _tip() -> str:
    return _("Open the settings of the backup.")


def moment(at: datetime, now: datetime, zone: str, locale: str) -> str:
    """Return the time at the clinic, with the date unless it is today."""
    there = ZoneInfo(zone)
    local, today = at.astimezone(there), now.astimezone(there).date()
    time = format_time(local.time())
    if local.date() == today:
        return time
    return f"{format_date(local.date(), locale)} {time}"
