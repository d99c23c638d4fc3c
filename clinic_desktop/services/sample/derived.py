"""The rows that triggers keep otherwise, made of the whole after a filling without them."""

from datetime import datetime
from typing import Final
from uuid import UUID

from clinic_desktop.services.sample.store import Store

_WORDS: Final = """
INSERT INTO patient_word (clinic_id, word, sort_key, patient_id)
SELECT DISTINCT p.clinic_id, w, p.sort_key, p.id FROM patient p, unnest(p.words) w
ORDER BY 1, 2, 3, 4
"""
_KEYS: Final = """
INSERT INTO patient_key (clinic_id, key, sort_key, patient_id)
SELECT p.clinic_id, k.key, p.sort_key, p.id
FROM patient p, list_keys(p.tags, p.born) AS k(key)
ORDER BY 1, 2, 3, 4
"""
# Keys come from what they name, so that the same seed gives the same clinic.
_RECALLS: Final = """
INSERT INTO recall (clinic_id, id, patient_id, recall_type_id, last_on, due_on)
SELECT d.clinic_id, md5(d.patient_id || ' ' || d.recall_type_id)::uuid, d.patient_id,
       d.recall_type_id, d.last_on,
       d.last_on + CASE t.unit WHEN 'week' THEN make_interval(weeks => t.every)
                               ELSE make_interval(months => t.every) END
FROM (SELECT a.clinic_id, a.patient_id, x.recall_type_id,
             max((a.starts_at AT TIME ZONE %(zone)s)::date) AS last_on
      FROM appointment a
      JOIN appointment_treatment l ON l.clinic_id = a.clinic_id AND l.appointment_id = a.id
      JOIN recall_type_treatment x
           ON x.clinic_id = a.clinic_id AND x.treatment_id = l.treatment_id
      WHERE a.status = 'done'
      GROUP BY a.clinic_id, a.patient_id, x.recall_type_id) d
JOIN recall_type t ON t.clinic_id = d.clinic_id AND t.id = d.recall_type_id
ORDER BY d.last_on, d.patient_id
"""
# A third of those who are overdue were called, in the last days, once each.
_ATTEMPTS: Final = """
INSERT INTO recall_attempt
    (clinic_id, id, patient_id, recall_id, at, channel, outcome, person_id)
SELECT r.clinic_id, md5(r.id || ' called')::uuid, r.patient_id, r.id,
       %(now)s - make_interval(days => 1 + ascii(right(r.id::text, 1)) %% 9),
       'phone', (ARRAY['no_answer', 'message_left', 'will_call'])[1 + ascii(r.id::text) %% 3],
       %(caller)s
FROM recall r
WHERE r.due_on < (%(now)s AT TIME ZONE %(zone)s)::date AND left(r.id::text, 1) < '5'
ORDER BY r.id
"""
_TAKEN: Final = """
INSERT INTO appointment_resource (clinic_id, appointment_id, kind, resource_id, own_time, blocking)
SELECT a.clinic_id, a.id, r.kind, r.resource_id,
       tstzmultirange(tstzrange(a.starts_at, CASE WHEN a.status = 'done'
                      THEN greatest(least(a.ends_at, a.done_at), a.starts_at + interval '1 minute')
                      ELSE a.ends_at END)),
       a.status NOT IN ('cancelled', 'missed', 'rescheduled')
FROM appointment a
CROSS JOIN LATERAL (VALUES ('provider', a.provider_id), ('chair', a.chair_id)) r(kind, resource_id)
ORDER BY a.provider_id, a.starts_at
"""
_BROKEN: Final = """
INSERT INTO broken_visit
    (clinic_id, patient_id, appointment_id, starts_at, provider_id, declined)
SELECT b.* FROM clinic c CROSS JOIN LATERAL last_broken(c.id, NULL) b
"""


def store_words(store: Store) -> None:
    """Store what patients are found and filtered by."""
    store.derive(_WORDS)
    store.derive(_KEYS)


def store_times(store: Store) -> None:
    """Store which times are taken."""
    store.derive(_TAKEN)


def store_broken(store: Store) -> None:
    """Store who did not come; without indexes each visit would be compared with all."""
    store.derive(_BROKEN)


def store_recalls(store: Store, *, zone: str, now: datetime, caller: UUID) -> None:
    """Store when everybody is due again, and whom ``caller`` has called."""
    keys = {"zone": zone, "now": now, "caller": caller}
    store.derive(_RECALLS, keys)
    store.derive(_ATTEMPTS, keys)
