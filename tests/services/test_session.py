"""Sign-in, contexts and the feed on a real clinic."""

import threading

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from clinic_desktop.db.connect import open_connection
from clinic_desktop.db.engine import driver_connection
from clinic_desktop.errors import (
    ConflictError,
    InvalidError,
    NotAllowedError,
    StaleError,
    UnreachableError,
)
from clinic_desktop.models import ChangeLog, Patient
from clinic_desktop.services.context import Context
from clinic_desktop.services.rows import add_row, change_row
from clinic_desktop.services.session import SignedIn


class TestSignedIn:
    def test_who(self, sign_in) -> None:
        who = sign_in("u_dentist").who
        assert (who.name, who.clinic_name, who.currency) == (
            "Dr Amara Nwosu",
            "Harbour Street Dental",
            "EUR",
        )
        assert who.may("clinical.write")
        assert not who.may("staff.write")

    def test_changes_are_logged_and_heard(self, sign_in, make) -> None:
        heard: list[object] = []
        told = threading.Event()
        listener = sign_in("u_dentist", device="chair-2")

        def on_topics(topics: frozenset[object]) -> None:
            heard.append(topics)
            told.set()

        listener.listen(on_topics, lambda: None, lambda: None)
        # The feed starts from where the log stands once it listens; touch until it hears.
        for _attempt in range(50):
            patient = make.patient()
            if told.wait(0.1):
                break
        assert any(topic.table == "patient" for topics in heard for topic in topics)
        with sign_in("u_front").reading() as ctx:
            entry = ctx.connection.execute(
                select(ChangeLog.login, ChangeLog.device, ChangeLog.op).where(
                    ChangeLog.row_id == patient
                )
            ).one()
        assert tuple(entry) == ("u_admin", "pc-1", "I")

    def test_server_started_again_elsewhere_is_found_by_every_line(self, database, make) -> None:
        """On Windows it has another port each time; here the folder of its socket stands for it."""
        there = database.person("u_front")
        signed_in = SignedIn(there, device="pc-1", revive=lambda: there)
        told = threading.Event()
        back = threading.Event()
        signed_in._link.dsn["host"] = "/nowhere"
        for engine in signed_in.engines:
            engine.dispose()
        signed_in.listen(lambda _topics: told.set(), lambda: None, back.set)
        with pytest.raises(UnreachableError), signed_in.reading():
            pass
        signed_in.ping()
        with signed_in.writing() as ctx:
            assert ctx.who.name == "Siobhán Keane"
        assert back.wait(10)
        make.patient()
        assert told.wait(10)
        signed_in.close()

    def test_stale_save_is_refused(self, sign_in, make) -> None:
        patient = make.patient()
        front = sign_in("u_front")
        with front.writing() as ctx:
            assert change_row(ctx, Patient, id=patient, version=1, phone="+353865550143") == 2
        with pytest.raises(StaleError), front.writing() as ctx:
            change_row(ctx, Patient, id=patient, version=1, phone="+353865550144")

    def test_same_act_twice_is_one(self, sign_in, make) -> None:
        patient = make.patient()
        with sign_in("u_front").writing() as ctx:
            assert not add_row(
                ctx, Patient, id=patient, given="x", number="", phone="1", sort_key="x", words=["x"]
            )

    def test_double_booking_is_refused_in_words(self, sign_in, make) -> None:
        patient, provider = make.patient(), make.provider()
        make.appointment(patient, provider)
        with pytest.raises(ConflictError, match="taken"):
            make.appointment(patient, provider, minutes=60)

    def test_notes_are_closed_to_the_front_desk(self, sign_in) -> None:
        with pytest.raises(NotAllowedError), sign_in("u_front").reading() as ctx:
            ctx.connection.execute(text("SELECT body FROM note_version"))

    def test_a_line_closed_by_the_server_is_replaced(self, sign_in, database) -> None:
        front = sign_in("u_front")
        for _round in range(2):
            with front.writing() as ctx:
                ctx.connection.execute(text("SELECT 1"))
            with open_connection(database.superuser()) as admin:
                admin.execute(
                    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                    " WHERE usename = 'u_front' AND datname = current_database()"
                )


HELD = text(
    "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
    " WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.objid = 7"
)


def _fail(ctx: Context) -> None:
    ctx.connection.execute(text("SELECT pg_advisory_xact_lock(7)"))
    try:
        ctx.connection.execute(text("SELECT 1 / 0"))
    except DBAPIError:
        with ctx.fresh() as fresh:
            assert fresh.connection.execute(HELD).scalar_one() == 0
        raise


def test_a_failed_transaction_holds_nothing_while_it_is_explained(signed_in) -> None:
    with pytest.raises(InvalidError), signed_in.writing() as ctx:
        _fail(ctx)

    def test_a_line_in_use_at_the_end_is_closed_when_given_back(self, sign_in) -> None:
        """Else it stays open on the server until something happens to collect it."""
        leaving = sign_in("u_front")
        with leaving.reading() as ctx:
            in_use = driver_connection(ctx.connection)
            leaving.close()
            assert not in_use.closed
        assert in_use.closed
