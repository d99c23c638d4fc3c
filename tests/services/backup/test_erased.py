"""Whoever was erased stays erased: in segments, and when an older backup is brought back."""

import psycopg
import pytest

from clinic_desktop.db.connect import open_connection
from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import SetupError
from clinic_desktop.services import patients
from clinic_desktop.services.backup import erased
from clinic_desktop.services.backup.dump import make_full
from clinic_desktop.services.backup.restore import read_chain, restore
from clinic_desktop.services.backup.run import Site, back_up
from clinic_desktop.services.backup.settings import FolderPlace
from clinic_desktop.services.backup.tail import make_tail
from clinic_desktop.services.backup.taking import set_key, take
from clinic_desktop.services.installation.anchors import Anchors
from clinic_desktop.services.installation.verify import verify
from tests.cluster import CLINIC
from tests.places import open_folder
from tests.services.backup.conftest import PASSPHRASE
from tests.services.erasing import EMAIL, LETTER, MARK, People, dumped, traces


@pytest.fixture
def people(database, make, sign_in) -> People:
    return People(database, make, sign_in)


def test_segments_bring_back_the_erasure(ground, people) -> None:
    who = people.full()
    people.full("Benedikt", phone="+353851112233", email="b@b.example")
    first = make_full(ground.dsn, ground.folder, ground.recipients)
    people.erase(who)
    second = make_tail(ground.dsn, ground.folder, ground.recipients, first)
    files = [ground.folder / first.name, ground.folder / second.name]
    chain = read_chain(files, ground.identities)
    back = restore(chain, ground.identities, ground.target, people=False)
    assert back.erased_again == 0
    assert ground.rows(ground.copy) == ground.rows(ground.database.name)


def test_an_older_dump_brings_nobody_back(ground, people, make, tmp_path) -> None:
    who, twin = people.full(), make.patient(given="Qztwin", family="Qztwin")
    people.full("Benedikt", phone="+353851112233", email="b@b.example")
    old = make_full(ground.dsn, ground.folder, ground.recipients)
    # Merged after the backup and erased together: both have to go again.
    with people.admin.writing() as ctx:
        patients.merge(ctx, id=new_id(), survivor_id=who, merged_id=twin)
    people.erase(who)
    listed = erased.remember(ground.dsn, tmp_path / "lists")
    assert [MARK.encode() in file.read_bytes() for file in listed] == [False]
    chain = read_chain([ground.folder / old.name], ground.identities)
    gone = erased.read(listed)
    assert gone == {CLINIC: frozenset({who, twin})}
    back = restore(chain, ground.identities, ground.target, people=False, gone=gone)
    assert back.erased_again == 2
    admin = ground.database.cluster.address.superuser_dsn(ground.copy)
    left = traces(dumped(admin, tmp_path), MARK, "7700911", EMAIL, "qztwin", LETTER + who.bytes)
    kept = left.pop(MARK)
    assert all("Kept Street 1" in line or "Invoice of" in line for line in kept)
    assert left == {needle: [] for needle in left}
    assert all(one.finding is None for one in verify(admin, Anchors(tmp_path / "a.json")))
    with open_connection(admin) as connection:
        told = connection.execute(
            "SELECT count(*) FROM clinic.erasure WHERE person_id IS NULL"
        ).fetchone()
        (others,) = connection.execute(
            "SELECT count(*) FROM clinic.patient WHERE given = 'Benedikt'"
        ).fetchone()
    assert (told[0], others) == (2, 1)


def test_every_place_holds_the_list(database, key, people, tmp_path) -> None:
    with open_folder() as root:
        site = Site(root, database.machine("clinic_backup"))
        set_key(site.kept, key)
        for name in ("usb", "cold"):
            (root / name).mkdir()
            site.kept.add_place(FolderPlace(name=name, folder=root / name, keeps=name == "cold"))
        one, other = people.full(), people.full("Benedikt", phone="+353851112233")
        back_up(site)
        for who in (one, other):
            people.erase(who)
            back_up(site, whole=False)
        names = {name: [f.name for f in erased.lists(root / name)] for name in ("usb", "cold")}
        assert [len(found) for found in names.values()] == [1, 2]
        assert names["usb"][0].endswith("-000002.json")
        taken = take(
            site.kept.read(), site.kept, "usb", tmp_path, identity=None, passphrase=PASSPHRASE
        )
        assert erased.read(taken.erased) == {CLINIC: frozenset({one, other})}


def test_a_list_that_cannot_be_read_stops_the_restore(tmp_path) -> None:
    bad = tmp_path / "erased-00000001-000001.json"
    bad.write_text("[", encoding="utf-8")
    with pytest.raises(SetupError, match="tells who was erased"):
        erased.read([bad])


@pytest.mark.parametrize("login", ["u_admin", "u_front", "clinic_backup", "clinic_worker"])
def test_nobody_but_the_owner_erases_again(database, make, login) -> None:
    who = make.patient()
    with (
        open_connection(database.person(login)) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(
            "SELECT clinic.erase_again(%s, gen_random_uuid(), %s, 'x')", (CLINIC, who)
        )
