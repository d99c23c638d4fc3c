"""The statements of recall: advancing by completed work, and the call list paged by due date."""

from typing import Final

from sqlalchemy import text

from clinic_desktop.db.prepared import Prepared

# What the completed treatments complete is counted anew from the day; a type that the patient does
# not have yet is begun, unless somebody took it away from this patient. Work that is recorded late
# never moves a date back.
ADVANCE: Final = Prepared(
    text(
        """
        WITH types AS (
            SELECT DISTINCT t.id, t.every, t.unit FROM recall_type_treatment x
            JOIN recall_type t ON t.clinic_id = :clinic AND t.id = x.recall_type_id
                 AND t.active AND t.deleted_at IS NULL
            JOIN patient p ON p.clinic_id = :clinic AND p.id = :patient
            WHERE x.clinic_id = :clinic AND x.treatment_id = ANY(CAST(:treatments AS uuid[]))
              AND x.deleted_at IS NULL
              AND (t.under_age IS NULL OR p.born IS NULL
                   OR p.born + make_interval(years => t.under_age) > CAST(:day AS date))
        ), advanced AS (
            UPDATE recall r SET last_on = :day, version = r.version + 1,
                   due_on = CAST(:day AS date) + CASE coalesce(r.unit, t.unit)
                       WHEN 'week' THEN make_interval(weeks => coalesce(r.every, t.every))
                       ELSE make_interval(months => coalesce(r.every, t.every)) END
            FROM types t
            WHERE r.clinic_id = :clinic AND r.patient_id = :patient AND r.recall_type_id = t.id
              AND r.deleted_at IS NULL AND (r.last_on IS NULL OR r.last_on < :day)
        )
        INSERT INTO recall (clinic_id, id, patient_id, recall_type_id, last_on, due_on)
        SELECT :clinic, n.id, :patient, t.id, :day,
               CAST(:day AS date) + CASE t.unit
                   WHEN 'week' THEN make_interval(weeks => t.every)
                   ELSE make_interval(months => t.every) END
        FROM (SELECT t.*, row_number() OVER (ORDER BY t.id) AS place FROM types t
              WHERE NOT EXISTS (SELECT FROM recall r WHERE r.clinic_id = :clinic
                  AND r.patient_id = :patient AND r.recall_type_id = t.id)) t
        JOIN unnest(CAST(:ids AS uuid[])) WITH ORDINALITY AS n(id, place) ON n.place = t.place
        """
    )
)

# What work of this treatment on that day had advanced, unless other work of the day keeps it; with
# the days on which work of the type was done that is still completed.
ADVANCED_ON: Final = text(
    """
    SELECT r.id, r.version, r.due_on, w.days AS worked_on
    FROM recall r
    JOIN recall_type_treatment x ON x.clinic_id = :clinic
         AND x.recall_type_id = r.recall_type_id AND x.treatment_id = :treatment
         AND x.deleted_at IS NULL
    CROSS JOIN LATERAL (
        SELECT coalesce(array_agg(DISTINCT (c.done_at AT TIME ZONE :zone)::date), '{}') AS days
        FROM chart_item c
        JOIN recall_type_treatment o ON o.clinic_id = :clinic
             AND o.recall_type_id = r.recall_type_id AND o.treatment_id = c.treatment_id
             AND o.deleted_at IS NULL
        WHERE c.clinic_id = :clinic AND c.patient_id = :patient AND c.done_at IS NOT NULL
          AND c.deleted_at IS NULL) w
    WHERE r.clinic_id = :clinic AND r.patient_id = :patient AND r.last_on = :day
      AND r.deleted_at IS NULL AND NOT CAST(:day AS date) = ANY (w.days)
    ORDER BY r.id
    """
)
LOG: Final = text("SELECT * FROM read_recall_log(:clinic, :patient)")

# A type in whose place another one stands for this patient.
_REPLACED: Final = """EXISTS (
        SELECT FROM recall o JOIN recall_type ot ON ot.clinic_id = o.clinic_id
             AND ot.id = o.recall_type_id AND ot.active AND ot.deleted_at IS NULL
        WHERE o.clinic_id = r.clinic_id AND o.patient_id = r.patient_id
          AND ot.replaces_id = r.recall_type_id AND o.deleted_at IS NULL
          AND (o.paused_until IS NULL OR o.paused_until <= :today))"""
_BOOKED: Final = """EXISTS (
        SELECT FROM appointment a
        JOIN appointment_treatment l ON l.clinic_id = a.clinic_id AND l.appointment_id = a.id
             AND l.deleted_at IS NULL
        JOIN recall_type_treatment x ON x.clinic_id = a.clinic_id
             AND x.treatment_id = l.treatment_id AND x.recall_type_id = r.recall_type_id
             AND x.deleted_at IS NULL
        WHERE a.clinic_id = r.clinic_id AND a.patient_id = r.patient_id AND a.starts_at > :now
          AND a.status IN ('pending', 'confirmed') AND a.deleted_at IS NULL)"""
_WAITS: Final = f"""r.clinic_id = :clinic AND r.deleted_at IS NULL AND r.due_on IS NOT NULL
      AND r.due_on <= :until
      AND (r.paused_until IS NULL OR r.paused_until <= :today)
      AND t.active AND t.deleted_at IS NULL
      AND p.status = 'active' AND p.deleted_at IS NULL
      AND (t.under_age IS NULL OR p.born IS NULL
           OR p.born + make_interval(years => t.under_age) > r.due_on)
      AND NOT {_REPLACED}"""
_TABLES: Final = """recall r
    JOIN recall_type t ON t.clinic_id = r.clinic_id AND t.id = r.recall_type_id
    JOIN patient p ON p.clinic_id = r.clinic_id AND p.id = r.patient_id"""
# Attempts before the last completed work are about an earlier time.
_LAST: Final = """LATERAL (
        SELECT count(*) AS attempts, max(a.at) AS at,
               (array_agg(a.channel ORDER BY a.at DESC, a.id DESC))[1] AS channel,
               (array_agg(a.outcome ORDER BY a.at DESC, a.id DESC))[1] AS outcome
        FROM recall_attempt a
        WHERE a.clinic_id = r.clinic_id AND a.recall_id = r.id AND a.deleted_at IS NULL
          AND (r.last_on IS NULL OR a.at > r.last_on + interval '1 day')) tried"""

DUE: Final = Prepared(
    text(
        f"""
    SELECT r.id, r.version, r.patient_id, p.number, p.given, p.family, p.born, p.phone,
           p.no_phone_reason, p.email, p.prefers, r.recall_type_id, t.name, r.due_on, r.last_on,
           r.remark, tried.attempts, tried.at, tried.channel, tried.outcome,
           (SELECT min(a.starts_at) FROM appointment a
            WHERE a.clinic_id = r.clinic_id AND a.patient_id = r.patient_id AND a.starts_at > :now
              AND a.status IN ('pending', 'confirmed') AND a.deleted_at IS NULL),
           {_BOOKED},
           ARRAY(SELECT x.treatment_id FROM recall_type_treatment x
                 JOIN treatment n ON n.clinic_id = x.clinic_id AND n.id = x.treatment_id
                      AND n.active AND n.deleted_at IS NULL
                 WHERE x.clinic_id = r.clinic_id AND x.recall_type_id = r.recall_type_id
                   AND x.deleted_at IS NULL ORDER BY n.code LIMIT 1)
    FROM {_TABLES} CROSS JOIN {_LAST}
    WHERE {_WAITS}
      AND (r.due_on, r.id) > (CAST(:after_day AS date), CAST(:after_id AS uuid))
      AND (CAST(:type AS uuid) IS NULL OR r.recall_type_id = CAST(:type AS uuid))
      AND (:with_booked OR NOT {_BOOKED})
      AND (:with_declined OR tried.outcome IS DISTINCT FROM 'declined')
    ORDER BY r.due_on, r.id LIMIT :limit
    """  # noqa: S608 - put together from the constants here
    )
)

COUNTS: Final = text(
    f"""
    SELECT w.recall_type_id, min(w.name) AS name, count(*) AS waiting
    FROM (SELECT r.recall_type_id, t.name FROM {_TABLES} CROSS JOIN {_LAST}
          WHERE {_WAITS} AND NOT {_BOOKED} AND tried.outcome IS DISTINCT FROM 'declined'
          LIMIT :most) w
    GROUP BY w.recall_type_id ORDER BY min(w.name)
    """  # noqa: S608 - put together from the constants here
)

OF_PATIENT: Final = text(
    f"""
    SELECT r.id, r.version, r.recall_type_id, t.code, t.name,
           coalesce(r.every, t.every) AS every, coalesce(r.unit, t.unit) AS unit,
           r.every IS NOT NULL AS own_interval, r.last_on, r.due_on, r.paused_until,
           r.pause_reason, r.remark, {_REPLACED} AS replaced,
           (SELECT jsonb_agg(jsonb_build_object('at', a.at, 'channel', a.channel,
                       'outcome', a.outcome, 'remark', a.remark, 'person', s.name)
                       ORDER BY a.at DESC, a.id DESC)
            FROM recall_attempt a JOIN person s ON s.clinic_id = a.clinic_id AND s.id = a.person_id
            WHERE a.clinic_id = r.clinic_id AND a.recall_id = r.id AND a.deleted_at IS NULL
           ) AS attempts
    FROM recall r JOIN recall_type t ON t.clinic_id = r.clinic_id AND t.id = r.recall_type_id
    WHERE r.clinic_id = :clinic AND r.patient_id = :patient AND r.deleted_at IS NULL
    ORDER BY r.due_on NULLS LAST, t.name, r.id
    """  # noqa: S608 - put together from the constants here
)

TYPES: Final = text(
    """
    SELECT t.id, t.version, t.code, t.name, t.every, t.unit, t.replaces_id, t.under_age, t.active,
           coalesce((SELECT jsonb_agg(x.treatment_id ORDER BY x.treatment_id)
                     FROM recall_type_treatment x
                     WHERE x.clinic_id = t.clinic_id AND x.recall_type_id = t.id
                       AND x.deleted_at IS NULL), '[]') AS treatment_ids
    FROM recall_type t
    WHERE t.clinic_id = :clinic AND t.deleted_at IS NULL
    ORDER BY t.name, t.id
    """
)
LINKS: Final = text(
    """
    SELECT x.id, x.version, x.treatment_id, x.deleted_at FROM recall_type_treatment x
    WHERE x.clinic_id = :clinic AND x.recall_type_id = :type
    """
)
HAS: Final = text(
    """
    SELECT r.id, r.version, r.deleted_at FROM recall r
    WHERE r.clinic_id = :clinic AND r.patient_id = :patient AND r.recall_type_id = :type
    """
)
