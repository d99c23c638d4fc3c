"""The statements of the search: a walk along the words of an index, or two sets that meet.

A *span* is a pair of words: what lies from the first to before the second fits.
"""

from typing import Final

from sqlalchemy import text

from clinic_desktop.db.prepared import Prepared
from clinic_desktop.services.patients.lines import COLUMNS, lines

Spans = tuple[tuple[str, str], ...]

# The typed word with the fewest finds is walked along in the order of its index. A patient is taken
# once, at the first of their own words that fits, and is checked for the other typed words by
# their own list, written in one line each; a needle is a word's beginning behind a line break.
# - One row comparison says where the walk begins: beside a plain "word >=", the server (16) would
#   begin at the weaker of the two and read half the index.
# - OFFSET 0 keeps the record a look-up for each word: joined freely, the server would at times
#   rather read the whole table.
_WALK: Final = """
    SELECT w.word, w.sort_key, p.*
    FROM patient_word w
    CROSS JOIN LATERAL (
        SELECT {columns}
        FROM (SELECT r.*, E'\\n' || array_to_string(r.words, E'\\n') || E'\\n' AS lines
              FROM patient r WHERE r.clinic_id = :clinic AND r.id = w.patient_id
                AND r.deleted_at IS NULL AND r.status = ANY (CAST(:statuses AS text[]))
              OFFSET 0) p
        WHERE strpos(p.lines, {needle}) = strpos(p.lines, E'\\n' || w.word || E'\\n')
          {others}
        OFFSET 0
    ) p
    WHERE w.clinic_id = :clinic AND w.word < {high}
      AND (w.word, w.sort_key, w.patient_id) > ({start})
    ORDER BY w.word, w.sort_key, w.patient_id LIMIT :limit"""
ALL_OF: Final = "AND p.lines LIKE ALL (CAST(:patterns AS text[]))"
# A word that can be meant in several ways fits when one of them does.
ONE_OF_EACH: Final = """
          AND :others = (SELECT count(DISTINCT o.term)
                         FROM unnest(CAST(:terms AS int[]), CAST(:needles AS text[]))
                              AS o(term, needle)
                         WHERE strpos(p.lines, o.needle) > 0)"""
# Nobody is found by the second meaning of the walked word who is found by the first.
_FIRST_MEANING: Final = """
          AND r.n = (SELECT min(q.n) FROM unnest(CAST(:own_needles AS text[]))
                     WITH ORDINALITY AS q(needle, n) WHERE strpos(p.lines, q.needle) > 0)"""
_MEANINGS: Final = """
    SELECT walked.*
    FROM unnest(CAST(:own_needles AS text[]), CAST(:words AS text[]), CAST(:keys AS text[]),
                CAST(:afters AS uuid[]), CAST(:highs AS text[]))
         WITH ORDINALITY AS r(needle, word, key, after, high, n)
    CROSS JOIN LATERAL ({walk}) walked
    ORDER BY walked.word, walked.sort_key, walked.id LIMIT :limit"""


def _walk(*, meanings: bool, others: str) -> Prepared:
    """Return the search along a word of one meaning or several, with the other typed words."""
    walk = _WALK.format(
        columns=COLUMNS,
        needle="r.needle" if meanings else ":needle",
        start="r.word, r.key, r.after" if meanings else ":word, :key, :after",
        high="r.high" if meanings else ":high",
        others=(_FIRST_MEANING if meanings else "") + others,
    )
    hit = _MEANINGS.format(walk=walk) if meanings else walk
    return lines(hit, "h.word, h.sort_key, h.id")


WALKS: Final = {
    (meanings, others): _walk(meanings=meanings, others=others)
    for meanings in (False, True)
    for others in ("", ALL_OF, ONE_OF_EACH)
}
# Two words that are both neither rare nor everybody's: what each finds is laid side by side, which
# reads two stretches of one index, instead of looking up every record the rarer one finds.
_MEETING: Final = """
    SELECT c.word, c.sort_key, p.*
    FROM (
        SELECT o.patient_id, min(o.word COLLATE "C") AS word, min(o.sort_key) AS sort_key
        FROM (SELECT w.patient_id, w.word, w.sort_key
              FROM unnest(CAST(:lows AS text[]), CAST(:highs AS text[])) AS r(low, high)
              CROSS JOIN LATERAL (
                  SELECT * FROM patient_word v WHERE v.clinic_id = :clinic
                     AND v.word >= r.low AND v.word < r.high OFFSET 0) w) o
        WHERE o.patient_id IN (
            SELECT w.patient_id
            FROM unnest(CAST(:met_lows AS text[]), CAST(:met_highs AS text[])) AS r(low, high)
            CROSS JOIN LATERAL (
                SELECT v.patient_id FROM patient_word v WHERE v.clinic_id = :clinic
                   AND v.word >= r.low AND v.word < r.high OFFSET 0) w)
        GROUP BY o.patient_id
        ORDER BY word, sort_key, patient_id
    ) c
    CROSS JOIN LATERAL (
        SELECT {columns}
        FROM (SELECT r.*, E'\\n' || array_to_string(r.words, E'\\n') || E'\\n' AS lines
              FROM patient r WHERE r.clinic_id = :clinic AND r.id = c.patient_id
                AND r.deleted_at IS NULL AND r.status = ANY (CAST(:statuses AS text[]))
              OFFSET 0) p
        WHERE true {others}
        OFFSET 0
    ) p
    WHERE (c.word, c.sort_key, c.patient_id) > (:word, :key, :after)
    ORDER BY c.word, c.sort_key, c.patient_id LIMIT :limit"""
MEETINGS: Final = {
    others: lines(_MEETING.format(columns=COLUMNS, others=others), "h.word, h.sort_key, h.id")
    for others in (ALL_OF, ONE_OF_EACH)
}
COUNT: Final = Prepared(
    text(
        """
    SELECT r.term, sum(c.found) AS found
    FROM unnest(CAST(:terms AS int[]), CAST(:lows AS text[]), CAST(:highs AS text[]))
         AS r(term, low, high)
    CROSS JOIN LATERAL (
        SELECT count(*) AS found FROM (
            SELECT FROM patient_word w WHERE w.clinic_id = :clinic
               AND w.word >= r.low AND w.word < r.high LIMIT :most) counted
    ) c
    GROUP BY r.term ORDER BY found, r.term
    """
    )
)
