"""Series as they stand: the rule, who, where, and every appointment of it."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from clinic_desktop.domain.dates import format_date
from clinic_desktop.domain.recurrence import read_rule
from clinic_desktop.domain.recurrence_words import rhythm
from clinic_desktop.domain.times import format_time
from clinic_desktop.errors import ClinicError, NotFoundError
from clinic_desktop.i18n import _
from clinic_desktop.services.appointments import service as appointments
from clinic_desktop.services.context import Context
from clinic_desktop.services.series.schemas import SeriesChangedError, SeriesRow

_SERIES: Final = text(
    """
    SELECT s.id, s.version, s.patient_id, btrim(p.given || ' ' || p.family) AS patient,
           s.provider_id, v.short_name AS provider, s.chair_id, s.rule, s.local_start, s.minutes,
           s.follows_id,
           ARRAY(SELECT a.id FROM appointment a
                 WHERE a.clinic_id = s.clinic_id AND a.series_id = s.id
                   AND a.deleted_at IS NULL) AS visit_ids
    FROM appointment_series s
    JOIN patient p ON p.clinic_id = s.clinic_id AND p.id = s.patient_id
    JOIN provider v ON v.clinic_id = s.clinic_id AND v.id = s.provider_id
    WHERE s.clinic_id = :clinic AND s.id = :series AND s.deleted_at IS NULL
    """
)
_LAST_CHANGE: Final = text(
    """
    SELECT coalesce(p.name, l.login), l.at FROM change_log l
    LEFT JOIN person p ON p.clinic_id = l.clinic_id AND p.id = l.person_id
    WHERE l.clinic_id = :clinic AND l.tbl = 'appointment_series' AND l.row_id = :series
    ORDER BY l.seq DESC LIMIT 1
    """
)


def found(ctx: Context, series_id: UUID) -> SeriesRow | None:
    """Return a series with its appointments in order, or None."""
    row: Any = ctx.connection.execute(
        _SERIES, {"clinic": ctx.clinic_id, "series": series_id}
    ).first()
    if row is None:
        return None
    return SeriesRow(
        id=row.id,
        version=row.version,
        patient_id=row.patient_id,
        patient=row.patient,
        provider_id=row.provider_id,
        provider=row.provider,
        chair_id=row.chair_id,
        rule=read_rule(row.rule),
        local_start=row.local_start,
        minutes=row.minutes,
        follows_id=row.follows_id,
        visits=appointments.these(ctx, row.visit_ids),
    )


def gone() -> NotFoundError:
    """Return that a series is not there any more."""
    return NotFoundError(_("This series is no longer there. The calendar shows what is."))


def changed(ctx: Context, series_id: UUID) -> ClinicError:
    """Return who changed a series first and how it stands, or that it is gone."""
    now = found(ctx, series_id)
    if now is None:
        return gone()
    last = ctx.connection.execute(
        _LAST_CHANGE, {"clinic": ctx.clinic_id, "series": series_id}
    ).first()
    locale = ctx.who.locale
    words = _("{who} changed this series first: {rhythm} at {time} with {provider}, from {day} on.")
    return SeriesChangedError(
        words.format(
            who=last[0] if last else _("Somebody"),
            rhythm=rhythm(now.rule, locale),
            time=format_time(now.local_start.time(), locale),
            provider=now.provider,
            day=format_date(now.local_start.date(), locale),
        ),
        now=now,
        by=last[0] if last else _("Somebody"),
        at=last[1] if last else None,
    )
