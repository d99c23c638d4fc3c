"""A dump and its segments bring back every row of every table, whatever happened in between."""

import threading

import pytest
from sqlalchemy import text

from clinic_desktop.db import cluster as db_cluster
from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import SetupError
from clinic_desktop.services.backup.dump import make_full
from clinic_desktop.services.backup.restore import read_chain, restore
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

    def test_beside_the_clinic_itself_its_people_keep_their_passwords(self, ground, make) -> None:
        """Logins are the server's: a copy that is looked into must not lock the clinic out."""
        manifest = make_full(ground.dsn, ground.folder, ground.recipients)
        chain = read_chain([ground.folder / manifest.name], ground.identities)
        address = ground.database.cluster.address
        back = restore(chain, ground.identities, ground.target)
        assert back.logins == ()
        for name in (ground.database.name, ground.copy):
            assert reachable(address.dsn("u_admin", PASSWORD, name))

    def test_people_of_another_clinic_are_left_alone(self, ground, make) -> None:
        manifest = make_full(ground.dsn, ground.folder, ground.recipients)
        chain = read_chain([ground.folder / manifest.name], ground.identities)
        with open_connection(ground.database.superuser()) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute(
                "UPDATE clinic.clinic SET (id, clinic_id) = (SELECT u, u FROM"
                " CAST(overlay(id::text PLACING 'ffff' FROM 1) AS uuid) u)"
            )
        with pytest.raises(SetupError, match="another clinic on this server"):
            restore(chain, ground.identities, ground.target)
        address = ground.database.cluster.address
        assert reachable(address.dsn("u_admin", PASSWORD, ground.database.name))
        assert not db_cluster.has_database(address.superuser_dsn(), ground.copy)


def test_two_dumps_of_one_second_lie_beside_each_other(ground) -> None:
    made = [make_full(ground.dsn, ground.folder, ground.recipients) for _turn in range(3)]
    names = [one.name for one in made]
    assert len(set(names)) == 3
    assert names == sorted(names)
    assert {file.name for file in ground.folder.glob("*-full.age")} >= set(names)


def _erase_values(ground, admin, patient) -> None:
    """Remove the values of the log as an erasure does, and leave an entry about that person."""
    with open_connection(ground.database.superuser()) as connection:
        connection.execute(
            "GRANT EXECUTE ON FUNCTION clinic.erase_values(uuid, uuid) TO clinic_staff"
        )
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
