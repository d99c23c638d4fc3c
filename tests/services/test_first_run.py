"""The first start: what is assumed, the clinic of this computer made once, a server joined."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from clinic_desktop import config
from clinic_desktop.config import ServerProfile, server_profile
from clinic_desktop.db import cluster as db_cluster
from clinic_desktop.db import migrate
from clinic_desktop.db.embedded.accounts import server_account
from clinic_desktop.db.embedded.binaries import Tools
from clinic_desktop.db.embedded.processes import gone
from clinic_desktop.errors import ClinicError, ConflictError, InvalidError, UnreachableError
from clinic_desktop.services.installation import first_run, provision
from clinic_desktop.services.installation.local import LocalInstallation
from clinic_desktop.services.installation.sign_in import Doorkeeper, sign_in
from tests.cluster import PASSWORD
from tests.networks import PROGRAMS, authority, certify, free_port
from tests.places import open_folder

SAO_PAULO = "America/Sao_Paulo"
MAEVE = first_run.FirstPerson(
    name="Maeve Quinn", user_name="maeve", password="seven green herons", language="pt"
)


class TestAssume:
    @pytest.mark.parametrize(
        ("country", "zone", "language", "expected"),
        [
            ("IE", "Europe/Dublin", "en", ("IE", "EUR", "en_IE", "Europe/Dublin", "fdi", "A4")),
            (
                "US", "America/Chicago", "es",
                ("US", "USD", "es_US", "America/Chicago", "universal", "Letter"),
            ),
            ("", SAO_PAULO, "pt", ("BR", "BRL", "pt_BR", SAO_PAULO, "fdi", "A4")),
            ("BR", "", "pt", ("BR", "BRL", "pt_BR", SAO_PAULO, "fdi", "A4")),
            ("ES", "Etc/UTC", "es", ("ES", "EUR", "es_ES", "Europe/Madrid", "fdi", "A4")),
            ("JP", "Asia/Tokyo", "en", ("JP", "JPY", "ja_JP", "Asia/Tokyo", "fdi", "A4")),
            ("", "", "en", ("IE", "EUR", "en_IE", "Europe/Dublin", "fdi", "A4")),
            ("419", "nonsense", "es", ("IE", "EUR", None, "Europe/Dublin", "fdi", "A4")),
        ],
    )  # fmt: skip
    def test_usual_settings_of_a_country(self, country, zone, language, expected) -> None:
        found = first_run.assume(country=country, zone=zone, language=language)
        got = (
            found.country, found.currency, found.locale, found.zone, found.notation, found.paper,
        )  # fmt: skip
        assert got == tuple(e if e is not None else g for e, g in zip(expected, got, strict=True))

    def test_every_country_has_what_the_database_asks(self) -> None:
        for _name, country in first_run.countries("en"):
            found = first_run.assume(country=country, zone="", language="en")
            provision.NewClinic(name="X", **found.model_dump())
            assert found.zone in first_run.zones(country)

    def test_lists_are_in_the_order_of_the_language(self) -> None:
        names = [name for name, _code in first_run.countries("es")]
        assert names.index("Alemania") < names.index("Brasil") < names.index("Zambia")
        assert ("euro (EUR)", "EUR") in first_run.currencies("es")
        assert len(first_run.zones("ZZ")) > 300


class TestInitials:
    @pytest.mark.parametrize(
        ("name", "initials"),
        [
            ("Maeve Quinn", "MQ"), ("Dr Amara Nwosu", "AN"), ("João", "J"),
            ("Ana María de la Cruz", "AC"), ("李 娜", "李娜"), ("Dr", "D"), ("42", "42"), ("", "?"),
        ],
    )  # fmt: skip
    def test_two_letters(self, name, initials) -> None:
        assert first_run.initials_of(name) == initials


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with open_folder() as found:
        yield found


@pytest.fixture(scope="module")
def computer(folder) -> Iterator[LocalInstallation]:
    """This computer's installation, prepared and still without a clinic."""
    place = LocalInstallation(folder / "computer", fast=True)
    told: list[str] = []
    assert first_run.prepare(place, told.append) is False
    assert [sentence.split()[0] for sentence in told] == ["Making", "Making"]
    yield place
    place.leave()


class TestOnThisComputer:
    """In the order in which a person meets it."""

    @pytest.mark.parametrize(
        ("name", "changes", "field"),
        [
            ("  ", {}, "clinic_name"),
            ("x" * 201, {}, "clinic_name"),
            ("Harbour", {"name": " "}, "name"),
            ("Harbour", {"user_name": "maeve quinn"}, "user_name"),
            ("Harbour", {"password": "password1"}, "password"),
            ("Harbour", {"password": "maeve123"}, "password"),
        ],
    )
    def test_refused_at_its_field_and_nothing_made(self, computer, name, changes, field) -> None:
        assumed = first_run.assume(country="IE", zone="", language="en")
        with pytest.raises(InvalidError) as refused:
            first_run.make_first_clinic(
                computer,
                name=name,
                assumed=assumed,
                person=first_run.FirstPerson(**{**MAEVE.model_dump(), **changes}),
                tell=lambda _sentence: None,
            )
        assert refused.value.field == field
        assert not computer.has_clinic()

    def test_made_once_and_signed_in_to(self, computer, folder) -> None:
        assumed = first_run.assume(country="PT", zone="Atlantic/Madeira", language="pt")
        arguments = {
            "name": " Clínica <b>do Mar</b> 🦷 ",
            "assumed": assumed,
            "person": MAEVE,
            "tell": lambda _sentence: None,
        }
        first_run.make_first_clinic(computer, **arguments)
        with pytest.raises(ConflictError):
            first_run.make_first_clinic(computer, **arguments)
        signed_in = sign_in(
            computer,
            Doorkeeper.of(folder),
            user_name="Maeve",
            password=MAEVE.password,
            device="pc-1",
        )
        who = signed_in.who
        signed_in.close()
        assert who.clinic_name == "Clínica <b>do Mar</b> 🦷"
        assert (who.zone, who.locale, who.currency) == ("Atlantic/Madeira", "pt_PT", "EUR")
        assert (who.initials, who.language) == ("MQ", "pt")
        assert who.may("staff.write")

    def test_found_again_at_the_next_start(self, computer, folder) -> None:
        again = LocalInstallation(folder / "computer", fast=True)
        assert first_run.prepare(again, lambda _sentence: None) is True
        again.leave()

    def test_no_secret_in_what_is_remembered(self, computer, folder) -> None:
        first_run.remember(folder, first_run.this_computer())
        first_run.remember(folder, first_run.this_computer())
        assert config.Settings.load(folder).last_profile == "computer"
        assert [one.name for one in config.load_profiles(folder)] == ["computer"]
        for file in folder.glob("*.json"):
            assert MAEVE.password not in file.read_text()


@dataclass(frozen=True)
class Server:
    """A clinic's server with TLS, and the file of who signed its certificate."""

    profile: ServerProfile
    boss: dict[str, str]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Run the PostgreSQL of the system with TLS and a clinic in it."""
    if PROGRAMS is None:
        pytest.skip("the system's PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp(prefix="clinic-join-"))
    tools = Tools(PROGRAMS, server_account(Path("/nowhere/data")))
    data = folder / "data"
    data.mkdir()
    clinic = authority(folder, "clinic")
    certify(clinic, folder, host="localhost")
    for path in (folder, data, folder / "server.key", folder / "server.crt"):
        if tools.account is not None:
            os.chown(path, tools.account.uid, tools.account.gid)
    port = free_port()
    tools.run("initdb", "-D", "data", "-U", "boss", "-A", "trust", "-N", cwd=folder, seconds=60)
    rules = "local all all trust\nhostssl all all all scram-sha-256\n"
    (data / "pg_hba.conf").write_text(rules)
    options = (
        f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} "
        f"-c ssl=on -c ssl_cert_file={folder}/server.crt -c ssl_key_file={folder}/server.key "
        "-c fsync=off -c password_encryption=scram-sha-256"
    )
    tools.run(
        "pg_ctl", "start", "-w", "-D", "data", "-l", "log", "-o", options, cwd=folder, seconds=60
    )
    boss = {"host": str(folder), "port": str(port), "user": "boss", "dbname": "postgres"}
    db_cluster.make_roles(boss)
    db_cluster.make_database(boss, "clinic")
    migrator = {**boss, "user": "clinic_migrator", "dbname": "clinic", "password": ""}
    with psycopg.connect(**boss, autocommit=True) as connection:
        connection.execute("ALTER ROLE clinic_migrator LOGIN")
        connection.execute("CREATE DATABASE empty TEMPLATE template0")
        connection.execute(f"CREATE ROLE u_stranger LOGIN PASSWORD '{PASSWORD}'".encode())
    migrate.upgrade(migrator)
    provision.make_clinic(
        migrator,
        provision.NewClinic(name="Northgate Dental"),
        provision.NewAdmin(name="Otto Hall", initials="OH", login="u_otto", password=PASSWORD),
    )
    profile = server_profile(
        name="localhost",
        host="localhost",
        port=str(port),
        database="clinic",
        root_certificate=str(clinic.file),
    )
    yield Server(profile, boss)
    tools.run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", "data", cwd=folder, seconds=60)
    assert gone(data, seconds=20)
    shutil.rmtree(folder)


class TestJoin:
    def join(self, home: Path, profile: ServerProfile, user_name="otto", password=PASSWORD):
        return first_run.join(
            home, profile, user_name=user_name, password=password, code=None, device="pc-7"
        )

    def test_is_kept_once_it_worked(self, server, tmp_path) -> None:
        first_run.try_address(server.profile)
        signed_in = self.join(tmp_path, server.profile)
        assert signed_in.who.clinic_name == "Northgate Dental"
        signed_in.close()
        assert config.load_profiles(tmp_path) == (server.profile,)
        assert config.Settings.load(tmp_path).last_profile == "localhost"
        assert PASSWORD not in (tmp_path / "profiles.json").read_text()

    def test_nothing_is_kept_when_refused(self, server, tmp_path) -> None:
        tries = [
            (server.profile, "otto", "not this one", "password"),
            (server.profile, "otto", "", "password"),
            (server.profile, "ot to", PASSWORD, "user_name"),
            (server.profile.model_copy(update={"database": "empty"}), "otto", PASSWORD, "database"),
            (server.profile.model_copy(update={"database": "gone"}), "otto", PASSWORD, "database"),
            (server.profile, "stranger", PASSWORD, None),
        ]
        for profile, user_name, password, field in tries:
            with pytest.raises(ClinicError) as refused:
                self.join(tmp_path, profile, user_name, password)
            assert refused.value.field == field, str(refused.value)
            assert not config.load_profiles(tmp_path)

    def test_way_is_tried_without_any_name(self, server) -> None:
        without = server.profile.model_copy(update={"root_certificate": None})
        with pytest.raises(InvalidError) as untrusted:
            first_run.try_address(without)
        assert untrusted.value.field == "root_certificate"
        with pytest.raises(UnreachableError) as nobody:
            first_run.try_address(server.profile.model_copy(update={"port": free_port()}))
        assert nobody.value.field == "port"
