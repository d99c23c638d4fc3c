"""What only a merge may do is refused to whoever tries it by hand."""

import psycopg
import pytest

from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.ids import new_id
from tests.cluster import CLINIC


class TestAttacks:
    """Raw SQL as people who may merge, and who may not."""

    def _refused(self, database, login, statement, *values, match=None) -> None:
        with open_connection(database.person(login), autocommit=False) as connection:
            connection.execute("SET search_path = clinic")
            with pytest.raises(psycopg.Error, match=match):
                connection.execute(statement.encode(), values)
            connection.rollback()

    def test_functions(self, database, make, merge) -> None:
        ana, anna = make.patient("Ana"), make.patient("Anna")
        for login in ("u_front", "u_other"):
            self._refused(
                database,
                login,
                "SELECT merge_patients(%s, %s, %s, %s, '{}', '{}')",
                CLINIC,
                new_id(),
                ana,
                anna,
                match="right",
            )
        for call in ("move_records(%s, %s, %s, NULL)",):
            self._refused(
                database, "u_admin", f"SELECT {call}", CLINIC, ana, anna, match="permission"
            )

    def test_forged_merge(self, database, make, merge) -> None:
        ana, anna, other = make.patient("Ana"), make.patient("Anna"), make.patient("Other")
        merge_id = merge(ana, anna)
        self._refused(
            database,
            "u_admin",
            "INSERT INTO patient_merge (clinic_id, id, survivor_id, merged_id, moved, before,"
            " taken) VALUES (%s, %s, %s, %s, '{}', '{}', '{}')",
            CLINIC,
            new_id(),
            ana,
            other,
            match="merge_patients",
        )
        self._refused(
            database,
            "u_admin",
            "UPDATE patient_merge SET moved = '{}', version = version + 1 WHERE id = %s",
            merge_id,
            match="merge_patients",
        )

    def test_forwarding_by_hand(self, database, make, merge) -> None:
        ana, anna, other = make.patient("Ana"), make.patient("Anna"), make.patient("Other")
        merge(ana, anna)
        for statement, who in (
            ("merged_into_id = NULL, deleted_at = NULL", anna),
            ("deleted_at = now(), merged_into_id = %s".replace("%s", f"'{ana}'"), other),
            ("given = 'x'", anna),
        ):
            self._refused(
                database,
                "u_admin",
                f"UPDATE patient SET {statement}, version = version + 1 WHERE id = %s",
                who,
                match="closed",
            )

    def test_guards_stand_outside_a_merge(self, database, full, make) -> None:
        ana, other = full("Ana"), make.patient("Other")
        for table, login in (("note", "u_dentist"), ("invoice", "u_admin")):
            self._refused(
                database,
                login,
                f"UPDATE {table} SET patient_id = %s, version = version + 1 WHERE patient_id = %s",
                other,
                ana,
            )
        self._refused(
            database, "u_admin", "UPDATE posting SET patient_id = %s", other, match="permission"
        )
        self._refused(database, "u_admin", "INSERT INTO record_move VALUES (1)", match="permission")

    def test_another_clinics_record(self, database, make, sign_in) -> None:
        self._refused(
            database,
            "u_other",
            "SELECT unmerge_patients(%s, %s)",
            CLINIC,
            new_id(),
            match="right",
        )
