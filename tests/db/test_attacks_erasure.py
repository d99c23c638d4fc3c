"""Raw SQL around an erasure: nobody erases without the right, nothing lives in an erased record."""

import psycopg
import pytest

from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.ids import new_id
from tests.cluster import CLINIC, OTHER_CLINIC
from tests.services.erasing import MARK, People

ERASE = "SELECT erase_patient(%s, %s, %s, %s, %s)"


@pytest.fixture
def people(database, make, sign_in) -> People:
    return People(database, make, sign_in)


@pytest.fixture
def run(database):
    """``run(login, statement, values)`` in one transaction of its own; returns the refusal."""

    def one(login, *statements) -> tuple[str, str]:
        with open_connection(database.person(login), autocommit=False) as connection:
            connection.execute("SET search_path = clinic, pg_catalog")
            connection.execute("SELECT set_config('clinic.api_clinic', %s, false)", (str(CLINIC),))
            try:
                for statement, values in statements:
                    touched = connection.execute(statement.encode(), values).rowcount
                connection.commit()
            except psycopg.Error as error:
                return error.sqlstate or "", error.diag.constraint_name or ""
        return ("", "") if touched else ("no row", "")

    return one


class TestTheRight:
    @pytest.mark.parametrize(
        "login", ["u_front", "u_dentist", "u_manager", "u_other", "clinic_api", "clinic_worker"]
    )
    def test_nobody_without_it(self, people, run, login) -> None:
        who = people.full()
        for clinic in (CLINIC, OTHER_CLINIC):
            code, _name = run(login, (ERASE, (clinic, new_id(), who, "asked", "early")))
            assert code in ("42501", "CD003"), (clinic, code)
        with people.admin.reading() as ctx:
            row = ctx.connection.exec_driver_sql("SELECT given, erased_at FROM patient").first()
        assert row == (MARK, None)

    def test_nor_does_an_administrator_get_around_what_is_asked(self, people, run, make) -> None:
        unpaid, coming = people.full(paid=False), make.patient()
        make.appointment(coming, people.provider, starts_at=_far(), chair_id=None)
        full = people.full()
        merged = make.patient(given="Qztwin")
        with people.admin.writing() as ctx:
            ctx.connection.exec_driver_sql(
                "SELECT merge_patients(%s, %s, %s, %s, '{}', '{}')",
                (CLINIC, new_id(), full, merged),
            )
        for who, reason, early, expected in (
            (unpaid, "asked", "early", "erase_balance"),
            (coming, "asked", "early", "erase_coming"),
            (full, " ", "early", "erase_reason"),
            (full, "asked", "", "erase_early_reason"),
            (full, f"{MARK.upper()} asked", "early", "erase_reason_names"),
            (full, "asked", f"because {MARK} says so", "erase_reason_names"),
            (merged, "asked", "early", "erase_merged"),
        ):
            got = run("u_admin", (ERASE, (CLINIC, new_id(), who, reason, early)))
            assert got == ("CD007", expected)
        theirs = run("u_admin", (ERASE, (OTHER_CLINIC, new_id(), full, "asked", "early")))
        assert theirs[0] == "42501"


def _far():
    from datetime import UTC, datetime

    return datetime(2199, 1, 5, tzinfo=UTC)


class TestAfterwards:
    def test_nothing_is_written_in_an_erased_record_by_anybody(self, people, run, make) -> None:
        who, other = people.full(), make.patient()
        people.erase(who)
        draft = "INSERT INTO patient_alert (clinic_id, id, patient_id, kind, severity, text,"
        draft += " noted_on) VALUES (%s, %s, %s, 'other', 'context', 'back', '2026-01-01')"
        for statement, values in (
            ("UPDATE patient SET erased_at = NULL, deleted_at = NULL, given = 'Back',"
             " version = version + 1 WHERE id = %s", (who,)),
            ("UPDATE patient SET phone = '1', version = version + 1 WHERE id = %s", (who,)),
            ("UPDATE patient SET deleted_at = NULL, version = version + 1 WHERE id = %s", (who,)),
            ("UPDATE invoice SET bill_to = 'x', version = version + 1 WHERE patient_id = %s",
             (who,)),
            ("UPDATE appointment SET remark = 'x', version = version + 1 WHERE patient_id = %s",
             (who,)),
            ("UPDATE chart_item SET remark = 'x', version = version + 1 WHERE patient_id = %s",
             (who,)),
            (draft, (CLINIC, new_id(), who)),
            ("SELECT merge_patients(%s, %s, %s, %s, '{}', '{}')", (CLINIC, new_id(), who, other)),
            ("SELECT merge_patients(%s, %s, %s, %s, '{}', '{}')", (CLINIC, new_id(), other, who)),
            (ERASE, (CLINIC, new_id(), who, "asked", "early")),
            ("UPDATE erasure SET reason = 'x', version = version + 1", ()),
            ("DELETE FROM erasure", ()),
        ):  # fmt: skip
            for login in ("u_admin", "u_front"):
                # Who may not see a row at all touches none.
                code, _name = run(login, (statement, values))
                assert code in ("CD007", "CD002", "CD006", "42501", "no row"), (
                    login,
                    statement,
                    code,
                )

    def test_the_mark_of_an_erasure_is_gone_when_it_returns(self, people, run, make) -> None:
        """What passes the guards inside the function does not pass after it, in one transaction."""
        who, other = make.patient(), people.full()
        note = "UPDATE note SET status = 'draft', version = version + 1 WHERE patient_id = %s"
        got = run(
            "u_admin",
            (ERASE, (CLINIC, new_id(), who, "asked", "early")),
            (note + " AND status = 'signed'", (other,)),
        )
        assert got == ("CD002", "note_signed")
        with people.admin.reading() as ctx:
            row = ctx.connection.exec_driver_sql(
                "SELECT erased_at FROM patient WHERE id = %s", (who,)
            ).first()
        assert row == (None,)

    def test_a_forged_name_is_no_erasure(self, people, run, make) -> None:
        """Somebody called as erased records are is a patient like any other."""
        who = make.patient(given="Erased record", family="00099")
        assert run(
            "u_front",
            ("UPDATE patient SET phone = '1', version = version + 1 WHERE id = %s", (who,)),
        ) == ("", "")
        made = run(
            "u_admin",
            (
                "INSERT INTO patient (clinic_id, id, number, given, family, phone, sort_key, words,"
                " erased_at, deleted_at) VALUES (%s, %s, '00077', 'Erased record', '00077', '', '',"
                " '{}', now(), now())",
                (CLINIC, new_id()),
            ),
        )
        assert made[0] in ("CD007", "23514")
