"""A dump and its segments bring back every row of every table, whatever happened in between."""

import threading

from sqlalchemy import text

from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.ids import new_id
from clinic_desktop.services.backup.dump import make_full
from clinic_desktop.services.backup.restore import let_in, read_chain, restore
from clinic_desktop.services.backup.tail import make_tail
from clinic_desktop.services.clinic import service as clinic
from clinic_desktop.services.clinic.schemas import ChairValues
from clinic_desktop.services.installation.local import reachable
from tests.cluster import PASSWORD


class TestRoundTrip:
    def test_dump_alone(self, ground, make) -> None:
        make.patient(given="Ana")
        manifest = make_full(ground.dsn, ground.folder, ground.recipients)
        chain = read_chain([ground.folder / manifest.name], ground.identities)
        assert chain.last == manifest
        back = restore(chain, ground.identities, ground.target, people=False)
        assert ground.rows(ground.copy) == ground.rows(ground.database.name)
        assert back.rows == sum(manifest.counts.values())

    def test_segments_while_people_work(self, ground, make, sign_in) -> None:
        """Two people write all the time; each segment is a moment between two commits."""
        make.patient(given="Ana")
        last = make_full(ground.dsn, ground.folder, ground.recipients)
        files, stop, wrong = [ground.folder / last.name], threading.Event(), []
        admin, desk = sign_in("u_admin"), sign_in("u_front")

        def register() -> None:
            try:
                n = 0
                while not stop.is_set():
                    n += 1
                    make.patient(given=f"Ben {n}", family="Carver")
            except Exception as error:  # noqa: BLE001 - told below
                wrong.append(error)

        working = threading.Thread(target=register)
        working.start()
        try:
            for n in range(3):
                chair = new_id()
                with admin.writing() as ctx:
                    clinic.add_chair(ctx, chair, ChairValues(name=f"Room {n}", position=n))
                with admin.writing() as ctx:
                    clinic.change_chair(ctx, chair, 1, ChairValues(name=f"Room {n}b", position=9))
                made = make_tail(ground.dsn, ground.folder, ground.recipients, last)
                assert made is not None
                last = made
                files.append(ground.folder / last.name)
        finally:
            stop.set()
            working.join()
        assert wrong == []
        patient = make.patient(given="Cy", sticky_note="to be erased")
        make.appointment(patient, make.provider(), chair_id=make.chair())
        make.product(counted=12)
        with desk.writing() as ctx:
            ctx.connection.execute(
                text("SELECT * FROM read_history(:clinic, 'patient', :row)"),
                {"clinic": ctx.clinic_id, "row": patient},
            )
        _erase_values(ground, admin, patient)
        last = make_tail(ground.dsn, ground.folder, ground.recipients, last)
        files.append(ground.folder / last.name)
        assert make_tail(ground.dsn, ground.folder, ground.recipients, last) is None
        restore(
            read_chain(files, ground.identities), ground.identities, ground.target, people=False
        )
        assert ground.rows(ground.copy) == ground.rows(ground.database.name)

    def test_people_come_back_and_one_is_let_in(self, ground, make) -> None:
        manifest = make_full(ground.dsn, ground.folder, ground.recipients)
        chain = read_chain([ground.folder / manifest.name], ground.identities)
        address = ground.database.cluster.address
        back = restore(chain, ground.identities, ground.target)
        try:
            assert {"u_admin", "u_front"} <= set(back.logins)
            assert not reachable(address.dsn("u_admin", PASSWORD, ground.copy))
            admin = address.superuser_dsn(ground.copy)
            let_in(admin, "u_admin", "a new password of hers")
            assert reachable(address.dsn("u_admin", "a new password of hers", ground.copy))
            assert not reachable(address.dsn("u_front", PASSWORD, ground.copy))
        finally:
            _passwords_again(ground, back.logins)


def _erase_values(ground, admin, patient) -> None:
    """Remove the values of the log as an erasure does, and leave an entry about that person."""
    with admin.writing() as ctx:
        ctx.connection.execute(
            text("SELECT erase_values(:clinic, :patient)"),
            {"clinic": ctx.clinic_id, "patient": patient},
        )
    with open_connection(ground.database.superuser()) as connection:
        connection.execute("SET search_path = clinic, pg_catalog")
        connection.execute(
            "UPDATE patient SET sticky_note = 'erased', version = version + 1 WHERE id = %s",
            (patient,),
        )


def _passwords_again(ground, logins) -> None:
    """The people of the run's server are shared by the tests."""
    admin = ground.database.cluster.address.superuser_dsn()
    with open_connection(admin) as connection:
        for login in logins:
            proof = connection.pgconn.encrypt_password(
                PASSWORD.encode(), login.encode(), b"scram-sha-256"
            ).decode()
            connection.execute(f"ALTER ROLE \"{login}\" LOGIN PASSWORD '{proof}'".encode())
