"""Whatever points at a patient moves with a merge, or is named as kept."""

from clinic_desktop.db.connect import open_connection
from clinic_desktop.models import Model

# What speaks of a record as such and stays with it, each with its reason.
KEPT = {
    ("patient_merge", "survivor_id"): "the merges themselves",
    ("patient_merge", "merged_id"): "the merges themselves",
    ("patient_distinct", "first_id"): "two records that somebody compared",
    ("patient_distinct", "second_id"): "two records that somebody compared",
    ("patient", "merged_into_id"): "where a merged record forwards to",
    ("patient_word", "patient_id"): "derived: follows the record's own words",
    ("patient_key", "patient_id"): "derived: follows the record's own tags and birth",
    ("broken_visit", "patient_id"): "derived: follows the appointments",
    ("change_log", "patient_id"): "history: what was written then of that record",
    ("change_stage", "patient_id"): "history under way",
    ("access_log", "patient_id"): "history: who opened that record",
}


class TestEveryTable:
    def test_nothing_that_points_at_a_patient_is_forgotten(self, database) -> None:
        with open_connection(database.superuser()) as connection:
            moved = {
                (tbl, col)
                for tbl, col, _single in connection.execute(
                    "SELECT * FROM clinic.patient_columns()"
                )
            }
        pointing = set()
        for table in Model.metadata.tables.values():
            for column in table.columns:
                refers = {key.column.table.name for key in column.foreign_keys}
                named = column.name in {"patient_id", "payer_id", "guardian_id"}
                if column.name != "clinic_id" and (named or "patient" in refers):
                    pointing.add((table.name, column.name))
        assert pointing - moved - KEPT.keys() == set()
        assert moved & KEPT.keys() == set()
        assert moved <= pointing
