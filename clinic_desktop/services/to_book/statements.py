"""The statements of the lists to book from, each a walk along an index, a page at a time."""

from typing import Final

from sqlalchemy import text

from clinic_desktop.db.prepared import Prepared

# OFFSET 0 keeps each a look-up for the row at hand: joined freely, the server would read everybody.
_WHO: Final = """CROSS JOIN LATERAL (
        SELECT p.number, p.given, p.family, p.phone, p.no_phone_reason, p.email, p.prefers
        FROM patient p WHERE p.clinic_id = :clinic AND p.id = {patient}
          AND p.status = 'active' AND p.deleted_at IS NULL OFFSET 0) p"""
_TRIED: Final = """CROSS JOIN LATERAL (
        SELECT count(*) AS attempts, max(a.at) AS at,
               (array_agg(a.channel ORDER BY a.at DESC, a.id DESC))[1] AS channel,
               (array_agg(a.outcome ORDER BY a.at DESC, a.id DESC))[1] AS outcome
        FROM contact_attempt a
        WHERE a.clinic_id = :clinic AND a.patient_id = {patient} AND a.deleted_at IS NULL
          AND {about}) tried"""
_NEXT: Final = """(SELECT min(n.starts_at) FROM appointment n
            WHERE n.clinic_id = :clinic AND n.patient_id = {patient} AND n.starts_at > :now
              AND n.status IN ('pending', 'confirmed') AND n.deleted_at IS NULL)"""
_PERSON: Final = (
    "p.number, p.given, p.family, p.phone, p.no_phone_reason, p.email, p.prefers, "
    "tried.attempts, tried.at, tried.channel, tried.outcome"
)


def _planned(way: str) -> Prepared:
    return Prepared(
        text(
            f"""
    SELECT u.patient_id, u.since, u.item_id, u.work, u.fee, {_PERSON},
           {_NEXT.format(patient="u.patient_id")}
    FROM unscheduled_work(:clinic, :since_day, :newest, CAST(:provider AS uuid), :first_day,
                          :last_day, :after_day, :after_id, :with_declined, :limit) u
    {_WHO.format(patient="u.patient_id")}
    {_TRIED.format(patient="u.patient_id", about="a.about = 'planned'")}
    ORDER BY u.since {way}, u.item_id {way}
    """  # noqa: S608 - put together from the constants here
        )
    )


# Cancelled within ten minutes of being made is a slip of the desk, not a patient who did not come.
_BROKEN: Final = """{v}.status IN ('missed', 'cancelled') AND {v}.deleted_at IS NULL
      AND NOT ({v}.status = 'cancelled'
               AND {v}.status_at < {v}.created_at + interval '10 minutes')"""
# Made after it broke, for a later time or in its place. Those that are kept in ``broken_visit`` do
# not know of what is pending yet.
_MADE_ANEW: Final = """EXISTS (
        SELECT FROM appointment n
        WHERE n.clinic_id = :clinic AND n.patient_id = b.patient_id AND n.deleted_at IS NULL
          AND n.status NOT IN ('missed', 'cancelled', 'rescheduled')
          AND (n.rescheduled_from_id = b.id
               OR n.starts_at > b.starts_at
                  AND n.created_at > coalesce(b.status_at, b.starts_at)))"""


def _broken(*, newest: bool, of_provider: bool, declined: bool) -> Prepared:
    """Return the walk from a place on until a moment, along an index of its own.

    With a third bound of the same time the server would take them for few, and sort them all.
    """
    way, beyond, stop = ("DESC", "<", ">=") if newest else ("ASC", ">", "<")
    whose = "AND w.provider_id = :provider" if of_provider else ""
    asked = "" if declined else "AND NOT w.declined"
    return Prepared(
        text(
            f"""
    SELECT b.id, b.patient_id, b.starts_at, b.local_start,
           (extract(epoch FROM b.ends_at - b.starts_at) / 60)::int, b.status, b.reason,
           b.provider_id, v.short_name, v.active, work.service, work.items, often.missed,
           often.cancelled, {_PERSON}, {_NEXT.format(patient="b.patient_id")}
    FROM broken_visit w
    CROSS JOIN LATERAL (SELECT a.* FROM appointment a
                        WHERE a.clinic_id = :clinic AND a.id = w.appointment_id OFFSET 0) b
    {_WHO.format(patient="b.patient_id")}
    JOIN provider v ON v.clinic_id = :clinic AND v.id = b.provider_id
    {_TRIED.format(patient="b.patient_id", about="a.appointment_id = b.id")}
    CROSS JOIN LATERAL (
        SELECT coalesce(string_agg(t.name, ', ' ORDER BY w.position), '') AS service,
               jsonb_agg(jsonb_build_array(w.treatment_id, w.chart_item_id)
                         ORDER BY w.position) AS items
        FROM appointment_treatment w JOIN treatment t ON t.clinic_id = :clinic
             AND t.id = w.treatment_id
        WHERE w.clinic_id = :clinic AND w.appointment_id = b.id AND w.deleted_at IS NULL) work
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE l.status = 'missed') AS missed,
               count(*) FILTER (WHERE l.status = 'cancelled') AS cancelled
        FROM appointment l WHERE l.clinic_id = :clinic AND l.patient_id = b.patient_id
          AND l.starts_at > b.starts_at - interval '2 years' AND {_BROKEN.format(v="l")}) often
    WHERE w.clinic_id = :clinic {whose} {asked} AND w.starts_at {stop} :stop
      AND (w.starts_at, w.appointment_id)
          {beyond} (CAST(:after_at AS timestamptz), CAST(:after_id AS uuid))
      AND NOT {_MADE_ANEW}
    ORDER BY w.starts_at {way}, w.appointment_id {way} LIMIT :limit
    """  # noqa: S608 - put together from the constants here
        )
    )


PLANNED: Final = {True: _planned("DESC"), False: _planned("ASC")}
"""By whether the newest come first."""
BROKEN: Final = {
    (newest, of_provider, declined): _broken(
        newest=newest, of_provider=of_provider, declined=declined
    )
    for newest in (True, False)
    for of_provider in (True, False)
    for declined in (True, False)
}
"""By whether the newest come first, of one provider alone, with those who said no."""

PLANNED_OF: Final = Prepared(
    text(
        """
    SELECT w.item_id, w.treatment_id, w.name, w.minutes, w.tooth, w.surfaces, w.provider_id,
           w.since, w.fee, w.held_at
    FROM planned_work(:clinic, :patient, :since_day) w
    """
    )
)
ATTEMPTS: Final = text(
    """
    SELECT a.at, a.channel, a.outcome, a.remark, s.name AS person
    FROM contact_attempt a JOIN person s ON s.clinic_id = a.clinic_id AND s.id = a.person_id
    WHERE a.clinic_id = :clinic AND a.patient_id = :patient AND a.deleted_at IS NULL
      AND a.appointment_id IS NOT DISTINCT FROM CAST(:appointment AS uuid)
    ORDER BY a.at DESC, a.id DESC LIMIT :most
    """
)
AHEAD: Final = text(
    """
    SELECT a.id, a.local_start, v.short_name AS provider, a.status,
           (extract(epoch FROM a.ends_at - a.starts_at) / 60)::int AS minutes,
           coalesce((SELECT string_agg(t.name, ', ' ORDER BY w.position)
                     FROM appointment_treatment w
                     JOIN treatment t ON t.clinic_id = w.clinic_id AND t.id = w.treatment_id
                     WHERE w.clinic_id = a.clinic_id AND w.appointment_id = a.id
                       AND w.deleted_at IS NULL), '') AS service
    FROM appointment a
    JOIN provider v ON v.clinic_id = a.clinic_id AND v.id = a.provider_id
    WHERE a.clinic_id = :clinic AND a.patient_id = :patient AND a.starts_at >= :since_day
      AND a.deleted_at IS NULL AND a.status IN ('pending', 'confirmed', 'arrived', 'in_chair')
    ORDER BY a.starts_at, a.id LIMIT :most
    """
)
BALANCE: Final = text(
    "SELECT coalesce(sum(o.amount), 0)::bigint FROM posting o "
    "WHERE o.clinic_id = :clinic AND o.patient_id = :patient"
)
