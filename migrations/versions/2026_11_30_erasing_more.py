"""What came after erasing and merging is erased and moved as well.

An erasure empties photo, consents, stars, tags, recalls and wishes; a merge moves images, which
their guard had kept with the record that they were added to.
"""

from clinic_desktop.db.patching import replace_in

revision = "2026_11_30_erasing_more"
down_revision = "2026_11_30_waiting"
branch_labels = None
depends_on = None

_BEFORE = "    -- The record itself. Its number stays: kept papers and rows are found by it.\n"
_FIELDS = "sticky_note = '', alerts_reviewed_at = NULL"
_MORE_FIELDS = "deceased_on = NULL, tags = '{}', photo_id = NULL, " + _FIELDS
_MORE = """    -- How they may be reached and what they come back or wait for.
    DELETE FROM clinic.patient_consent c
    WHERE c.clinic_id = in_clinic AND c.patient_id = ANY (in_ids);
    DELETE FROM clinic.patient_star s
    WHERE s.clinic_id = in_clinic AND s.patient_id = ANY (in_ids);
    DELETE FROM clinic.recall_attempt a
    WHERE a.clinic_id = in_clinic AND a.patient_id = ANY (in_ids);
    DELETE FROM clinic.recall r WHERE r.clinic_id = in_clinic AND r.patient_id = ANY (in_ids);
    DELETE FROM clinic.waiting_offer o
    WHERE o.clinic_id = in_clinic AND o.patient_id = ANY (in_ids);
    DELETE FROM clinic.waiting_request w
    WHERE w.clinic_id = in_clinic AND w.patient_id = ANY (in_ids);

"""
# After the record itself, which shows one of them.
_AFTER = "    UPDATE clinic.household h SET payer_id = NULL, version = h.version + 1\n"
_PHOTOS = """    DELETE FROM clinic.patient_photo f
    WHERE f.clinic_id = in_clinic AND f.patient_id = ANY (in_ids);
"""
_BEGIN = "\nBEGIN\n"
_LET_MOVE = """    IF TG_OP = 'UPDATE' THEN
        IF clinic.is_moving() THEN
            RETURN NEW;
        END IF;
    END IF;
"""
CHANGES = (
    ("empty_records", _BEFORE, _MORE + _BEFORE),
    ("empty_records", _FIELDS, _MORE_FIELDS),
    ("empty_records", _AFTER, _PHOTOS + _AFTER),
    ("guard_attachment", _BEGIN, _BEGIN + _LET_MOVE),
)


def upgrade() -> None:
    for name, old, new in CHANGES:
        replace_in(name, old, new)


def downgrade() -> None:
    for name, old, new in reversed(CHANGES):
        replace_in(name, new, old)
