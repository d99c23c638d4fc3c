"""Backups of a whole installation: places, catching up, the drill, the upgrade, the worker."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from moto.server import ThreadedMotoServer

from clinic_desktop.db import migrate
from clinic_desktop.db.connect import open_connection
from clinic_desktop.errors import NotAllowedError, SetupError
from clinic_desktop.jobs.engine import Work, make_app, work
from clinic_desktop.secrets import OwnerFile
from clinic_desktop.services.backup import service as backups
from clinic_desktop.services.backup.due import Clock, due_elsewhere, due_of
from clinic_desktop.services.backup.keys import identity_of, make_key
from clinic_desktop.services.backup.local import drill
from clinic_desktop.services.backup.restore import read_chain
from clinic_desktop.services.backup.run import Site, alone, back_up, before_upgrade, last_runs
from clinic_desktop.services.backup.schemas import manifest_name
from clinic_desktop.services.backup.settings import BackupSettings, FolderPlace, S3Place
from clinic_desktop.services.backup.taking import beside, change_passphrase, set_key, take
from tests.places import open_folder
from tests.services.backup.conftest import PASSPHRASE


@pytest.fixture
def site(database, key):
    with open_folder() as root:
        made = Site(root, database.machine("clinic_backup"))
        set_key(made.kept, key)
        for name in ("usb", "cold"):
            (root / name).mkdir()
            made.kept.add_place(FolderPlace(name=name, folder=root / name, keeps=name == "cold"))
        yield made


def ages(folder) -> list[str]:
    return sorted(file.name for file in folder.glob("clinic-*.age"))


class TestPlaces:
    def test_each_with_its_own_result_and_a_disk_catches_up(self, site, make) -> None:
        away = site.root / "away"
        (site.root / "usb").rename(away)
        outcome = back_up(site)
        assert [(one.place, one.good) for one in outcome.places] == [
            ("usb", False),
            ("cold", True),
        ]
        assert "Plug the disk in" in outcome.places[0].sentence
        make.patient(given="Ben")
        away.rename(site.root / "usb")
        back_up(site, whole=False)
        assert ages(site.root / "usb") == ages(site.root / "cold") == ages(site.chain)
        assert len(ages(site.chain)) == 2
        # A backup is called after its second.
        time.sleep(1.1)
        back_up(site)
        assert len(ages(site.root / "usb")) == 3

    def test_old_ones_go_but_never_from_the_place_that_keeps(self, site) -> None:
        for folder in ("usb", "cold"):
            for month in range(1, 10):
                old = site.root / folder / f"clinic-00000000-20200{month}01T020000Z-full.age"
                old.write_bytes(b"old")
        settings = site.kept.read().model_copy(update={"daily": 1, "weekly": 0, "monthly": 2})
        site.kept.write(settings)
        back_up(site)
        assert len(ages(site.root / "usb")) == 3
        assert len(ages(site.root / "cold")) == 10
        kept = next((site.root / "cold").glob("clinic-*-full.json"))
        assert kept.stat().st_mode & 0o222 == 0

    @pytest.mark.filterwarnings("ignore")  # the storage's library asks for a time without zone
    def test_old_ones_go_but_never_from_the_bucket_that_keeps(self, database, key) -> None:
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        host, port = server.get_host_and_port()
        storage = boto3.client(
            "s3", endpoint_url=f"http://{host}:{port}", region_name="us-east-1",
            aws_access_key_id="a", aws_secret_access_key="b",
        )  # fmt: skip
        try:
            with open_folder() as root:
                site = Site(root, database.machine("clinic_backup"))
                set_key(site.kept, key)
                for name in ("warm", "cold"):
                    storage.create_bucket(Bucket=name)
                    storage.put_bucket_versioning(
                        Bucket=name, VersioningConfiguration={"Status": "Enabled"}
                    )
                    for month in range(1, 10):
                        old = f"clinic-00000000-20200{month}01T020000Z-full.age"
                        storage.put_object(Bucket=name, Key=old, Body=b"old")
                    place = S3Place(
                        name=name, bucket=name, access_key="a", endpoint=f"http://{host}:{port}",
                        keeps=name == "cold",
                    )  # fmt: skip
                    site.kept.add_place(place, secret="b")
                settings = site.kept.read().model_copy(
                    update={"daily": 1, "weekly": 0, "monthly": 2}
                )
                site.kept.write(settings)
                for _night in range(2):
                    assert back_up(site).good
            found = {name: storage.list_object_versions(Bucket=name) for name in ("warm", "cold")}
            assert len(found["warm"]["DeleteMarkers"]) >= 7
            assert "DeleteMarkers" not in found["cold"]
            keys = [one["Key"] for one in found["cold"]["Versions"]]
            assert len(keys) == len(set(keys))
            assert sum(key.endswith("-full.age") for key in keys) == 11
        finally:
            storage.close()
            server.stop()

    def test_passphrase_opens_what_lies_in_a_place(self, site, tmp_path) -> None:
        back_up(site)
        taken = take(
            site.kept.read(), site.kept, "usb", tmp_path, identity=None, passphrase=PASSPHRASE
        )
        assert beside(taken.files[0])[0] == taken.files
        new = "another five words here"
        change_passphrase(site.kept, old=PASSPHRASE, new=new)
        back_up(site)
        # The place that keeps has the key under both: neither was overwritten.
        for place in ("usb", "cold"):
            for words in (PASSPHRASE, new):
                folder = tmp_path / f"{place}-{words}"
                folder.mkdir()
                taken = take(
                    site.kept.read(), site.kept, place, folder, identity=None, passphrase=words
                )
                assert read_chain(taken.files, taken.identities).last.kind == "full"

    def test_a_new_key_begins_with_a_dump(self, site, make, tmp_path) -> None:
        """One key opens a whole chain, also with the same passphrase beside two of them."""
        back_up(site)
        first = site.files()
        other = make_key(PASSPHRASE)
        set_key(site.kept, other, again=True)
        make.patient(given="Ben")
        assert back_up(site, whole=False).name.endswith("-full.age")
        assert first[0] not in site.files()
        assert read_chain(site.files(), [identity_of(other.secret)]).last.kind == "full"
        taken = take(
            site.kept.read(), site.kept, "usb", tmp_path, identity=None, passphrase=PASSPHRASE
        )
        assert len(taken.identities) == 2
        assert read_chain(taken.files, taken.identities).last.kind == "full"

    def test_without_a_key_nothing_is_made(self, database, tmp_path) -> None:
        bare = Site(tmp_path, database.machine("clinic_backup"))
        with pytest.raises(SetupError, match="recovery key"):
            back_up(bare)
        assert last_runs(bare.dsn)["full"][1] is False

    def test_one_at_a_time(self, site) -> None:
        with alone(site.dsn), pytest.raises(Exception, match="being made already"):
            back_up(site)


class TestDrill:
    def test_whole_and_damaged(self, site, make) -> None:
        back_up(site)
        make.patient(given="Ben")
        back_up(site, whole=False)
        assert drill(site).segments == 1
        assert last_runs(site.dsn)["drill"][1] is True
        assert not (site.root / "drill").exists()
        file = site.files()[0]
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(bytes(content))
        with pytest.raises(SetupError, match="damaged"):
            drill(site)
        assert last_runs(site.dsn)["drill"][1] is False


class TestUpgrade:
    def test_keeps_the_newest_dump(self, site) -> None:
        first = before_upgrade(site)
        assert first.is_file()
        assert first.with_name(manifest_name(first.name)).is_file()
        assert OwnerFile(site.root / "secrets" / "before-upgrade").read()


class TestDue:
    NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)

    def due(self, tail_tried=None, *, at=NOW, **runs) -> list[str]:
        settings = BackupSettings(recipient="age1x", places=(FolderPlace(name="a", folder="/a"),))
        found = {kind: (at - timedelta(hours=h), good) for kind, (h, good) in runs.items()}
        return due_of(settings, found, Clock(at, "Europe/Dublin"), tail_tried)

    def test_slept_through_and_failed(self) -> None:
        assert self.due() == ["backup.full"]
        assert self.due(full=(20, True), drill=(19, True)) == ["backup.full"]
        assert self.due(full=(7, True)) == ["backup.drill", "backup.tail"]
        assert self.due(full=(7, True), drill=(6, True)) == ["backup.tail"]
        assert self.due(self.NOW, full=(7, True), drill=(6, True)) == []
        assert self.due(full=(0.2, False)) == []
        assert self.due(full=(0.6, False)) == ["backup.full"]
        assert due_of(BackupSettings(), {}, Clock(self.NOW, "UTC"), None) == []

    def test_beside_the_computer_that_has_the_newest_dump(self) -> None:
        settings = BackupSettings(recipient="age1x", places=(FolderPlace(name="a", folder="/a"),))
        clock = Clock(self.NOW, "Europe/Dublin")

        def found(hours: float, *, good: bool = True, silent: bool = False) -> list[str]:
            runs = {"full": (self.NOW - timedelta(hours=hours), good)}
            return due_elsewhere(settings, runs, clock, silent=silent)

        # Neither its segments nor its drill; the night's dump is anybody's.
        assert found(7) == []
        assert found(20) == ["backup.full"]
        assert found(7, silent=True) == ["backup.full"]
        assert found(0.2, good=False, silent=True) == []


class TestWorker:
    def test_does_what_is_due_and_what_staff_ask_for(self, site, database, sign_in) -> None:
        done: list[str] = []
        tasks = {
            "backup.full": lambda: (done.append("full"), back_up(site)),
            "backup.tail": lambda: done.append("tail"),
            "backup.drill": lambda: done.append("drill"),
        }
        with sign_in("u_admin").writing() as ctx:
            backups.ask(ctx, "backup.full")
            backups.ask(ctx, "backup.full")
        app = make_app(database.machine("clinic_worker"), tasks)
        due = asyncio.run(work(app, Work(app, site), once=True))
        assert "backup.full" in due
        assert done == ["full", "drill"]
        with open_connection(database.superuser()) as connection:
            left = connection.execute("SELECT count(*) FROM jobs.procrastinate_jobs").fetchone()
        assert left == (0,)

    def test_schema_is_the_workers_alone(self, database) -> None:
        with open_connection(database.superuser()) as connection:
            owners = connection.execute(
                "SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class"
                " WHERE relnamespace = 'jobs'::regnamespace"
            ).fetchall()
        assert owners == [("clinic_worker",)]
        with open_connection(database.person("u_admin")) as connection:
            for statement in (
                "SELECT * FROM jobs.procrastinate_jobs",
                "SELECT clinic.note_backup('full', '', now(), true, '', 1, '[]')",
                "DELETE FROM clinic.backup_run",
                "INSERT INTO clinic.backup_run DEFAULT VALUES",
            ):
                with pytest.raises(Exception, match="permission denied"):
                    connection.execute(statement)

    def test_front_desk_may_not_ask(self, sign_in) -> None:
        with sign_in("u_front").writing() as ctx, pytest.raises(NotAllowedError):
            backups.ask(ctx, "backup.full")

    def test_schema_is_known(self, database) -> None:
        assert migrate.known("2026_11_30_backup")
