"""Words of records that were only just added are indexed without asking whether they are there."""

from clinic_desktop.db.patching import replace_in

revision = "2026_11_30_fresh_words"
down_revision = "2026_11_30_recall_log"
branch_labels = None
depends_on = None

_CAREFUL = """        INSERT INTO clinic.patient_word (clinic_id, word, sort_key, patient_id)
        SELECT of_clinic, w.word COLLATE "C", p.sort_key, p.id
        FROM clinic.word_stage s
        CROSS JOIN LATERAL unnest(s.ids) AS i(id)
        JOIN clinic.patient p ON p.clinic_id = of_clinic AND p.id = i.id
        CROSS JOIN LATERAL unnest(p.words) AS w(word)
        WHERE s.xact = this_xact AND s.clinic_id = of_clinic AND p.deleted_at IS NULL
        ORDER BY 2, 3, 4
        ON CONFLICT DO NOTHING;
"""
# A conflict that may be passed over costs each row a look before and a confirmation after, a third
# of all. Only a record that was changed since, and has another version, can have words already.
_FRESH = """        INSERT INTO clinic.patient_word (clinic_id, word, sort_key, patient_id)
        SELECT of_clinic, d.word, d.sort_key, d.id
        FROM (SELECT DISTINCT w.word COLLATE "C" AS word, p.sort_key, p.id
              FROM clinic.word_stage s
              CROSS JOIN LATERAL unnest(s.ids) AS i(id)
              JOIN clinic.patient p ON p.clinic_id = of_clinic AND p.id = i.id
              CROSS JOIN LATERAL unnest(p.words) AS w(word)
              WHERE s.xact = this_xact AND s.clinic_id = of_clinic AND p.deleted_at IS NULL
                AND p.version = 1) d
        ORDER BY 2, 3, 4;
"""
_CHANGED = _CAREFUL.replace("p.deleted_at IS NULL", "p.deleted_at IS NULL AND p.version > 1")
# Sorted for the index, equal ones stand together: no table of them has to be made.
_MEMORY = "SET work_mem TO '64MB'\n"
_SORTED = f"{_MEMORY} SET enable_hashagg TO 'off'\n"


def upgrade() -> None:
    replace_in("index_staged_words", _CAREFUL, _FRESH + _CHANGED)
    replace_in("index_staged_words", _MEMORY, _SORTED)


def downgrade() -> None:
    replace_in("index_staged_words", _SORTED, _MEMORY)
    replace_in("index_staged_words", _FRESH + _CHANGED, _CAREFUL)
